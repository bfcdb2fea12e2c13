//! `prefixItems`, `items` and `additionalItems`: the elements of an array, by their place.

use super::Name;
use crate::schema::check::{ALL, Checker};
use crate::schema::code;
use crate::schema::compile::{Builder, Compiler};
use crate::schema::dialect::Dialect;
use crate::schema::finding::Why;
use crate::schema::node::*;
use crate::tape::{Cursor, Kind};

/// Schemas for the first elements, one each, and one for the rest.
#[derive(Debug)]
pub(in crate::schema) struct Items {
    prefix: Box<[NodeId]>,
    rest: NodeId,
}

/// What has been read of it.
#[derive(Debug, Default)]
pub(in crate::schema) struct Parts {
    prefix: Option<Vec<NodeId>>,
    rest: Option<NodeId>,
    /// Draft-07: counts only behind a list of schemas.
    additional: Option<NodeId>,
}

pub(in crate::schema) fn prefix<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    builder.items.prefix = Some(c.schemas(builder, value));
}

pub(in crate::schema) fn items<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    match (value.kind(), builder.rules.draft) {
        (Kind::Array, Dialect::Draft07) => {
            builder.items.prefix = Some(c.schemas(builder, value));
            if let Some(additional) = builder.items.additional {
                builder.items.rest = Some(additional);
            }
        }
        (Kind::Array, Dialect::Draft202012) => {
            let help = Some("a list of schemas is called \"prefixItems\" since draft 2020-12".to_owned());
            c.note(builder.document, value, code::SCHEMA, "a schema: an object, true or false", help);
        }
        _ => builder.items.rest = Some(c.schema(builder, value)),
    }
}

pub(in crate::schema) fn additional<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    let node = c.schema(builder, value);
    if builder.items.prefix.is_some() {
        builder.items.rest = Some(node);
    }
    builder.items.additional = Some(node);
}

pub(in crate::schema) fn finish(builder: &mut Builder) {
    let Parts { prefix, rest, .. } = std::mem::take(&mut builder.items);
    if prefix.is_some() || rest.is_some() {
        builder.name = Name::Items;
        let items = Items { prefix: prefix.unwrap_or_default().into(), rest: rest.unwrap_or(NONE) };
        builder.demand(ARRAY, Check::Items(Box::new(items)));
    }
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, rule: &Items, at: u32, track: bool) -> bool {
    let mut valid = true;
    for (element, ordinal) in c.elements(at).zip(0..) {
        let node = rule.prefix.get(ordinal as usize).copied().unwrap_or(rule.rest);
        if node == NONE {
            break;
        }
        if !c.element(node, element, ordinal) {
            valid = false;
            if c.trace.is_none() {
                return false;
            }
        }
        if track && (ordinal as usize) < rule.prefix.len() {
            c.scratch.marks.push(ordinal);
        }
    }
    if track && rule.rest != NONE {
        c.scratch.marks.push(ALL);
    }
    valid
}

/// Of elements that are forbidden altogether.
pub(in crate::schema) fn expected(_: &Why<'_>) -> String {
    "no element here".to_owned()
}
