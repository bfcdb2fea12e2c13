//! What is let in: which event a record is, and whether its type's JSON Schema finds fault with it.

use crate::catalog::EventType;
use crate::detect::{Ambiguous, Detected, Places, Record, Search};
use crate::drift::{Drift, Drifts, Shapes};
use crate::limits::MAX_EXPLAINED;
use crate::part;
use crate::plan::{Plan, PlanBuilder};
use crate::recognition::{Catalog, Schemas};
use crate::scan::Reason;
use crate::schema::{Finding, Judge};
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
    /// Nobody looks: the schemas are not asked, and drift is not counted.
    Ignore,
    Drop,
    Quarantine,
}

/// What a policy lets in.
#[derive(Clone, Debug)]
pub(crate) struct Accept {
    /// All event types there are: the built-in ones, and the policy's own.
    pub(crate) catalog: Catalog,
    /// Of each, whether it is accepted.
    pub(crate) accepted: Vec<bool>,
    pub(crate) unknown: Unknown,
    pub(crate) invalid: Invalid,
    /// Somebody else asks for all of each event.
    pub(crate) whole: bool,
    pub(crate) part: part::Events,
}

/// What was found out about a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Looked {
    /// The number of its event type; none if it is unknown.
    pub(crate) event_type: Option<usize>,
    /// How many keys lead to the event.
    pub(crate) wrappers: usize,
    /// Where in the record's buffer stands what is the event and nothing else.
    pub(crate) span: Option<Span>,
    /// Its type's schema finds fault with it.
    pub(crate) invalid: bool,
}

/// What looking takes down from record to record, and its memory.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) drifts: Drifts,
    /// By [code](Finding::codes), in how many events it was the first finding.
    pub(crate) codes: Vec<u64>,
    /// Somebody wants to know all that is wrong with an event, not the first thing alone.
    pub(crate) is_thorough: bool,
    /// Of each event type that has come, its schema, and what is usual of it.
    schemas: Schemas,
    shapes: Vec<Option<Shapes>>,
    /// The number of the record at hand, from 0, since the run was made.
    pub(crate) record: u64,
    search: Search,
    found: Option<Detected>,
    judge: Judge,
    /// What is wrong with the event at hand, where somebody wants to know: the first thing, if the policy withholds it.
    pub(crate) findings: Vec<Finding>,
}

/// What becomes of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    In,
    /// Left out, as the policy wants it.
    Out,
}

/// Counts the first thing that is wrong with an event.
fn count(first: &str, codes: &mut Vec<u64>) {
    let place = Finding::codes().position(|code| code == first).unwrap_or_default();
    if codes.len() <= place {
        codes.resize(place + 1, 0);
    }
    codes[place] += 1;
}

impl Accept {
    /// Whether finding out which event a record is does not take all of its tape.
    pub(crate) fn is_selective(&self) -> bool {
        self.invalid == Invalid::Ignore && !self.whole
    }

    /// Whether events of a type are held against its schema.
    pub(crate) fn is_judged(&self, event_type: usize) -> bool {
        let is_accepted = self.accepted.get(event_type).is_some_and(|accepted| *accepted);
        is_accepted && self.invalid != Invalid::Ignore && !self.catalog.schema(event_type).is_empty()
    }

    /// Asks a plan for all that is needed to look at a record whose event is below up to `keys` keys; gives what
    /// [`Accept::places`] wants to know.
    pub(crate) fn ask(&self, keys: usize, plan: &mut PlanBuilder) -> usize {
        self.part.go();
        if self.is_selective() {
            return self.catalog.detector().ask(keys, plan);
        }
        plan.ask_everything();
        0
    }

    /// Where in the finished plan there is something to look at; none if it is all of the tape.
    pub(crate) fn places(&self, keys: usize, plan: &Plan, asked: usize) -> Option<Places> {
        self.part.go();
        self.is_selective().then(|| self.catalog.detector().places(keys, plan, asked))
    }

    /// Looks for the event in a record, whose tape was written for a plan that was asked for up to `keys` keys.
    ///
    /// # Errors
    /// It is not certain which event it is.
    pub(crate) fn find(
        &self,
        bytes: &[u8],
        tape: &Tape,
        (keys, places): (usize, Option<&Places>),
        notes: &mut Notes,
    ) -> Result<Option<Detected>, Reason> {
        self.part.go();
        let Some(value) = Cursor::root(bytes, tape) else { return Ok(None) };
        let whole = Record::whole(self.catalog.detector(), value);
        let record = if places.is_some() { Record { keys, places, ..whole } } else { whole };
        notes.search.find(record).map_err(|Ambiguous| Reason::AmbiguousEvent)
    }

    /// What there is to say of the event that was found in a record.
    pub(crate) fn judge(&self, found: Option<Detected>, bytes: &[u8], tape: &Tape, notes: &mut Notes) -> Looked {
        self.part.go();
        notes.found = found;
        notes.findings.clear();
        let Some(found) = found else { return Looked::default() };
        let Detected { event_type, wrappers, .. } = found;
        let record = Cursor::root(bytes, tape);
        let span = record.and_then(|record| notes.search.span(found, record));
        let mut invalid = false;
        // A policy that says otherwise is refused where there is nobody to look.
        if cfg!(feature = "schema")
            && self.invalid != Invalid::Ignore
            && let Some(event) = record.and_then(|record| notes.search.event(found, record))
        {
            let judged = self.is_judged(event_type);
            let schema = if judged { notes.schemas.of(&self.catalog, event_type) } else { None };
            let fault = schema.filter(|schema| !notes.judge.holds(schema, event));
            invalid = fault.is_some();
            if let Some(schema) = fault {
                count(notes.judge.code(schema, event), &mut notes.codes);
                if notes.is_thorough || self.invalid == Invalid::Quarantine {
                    let most = if notes.is_thorough { MAX_EXPLAINED } else { 1 };
                    notes.findings = notes.judge.findings(schema, event, most);
                }
            }
            if notes.shapes.len() <= event_type {
                notes.shapes.resize(event_type + 1, None);
            }
            let shapes = notes.shapes[event_type].get_or_insert_with(|| Shapes::new(self.catalog.schema(event_type)));
            notes.drifts.look(shapes, event_type, event, notes.record);
        }
        Looked { event_type: Some(event_type), wrappers, span, invalid }
    }

    /// The event of a record that was looked at and is `record` on the tape at hand, with its type: of none where there is
    /// none. None where the tape does not have it.
    pub(crate) fn event<'a>(
        &'a self,
        looked: Looked,
        record: Cursor<'a>,
        notes: &'a mut Notes,
    ) -> Option<Option<(&'a EventType, Cursor<'a>)>> {
        let Some(of) = looked.event_type.and_then(|number| self.catalog.event_types().get(number)) else {
            return Some(None);
        };
        let event = match notes.found {
            _ if looked.wrappers == 0 => record,
            Some(found) if !self.is_selective() => notes.search.event(found, record)?,
            _ => return None,
        };
        Some(Some((of, event)))
    }

    /// How events differ from what their schemas know.
    pub(crate) fn drift(&self, notes: &Notes) -> Vec<Drift> {
        self.part.go();
        notes.drifts.told(|number| Some((self.catalog.name(number)?, notes.shapes.get(number)?.as_ref()?)))
    }

    /// The member of the policy that says what becomes of a record that was looked at.
    pub(crate) fn decided_by(&self, looked: Looked) -> &'static str {
        match looked.event_type {
            None => "/accept/unknown",
            Some(number) if self.accepted.get(number).is_some_and(|accepted| *accepted) => "/accept/invalid",
            Some(_) => "/accept/events",
        }
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
