//! The member `tests`: what is given, and what is to come of it. Who runs them reads them; here only their form is checked.

use super::Policy;
use crate::document::{Notes, text};
use crate::limits::MAX_COUNT;
use crate::tape::{Cursor, Kind};

const MEMBERS: [&str; 8] = ["name", "given", "sample", "file", "expect", "filtered", "quarantined", "nowhere"];

/// Reads them; the policy's routes are known.
pub(super) fn tests(value: Cursor<'_>, policy: &mut Policy, notes: &mut Notes<'_>) {
    for value in notes.array(value, "tests") {
        let (mut name, mut sources, mut expects) = (false, 0, false);
        for (member, value) in notes.object(value, &MEMBERS) {
            let says_something = value.children().next().is_some();
            expects |= match member {
                "expect" | "nowhere" => says_something,
                _ => matches!(member, "filtered" | "quarantined"),
            };
            match member {
                "name" => {
                    name = true;
                    a_text(value, notes);
                }
                "given" => sources += 1,
                "sample" | "file" => {
                    sources += 1;
                    a_text(value, notes);
                }
                "expect" => expect(value, policy, notes),
                "filtered" => drop(notes.number(value, 0, MAX_COUNT)),
                _ => notes.array(value, "texts").into_iter().for_each(|value| a_text(value, notes)),
            }
        }
        let mut need = |is_there: bool, what: &str| {
            if !is_there && value.kind() == Kind::Object {
                notes.add_at("P104", value, what, "");
            }
        };
        need(name, "the member \"name\"");
        need(sources == 1, "one of the members \"given\", \"sample\" and \"file\"");
        need(
            expects,
            "one of the members \"expect\", \"filtered\", \"quarantined\" and \"nowhere\", with something in it",
        );
    }
    policy.tests = String::from_utf8_lossy(value.raw()).into_owned();
}

fn a_text(value: Cursor<'_>, notes: &mut Notes<'_>) {
    if text(value).is_none_or(|text| text.is_empty()) {
        notes.add_at("P102", value, "a text", "");
    }
}

/// By route, the records that are to come out of it.
fn expect(value: Cursor<'_>, policy: &Policy, notes: &mut Notes<'_>) {
    if value.kind() != Kind::Object {
        notes.add_at("P102", value, "an object of routes, each with the records that come out of it", "");
        return;
    }
    let names: Vec<&str> = policy.routes.iter().map(|route| route.name.as_str()).collect();
    for (key, records) in value.children() {
        notes.reference(key.unwrap_or(records), &names, "the name of a route");
        notes.array(records, "records");
    }
}
