//! The member `allow`: what may pass a route unredacted, and why.

use super::{Allow, Policy};
use crate::catalog::Class;
use crate::document::{Notes, start, text};
use crate::tape::{Cursor, Kind};

/// What an entry names for a route where it means the records in quarantine.
pub(super) const QUARANTINE: &str = "quarantine";

/// Reads it; the policy's routes are known.
pub(super) fn allow(value: Cursor<'_>, policy: &mut Policy, notes: &mut Notes<'_>) {
    let names: Vec<&str> = policy.routes.iter().map(|route| route.name.as_str()).collect();
    for value in notes.array(value, "what may pass") {
        let mut entry = Allow { at: start(value), ..Allow::default() };
        let (mut route, mut because, mut is_for_something) = (None, false, false);
        for (name, value) in notes.object(value, &["route", "event", "class", "path", "payload", "unknown", "because"])
        {
            is_for_something |= matches!(name, "class" | "path" | "payload" | "unknown");
            match name {
                "route" => route = Some(value),
                "event" => {
                    entry.event = text(value);
                    if entry.event.is_none() {
                        notes.add_at("P102", value, "the name of an event type, or a pattern such as \"tray.*\"", "");
                    }
                }
                "class" => {
                    for value in notes.one_or_more(value, "texts") {
                        let word = notes.word(value, &Class::ALL.map(|(_, word)| word));
                        entry.classes.extend(word.map(|number| Class::ALL[number].0));
                    }
                }
                "path" => {
                    for value in notes.one_or_more(value, "texts") {
                        entry.paths.extend(notes.path(value).map(|(path, _)| path));
                    }
                }
                "payload" => entry.payload = notes.boolean(value).unwrap_or_default(),
                "unknown" => entry.unknown = notes.boolean(value).unwrap_or_default(),
                _ => {
                    because = true;
                    if text(value).is_none_or(|reason| reason.trim().is_empty()) {
                        notes.add_at("P102", value, "the reason why this may pass", "");
                    }
                }
            }
        }
        if value.kind() != Kind::Object {
            continue;
        }
        // What quarantine keeps needs no more words.
        let is_quarantine = route.and_then(text).as_deref() == Some(QUARANTINE);
        match route {
            None => notes.add_at("P104", value, "the member \"route\"", ""),
            Some(route) if names.contains(&QUARANTINE) || !is_quarantine => {
                entry.route = notes.reference(route, &names, "the name of a route, or \"quarantine\"");
            }
            Some(_) => {}
        }
        if !is_for_something && !is_quarantine {
            let expected = "one of the members \"class\", \"path\", \"payload\" and \"unknown\": what may pass";
            notes.add_at("P104", value, expected, "");
        }
        if !because {
            notes.add_at("P104", value, "the member \"because\": the reason why this may pass", "");
        }
        policy.allow.push(entry);
    }
}
