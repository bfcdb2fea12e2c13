//! What says something about values without demanding anything: `title`, `default`, `contentEncoding` and their like.

use crate::schema::compile::{Builder, Compiler};
use crate::tape::{Cursor, Kind};

pub(in crate::schema) fn comment<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    c.text(builder, value, "a string");
}

pub(in crate::schema) fn text<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    if c.text(builder, value, "a string").is_some() {
        builder.annotations.push(builder.name);
    }
}

pub(in crate::schema) fn boolean<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    match value.kind() {
        Kind::True | Kind::False => builder.annotations.push(builder.name),
        _ => c.wrong(builder, value, "true or false"),
    }
}

pub(in crate::schema) fn list<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    match value.kind() {
        Kind::Array => builder.annotations.push(builder.name),
        _ => c.wrong(builder, value, "an array"),
    }
}

pub(in crate::schema) fn any<'a>(_: &mut Compiler<'a>, builder: &mut Builder, _: Cursor<'a>) {
    builder.annotations.push(builder.name);
}

/// `contentSchema`: it has to be one, although nothing is checked by it.
pub(in crate::schema) fn schema<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    c.schema(builder, value);
    builder.annotations.push(builder.name);
}
