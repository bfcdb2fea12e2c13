//! `pattern`: a regular expression somewhere in a string.

use super::Name;
use crate::pattern::Pattern;
use crate::schema::check::Checker;
use crate::schema::code;
use crate::schema::compile::{Builder, Compiler};
use crate::schema::finding::{Why, cut};
use crate::schema::node::*;
use crate::tape::Cursor;

pub(in crate::schema) fn compile<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    let text = c.text(builder, value, "a regular expression");
    if let Some(pattern) = text.and_then(|text| read(c, builder, value, &text)) {
        builder.demand(STRING, Check::Pattern(Box::new(pattern)));
    }
}

/// The pattern that a string or key says.
pub(super) fn read<'a>(c: &mut Compiler<'a>, builder: &Builder, value: Cursor<'a>, text: &str) -> Option<Pattern> {
    match Pattern::new(text) {
        Ok(pattern) => Some(pattern),
        Err(error) => {
            c.note_inside(builder, value, error.at, code::PATTERN, error.expected);
            None
        }
    }
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, rule: &Pattern, at: u32) -> bool {
    c.spend_on(at) && (c.with_string(at, |text| rule.is_match(text)) || c.fail(Name::Pattern, at, 0))
}

pub(in crate::schema) fn expected(why: &Why<'_>) -> String {
    "a string that matches ".to_owned() + &cut(&why.raw())
}
