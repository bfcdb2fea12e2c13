//! What is let in: which event a record is, and whether its type's JSON Schema finds fault with it.

use crate::detect::{Ambiguous, Record, Search};
use crate::drift::{Drift, Drifts, Shapes};
use crate::plan::PlanBuilder;
use crate::recognition::Catalog;
use crate::scan::Reason;
use crate::schema::{Schema, Scratch};
use crate::tape::{Cursor, Tape};

/// What becomes of JSON that no event type recognises (`accept.unknown`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Unknown {
    #[default]
    Pass,
    Drop,
    Quarantine,
}

/// What becomes of an event that its type's schema finds fault with (`accept.invalid`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Invalid {
    /// It is counted, and goes on.
    #[default]
    Report,
    Drop,
    Quarantine,
}

/// What a policy lets in.
#[derive(Clone, Debug)]
pub(crate) struct Accept {
    /// All event types there are: the built-in ones, and the policy's own.
    pub(crate) catalog: Catalog,
    /// Of each, whether it is accepted, and its schema.
    pub(crate) accepted: Vec<bool>,
    pub(crate) schemas: Vec<Option<Schema>>,
    pub(crate) shapes: Vec<Shapes>,
    pub(crate) unknown: Unknown,
    pub(crate) invalid: Invalid,
}

/// What was found out about a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Looked {
    /// The number of its event type; none if it is unknown.
    pub(crate) event_type: Option<usize>,
    /// How many keys lead to the event.
    pub(crate) wrappers: usize,
    /// Its type's schema finds fault with it.
    pub(crate) invalid: bool,
}

/// What looking takes down from record to record, and its memory.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) drifts: Drifts,
    /// How many records were looked at before the one at hand.
    pub(crate) record: u64,
    search: Search,
    scratch: Scratch,
}

/// What becomes of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    In,
    /// Left out, as the policy wants it.
    Out,
}

impl Accept {
    /// Asks a plan for all that is needed to look at a record.
    pub(crate) fn ask(&self, plan: &mut PlanBuilder) {
        plan.ask_everything();
    }

    /// Looks at a record, whose tape was written for a plan that was asked.
    ///
    /// # Errors
    /// It is not certain which event it is.
    pub(crate) fn look(&self, bytes: &[u8], tape: &Tape, notes: &mut Notes) -> Result<Looked, Reason> {
        let Some(record) = Cursor::root(bytes, tape) else { return Ok(Looked::default()) };
        let Notes { search, .. } = notes;
        let found = search.find(Record::whole(self.catalog.detector(), record));
        let Some(found) = found.map_err(|Ambiguous| Reason::AmbiguousEvent)? else { return Ok(Looked::default()) };
        let event = search.event(found, record).unwrap_or(record);
        let schema = self.schemas.get(found.event_type).and_then(Option::as_ref);
        let invalid = schema.is_some_and(|schema| !schema.holds(event, &mut notes.scratch));
        if let Some(shapes) = self.shapes.get(found.event_type) {
            notes.drifts.look(shapes, found.event_type, event, notes.record);
        }
        Ok(Looked { event_type: Some(found.event_type), wrappers: found.wrappers, invalid })
    }

    /// How events differ from what their schemas know.
    pub(crate) fn drift(&self, notes: &Notes) -> Vec<Drift> {
        notes.drifts.told(|number| Some((self.catalog.name(number)?, self.shapes.get(number)?)))
    }

    /// What becomes of a record that was looked at.
    ///
    /// # Errors
    /// Why it is withheld.
    pub(crate) fn admit(&self, looked: Looked) -> Result<Admission, Reason> {
        match (looked.event_type, self.unknown, self.invalid) {
            (None, Unknown::Quarantine, _) => Err(Reason::UnknownEvent),
            (None, Unknown::Drop, _) => Ok(Admission::Out),
            (None, Unknown::Pass, _) => Ok(Admission::In),
            (Some(number), ..) if !self.accepted.get(number).is_some_and(|accepted| *accepted) => Ok(Admission::Out),
            (Some(_), _, Invalid::Quarantine) if looked.invalid => Err(Reason::InvalidEvent),
            (Some(_), _, Invalid::Drop) if looked.invalid => Ok(Admission::Out),
            (Some(_), ..) => Ok(Admission::In),
        }
    }
}
