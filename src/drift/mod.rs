//! How events differ from what their type's schema knows: fields that are new or gone, types that changed, new words.
//!
//! The schemas are open, so that a new field breaks nothing; here it is counted. Names appear only if the schema has
//! them, others as `*`, and so do the elements of arrays.

mod shape;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::document::Document;
use crate::tape::number::{compare, is_integer};
use crate::tape::{Cursor, Kind};
pub(crate) use shape::Shapes;
use shape::{Field, INTEGER, NUMBER, Shape};

/// What is different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Change {
    /// A field that the schema does not know.
    Unknown,
    /// A field that the schema requires is not there.
    Missing,
    /// A value of another type than the schema knows.
    Type,
    /// A value that is not among those that the schema knows.
    Value,
}

/// One difference, over all records.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Drift {
    /// The event type.
    pub event: String,
    /// What is different.
    pub change: Change,
    /// Where: a pointer into the event.
    pub pointer: String,
    /// How often.
    pub count: u64,
    /// The first record with it, from 0, of all sound ones since the run was made.
    pub first: u64,
    /// The last one so far.
    pub last: u64,
}

/// Counts differences.
#[derive(Debug, Default)]
pub(crate) struct Drifts {
    /// By event type, shape, change and field.
    seen: BTreeMap<(u16, u32, Change, u32), Seen>,
}

#[derive(Debug)]
struct Seen {
    count: u64,
    first: u64,
    last: u64,
}

/// Stands for the value itself among the fields of its shape.
const ITSELF: u32 = u32::MAX;

impl Drifts {
    /// Takes an event of type number `event_type` into account; `record` is its number.
    pub(crate) fn look(&mut self, shapes: &Shapes, event_type: usize, event: Cursor<'_>, record: u64) {
        self.value(shapes, (event_type as u16, record), shapes.root, event);
    }

    fn value(&mut self, shapes: &Shapes, of: (u16, u64), number: u32, value: Cursor<'_>) {
        let Some(shape) = shapes.get(number) else { return };
        if shape.types != 0 && shape.types & types_of(value) == 0 {
            return self.note(of, number, Change::Type, ITSELF);
        }
        match value.kind() {
            Kind::Object => self.members(shapes, of, number, shape, value),
            Kind::Array => {
                if let Some(items) = shape.items {
                    value.children().for_each(|(_, element)| self.value(shapes, of, items, element));
                }
            }
            _ if !shape.known.is_empty() && !shape.known.iter().any(|known| is(known, value)) => {
                self.note(of, number, Change::Value, ITSELF);
            }
            Kind::String => {
                if let Some(content) = shape.content {
                    let document = Document::of_bytes(&value.text());
                    if let Some(inner) = document.root() {
                        self.value(shapes, of, content, inner);
                    }
                }
            }
            _ => {}
        }
    }

    fn members(&mut self, shapes: &Shapes, of: (u16, u64), number: u32, shape: &Shape, object: Cursor<'_>) {
        let mut seen = 0u64;
        for (key, value) in object.children() {
            let Some(key) = key else { continue };
            match shape.find(&key.text()) {
                Some((place, Field { shape, required, .. })) => {
                    if *required {
                        seen |= 1 << (place % 64);
                    }
                    self.value(shapes, of, *shape, value);
                }
                None if shape.fields.is_empty() || shape.has_others => {}
                None => self.note(of, number, Change::Unknown, ITSELF),
            }
        }
        for (place, field) in shape.fields.iter().enumerate().filter(|(_, field)| field.required) {
            // Beyond 64 fields the bits are shared; then it is looked for.
            let there =
                seen >> (place % 64) & 1 == 1 && (shape.fields.len() <= 64 || object.member(&field.name).is_some());
            if !there {
                self.note(of, number, Change::Missing, place as u32);
            }
        }
    }

    fn note(&mut self, (event_type, record): (u16, u64), shape: u32, change: Change, field: u32) {
        let seen = self.seen.entry((event_type, shape, change, field));
        let seen = seen.or_insert(Seen { count: 0, first: record, last: record });
        seen.count += 1;
        seen.last = record;
    }

    /// All differences so far, by event type and place. `shapes` are those of each event type.
    pub(crate) fn told<'a>(&self, types: impl Fn(usize) -> Option<(&'a str, &'a Shapes)>) -> Vec<Drift> {
        let tell = |(&(event_type, number, change, field), seen): (&(u16, u32, Change, u32), &Seen)| {
            let (name, shapes) = types(usize::from(event_type))?;
            let shape = shapes.get(number)?;
            let pointer = match change {
                Change::Unknown => format!("{}/*", shape.pointer),
                _ => shape.pointer.clone(),
            };
            let missing = shape.fields.get(field as usize).and_then(|field| shapes.get(field.shape));
            let pointer = missing.map_or(pointer, |missing| missing.pointer.clone());
            let Seen { count, first, last } = *seen;
            Some(Drift { event: name.to_owned(), change, pointer, count, first, last })
        };
        self.seen.iter().filter_map(tell).collect()
    }
}

fn types_of(value: Cursor<'_>) -> u8 {
    match value.kind() {
        Kind::Number if is_integer(value.raw()) => INTEGER | NUMBER,
        Kind::Number => NUMBER,
        kind => shape::bit(kind),
    }
}

/// Whether a value is a known one, whose JSON is given.
fn is(known: &[u8], value: Cursor<'_>) -> bool {
    match value.kind() {
        Kind::Number => {
            known.first().is_some_and(|c| *c == b'-' || c.is_ascii_digit()) && compare(known, value.raw()).is_eq()
        }
        Kind::String => known.strip_prefix(b"\"").is_some_and(|text| *value.text() == *text),
        _ => known == value.raw(),
    }
}
