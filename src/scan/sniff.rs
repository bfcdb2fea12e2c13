//! Finds out how records stand in an input, from its first bytes.
//!
//! The answer depends on the bytes alone, not on how they are cut into chunks, and is given as early as it is certain:
//!
//! - The first line is a whole value: NDJSON if more follows. If nothing does, `[` is an array of records.
//! - `[` otherwise, also where its first line goes on for 8 MiB: an array.
//! - `{` that is whole with something else behind it on its line: concatenated.
//! - `{` whose line ends before it does: pretty-printed, if it reads on as one value, as far as 64 KiB behind that
//!   line; else NDJSON with a broken first line.
//! - Anything else: NDJSON.

use super::extent::Extent;
use super::{Format, Reason, check, is_space};
use crate::limits::{Limits, SNIFF_ARRAY_BYTES, SNIFF_BYTES};

/// What has been seen so far.
#[derive(Debug, Default)]
pub(crate) struct Sniff {
    seen: usize,
    extent: Extent,
    place: Place,
}

#[derive(Debug, Default, Clone, Copy)]
enum Place {
    /// In the first value, on its first line.
    #[default]
    Value,
    /// Behind it, on the same line.
    Behind,
    /// On the lines below, all blank so far.
    Below,
    /// In a value that goes on over lines: the first ended at this place.
    Lines(usize),
}

impl Sniff {
    /// `text` is all that there is so far, without leading white space; `last`: there will be no more.
    pub(crate) fn look(&mut self, text: &[u8], limits: &Limits, last: bool) -> Option<Format> {
        let array = match text.first() {
            None => return last.then_some(Format::Ndjson),
            Some(b'[') => true,
            Some(b'{') => false,
            Some(_) => return Some(Format::Ndjson),
        };
        let text = &text[..text.len().min(limits.record_bytes)];
        let last = last || text.len() == limits.record_bytes;
        while self.seen < text.len() {
            let rest = &text[self.seen..];
            match self.place {
                Place::Value => {
                    let most = if array { SNIFF_ARRAY_BYTES } else { usize::MAX };
                    let rest = &rest[..rest.len().min(most - self.seen)];
                    let line = rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
                    if let Some(end) = self.extent.feed(&rest[..line]) {
                        self.seen += end;
                        self.place = Place::Behind;
                        continue;
                    }
                    self.seen += line;
                    if array && (line < rest.len() || self.seen == most) {
                        return Some(Format::Array);
                    }
                    if line < rest.len() {
                        if self.extent.in_string() || read_on(&text[..self.seen], limits) == Format::Ndjson {
                            return Some(Format::Ndjson);
                        }
                        self.place = Place::Lines(self.seen);
                    }
                }
                Place::Behind => match rest[0] {
                    b' ' | b'\t' | b'\r' => self.seen += 1,
                    b'\n' => self.place = Place::Below,
                    _ => return Some(if array { Format::Array } else { Format::Concat }),
                },
                Place::Below if is_space(&rest[0]) => self.seen += 1,
                Place::Below => return Some(Format::Ndjson),
                Place::Lines(first) => {
                    let reach = text.len().min(first + SNIFF_BYTES);
                    let end = self.extent.feed(&text[self.seen..reach]).map(|len| self.seen + len);
                    self.seen = reach;
                    if end.is_some() || reach == first + SNIFF_BYTES {
                        return Some(read_on(&text[..end.unwrap_or(reach)], limits));
                    }
                }
            }
        }
        match self.place {
            _ if !last => None,
            Place::Lines(_) => Some(read_on(text, limits)),
            _ => Some(if array { Format::Array } else { Format::Ndjson }),
        }
    }
}

/// The format of a text that begins a value, perhaps over several lines.
fn read_on(text: &[u8], limits: &Limits) -> Format {
    let whole = check(text, limits.depth);
    if whole.is_ok() || is_cut_off(whole.err()) { Format::Concat } else { Format::Ndjson }
}

/// The text so far is the beginning of a value.
fn is_cut_off(fault: Option<super::Fault>) -> bool {
    fault.is_some_and(|f| f.reason == Reason::UnexpectedEnd)
}
