//! `contains`, with `minContains` and `maxContains`.

use super::Name;
use crate::schema::check::Checker;
use crate::schema::compile::{Builder, Compiler};
use crate::schema::finding::{Why, plural};
use crate::schema::node::*;
use crate::tape::Cursor;

/// How many elements have to fit a schema.
#[derive(Debug)]
pub(in crate::schema) struct Contains {
    node: NodeId,
    /// One, if the schema does not say.
    least: Option<u64>,
    most: Option<u64>,
}

/// What has been read of it.
#[derive(Debug, Default)]
pub(in crate::schema) struct Parts {
    node: Option<NodeId>,
    least: Option<u64>,
    most: Option<u64>,
}

pub(in crate::schema) fn compile<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    builder.contains.node = Some(c.schema(builder, value));
}

pub(in crate::schema) fn least<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    builder.contains.least = c.count(builder, value);
}

pub(in crate::schema) fn most<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    builder.contains.most = c.count(builder, value);
}

pub(in crate::schema) fn finish(builder: &mut Builder) {
    let Parts { node, least, most } = std::mem::take(&mut builder.contains);
    if let Some(node) = node {
        builder.name = Name::Contains;
        builder.demand(ARRAY, Check::Contains(Box::new(Contains { node, least, most })));
    }
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, rule: &Contains, at: u32, track: bool) -> bool {
    let group = c.open_group(Name::Contains, at);
    let (least, most) = (rule.least.unwrap_or(1), rule.most.unwrap_or(u64::MAX));
    let mut fitting = 0;
    for (element, ordinal) in c.elements(at).zip(0..) {
        if c.element(rule.node, element, ordinal) {
            fitting += 1;
            if track {
                c.scratch.marks.push(ordinal);
            } else if c.trace.is_none() && fitting >= least && (most == u64::MAX || fitting > most) {
                break;
            }
        }
    }
    let name = match (fitting < least, rule.least) {
        (true, None) => Name::Contains,
        (true, Some(_)) => Name::MinContains,
        (false, _) => Name::MaxContains,
    };
    let valid = (least..=most).contains(&fitting);
    c.close_group(group, valid, name, 0);
    valid
}

pub(in crate::schema) fn expected(_: &Why<'_>) -> String {
    "at least 1 element that fits the schema".to_owned()
}

pub(in crate::schema) fn expected_count(why: &Why<'_>) -> String {
    let words = if why.name == Name::MinContains { "at least " } else { "at most " };
    words.to_owned() + &plural(&why.raw(), "element that fits", "elements that fit") + " the schema of contains"
}
