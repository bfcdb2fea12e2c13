//! Records against a catalogue, one at a time or as those of an input of any length. All memory is used again.

use super::catalog::{Catalog, Schemas};
use super::written;
use crate::detect::{Ambiguous, Detected, Places, Record, Search, Strings};
use crate::document::append_segment;
use crate::limits::Limits;
use crate::part;
use crate::plan::{Plan, PlanBuilder, START};
use crate::scan::{Format, Found, Frames, Index, Place, Reading, Reason, Source};
use crate::schema::{Finding, Judge};
use crate::span::Span;
use crate::tape::{Cursor, Tape, Text, walk};

/// What is to be told of each record, besides its event type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The common fields.
    pub fields: bool,
    /// Whether its type's schema finds fault, and how many findings to tell.
    pub findings: Option<usize>,
}

/// What was found out about a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detection {
    /// Its number, from 0, since the reader was made or begun.
    pub record: u64,
    /// The byte of the input at which it begins.
    pub offset: u64,
    /// Its line, from 1, where the format goes by lines.
    pub line: Option<u64>,
    /// Its event type: the place in [`Catalog::types`]; none if no type recognises it.
    pub event_type: Option<usize>,
    /// Where in the record the event stands, an RFC 6901 pointer, which goes on into strings that hold JSON: empty if the
    /// record is the event.
    pub at: String,
    /// Why nothing can be said: the record is no JSON, or could be of several types.
    pub reason: Option<Reason>,
    /// The common fields that have a value, as a JSON object: instants in RFC 3339, lengths of time as decimal seconds
    /// in text, whole numbers of more than 15 digits and all others as text, exact. Empty if they were not wanted, or
    /// the event is unknown.
    pub fields: String,
    /// Whether the event fits its type's schema: false where nothing can be said, none where it is unknown.
    pub valid: Option<bool>,
    /// What is wrong with the event; places are counted from its own beginning.
    pub findings: Vec<Finding>,
}

/// Holds records against a [`Catalog`].
///
/// ```
/// use logweir::{Catalog, CatalogReader, Format, Wanted};
/// let catalog = Catalog::built_in();
/// let mut reader = CatalogReader::new(&catalog);
/// reader.want(Wanted { fields: true, findings: Some(1) });
/// reader.begin(Format::Ndjson);
/// reader.push(br#"{"log":{"logType":"execution_event","eventType":"failed"}}"#);
/// reader.end();
/// let found = &reader.detections()[0];
/// assert_eq!(found.event_type.and_then(|number| catalog.name(number)), Some("tray.execution"));
/// assert_eq!(found.at, "/log");
/// assert!(found.fields.contains(r#""@level":"error""#));
/// ```
#[derive(Debug)]
pub struct CatalogReader {
    catalog: Catalog,
    limits: Limits,
    /// What the search needs of a record that is the event itself, and where that stands; and what asks for everything.
    alone: Plan,
    places: Places,
    everything: Plan,
    /// The last record was no event itself: all of the next one is read at once.
    deeper: bool,
    source: Source,
    frames: Frames,
    tape: Tape,
    again: Index,
    search: Search,
    telling: Telling,
    found: Vec<Detection>,
    records: u64,
}

impl CatalogReader {
    /// A reader with the default limits on records, which tells event types alone.
    pub fn new(catalog: &Catalog) -> CatalogReader {
        let mut alone = PlanBuilder::default();
        let asked = catalog.detector().ask(0, &mut alone);
        let alone = alone.build().unwrap_or_default();
        CatalogReader {
            places: catalog.detector().places(0, &alone, asked),
            alone,
            everything: Plan::everything(),
            deeper: false,
            catalog: catalog.clone(),
            limits: Limits::default(),
            source: Source::default(),
            frames: Frames::default(),
            tape: Tape::default(),
            again: Index::default(),
            search: Search::default(),
            telling: Telling::default(),
            found: Vec::new(),
            records: 0,
        }
    }

    /// Says what is to be told from now on.
    pub fn want(&mut self, wanted: Wanted) {
        self.telling.wanted = wanted;
    }

    /// Room for the next `len` bytes, to be written by the caller.
    pub fn input(&mut self, len: usize) -> &mut [u8] {
        self.source.room(len)
    }

    /// What the `len` bytes written to [`CatalogReader::input`] are: one record.
    ///
    /// # Panics
    /// If there was no room for them.
    pub fn one(&mut self, len: usize) -> &Detection {
        self.found.clear();
        self.records = 0;
        self.frames.begin(Format::Json);
        self.source.restart_with(len);
        self.read(true);
        if self.found.is_empty() {
            let found = self.broken(Reason::UnexpectedEnd, 0, Place::default());
            self.found.push(found);
        }
        &self.found[0]
    }

    /// Begins an input: no records so far.
    pub fn begin(&mut self, format: Format) {
        self.source.clear();
        self.frames.begin(format);
        self.found.clear();
        self.records = 0;
    }

    /// Reads the records that end within the `len` bytes written to [`CatalogReader::input`], which may be cut anywhere.
    ///
    /// # Panics
    /// If there was no room for them.
    pub fn take(&mut self, len: usize) {
        self.source.add(len);
        self.drain(false);
    }

    /// Takes a chunk of the input: [`CatalogReader::input`] and [`CatalogReader::take`] in one.
    pub fn push(&mut self, chunk: &[u8]) {
        self.input(chunk.len()).copy_from_slice(chunk);
        self.take(chunk.len());
    }

    /// Ends the input: what is still buffered is its last record.
    pub fn end(&mut self) {
        self.drain(true);
        self.source.clear();
        self.frames.begin(Format::Auto);
    }

    /// What the last call found, a record each.
    pub fn detections(&self) -> &[Detection] {
        &self.found
    }

    fn drain(&mut self, last: bool) {
        self.found.clear();
        self.read(last);
    }

    fn read(&mut self, last: bool) {
        self.frames.more();
        loop {
            let is_whole = self.deeper || self.telling.wanted != Wanted::default();
            let plan = if is_whole { &self.everything } else { &self.alone };
            let reading = Reading { plan, limits: &self.limits, last };
            let Some(found) = self.frames.next(&mut self.source, &reading, &mut self.tape) else { break };
            let detection = match found {
                Found::Record { span, at, .. } => self.look(span, at, is_whole),
                Found::Broken { reason, fault, at, .. } => self.broken(reason, fault, at),
            };
            self.found.push(detection);
            self.records += 1;
        }
    }

    fn at(&self, at: Place) -> Detection {
        let line = (at.line > 0).then_some(at.line);
        Detection { record: self.records, offset: at.offset, line, ..Detection::default() }
    }

    #[cold]
    fn broken(&self, reason: Reason, fault: u64, at: Place) -> Detection {
        let mut found = Detection { reason: Some(reason), ..self.at(at) };
        if let Some(most) = self.telling.wanted.findings {
            found.valid = Some(false);
            found.findings.extend((most > 0).then(|| Finding::of_broken(reason, fault, at)));
        }
        found
    }

    /// Looks at a record that is on the tape, whole or as far as the search needs it at first.
    fn look(&mut self, span: Span, at: Place, is_whole: bool) -> Detection {
        let mut found = self.at(at);
        let (bytes, detector) = (self.source.bytes(), self.catalog.detector());
        let mut detected = Ok(None);
        if let Some(record) = Cursor::root(bytes, &self.tape).filter(|_| !is_whole) {
            let alone = Record { keys: 0, places: Some(&self.places), ..Record::whole(detector, record) };
            detected = self.search.find(alone);
            if detected == Ok(None) {
                self.tape.clear();
                self.again.build(bytes, span.start, span.end);
                let text = Text { bytes, index: &self.again, end: span.end, lines: false };
                walk(text, &self.everything, START, self.limits.depth, span.start, &mut self.tape);
            }
        }
        let Some(record) = Cursor::root(bytes, &self.tape) else { return found };
        if detected == Ok(None) {
            detected = self.search.find(Record::whole(detector, record));
        }
        self.deeper = !matches!(detected, Ok(Some(Detected { wrappers: 0, .. })));
        let detected = match detected {
            Err(Ambiguous) => return self.broken(Reason::AmbiguousEvent, at.offset, at),
            Ok(None) => return found,
            Ok(Some(detected)) => detected,
        };
        found.event_type = Some(detected.event_type);
        let mut keys: Vec<_> = self.search.keys(detected, record).map(Cursor::text).collect();
        keys.reverse();
        keys.iter().for_each(|key| append_segment(&String::from_utf8_lossy(key), &mut found.at));
        if self.telling.wanted != Wanted::default()
            && let Some(event) = self.search.event(detected, record)
        {
            self.telling.tell(&self.catalog, detected.event_type, event, &mut found);
        }
        found
    }
}

/// What there is to tell of events, and its memory.
#[derive(Debug, Default)]
struct Telling {
    wanted: Wanted,
    schemas: Schemas,
    judge: Judge,
    strings: Strings,
}

impl Telling {
    fn tell(&mut self, catalog: &Catalog, event_type: usize, event: Cursor<'_>, found: &mut Detection) {
        if let Some(of) = catalog.event_types().get(event_type).filter(|_| self.wanted.fields) {
            found.fields = written::fields(of, event, &mut self.strings);
        }
        let Some(most) = self.wanted.findings else { return };
        match self.schemas.of(catalog, event_type) {
            Some(schema) if !self.judge.holds(schema, event) => {
                found.valid = Some(false);
                found.findings = self.judge.findings(schema, event, most);
            }
            _ => found.valid = part::Schemas::get().map(|_| true),
        }
    }
}
