//! One record against a query.

use super::print::print;
use super::run::{Event, Record};
use super::{Ask, Query, literal};
use crate::detect::{self, Search, Strings};
use crate::limits::MAX_DEPTH;
use crate::plan::{Plan, START};
use crate::scan::Index;
use crate::span::Span;
use crate::tape::{Cursor, Kind, Tape, Text, walk};

/// What a query says of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Whether it matches.
    pub(crate) holds: bool,
    /// The first of the terms that alone make it so, or do together; none where there is nothing to find out.
    pub(crate) term: Option<Term>,
}

/// A term of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Term {
    /// In canonical form.
    pub text: String,
    /// Where in the query's text it stands, in bytes.
    pub span: Span,
}

/// What decides on a record, and its memory.
#[derive(Debug, Default)]
pub(crate) struct Judge {
    index: Index,
    tape: Tape,
    whole: Tape,
    search: Search,
    strings: Strings,
}

impl Query {
    /// Whether a record may match, by its bytes alone.
    pub(super) fn may_match(&self, raw: &[u8]) -> bool {
        literal::may_hold(&self.program.clauses, raw)
    }
}

impl Judge {
    /// Begins another record that is [seen](Judge::sees) by queries.
    pub(super) fn begin(&mut self) {
        self.strings.forget();
    }

    /// Whether a record matches, the one at `span` of `bytes`; its tape has at least what the query asks for.
    pub(crate) fn sees(&mut self, query: &Query, (bytes, span): (&[u8], Span), record: Record<'_>) -> bool {
        query.part.go();
        query.program.holds(record, &mut self.strings).unwrap_or_else(|| {
            let holds = query.may_match(record.raw) && self.read(query, bytes, span);
            self.strings.forget();
            holds
        })
    }

    /// Whether the record at `span` of `bytes` matches; it is known to be one.
    pub(crate) fn matches(&mut self, query: &Query, bytes: &[u8], span: Span) -> bool {
        query.part.go();
        query.may_match(span.of(bytes)) && self.read(query, bytes, span)
    }

    /// The same without a look at the bytes alone.
    pub(super) fn read(&mut self, query: &Query, bytes: &[u8], span: Span) -> bool {
        let Some(ask) = query.compiled.asks.last() else { return false };
        self.index.build(bytes, span.start, span.end);
        let mut tape = std::mem::take(&mut self.tape);
        self.walk(&ask.plan, bytes, span, &mut tape);
        let told = self.told(query, ask, bytes, span, &tape);
        self.tape = tape;
        told.unwrap_or_else(|| self.holds_with_event(query, bytes, span))
    }

    /// The same, from a tape that was written for the query's first plan.
    pub(super) fn holds(&mut self, query: &Query, bytes: &[u8], span: Span, tape: &Tape) -> bool {
        let told = query.compiled.asks.first().map(|ask| self.told(query, ask, bytes, span, tape));
        told.unwrap_or(Some(false)).unwrap_or_else(|| {
            self.index.build(bytes, span.start, span.end);
            self.holds_with_event(query, bytes, span)
        })
    }

    fn walk(&mut self, plan: &Plan, bytes: &[u8], span: Span, tape: &mut Tape) {
        tape.clear();
        let text = Text { bytes, index: &self.index, end: span.end, lines: false };
        walk(text, plan, START, MAX_DEPTH, span.start, tape);
    }

    /// What the tape of one plan tells; none where it depends on an event that is not the record itself.
    fn told(&mut self, query: &Query, ask: &Ask, bytes: &[u8], span: Span, tape: &Tape) -> Option<bool> {
        let Some(root) = Cursor::root(bytes, tape) else { return Some(false) };
        let mut record = Record { raw: span.of(bytes), root, event: None };
        if let Some(places) = &ask.places
            && root.kind() == Kind::Object
        {
            // The tape tells whether the record is an event itself. What could be two things is neither.
            let catalog = &query.compiled.catalog;
            let itself = detect::Record { detector: catalog.detector(), value: root, keys: 0, places: Some(places) };
            let found = self.search.find(itself).unwrap_or_default();
            let of = found.and_then(|found| catalog.event_types().get(found.event_type));
            record.event = of.map(|of| Some((of, root)));
        }
        self.strings.forget();
        query.program.holds(record, &mut self.strings)
    }

    /// The same where it depends on the event, which may be in a wrapper.
    fn holds_with_event(&mut self, query: &Query, bytes: &[u8], span: Span) -> bool {
        self.decide(query, bytes, span).is_some_and(|(holds, _)| holds)
    }

    /// Whether the record at `span` of `bytes` matches, and which term says so.
    #[cold]
    pub(crate) fn verdict(&mut self, query: &Query, bytes: &[u8], span: Span) -> Verdict {
        query.part.go();
        self.index.build(bytes, span.start, span.end);
        let (holds, test) = self.decide(query, bytes, span).unwrap_or_default();
        let node = test.and_then(|test| query.compiled.node.term_number(&mut { test }));
        Verdict { holds, term: node.map(|node| Term { text: print(node), span: node.span }) }
    }

    /// What decides, from the whole record.
    fn decide(&mut self, query: &Query, bytes: &[u8], span: Span) -> Option<(bool, Option<usize>)> {
        let mut whole = std::mem::take(&mut self.whole);
        self.walk(&Plan::everything(), bytes, span, &mut whole);
        let decided = Cursor::root(bytes, &whole).map(|root| {
            let catalog = &query.compiled.catalog;
            let found = self.search.find(detect::Record::whole(catalog.detector(), root)).unwrap_or_default();
            let event: Event<'_> = found.and_then(|found| {
                Some((catalog.event_types().get(found.event_type)?, self.search.event(found, root)?))
            });
            self.strings.forget();
            query.program.decide(Record { raw: span.of(bytes), root, event: Some(event) }, &mut self.strings)
        });
        self.whole = whole;
        decided
    }
}
