//! What is odd about a policy without being wrong. Told only where it is certain.

use super::route::Named;
use super::{Policy, Secrets, idle};
use crate::document::{Notes, start, text};
use crate::encode::WORKATO_LIMIT;
use crate::limits::Limits;
use crate::plan::{Path, Segment};
use crate::recognition::Catalog;
use crate::redact::{Action, Rule};
use crate::tape::Cursor;

/// A route that sends what another sends, to the same place.
const TWICE: &str = "P184";
/// A limit that another makes idle.
const LIMIT: &str = "P185";
/// A key that nothing names.
const KEY: &str = "P186";
/// A template that reads what a rule takes out.
const TAKEN: &str = "P187";

/// Warns of a policy that has been read and found in order. `catalog`: what event types there are; none where no query and no
/// template asks.
pub(super) fn warn(
    root: Cursor<'_>,
    policy: &Policy,
    (secrets, named, catalog): (Secrets<'_>, &[Named], Option<&Catalog>),
    notes: &mut Notes<'_>,
) {
    let element = |list: &str, number: usize| Some(root.member(list)?.children().nth(number)?.1);
    keys(root, secrets, notes);
    limits(root, policy, notes);
    taken(policy, named, notes);
    twice(policy, &element, notes);
    idle::warn(root, policy, (catalog, &element), notes);
}

/// An element of a list that the policy has.
pub(super) type Element<'e, 'v> = dyn Fn(&str, usize) -> Option<Cursor<'v>> + 'e;

/// Routes that send what an earlier one sends.
fn twice(policy: &Policy, element: &Element<'_, '_>, notes: &mut Notes<'_>) {
    let has_same =
        |a: Cursor<'_>, b: Cursor<'_>, name: &str| a.member(name).map(Cursor::raw) == b.member(name).map(Cursor::raw);
    let narrows = |route: Cursor<'_>| route.member("when").is_some() || route.member("sample").is_some();
    let is_redacted_alike = |a: usize, b: usize| {
        let mut routes = policy.redact.iter().filter_map(|rule| rule.routes.as_ref());
        routes.all(|routes| routes.contains(&a) == routes.contains(&b))
    };
    for number in 0..policy.routes.len() {
        let Some(route) = element("routes", number) else { return };
        let earlier = (0..number).find(|other| {
            policy.routes[number].to.request().is_some()
                && is_redacted_alike(number, *other)
                && element("routes", *other).is_some_and(|other| {
                    let is_part = has_same(route, other, "when") && has_same(route, other, "sample");
                    ["to", "template", "steps", "oversize"].iter().all(|name| has_same(route, other, name))
                        && (is_part || !narrows(route) || !narrows(other))
                })
        });
        if let Some(earlier) = earlier {
            let expected =
                ["another destination than that of the route \"", &policy.routes[earlier].name, "\""].concat();
            let help = "records that both take arrive twice";
            notes.warn(TWICE, start(route), &expected, help);
        }
    }
}

/// Limits that cannot be reached.
fn limits(root: Cursor<'_>, policy: &Policy, notes: &mut Notes<'_>) {
    let Limits { record_bytes, output_bytes, .. } = policy.limits;
    let told = |name| root.member("limits").and_then(|limits| limits.member(name));
    let changes = !policy.redact.is_empty() || policy.templates.iter().any(Option::is_some);
    if let Some((record, _)) = told("recordBytes").zip(told("outputBytes"))
        && record_bytes > output_bytes
        && !changes
    {
        let help = "nothing makes records shorter, so that outputBytes withholds those";
        notes.warn(LIMIT, start(record), "no more than outputBytes", help);
    }
    for (number, oversize) in policy.oversize.iter().enumerate() {
        let above = oversize.as_ref().map_or(usize::MAX, |oversize| oversize.above);
        if above >= output_bytes && above != usize::MAX && above != WORKATO_LIMIT {
            let route = root.member("routes").and_then(|routes| routes.children().nth(number));
            let at = route.and_then(|(_, route)| route.member("oversize")).map_or(0, start);
            let help = "longer records are withheld before";
            notes.warn(LIMIT, at, "less than limits.outputBytes", help);
        }
    }
}

/// Keys that were given for nothing: no text of the policy holds their names.
fn keys(root: Cursor<'_>, secrets: Secrets<'_>, notes: &mut Notes<'_>) {
    for (name, _) in secrets.iter().filter(|(name, _)| name != "*") {
        let mut texts = (0..root.nodes().len() as u32).filter_map(|index| root.go(index)).filter_map(text);
        if !texts.any(|text| text.contains(name.as_str())) {
            let expected = ["no key \"", name, "\": nothing names it"].concat();
            notes.warn(KEY, start(root), &expected, "");
        }
    }
}

/// What templates read in vain.
fn taken(policy: &Policy, named: &[Named], notes: &mut Notes<'_>) {
    for Named { route, at, paths } in named {
        let takes = |rule: &&Rule| {
            let is_certain = rule.when.is_empty() && rule.except.is_empty() && rule.within.is_empty();
            let is_for = rule.routes.as_ref().is_none_or(|routes| routes.contains(route));
            rule.action == Action::Remove && is_certain && is_for && paths.iter().all(|path| takes(rule, path, policy))
        };
        if let Some(number) = policy.redact.iter().find(takes).and_then(|rule| rule.entry) {
            let expected = ["a field that is left: the rule /redact/", &number.to_string(), " takes it out"].concat();
            let help = "\"replace\" or \"mask\" leave something there";
            notes.warn(TAKEN, *at, &expected, help);
        }
    }
}

/// Whether a rule takes what is at a path of names out of every record.
fn takes(rule: &Rule, path: &str, policy: &Policy) -> bool {
    let Ok(Path { segments }) = Path::parse(path) else { return false };
    let has_name = |key: &String| segments.iter().any(|segment| matches!(segment, Segment::Name(name) if name == key));
    let leads = |path: &Path| {
        segments.starts_with(&path.segments) && path.segments.iter().all(|segment| matches!(segment, Segment::Name(_)))
    };
    // A path is meant from the event in its wrapper only where somebody looks for it.
    let paths = rule.paths.iter().filter(|_| policy.accept.is_some());
    rule.keys.iter().any(has_name) || paths.map(|(path, _)| path).any(leads)
}
