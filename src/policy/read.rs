//! From the document's text to a [`Policy`].

use super::accept::accept;
use super::{Policy, Route};
use crate::document::{self, Document, Notes, Problems, start, text};
use crate::encode::Framing;
use crate::limits::*;
use crate::query::{Filter, Query};
use crate::recognition::Catalog;
use crate::redact::{Action, REDACTED, Rule};
use crate::tape::{Cursor, Kind};

/// The code of: there are more problems than these.
const MORE: &str = "P199";

/// Reads a policy.
///
/// # Errors
/// Everything that is wrong with it.
pub(crate) fn read(text: &str) -> Result<Policy, Problems> {
    let (document, fault) = match text.len() {
        ..=MAX_POLICY_BYTES => Document::with_comments(text),
        _ => (Document::default(), None),
    };
    let root = document.root();
    let mut notes = Notes::new(text, root, MORE);
    if let Some(fault) = fault {
        notes.add("P100", fault.at, fault.expected, None);
    }
    if text.len() > MAX_POLICY_BYTES {
        notes.add("P107", 0, "a policy of at most 4 MiB", None);
    }
    let policy = root.map(|root| policy(root, &mut notes));
    let problems = notes.into_problems();
    match policy {
        Some(policy) if problems.is_empty() => Ok(policy),
        _ => Err(Problems { problems }),
    }
}

/// What is wrong with a policy whose paths are in order one by one, and cannot be compiled together.
pub(crate) fn too_large(text: &str) -> Problems {
    let (document, _) = Document::with_comments(text);
    let root = document.root();
    let mut notes = Notes::new(text, root, MORE);
    let mut members = root.iter().flat_map(|root| root.children());
    let redact = members.find(|(key, _)| key.and_then(document::text).as_deref() == Some("redact"));
    let help = "use fewer ** and * in one path, or fewer paths".to_owned();
    let at = redact.map_or(0, |(_, value)| start(value));
    notes.add("P107", at, "paths that can be compiled together", Some(help));
    Problems { problems: notes.into_problems() }
}

fn policy(root: Cursor<'_>, notes: &mut Notes<'_>) -> Policy {
    let mut policy = Policy::default();
    let (mut version, mut keep, mut when) = (None, None, Vec::new());
    for (name, value) in notes.object(root, &["logweir", "accept", "keep", "redact", "routes", "quarantine", "limits"])
    {
        match name {
            "logweir" => version = Some(value),
            "accept" => policy.accept = Some(accept(value, notes)),
            "keep" => keep = Some(value),
            "redact" => policy.redact = rules(value, notes),
            "routes" => (policy.routes, when) = routes(value, notes),
            "quarantine" => {
                for (_, value) in notes.object(value, &["originals"]) {
                    policy.originals = notes.boolean(value).unwrap_or_default();
                }
            }
            _ => limits(value, &mut policy.limits, notes),
        }
    }
    match version {
        Some(version) if version.kind() == Kind::Number && version.raw() == b"1" => {}
        Some(version) => notes.add_at("P109", version, "1, the version of this policy language", None),
        None if root.kind() == Kind::Object => {
            let help = "add \"logweir\": 1".to_owned();
            notes.add_at("P104", root, "the member \"logweir\", the version of the policy language", Some(help));
        }
        None => {}
    }
    if policy.routes.is_empty() {
        policy.routes.push(Route { name: "out".to_owned(), framing: Framing::Ndjson });
        when = vec![None];
    }
    if keep.is_some() || when.iter().any(Option::is_some) {
        // What is known of events may stand behind the queries in the document.
        let catalog = policy.accept.as_ref().map_or_else(Catalog::built_in, |accept| accept.catalog.clone());
        let mut query = |value: Option<Cursor<'_>>| value.and_then(|value| Query::in_document(value, &catalog, notes));
        policy.filter = Filter { keep: query(keep), when: when.into_iter().map(query).collect() };
    } else {
        policy.filter.when = vec![None; policy.routes.len()];
    }
    policy
}

fn rules(value: Cursor<'_>, notes: &mut Notes<'_>) -> Vec<Rule> {
    let mut rules = Vec::new();
    let mut count = 0;
    for value in notes.array(value, "rules") {
        if count > MAX_PATHS || notes.is_full() {
            break;
        }
        let mut rule = Rule { paths: Vec::new(), action: replace() };
        let mut where_ = false;
        for (name, value) in notes.object(value, &["path", "with"]) {
            if name == "with" {
                rule.action = action(value, notes).unwrap_or(rule.action);
                continue;
            }
            where_ = true;
            let texts = if value.kind() == Kind::String { vec![value] } else { notes.array(value, "paths") };
            if texts.is_empty() && value.kind() == Kind::Array {
                notes.add_at("P107", value, "at least one path", None);
            }
            for value in texts {
                count += 1;
                if count > MAX_PATHS {
                    break;
                }
                rule.paths.extend(notes.path(value));
            }
        }
        if !where_ && value.kind() == Kind::Object {
            notes.add_at("P104", value, "the member \"path\": what the rule is for", None);
        }
        rules.push(rule);
    }
    if count > MAX_PATHS {
        notes.add_at("P107", value, &format!("at most {MAX_PATHS} paths"), None);
    }
    rules
}

fn action(value: Cursor<'_>, notes: &mut Notes<'_>) -> Option<Action> {
    if value.kind() != Kind::Object {
        let word = notes.word(value, &["remove", "replace"])?;
        return Some(if word == 0 { Action::Remove } else { replace() });
    }
    let members = notes.object(value, &["replace"]);
    let Some((_, with)) = members.first() else {
        notes.add_at("P104", value, "the member \"replace\": what to put in the value's place", None);
        return None;
    };
    // As it stands in the policy, but on one line: a line break would tear a record apart.
    let lines = with.raw().split(|b| matches!(b, b'\n' | b'\r'));
    let joined = lines.flat_map(<[u8]>::trim_ascii).copied().collect();
    let joined = String::from_utf8(joined).unwrap_or_default();
    if joined.len() > MAX_REPLACEMENT_BYTES {
        notes.add_at("P107", *with, &format!("a replacement of at most {MAX_REPLACEMENT_BYTES} bytes"), None);
        return None;
    }
    Some(Action::Replace(joined))
}

/// What is done where a rule does not say.
fn replace() -> Action {
    Action::Replace(format!("\"{REDACTED}\""))
}

/// The routes, and what each takes.
fn routes<'v>(value: Cursor<'v>, notes: &mut Notes<'_>) -> (Vec<Route>, Vec<Option<Cursor<'v>>>) {
    let (mut routes, mut whens): (Vec<Route>, _) = (Vec::new(), Vec::new());
    let elements = notes.array(value, "routes");
    if value.kind() == Kind::Array && !(1..=MAX_ROUTES).contains(&elements.len()) {
        let help = "leave \"routes\" out for one route \"out\" to NDJSON".to_owned();
        notes.add_at("P107", value, &format!("1 to {MAX_ROUTES} routes"), Some(help));
    }
    for value in elements.into_iter().take(MAX_ROUTES) {
        let mut route = Route { name: String::new(), framing: Framing::Ndjson };
        let (mut named, mut when) = (false, None);
        for (member, value) in notes.object(value, &["name", "when", "to"]) {
            if member == "when" {
                when = Some(value);
                continue;
            }
            if member == "to" {
                let framings = [Framing::Ndjson, Framing::Json];
                route.framing = framings[notes.word(value, &framings.map(Framing::name)).unwrap_or_default()];
                continue;
            }
            named = true;
            route.name = text(value).unwrap_or_default();
            if route.name.is_empty() {
                notes.add_at("P102", value, "a name", None);
            } else if routes.iter().any(|r| r.name == route.name) {
                notes.add_at("P108", value, "a name that no other route has", None);
            }
        }
        if !named && value.kind() == Kind::Object {
            notes.add_at("P104", value, "the member \"name\"", None);
        }
        routes.push(route);
        whens.push(when);
    }
    (routes, whens)
}

fn limits(value: Cursor<'_>, limits: &mut Limits, notes: &mut Notes<'_>) {
    for (name, value) in notes.object(value, &["recordBytes", "depth", "embeddedDepth", "outputBytes"]) {
        let (limit, least, most) = match name {
            "recordBytes" => (&mut limits.record_bytes, 1, MAX_RECORD_BYTES),
            "depth" => (&mut limits.depth, 1, MAX_DEPTH),
            "embeddedDepth" => (&mut limits.embedded_depth, 0, MAX_EMBEDDED_DEPTH),
            _ => (&mut limits.output_bytes, 1, MAX_RECORD_BYTES),
        };
        *limit = notes.number(value, least, most).unwrap_or(*limit);
    }
}
