//! A document in a string, read as far as somebody looks at it.

use crate::limits::MAX_DEPTH;
use crate::plan::{Plan, START};
use crate::scan::{Index, PAD, PADDING, check};
use crate::tape::{Cursor, ROOM, Tape, Text, Walk, decode_into, walk};

/// An object that stands in a string. Its memory serves the next one.
#[derive(Debug, Default)]
pub(super) struct Embedded {
    text: Vec<u8>,
    index: Index,
    tape: Tape,
    start: usize,
    end: usize,
    is_whole: bool,
}

impl Embedded {
    /// Whether a string, quotes and escapes included, may hold an object: what stands first is its brace, or tells
    /// nothing.
    pub(super) fn may_be_in(raw: &[u8]) -> bool {
        let first = raw.iter().skip(1).find(|b| **b != b' ');
        first.is_some_and(|b| matches!(b, b'{' | b'\\' | 0xEF))
    }

    /// Reads what such a string says, if that is an object, white space or a byte order mark before it: as much of it as
    /// `plan` asks for.
    pub(super) fn read(&mut self, raw: &[u8], plan: &Plan) -> bool {
        self.tape.clear();
        let raw = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        let room = raw.len() + ROOM.max(PADDING);
        if self.text.len() < room {
            self.text.resize(room, PAD);
        }
        let end = decode_into(raw, &mut self.text);
        let said = &self.text[..end];
        let text = said.trim_ascii_start();
        let text = text.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(text);
        (self.start, self.end) = (end - text.len(), end - (said.len() - said.trim_ascii_end().len()));
        if text.first() != Some(&b'{') {
            return false;
        }
        self.text[self.end..end + PADDING].fill(PAD);
        self.index.build(&self.text, self.start, self.end);
        let is_object = self.walk(plan)
            && (!self.index.is_suspect(self.start, self.end)
                || check(&self.text[self.start..self.end], MAX_DEPTH) == Ok(self.end - self.start));
        self.is_whole = false;
        if !is_object {
            self.tape.clear();
        }
        is_object
    }

    /// Puts all of it on the tape.
    pub(super) fn make_whole(&mut self) {
        if !self.is_whole {
            self.tape.clear();
            self.is_whole = self.walk(&Plan::everything());
        }
    }

    /// The object, as far as it is on the tape.
    pub(super) fn root(&self) -> Option<Cursor<'_>> {
        Cursor::root(&self.text, &self.tape)
    }

    fn walk(&mut self, plan: &Plan) -> bool {
        let reading = Text { bytes: &self.text, index: &self.index, end: self.end, lines: false };
        let walked = walk(reading, plan, START, MAX_DEPTH, self.start, &mut self.tape);
        matches!(walked, Walk::Whole { end, .. } if end == self.end)
    }
}
