//! `const` and `enum`: a value that is one of some, by value.

use super::Name;
use crate::schema::canonical;
use crate::schema::check::Checker;
use crate::schema::compile::{Builder, Compiler};
use crate::schema::finding::{Why, cut};
use crate::schema::names::Names;
use crate::schema::node::*;
use crate::tape::{Cursor, Kind};

/// Some values. Of `null`, `true` and `false` the kind says all.
#[derive(Debug, Default)]
pub(in crate::schema) struct Values {
    kinds: Kinds,
    /// What strings say.
    strings: Names,
    /// The canonical bytes of numbers, arrays and objects, ascending.
    others: Vec<Box<[u8]>>,
}

pub(in crate::schema) fn constant<'a>(_: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    builder.demand(ANY, Check::Values(Box::new(Values::new([value].into_iter()))));
}

pub(in crate::schema) fn enumeration<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    if value.kind() != Kind::Array {
        c.wrong(builder, value, "an array of the values that are allowed");
        return;
    }
    let values = Values::new(value.children().map(|(_, element)| element));
    builder.demand(ANY, Check::Values(Box::new(values)));
}

impl Values {
    fn new<'a>(all: impl Iterator<Item = Cursor<'a>>) -> Values {
        let mut values = Values::default();
        let mut strings: Vec<Box<[u8]>> = Vec::new();
        for value in all {
            match value.kind() {
                Kind::Null | Kind::True | Kind::False => values.kinds |= bit(value.kind()),
                Kind::String | Kind::Key => {
                    values.kinds |= STRING;
                    strings.push(value.text().into());
                }
                kind => {
                    values.kinds |= bit(kind);
                    let mut bytes = Vec::new();
                    canonical::append(value, &mut bytes);
                    values.others.push(bytes.into());
                }
            }
        }
        strings.sort_unstable();
        strings.dedup();
        values.strings = Names::new(strings);
        values.others.sort_unstable();
        values
    }
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, rule: &Values, name: Name, at: u32) -> bool {
    let kind = c.kind(at);
    let found = rule.kinds & bit(kind) != 0
        && match kind {
            Kind::Null | Kind::True | Kind::False => true,
            Kind::String | Kind::Key => c.find(&rule.strings, at).is_some(),
            _ => is_among(c, rule, at),
        };
    found || c.fail(name, at, 0)
}

#[inline(never)]
fn is_among(c: &mut Checker<'_>, rule: &Values, at: u32) -> bool {
    if !c.spend_on_value(at) {
        return false;
    }
    let mut bytes = Vec::new();
    if let Some(value) = c.cursor(at) {
        canonical::append(value, &mut bytes);
    }
    rule.others.binary_search_by(|known| (**known).cmp(&bytes)).is_ok()
}

pub(in crate::schema) fn expected(why: &Why<'_>) -> String {
    const MOST: usize = 10;
    let raw = |value: Cursor<'_>| cut(&String::from_utf8_lossy(value.raw()));
    let Some(value) = why.value else { return String::new() };
    if why.name == Name::Const {
        return raw(value);
    }
    let values: Vec<String> = value.children().take(MOST).map(|(_, value)| raw(value)).collect();
    let all = value.children().count();
    match all {
        0 => "nothing: no value is allowed".to_owned(),
        1 => values.concat(),
        2..=MOST => format!("one of {}", values.join(", ")),
        _ => format!("one of {}, … ({all} in all)", values.join(", ")),
    }
}
