//! Which rules reach what: the rules of a policy, over the states of a plan.

use super::key::Keys;
use super::places::written;
use super::rule::{Action, Rules};
use super::told::Told;
use super::work::Redaction;
use crate::catalog::{EventType, is_name};
use crate::pattern::Marks;
use crate::plan::{Plan, State};
use crate::query::Query;
use crate::sensitive::{Detectors, Known};
use crate::span::Span;
use crate::time::EpochNanos;

/// The compiled rules.
#[derive(Debug, Default)]
pub(crate) struct Redactor {
    /// Of each path that was asked of the plan, in that order, why it was; and the number of the first.
    pub(super) asked: Vec<Vec<Asked>>,
    pub(super) first: usize,
    /// How many keys lead to the event.
    pub(super) wrappers: usize,
    /// The rules in the order of precedence: their place in the policy's list, and what they do.
    pub(super) rules: Vec<(Option<usize>, Action)>,
    /// Of each, by what it reaches values that no path names: `key`, `detect`.
    pub(super) by: Vec<String>,
    /// Names that may be told, ascending: those that the policy has, its own event types among them; and whether those of
    /// the catalogue may be told, too.
    pub(super) names: Vec<String>,
    pub(super) knows_catalog: bool,
    /// Rules for records that match.
    pub(super) when: Vec<(Query, Rules)>,
    /// Some path names elements by number: none takes another's.
    pub(super) numbers_elements: bool,
    /// Rules for places in events, where events are looked for and none has been found.
    pub(super) in_events: Rules,
    /// What combines to characters, where a rule counts them.
    pub(super) marks: Marks,
    /// What elements on the way to a value are judged by.
    pub(super) selectors: Vec<Query>,
    pub(super) keys: Keys,
    /// Rules that are for something in an object or array, as some place has them.
    pub(super) around: Vec<Rules>,
    pub(super) detectors: Option<Detectors>,
    /// Of each detector, the rules for what it finds.
    pub(super) found_by: Vec<Rules>,
    /// Some rule looks at more than paths: at all keys and strings.
    pub(super) looks_everywhere: bool,
    /// Rules of which the places are named, and those of which they are not.
    pub(super) unscoped: Rules,
    /// Per state of the plan, the number of its [`Reached`].
    pub(super) states: Vec<u32>,
    pub(super) reached: Vec<Reached>,
    /// Per state, whether nothing is to be done with a value there, unless it is a string on the way to something, or rules are
    /// for all that is around it.
    pub(super) quiet: Vec<bool>,
    /// Per group of routes with the same rules: the rules.
    pub(super) groups: Vec<Rules>,
    /// Per route, its group.
    pub(super) group_of: Vec<usize>,
    /// Per group, its routes, a bit each.
    pub(super) takers: Vec<u32>,
}

/// Why a path was asked for: a rule, and how the policy or the catalogue writes the path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Asked {
    pub(super) rule: u8,
    pub(super) role: Role,
    pub(super) text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// The rule is for the value there; where a number is given, in events of that type.
    Value(Option<u16>),
    /// The value there is an element that a selector judges.
    Element(u16),
    /// The rule is for the value there, if the element that it is in was selected.
    Selected(u16),
    /// The rule is for what is there and below.
    Within,
    /// The rule is not for what is there and below.
    Except,
    /// No rule: the value there may be an event, if it can be read.
    Event,
    /// No rule: in events of a type the value there is known to be something.
    Known(u16, Known),
    /// No rule: in events of a type there is an object or array, maybe as a string that holds it, and rules are for
    /// something in it: those of that number in [`Redactor::around`].
    Json(u16, u16),
}

/// What the rules are in some state.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reached {
    /// Rules for the value there.
    pub(super) here: Rules,
    /// Further ones in events of a type.
    pub(super) typed: Vec<(u16, Rules)>,
    /// Rules that hold there at all.
    pub(super) live: Rules,
    /// Rules for which something below is excepted: they are not for an object, array or document there as a whole.
    pub(super) parted: Rules,
    /// The value there may be an event, if it can be read.
    pub(super) may_be_event: bool,
    /// The selectors that judge the value there.
    pub(super) judged: Vec<u16>,
    /// Further rules for the value there, if a selector took the element it is in.
    pub(super) selected: Vec<(u16, Rules)>,
    /// What the catalogue says the value there is, in events of a type.
    pub(super) known: Vec<(u16, Known)>,
    /// In events of a type the catalogue says that there is an object or array, maybe as a string that holds it: with the
    /// rules that may be for something in it.
    pub(super) json: Vec<(u16, Rules)>,
    /// No rule is for the value there but by its key or by what it says.
    pub(super) is_bare: bool,
    /// The rules that hold there are those that say nothing of where.
    pub(super) is_unscoped: bool,
}

/// The event type of a record that no type recognises.
pub(super) const UNKNOWN: u16 = u16::MAX;

/// What is known of the events in records.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Events<'a> {
    /// All types that there are.
    pub(crate) types: &'a [EventType],
    /// By how many keys lead from the record to the event.
    pub(crate) wrappers: usize,
    /// Records that no type recognises are let in.
    pub(crate) unknown: bool,
    /// What the values of events are known to be; empty where no rule looks for anything by detectors.
    pub(crate) told: &'a Told,
}

impl Redactor {
    /// Says what the queries of rules mean by `now`, from now on.
    pub(crate) fn set_now(&self, now: EpochNanos, work: &mut Redaction) {
        if self.when.iter().any(|(query, _)| query.says_now()) {
            let when = work.when.get_or_insert_with(|| self.when.clone());
            when.iter_mut().for_each(|(query, _)| query.set_now(now));
        }
    }

    /// The rules that are not for the record at `span` of `bytes`: it does not match.
    pub(crate) fn idle(&self, work: &mut Redaction, bytes: &[u8], span: Span) -> Rules {
        let when = work.when.as_ref().unwrap_or(&self.when);
        let idle = when.iter().filter(|(when, _)| !work.judge.matches(when, bytes, span));
        idle.fold(Rules::default(), |idle, (_, rules)| idle.and_those(*rules))
    }

    /// The rules for what a detector finds.
    pub(super) fn found_by(&self, detector: u16) -> Rules {
        self.found_by.get(usize::from(detector)).copied().unwrap_or_default()
    }

    /// The groups of routes that see the same, each with its routes, a bit each.
    pub(crate) fn takers(&self) -> &[u32] {
        &self.takers
    }

    /// The group of a route.
    pub(crate) fn group_of(&self, route: usize) -> usize {
        self.group_of.get(route).copied().unwrap_or_default()
    }

    /// What the rules are in a state.
    #[inline(always)]
    pub(super) fn reached(&self, state: State) -> Option<&Reached> {
        self.reached.get(*self.states.get(state as usize)? as usize)
    }

    /// Whether nothing is to be done with a value there, unless it is a string on the way to something, or rules are for all
    /// that is around it.
    #[inline(always)]
    pub(super) fn is_quiet(&self, state: State) -> bool {
        self.quiet.get(state as usize).is_some_and(|quiet| *quiet)
    }

    /// Why the paths were asked for that lead to a state.
    pub(super) fn asked_at<'r>(&'r self, state: State, plan: &Plan) -> impl Iterator<Item = &'r Asked> {
        let asked = move |number: &u32| self.asked.get((*number as usize).checked_sub(self.first)?);
        plan.asked(state).iter().filter_map(asked).flatten()
    }

    /// The path by which a rule reaches values in a state, as the policy or the catalogue writes it.
    fn asked_path(&self, rule: u8, state: State, plan: &Plan) -> Option<&str> {
        let mut paths = self
            .asked_at(state, plan)
            .filter(|asked| asked.rule == rule && matches!(asked.role, Role::Value(_) | Role::Selected(_)));
        paths.next().map(|asked| asked.text.as_str())
    }

    /// The path by which a rule reaches values in a state; else what it does that by.
    pub(crate) fn path(&self, rule: u8, state: State, plan: &Plan) -> &str {
        let by = self.by.get(usize::from(rule)).map_or("", String::as_str);
        self.asked_path(rule, state, plan).unwrap_or(by)
    }

    /// The place of a value: the way to it, of names that may be told; where that is not known, the path by which a rule
    /// reaches it.
    pub(super) fn place(&self, rule: u8, state: State, plan: &Plan, way: &[u8]) -> String {
        match way {
            [] => self.asked_path(rule, state, plan).unwrap_or_default().to_owned(),
            way => written(way, &|name| {
                self.names.binary_search_by(|known| known.as_str().cmp(name)).is_ok()
                    || self.knows_catalog && is_name(name)
            }),
        }
    }

    /// A rule's place in the policy's list, and what it does.
    pub(crate) fn rule(&self, rule: u8) -> Option<(Option<usize>, &Action)> {
        self.rules.get(usize::from(rule)).map(|(entry, action)| (*entry, action))
    }
}
