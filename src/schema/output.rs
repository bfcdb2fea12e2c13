//! The output formats of the specification (2020-12 core, section 12): `flag`, `basic` and `detailed`.

use std::cell::Cell;

use super::finding::{Finding, MENDS, Teller};
use super::node::Compiled;
use super::trace::{Trace, What};
use crate::tape::{Cursor, escape_into};

/// An output format of the specification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Output {
    /// Valid or not.
    #[default]
    Flag,
    /// A flat list of errors or annotations.
    Basic,
    /// Errors or annotations as a tree, along the schema; nodes with a single child are that child.
    Detailed,
}

/// An output unit and what is within.
#[derive(Debug, Default)]
struct Piece {
    keyword: String,
    absolute: String,
    instance: String,
    /// An error's text, or an annotation's JSON.
    says: Option<String>,
    within: Vec<Piece>,
}

/// Writes what was noted about a document as JSON.
pub(super) fn write(schema: &Compiled, trace: &Trace, value: Cursor<'_>, valid: bool, output: Output) -> String {
    if output == Output::Flag || (valid && trace.stopped) {
        return flag(valid);
    }
    let teller = Teller { schema, trace, value, mends: Cell::new(MENDS), told: Cell::default() };
    let mut root = Piece { absolute: "#".to_owned(), ..Piece::default() };
    root.within = pieces(&teller, 0, valid);
    if let Some(node) = schema.node(0) {
        root.absolute = teller.absolute(node, None);
    }
    if teller.is_full() && valid {
        return flag(valid); // rather none than some of the annotations
    }
    if trace.stopped || teller.is_full() {
        let says = Some("expected fewer errors, or a document that takes fewer steps to check".to_owned());
        root.within.push(Piece { absolute: root.absolute.clone(), says, ..Piece::default() });
    }
    if output == Output::Basic {
        let mut flat = Vec::new();
        flatten(std::mem::take(&mut root.within), &mut flat);
        root.within = flat;
    }
    written(&root, valid)
}

/// What there is to say of a document that is no JSON.
pub(super) fn broken(finding: &Finding, output: Output) -> String {
    let error = Piece { says: Some(format!("expected {}", finding.expected)), ..Piece::default() };
    match output {
        Output::Flag => flag(false),
        _ => written(&Piece { within: vec![error], ..Piece::default() }, false),
    }
}

fn flag(valid: bool) -> String {
    format!("{{\"valid\":{valid}}}")
}

fn written(piece: &Piece, valid: bool) -> String {
    let mut out = Vec::new();
    append(piece, valid, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// The pieces directly within a unit that are as valid as it is; the others do not matter to it.
fn pieces(teller: &Teller<'_>, unit: u32, valid: bool) -> Vec<Piece> {
    let mut all = Vec::new();
    for (number, within) in teller.trace.within(unit) {
        if within.valid != valid || teller.is_full() {
            continue;
        }
        let mut below = pieces(teller, number, valid);
        match within.what {
            What::Schema { node, .. } => match below.len() {
                0 | 1 => all.append(&mut below),
                _ => {
                    let absolute = teller.schema.node(node).map(|node| teller.absolute(node, None)).unwrap_or_default();
                    let (keyword, instance) = (teller.keyword(number), teller.instance(number));
                    all.push(Piece { keyword, absolute, instance, says: None, within: below });
                }
            },
            What::Group { .. } if valid => all.append(&mut below),
            What::Group { .. } | What::Fault { .. } => {
                if let Some(finding) = teller.finding(number) {
                    let says = Some(format!("expected {}", finding.expected));
                    let (keyword, absolute, instance) = (finding.keyword, finding.absolute, finding.instance);
                    all.push(Piece { keyword, absolute, instance, says, within: below });
                }
            }
            What::Annotation { name } => all.extend(annotation(teller, number, name.entry().name)),
        }
    }
    all
}

fn annotation(teller: &Teller<'_>, unit: u32, name: &str) -> Option<Piece> {
    let parent = teller.trace.units.get(unit as usize)?.parent;
    let What::Schema { node, .. } = teller.trace.units.get(parent as usize)?.what else { return None };
    let node = teller.schema.node(node)?;
    let value = teller.schema.place(node)?.member(name)?;
    let says = Some(String::from_utf8_lossy(value.raw()).into_owned());
    let keyword = format!("{}/{name}", teller.keyword(unit));
    let absolute = teller.absolute(node, Some(name));
    let instance = teller.instance(unit);
    teller.tell(keyword.len() + absolute.len() + instance.len() + value.raw().len());
    Some(Piece { keyword, absolute, instance, says, within: Vec::new() })
}

/// Every piece that says something, in order.
fn flatten(pieces: Vec<Piece>, flat: &mut Vec<Piece>) {
    for mut piece in pieces {
        let within = std::mem::take(&mut piece.within);
        if piece.says.is_some() {
            flat.push(piece);
        }
        flatten(within, flat);
    }
}

fn append(piece: &Piece, valid: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(if valid { b"{\"valid\":true" } else { b"{\"valid\":false" });
    for (name, text) in [
        ("keywordLocation", &piece.keyword),
        ("absoluteKeywordLocation", &piece.absolute),
        ("instanceLocation", &piece.instance),
    ] {
        member(name, out);
        string(text, out);
    }
    if let Some(says) = &piece.says {
        if valid {
            member("annotation", out);
            out.extend_from_slice(says.as_bytes());
        } else {
            member("error", out);
            string(says, out);
        }
    }
    if !piece.within.is_empty() {
        member(if valid { "annotations" } else { "errors" }, out);
        for (i, within) in piece.within.iter().enumerate() {
            out.push(if i == 0 { b'[' } else { b',' });
            append(within, valid, out);
        }
        out.push(b']');
    }
    out.push(b'}');
}

fn member(name: &str, out: &mut Vec<u8>) {
    out.push(b',');
    string(name, out);
    out.push(b':');
}

fn string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    escape_into(text.as_bytes(), out);
    out.push(b'"');
}
