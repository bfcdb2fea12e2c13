//! `format`: an annotation, and an assertion where the options or a vocabulary say so.

use super::Name;
use crate::format::{Draft, Format};
use crate::pattern::Pattern;
use crate::schema::check::Checker;
use crate::schema::compile::{Builder, Compiler};
use crate::schema::dialect::Dialect;
use crate::schema::finding::Why;
use crate::schema::node::*;
use crate::tape::Cursor;

/// A format that is asserted.
#[derive(Clone, Copy, Debug)]
pub(in crate::schema) enum Asserted {
    Format(Format),
    /// A regular expression by ECMA-262's grammar, be it one that linear time cannot match.
    Regex,
}

pub(in crate::schema) fn compile<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    let Some(name) = c.text(builder, value, "the name of a format") else { return };
    builder.annotations.push(Name::Format);
    if !c.options.assert_formats && !builder.rules.assert_formats {
        return;
    }
    let draft = match builder.rules.draft {
        Dialect::Draft202012 => Draft::Draft202012,
        Dialect::Draft07 => Draft::Draft07,
    };
    let asserted = match name.as_str() {
        "regex" => Some(Asserted::Regex),
        name => Format::named(name, draft).map(Asserted::Format),
    };
    if let Some(asserted) = asserted {
        builder.demand(STRING, Check::Format(asserted));
    }
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, rule: Asserted, at: u32) -> bool {
    let holds = |text: &[u8]| {
        std::str::from_utf8(text).is_ok_and(|text| match rule {
            Asserted::Format(format) => format.holds(text),
            Asserted::Regex => Pattern::is_syntax(text),
        })
    };
    c.spend_on(at) && (c.with_string(at, holds) || c.fail(Name::Format, at, 0))
}

pub(in crate::schema) fn expected(why: &Why<'_>) -> String {
    "a string of the format ".to_owned() + &why.raw()
}
