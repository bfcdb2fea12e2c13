//! `dependentRequired`, `dependentSchemas`, and `dependencies`, which was both before draft 2019-09.

use crate::schema::check::{Checker, Via};
use crate::schema::node::*;

#[inline(never)]
pub(in crate::schema) fn check_required(c: &mut Checker<'_>, keyword: &Keyword, object: u32) -> bool {
    let schema = c.schema;
    let (mut valid, mut last, mut is_there) = (true, NONE, false);
    for rule in schema.run(keyword.a, keyword.b).chunks_exact(3) {
        if last != rule[0] {
            (last, is_there) = (rule[0], has(c, object, schema.word(rule[0])));
        }
        if is_there && !has(c, object, rule[1]) {
            valid = c.fail(keyword.name, object, rule[2]);
            if c.trace.is_none() {
                return false;
            }
        }
    }
    valid
}

#[inline(never)]
pub(in crate::schema) fn check_schemas(c: &mut Checker<'_>, rules: &[u32], object: u32, track: bool) -> bool {
    let mut valid = true;
    for rule in rules.chunks_exact(2) {
        if has(c, object, rule[0]) {
            valid &= c.value(rule[1], object, Via::Below, track);
            if !valid && c.trace.is_none() {
                return false;
            }
        }
    }
    valid
}

/// Whether an object has a member of that name.
#[inline(never)]
fn has(c: &mut Checker<'_>, object: u32, name: u32) -> bool {
    let entries = u64::from(c.view.next(object) - object);
    let mut values = c.view.below(object);
    c.spend(entries / 16) && values.any(|value| c.find(value - 1) == Some(name))
}
