//! A document in a string, read as far as somebody looks at it.

use crate::limits::MAX_DEPTH;
use crate::plan::{Plan, START};
use crate::scan::{Index, PAD, PADDING, check};
use crate::tape::{Cursor, ROOM, Tape, Text, Walk, decode_into, walk};

/// An object, array or string that stands in a string. Its memory serves the next one.
#[derive(Debug, Default)]
pub(crate) struct Embedded {
    text: Vec<u8>,
    index: Index,
    tape: Tape,
    start: usize,
    end: usize,
    is_whole: bool,
}

impl Embedded {
    /// Reads what a string says, white space or a byte order mark before it: as much of it as `plan` asks for. False, and
    /// nothing on the tape, if that is anything else.
    pub(crate) fn read(&mut self, string: Cursor<'_>, plan: &Plan) -> bool {
        self.tape.clear();
        self.is_whole = false;
        let raw = string.raw();
        let raw = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        let room = raw.len() + ROOM.max(PADDING);
        if self.text.len() < room {
            self.text.resize(room, PAD);
        }
        let end = decode_into(raw, &mut self.text);
        let said = &self.text[..end];
        let text = said.trim_ascii_start();
        let text = text.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(text);
        (self.start, self.end) = (end - text.len(), said.trim_ascii_end().len());
        if !matches!(text.first(), Some(b'{' | b'[' | b'"')) {
            return false;
        }
        self.text[self.end..end + PADDING].fill(PAD);
        self.index.build(&self.text, self.start, self.end);
        let is_sound = self.walk(plan)
            && (!self.index.is_suspect(self.start, self.end)
                || check(&self.text[self.start..self.end], MAX_DEPTH) == Ok(self.end - self.start));
        if !is_sound {
            self.tape.clear();
        }
        is_sound
    }

    /// Puts all of what was read on the tape.
    pub(crate) fn make_whole(&mut self) {
        if !self.is_whole {
            self.tape.clear();
            self.is_whole = self.walk(&Plan::everything());
        }
    }

    /// The outermost value, as far as it is on the tape.
    pub(crate) fn root(&self) -> Option<Cursor<'_>> {
        Cursor::root(&self.text, &self.tape)
    }

    fn walk(&mut self, plan: &Plan) -> bool {
        let reading = Text { bytes: &self.text, index: &self.index, end: self.end, lines: false };
        let walked = walk(reading, plan, START, MAX_DEPTH, self.start, &mut self.tape);
        matches!(walked, Walk::Whole { end, .. } if end == self.end)
    }
}
