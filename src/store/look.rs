//! What a record is, and what its common fields say: quickly where it is an event itself, thoroughly else.

use crate::catalog::{EventType, Field};
use crate::detect::{Detected, Record, Said, Search, Spots, Strings, said};
use crate::limits::{MAX_DEPTH, WINDOW};
use crate::plan::{Plan, START};
use crate::recognition::Catalog;
use crate::scan::{Index, PADDING};
use crate::span::Span;
use crate::tape::{Cursor, Tape, Text, Walk, walk};

/// What looks at records, and its memory.
#[derive(Debug)]
pub(super) struct Look {
    catalog: Catalog,
    /// What leads to the fields of events that are a record themselves.
    spots: Option<Spots>,
    /// Those fields, a bit for each.
    asked: u32,
    everything: Plan,
    /// The last record was no event itself.
    was_inside: bool,
    /// Nor was the one before it: all of the next one is read at once.
    deeper: bool,
    search: Search,
    strings: Strings,
    index: Index,
    /// Over records of a segment that stand side by side; and of which segment, from where to where.
    many: Index,
    indexed: (usize, Span),
    /// The tape of an event that is not the record itself.
    inner: Tape,
}

/// What a record turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Is {
    Unknown,
    Ambiguous,
    /// An event, of the type of that number.
    Event(usize),
}

/// Takes a field of an event. Which ones, a bit for each tells.
pub(super) type Take<'t> = &'t mut dyn FnMut(Field, Said<'_>);

impl Look {
    /// Looks for some fields.
    pub(super) fn new(catalog: &Catalog, fields: &[Field]) -> Look {
        Look {
            spots: Spots::new((catalog.detector(), catalog.event_types()), fields, &[]),
            asked: fields.iter().fold(0, |bits, field| bits | 1 << *field as u32),
            catalog: catalog.clone(),
            everything: Plan::everything(),
            was_inside: false,
            deeper: false,
            search: Search::default(),
            strings: Strings::default(),
            index: Index::default(),
            many: Index::default(),
            indexed: (0, Span { start: 0, end: 0 }),
            inner: Tape::default(),
        }
    }

    /// What the next record is to be read with.
    pub(super) fn plan(&self) -> &Plan {
        match &self.spots {
            Some(spots) if !self.deeper => &spots.plan,
            _ => &self.everything,
        }
    }

    /// Looks at the record at `span` of `bytes`; its tape was written for [`Look::plan`], by [`Look::read_for`] where
    /// `is_indexed`.
    pub(super) fn at(
        &mut self,
        bytes: &[u8],
        (span, is_indexed): (Span, bool),
        tape: &mut Tape,
        fields: u32,
        take: Take<'_>,
    ) -> Is {
        let detector = self.catalog.detector();
        if let Some(spots) = self.spots.as_mut().filter(|_| !self.deeper) {
            if let Some(root) = Cursor::root(bytes, tape)
                && let Some(found) = spots.look(detector, root, &mut self.search)
                && let Some(of) = self.catalog.event_types().get(found.event_type)
            {
                tell(of, root, fields, (Some(spots), &mut self.strings), take);
                self.was_inside = false;
                return Is::Event(found.event_type);
            }
            let index = if is_indexed { Ok(&self.many) } else { Err(&mut self.index) };
            read(index, bytes, span, (&self.everything, tape));
        }
        self.thoroughly((bytes, is_indexed), tape, fields, take)
    }

    /// Writes a record's tape for [`Look::plan`]: of the record at `span` of a segment, which has that number.
    pub(super) fn read_for(&mut self, (number, bytes): (usize, &[u8]), span: Span, tape: &mut Tape) {
        let (of, within) = self.indexed;
        if of != number || span.start < within.start || span.end > within.end {
            // What stands there is not changed any more.
            let end = (span.start + WINDOW).min(bytes.len() - PADDING).max(span.end);
            self.many.build(bytes, span.start, end);
            self.indexed = (number, Span { start: span.start, end });
        }
        read(Ok(&self.many), bytes, span, (self.plan(), tape));
    }

    /// Looks at a record that is known to be one.
    pub(super) fn again(&mut self, bytes: &[u8], span: Span, fields: u32, take: Take<'_>) -> Is {
        let mut tape = Tape::default();
        read(Err(&mut self.index), bytes, span, (&self.everything, &mut tape));
        let before = (self.was_inside, self.deeper);
        let is = self.thoroughly((bytes, false), &tape, fields, take);
        (self.was_inside, self.deeper) = before;
        is
    }

    #[inline(never)]
    fn thoroughly(&mut self, (bytes, is_indexed): (&[u8], bool), tape: &Tape, fields: u32, take: Take<'_>) -> Is {
        let Some(record) = Cursor::root(bytes, tape) else { return Is::Unknown };
        let found = self.search.find(Record::whole(self.catalog.detector(), record));
        let is_inside = !matches!(found, Ok(Some(Detected { wrappers: 0, .. })));
        (self.was_inside, self.deeper) = (is_inside, is_inside && self.was_inside);
        let found = match found {
            Err(_) => return Is::Ambiguous,
            Ok(None) => return Is::Unknown,
            Ok(Some(found)) => found,
        };
        if let Some(of) = self.catalog.event_types().get(found.event_type)
            && let Some(event) = self.search.event(found, record)
        {
            // To read an event again for its fields alone is quicker than to look for each of them.
            let (of_event, span) = (event.buffer(), event.node().span());
            let is_indexed = is_indexed && std::ptr::eq(of_event, bytes);
            let index = if is_indexed { Ok(&self.many) } else { Err(&mut self.index) };
            if let Some(spots) = self.spots.as_mut().filter(|_| fields & !self.asked == 0)
                && read(index, of_event, span, (&spots.plan, &mut self.inner))
                && let Some(root) = Cursor::root(of_event, &self.inner)
                && spots.look_over(found.event_type, root)
            {
                tell(of, root, fields, (Some(spots), &mut self.strings), take);
            } else {
                tell(of, event, fields, (None, &mut self.strings), take);
            }
        }
        Is::Event(found.event_type)
    }
}

/// Writes the tape of a value that is known to be one, with an index that is there or is made. Whether it is one.
fn read(index: Result<&Index, &mut Index>, bytes: &[u8], span: Span, (plan, tape): (&Plan, &mut Tape)) -> bool {
    let index = index.unwrap_or_else(|index| {
        index.build(bytes, span.start, span.end);
        index
    });
    tape.clear();
    let text = Text { bytes, index, end: span.end, lines: false };
    matches!(walk(text, plan, START, MAX_DEPTH, span.start, tape), Walk::Whole { .. })
}

fn tell(
    of: &EventType,
    event: Cursor<'_>,
    fields: u32,
    (spots, strings): (Option<&Spots>, &mut Strings),
    take: Take<'_>,
) {
    strings.forget();
    for (field, sources) in &of.fields {
        if fields >> *field as u32 & 1 == 1
            && let Some(says) = said(sources, event, (spots, strings))
        {
            take(*field, says);
        }
    }
}
