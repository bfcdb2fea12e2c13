//! `$ref` and `$dynamicRef`.

use super::Name;
use crate::document::nearest;
use crate::schema::check::{Checker, Via};
use crate::schema::code;
use crate::schema::compile::Compiler;
use crate::schema::dialect::METASCHEMAS;
use crate::schema::finding::{MOST_NEAR, mend, near};
use crate::schema::node::*;
use crate::schema::registry::{Lost, Named};
use crate::schema::view::sort;

pub(in crate::schema) fn read(c: &mut Compiler<'_>, name: Name, value: u32) -> Option<(u32, u32)> {
    let registry = c.registry;
    match registry.resolve(c.resource, &c.view.words(value)) {
        Ok((document, at, anchor)) => {
            let node = c.node(document, at);
            let words = c.end();
            if name == Name::DynamicRef {
                // A run of nothing, unless `settle` finds where else it may lead.
                c.compiled.words.extend([0, 0]);
                if !anchor.is_empty() {
                    c.dynamic.push((anchor, words));
                }
            }
            Some((node, words))
        }
        Err(lost) => {
            if let Some((_, draft, _)) = METASCHEMAS.iter().find(|(uri, ..)| *uri == lost.uri) {
                c.wanted = Some(*draft);
            }
            let help = if c.may_mend(40) { help(c, lost) } else { String::new() };
            c.note(value, code::REFERENCE, "a reference to a schema at hand", &help);
            None
        }
    }
}

/// What may have been meant by a reference.
fn help(c: &Compiler<'_>, lost: Lost) -> String {
    if let Some((document, at, name)) = lost.inside {
        return near(&c.registry.view(document), at, &name, &|_| true).map(|near| mend(&near)).unwrap_or_default();
    }
    let known = c.registry.names.iter().take(MOST_NEAR).map(|named| named.uri.as_str());
    match nearest(&lost.uri, known.filter(|known| !known.is_empty())) {
        Some(near) => mend(near),
        None if lost.uri.contains('#') => String::new(),
        None => "register it as a remote".to_owned(),
    }
}

/// Tells every `$dynamicRef` where it may lead (2020-12 core, section 8.2.3.2), now that all schemas are there.
pub(in crate::schema) fn settle(c: &mut Compiler<'_>) {
    let named = |number: u32| -> &Named { &c.registry.names[number as usize] };
    // Schemas in the arena with an anchor, by its name.
    let mut anchors: Vec<u32> = (0..c.registry.names.len() as u32).collect();
    anchors.retain(|number| {
        let Named { resource, document, at, .. } = named(*number);
        *resource != NONE && c.number(*document, *at) != NONE
    });
    sort(&mut anchors, &mut |a, b| {
        let (a, b) = (named(a), named(b));
        a.anchor().cmp(b.anchor()).then(a.resource.cmp(&b.resource))
    });
    let start = c.end();
    for number in &anchors {
        let Named { resource, document, at, .. } = c.registry.names[*number as usize];
        c.compiled.words.extend([resource, c.number(document, at)]);
    }
    for (name, words) in std::mem::take(&mut c.dynamic) {
        let named = |number: &u32| c.registry.names[*number as usize].anchor();
        let from = anchors.partition_point(|number| named(number) < name.as_str()) as u32;
        let to = anchors.partition_point(|number| named(number) <= name.as_str()) as u32;
        if to - from > 1 {
            c.compiled.words[words as usize] = start + 2 * from;
            c.compiled.words[words as usize + 1] = start + 2 * to;
            c.compiled.dynamic = true;
        }
    }
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, keyword: &Keyword, at: u32, track: bool) -> bool {
    let schema = c.schema;
    let (targets, _) = schema.run(schema.word(keyword.b), schema.word(keyword.b + 1)).as_chunks::<2>();
    let mut node = keyword.a;
    if !targets.is_empty() {
        let steps = c.scratch.scope.len() as u64;
        c.spend(steps / 8);
        for resource in &c.scratch.scope {
            if let Ok(found) = targets.binary_search_by_key(resource, |target| target[0]) {
                node = targets[found][1]; // the outermost counts
                break;
            }
        }
    }
    c.value(node, at, Via::DynamicRef, track)
}
