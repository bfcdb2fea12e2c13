//! `minItems`, `maxItems`, `minProperties` and `maxProperties`.

use super::Name;
use crate::schema::check::Checker;
use crate::schema::compile::{Builder, Compiler};
use crate::schema::finding::{Why, plural};
use crate::schema::node::*;
use crate::tape::{Cursor, Kind};

pub(in crate::schema) fn compile<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    let Some(count) = c.count(builder, value) else { return };
    let (kinds, check) = match builder.name {
        Name::MinItems => (ARRAY, Check::MinItems(count)),
        Name::MaxItems => (ARRAY, Check::MaxItems(count)),
        Name::MinProperties => (OBJECT, Check::MinProperties(count)),
        _ => (OBJECT, Check::MaxProperties(count)),
    };
    builder.demand(kinds, check);
}

#[inline(never)]
pub(in crate::schema) fn at_least(c: &mut Checker<'_>, least: u64, name: Name, at: u32) -> bool {
    least == 0 || !is_less(c, at, least) || c.fail(name, at, 0)
}

#[inline(never)]
pub(in crate::schema) fn at_most(c: &mut Checker<'_>, most: u64, name: Name, at: u32) -> bool {
    most == u64::MAX || is_less(c, at, most + 1) || c.fail(name, at, 0)
}

/// Whether there are fewer members or elements than so many.
fn is_less(c: &mut Checker<'_>, at: u32, than: u64) -> bool {
    let limit = usize::try_from(than).unwrap_or(usize::MAX);
    if c.kind(at) == Kind::Array {
        return c.elements(at).take(limit).count() < limit;
    }
    // Members of the same name are one. Whoever has one member has one name.
    let members = c.keys(at).take(limit).count();
    members < limit || (limit > 1 && names(c, at) < limit)
}

fn names(c: &mut Checker<'_>, at: u32) -> usize {
    if !c.spend_on_value(at) {
        return 0;
    }
    let mut names: Vec<_> = c.keys(at).filter_map(|key| Some(c.cursor(key)?.text())).collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}

pub(in crate::schema) fn expected(why: &Why<'_>) -> String {
    let (words, (one, many)) = match why.name {
        Name::MinItems => ("at least ", ("element", "elements")),
        Name::MaxItems => ("at most ", ("element", "elements")),
        Name::MinProperties => ("at least ", ("member", "members")),
        _ => ("at most ", ("member", "members")),
    };
    words.to_owned() + &plural(&why.raw(), one, many)
}
