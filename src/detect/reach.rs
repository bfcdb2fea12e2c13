//! The values at a path, into strings that hold JSON.

use std::mem::take;

use crate::document::Embedded;
use crate::limits::{MAX_EMBEDDED_DEPTH, MAX_STRINGS};
use crate::plan::{Path, Plan, Segment};
use crate::tape::{Cursor, Kind};

/// The documents in an event's strings, each read once.
#[derive(Debug, Default)]
pub(crate) struct Strings {
    /// Where the string stands, in the event (0) or the document of that number, and what it holds.
    read: Vec<((usize, u32), Embedded)>,
    /// How many of them are of the event at hand.
    count: usize,
}

impl Strings {
    /// Begins another event.
    pub(crate) fn forget(&mut self) {
        self.count = 0;
        self.read.truncate(1); // most events have one; the memory of more is not kept
    }

    /// The place of the document that a string in document `within` holds; none where there is no more room.
    fn place(&mut self, string: Cursor<'_>, within: usize) -> Option<usize> {
        let key = (within, string.index());
        if let Some(known) = self.read[..self.count].iter().position(|(known, _)| *known == key) {
            return Some(known);
        }
        if self.count == MAX_STRINGS {
            return None;
        }
        if self.count == self.read.len() {
            self.read.push(Default::default());
        }
        let (known, document) = &mut self.read[self.count];
        *known = key;
        document.read(string, &Plan::everything());
        self.count += 1;
        Some(self.count - 1)
    }
}

/// Shows `visit` the values at a path, in the order of the text (of a duplicate key: the last), until it has seen
/// enough and says so.
pub(crate) fn reach(
    value: Cursor<'_>,
    path: &Path,
    strings: &mut Strings,
    visit: &mut dyn FnMut(Cursor<'_>) -> bool,
) -> bool {
    Reach { strings, visit, within: 0, left: MAX_EMBEDDED_DEPTH }.step(value, &path.segments)
}

struct Reach<'r> {
    strings: &'r mut Strings,
    visit: &'r mut dyn FnMut(Cursor<'_>) -> bool,
    /// The document at hand: 0 for the event itself.
    within: usize,
    left: usize,
}

impl Reach<'_> {
    fn step(&mut self, value: Cursor<'_>, path: &[Segment]) -> bool {
        let Some((segment, rest)) = path.split_first() else { return (self.visit)(value) };
        match (segment, value.kind()) {
            (Segment::Name(name), Kind::Object) => value.member(name).is_some_and(|v| self.step(v, rest)),
            (Segment::Name(_), Kind::Array) => value.children().any(|(_, v)| self.step(v, path)),
            (Segment::Index(n), Kind::Array) => {
                value.children().nth(*n as usize).is_some_and(|(_, v)| self.step(v, rest))
            }
            (Segment::Element, Kind::Array) | (Segment::Any, Kind::Array | Kind::Object) => {
                value.children().any(|(_, v)| self.step(v, rest))
            }
            (Segment::Deep, Kind::Array | Kind::Object) => {
                self.step(value, rest) || value.children().any(|(_, v)| self.step(v, path))
            }
            (_, Kind::String) if self.left > 0 => self.enter(value, path),
            (Segment::Deep, _) => self.step(value, rest),
            _ => false,
        }
    }

    fn enter(&mut self, string: Cursor<'_>, path: &[Segment]) -> bool {
        let place = self.strings.place(string, self.within);
        let mut document = Embedded::default();
        match place {
            Some(place) => document = take(&mut self.strings.read[place].1),
            None => drop(document.read(string, &Plan::everything())),
        }
        let within = std::mem::replace(&mut self.within, place.map_or(usize::MAX, |place| place + 1));
        self.left -= 1;
        let answer = document.root().is_some_and(|inner| self.step(inner, path));
        self.left += 1;
        self.within = within;
        if let Some(place) = place {
            self.strings.read[place].1 = document;
        }
        answer
    }
}
