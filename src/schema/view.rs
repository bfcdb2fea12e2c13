//! A whole tape with its text: values by the numbers of their entries. Schemas are compiled from one, documents checked on one.

use std::cmp::Ordering;

use crate::tape::{self, Cursor, Kind, Node};

/// A text and its tape.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct View<'a> {
    pub(super) text: &'a [u8],
    pub(super) tape: &'a [Node],
}

impl<'a> View<'a> {
    /// Of the tape that a value is on; without one, an empty tape.
    pub(super) fn of(value: Option<Cursor<'a>>) -> View<'a> {
        value.map_or(View::default(), |value| View { text: value.buffer(), tape: value.nodes() })
    }

    #[inline(always)]
    pub(super) fn kind(&self, at: u32) -> Kind {
        self.tape.get(at as usize).map_or(Kind::Null, |node| node.kind)
    }

    /// One behind a value's last entry.
    #[inline(always)]
    pub(super) fn next(&self, at: u32) -> u32 {
        self.tape.get(at as usize).map_or(at, |node| node.next).max(at + 1)
    }

    /// A value's bytes, as they stand.
    pub(super) fn raw(&self, at: u32) -> &'a [u8] {
        self.tape.get(at as usize).map_or(&[], |node| node.span().of(self.text))
    }

    /// What a string or key says. A text with escapes is decoded into `memory`.
    #[inline(never)]
    pub(super) fn string<'m>(&self, at: u32, memory: &'m mut Vec<u8>) -> &'m [u8]
    where
        'a: 'm,
    {
        let Some(node) = self.tape.get(at as usize) else { return &[] };
        let inside = self.text.get(node.start as usize + 1..(node.end as usize).saturating_sub(1)).unwrap_or_default();
        if !node.escaped {
            return inside;
        }
        memory.clear();
        tape::decode(inside, memory);
        memory
    }

    /// The same as text of its own; empty where it is no string.
    #[inline(never)]
    pub(super) fn words(&self, at: u32) -> String {
        let mut memory = Vec::new();
        match self.kind(at) {
            Kind::String | Kind::Key => String::from_utf8_lossy(self.string(at, &mut memory)).into_owned(),
            _ => String::new(),
        }
    }

    /// The values directly below one. Of an object's members the key is the entry before.
    pub(super) fn below(&self, at: u32) -> Below<'a> {
        let end = match self.kind(at) {
            Kind::Array | Kind::Object => self.next(at),
            _ => at,
        };
        Below { tape: self.tape, at: at + 1, end }
    }

    /// The member of that name: the last, where there are several.
    #[inline(never)]
    pub(super) fn member(&self, object: u32, name: &str) -> Option<u32> {
        let mut memory = Vec::new();
        let (mut found, is_object) = (None, self.kind(object) == Kind::Object);
        for value in self.below(object).filter(|_| is_object) {
            if self.string(value - 1, &mut memory) == name.as_bytes() {
                found = Some(value);
            }
        }
        found
    }

    /// The values directly below one by what their keys say, or in an array they themselves; equals in their order.
    #[inline(never)]
    pub(super) fn sorted(&self, at: u32) -> Vec<u32> {
        let key = u32::from(self.kind(at) == Kind::Object);
        let mut values = Vec::new();
        for value in self.below(at) {
            values.push(value);
        }
        sort(&mut values, &mut |a, b| self.compare(a - key, b - key));
        values
    }

    /// Two strings or keys by what they say.
    #[inline(never)]
    pub(super) fn compare(&self, a: u32, b: u32) -> Ordering {
        let (mut first, mut second) = (Vec::new(), Vec::new());
        self.string(a, &mut first).cmp(self.string(b, &mut second))
    }
}

/// The values directly below one.
#[derive(Clone, Debug)]
pub(super) struct Below<'a> {
    tape: &'a [Node],
    at: u32,
    end: u32,
}

impl Iterator for Below<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        if self.at >= self.end {
            return None;
        }
        let first = self.tape.get(self.at as usize)?;
        let value = self.at + u32::from(first.kind == Kind::Key);
        self.at = self.tape.get(value as usize)?.next.max(value + 1);
        Some(value)
    }
}

/// Sorts numbers; equals stay in their order. The one sort of this room: each more would be half a kilobyte.
#[inline(never)]
pub(super) fn sort(numbers: &mut [u32], compare: &mut dyn FnMut(u32, u32) -> Ordering) {
    numbers.sort_by(|a, b| compare(*a, *b));
}
