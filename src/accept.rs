//! What is let in: which event a record is, and whether its type's JSON Schema finds fault with it.

use crate::detect::{Ambiguous, Places, detect};
use crate::drift::{Drift, Drifts, Shapes};
use crate::plan::{Plan, PlanBuilder};
use crate::recognition::Catalog;
use crate::scan::Reason;
use crate::schema::{Schema, Scratch};
use crate::span::Span;
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
    /// Asks a plan for all that is needed to look at a record; gives what [`Accept::places`] wants to know.
    pub(crate) fn ask(&self, plan: &mut PlanBuilder) -> usize {
        plan.ask_everything();
        self.catalog.detector().ask(plan)
    }

    /// In which states of a finished plan there is something to look at.
    pub(crate) fn places(&self, plan: &Plan, asked: usize) -> Places {
        self.catalog.detector().places(plan, asked)
    }

    /// Looks at the record at `span` of `bytes`, whose whole tape was written for a plan that was asked.
    ///
    /// # Errors
    /// It is not certain which event it is.
    pub(crate) fn look(
        &self,
        places: &Places,
        bytes: &[u8],
        span: Span,
        tape: &Tape,
        notes: &mut Notes,
    ) -> Result<Looked, Reason> {
        let ambiguous = |Ambiguous| Reason::AmbiguousEvent;
        let Some(record) = Cursor::root(bytes, tape) else { return Ok(Looked::default()) };
        if let Some(event_type) = self.catalog.detector().of_tape(places, bytes, span, tape).map_err(ambiguous)? {
            return Ok(self.judge(event_type, 0, record, notes));
        }
        let Some(found) = detect(self.catalog.detector(), record, true).map_err(ambiguous)? else {
            return Ok(Looked::default());
        };
        let event = found.event(record).unwrap_or(record);
        Ok(self.judge(found.event_type, found.at.len(), event, notes))
    }

    fn judge(&self, event_type: usize, wrappers: usize, event: Cursor<'_>, notes: &mut Notes) -> Looked {
        let schema = self.schemas.get(event_type).and_then(Option::as_ref);
        let invalid = schema.is_some_and(|schema| !schema.holds(event, &mut notes.scratch));
        if let Some(shapes) = self.shapes.get(event_type) {
            notes.drifts.look(shapes, event_type, event, notes.record);
        }
        Looked { event_type: Some(event_type), wrappers, invalid }
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
