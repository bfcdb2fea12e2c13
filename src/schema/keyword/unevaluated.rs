//! `unevaluatedItems` and `unevaluatedProperties`: for what no keyword beside them, or in place below, has evaluated.

use crate::schema::check::{ALL, Checker};
use crate::schema::node::*;
use crate::tape::Kind;

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, node: NodeId, at: u32, first_mark: usize) -> bool {
    let is_object = c.view.kind(at) == Kind::Object;
    let evaluated = evaluated(c, first_mark);
    let mut valid = true;
    for (value, ordinal) in c.view.below(at).zip(0..) {
        let is_marked = evaluated.get(ordinal as usize / 64).is_some_and(|word| word >> (ordinal % 64) & 1 == 1);
        if is_marked || c.scratch.marks.get(first_mark) == Some(&ALL) {
            continue;
        }
        valid &= if is_object { c.member(node, at, value) } else { c.element(node, value, ordinal) };
        if !valid && c.trace.is_none() {
            return false;
        }
    }
    c.scratch.marks.truncate(first_mark);
    c.scratch.marks.push(ALL);
    valid
}

/// The members or elements that have been evaluated, a bit for each; where all have, that is the first mark from now on.
fn evaluated(c: &mut Checker<'_>, first_mark: usize) -> Vec<u64> {
    let mut evaluated: Vec<u64> = Vec::new();
    let steps = c.scratch.marks.len() - first_mark;
    for place in first_mark..c.scratch.marks.len() {
        let mark = c.scratch.marks[place];
        if mark == ALL {
            c.scratch.marks[first_mark] = ALL;
            break;
        }
        let word = mark as usize / 64;
        if evaluated.len() <= word {
            evaluated.resize(word + 1, 0);
        }
        evaluated[word] |= 1 << (mark % 64);
    }
    c.spend(steps as u64 / 16);
    evaluated
}
