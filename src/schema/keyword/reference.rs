//! `$ref` and `$dynamicRef`.

use crate::schema::check::{Checker, Via};
use crate::schema::code;
use crate::schema::compile::{Builder, Compiler};
use crate::schema::finding::Why;
use crate::schema::node::*;
use crate::schema::registry::Target;
use crate::tape::Cursor;

/// A reference whose target depends on the way that led to it (2020-12 core, section 8.2.3.2).
#[derive(Debug)]
pub(in crate::schema) struct Dynamic {
    /// The `$dynamicAnchor` it looks for; empty if it leads to none, and so is like `$ref`.
    name: String,
    /// Where it leads if nothing on the way has that anchor.
    pub(in crate::schema) fixed: NodeId,
    /// Where it leads from each resource that has the anchor, by resource; empty if there is but one.
    pub(in crate::schema) targets: Vec<(u32, NodeId)>,
}

pub(in crate::schema) fn fixed<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    if let Some((_, node)) = target(c, builder, value) {
        builder.demand(ANY, Check::Ref(node));
    }
}

pub(in crate::schema) fn dynamic<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    if let Some((target, fixed)) = target(c, builder, value) {
        c.dynamic.extend(target.dynamic.clone());
        let dynamic = Dynamic { name: target.dynamic.unwrap_or_default(), fixed, targets: Vec::new() };
        builder.demand(ANY, Check::DynamicRef(Box::new(dynamic)));
    }
}

fn target<'a>(c: &mut Compiler<'a>, builder: &Builder, value: Cursor<'a>) -> Option<(Target, NodeId)> {
    let reference = c.text(builder, value, "a reference: a URI, relative or not")?;
    let registry = c.registry;
    match registry.resolve(builder.resource, &reference) {
        Ok(target) => {
            let schema = registry.cursor(target.document, target.at)?;
            let node = c.node(target.document, schema);
            Some((target, node))
        }
        Err(help) => {
            c.note(builder.document, value, code::REFERENCE, "a reference to a schema at hand", help);
            None
        }
    }
}

/// Tells every `$dynamicRef` where it may lead, once that is known: resource, schema and name, ascending by resource.
pub(in crate::schema) fn settle(compiled: &mut Compiled, targets: &[(u32, NodeId, String)]) {
    for keyword in &mut compiled.keywords {
        let Check::DynamicRef(dynamic) = &mut keyword.check else { continue };
        let of_name = targets.iter().filter(|(.., name)| *name == dynamic.name);
        let found: Vec<(u32, NodeId)> = of_name.map(|(resource, node, _)| (*resource, *node)).collect();
        if found.len() > 1 {
            dynamic.targets = found;
            compiled.dynamic = true;
        }
    }
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, rule: &Dynamic, at: u32, track: bool) -> bool {
    let mut node = rule.fixed;
    if !rule.targets.is_empty() {
        let scope = &c.scratch.scope;
        let steps = scope.len() as u64;
        let find = |resource: &u32| rule.targets.binary_search_by_key(resource, |target| target.0).ok();
        if let Some(outermost) = scope.iter().find_map(find).and_then(|found| rule.targets.get(found)) {
            node = outermost.1;
        }
        c.spend(steps / 8);
    }
    c.value(node, at, Via::DynamicRef, track)
}

pub(in crate::schema) fn expected(_: &Why<'_>) -> String {
    "nothing here: no value is valid".to_owned()
}
