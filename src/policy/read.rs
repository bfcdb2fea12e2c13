//! From the document's text to a [`Policy`].

use super::values::{Notes, Value};
use super::{Policy, Problems, Route, Unknown, jsonc};
use crate::encode::Framing;
use crate::limits::*;
use crate::plan::{Path, Plan, PlanBuilder, START};
use crate::redact::{Action, REDACTED, Rule};
use crate::scan::{Index, PAD, PADDING, check};
use crate::tape::{Cursor, Kind, Tape, Text, walk};

/// Reads a policy.
///
/// # Errors
/// Everything that is wrong with it.
pub(crate) fn read(text: &str) -> Result<Policy, Problems> {
    let mut notes = Notes::new(text);
    let policy = document(text, &mut notes);
    let problems = notes.into_problems();
    match policy {
        Some(policy) if problems.is_empty() => Ok(policy),
        _ => Err(Problems { problems }),
    }
}

fn document(text: &str, notes: &mut Notes<'_>) -> Option<Policy> {
    if text.len() > MAX_POLICY_BYTES {
        notes.add("P107", 0, "", "a policy of at most 4 MiB", None);
        return None;
    }
    let mut json = match jsonc::to_json(text) {
        Ok(json) => json,
        Err(at) => {
            notes.add("P100", at, "", "the end of the comment: */", None);
            return None;
        }
    };
    let start = json.iter().take_while(|b| b.is_ascii_whitespace()).count();
    match check(&json, MAX_DEPTH) {
        Err(fault) => notes.add("P100", fault.at, "", fault.reason.expected(), None),
        Ok(end) => {
            let more = json[end..].iter().position(|b| !b.is_ascii_whitespace());
            if let Some(more) = more {
                notes.add("P100", end + more, "", "nothing more: the policy is complete before this", None);
            }
            let end = json.len();
            json.resize(end + PADDING, PAD);
            let (mut index, mut tape) = (Index::default(), Tape::default());
            index.build(&json, start, end);
            let reading = Text { bytes: &json, index: &index, end, lines: false };
            walk(reading, &everything()?, START, MAX_DEPTH, start, &mut tape);
            let root = Value { cursor: Cursor::root(&json, &tape)?, pointer: String::new() };
            return Some(policy(&root, notes));
        }
    }
    None
}

/// The plan that asks for every value.
fn everything() -> Option<Plan> {
    let mut plan = PlanBuilder::default();
    plan.ask(Path::everything());
    plan.build().ok()
}

fn policy(root: &Value<'_>, notes: &mut Notes<'_>) -> Policy {
    let mut policy = Policy::default();
    let mut version = None;
    for (name, value) in notes.object(root, &["logweir", "accept", "redact", "routes", "quarantine", "limits"]) {
        match name {
            "logweir" => version = Some(value),
            "accept" => {
                for (_, value) in notes.object(&value, &["unknown"]) {
                    let words = [("pass", Unknown::Pass), ("drop", Unknown::Drop), ("quarantine", Unknown::Quarantine)];
                    policy.unknown = notes.word(&value, &words).unwrap_or_default();
                }
            }
            "redact" => policy.redact = rules(&value, notes),
            "routes" => policy.routes = routes(&value, notes),
            "quarantine" => {
                for (_, value) in notes.object(&value, &["originals"]) {
                    policy.originals = notes.boolean(&value).unwrap_or_default();
                }
            }
            _ => limits(&value, &mut policy.limits, notes),
        }
    }
    match version {
        Some(version) if version.kind() == Kind::Number && version.cursor.raw() == b"1" => {}
        Some(version) => notes.add_at("P109", &version, "1, the version of this policy language", None),
        None if root.kind() == Kind::Object => {
            let help = "add \"logweir\": 1".to_owned();
            notes.add_at("P104", root, "the member \"logweir\", the version of the policy language", Some(help));
        }
        None => {}
    }
    if policy.routes.is_empty() {
        policy.routes.push(Route { name: "out".to_owned(), framing: Framing::Ndjson });
    }
    policy
}

/// An array's elements; noted if it is none.
fn array<'v>(value: &Value<'v>, of: &str, notes: &mut Notes<'_>) -> Vec<Value<'v>> {
    if value.kind() == Kind::Array {
        return value.elements();
    }
    notes.add_at("P102", value, &format!("an array of {of}"), None);
    Vec::new()
}

fn rules(value: &Value<'_>, notes: &mut Notes<'_>) -> Vec<Rule> {
    let mut rules = Vec::new();
    let mut count = 0;
    for value in array(value, "rules", notes) {
        let mut rule = Rule { paths: Vec::new(), action: Action::Replace(quoted(REDACTED)) };
        let mut where_ = false;
        for (name, value) in notes.object(&value, &["path", "with"]) {
            if name == "with" {
                rule.action = action(&value, notes).unwrap_or(rule.action);
                continue;
            }
            where_ = true;
            let texts = if value.kind() == Kind::String { vec![value] } else { array(&value, "paths", notes) };
            for value in texts {
                count += 1;
                rule.paths.extend(path(&value, notes));
            }
        }
        if !where_ && value.kind() == Kind::Object {
            notes.add_at("P104", &value, "the member \"path\": what the rule is for", None);
        }
        rules.push(rule);
    }
    if count > MAX_PATHS {
        notes.add_at("P107", value, &format!("at most {MAX_PATHS} paths"), None);
    }
    rules
}

fn path(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<(Path, String)> {
    let Some(text) = value.text() else {
        notes.add_at("P102", value, "a path, such as \"user.email\"", None);
        return None;
    };
    match Path::parse(&text) {
        Ok(path) => Some((path, text)),
        Err(error) => {
            // The place inside the string, as long as nothing in it is escaped.
            let plain = value.cursor.raw().len() == text.len() + 2;
            let at = value.at() + if plain { 1 + error.at } else { 0 };
            notes.add("P110", at, &value.pointer, error.expected, None);
            None
        }
    }
}

fn action(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<Action> {
    if value.kind() != Kind::Object {
        let remove = notes.word(value, &[("remove", true), ("replace", false)])?;
        return Some(if remove { Action::Remove } else { Action::Replace(quoted(REDACTED)) });
    }
    let members = notes.object(value, &["replace"]);
    let Some((_, with)) = members.first() else {
        notes.add_at("P104", value, "the member \"replace\": what to put in the value's place", None);
        return None;
    };
    // As it stands in the policy, but on one line: a line break would tear a record apart.
    let raw = String::from_utf8_lossy(with.cursor.raw());
    Some(Action::Replace(raw.split(['\n', '\r']).map(str::trim).collect()))
}

/// A text without anything to escape, as a JSON string.
fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

fn routes(value: &Value<'_>, notes: &mut Notes<'_>) -> Vec<Route> {
    let mut routes: Vec<Route> = Vec::new();
    let elements = array(value, "routes", notes);
    if value.kind() == Kind::Array && (elements.is_empty() || elements.len() > MAX_ROUTES) {
        let help = "leave \"routes\" out for one route \"out\" to NDJSON".to_owned();
        notes.add_at("P107", value, &format!("1 to {MAX_ROUTES} routes"), Some(help));
    }
    for value in elements {
        let mut route = Route { name: String::new(), framing: Framing::Ndjson };
        let mut named = false;
        for (member, value) in notes.object(&value, &["name", "to"]) {
            if member == "to" {
                let words = [Framing::Ndjson, Framing::Json].map(|framing| (framing.name(), framing));
                route.framing = notes.word(&value, &words).unwrap_or_default();
                continue;
            }
            named = true;
            route.name = value.text().unwrap_or_default();
            if route.name.is_empty() {
                notes.add_at("P102", &value, "a name", None);
            } else if routes.iter().any(|r| r.name == route.name) {
                notes.add_at("P108", &value, "a name that no other route has", None);
            }
        }
        if !named && value.kind() == Kind::Object {
            notes.add_at("P104", &value, "the member \"name\"", None);
        }
        routes.push(route);
    }
    routes
}

fn limits(value: &Value<'_>, limits: &mut Limits, notes: &mut Notes<'_>) {
    for (name, value) in notes.object(value, &["recordBytes", "depth", "embeddedDepth", "outputBytes"]) {
        let (limit, least, most) = match name {
            "recordBytes" => (&mut limits.record_bytes, 1, MAX_RECORD_BYTES),
            "depth" => (&mut limits.depth, 1, MAX_DEPTH),
            "embeddedDepth" => (&mut limits.embedded_depth, 0, MAX_EMBEDDED_DEPTH),
            _ => (&mut limits.output_bytes, 1, MAX_RECORD_BYTES),
        };
        *limit = notes.number(&value, least, most).unwrap_or(*limit);
    }
}
