//! `unevaluatedItems` and `unevaluatedProperties`: for what no keyword beside them, or in place below, has evaluated.

use super::properties::expected_known;
use crate::schema::check::{ALL, Checker};
use crate::schema::compile::{Builder, Compiler};
use crate::schema::finding::Why;
use crate::schema::node::*;
use crate::tape::Cursor;

pub(in crate::schema) fn items<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    let node = c.schema(builder, value);
    builder.unevaluated = true;
    builder.demand(ARRAY, Check::UnevaluatedItems(node));
}

pub(in crate::schema) fn properties<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    let node = c.schema(builder, value);
    builder.unevaluated = true;
    builder.demand(OBJECT, Check::UnevaluatedProperties(node));
}

#[inline(never)]
pub(in crate::schema) fn check_items(c: &mut Checker<'_>, node: NodeId, at: u32, first_mark: usize) -> bool {
    let evaluated = evaluated(c, first_mark);
    let mut valid = true;
    for (element, ordinal) in c.elements(at).zip(0..) {
        if !evaluated.has(ordinal) {
            valid &= c.element(node, element, ordinal);
            if !valid && c.trace.is_none() {
                return false;
            }
        }
    }
    c.scratch.marks.push(ALL);
    valid
}

#[inline(never)]
pub(in crate::schema) fn check_properties(c: &mut Checker<'_>, node: NodeId, at: u32, first_mark: usize) -> bool {
    let evaluated = evaluated(c, first_mark);
    let mut valid = true;
    for (key, ordinal) in c.keys(at).zip(0..) {
        if !evaluated.has(ordinal) {
            valid &= c.member(node, at, key + 1);
            if !valid && c.trace.is_none() {
                return false;
            }
        }
    }
    c.scratch.marks.push(ALL);
    valid
}

/// The members or elements that have been evaluated.
struct Evaluated {
    all: bool,
    /// A bit for each.
    some: Vec<u64>,
}

impl Evaluated {
    fn has(&self, ordinal: u32) -> bool {
        let word = self.some.get(ordinal as usize / 64).copied().unwrap_or_default();
        self.all || word >> (ordinal % 64) & 1 == 1
    }
}

fn evaluated(c: &mut Checker<'_>, first_mark: usize) -> Evaluated {
    let marks = c.scratch.marks.get(first_mark..).unwrap_or_default();
    let mut evaluated = Evaluated { all: marks.contains(&ALL), some: Vec::new() };
    if !evaluated.all {
        let words = marks.iter().max().map_or(0, |last| *last as usize / 64 + 1);
        evaluated.some.resize(words, 0);
        for mark in marks {
            evaluated.some[*mark as usize / 64] |= 1 << (mark % 64);
        }
    }
    let steps = marks.len() as u64 / 16;
    c.spend(steps);
    evaluated
}

pub(in crate::schema) fn expected_items(_: &Why<'_>) -> String {
    "no element that no other keyword has evaluated".to_owned()
}

pub(in crate::schema) fn expected_properties(why: &Why<'_>) -> String {
    match why.siblings().is_empty() {
        true => "no member that no other keyword has evaluated".to_owned(),
        false => expected_known(why),
    }
}
