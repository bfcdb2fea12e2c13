//! Chunks to records: where one ends and the next begins.

use super::doubt::Doubt;
use super::extent::Extent;
use super::sniff::Sniff;
use super::{Fault, Format, Index, Reason, Source, check, is_space};
use crate::limits::{BLANKS, Limits, WINDOW};
use crate::plan::Plan;
use crate::span::Span;
use crate::tape::{Reader, Text, Walk};

/// What stands next in the input.
#[derive(Debug, PartialEq)]
pub(crate) enum Found {
    /// A record, valid, read by the reader at hand. `breaks`: line breaks stand between its tokens.
    Record { span: Span, breaks: bool, at: Place },
    /// A record that is none, or that may not be one.
    Broken { reason: Reason, fault: u64, length: u64, text: Option<Span>, at: Place },
}

/// Where a record begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// Byte of the input, from 0.
    pub(crate) offset: u64,
    /// Line of the input, from 1; 0 unless the format goes by lines.
    pub(crate) line: u64,
}

/// Finds the records of one input after the other.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    format: Format,
    /// The format was found out, not told.
    pub(super) guessed: bool,
    /// Where the next line begins in which something was found, of those that are passed over without; 0: nobody knows.
    pub(super) found: u64,
    /// A broken line that may begin more than a line.
    pub(super) doubt: Option<Doubt>,
    sniff: Sniff,
    begun: bool,
    pub(super) line: u64,
    pub(super) index: Index,
    /// The index covers the buffer up to here (NDJSON: whole lines).
    pub(super) indexed: usize,
    /// Up to this offset of the input there is no line break after the record's start.
    pub(super) searched: u64,
    /// An unfinished value: its extent, and how much of it has been fed.
    extent: Option<(Extent, u64)>,
    pub(super) skip: Option<Skip>,
    array: Array,
}

/// A stretch that is passed over; its bytes need not be kept.
#[derive(Debug)]
pub(super) struct Skip {
    at: Place,
    reason: Reason,
    fault: u64,
    /// Bytes already dropped from the buffer.
    dropped: u64,
    /// It goes to the end of the input, not of the record.
    to_end: bool,
}

/// What may come next in an array of records.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Array {
    #[default]
    Open,
    ValueOrEnd,
    Value,
    CommaOrEnd,
    Closed,
}

/// What the framing needs of the pipeline.
pub(crate) struct Reading<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) limits: &'a Limits,
    /// No more bytes will come for this input.
    pub(crate) last: bool,
}

impl Frames {
    /// Begins an input.
    pub(crate) fn begin(&mut self, format: Format) {
        let index = std::mem::take(&mut self.index);
        *self = Frames { format, index, line: 1, ..Frames::default() };
    }

    /// To be called when the buffer has got more bytes.
    pub(crate) fn more(&mut self) {
        self.indexed = 0;
    }

    /// The records stand on lines, and nothing else is at hand.
    pub(super) fn goes_by_lines(&self) -> bool {
        self.begun && self.format == Format::Ndjson && self.doubt.is_none() && self.skip.is_none()
    }

    /// Whether an escape by number may stand in the record that was found last.
    pub(crate) fn may_hold_unicode(&self, span: Span) -> bool {
        self.index.may_hold_unicode(span.start, span.end)
    }

    /// The next record; none if more bytes are needed first, or there is none.
    pub(crate) fn next(
        &mut self,
        source: &mut Source,
        reading: &Reading<'_>,
        reader: &mut dyn Reader,
    ) -> Option<Found> {
        reader.clear();
        if !self.begun && !self.begin_text(source, reading) {
            return None;
        }
        if self.skip.is_some() {
            let skip = self.skip.take()?;
            let found = self.skip_on(skip, source, reading);
            if found.is_some() || self.skip.is_some() {
                return found;
            }
        }
        match self.format {
            Format::Ndjson => self.next_line(source, reading, reader),
            Format::Json => self.only(source, reading, reader),
            Format::Array => self.next_element(source, reading, reader),
            Format::Concat | Format::Auto | Format::Values => {
                source.skip_space();
                self.next_value(source, reading, reader)
            }
        }
    }

    /// Byte order mark, leading white space, the format if it is to be found out. False: not enough bytes yet.
    #[inline(never)]
    fn begin_text(&mut self, source: &mut Source, reading: &Reading<'_>) -> bool {
        const BOM: &[u8] = b"\xEF\xBB\xBF";
        if source.start == 0 && source.base == 0 {
            let left = source.left();
            if left.starts_with(BOM) {
                source.start = BOM.len();
            } else if !reading.last && BOM.starts_with(left) {
                return false;
            }
        }
        if matches!(self.format, Format::Auto | Format::Values) {
            self.line += source.skip_space();
            match self.sniff.look(source.left(), reading.limits, reading.last) {
                Some(Format::Array) if self.format == Format::Values => self.format = Format::Concat,
                Some(format) => (self.format, self.guessed) = (format, true),
                None => return false,
            }
        }
        self.begun = true;
        true
    }

    // One record

    #[inline(never)]
    fn only(&mut self, source: &mut Source, reading: &Reading<'_>, reader: &mut dyn Reader) -> Option<Found> {
        source.skip_space();
        if too_long(source.left(), reading.limits) {
            self.skip_from(source, Reason::TooLong, reading, true);
            return self.skip.take().and_then(|skip| self.skip_on(skip, source, reading));
        }
        if !reading.last || source.left().is_empty() {
            return None;
        }
        let (start, end) = (source.start, source.end);
        let place = Place { offset: source.offset(start), line: 0 };
        source.start = end;
        Some(self.settle(source, start, end, reading, reader, place))
    }

    // Arrays of records

    #[inline(never)]
    fn next_element(&mut self, source: &mut Source, reading: &Reading<'_>, reader: &mut dyn Reader) -> Option<Found> {
        loop {
            source.skip_space();
            let byte = source.left().first().copied();
            let (next, reason) = match (self.array, byte) {
                (Array::Closed, None) => return None,
                (Array::Open, None) => return None, // nothing at all
                (_, None) if reading.last => (None, Reason::UnexpectedEnd),
                (_, None) => return None,
                (Array::Open, Some(b'[')) => (Some(Array::ValueOrEnd), Reason::ExpectedArray),
                (Array::Open, _) => (None, Reason::ExpectedArray),
                (Array::ValueOrEnd | Array::CommaOrEnd, Some(b']')) => (Some(Array::Closed), Reason::ExpectedValue),
                (Array::CommaOrEnd, Some(b',')) => (Some(Array::Value), Reason::ExpectedValue),
                (Array::CommaOrEnd, _) => (None, Reason::ExpectedCommaOrEnd),
                (Array::Closed, _) => (None, Reason::TrailingContent),
                (Array::ValueOrEnd | Array::Value, _) => {
                    let found = self.next_value(source, reading, reader);
                    // What is broken may have closed it already.
                    if (found.is_some() || self.skip.is_some()) && self.array != Array::Closed {
                        self.array = Array::CommaOrEnd;
                    }
                    return found;
                }
            };
            match next {
                Some(next) => {
                    self.array = next;
                    source.start += 1;
                }
                None => {
                    self.array = Array::Closed;
                    self.skip_from(source, reason, reading, true);
                    return self.skip.take().and_then(|skip| self.skip_on(skip, source, reading));
                }
            }
        }
    }

    // Values one after the other

    #[inline(never)]
    fn next_value(&mut self, source: &mut Source, reading: &Reading<'_>, reader: &mut dyn Reader) -> Option<Found> {
        let start = source.start;
        if start == source.end {
            return None;
        }
        let place = Place { offset: source.offset(start), line: 0 };
        if self.extent.is_none()
            && let Some(end) = self.quick(source, reading, reader)
        {
            let Walk::Whole { end, breaks } = end else {
                return None;
            };
            source.start = end;
            return Some(Found::Record { span: Span { start, end }, breaks, at: place });
        }
        // It is broken, or not all here: its extent decides which.
        let (mut extent, fed) = self.extent.take().unwrap_or((Extent::default(), place.offset));
        let from = (fed - source.base) as usize;
        let end = match extent.feed(&source.bytes[from..source.end]) {
            Some(len) => from + len,
            None if reading.last => source.end,
            None => {
                self.extent = Some((extent, source.offset(source.end)));
                if too_long(source.left(), reading.limits) {
                    self.skip_from(source, Reason::TooLong, reading, false);
                }
                return None;
            }
        };
        let found = self.settle(source, start, end, reading, reader, place);
        source.start = end;
        if let Found::Broken { reason, fault, .. } = found
            && reason != Reason::TooLong
        {
            source.start = start;
            return self.withhold_rest(source, reason, fault, reading);
        }
        Some(found)
    }

    /// Walks ahead without knowing where the record ends. None: that did not do.
    fn quick(&mut self, source: &Source, reading: &Reading<'_>, reader: &mut dyn Reader) -> Option<Walk> {
        let start = source.start;
        let mut window = WINDOW;
        loop {
            if start >= self.indexed {
                self.indexed = source.end.min(start + window);
                self.index.build(&source.bytes, start, self.indexed);
            }
            let text = Text { bytes: &source.bytes, index: &self.index, end: self.indexed, lines: false };
            let walked = reader.read(text, reading.plan, reading.limits.depth, start);
            if let Walk::Whole { end, .. } = walked {
                // A number or literal ends where something else begins.
                let closed = matches!(source.bytes[end - 1], b'}' | b']' | b'"');
                let delimited = match source.bytes.get(end) {
                    _ if closed => true,
                    _ if end == self.indexed => reading.last && end == source.end,
                    Some(b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[' | b']' | b'{' | b'}' | b'"') => true,
                    _ => false,
                };
                if delimited {
                    let fits = end - start <= reading.limits.record_bytes;
                    return (fits && self.cleared(&source.bytes, start, end, reading)).then_some(walked);
                }
            }
            if self.indexed == source.end {
                return None;
            }
            window = (self.indexed - start) * 2;
            self.indexed = 0;
        }
    }

    /// A record, or what is wrong with it: its extent is known.
    #[inline(never)]
    pub(super) fn settle(
        &mut self,
        source: &Source,
        start: usize,
        end: usize,
        reading: &Reading<'_>,
        reader: &mut dyn Reader,
        place: Place,
    ) -> Found {
        if !too_long(&source.bytes[start..end], reading.limits) {
            self.index.build(&source.bytes, start, end);
            self.indexed = 0;
            let text = Text { bytes: &source.bytes, index: &self.index, end, lines: false };
            let walked = reader.read(text, reading.plan, reading.limits.depth, start);
            if let Walk::Whole { end: value_end, breaks } = walked
                && source.bytes[value_end..end].iter().all(is_space)
                && self.cleared(&source.bytes, start, value_end, reading)
            {
                return Found::Record { span: Span { start, end: value_end }, breaks, at: place };
            }
        }
        judge(source, start, end, reading, place)
    }

    /// Whether the reference has nothing against a record that the kernel had a doubt about.
    #[inline(always)]
    pub(super) fn cleared(&self, bytes: &[u8], start: usize, end: usize, reading: &Reading<'_>) -> bool {
        !self.index.is_suspect(start, end) || check(&bytes[start..end], reading.limits.depth) == Ok(end - start)
    }

    // What is passed over

    /// All from here on is one broken record: what follows from its fault would be noise, or worse, records that are none.
    pub(super) fn withhold_rest(
        &mut self,
        source: &mut Source,
        reason: Reason,
        fault: u64,
        reading: &Reading<'_>,
    ) -> Option<Found> {
        self.skip_from(source, reason, reading, true);
        let skip = self.skip.take().map(|skip| Skip { fault, ..skip })?;
        self.skip_on(skip, source, reading)
    }

    #[inline(never)]
    pub(super) fn skip_from(&mut self, source: &Source, reason: Reason, reading: &Reading<'_>, to_end: bool) {
        let offset = source.offset(source.start);
        let line = if self.format == Format::Ndjson { self.line } else { 0 };
        let fault = if reason == Reason::TooLong { offset + reading.limits.record_bytes as u64 } else { offset };
        self.skip = Some(Skip { at: Place { offset, line }, reason, fault, dropped: 0, to_end });
        self.indexed = 0;
    }

    /// Goes on passing over. Gives the record once its end is reached; puts `skip` back where it is not.
    #[inline(never)]
    pub(super) fn skip_on(&mut self, mut skip: Skip, source: &mut Source, reading: &Reading<'_>) -> Option<Found> {
        let left = source.left();
        let end = if skip.to_end {
            None
        } else if self.format == Format::Ndjson {
            left.iter().position(|&b| b == b'\n')
        } else if let Some((extent, fed)) = &mut self.extent {
            let from = (*fed - source.base) as usize - source.start;
            *fed = source.base + source.end as u64;
            extent.feed(&left[from..]).map(|len| from + len)
        } else {
            None
        };
        let here = end.unwrap_or(left.len());
        if end.is_none() && !reading.last {
            // Kept as long as it may still be handed over whole.
            if skip.dropped > 0 || skip.reason == Reason::TooLong || here > reading.limits.record_bytes {
                skip.dropped += here as u64;
                source.start = source.end;
            }
            self.skip = Some(skip);
            return None;
        }
        let length = skip.dropped + here as u64;
        let whole = skip.dropped == 0 && skip.reason != Reason::TooLong && here <= reading.limits.record_bytes;
        let text = whole.then_some(Span { start: source.start, end: source.start + here });
        source.start += here;
        self.extent = None;
        self.searched = 0;
        if skip.to_end {
            self.array = Array::Closed;
        }
        Some(Found::Broken { reason: skip.reason, fault: skip.fault, length, text, at: skip.at })
    }
}

/// What is wrong with `start..end`, which should be a record and is not, or is too long.
#[cold]
#[inline(never)]
pub(super) fn judge(source: &Source, start: usize, end: usize, reading: &Reading<'_>, at: Place) -> Found {
    let text = &source.bytes[start..end];
    if too_long(text, reading.limits) {
        let fault = at.offset + reading.limits.record_bytes as u64;
        return Found::Broken { reason: Reason::TooLong, fault, length: text.len() as u64, text: None, at };
    }
    let text = trim_end(text);
    let fault = match check(text, reading.limits.depth) {
        Err(fault) => fault,
        Ok(read) => {
            let more = read + text[read..].iter().take_while(|b| is_space(b)).count();
            let reason = if more < text.len() { Reason::TrailingContent } else { Reason::Inconsistent };
            Fault { reason, at: more }
        }
    };
    let span = Span { start, end: start + text.len() };
    let (reason, fault) = (fault.reason, at.offset + fault.at as u64);
    Found::Broken { reason, fault, length: text.len() as u64, text: Some(span), at }
}

/// Whether a record, or what there is of it so far, is over the limit. White space behind it does not count, up to a point.
pub(super) fn too_long(text: &[u8], limits: &Limits) -> bool {
    let most = limits.record_bytes;
    text.len() > most && (text.len() > most + BLANKS || trim_end(text).len() > most)
}

fn trim_end(text: &[u8]) -> &[u8] {
    &text[..text.iter().rposition(|b| !is_space(b)).map_or(0, |at| at + 1)]
}

/// How many blanks (no line breaks) stand at the start of `bytes`.
#[inline(always)]
pub(super) fn blanks(bytes: &[u8]) -> usize {
    if bytes.first() == Some(&b'\n') {
        return 0;
    }
    bytes.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count()
}
