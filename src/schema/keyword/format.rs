//! `format`: an annotation, and an assertion where the options or a vocabulary say so.

use super::Name;
use crate::format::Format;
use crate::schema::check::Checker;
use crate::schema::compile::{Builder, Compiler};
use crate::schema::finding::Why;
use crate::schema::node::*;
use crate::tape::Cursor;

pub(in crate::schema) fn compile<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    let Some(name) = c.text(builder, value, "the name of a format") else { return };
    builder.annotations.push(Name::Format);
    if (c.options.assert_formats || builder.rules.assert_formats)
        && let Some(format) = Format::named(&name)
    {
        builder.demand(STRING, Check::Format(format));
    }
}

pub(in crate::schema) fn check(c: &mut Checker<'_>, rule: Format, at: u32) -> bool {
    let holds = |text: &[u8]| std::str::from_utf8(text).is_ok_and(|text| rule.holds(text));
    c.spend_on(at) && (c.with_string(at, holds) || c.fail(Name::Format, at, 0))
}

pub(in crate::schema) fn expected(why: &Why<'_>) -> String {
    "a string of the format ".to_owned() + &why.raw()
}
