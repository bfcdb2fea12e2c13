//! A broken line among lines that nobody said are NDJSON: cut off, or the beginning of a value over several lines?
//!
//! The lines of a broken value must not be taken for records: what stands deep in it would stand at their top, where no
//! rule looks for it. So a broken line that leaves a bracket or a string open is held back until it is clear what
//! follows. A value over several lines has lines that can only go on with one (`],` or `"a": 1,`, at the least its last);
//! behind a line that was merely cut off, others are whole, or cut off themselves.

use super::frame::too_long;
use super::{Reason, check, is_space};
use crate::limits::{Limits, SNIFF_BYTES};

/// What becomes of the broken line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Too early to tell.
    Wait,
    /// It stands for itself.
    Line,
    /// It begins a value, whole or broken, that ends here.
    Value(usize),
    /// It begins something that ends nowhere, and goes wrong before this place at the latest.
    Rest(usize),
    /// It begins something longer than a record may be.
    TooLong,
}

/// What has been seen of it and of the lines below.
#[derive(Debug, Default)]
pub(super) struct Doubt {
    balance: Balance,
    /// Bytes looked at; where the line that they end in begins.
    seen: usize,
    line: usize,
    /// Lines below that are not blank.
    lines: usize,
    /// A line can only go on with a value.
    goes_on: bool,
    /// Where all that was open is closed.
    end: Option<usize>,
}

impl Doubt {
    /// None for a line that leaves nothing open.
    pub(super) fn of(line: &[u8]) -> Option<Doubt> {
        let mut doubt = Doubt::default();
        doubt.balance.feed_all(line);
        doubt.seen = line.len();
        doubt.line = line.len() + 1;
        doubt.balance.is_open().then_some(doubt)
    }

    /// `text` is all there is so far, from the broken line on; `last`: there will be no more.
    pub(super) fn look(&mut self, text: &[u8], limits: &Limits, last: bool) -> Verdict {
        while !self.goes_on {
            let below = text.get(self.line..).unwrap_or_default();
            let feed = below.iter().position(|&b| b == b'\n');
            let len = feed.unwrap_or(below.len());
            if too_long(&below[..len], limits) || (self.lines >= 2 && self.line > SNIFF_BYTES) {
                return Verdict::Line;
            }
            if feed.is_none() && !last {
                return Verdict::Wait;
            }
            let line = below[..len].trim_ascii();
            self.lines += usize::from(!line.is_empty());
            self.goes_on = goes_on(line, limits);
            self.line += len + 1;
            if feed.is_none() && !self.goes_on {
                return Verdict::Line;
            }
        }
        if self.end.is_none() {
            self.end = self.balance.feed(&text[self.seen..]).map(|len| self.seen + len);
            self.seen = text.len();
        }
        if too_long(&text[..self.end.unwrap_or(text.len())], limits) {
            return Verdict::TooLong;
        }
        let Some(end) = self.end else {
            return if last { Verdict::Rest(text.len()) } else { Verdict::Wait };
        };
        let behind = text[end..].iter().position(|b| *b == b'\n' || !is_space(b)).map(|at| end + at);
        match behind {
            Some(at) if text[at] == b'\n' => Verdict::Value(end),
            Some(at) => Verdict::Rest(at),
            None if last => Verdict::Value(end),
            None => Verdict::Wait,
        }
    }
}

/// Whether a line can only be one of several: it is no whole value, and not the beginning of one that was cut off.
fn goes_on(line: &[u8], limits: &Limits) -> bool {
    match line.first() {
        Some(b'}' | b']' | b',' | b':') => true,
        Some(b'"' | b'{' | b'[') if is_whole(line, limits) => false,
        Some(b'"') => true,
        Some(b'{' | b'[') => Doubt::of(line).is_none(),
        _ => false,
    }
}

/// Whether a line is one value, be it too deep.
fn is_whole(line: &[u8], limits: &Limits) -> bool {
    match check(line, limits.depth) {
        Ok(end) => end == line.len(),
        Err(fault) => fault.reason == Reason::TooDeep,
    }
}

/// What is open: brackets outside strings, and a string.
#[derive(Debug, Default)]
struct Balance {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Balance {
    fn is_open(&self) -> bool {
        self.depth > 0 || self.in_string
    }

    /// Goes on through all of `bytes`.
    fn feed_all(&mut self, mut bytes: &[u8]) {
        while let Some(len) = self.feed(bytes) {
            bytes = &bytes[len..];
        }
    }

    /// Goes on through `bytes`; stops behind a bracket that leaves nothing open, and gives that place.
    fn feed(&mut self, bytes: &[u8]) -> Option<usize> {
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.in_string => self.escaped = true,
                b'"' => self.in_string = !self.in_string,
                _ if self.in_string => {}
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(at + 1);
                    }
                }
                _ => {}
            }
        }
        None
    }
}
