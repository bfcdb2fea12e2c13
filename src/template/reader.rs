//! A template by itself: records in, what it makes of them out. All memory is used again.

use super::{Mode, Now, Renderer, Template};
use crate::edit::{Edits, join_lines};
use crate::limits::Limits;
use crate::plan::{Plan, PlanBuilder};
use crate::recognition::Catalog;
use crate::redact::Redacted;
use crate::scan::{Format, Found, Frames, Reading, Reason, Source};
use crate::tape::Tape;

/// A record that nothing was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its number, from 0, since the input began.
    pub record: u64,
    /// The byte of the input at which it begins.
    pub offset: u64,
    /// Its length in bytes.
    pub length: u64,
    /// Its line, from 1, where the format goes by lines.
    pub line: Option<u64>,
    /// The byte of the input at which the fault lies.
    pub at: u64,
    /// Why.
    pub reason: Reason,
}

/// Renders records by a [`Template`], one at a time or as those of an input of any length. Nothing is redacted here:
/// what goes in is the caller's own.
///
/// ```
/// use logweir::{Catalog, Now, Template, TemplateOptions, TemplateReader};
/// let template = Template::compile(r#"{"who":"{{user.name}}","at":{{now_utc}}}"#, &TemplateOptions::default())?;
/// let mut reader = TemplateReader::new(&template, &Catalog::built_in());
/// reader.now(Now::parse("2026-05-04T06:00:00Z").unwrap());
/// let record = br#"{"user":{"name":"Ana \"Q\""}}"#;
/// reader.input(record.len()).copy_from_slice(record);
/// assert!(reader.one(record.len()).is_none());
/// assert_eq!(reader.output(), br#"{"who":"Ana \"Q\"","at":1777874400000}"#);
/// # Ok::<(), logweir::Problems>(())
/// ```
#[derive(Debug)]
pub struct TemplateReader {
    renderer: Renderer,
    now: Now,
    /// It makes JSON, of each record on a line of its own.
    lines: bool,
    limits: Limits,
    nothing: Plan,
    no_edits: Edits,
    source: Source,
    frames: Frames,
    tape: Tape,
    out: Vec<u8>,
    refused: Vec<Refused>,
    records: u64,
}

impl TemplateReader {
    /// A reader with the default limits on records. It is 1970 until [`TemplateReader::now`] says otherwise.
    pub fn new(template: &Template, catalog: &Catalog) -> TemplateReader {
        TemplateReader {
            renderer: Renderer::new(template, catalog),
            now: Now::default(),
            lines: template.mode() == Mode::Json,
            limits: Limits::default(),
            nothing: PlanBuilder::default().build().unwrap_or_default(),
            no_edits: Edits::default(),
            source: Source::default(),
            frames: Frames::default(),
            tape: Tape::default(),
            out: Vec::new(),
            refused: Vec::new(),
            records: 0,
        }
    }

    /// Sets the time of rendering.
    pub fn now(&mut self, now: Now) {
        self.now = now;
    }

    /// Room for the next `len` bytes, to be written by the caller.
    pub fn input(&mut self, len: usize) -> &mut [u8] {
        self.source.room(len)
    }

    /// Renders the one record that the `len` bytes written to [`TemplateReader::input`] are; says why, if it cannot.
    ///
    /// # Panics
    /// If there was no room for them.
    pub fn one(&mut self, len: usize) -> Option<Reason> {
        self.begin(Format::Json);
        self.source.restart_with(len);
        self.drain(true, false);
        if self.records == 0 {
            let reason = Reason::UnexpectedEnd;
            let (length, at) = (len as u64, len as u64);
            self.refused.push(Refused { record: 0, offset: 0, length, line: None, at, reason });
        }
        self.refused.first().map(|refused| refused.reason)
    }

    /// Begins an input: no records so far.
    pub fn begin(&mut self, format: Format) {
        self.source.clear();
        self.frames.begin(format);
        self.clear();
        self.records = 0;
    }

    /// Renders the records that end within the `len` bytes written to [`TemplateReader::input`], which may be cut
    /// anywhere.
    ///
    /// # Panics
    /// If there was no room for them.
    pub fn take(&mut self, len: usize) {
        self.clear();
        self.source.add(len);
        self.drain(false, self.lines);
    }

    /// Ends the input: what is still buffered is its last record.
    pub fn end(&mut self) {
        self.clear();
        self.drain(true, self.lines);
        self.source.clear();
        self.frames.begin(Format::Auto);
    }

    /// What the last call made: of JSON templates and records of an input, a line each.
    pub fn output(&self) -> &[u8] {
        &self.out
    }

    /// The records that the last call made nothing of.
    pub fn refused(&self) -> &[Refused] {
        &self.refused
    }

    fn clear(&mut self) {
        self.out.clear();
        self.refused.clear();
    }

    fn drain(&mut self, last: bool, lines: bool) {
        self.frames.more();
        loop {
            let reading = Reading { plan: &self.nothing, limits: &self.limits, last };
            let Some(found) = self.frames.next(&mut self.source, &reading, &mut self.tape) else { break };
            let (at, length, fault) = match found {
                Found::Record { span, breaks, at } => {
                    let start = self.out.len();
                    let bytes = self.source.bytes();
                    let record = Redacted::without_rules(bytes, span, &self.no_edits, breaks);
                    let done = self.renderer.render(&record, &self.now, &mut self.out);
                    if lines && done.is_ok() {
                        if self.renderer.has_breaks(&record) {
                            join_lines(&mut self.out, start);
                        }
                        self.out.push(b'\n');
                    }
                    (at, span.len() as u64, done.err().map(|reason| (reason, at.offset)))
                }
                Found::Broken { reason, fault, length, at, .. } => (at, length, Some((reason, fault))),
            };
            if let Some((reason, fault)) = fault {
                let (record, offset, line) = (self.records, at.offset, (at.line > 0).then_some(at.line));
                self.refused.push(Refused { record, offset, length, line, at: fault, reason });
            }
            self.records += 1;
        }
    }
}
