//! The member `accept`: which event types are let in, and what becomes of the rest.

use crate::accept::{Accept, Invalid, Unknown};
use crate::catalog::EventType;
use crate::document::{Notes, nearest, text};
use crate::recognition::Catalog;
use crate::tape::Cursor;

/// Reads it; where there is none, all event types are known, and everything is let in.
pub(super) fn accept(value: Option<Cursor<'_>>, notes: &mut Notes<'_>) -> Accept {
    let (mut unknown, mut invalid, mut events) = (Unknown::default(), Invalid::default(), None);
    let mut own = None;
    let members = value.map(|value| notes.object(value, &["events", "unknown", "invalid", "catalog"]));
    for (member, value) in members.unwrap_or_default() {
        match member {
            "events" => events = Some(value),
            "unknown" => {
                let word = notes.word(value, &["pass", "drop", "quarantine"]).unwrap_or_default();
                unknown = [Unknown::Pass, Unknown::Drop, Unknown::Quarantine][word];
            }
            "invalid" => {
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
    Accept { catalog, accepted, unknown, invalid, whole: false }
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
