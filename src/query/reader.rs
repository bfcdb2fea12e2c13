//! Records against a query, one at a time or as those of an input of any length. All memory is used again.

use super::{Ask, Judge, Query};
use crate::limits::{Limits, WINDOW};
use crate::scan::{Format, Found, Frames, Place, Reading, Source};
use crate::span::Span;
use crate::tape::{Grammar, Reader, Tape};

/// A record that was selected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Match {
    /// Its number, from 0, since the reader was begun; none where records before it were passed over unread.
    pub record: Option<u64>,
    /// The byte of the input at which it begins.
    pub offset: u64,
    /// Its line, from 1, where the format goes by lines.
    pub line: Option<u64>,
    /// Where it ends in [`QueryReader::body`], its line break not included.
    pub end: usize,
}

/// Holds records against a [`Query`].
#[derive(Debug)]
pub struct QueryReader {
    query: Query,
    limits: Limits,
    source: Source,
    frames: Frames,
    tape: Tape,
    judge: Judge,
    invert: bool,
    pass_over: bool,
    found: Vec<Match>,
    body: Vec<u8>,
    records: u64,
    broken: u64,
    /// Bytes of the records so far: of those that hold all literals, and of all.
    hits: (u64, u64),
}

impl QueryReader {
    /// A reader with the default limits on records.
    pub fn new(query: &Query) -> QueryReader {
        QueryReader {
            query: query.clone(),
            limits: Limits::default(),
            source: Source::default(),
            frames: Frames::default(),
            tape: Tape::default(),
            judge: Judge::default(),
            invert: false,
            pass_over: false,
            found: Vec::new(),
            body: Vec::new(),
            records: 0,
            broken: 0,
            hits: (0, 0),
        }
    }

    /// Selects the records that do not match instead.
    pub fn invert(&mut self, invert: bool) {
        self.invert = invert;
    }

    /// Lines that cannot match by their bytes alone need not be read: whether they are records is not found out then.
    pub fn pass_over(&mut self, pass_over: bool) {
        self.pass_over = pass_over;
    }

    /// Room for the next `len` bytes, to be written by the caller.
    pub fn input(&mut self, len: usize) -> &mut [u8] {
        self.source.room(len)
    }

    /// Whether the `len` bytes written to [`QueryReader::input`] are one record that is selected; what is no JSON is not.
    ///
    /// # Panics
    /// If there was no room for them.
    pub fn one(&mut self, len: usize) -> bool {
        self.begin(Format::Json);
        self.source.restart_with(len);
        self.drain(true);
        !self.found.is_empty()
    }

    /// Begins an input: no records so far.
    pub fn begin(&mut self, format: Format) {
        self.source.clear();
        self.frames.begin(format);
        self.found.clear();
        self.body.clear();
        (self.records, self.broken) = (0, 0);
    }

    /// Reads the records that end within the `len` bytes written to [`QueryReader::input`], which may be cut anywhere.
    ///
    /// # Panics
    /// If there was no room for them.
    pub fn take(&mut self, len: usize) {
        self.source.add(len);
        self.drain(false);
    }

    /// Takes a chunk of the input: [`QueryReader::input`] and [`QueryReader::take`] in one.
    pub fn push(&mut self, chunk: &[u8]) {
        self.input(chunk.len()).copy_from_slice(chunk);
        self.take(chunk.len());
    }

    /// Ends the input: what is still buffered is its last record. A call like the others: what
    /// it selected stands alone.
    pub fn end(&mut self) {
        self.drain(true);
        self.source.clear();
        self.frames.begin(Format::Auto);
    }

    /// What the last call selected.
    pub fn matches(&self) -> &[Match] {
        &self.found
    }

    /// The records that the last call selected, as they were, each with a line break behind it.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Records read since the input began, and how many of them are none.
    pub fn counts(&self) -> (u64, u64) {
        (self.records, self.broken)
    }

    fn drain(&mut self, last: bool) {
        self.found.clear();
        self.body.clear();
        self.frames.more();
        let query = self.query.clone();
        let (clauses, asks) = (&query.program.clauses, &query.compiled.asks);
        let Some(Ask { plan, .. }) = asks.first() else { return };
        let skips = self.pass_over && !self.invert;
        let key = clauses.first().filter(|clause| clause.len() == 1).and_then(|clause| clause.first());
        // Up to here, the text at hand does not hold it.
        let mut clear = 0;
        let mut ahead = !clauses.is_empty();
        loop {
            // Looking ahead pays as long as most of the text holds nothing of what is looked for.
            ahead &= self.hits.0 * 4 <= self.hits.1 + WINDOW as u64;
            let reader: &mut dyn Reader = if ahead { &mut Grammar } else { &mut self.tape };
            let reading = Reading { plan, limits: &self.limits, last };
            let found = match key.filter(|_| skips) {
                Some(key) => self.frames.next_with(&mut self.source, &reading, reader, &|text| key.find(text, 0)),
                None => self.frames.next(&mut self.source, &reading, reader),
            };
            let Some(found) = found else { break };
            self.records += 1;
            match found {
                Found::Record { span, at, .. } => {
                    if let Some(key) = key.filter(|_| !skips && clear <= span.start) {
                        let text = self.source.text();
                        clear = key.find_plain(text, span.start).unwrap_or(text.len());
                    }
                    let holds_key = key.is_none() || skips || clear < span.end || self.frames.may_hold_unicode(span);
                    if self.decide(ahead, holds_key, span) != self.invert {
                        self.select(span, at);
                    }
                }
                Found::Broken { .. } => self.broken += 1,
            }
        }
    }

    /// Whether a record matches. `ahead`: nothing was asked of it.
    fn decide(&mut self, ahead: bool, holds_key: bool, span: Span) -> bool {
        let bytes = self.source.bytes();
        if !ahead && holds_key {
            return self.judge.holds(&self.query, bytes, span, &self.tape);
        }
        let length = (span.end - span.start) as u64;
        self.hits.1 += length;
        if !holds_key || !self.query.may_match(span.of(bytes)) {
            return false;
        }
        self.hits.0 += length;
        self.judge.read(&self.query, bytes, span)
    }

    fn select(&mut self, span: Span, at: Place) {
        self.body.extend_from_slice(span.of(self.source.bytes()));
        let line = (at.line > 0).then_some(at.line);
        let counted = line.is_none() || !self.pass_over || self.invert;
        let record = counted.then_some(self.records - 1);
        self.found.push(Match { record, offset: at.offset, line, end: self.body.len() });
        self.body.push(b'\n');
    }
}
