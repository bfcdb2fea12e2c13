//! `minimum`, `maximum`, `exclusiveMinimum` and `exclusiveMaximum`.

use std::cmp::Ordering;

use super::Name;
use crate::schema::check::Checker;
use crate::schema::compile::Compiler;
use crate::schema::node::*;
use crate::tape::number;

/// A number that others are compared with.
#[derive(Clone, Copy, Debug)]
pub(in crate::schema) struct Bound {
    small: Option<i64>,
    /// Where the schema tells it.
    document: u32,
    at: u32,
}

pub(in crate::schema) fn read(c: &mut Compiler<'_>, value: u32) -> u32 {
    let small = number::small(c.view.raw(value));
    c.compiled.bounds.push(Bound { small, document: c.document, at: value });
    c.compiled.bounds.len() as u32 - 1
}

/// Whether all that is demanded is fulfilled by what has no sign.
pub(in crate::schema) fn is_at_most_zero(compiled: &Compiled, keyword: &Keyword) -> bool {
    let bound = compiled.bounds.get(keyword.a as usize).filter(|_| keyword.name == Name::Minimum);
    bound.and_then(|bound| bound.small).is_some_and(|small| small <= 0)
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, keyword: &Keyword, at: u32) -> bool {
    let Some(bound) = c.schema.bounds.get(keyword.a as usize) else { return true };
    let raw = c.view.raw(at);
    if keyword.name == Name::Minimum && bound.small == Some(0) && raw.first() != Some(&b'-') {
        return true; // what most bounds ask
    }
    let order = match bound.small.and_then(|small| number::compare_small(raw, small)) {
        Some(order) => order,
        None if c.spend_on(at) => number::compare(raw, c.schema.view(bound.document).raw(bound.at)),
        None => return false,
    };
    let within = match keyword.name {
        Name::Minimum => order != Ordering::Less,
        Name::Maximum => order != Ordering::Greater,
        Name::ExclusiveMinimum => order == Ordering::Greater,
        _ => order == Ordering::Less,
    };
    within || c.fail(keyword.name, at, 0)
}
