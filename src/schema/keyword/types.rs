//! `type`.

use crate::document::{did_you_mean, list, text};
use crate::schema::code;
use crate::schema::compile::{Builder, Compiler};
use crate::schema::finding::Why;
use crate::schema::node::*;
use crate::tape::{Cursor, Kind};

const TYPES: [(&str, Kinds, &str); 7] = [
    ("array", ARRAY, "an array"),
    ("boolean", BOOLEAN, "a boolean"),
    ("integer", INTEGER, "an integer"),
    ("null", NULL, "null"),
    ("number", NUMBER, "a number"),
    ("object", OBJECT, "an object"),
    ("string", STRING, "a string"),
];

pub(in crate::schema) fn compile<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    let mut types = 0;
    for name in names(value) {
        let word = text(name).unwrap_or_default();
        match TYPES.iter().find(|(known, ..)| *known == word) {
            Some((_, kinds, _)) if types & kinds != 0 => c.wrong(builder, name, "each type once"),
            Some((_, kinds, _)) => types |= kinds,
            None => {
                let known = TYPES.map(|(known, ..)| known);
                c.note(builder.document, name, code::VALUE, &list(&known), did_you_mean(&word, &known));
            }
        }
    }
    if value.kind() == Kind::Array && value.children().next().is_none() {
        c.wrong(builder, value, "at least one type");
    }
    builder.types = types;
}

fn names(value: Cursor<'_>) -> Vec<Cursor<'_>> {
    match value.kind() {
        Kind::Array => value.children().map(|(_, name)| name).collect(),
        _ => vec![value],
    }
}

pub(in crate::schema) fn expected(why: &Why<'_>) -> String {
    let names: Vec<String> = why.value.map(names).unwrap_or_default().into_iter().filter_map(text).collect();
    let known = names.iter().filter_map(|name| TYPES.iter().find(|(known, ..)| known == name));
    known.map(|(.., said)| *said).collect::<Vec<_>>().join(" or ")
}
