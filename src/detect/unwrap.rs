//! Out of the wrapper: the event is found by its signature, under whatever key somebody put it.

use std::rc::Rc;

use super::{Ambiguous, Detector};
use crate::document::Document;
use crate::limits::{MAX_WRAPPED, MAX_WRAPPERS};
use crate::tape::{Cursor, Kind};

/// An event that was found.
#[derive(Debug)]
pub(crate) struct Detected {
    /// Its type's number in the catalogue at hand.
    pub(crate) event_type: usize,
    /// The keys that lead to it; the last may be that of a string that holds it.
    pub(crate) at: Vec<String>,
    /// The document inside a string in which it stands.
    document: Option<Rc<Document>>,
    place: u32,
}

impl Detected {
    /// The event itself; `record` is the record that it was found in.
    pub(crate) fn event<'a>(&'a self, record: Cursor<'a>) -> Option<Cursor<'a>> {
        match &self.document {
            Some(document) => document.root().and_then(|root| root.go(self.place)),
            None => record.go(self.place),
        }
    }
}

/// An object that may be the event.
struct Candidate {
    at: Vec<String>,
    /// A later member of the same name is the one that is read.
    shadowed: bool,
    document: Option<Rc<Document>>,
    place: u32,
}

/// Looks for the event in a record (its whole tape): the record itself, unless it is known to be none; else the objects
/// in it, and the documents in its strings, level by level.
///
/// # Errors
/// At the first level that holds an event there are events of different types; or of members of one name, an earlier
/// one holds another event than the last.
pub(crate) fn detect(
    detector: &Detector,
    record: Cursor<'_>,
    is_none_itself: bool,
) -> Result<Option<Detected>, Ambiguous> {
    let mut level = candidate(record, (Vec::new(), false), None).into_iter().collect::<Vec<_>>();
    for depth in 0..=MAX_WRAPPERS {
        let passed_over = depth == 0 && is_none_itself && record.kind() == Kind::Object;
        let mut found: Option<Detected> = None;
        let mut shadowed = None;
        for Candidate { at, shadowed: hidden, document, place } in level.iter().filter(|_| !passed_over) {
            let object = cursor(record, document.as_ref(), *place);
            let Some(event_type) = object.map_or(Ok(None), |object| detector.of_object(object))? else { continue };
            if *hidden {
                if shadowed.is_some_and(|other| other != event_type) {
                    return Err(Ambiguous);
                }
                shadowed = Some(event_type);
                continue;
            }
            match &found {
                Some(first) if first.event_type != event_type => return Err(Ambiguous),
                // An object goes before a string that says the same.
                Some(first) if first.document.is_none() || document.is_some() => {}
                _ => found = Some(Detected { event_type, at: at.clone(), document: document.clone(), place: *place }),
            }
        }
        if shadowed.is_some() && shadowed != found.as_ref().map(|found| found.event_type) {
            return Err(Ambiguous);
        }
        if found.is_some() {
            return Ok(found);
        }
        let mut next = Vec::new();
        for Candidate { at, shadowed, document, place } in &level {
            let Some(object) = cursor(record, document.as_ref(), *place) else { continue };
            for (key, value) in object.children() {
                let Some(key) = key.filter(|_| next.len() < MAX_WRAPPED) else { continue };
                if matches!(value.kind(), Kind::Object | Kind::String)
                    && let Some(mut found) = candidate(value, (at.clone(), *shadowed), document.as_ref())
                {
                    let name = String::from_utf8_lossy(&key.text()).into_owned();
                    found.shadowed |= object.member(&name).is_some_and(|last| last.index() != value.index());
                    found.at.push(name);
                    next.push(found);
                }
            }
        }
        level = next;
    }
    Ok(None)
}

fn candidate(
    value: Cursor<'_>,
    (at, shadowed): (Vec<String>, bool),
    document: Option<&Rc<Document>>,
) -> Option<Candidate> {
    match value.kind() {
        Kind::Object => Some(Candidate { at, shadowed, document: document.cloned(), place: value.index() }),
        Kind::String if may_hold_object(value.raw()) => {
            let document = Document::of_bytes(&value.text());
            let holds_object = document.root().is_some_and(|root| root.kind() == Kind::Object);
            holds_object.then(|| Candidate { at, shadowed, document: Some(Rc::new(document)), place: 0 })
        }
        _ => None,
    }
}

/// Whether a string, quotes and escapes included, may hold an object: what stands first is its brace, or tells nothing.
fn may_hold_object(raw: &[u8]) -> bool {
    let first = raw.iter().skip(1).find(|b| **b != b' ');
    first.is_some_and(|b| matches!(b, b'{' | b'\\' | 0xEF))
}

fn cursor<'a>(record: Cursor<'a>, document: Option<&'a Rc<Document>>, place: u32) -> Option<Cursor<'a>> {
    match document {
        Some(document) => document.root().and_then(|root| root.go(place)),
        None => record.go(place),
    }
}
