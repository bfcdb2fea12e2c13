//! The member `accept`: which event types are let in, and what becomes of the rest.

use crate::accept::{Accept, Invalid, Unknown};
use crate::catalog::EventType;
use crate::document::{Notes, nearest, start, text};
use crate::part;
use crate::recognition::Catalog;
use crate::tape::Cursor;

/// Reads it.
pub(super) fn accept(value: Cursor<'_>, notes: &mut Notes<'_>) -> Option<Accept> {
    let part = notes.need(part::Events::NEED, start(value))?;
    let (mut unknown, mut invalid, mut events) = (Unknown::default(), Invalid::default(), None);
    let mut judged = value;
    let mut own = None;
    for (member, value) in notes.object(value, &["events", "unknown", "invalid", "catalog"]) {
        match member {
            "events" => events = Some(value),
            "unknown" => {
                let word = notes.word(value, &["pass", "drop", "quarantine"]).unwrap_or_default();
                unknown = [Unknown::Pass, Unknown::Drop, Unknown::Quarantine][word];
            }
            "invalid" => {
                judged = value;
                let word = notes.word(value, &["report", "ignore", "drop", "quarantine"]).unwrap_or_default();
                invalid = [Invalid::Report, Invalid::Ignore, Invalid::Drop, Invalid::Quarantine][word];
            }
            _ => own = Some((value, notes.array(value, "event types"))),
        }
    }
    let catalog = Catalog::with_entries(own, notes);
    let types = catalog.event_types();
    let accepted = match events {
        Some(events) => accepted(events, types, notes),
        None => vec![true; types.len()],
    };
    if invalid != Invalid::Ignore && part::Schemas::get().is_none() {
        notes.add_at(part::LACKS, judged, part::Schemas::EXPECTED, "or \"invalid\": \"ignore\"");
    }
    Some(Accept { catalog, accepted, unknown, invalid, whole: false, part })
}

/// What is needed where nobody asked what is let in, but a value asks which event a record is: all event types are known,
/// everything is let in, and nobody looks whether it is valid.
pub(super) fn implied(value: Cursor<'_>, notes: &mut Notes<'_>) -> Option<Accept> {
    let part = notes.need(part::Events::NEED, start(value))?;
    let catalog = Catalog::built_in();
    let accepted = vec![true; catalog.event_types().len()];
    Some(Accept { catalog, accepted, unknown: Unknown::Pass, invalid: Invalid::Ignore, whole: false, part })
}

/// Which types some names and patterns (`workato.*`) accept.
fn accepted(value: Cursor<'_>, types: &[EventType], notes: &mut Notes<'_>) -> Vec<bool> {
    let mut accepted = vec![false; types.len()];
    for value in notes.array(value, "names of event types") {
        let Some(name) = text(value) else {
            notes.add_at("P102", value, "the name of an event type, or a pattern such as \"tray.*\"", "");
            continue;
        };
        let mut met = false;
        for (accepted, known) in accepted.iter_mut().zip(types) {
            let meets = known.is_meant_by(&name);
            *accepted |= meets;
            met |= meets;
        }
        if !met {
            let help = nearest(&name, types.iter().map(|known| known.name.as_str()));
            let help = help.map(|near| ["did you mean \"", near, "\"?"].concat()).unwrap_or_default();
            notes.add_at("P114", value, "an event type of the catalogue, or a pattern that some of them meet", &help);
        }
    }
    accepted
}
