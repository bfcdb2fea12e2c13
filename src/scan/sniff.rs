//! Finds out how records stand in an input, from its first bytes.
//!
//! The answer depends on the bytes alone, not on how they are cut into chunks, and is given as early as it is certain:
//!
//! - The first line is a whole value: NDJSON if more follows. If nothing does, `[` is an array of records.
//! - `[` otherwise: an array, also where 64 KiB pass without a line's end.
//! - `{` that is whole with something else behind it on its line: concatenated.
//! - `{` whose line ends before it does: pretty-printed, if that line and the next can be read on as one value;
//!   else NDJSON with a broken first line.
//! - Anything else: NDJSON.

use super::extent::Extent;
use super::{Format, Reason, check};
use crate::limits::SNIFF_BYTES;

/// What has been seen so far.
#[derive(Debug, Default)]
pub(crate) struct Sniff {
    seen: usize,
    extent: Extent,
    place: Place,
}

#[derive(Debug, Default, Clone, Copy)]
enum Place {
    /// In the first value.
    #[default]
    Value,
    /// Behind it.
    Behind,
    /// In the line behind a first one that ended at this place, inside its value.
    SecondLine(usize),
}

impl Sniff {
    /// `text` is all that there is so far, without leading white space; `last`: there will be no more.
    pub(crate) fn look(&mut self, text: &[u8], depth: usize, last: bool) -> Option<Format> {
        let array = match text.first() {
            None => return last.then_some(Format::Ndjson),
            Some(b'[') => true,
            Some(b'{') => false,
            Some(_) => return Some(Format::Ndjson),
        };
        while self.seen < text.len() {
            match self.place {
                Place::Value => {
                    // Of an array no more than this, even if more is at hand.
                    let reach = if array { text.len().min(SNIFF_BYTES + 1) } else { text.len() };
                    let rest = &text[self.seen..reach];
                    let line = rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
                    if let Some(end) = self.extent.feed(&rest[..line]) {
                        self.seen += end;
                        self.place = Place::Behind;
                        continue;
                    }
                    self.seen += line;
                    if array && (line < rest.len() || self.seen > SNIFF_BYTES) {
                        return Some(Format::Array);
                    }
                    if line < rest.len() {
                        let prefix = check(&text[..self.seen], depth);
                        if self.extent.in_string() || !is_cut_off(prefix.err()) {
                            return Some(Format::Ndjson);
                        }
                        self.seen += 1;
                        self.place = Place::SecondLine(self.seen);
                    }
                }
                Place::Behind => match text[self.seen] {
                    b' ' | b'\t' | b'\r' => self.seen += 1,
                    b'\n' => {
                        let more = text[self.seen..].iter().any(|b| !b.is_ascii_whitespace());
                        return match (more, last) {
                            (true, _) => Some(Format::Ndjson),
                            (false, true) => Some(if array { Format::Array } else { Format::Ndjson }),
                            (false, false) => None,
                        };
                    }
                    _ => return Some(if array { Format::Array } else { Format::Concat }),
                },
                Place::SecondLine(start) => {
                    let rest = &text[self.seen..];
                    let line = rest.iter().position(|&b| b == b'\n');
                    let end = self.seen + line.unwrap_or(rest.len());
                    self.seen = end;
                    let enough = end - start > SNIFF_BYTES;
                    let blank = text[start..end].iter().all(u8::is_ascii_whitespace);
                    if blank && line.is_some() && !enough {
                        self.seen += 1; // a blank line tells nothing
                        self.place = Place::SecondLine(self.seen);
                    } else if line.is_some() || enough || last {
                        return Some(read_on(&text[..end], start, depth));
                    }
                }
            }
        }
        match self.place {
            _ if !last => None,
            Place::Value | Place::Behind => Some(if array { Format::Array } else { Format::Ndjson }),
            Place::SecondLine(start) => Some(read_on(text, start, depth)),
        }
    }
}

/// The format of a text whose second line begins at `start`.
fn read_on(text: &[u8], start: usize, depth: usize) -> Format {
    let text = &text[..text.len().min(start + SNIFF_BYTES)];
    let whole = check(text, depth);
    if whole.is_ok() || is_cut_off(whole.err()) { Format::Concat } else { Format::Ndjson }
}

/// The text so far is the beginning of a value.
fn is_cut_off(fault: Option<super::Fault>) -> bool {
    fault.is_some_and(|f| f.reason == Reason::UnexpectedEnd)
}
