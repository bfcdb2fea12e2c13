//! NDJSON: a record a line.

use super::doubt::{Doubt, Verdict};
use super::frame::{Found, Frames, Place, Reading, blanks, judge, too_long};
use super::kernel::{Pair, count};
use super::{Reason, Source};
use crate::limits::WINDOW;
use crate::span::Span;
use crate::tape::{Reader, Text, Walk};

impl Frames {
    pub(super) fn next_line(
        &mut self,
        source: &mut Source,
        reading: &Reading<'_>,
        reader: &mut dyn Reader,
    ) -> Option<Found> {
        if self.doubt.is_some() {
            return self.resolve(source, reading, reader);
        }
        self.line += source.skip_space();
        let start = source.start;
        if start >= self.indexed && !self.index_lines(source, reading) {
            return None;
        }
        let text = Text { bytes: &source.bytes, index: &self.index, end: self.indexed, lines: true };
        let walked = reader.read(text, reading.plan, reading.limits.depth, start);
        let place = Place { offset: source.offset(start), line: self.line };
        if let Walk::Whole { end, breaks } = walked {
            let line_end = end + blanks(&source.bytes[end..]);
            let whole = source.bytes[line_end] == b'\n' && !too_long(&source.bytes[start..line_end], reading.limits);
            if whole && self.cleared(&source.bytes, start, end, reading) {
                self.end_line(source, line_end);
                return Some(Found::Record { span: Span { start, end }, breaks, at: place });
            }
        }
        let rest = &source.bytes[start..self.indexed];
        let line_end = start + rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
        let found = judge(source, start, line_end, reading, place);
        if self.guessed && !matches!(found, Found::Broken { reason: Reason::TooLong, .. }) {
            self.doubt = Doubt::of(&source.bytes[start..line_end]);
            if self.doubt.is_some() {
                return self.resolve(source, reading, reader);
            }
        }
        self.end_line(source, line_end);
        Some(found)
    }

    /// The next record, as by [`Frames::next`]; of lines, only one that `find` finds something in: all before it are passed
    /// over, be they records or not.
    pub(crate) fn next_with(
        &mut self,
        source: &mut Source,
        reading: &Reading<'_>,
        reader: &mut dyn Reader,
        find: &dyn Fn(&[u8]) -> Option<usize>,
    ) -> Option<Found> {
        // The first call finds out what the format is.
        if !self.goes_by_lines() || self.doubt.is_some() {
            return self.next(source, reading, reader);
        }
        reader.clear();
        let left = source.left();
        let lines_end = left.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
        let end = if reading.last { left.len() } else { lines_end };
        if end == 0 {
            // A line that is not all here; what is too long of it is dropped.
            return self.next(source, reading, reader);
        }
        let here = source.offset(source.start);
        if self.found <= here {
            self.found = here + find(&left[..end]).map_or(end, |at| line_start(left, at)) as u64;
        }
        let mut start = ((self.found - here) as usize).min(end);
        if self.guessed {
            start = whole_lines(left, start, reading.last);
        }
        self.line += breaks(&left[..start]);
        source.start += start;
        if start == end {
            return None;
        }
        if self.guessed {
            return self.next(source, reading, reader);
        }
        self.line += source.skip_space();
        let start = source.start;
        let line_end = line_end(source.text(), start);
        let place = Place { offset: source.offset(start), line: self.line };
        let found = self.settle(source, start, line_end, reading, reader, place);
        self.end_line(source, line_end);
        Some(found)
    }

    /// What becomes of a broken line that leaves something open, where nobody said that the records go by lines.
    #[cold]
    #[inline(never)]
    fn resolve(&mut self, source: &mut Source, reading: &Reading<'_>, reader: &mut dyn Reader) -> Option<Found> {
        let start = source.start;
        let place = Place { offset: source.offset(start), line: self.line };
        let verdict = self.doubt.as_mut()?.look(source.left(), reading.limits, reading.last);
        if verdict == Verdict::Wait {
            return None;
        }
        self.doubt = None;
        let line_end = |from: usize| {
            source.bytes[from..source.end].iter().position(|&b| b == b'\n').map_or(source.end, |len| from + len)
        };
        let (found, line_end) = match verdict {
            Verdict::Value(len) => {
                let end = start + len;
                (self.settle(source, start, end, reading, reader, place), line_end(end))
            }
            Verdict::Rest(len) => {
                let found = judge(source, start, source.end.min(start + len + 1), reading, place);
                if let Found::Broken { reason, fault, .. } = found {
                    return self.withhold_rest(source, reason, fault, reading);
                }
                (found, source.end)
            }
            Verdict::TooLong => {
                self.skip_from(source, Reason::TooLong, reading, true);
                return self.skip.take().and_then(|skip| self.skip_on(skip, source, reading));
            }
            _ => {
                let end = line_end(start);
                (judge(source, start, end, reading, place), end)
            }
        };
        self.line += breaks(&source.bytes[start..line_end]);
        self.end_line(source, line_end);
        self.indexed = 0;
        Some(found)
    }

    fn end_line(&mut self, source: &mut Source, line_end: usize) {
        source.start = (line_end + 1).min(source.end);
        self.line += 1;
    }

    /// Indexes some whole lines. False: there is none yet.
    #[inline(never)]
    fn index_lines(&mut self, source: &mut Source, reading: &Reading<'_>) -> bool {
        let (start, end) = (source.start, source.end);
        if start == end {
            return false;
        }
        let from = start.max((self.searched.saturating_sub(source.base)) as usize).min(end);
        let window = end.min(from + WINDOW);
        let near = source.bytes[from..window].iter().rposition(|&b| b == b'\n').map(|i| from + i);
        let line_end = near.or_else(|| source.bytes[window..end].iter().position(|&b| b == b'\n').map(|i| window + i));
        self.indexed = match line_end {
            Some(at) => at + 1,
            None if reading.last => end,
            None => {
                self.searched = source.offset(end);
                if too_long(source.left(), reading.limits) {
                    self.skip_from(source, Reason::TooLong, reading, false);
                }
                return false;
            }
        };
        self.index.build(&source.bytes, start, self.indexed);
        true
    }
}

/// How many line breaks a text holds.
fn breaks(text: &[u8]) -> u64 {
    let (blocks, rest) = text.as_chunks();
    count(blocks, b'\n') + rest.iter().filter(|&&b| b == b'\n').count() as u64
}

/// Where the next line break stands; the text's end if there is none.
fn line_end(text: &[u8], from: usize) -> usize {
    Pair { bytes: [b'\n'; 2], distance: 0 }.find::<false>(text, from).unwrap_or(text.len())
}

/// Where the line begins that the byte at `at` stands on.
fn line_start(text: &[u8], at: usize) -> usize {
    let mut end = at;
    for part in text[..at].rchunks(64) {
        if part.contains(&b'\n') {
            return end - part.iter().rev().take_while(|byte| **byte != b'\n').count();
        }
        end -= part.len();
    }
    0
}

/// How far up to `most` a text is lines none of which can be the beginning of a longer value: each an object's, as far as
/// its first and last bytes tell, and the next one begins with a brace, which cannot follow within a value.
fn whole_lines(text: &[u8], most: usize, last: bool) -> usize {
    let mut start = 0;
    while start < most {
        let end = line_end(&text[..most], start);
        let next = (end + 1).min(text.len());
        let line = text[start..end].trim_ascii();
        let follows = match text[next..].trim_ascii_start().first() {
            Some(byte) => *byte == b'{',
            None => last,
        };
        let is_whole = line.is_empty() || (line.starts_with(b"{") && line.ends_with(b"}") && follows);
        if !is_whole {
            return start;
        }
        start = next;
    }
    most
}
