//! From the document's text to a [`Policy`].

use super::accept::{accept, implied};
use super::allow::allow;
use super::cases::tests;
use super::redact::{Found, for_routes, rules};
use super::route::{Named, Unsettled, routes};
use super::sample::{Unread, sample};
use super::{Policy, Quota, Route, Secrets, odd};
use crate::accept::Unknown;
use crate::document::{self, Document, Notes, Problems, Severity, start};
use crate::encode::Destination;
use crate::limits::*;
use crate::query::{Fields, Filter, Query, near};
use crate::recognition::Catalog;
use crate::redact::{Action, Rule, Rules};
use crate::sample::Sampling;
use crate::tape::number::compare;
use crate::tape::{Cursor, Kind};

const MEMBERS: [&str; 11] =
    ["logweir", "$schema", "accept", "keep", "sample", "redact", "routes", "allow", "quarantine", "limits", "tests"];

/// The code of: there are more problems than these.
const MORE: &str = "P199";

/// Reads a policy.
///
/// # Errors
/// Everything that is wrong with it.
pub(crate) fn read(text: &str, secrets: Secrets<'_>) -> Result<Policy, Problems> {
    let (document, fault) = match text.len() {
        ..=MAX_POLICY_BYTES => Document::with_comments(text),
        _ => (Document::default(), None),
    };
    let root = document.root();
    let mut notes = Notes::new(text, root, MORE);
    if let Some(fault) = fault {
        notes.add("P100", fault.at, fault.expected, "");
    }
    if text.len() > MAX_POLICY_BYTES {
        notes.add("P115", 0, "a policy of at most 4 MiB", "");
    }
    let policy = root.map(|root| policy(root, secrets, &mut notes));
    let problems = notes.into_problems();
    match policy {
        Some(mut policy) if problems.iter().all(|problem| problem.severity == Severity::Warning) => {
            policy.warnings = problems;
            Ok(policy)
        }
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
    let help = "use fewer ** and * in one path, or fewer paths";
    let at = redact.map_or(0, |(_, value)| start(value));
    notes.add("P115", at, "paths that can be compiled together", help);
    Problems { problems: notes.into_problems() }
}

fn policy(root: Cursor<'_>, secrets: Secrets<'_>, notes: &mut Notes<'_>) -> Policy {
    let mut policy = Policy::default();
    let (mut version, mut found, mut keep, mut share) = (None, Found::default(), None, None);
    let (mut allowed, mut proofs) = (None, None);
    let mut unsettled = Unsettled::default();
    for (name, value) in notes.object(root, &MEMBERS) {
        match name {
            "logweir" => version = Some(value),
            // Where an editor finds what it completes by.
            "$schema" if document::text(value).is_some() => {}
            "$schema" => notes.add_at("P102", value, "the address of a JSON Schema", ""),
            "accept" => policy.accept = accept(value, notes),
            "keep" => keep = Some(value),
            "sample" => share = sample(value, notes),
            "redact" => found = rules(value, secrets, notes),
            "allow" => allowed = Some(value),
            "tests" => proofs = Some(value),
            "routes" => unsettled = routes(value, &mut policy, secrets, notes),
            "quarantine" => {
                for (_, value) in notes.object(value, &["originals"]) {
                    policy.originals = notes.boolean(value).unwrap_or_default();
                }
            }
            _ => limits(value, &mut policy.limits, notes),
        }
    }
    match version {
        Some(version) if version.kind() == Kind::Number && compare(version.raw(), b"1").is_eq() => {}
        Some(version) => notes.add_at("P109", version, "1, the version of this policy language", ""),
        None if root.kind() == Kind::Object => {
            let help = "add \"logweir\": 1";
            notes.add_at("P104", root, "the member \"logweir\", the version of the policy language", help);
        }
        None => {}
    }
    if policy.routes.is_empty() {
        let (to, quota) = (Destination::default(), Quota::default());
        policy.routes.push(Route { name: "out".to_owned(), to, is_templated: false, quota });
        (unsettled.when, unsettled.sample) = (vec![None], vec![None]);
        (policy.templates, policy.oversize) = (vec![None], vec![None]);
    }
    let Unsettled { when, sample: shares, stepless, reduced, named } = unsettled;
    (policy.redact, policy.rules) = (found.rules, found.entries);
    let samples = share.is_some() || shares.iter().any(Option::is_some);
    let asks = keep.is_some() || samples || when.iter().any(Option::is_some) || !found.when.is_empty();
    // What is known of events may stand behind the queries and templates in the document.
    let own = || policy.accept.as_ref().map_or_else(Catalog::built_in, |accept| accept.catalog.clone());
    let catalog = (asks || !named.is_empty()).then(own);
    if let Some(catalog) = &catalog {
        let mut types = Vec::new();
        if let Some(accept) = &policy.accept {
            let accepted = catalog.event_types().iter().zip(&accept.accepted).filter(|(_, accepted)| **accepted);
            types.extend(accepted.map(|(of, _)| of.name.clone()));
        }
        let certain = policy.accept.as_ref().is_some_and(|accept| accept.unknown != Unknown::Pass);
        let fields = Fields::new(catalog, &types, certain);
        let known = fields.names();
        for Named { at, paths, .. } in &named {
            let near = |path: &String| near(path, &known);
            if let Some(near) = paths.iter().find_map(near).filter(|_| !paths.iter().any(|path| known.contains(path))) {
                let help = ["did you mean ", near, "?"].concat();
                notes.warn(crate::template::UNKNOWN, *at, "a field of a known event type", &help);
            }
        }
        let mut query =
            |value: Option<Cursor<'_>>| value.and_then(|value| Query::in_document(value, catalog, &fields, notes));
        policy.filter = Filter { keep: query(keep), when: when.into_iter().map(&mut query).collect() };
        if samples {
            let mut settle = |sample: Option<Unread<'_>>| sample.map(|sample| sample.settle(&mut query));
            policy.sampling = Sampling { all: settle(share), routes: shares.into_iter().map(settle).collect() };
        }
        for (rule, value) in found.when {
            if let Some(rule) = policy.redact.get_mut(rule) {
                rule.when.extend(query(Some(value)));
            }
        }
    } else {
        policy.filter.when = vec![None; policy.routes.len()];
    }
    for_routes(&mut policy, found.routes, notes);
    if let Some(value) = allowed {
        allow(value, &mut policy, notes);
    }
    if let Some(value) = proofs {
        tests(value, &mut policy, notes);
    }
    if !stepless.is_empty() {
        let steps = Rule { steps: true, routes: Some(stepless), action: Action::Remove, ..Rule::default() };
        policy.redact.push(steps);
    }
    for (route, mut oversize, rule) in reduced {
        // For the redactor it is a route of its own, with the same rules and one more.
        oversize.reduced = policy.routes.len() + policy.oversize.iter().flatten().count();
        let named = policy.redact.iter_mut().filter_map(|rule| rule.routes.as_mut());
        named.filter(|routes| routes.contains(&route)).for_each(|routes| routes.push(oversize.reduced));
        policy.redact.push(Rule { routes: Some(vec![oversize.reduced]), ..rule });
        policy.oversize[route] = Some(oversize);
    }
    if policy.redact.len() > Rules::MOST {
        notes.add_at("P115", root, &format!("at most {} rules, those of routes among them", Rules::MOST), "");
    }
    if root.member("accept").is_none()
        && let Some(needs) = needs_events(root, &policy, samples, found.uses_presets)
    {
        policy.accept = implied(needs, notes);
    }
    if let Some(accept) = policy.accept.as_mut().filter(|_| samples) {
        // Where the ids stand that decide is known only once the event is.
        accept.whole = true;
    }
    if !notes.has_errors() {
        odd::warn(root, &policy, (secrets, &named, catalog.as_ref()), notes);
    }
    policy
}

/// What of a policy asks which event a record is, if anything does.
fn needs_events<'v>(
    root: Cursor<'v>,
    policy: &Policy,
    samples: bool,
    uses_presets: Option<usize>,
) -> Option<Cursor<'v>> {
    let of_events = |rule: &&Rule| rule.payload || rule.steps || !rule.classes.is_empty();
    let rule = policy.redact.iter().find(of_events);
    let redact = root.member("redact");
    let entry = |number| redact?.children().nth(number).map(|(_, entry)| entry);
    match rule {
        Some(rule) => rule.entry.and_then(entry).or(root.member("routes")).or(Some(root)),
        None if uses_presets.is_some() => uses_presets.and_then(entry),
        None if samples => root.member("sample").or(root.member("routes")),
        None => None,
    }
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
