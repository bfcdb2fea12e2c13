//! `minimum`, `maximum`, `exclusiveMinimum` and `exclusiveMaximum`.

use std::cmp::Ordering;

use super::Name;
use crate::schema::check::Checker;
use crate::schema::compile::{Builder, Compiler};
use crate::schema::finding::Why;
use crate::schema::node::*;
use crate::tape::{Cursor, Kind, number};

/// A number that others are compared with.
#[derive(Debug)]
pub(in crate::schema) struct Bound {
    text: Box<[u8]>,
    small: Option<i64>,
}

pub(in crate::schema) fn compile<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    if value.kind() != Kind::Number {
        c.wrong(builder, value, "a number");
        return;
    }
    let bound = Bound { text: value.raw().into(), small: number::small(value.raw()) };
    builder.demand(NUMBER, Check::Bound(Box::new(bound)));
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, rule: &Bound, name: Name, at: u32) -> bool {
    let raw = c.raw(at);
    let order = match rule.small.and_then(|small| number::compare_small(raw, small)) {
        Some(order) => order,
        None if c.spend_on(at) => number::compare(raw, &rule.text),
        None => return false,
    };
    let within = match name {
        Name::Minimum => order != Ordering::Less,
        Name::Maximum => order != Ordering::Greater,
        Name::ExclusiveMinimum => order == Ordering::Greater,
        _ => order == Ordering::Less,
    };
    within || c.fail(name, at, 0)
}

pub(in crate::schema) fn expected(why: &Why<'_>) -> String {
    let words = match why.name {
        Name::Minimum => "a number of at least ",
        Name::Maximum => "a number of at most ",
        Name::ExclusiveMinimum => "a number above ",
        _ => "a number below ",
    };
    words.to_owned() + &why.raw()
}
