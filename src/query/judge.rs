//! One record against a query.

use super::place::Place;
use super::run::Record;
use super::{Query, literal};
use crate::detect::{self, Search};
use crate::limits::MAX_DEPTH;
use crate::plan::{Plan, START};
use crate::scan::Index;
use crate::span::Span;
use crate::tape::{Cursor, Kind, Tape, Text, walk};

/// What decides on a record, and its memory.
#[derive(Debug, Default)]
pub(crate) struct Judge {
    index: Index,
    tape: Tape,
    whole: Tape,
    search: Search,
}

impl Query {
    /// Whether a record may match, by its bytes alone.
    pub(crate) fn may_match(&self, raw: &[u8]) -> bool {
        literal::may_hold(&self.compiled.program.clauses, raw)
    }
}

impl Judge {
    /// Whether the record at `span` of `bytes` matches; it is known to be one.
    pub(crate) fn matches(&mut self, query: &Query, bytes: &[u8], span: Span) -> bool {
        query.may_match(span.of(bytes)) && self.read(query, bytes, span)
    }

    /// The same without a look at the bytes alone.
    pub(super) fn read(&mut self, query: &Query, bytes: &[u8], span: Span) -> bool {
        let mut tape = std::mem::take(&mut self.tape);
        self.walk(&query.compiled.plan, bytes, span, &mut tape);
        let holds = self.holds(query, bytes, span, &tape);
        self.tape = tape;
        holds
    }

    fn walk(&mut self, plan: &Plan, bytes: &[u8], span: Span, tape: &mut Tape) {
        self.index.build(bytes, span.start, span.end);
        tape.clear();
        let text = Text { bytes, index: &self.index, end: span.end, lines: false };
        walk(text, plan, START, MAX_DEPTH, span.start, tape);
    }

    /// The same, from a tape that was written for the query's plan.
    pub(super) fn holds(&mut self, query: &Query, bytes: &[u8], span: Span, tape: &Tape) -> bool {
        let compiled = &*query.compiled;
        let program = &compiled.program;
        let raw = span.of(bytes);
        let Some(root) = Cursor::root(bytes, tape) else { return false };
        let mut record = Record { raw, root, event: None };
        if !program.common && !program.paths {
            return program.holds(record);
        }
        let (detector, types) = (compiled.catalog.detector(), compiled.catalog.event_types());
        // What could be two things is neither.
        if root.kind() == Kind::Object {
            let itself = detect::Record { detector, value: root, keys: 0, places: Some(&compiled.places) };
            let found = self.search.find(itself).unwrap_or_default();
            if let Some(of) = found.and_then(|found| types.get(found.event_type)) {
                record.event = Some((of, root));
                return program.holds(record);
            }
        }
        let asks_event = program.tests.iter().any(|test| match test.place {
            Place::Everywhere => false,
            Place::Common(_) => true,
            Place::Path(_) => test.may_find(raw),
        });
        if !asks_event {
            return program.holds(record);
        }
        // There may be an event in a wrapper: that takes the whole record.
        let mut whole = std::mem::take(&mut self.whole);
        self.walk(&Plan::everything(), bytes, span, &mut whole);
        let holds = Cursor::root(bytes, &whole).is_some_and(|root| {
            let found = self.search.find(detect::Record::whole(detector, root)).unwrap_or_default();
            let event = found.and_then(|found| Some((types.get(found.event_type)?, self.search.event(found, root)?)));
            program.holds(Record { raw, root, event })
        });
        self.whole = whole;
        holds
    }
}
