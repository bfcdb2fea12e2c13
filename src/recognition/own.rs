//! Event types that somebody brings.

use crate::catalog::{self, EventType};
use crate::document::{Notes, Problem, start};
use crate::limits::MAX_EVENT_TYPES;
use crate::part;
use crate::schema::{Schema, SchemaOptions};
use crate::tape::Cursor;

/// Reads entries, which stand at `value`, and adds them to `types`; `schemas` gets the schema of each.
pub(super) fn own_types(
    value: Cursor<'_>,
    entries: Vec<Cursor<'_>>,
    (types, schemas): (&mut Vec<EventType>, &mut Vec<Option<Schema>>),
    notes: &mut Notes<'_>,
) {
    if entries.len() > MAX_EVENT_TYPES {
        notes.add_at("P107", value, &format!("at most {MAX_EVENT_TYPES} event types"), "");
        return;
    }
    for entry in entries {
        let Some(mut read) = catalog::read(entry, notes) else { continue };
        read.is_own = true;
        if types.iter().any(|known| known.name == read.name) {
            notes.add_at("P108", entry.member("type").unwrap_or(entry), "a name that no other event type has", "");
        }
        schemas.push(schema(entry, &read, notes));
        types.push(read);
    }
}

/// Compiles the schema of an entry; what is wrong with it is noted where it stands.
fn schema(entry: Cursor<'_>, read: &EventType, notes: &mut Notes<'_>) -> Option<Schema> {
    // Without the part, whoever asks what is valid is refused.
    let value = entry.member("schema").filter(|_| part::Schemas::get().is_some())?;
    match Schema::compile(&read.schema, &SchemaOptions::default()) {
        Ok(schema) => Some(schema),
        Err(problems) => {
            for Problem { code, line, column, expected, help, .. } in problems.problems {
                notes.add(
                    code,
                    start(value) + byte_of(&read.schema, line, column),
                    &expected,
                    &help.unwrap_or_default(),
                );
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
