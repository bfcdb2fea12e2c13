//! `dependentRequired`, `dependentSchemas`, and `dependencies`, which was both before draft 2019-09.

use super::Name;
use crate::schema::check::{Checker, Via};
use crate::schema::compile::{Builder, Compiler};
use crate::schema::finding::Why;
use crate::schema::node::*;
use crate::tape::{Cursor, Kind};

/// Where there is a member of that name, others have to be: each name, and where the schema tells it.
#[derive(Debug)]
pub(in crate::schema) struct Names {
    name: Box<[u8]>,
    required: Vec<(Box<[u8]>, u32)>,
}

/// Where there is a member of that name, the object has to fit a schema.
#[derive(Debug)]
pub(in crate::schema) struct Schema {
    name: Box<[u8]>,
    pub(in crate::schema) node: NodeId,
}

pub(in crate::schema) fn required<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    let members = c.members(builder, value, "an object whose members are arrays of names");
    let rules = members.into_iter().map(|(key, member)| names(c, builder, key, member)).collect();
    builder.demand(OBJECT, Check::DependentRequired(rules));
}

pub(in crate::schema) fn schemas<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    let members = c.members(builder, value, "an object whose members are schemas");
    let rules = members.into_iter().map(|(key, member)| schema(c, builder, key, member)).collect();
    builder.demand(OBJECT, Check::DependentSchemas(rules));
}

pub(in crate::schema) fn dependencies<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    let (mut required, mut schemas) = (Vec::new(), Vec::new());
    for (key, member) in c.members(builder, value, "an object whose members are schemas or arrays of names") {
        match member.kind() {
            Kind::Array => required.push(names(c, builder, key, member)),
            _ => schemas.push(schema(c, builder, key, member)),
        }
    }
    if !required.is_empty() {
        builder.demand(OBJECT, Check::DependentRequired(required.into()));
    }
    if !schemas.is_empty() {
        builder.demand(OBJECT, Check::DependentSchemas(schemas.into()));
    }
}

fn names<'a>(c: &mut Compiler<'a>, builder: &Builder, key: Cursor<'a>, value: Cursor<'a>) -> Names {
    c.names.push(key.text().into());
    Names { name: key.text().into(), required: c.strings(builder, value) }
}

fn schema<'a>(c: &mut Compiler<'a>, builder: &Builder, key: Cursor<'a>, value: Cursor<'a>) -> Schema {
    c.names.push(key.text().into());
    Schema { name: key.text().into(), node: c.schema(builder, value) }
}

#[inline(never)]
pub(in crate::schema) fn check_required(c: &mut Checker<'_>, rules: &[Names], name: Name, object: u32) -> bool {
    let mut valid = true;
    for rule in rules {
        if !has(c, object, &rule.name) {
            continue;
        }
        for (required, entry) in &rule.required {
            if !has(c, object, required) {
                valid = c.fail(name, object, *entry);
                if c.trace.is_none() {
                    return false;
                }
            }
        }
    }
    valid
}

#[inline(never)]
pub(in crate::schema) fn check_schemas(c: &mut Checker<'_>, rules: &[Schema], object: u32, track: bool) -> bool {
    let mut valid = true;
    for rule in rules {
        if has(c, object, &rule.name) {
            valid &= c.value(rule.node, object, Via::Below, track);
            if !valid && c.trace.is_none() {
                return false;
            }
        }
    }
    valid
}

fn has(c: &mut Checker<'_>, object: u32, name: &[u8]) -> bool {
    let entries = u64::from(c.next(object) - object);
    c.spend(entries / 16) && c.key(object, name).is_some()
}

/// The detail is the entry of the name that is missing.
pub(in crate::schema) fn expected_member(why: &Why<'_>) -> String {
    match why.detail {
        0 => expected(why),
        _ => "the member ".to_owned() + &why.detail_raw() + ", which another one asks for",
    }
}

/// Of members that nothing can stand beside.
pub(in crate::schema) fn expected(_: &Why<'_>) -> String {
    "no such member".to_owned()
}
