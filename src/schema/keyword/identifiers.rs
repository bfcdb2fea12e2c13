//! `$schema`, `$id`, `$anchor`, `$dynamicAnchor`, `$vocabulary` and `$defs`: the registry has read them; here they are judged.

use crate::document::text;
use crate::schema::code;
use crate::schema::compile::{Builder, Compiler};
use crate::schema::dialect::Dialect;
use crate::schema::uri;
use crate::tape::{Cursor, Kind};

pub(in crate::schema) fn uri<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    c.text(builder, value, "a URI");
}

pub(in crate::schema) fn id<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    let Some(id) = c.text(builder, value, "a URI, relative or not") else { return };
    if builder.rules.draft == Dialect::Draft202012 && !uri::split(&id).1.is_empty() {
        let help = Some("an anchor is called \"$anchor\" since draft 2019-09".to_owned());
        c.note(builder.document, value, code::NAME, "a URI without a fragment", help);
    }
}

pub(in crate::schema) fn anchor<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    let name = text(value).unwrap_or_default();
    let (first, rest) = name.as_bytes().split_first().unwrap_or((&0, &[]));
    let is_name = (first.is_ascii_alphabetic() || *first == b'_')
        && rest.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    if !is_name {
        let expected = "a name: a letter or _, then letters, digits, - _ and .";
        c.note(builder.document, value, code::NAME, expected, None);
    }
}

pub(in crate::schema) fn vocabulary<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    for (_, required) in c.members(builder, value, "an object of vocabularies") {
        if !matches!(required.kind(), Kind::True | Kind::False) {
            c.wrong(builder, required, "true if the vocabulary is required, else false");
        }
    }
}

/// The schema's own are compiled whether something refers to them or not, so that their faults show.
pub(in crate::schema) fn definitions<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    for (_, schema) in c.members(builder, value, "an object whose members are schemas") {
        if builder.document == 0 {
            c.schema(builder, schema);
        }
    }
}
