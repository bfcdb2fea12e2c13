//! The routes: what each takes, what it makes of a record, and where that goes.

use super::allow::QUARANTINE;
use super::destination::destination;
use super::sample::{Unread, sample};
use super::{Policy, Quota, Route, Secrets};
use crate::document::{Notes, text};
use crate::encode::{Destination, Oversize, WORKATO_LIMIT};
use crate::limits::{MAX_COUNT, MAX_RECORD_BYTES, MAX_ROUTES};
use crate::redact::{Action, LINES_OMITTED, Rule};
use crate::tape::{Cursor, Kind};
use crate::template::Template;

/// What of the routes is settled once the rest of the policy is known.
#[derive(Default)]
pub(super) struct Unsettled<'v> {
    /// The query of each.
    pub(super) when: Vec<Option<Cursor<'v>>>,
    pub(super) sample: Vec<Option<Unread<'v>>>,
    /// The numbers of those without the steps of runs.
    pub(super) stepless: Vec<usize>,
    /// The numbers of those that take records which are too large in another form, and the rule that makes it.
    pub(super) reduced: Vec<(usize, Oversize, Rule)>,
    pub(super) named: Vec<Named>,
}

/// What a template names.
pub(super) struct Named {
    pub(super) route: usize,
    /// The byte of the document.
    pub(super) at: usize,
    /// Those that may be meant.
    pub(super) paths: Vec<String>,
}

const MEMBERS: [&str; 8] = ["name", "when", "sample", "to", "template", "steps", "oversize", "quota"];

/// Reads the routes into a policy.
pub(super) fn routes<'v>(
    value: Cursor<'v>,
    policy: &mut Policy,
    secrets: Secrets<'_>,
    notes: &mut Notes<'_>,
) -> Unsettled<'v> {
    let mut unsettled = Unsettled::default();
    let elements = notes.array(value, "routes");
    if value.kind() == Kind::Array && !(1..=MAX_ROUTES).contains(&elements.len()) {
        let help = "leave \"routes\" out for one route \"out\" to NDJSON";
        notes.add_at("P107", value, &format!("1 to {MAX_ROUTES} routes"), help);
    }
    for value in elements.into_iter().take(MAX_ROUTES) {
        let (mut name, mut when, mut share, mut to, mut template) = (None, None, None, None, None);
        let mut limit = Quota::default();
        for (member, value) in notes.object(value, &MEMBERS) {
            match member {
                "quota" => limit = quota(value, notes),
                "when" => when = Some(value),
                "sample" => share = sample(value, notes),
                "to" => to = Some(value),
                "template" => template = Some(value),
                "steps" if notes.boolean(value) == Some(false) => unsettled.stepless.push(policy.routes.len()),
                "steps" => {}
                "oversize" => {
                    let reduced = oversize(value, notes).map(|(oversize, rule)| (policy.routes.len(), oversize, rule));
                    unsettled.reduced.extend(reduced);
                }
                _ => name = Some(value),
            }
        }
        let said = name.and_then(text).unwrap_or_default();
        match name {
            Some(name) if said.is_empty() => notes.add_at("P102", name, "a name", ""),
            Some(name) if policy.routes.iter().any(|route| route.name == said) => {
                notes.add_at("P108", name, "a name that no other route has", "");
            }
            Some(name) if said == QUARANTINE => {
                let help = "entries of \"allow\" mean by it what is withheld";
                notes.add_at("P108", name, "another name than \"quarantine\"", help);
            }
            None if value.kind() == Kind::Object => notes.add_at("P104", value, "the member \"name\"", ""),
            _ => {}
        }
        let is_templated = template.is_some();
        let (to, template) = match to {
            Some(to) => destination(to, template, secrets, (notes, &mut unsettled)),
            None => (Destination::default(), own(template, secrets, notes, &mut unsettled)),
        };
        policy.routes.push(Route { name: said, to, is_templated, quota: limit });
        policy.templates.push(template);
        policy.oversize.push(None);
        unsettled.when.push(when);
        unsettled.sample.push(share);
    }
    unsettled
}

/// What may be sent in a minute.
fn quota(value: Cursor<'_>, notes: &mut Notes<'_>) -> Quota {
    let mut quota = Quota::default();
    for (name, value) in notes.object(value, &["records", "bytes"]) {
        let told = if name == "records" { &mut quota.records } else { &mut quota.bytes };
        *told = notes.number(value, 1, MAX_COUNT);
    }
    if value.kind() == Kind::Object && value.children().next().is_none() {
        notes.add_at("P104", value, "one of the members \"records\" and \"bytes\"", "");
    }
    quota
}

/// What is done with records that are too large, and the rule that makes of them what is left.
fn oversize(value: Cursor<'_>, notes: &mut Notes<'_>) -> Option<(Oversize, Rule)> {
    const WORDS: [&str; 4] = ["quarantine", "split", "summary", "truncate"];
    let (mut above, mut is_split) = (usize::MAX, false);
    let summary = Rule { steps: true, action: Action::Replace(LINES_OMITTED.to_owned()), ..Rule::default() };
    let mut rule = Rule { steps: true, action: Action::Remove, ..Rule::default() };
    if value.kind() != Kind::Object {
        match notes.word(value, &WORDS[..3])? {
            0 => return None,
            1 => is_split = true,
            _ => (above, rule) = (WORKATO_LIMIT, summary),
        }
        return Some((Oversize { above, reduced: 0, is_split }, rule));
    }
    let members = notes.object(value, &WORDS[2..]);
    let [(word, told)] = members[..] else {
        if members.len() > 1 || value.children().next().is_none() {
            notes.add_at("P107", value, "one of the members \"summary\" and \"truncate\"", "");
        }
        return None;
    };
    if word == "summary" {
        above = WORKATO_LIMIT;
        for (_, value) in notes.object(told, &["above"]) {
            above = notes.number(value, 1, MAX_RECORD_BYTES).unwrap_or(above);
        }
        return Some((Oversize { above, reduced: 0, is_split }, summary));
    }
    let mut to = LEFT_OF_A_TEXT;
    rule.steps = false;
    for (name, value) in notes.object(told, &["path", "to"]) {
        match name {
            "to" => to = notes.number(value, 1, MAX_RECORD_BYTES).unwrap_or(to),
            _ => {
                let several = notes.one_or_more(value, "paths");
                rule.paths.extend(several.into_iter().filter_map(|path| notes.path(path)));
            }
        }
    }
    if told.kind() == Kind::Object && told.member("path").is_none() {
        notes.add_at("P104", told, "the member \"path\": which texts are cut", "");
    }
    rule.action = Action::Truncate(to);
    (!rule.paths.is_empty()).then_some((Oversize { above, reduced: 0, is_split }, rule))
}

/// Characters that are left of a text that is cut, if the policy does not say how many.
const LEFT_OF_A_TEXT: usize = 1000;

/// A route's own template.
pub(super) fn own(
    template: Option<Cursor<'_>>,
    secrets: Secrets<'_>,
    notes: &mut Notes<'_>,
    unsettled: &mut Unsettled<'_>,
) -> Option<Template> {
    let value = template?;
    let template = Template::in_document(value, secrets, notes)?;
    let named = template.named().into_iter();
    let route = unsettled.when.len();
    unsettled.named.extend(named.map(|(at, paths)| Named { route, at: Template::place_in(value, at), paths }));
    Some(template)
}
