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
                if anchor != NONE {
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
    let names = &c.registry.names;
    // Schemas in the arena with an anchor, by its name.
    let mut anchors: Vec<u32> = Vec::new();
    for (named, number) in names.iter().zip(0..) {
        if named.resource != NONE && c.number(named.document, named.at) != NONE {
            anchors.push(number);
        }
    }
    sort(&mut anchors, &mut |a, b| {
        let (a, b) = (&names[a as usize], &names[b as usize]);
        a.anchor().cmp(b.anchor()).then(a.resource.cmp(&b.resource))
    });
    // Each anchor's run of those of its name.
    let mut runs = vec![(0, 0); names.len()];
    for same in anchors.chunk_by(|a, b| names[*a as usize].anchor() == names[*b as usize].anchor()) {
        let start = c.end();
        for anchor in same {
            let Named { resource, document, at, .. } = names[*anchor as usize];
            let node = c.number(document, at);
            c.compiled.words.extend([resource, node]);
            runs[*anchor as usize] = (start, start + 2 * same.len() as u32);
        }
    }
    for (anchor, words) in std::mem::take(&mut c.dynamic) {
        let (from, to) = runs[anchor as usize];
        if to - from > 2 {
            c.compiled.words[words as usize..words as usize + 2].copy_from_slice(&[from, to]);
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
