//! `uniqueItems`: no two elements are equal by value.

use super::Name;
use crate::schema::canonical;
use crate::schema::check::Checker;
use crate::schema::compile::{Builder, Compiler};
use crate::schema::finding::Why;
use crate::schema::node::*;
use crate::tape::{Cursor, Kind};

pub(in crate::schema) fn compile<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    match value.kind() {
        Kind::True => builder.demand(ARRAY, Check::UniqueItems),
        Kind::False => {}
        _ => c.wrong(builder, value, "true or false"),
    }
}

/// Sorted by their canonical bytes, equals are neighbours.
#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, at: u32) -> bool {
    if !c.spend_on_value(at) {
        return false;
    }
    let mut bytes = Vec::new();
    let mut spans = Vec::new();
    for element in c.elements(at).filter_map(|element| c.cursor(element)) {
        let start = bytes.len();
        canonical::append(element, &mut bytes);
        spans.push((start, bytes.len()));
    }
    let text = |span: &(usize, usize)| bytes.get(span.0..span.1).unwrap_or_default();
    spans.sort_unstable_by(|a, b| text(a).cmp(text(b)));
    let unique = spans.windows(2).all(|pair| text(&pair[0]) != text(&pair[1]));
    unique || c.fail(Name::UniqueItems, at, 0)
}

pub(in crate::schema) fn expected(_: &Why<'_>) -> String {
    "elements that all differ".to_owned()
}
