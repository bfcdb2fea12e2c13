//! The member `accept`: which event types are let in, and what becomes of the rest.

use crate::accept::{Accept, Invalid, Unknown};
use crate::catalog::{self, EventType};
use crate::detect::Detector;
use crate::document::{Notes, Problem, nearest, start, text};
use crate::drift::Shapes;
use crate::limits::MAX_EVENT_TYPES;
use crate::schema::{Schema, SchemaOptions};
use crate::tape::Cursor;

/// Reads it.
pub(super) fn accept(value: Cursor<'_>, notes: &mut Notes<'_>) -> Accept {
    let mut types = catalog::built_in();
    let (mut unknown, mut invalid, mut events) = (Unknown::default(), Invalid::default(), None);
    let mut own = Vec::new();
    for (member, value) in notes.object(value, &["events", "unknown", "invalid", "catalog"]) {
        match member {
            "events" => events = Some(value),
            "unknown" => {
                let word = notes.word(value, &["pass", "drop", "quarantine"]).unwrap_or_default();
                unknown = [Unknown::Pass, Unknown::Drop, Unknown::Quarantine][word];
            }
            "invalid" => {
                let word = notes.word(value, &["report", "drop", "quarantine"]).unwrap_or_default();
                invalid = [Invalid::Report, Invalid::Drop, Invalid::Quarantine][word];
            }
            _ => own = notes.array(value, "event types"),
        }
    }
    let schema = |entry: &EventType| Schema::compile(&entry.schema, &SchemaOptions::default()).ok();
    let mut schemas: Vec<Option<Schema>> = types.iter().map(schema).collect();
    if own.len() > MAX_EVENT_TYPES {
        notes.add_at("P107", value, &format!("at most {MAX_EVENT_TYPES} event types"), None);
        own.clear();
    }
    for entry in own {
        let Some(read) = catalog::read(entry, notes) else { continue };
        if types.iter().any(|known| known.name == read.name) {
            notes.add_at("P108", entry, "a name that no other event type has", None);
        }
        schemas.push(own_schema(entry, &read, notes));
        types.push(read);
    }
    let accepted = match events {
        Some(events) => accepted(events, &types, notes),
        None => vec![true; types.len()],
    };
    let detector = Detector::new(&types);
    let shapes = types.iter().map(|known| Shapes::new(&known.schema)).collect();
    Accept { types, accepted, schemas, shapes, unknown, invalid, detector }
}

/// Compiles the schema of a policy's own event type; what is wrong with it is noted where it stands in the policy.
fn own_schema(entry: Cursor<'_>, read: &EventType, notes: &mut Notes<'_>) -> Option<Schema> {
    let value = entry.member("schema")?;
    match Schema::compile(&read.schema, &SchemaOptions::default()) {
        Ok(schema) => Some(schema),
        Err(problems) => {
            for Problem { code, line, column, expected, help, .. } in problems.problems {
                notes.add(code, start(value) + byte_of(&read.schema, line, column), &expected, help);
            }
            None
        }
    }
}

/// The byte of a place in a text.
fn byte_of(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let mut chars = text[before..].char_indices().map(|(at, _)| at);
    before + chars.nth(column - 1).unwrap_or_default()
}

/// Which types some names and patterns (`workato.*`) accept.
fn accepted(value: Cursor<'_>, types: &[EventType], notes: &mut Notes<'_>) -> Vec<bool> {
    let mut accepted = vec![false; types.len()];
    for value in notes.array(value, "names of event types") {
        let Some(name) = text(value) else {
            notes.add_at("P102", value, "the name of an event type, or a pattern such as \"tray.*\"", None);
            continue;
        };
        let mut met = false;
        for (accepted, known) in accepted.iter_mut().zip(types) {
            let meets = match name.strip_suffix('*') {
                Some(beginning) => known.name.starts_with(beginning),
                None => known.name == name,
            };
            *accepted |= meets;
            met |= meets;
        }
        if !met {
            let help = nearest(&name, types.iter().map(|known| known.name.as_str()));
            let help = help.map(|near| format!("did you mean \"{near}\"?"));
            notes.add_at("P103", value, "an event type of the catalogue, or a pattern that some of them meet", help);
        }
    }
    accepted
}
