//! Out of the wrapper: the event is found by its signature, under whatever key somebody put it.

use std::ops::Range;

use super::Ambiguous;
use super::signature::{Detector, Places, Seen};
use crate::document::Embedded;
use crate::limits::{MAX_EMBEDDED_DEPTH, MAX_WRAPPED, MAX_WRAPPERS};
use crate::span::Span;
use crate::tape::{Cursor, Kind};

/// An event that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Detected {
    /// Its type's number in the catalogue at hand.
    pub(crate) event_type: usize,
    /// How many keys lead to it; the last may be that of a string that holds it.
    pub(crate) wrappers: usize,
    /// Its number among the candidates; that of the record where there are none.
    candidate: usize,
}

/// What looking for events needs from record to record: memory.
#[derive(Debug, Default)]
pub(crate) struct Search {
    /// Level by level.
    candidates: Vec<Candidate>,
    /// Strings of the level at hand that may hold one.
    strings: Vec<Candidate>,
    /// Those that do; the first `read` are of the record at hand.
    documents: Vec<Embedded>,
    read: usize,
    seen: Seen,
}

/// An object that may be the event, or a string that may hold it.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    /// In which document it stands: that of the record, or behind it one in a string.
    document: usize,
    /// Its entry on the tape.
    place: u32,
    /// The candidate whose member it is, and the key's entry there. The record's own is itself.
    above: usize,
    key: u32,
}

/// A record that is looked at, and what is known of its tape.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a> {
    pub(crate) detector: &'a Detector,
    pub(crate) value: Cursor<'a>,
    /// Down to objects below so many keys the tape has what it takes.
    pub(crate) keys: usize,
    /// Where that is on a selective tape.
    pub(crate) places: Option<&'a Places>,
}

impl<'a> Record<'a> {
    /// One whose whole tape is there.
    pub(crate) fn whole(detector: &'a Detector, value: Cursor<'a>) -> Record<'a> {
        Record { detector, value, keys: MAX_WRAPPERS, places: None }
    }
}

impl Search {
    /// Looks for the event in a record: the record itself, else the objects in it, else the documents in its strings; then
    /// one level deeper, down to those below `keys` keys.
    ///
    /// # Errors
    /// Where the event would be there are events of different types; or of members of one name, an earlier one holds
    /// another event than the last.
    #[inline]
    pub(crate) fn find(&mut self, of: Record<'_>) -> Result<Option<Detected>, Ambiguous> {
        self.candidates.clear();
        if of.value.kind() == Kind::Object
            && let Some(event_type) = of.detector.of_object(of.value, (0, of.places), &mut self.seen)?
        {
            return Ok(Some(Detected { event_type, wrappers: 0, candidate: 0 }));
        }
        self.unwrap(of)
    }

    /// Looks for the event in a record that is none itself.
    #[inline(never)]
    fn unwrap(&mut self, of: Record<'_>) -> Result<Option<Detected>, Ambiguous> {
        self.documents.truncate(1); // most wrappers hold one string; the memory of more is not kept
        self.read = 0;
        self.strings.clear();
        let record = Candidate { document: 0, place: of.value.index(), above: 0, key: 0 };
        let (mut first, mut tested) = (0, 0);
        match of.value.kind() {
            Kind::Object => {
                self.candidates.push(record);
                tested = 1;
            }
            Kind::String => self.strings.push(record),
            _ => return Ok(None),
        }
        for wrappers in 0..=of.keys {
            let found = self.on_level(of, (first, tested), wrappers)?;
            if found.is_some() || wrappers == of.keys {
                return Ok(found);
            }
            let level = first..self.candidates.len();
            (first, tested) = (level.end, level.end);
            self.strings.clear();
            for above in level {
                self.step_down(of.value, above, first)?;
            }
        }
        Ok(None)
    }

    /// The event itself, all of it where it stands in a string; `record` is the record that it was found in.
    pub(crate) fn event<'a>(&'a mut self, found: Detected, record: Cursor<'a>) -> Option<Cursor<'a>> {
        let Some(&Candidate { document, place, .. }) = self.candidates.get(found.candidate) else {
            return Some(record);
        };
        self.make_whole(document);
        self.cursor(record, document, place)
    }

    /// Where in the record stands what is the event and nothing else: itself, or a string that holds it alone.
    pub(crate) fn span(&self, found: Detected, record: Cursor<'_>) -> Option<Span> {
        let Some(&Candidate { document, place, above, key }) = self.candidates.get(found.candidate) else {
            return Some(record.node().span());
        };
        let place = match (document, place, self.candidates.get(above)) {
            (0, place, _) => place,
            // The record is a string.
            (_, 0, _) if found.wrappers == 0 => record.index(),
            (_, 0, Some(Candidate { document: 0, .. })) => key + 1,
            _ => return None,
        };
        record.go(place).map(|value| value.node().span())
    }

    /// The keys that lead to it, the last one first.
    pub(crate) fn keys<'a>(&'a self, found: Detected, record: Cursor<'a>) -> impl Iterator<Item = Cursor<'a>> {
        let mut at = found.candidate;
        let up = move || {
            let Candidate { above, key, .. } = *self.candidates.get(at)?;
            at = above;
            self.cursor(record, self.candidates.get(above)?.document, key)
        };
        std::iter::from_fn(up).take(found.wrappers)
    }

    fn make_whole(&mut self, document: usize) {
        if let Some(document) = document.checked_sub(1).and_then(|n| self.documents.get_mut(n)) {
            document.make_whole();
        }
    }

    fn cursor<'a>(&'a self, record: Cursor<'a>, document: usize, place: u32) -> Option<Cursor<'a>> {
        cursor(&self.documents, record, document, place)
    }

    /// The event among the candidates of a level, which begins at `first`; those before `tested` are none.
    fn on_level(
        &mut self,
        of: Record<'_>,
        (first, tested): (usize, usize),
        wrappers: usize,
    ) -> Result<Option<Detected>, Ambiguous> {
        let (mut found, mut shadowed) = (None, None);
        self.look(of, (tested..self.candidates.len(), wrappers), (&mut found, &mut shadowed))?;
        let opened = self.candidates.len();
        for n in 0..self.strings.len() {
            let string = self.strings[n];
            // Objects go before strings; but a member that is not read must not hold another event.
            if found.is_none() || self.is_shadowed(of.value, string, first) {
                self.open(of, string);
            }
        }
        self.look(of, (opened..self.candidates.len(), wrappers), (&mut found, &mut shadowed))?;
        if shadowed.is_some() && shadowed != found.map(|found| found.event_type) {
            return Err(Ambiguous);
        }
        Ok(found)
    }

    /// Looks at some candidates below so many keys: the event that is read, and the type of those that are not.
    fn look(
        &mut self,
        of: Record<'_>,
        (candidates, wrappers): (Range<usize>, usize),
        (found, shadowed): (&mut Option<Detected>, &mut Option<usize>),
    ) -> Result<(), Ambiguous> {
        for candidate in candidates {
            let Candidate { document, place, .. } = self.candidates[candidate];
            let Some(object) = cursor(&self.documents, of.value, document, place) else { continue };
            let places = of.places.filter(|_| document == 0);
            let is = of.detector.of_object(object, (wrappers, places), &mut self.seen)?;
            let Some(event_type) = is else { continue };
            let is_read = !self.is_shadowed(of.value, self.candidates[candidate], candidate);
            let known = if is_read { found.map(|found| found.event_type) } else { *shadowed };
            match known {
                Some(known) if known != event_type => return Err(Ambiguous),
                Some(_) => {}
                None if is_read => *found = Some(Detected { event_type, wrappers, candidate }),
                None => *shadowed = Some(event_type),
            }
        }
        Ok(())
    }

    /// Whether of the members of one name that lead to a candidate a later one is read. `itself` stands for the candidate
    /// as one above it.
    fn is_shadowed(&self, record: Cursor<'_>, candidate: Candidate, itself: usize) -> bool {
        let (mut at, mut candidate) = (itself, candidate);
        loop {
            let Candidate { above, key, .. } = candidate;
            if above == at {
                return false;
            }
            let Candidate { document, place, .. } = self.candidates[above];
            if self.cursor(record, document, place).is_some_and(|object| stands_again(object, key)) {
                return true;
            }
            (at, candidate) = (above, self.candidates[above]);
        }
    }

    /// The members of a candidate that may be the event, or hold it; `first` is the first candidate of their level.
    fn step_down(&mut self, record: Cursor<'_>, above: usize, first: usize) -> Result<(), Ambiguous> {
        let Candidate { document, place, .. } = self.candidates[above];
        self.make_whole(document);
        let Some(object) = cursor(&self.documents, record, document, place) else { return Ok(()) };
        for (key, value) in object.children() {
            let Some(key) = key.map(Cursor::index) else { continue };
            if self.candidates.len() - first + self.strings.len() >= MAX_WRAPPED {
                return Err(Ambiguous);
            }
            let member = Candidate { document, place: value.index(), above, key };
            match value.kind() {
                Kind::Object => self.candidates.push(member),
                Kind::String if may_hold_object(value.raw()) => self.strings.push(member),
                _ => {}
            }
        }
        Ok(())
    }

    /// Reads what a string says, and what the string in it says; it is a candidate if that is an object.
    fn open(&mut self, of: Record<'_>, mut string: Candidate) {
        let before = self.read;
        for _ in 0..MAX_EMBEDDED_DEPTH {
            let mut inner = self.documents.get_mut(self.read).map(std::mem::take).unwrap_or_default();
            let value = self.cursor(of.value, string.document, string.place);
            let is_json = value.is_some_and(|value| inner.read(value, of.detector.alone()));
            let kind = inner.root().filter(|_| is_json).map(Cursor::kind);
            match self.documents.get_mut(self.read) {
                Some(document) => *document = inner,
                None => self.documents.push(inner),
            }
            self.read += 1;
            string = Candidate { document: self.read, place: 0, ..string };
            match kind {
                Some(Kind::Object) => return self.candidates.push(string),
                Some(Kind::String) => {}
                _ => break,
            }
        }
        self.read = before;
    }
}

/// Whether a string, quotes and escapes included, may hold an object: what stands first is its brace, or tells nothing.
fn may_hold_object(raw: &[u8]) -> bool {
    let first = raw.iter().skip(1).find(|b| **b != b' ');
    first.is_some_and(|b| matches!(b, b'{' | b'\\' | 0xEF))
}

/// Whether an object has another member of the name at `key` behind it.
fn stands_again(object: Cursor<'_>, key: u32) -> bool {
    let Some(name) = object.go(key).map(Cursor::text) else { return false };
    let mut keys = object.children().filter_map(|(key, _)| key);
    keys.any(|other| other.index() > key && other.text() == name)
}

fn cursor<'a>(inner: &'a [Embedded], record: Cursor<'a>, document: usize, place: u32) -> Option<Cursor<'a>> {
    match document.checked_sub(1) {
        None => record.go(place),
        Some(n) => inner.get(n)?.root()?.go(place),
    }
}
