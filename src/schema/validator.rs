//! Documents against a schema, one at a time or as records of an input of any length. All memory is used again.

use super::Schema;
use super::finding::Finding;
use super::judge::{Hasty, Judge};
use super::output::{self, Output};
use crate::limits::Limits;
use crate::plan::Plan;
use crate::scan::{Format, Found, Frames, Place, Reading, Reason, Source};
use crate::tape::{Cursor, Tape};

/// Checks documents against a [`Schema`].
///
/// ```
/// use logweir::{Schema, SchemaOptions, Validator};
/// let schema = Schema::compile(r#"{ "properties": { "id": { "type": "integer" } } }"#, &SchemaOptions::default())?;
/// let mut validator = Validator::new(&schema);
/// let document = br#"{"id":"7"}"#;
/// validator.input(document.len()).copy_from_slice(document);
/// let findings = validator.findings(document.len());
/// assert_eq!((findings[0].code, findings[0].instance.as_str()), ("V101", "/id"));
/// assert_eq!(findings[0].expected, "an integer");
/// # Ok::<(), logweir::Problems>(())
/// ```
#[derive(Debug)]
pub struct Validator {
    schema: Schema,
    limits: Limits,
    everything: Plan,
    source: Source,
    frames: Frames,
    tape: Tape,
    judge: Judge,
    /// How many findings of a document or record are told.
    findings: usize,
    verdicts: Vec<Verdict>,
    records: u64,
    valid: u64,
}

/// What becomes of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Verdict {
    /// Its number in the input, from 0.
    pub record: u64,
    /// The byte of the input at which it begins.
    pub offset: u64,
    /// Its line, from 1, where the format goes by lines.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub line: Option<u64>,
    /// Whether it is JSON and fits the schema.
    pub valid: bool,
    /// What is wrong with it, as much of it as was asked for.
    pub findings: Vec<Finding>,
}

impl Validator {
    /// A validator with the default limits on records.
    pub fn new(schema: &Schema) -> Validator {
        Validator::with_limits(schema, Limits::default())
    }

    /// A validator with limits of its own on the length (`record_bytes`) and `depth` of documents.
    pub fn with_limits(schema: &Schema, limits: Limits) -> Validator {
        Validator {
            schema: schema.clone(),
            limits,
            everything: Plan::everything(),
            source: Source::default(),
            frames: Frames::default(),
            tape: Tape::default(),
            judge: Judge::default(),
            findings: usize::MAX,
            verdicts: Vec::new(),
            records: 0,
            valid: 0,
        }
    }

    /// Room for the next `len` bytes, to be written by the caller.
    pub fn input(&mut self, len: usize) -> &mut [u8] {
        self.source.room(len)
    }

    // One document

    /// Whether the `len` bytes written to [`Validator::input`] are one document that fits the schema.
    ///
    /// # Panics
    /// If there was no room for them; as do the three that follow.
    pub fn is_valid(&mut self, len: usize) -> bool {
        matches!(self.read(len), Some((Found::Record { .. }, true)))
    }

    /// The first thing that is wrong with the document.
    pub fn first(&mut self, len: usize) -> Option<Finding> {
        self.document(len, 1).pop()
    }

    /// What is wrong with the document, as much of it as is to be told.
    pub fn findings(&mut self, len: usize) -> Vec<Finding> {
        self.document(len, self.findings)
    }

    /// What there is to say of the document in a format of the specification, as JSON: errors, or annotations.
    /// A document that is no JSON is one error.
    pub fn output(&mut self, len: usize, output: Output) -> String {
        self.restart_with(len);
        let reading = Reading { plan: &self.everything, limits: &self.limits, last: true };
        let found = self.frames.next(&mut self.source, &reading, &mut self.tape);
        let value = Cursor::root(self.source.bytes(), &self.tape);
        let (Some(Found::Record { .. }), Some(value)) = (&found, value) else {
            return output::broken(&no_json(found), output);
        };
        let valid = self.judge.holds(&self.schema, value);
        if output != Output::Flag {
            self.judge.trace(&self.schema, value, valid, usize::MAX);
        }
        output::write(&self.schema.compiled, self.judge.traced(), value, valid, output)
    }

    fn document(&mut self, len: usize, most: usize) -> Vec<Finding> {
        match self.read(len) {
            Some((Found::Record { .. }, true)) => Vec::new(),
            _ if most == 0 => Vec::new(),
            Some((Found::Record { .. }, false)) => self.tell(most),
            found => vec![no_json(found.map(|(found, _)| found))],
        }
    }

    /// Reads the one document of an input, and checks it.
    fn read(&mut self, len: usize) -> Option<(Found, bool)> {
        self.restart_with(len);
        self.next(true)
    }

    fn restart_with(&mut self, len: usize) {
        self.frames.begin(Format::Json);
        self.source.restart_with(len);
        self.frames.more();
    }

    // Records of an input

    /// How many findings of a document or record are told: 0 for none, 1 for the first, or more, up to a limit.
    pub fn tell_findings(&mut self, most: usize) {
        self.findings = most;
    }

    /// Begins an input: no records so far.
    pub fn begin(&mut self, format: Format) {
        self.source.clear();
        self.frames.begin(format);
        self.verdicts.clear();
        (self.records, self.valid) = (0, 0);
    }

    /// Checks the records that end within the `len` bytes written to [`Validator::input`], which may be cut anywhere.
    ///
    /// # Panics
    /// If there was no room for them.
    pub fn take(&mut self, len: usize) {
        self.source.add(len);
        self.drain(false);
    }

    /// Takes a chunk of the input: [`Validator::input`] and [`Validator::take`] in one.
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

    /// The verdicts of the last call, one for each record.
    pub fn verdicts(&self) -> &[Verdict] {
        &self.verdicts
    }

    /// Records since the input began, and how many of them are valid.
    pub fn counts(&self) -> (u64, u64) {
        (self.records, self.valid)
    }

    fn drain(&mut self, last: bool) {
        self.verdicts.clear();
        self.frames.more();
        loop {
            let (at, findings) = match self.next(last) {
                None => break,
                Some((Found::Record { at, .. }, true)) => (at, None),
                Some((Found::Record { at, .. }, false)) => (at, Some(self.tell(self.findings))),
                Some((Found::Broken { reason, fault, at, .. }, _)) => (
                    at,
                    Some(vec![Finding::of_broken(reason, fault, at)])
                        .map(|all| all.into_iter().take(self.findings).collect()),
                ),
            };
            let (valid, findings) = (findings.is_none(), findings.unwrap_or_default());
            let line = (at.line > 0).then_some(at.line);
            self.verdicts.push(Verdict { record: self.records, offset: at.offset, line, valid, findings });
            self.records += 1;
            self.valid += u64::from(valid);
        }
    }

    /// The next record, and whether it fits.
    fn next(&mut self, last: bool) -> Option<(Found, bool)> {
        let Validator { schema, everything, limits, source, frames, tape, judge, .. } = self;
        let reading = Reading { plan: everything, limits, last };
        let mut reader = Hasty { schema, judge, tape, fits: false };
        let found = frames.next(source, &reading, &mut reader)?;
        let fits = reader.fits
            || match found {
                Found::Record { .. } => {
                    Cursor::root(source.bytes(), tape).is_some_and(|value| judge.holds(schema, value))
                }
                Found::Broken { .. } => false,
            };
        Some((found, fits))
    }

    #[cold]
    fn tell(&mut self, most: usize) -> Vec<Finding> {
        let value = Cursor::root(self.source.bytes(), &self.tape);
        value.map(|value| self.judge.findings(&self.schema, value, most)).unwrap_or_default()
    }
}

/// What is wrong with a document that could not be read.
fn no_json(found: Option<Found>) -> Finding {
    match found {
        Some(Found::Broken { reason, fault, at, .. }) => Finding::of_broken(reason, fault, at),
        _ => Finding::of_broken(Reason::UnexpectedEnd, 0, Place::default()),
    }
}
