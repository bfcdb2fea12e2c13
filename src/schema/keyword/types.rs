//! `type`.

use crate::document::{did_you_mean, list};
use crate::schema::code;
use crate::schema::compile::Compiler;
use crate::schema::node::*;
use crate::tape::Kind;

/// The types, what they are called in findings, and the kinds that they are.
const TYPES: [(&str, &str, Kinds); 7] = [
    ("array", "an array", ARRAY),
    ("boolean", "a boolean", BOOLEAN),
    ("integer", "an integer", INTEGER),
    ("null", "null", NULL),
    ("number", "a number", NUMBER),
    ("object", "an object", OBJECT),
    ("string", "a string", STRING),
];

pub(in crate::schema) fn read(c: &mut Compiler<'_>, value: u32) -> u32 {
    c.types = 0;
    if c.view.kind(value) != Kind::Array {
        add(c, value);
        return 0;
    }
    for name in c.view.below(value) {
        add(c, name);
    }
    if c.view.next(value) == value + 1 {
        c.wrong(value, "at least one type");
    }
    0
}

fn add(c: &mut Compiler<'_>, value: u32) {
    let name = c.view.words(value);
    match TYPES.iter().find(|(known, ..)| *known == name) {
        Some((.., kinds)) if c.types & kinds != 0 => c.wrong(value, "each type once"),
        Some((.., kinds)) => c.types |= kinds,
        None => {
            let known = TYPES.map(|(known, ..)| known);
            let help = if c.may_mend(1) { did_you_mean(&name, &known) } else { String::new() };
            c.note(value, code::VALUE, &list(&known), &help);
        }
    }
}

/// What a type is called in a finding.
pub(in crate::schema) fn said(name: &str) -> &'static str {
    TYPES.iter().find(|(known, ..)| *known == name).map_or("", |(_, said, _)| said)
}
