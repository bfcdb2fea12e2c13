//! What of a JSON template is settled once it is known of which type an event is: common fields that the type does not
//! have, or that are the same in all of its events. What a destination puts around records names some forty fields, of
//! which a type has a dozen.

use super::format::Format;
use super::parse::{Node, What};
use super::placeholder::Name;
use super::value::Value;
use crate::catalog::{EventType, Field, From, Source};

/// The template for events of one type, or for records of none.
pub(super) fn fold(nodes: &[Node], of: Option<&EventType>) -> Vec<Node> {
    let mut out = Vec::new();
    fold_into(nodes, of, None, &mut out);
    out
}

/// `here`: the value that a section is at, where that is settled.
fn fold_into(nodes: &[Node], of: Option<&EventType>, here: Option<&Value<'_>>, out: &mut Vec<Node>) {
    for node in nodes {
        match &node.what {
            What::Text { text, .. } => push(out, node.at, text),
            What::Value { name, formats, place } => match settled(name, of, here) {
                Some(value) => {
                    let mut text = Vec::new();
                    all(formats, value).write(*place, &mut text);
                    push(out, node.at, &text);
                }
                None => out.push(node.clone()),
            },
            What::Section { name, formats, inverted, body } => {
                match settled(name, of, here).map(|value| all(formats, value)) {
                    Some(value) if value.is_truthy() == *inverted => {}
                    Some(value) => fold_into(body, of, if *inverted { here } else { Some(&value) }, out),
                    None => {
                        let mut inner = Vec::new();
                        fold_into(body, of, here.filter(|_| *inverted), &mut inner);
                        out.push(Node { at: node.at, what: section((name, formats), of, *inverted, inner) });
                    }
                }
            }
            What::Formatted { format, body } => {
                let mut inner = Vec::new();
                fold_into(body, of, here, &mut inner);
                out.push(Node { at: node.at, what: What::Formatted { format: format.clone(), body: inner } });
            }
            _ => out.push(node.clone()),
        }
    }
}

fn all<'v>(formats: &'v [Format], value: Value<'v>) -> Value<'v> {
    Format::all(formats, value, usize::MAX).unwrap_or(Value::Nothing)
}

/// A section, as what writes a member where it is no more than that.
fn section((name, formats): (&Name, &[Format]), of: Option<&EventType>, inverted: bool, body: Vec<Node>) -> What {
    let member = member(name, of, &body).filter(|_| !inverted && formats.is_empty());
    member.unwrap_or(What::Section { name: name.clone(), formats: formats.to_vec(), inverted, body })
}

fn member(name: &Name, of: Option<&EventType>, body: &[Node]) -> Option<What> {
    let Name::Field(field) = name else { return None };
    let field = of?.fields.iter().position(|(known, _)| known == field)?;
    let (mut comma, mut here, mut around) = (false, None, [Vec::new(), Vec::new()]);
    for node in body {
        match (&node.what, here) {
            (What::Comma, None) if !comma && around[0].is_empty() => comma = true,
            (What::Text { text, .. }, _) => around[usize::from(here.is_some())].extend_from_slice(text),
            (What::Value { name: Name::Here, formats, place }, None) => here = Some((formats, place)),
            _ => return None,
        }
    }
    let ([before, behind], (formats, place)) = (around, here?);
    Some(What::Member { field, comma, before, formats: formats.clone(), place: *place, behind })
}

/// The value of a name, if it is the same in all events of a type.
fn settled<'v>(name: &Name, of: Option<&'v EventType>, here: Option<&Value<'v>>) -> Option<Value<'v>> {
    match (name, of) {
        (Name::Here, _) => here.cloned(),
        (Name::Field(_), None) => Some(Value::Nothing),
        (Name::Field(Field::Type), Some(of)) => Some(Value::Text(of.name.as_bytes().into())),
        (Name::Field(field), Some(of)) => match of.sources(*field) {
            Some([Source { from: From::Const(text), when, .. }, ..]) if when.is_empty() => {
                Some(Value::Text(text.as_bytes().into()))
            }
            Some(_) => None,
            None => Some(Value::Nothing),
        },
        _ => None,
    }
}

fn push(out: &mut Vec<Node>, at: usize, more: &[u8]) {
    match out.last_mut() {
        Some(Node { what: What::Text { text, .. }, .. }) => text.extend_from_slice(more),
        _ => out.push(Node { at, what: What::Text { text: more.to_vec(), begins_line: false } }),
    }
}
