//! `format`: an annotation, and an assertion where the options or a vocabulary say so.

use super::Name;
use crate::document::nearest;
use crate::format::{Draft, Format};
use crate::pattern::Pattern;
use crate::schema::check::Checker;
use crate::schema::code;
use crate::schema::compile::Compiler;
use crate::schema::dialect::Dialect;
use crate::schema::finding::mend;
use crate::schema::node::*;

/// A format that is asserted.
#[derive(Clone, Copy, Debug)]
pub(in crate::schema) enum Asserted {
    Format(Format),
    /// A regular expression by ECMA-262's grammar, be it one that linear time cannot match.
    Regex,
}

/// The number of a format that is asserted, else [`NONE`].
pub(in crate::schema) fn read(c: &mut Compiler<'_>, value: u32) -> u32 {
    if !c.assert_formats {
        return NONE;
    }
    let draft = match c.draft {
        Dialect::Draft202012 => Draft::Draft202012,
        Dialect::Draft07 => Draft::Draft07,
    };
    let name = c.view.words(value);
    let asserted = match name.as_str() {
        "regex" => Asserted::Regex,
        name => match Format::named(name, draft) {
            Some(format) => Asserted::Format(format),
            None => {
                let near = if c.may_mend(1) { nearest(name, Format::names(draft)) } else { None };
                let help = near.map(mend).unwrap_or_default();
                c.warn(value, code::FORMAT, "a format of the draft: nothing is checked by another", &help);
                return NONE;
            }
        },
    };
    c.compiled.formats.push(asserted);
    c.compiled.formats.len() as u32 - 1
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, rule: u32, at: u32) -> bool {
    let Some(rule) = c.schema.formats.get(rule as usize).copied() else { return true };
    let holds = |text: &[u8]| {
        std::str::from_utf8(text).is_ok_and(|text| match rule {
            Asserted::Format(format) => format.holds(text),
            Asserted::Regex => Pattern::is_syntax(text),
        })
    };
    c.spend_on(at) && (c.with_string(at, holds) || c.fail(Name::Format, at, 0))
}
