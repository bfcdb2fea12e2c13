//! `prefixItems`, `items` and `additionalItems`: the elements of an array, by their place.

use super::Name;
use crate::schema::check::{ALL, Checker};
use crate::schema::compile::Compiler;
use crate::schema::node::*;

pub(in crate::schema) fn finish(c: &mut Compiler<'_>) {
    let (items, mut prefix) = (c.operands(Name::Items), c.operands(Name::PrefixItems));
    let mut rest = items.0;
    if items.1 != 0 && c.has(Name::Items) {
        // Draft-07: a list of schemas, and one for what is behind it.
        (prefix, rest) = (items, c.operands(Name::AdditionalItems).0);
    }
    if rest != NONE || prefix.0 != NONE {
        let start = c.end();
        c.compiled.words.push(rest);
        if prefix.0 != NONE {
            c.compiled.words.extend_from_within(prefix.0 as usize..prefix.1 as usize);
        }
        c.demand(ARRAY, Name::Items, (start, c.end()));
    }
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, rule: &[u32], at: u32, track: bool) -> bool {
    let Some((&rest, prefix)) = rule.split_first() else { return true };
    let mut valid = true;
    for (element, ordinal) in c.view.below(at).zip(0..) {
        let node = prefix.get(ordinal as usize).copied().unwrap_or(rest);
        if node == NONE {
            break;
        }
        if !c.element(node, element, ordinal) {
            valid = false;
            if c.trace.is_none() {
                return false;
            }
        }
        if track && (ordinal as usize) < prefix.len() {
            c.scratch.marks.push(ordinal);
        }
    }
    if track && rest != NONE {
        c.scratch.marks.push(ALL);
    }
    valid
}
