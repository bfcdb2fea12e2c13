//! What a record is, and what its common fields say: quickly where it is an event itself, thoroughly else.

use crate::catalog::{EventType, Field};
use crate::detect::{Detected, Record, Said, Search, Spots, Strings, said};
use crate::limits::MAX_DEPTH;
use crate::plan::{Plan, START};
use crate::recognition::Catalog;
use crate::scan::Index;
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
    /// The last record was no event itself: all of the next one is read at once.
    deeper: bool,
    search: Search,
    strings: Strings,
    index: Index,
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
            deeper: false,
            search: Search::default(),
            strings: Strings::default(),
            index: Index::default(),
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

    /// Looks at the record at `span` of `bytes`; its tape was written for [`Look::plan`].
    pub(super) fn at(&mut self, bytes: &[u8], span: Span, tape: &mut Tape, fields: u32, take: Take<'_>) -> Is {
        let detector = self.catalog.detector();
        if let Some(spots) = self.spots.as_mut().filter(|_| !self.deeper) {
            if let Some(root) = Cursor::root(bytes, tape)
                && let Some(found) = spots.look(detector, root, &mut self.search)
                && let Some(of) = self.catalog.event_types().get(found.event_type)
            {
                tell(of, root, fields, (Some(spots), &mut self.strings), take);
                return Is::Event(found.event_type);
            }
            self.read(bytes, span, tape);
        }
        self.thoroughly(bytes, tape, fields, take)
    }

    /// Writes a record's tape for [`Look::plan`].
    pub(super) fn read_for(&mut self, bytes: &[u8], span: Span, tape: &mut Tape) {
        let plan = match &self.spots {
            Some(spots) if !self.deeper => &spots.plan,
            _ => &self.everything,
        };
        read(&mut self.index, bytes, span, (plan, tape));
    }

    /// Looks at a record that is known to be one.
    pub(super) fn again(&mut self, bytes: &[u8], span: Span, fields: u32, take: Take<'_>) -> Is {
        let mut tape = Tape::default();
        self.read(bytes, span, &mut tape);
        let deeper = self.deeper;
        let is = self.thoroughly(bytes, &tape, fields, take);
        self.deeper = deeper;
        is
    }

    /// Writes the tape of a whole record.
    fn read(&mut self, bytes: &[u8], span: Span, tape: &mut Tape) {
        read(&mut self.index, bytes, span, (&self.everything, tape));
    }

    #[inline(never)]
    fn thoroughly(&mut self, bytes: &[u8], tape: &Tape, fields: u32, take: Take<'_>) -> Is {
        let Some(record) = Cursor::root(bytes, tape) else { return Is::Unknown };
        let found = self.search.find(Record::whole(self.catalog.detector(), record));
        self.deeper = !matches!(found, Ok(Some(Detected { wrappers: 0, .. })));
        let found = match found {
            Err(_) => return Is::Ambiguous,
            Ok(None) => return Is::Unknown,
            Ok(Some(found)) => found,
        };
        if let Some(of) = self.catalog.event_types().get(found.event_type)
            && let Some(event) = self.search.event(found, record)
        {
            // To read an event again for its fields alone is quicker than to look for each of them.
            let (bytes, span) = (event.buffer(), event.node().span());
            if let Some(spots) = self.spots.as_mut().filter(|_| fields & !self.asked == 0)
                && read(&mut self.index, bytes, span, (&spots.plan, &mut self.inner))
                && let Some(root) = Cursor::root(bytes, &self.inner)
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

/// Writes the tape of a value that is known to be one. Whether it is.
fn read(index: &mut Index, bytes: &[u8], span: Span, (plan, tape): (&Plan, &mut Tape)) -> bool {
    tape.clear();
    index.build(bytes, span.start, span.end);
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
