//! Queries that match nothing, routes that get nothing, rules that are never applied: as far as that is certain.

use super::Policy;
use super::odd::Element;
use crate::accept::Unknown;
use crate::catalog::EventType;
use crate::document::{Notes, start};
use crate::query::{Coming, Query, never};
use crate::recognition::Catalog;
use crate::redact::Rule;
use crate::tape::Cursor;

/// A query that nothing matches.
const NEVER: &str = "P181";
/// A route to which nothing comes.
const ROUTE: &str = "P182";
/// A rule that is never applied.
const RULE: &str = "P183";

/// Warns of them. `catalog`: what event types there are, where a query of the document asks.
pub(super) fn warn(
    root: Cursor<'_>,
    policy: &Policy,
    (catalog, element): (Option<&Catalog>, &Element<'_, '_>),
    notes: &mut Notes<'_>,
) {
    let Policy { accept, filter, sampling, .. } = policy;
    // Presets ask, too; where they do, records are held against the policy's own catalogue.
    let catalog = accept.as_ref().map(|accept| &accept.catalog).or(catalog);
    let is_let_in = |number: usize| accept.as_ref().is_none_or(|accept| accept.accepted.get(number) == Some(&true));
    let types = catalog.map_or(&[][..], Catalog::event_types).iter().enumerate();
    let types: Vec<&EventType> = types.filter(|(number, _)| is_let_in(*number)).map(|(_, of)| of).collect();
    let unknown = accept.as_ref().is_none_or(|accept| accept.unknown == Unknown::Pass);
    let coming = Coming { types: &types, unknown };
    let mut odd = |(code, at, expected), help: &str| notes.warn(code, at, expected, help);
    let at = |name| root.member(name).map_or(0, start);
    if accept.is_some() && types.is_empty() && !unknown {
        let help = "\"events\" names no event type, and what is unknown does not pass";
        return odd((ROUTE, at("accept"), COMES), help);
    }
    let keep: Vec<&Query> = filter.keep.iter().collect();
    if never(&keep, coming) {
        // Then nothing else comes, either.
        return odd((NEVER, at("keep"), MATCHED), CONTRADICTS);
    }
    if sampling.all.as_ref().is_some_and(|sample| sample.takes_nothing()) {
        return odd((ROUTE, at("sample"), COMES), SHARE);
    }
    let mut is_idle = vec![true; policy.routes.len()];
    for (number, when) in filter.when.iter().enumerate() {
        let at = |name| element("routes", number).and_then(|route| route.member(name)).map_or(0, start);
        let alone: Vec<&Query> = when.iter().collect();
        let both = [&alone[..], &keep].concat();
        let sample = sampling.routes.get(number).and_then(Option::as_ref);
        match () {
            () if never(&alone, coming) => odd((NEVER, at("when"), MATCHED), CONTRADICTS),
            () if never(&both, coming) => odd((ROUTE, at("when"), COMES), "\"keep\" leaves out what \"when\" asks for"),
            () if sample.is_some_and(|sample| sample.takes_nothing()) => odd((ROUTE, at("sample"), COMES), SHARE),
            () => is_idle[number] = false,
        }
    }
    for number in 0..policy.rules {
        // One that uses presets is several.
        let mut rules = policy.redact.iter().filter(|rule| rule.entry == Some(number)).peekable();
        let entry = element("redact", number).filter(|_| rules.peek().is_some());
        let Some(entry) = entry else { continue };
        let at = |name| start(entry.member(name).unwrap_or(entry));
        let has_routes = |rule: &Rule| {
            rule.routes.as_ref().is_none_or(|routes| routes.iter().any(|route| is_idle.get(*route) != Some(&true)))
        };
        let applies = |rule: &Rule| {
            let queries: Vec<&Query> = rule.when.iter().chain(&filter.keep).collect();
            rule.when.is_empty() || !never(&queries, coming)
        };
        if !rules.clone().any(has_routes) {
            odd((RULE, at("routes"), COMES), "without \"routes\" a rule is for all of them");
        } else if !rules.clone().any(|rule| may_meet(rule, &types, unknown)) {
            odd((RULE, start(entry), "a rule for what events have"), "no event type that is let in has any of that");
        } else if !rules.any(applies) {
            let help = "its query contradicts itself or \"keep\", or asks for events that are not let in";
            odd((RULE, at("when"), "a rule for records that come"), help);
        }
    }
}

/// Whether a rule is for something that events of some types have; in records of unknown type, it may be.
fn may_meet(rule: &Rule, types: &[&EventType], unknown: bool) -> bool {
    let is_by_type = rule.paths.is_empty()
        && rule.selected.is_empty()
        && rule.keys.is_empty()
        && rule.detectors.is_empty()
        && rule.patterns.is_empty();
    let has = |of: &&EventType| {
        of.personal.iter().any(|(_, class)| rule.classes.contains(class))
            || rule.payload && !of.payload.is_empty()
            || rule.steps && !of.steps.is_empty()
    };
    !is_by_type || unknown || types.iter().any(has)
}

const MATCHED: &str = "a query that some record can match";
const CONTRADICTS: &str = "it contradicts itself, or asks for events that are not let in";
const COMES: &str = "a route to which some record comes";
const SHARE: &str = "a share above 0, or \"always\" for what goes on in any case";
