//! The flow check: what of the events that a policy accepts could pass a route as it came.
//!
//! The catalogue says which fields hold personal data and which hold anything; the rules say what they change for certain
//! (one with `when` does not, nor one with `except` at what that may name, nor does a detector); templates say what they
//! show, and `keep` and `when` which types never come to a route. What is left, and is not allowed, is told: event type, field, route, and the shortest mend. What wrappers are called nobody knows: events are
//! looked at under every name that the policy has and under any other, but for those of their own members.

mod allowed;
mod meet;
mod shown;

use crate::accept::Unknown;
use crate::catalog::{Class, EventType, Place};
use crate::document::{self, Document, Notes, Problem, start};
use crate::limits::MAX_PATH_SEGMENTS;
use crate::plan::{Path, Plan};
use crate::policy::Policy;
use crate::query::{Coming, Query, never};
use crate::redact::{Redactor, certain};
use crate::tape::Cursor;
use allowed::allows;
use meet::{may_meet, without_wrappers};
use shown::Shown;

/// Codes of what may pass.
mod code {
    /// Personal data.
    pub(super) const PERSONAL: &str = "F101";
    /// What may hold anything.
    pub(super) const PAYLOAD: &str = "F102";
    /// Records of which nobody knows what they are.
    pub(super) const UNKNOWN: &str = "F103";
    /// The bytes of records in quarantine.
    pub(super) const ORIGINALS: &str = "F104";
    /// Odd: an entry of `allow` that allows nothing.
    pub(super) const IDLE: &str = "F181";
    /// There are more.
    pub(super) const MORE: &str = "F199";
}

/// What could pass as it came, at the route of the policy's text where it could, and entries of `allow` that allow nothing.
/// `views`: the rules of the policy for records whose event lies below 0, 1 … keys.
pub(crate) fn leaks(text: &str, policy: &Policy, views: &[(&Redactor, &Plan)]) -> Vec<Problem> {
    let (document, _) = Document::with_comments(text);
    let root = document.root();
    let mut check =
        Check { policy, views, used: vec![false; policy.allow.len()], notes: Notes::new(text, root, code::MORE) };
    let routes = root.and_then(|root| root.member("routes"));
    for number in 0..policy.routes.len() {
        let at = routes.and_then(|routes| routes.children().nth(number)).map(|(_, route)| route).or(root);
        check.route(number, at.map_or(0, start));
    }
    let quarantine = root.and_then(|root| root.member("quarantine")).or(root);
    check.rest(quarantine);
    check.notes.into_problems()
}

/// What wrappers are called that events stand in, even if events of another type have a member of that name.
const WRAPPERS: [&str; 10] =
    ["attributes", "body", "content", "data", "event", "log", "log_message", "message", "payload", "record"];

/// The names of members that events of a type are known to have, at any depth. No wrapper is thought to have one of them, nor
/// one that events of another type have, for its key.
fn member_names(of: &EventType) -> Vec<String> {
    let mut names = Vec::new();
    if !of.schema.is_empty() {
        let schema = Document::known(&of.schema);
        schema.root().into_iter().for_each(|root| properties(root, MAX_PATH_SEGMENTS, &mut names));
    }
    names
}

fn properties(schema: Cursor<'_>, left: usize, names: &mut Vec<String>) {
    let Some(left) = left.checked_sub(1) else { return };
    for (key, value) in schema.children() {
        if key.is_some_and(|key| key.says("properties")) {
            names.extend(value.children().filter_map(|(key, _)| document::text(key?)));
        }
        properties(value, left, names);
    }
}

fn payload_mend(place: &str) -> String {
    ["the rule { \"path\": \"", place, "\", \"with\": \"remove\" }, or { \"payload\": true } for all of it"].concat()
}

struct Check<'a> {
    policy: &'a Policy,
    views: &'a [(&'a Redactor, &'a Plan)],
    /// Of each entry of `allow`, whether it allowed anything.
    used: Vec<bool>,
    notes: Notes<'a>,
}

/// What could pass.
#[derive(Clone, Copy)]
enum What<'a> {
    Personal(&'a Place, Class),
    Payload(&'a Place),
    Unknown,
}

impl Check<'_> {
    fn route(&mut self, number: usize, at: usize) {
        let policy = self.policy;
        let shown = Shown::of(policy, number);
        let when = policy.filter.when.get(number).and_then(Option::as_ref);
        let queries: Vec<&Query> = policy.filter.keep.iter().chain(when).collect();
        let comes = |coming: Coming<'_>| !never(&queries, coming);
        if let Some(accept) = &policy.accept {
            let types = accept.catalog.event_types();
            let mut others: Vec<String> = types.iter().flat_map(member_names).collect();
            others.retain(|name| !WRAPPERS.contains(&name.as_str()));
            // What the pieces of a run that was split say of themselves.
            others.push("part".to_owned());
            others.sort_unstable();
            others.dedup();
            let is_shown = |(number, of): &(usize, &EventType)| {
                accept.accepted.get(*number) == Some(&true) && comes(Coming { types: &[*of], unknown: false })
            };
            for (event_type, of) in types.iter().enumerate().filter(is_shown) {
                let names = [&member_names(of)[..], &others].concat();
                let personal = of.personal.iter().map(|(place, class)| What::Personal(place, *class));
                for what in personal.chain(of.payload.iter().map(What::Payload)) {
                    self.field((number, at), (event_type, of), what, (&shown, &names));
                }
            }
        }
        let unknown_comes = policy.accept.as_ref().is_none_or(|accept| accept.unknown == Unknown::Pass);
        if unknown_comes
            && comes(Coming { types: &[], unknown: true })
            && shown.shows_unknown()
            && !self.covers_unknown(number)
            && !self.is_allowed(number, None, What::Unknown)
        {
            let route = &policy.routes[number].name;
            let expected =
                ["no record of unknown type on route \"", route, "\" as it came: nobody knows what it holds"].concat();
            let help = match policy.accept {
                Some(_) => "\"unknown\": \"quarantine\" in \"accept\", or the rule { \"payload\": true }",
                None => "\"accept\": { \"unknown\": \"quarantine\" }, or the rule { \"payload\": true }",
            };
            self.notes.add(code::UNKNOWN, at, &expected, help);
        }
    }

    fn field(
        &mut self,
        (route, at): (usize, usize),
        (number, of): (usize, &EventType),
        what: What<'_>,
        (shown, names): (&Shown, &[String]),
    ) {
        let (place, class) = match what {
            What::Personal(place, class) => (place, Some(class)),
            What::Payload(place) => (place, None),
            What::Unknown => return,
        };
        if !shown.shows((of, names), place)
            || self.covers(route, (number, names), place)
            || self.is_allowed(route, Some(of), what)
        {
            return;
        }
        let word = class.and_then(|class| Class::ALL.iter().find(|(known, _)| *known == class)).map(|(_, word)| *word);
        let route = self.policy.routes[route].name.as_str();
        let what = word.unwrap_or("free payload");
        let expected =
            ["no ", what, " as it came on route \"", route, "\": ", &of.name, " has it at ", &place.text].concat();
        let (code, help) = match word {
            Some(word) => (code::PERSONAL, ["the rule { \"class\": \"", word, "\" }"].concat()),
            None => (code::PAYLOAD, payload_mend(&place.text)),
        };
        self.notes.add(code, at, &expected, &help);
    }

    /// What no route is about: original bytes, and entries of `allow` that allow nothing.
    fn rest(&mut self, quarantine: Option<Cursor<'_>>) {
        let mut entries = self.policy.allow.iter().zip(&mut self.used);
        let for_originals = entries.find(|(entry, _)| entry.route.is_none() && self.policy.originals);
        match for_originals {
            Some((_, used)) => *used = true,
            None if self.policy.originals => {
                let expected = "no original bytes of records in quarantine: they hold all that came";
                let help = "\"originals\": false, or { \"route\": \"quarantine\", \"because\": … } in \"allow\"";
                self.notes.add(code::ORIGINALS, quarantine.map_or(0, start), expected, help);
            }
            None => {}
        }
        for (entry, _) in self.policy.allow.iter().zip(&self.used).filter(|(_, used)| !**used) {
            let help = "take it out: what it names is redacted, or does not come";
            self.notes.warn(code::IDLE, entry.at, "an entry that something needs", help);
        }
    }

    /// Whether rules that are certain reach a place of an event, however deep it lies.
    fn covers(&self, route: usize, of: (usize, &[String]), place: &Place) -> bool {
        let spares = |paths: &[Path]| {
            let mut paths = paths.iter().flat_map(|path| without_wrappers(&path.segments, of.1));
            paths.any(|path| may_meet(path, &place.path.segments))
        };
        let certain = certain(&self.policy.redact, &spares);
        self.views.iter().enumerate().all(|(wrappers, (redactor, plan))| {
            let rules = redactor.rules_of(redactor.group_of(route)).that_are(certain);
            redactor.covers(plan, (&place.path, wrappers), of, rules)
        })
    }

    fn covers_unknown(&self, route: usize) -> bool {
        let certain = certain(&self.policy.redact, &|paths| !paths.is_empty());
        self.views.iter().all(|(redactor, _)| {
            let rules = redactor.rules_of(redactor.group_of(route)).that_are(certain);
            redactor.covers_unknown(rules)
        })
    }

    fn is_allowed(&mut self, route: usize, of: Option<&EventType>, what: What<'_>) -> bool {
        let mut is_allowed = false;
        for (entry, used) in self.policy.allow.iter().zip(&mut self.used) {
            if entry.route == Some(route) && allows(entry, of, what) {
                *used = true;
                is_allowed = true;
            }
        }
        is_allowed
    }
}
