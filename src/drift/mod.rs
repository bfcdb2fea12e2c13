//! How events differ from what their type's schema knows: fields that are new or gone, types that changed, new words.
//!
//! The schemas are open, so that a new field breaks nothing; here it is counted. Names appear only if the schema has
//! them, others as `*`, and so do the elements of arrays.

mod shape;
#[cfg(test)]
mod tests;

use crate::document::Embedded;
use crate::order::Order;
use crate::plan::Plan;
use crate::tape::number::{compare, is_integer};
use crate::tape::{Cursor, Kind};
pub(crate) use shape::Shapes;
use shape::{Field, INTEGER, Shape};

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

impl Change {
    /// All, each at the place of its number.
    pub const ALL: [Change; 4] = [Change::Unknown, Change::Missing, Change::Type, Change::Value];
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
    /// The number of the first record with it, from 0, of all since the run was made.
    pub first: u64,
    /// The last one so far.
    pub last: u64,
}

/// Counts differences.
#[derive(Debug, Default)]
pub(crate) struct Drifts {
    /// Each with its event type, shape, change and field, by which they are in order.
    seen: Vec<((u16, u32, Change, u32), Seen)>,
    order: Order,
    /// By event type and change, since somebody last [began to count](Drifts::restart).
    pub(crate) counts: Vec<[u64; Change::ALL.len()]>,
    /// Per event type, for each of its fields, and behind them for each shape's beginning, the fields that followed the
    /// last times: the next event mostly has the same order.
    follows: Vec<Vec<[u32; 2]>>,
    /// Per event type, of each shape the known text that was met last.
    texts: Vec<Vec<u32>>,
    /// Memory for documents in strings.
    embedded: Vec<Embedded>,
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    count: u64,
    first: u64,
    last: u64,
}

/// Stands for the value itself among the fields of its shape.
const ITSELF: u32 = u32::MAX;

/// The event at hand.
#[derive(Clone, Copy)]
struct Event<'a> {
    shapes: &'a Shapes,
    /// Its type's number.
    number: usize,
    record: u64,
}

impl Drifts {
    /// Takes an event of type number `number` into account; `record` is its number.
    pub(crate) fn look(&mut self, shapes: &Shapes, number: usize, event: Cursor<'_>, record: u64) {
        if self.follows.len() <= number {
            self.follows.resize(number + 1, Vec::new());
            self.texts.resize(number + 1, Vec::new());
            self.counts.resize(number + 1, [0; Change::ALL.len()]);
        }
        if self.follows[number].is_empty() {
            self.follows[number].resize(shapes.fields.len() + shapes.shapes.len(), [0; 2]);
            self.texts[number].resize(shapes.shapes.len(), 0);
        }
        self.value(Event { shapes, number, record }, shapes.root, event);
    }

    fn value(&mut self, of: Event<'_>, number: u32, value: Cursor<'_>) {
        let Some(shape) = of.shapes.get(number) else { return };
        if !has_type(shape.types, value) {
            return self.note(of, number, Change::Type, ITSELF);
        }
        match value.kind() {
            Kind::Object => self.members(of, number, shape, value),
            Kind::Array => {
                if let Some(items) = shape.items {
                    value.children().for_each(|(_, element)| self.value(of, items, element));
                }
            }
            _ if !shape.knows_any() && !self.is_known((of.number, number), shape, value) => {
                self.note(of, number, Change::Value, ITSELF)
            }
            Kind::String => {
                if let Some(content) = shape.content {
                    let mut inner = self.embedded.pop().unwrap_or_default();
                    inner.read(value, &Plan::everything());
                    if let Some(inner) = inner.root() {
                        self.value(of, content, inner);
                    }
                    self.embedded.push(inner);
                }
            }
            _ => {}
        }
    }

    fn members(&mut self, of: Event<'_>, number: u32, shape: &Shape, object: Cursor<'_>) {
        let Event { shapes, number: event_type, .. } = of;
        let mut seen = 0u64;
        let mut before = shapes.fields.len() + number as usize;
        let (text, nodes) = (object.buffer(), object.nodes());
        let (mut at, end) = (object.index() + 1, object.node().next);
        while let Some([key, value, ..]) = nodes.get(at as usize..end as usize) {
            let (key_at, value_at) = (at, at + 1);
            at = value.next;
            let expected = self.follows[event_type][before];
            let is = |field: &Field| field.name.is_at(text, key.start as usize + 1, key.end as usize - 1);
            let is_next = |next: &&u32| {
                let next = **next as usize;
                !key.escaped && shape.fields.contains(&next) && shapes.fields.get(next).is_some_and(is)
            };
            let found = match expected.iter().find(is_next) {
                Some(next) => Some(*next as usize),
                None => object.go(key_at).and_then(|key| shapes.find(shape, &key.text())),
            };
            let Some(field) = found else {
                if !shape.fields.is_empty() && !shape.has_others {
                    self.note(of, number, Change::Unknown, ITSELF);
                }
                continue;
            };
            if !expected.contains(&(field as u32)) {
                self.follows[event_type][before] = [field as u32, expected[0]];
            }
            before = field;
            seen |= 1 << ((field - shape.fields.start) % 64);
            if let Some(value) = object.go(value_at) {
                self.value(of, shapes.fields[field].shape, value);
            }
        }
        if seen & shape.required != shape.required || shape.fields.len() > 64 {
            self.missing(of, number, (shape, seen), object);
        }
    }

    #[inline(never)]
    fn missing(&mut self, of: Event<'_>, number: u32, (shape, seen): (&Shape, u64), object: Cursor<'_>) {
        let many = shape.fields.len() > 64;
        for field in shape.fields.clone().filter(|field| of.shapes.fields[*field].required) {
            let name = of.shapes.fields[field].name.bytes();
            let is_there = match many {
                false => seen >> (field - shape.fields.start) & 1 == 1,
                true => object.children().any(|(key, _)| key.is_some_and(|key| *key.text() == *name)),
            };
            if !is_there {
                self.note(of, number, Change::Missing, field as u32);
            }
        }
    }

    /// Whether a value is among those that a shape knows.
    fn is_known(&mut self, (event_type, number): (usize, u32), shape: &Shape, value: Cursor<'_>) -> bool {
        if value.kind() != Kind::String {
            return is_among(&shape.others, value);
        }
        let Some(last) = self.texts[event_type].get_mut(number as usize) else { return false };
        let text = value.text();
        if shape.texts.get(*last as usize).is_some_and(|known| **known == *text) {
            return true;
        }
        let found = shape.texts.binary_search_by(|known| (**known).cmp(&*text));
        found.map(|place| *last = place as u32).is_ok()
    }

    #[inline(never)]
    fn note(&mut self, of: Event<'_>, shape: u32, change: Change, field: u32) {
        let record = of.record;
        let (place, next) = ((of.number as u16, shape, change, field), self.seen.len());
        let number = self.order.find_or_add(next, &|number| self.seen[number].0.cmp(&place));
        if number == next {
            self.seen.push((place, Seen { count: 0, first: record, last: record }));
        }
        let seen = &mut self.seen[number].1;
        seen.count += 1;
        seen.last = record;
        if let Some(counts) = self.counts.get_mut(of.number) {
            counts[change as usize] += 1;
        }
    }

    /// Counts by event type from 0.
    pub(crate) fn restart(&mut self) {
        self.counts.fill([0; Change::ALL.len()]);
    }

    /// Forgets all differences.
    pub(crate) fn forget(&mut self) {
        self.seen.clear();
        self.order = Order::default();
    }

    /// All differences so far, by event type and place. `shapes` are those of each event type.
    pub(crate) fn told<'a>(&self, types: impl Fn(usize) -> Option<(&'a str, &'a Shapes)>) -> Vec<Drift> {
        let tell = |number: usize| {
            let ((event_type, number, change, field), Seen { count, first, last }) = self.seen[number];
            let (name, shapes) = types(usize::from(event_type))?;
            let shape = shapes.get(number)?;
            let pointer = match change {
                Change::Unknown => [&shape.pointer, "/*"].concat(),
                _ => shape.pointer.clone(),
            };
            let missing = shapes.fields.get(field as usize).and_then(|field| shapes.get(field.shape));
            let pointer = missing.map_or(pointer, |missing| missing.pointer.clone());
            Some(Drift { event: name.to_owned(), change, pointer, count, first, last })
        };
        self.order.iter().filter_map(tell).collect()
    }
}

/// Whether a value is of one of some types; 0 for any.
#[inline(always)]
fn has_type(types: u8, value: Cursor<'_>) -> bool {
    types == 0
        || types & shape::bit(value.kind()) != 0
        || types & INTEGER != 0 && value.kind() == Kind::Number && is_integer(value.raw())
}

/// Whether a value that is no string is among others.
fn is_among(known: &[Box<[u8]>], value: Cursor<'_>) -> bool {
    let is_number = |known: &[u8]| known.first().is_some_and(|c| *c == b'-' || c.is_ascii_digit());
    known.iter().any(|known| match value.kind() {
        Kind::Number => is_number(known) && compare(known, value.raw()).is_eq(),
        _ => **known == *value.raw(),
    })
}
