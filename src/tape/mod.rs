//! A record's values as spans: nothing is unescaped or turned into a number until somebody asks.
//!
//! [`walk`](walk::walk) reads a record once, checks its grammar and writes a [`Tape`] of what the plan asks for.
//! `TAPE.md` beside this file shows one document and its tape.

mod cursor;
mod decode;
mod name;
pub(crate) mod number;
mod skip;
#[cfg(test)]
mod tests;
mod token;
mod walk;

pub(crate) use cursor::Cursor;
pub(crate) use decode::{ROOM, Unescaped, decode, decode_into, escape_into, unescape};
pub(crate) use name::Name;
pub(crate) use skip::skip;
pub(crate) use token::{At, NEXT_STRING, Text, closer, found, fraction, integer, literal};
use walk::Frame;
pub(crate) use walk::{Grammar, Reader, Walk, walk};

use crate::plan::State;
use crate::span::Span;

/// What a tape entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// `null`.
    Null,
    /// `true`.
    True,
    /// `false`.
    False,
    /// A number, as text.
    Number,
    /// A string, its quotes included in the span.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
    /// A member's key, its quotes included in the span; the member's value is the next entry.
    Key,
}

/// One entry: 16 bytes. Offsets are those of the buffer that the record lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    /// First byte.
    pub(crate) start: u32,
    /// One behind the last byte.
    pub(crate) end: u32,
    /// Index of the entry behind this one and all within it.
    pub(crate) next: u32,
    /// The plan's state at this value (of a key: its value's).
    pub(crate) state: State,
    /// What it is.
    pub(crate) kind: Kind,
    /// A string or key that may hold escapes; one that does not holds none.
    pub(crate) escaped: bool,
}

impl Node {
    pub(crate) fn span(&self) -> Span {
        Span { start: self.start as usize, end: self.end as usize }
    }
}

/// The entries of one record, parents before children, in the order of the text.
#[derive(Debug, Default)]
pub(crate) struct Tape {
    pub(crate) nodes: Vec<Node>,
    /// The walk's open containers; empty between walks, kept for its memory.
    frames: Vec<Frame>,
}

impl Tape {
    pub(crate) fn clear(&mut self) {
        self.nodes.clear();
    }

    /// Appends an entry without children; gives its place.
    #[inline(always)]
    fn push(&mut self, kind: Kind, state: State, (start, end): (usize, usize), escaped: bool) -> u32 {
        let at = self.nodes.len() as u32;
        self.nodes.push(Node { start: start as u32, end: end as u32, next: at + 1, state, kind, escaped });
        at
    }

    /// Ends the container that was pushed at `at`.
    fn close(&mut self, at: u32, end: usize) {
        let next = self.nodes.len() as u32;
        if let Some(node) = self.nodes.get_mut(at as usize) {
            (node.end, node.next) = (end as u32, next);
        }
    }
}
