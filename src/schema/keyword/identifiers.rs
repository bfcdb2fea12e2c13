//! `$id`, `$anchor` and `$dynamicAnchor`: the registry has read them; here they are judged.

use super::Form;
use crate::schema::code;
use crate::schema::compile::Compiler;
use crate::schema::dialect::Dialect;
use crate::schema::uri;

pub(in crate::schema) fn id(c: &mut Compiler<'_>, value: u32) -> u32 {
    if c.draft == Dialect::Draft202012 && !uri::split(&c.view.words(value)).1.is_empty() {
        let help = "an anchor is called \"$anchor\" since draft 2019-09";
        c.note(value, code::NAME, "a URI without a fragment", help);
    }
    0
}

pub(in crate::schema) fn anchor(c: &mut Compiler<'_>, value: u32) -> u32 {
    let name = c.view.words(value);
    let begins = name.as_bytes().first().is_some_and(|first| first.is_ascii_alphabetic() || *first == b'_');
    if !begins || !name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')) {
        c.note(value, code::NAME, Form::Anchor.takes().1, "");
    }
    0
}
