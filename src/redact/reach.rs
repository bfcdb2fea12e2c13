//! Which rules reach what: the rules of a policy, over the states of a plan.

use std::collections::BTreeMap;

use super::key::{Keys, Meant};
use super::rule::{Action, Rule, Rules, Selected};
use crate::catalog::EventType;
use crate::pattern::Finder;
use crate::plan::{Path, Plan, PlanBuilder, State};
use crate::query::{Judge, Query};
use crate::sensitive::{Detectors, Kind, Kinds, Own};
use crate::span::Span;

/// The compiled rules.
#[derive(Debug, Default)]
pub(crate) struct Redactor {
    /// What was asked of the plan, in that order, and the number of the first.
    asked: Vec<Asked>,
    first: usize,
    /// The rules in the order of precedence: their place in the policy's list, and what they do.
    pub(super) rules: Vec<(Option<usize>, Action)>,
    /// Of each, by what it reaches values that no path names: `key`, `detect`.
    by: Vec<String>,
    /// Rules for records that match.
    when: Vec<(Query, Rules)>,
    /// What elements on the way to a value are judged by.
    pub(super) selectors: Vec<Query>,
    pub(super) keys: Keys,
    pub(super) detectors: Option<Detectors>,
    /// Of each detector, the rules for what it finds.
    found_by: Vec<Rules>,
    /// Some rule looks at more than paths: at all keys and strings.
    pub(super) looks_everywhere: bool,
    /// Rules of which the places are named, and those of which they are not.
    unscoped: Rules,
    /// Per state of the plan, the number of its [`Reached`].
    states: Vec<u32>,
    reached: Vec<Reached>,
    /// Per group of routes with the same rules: the rules.
    pub(super) groups: Vec<Rules>,
    /// Per route, its group.
    group_of: Vec<usize>,
}

/// One path, and why it was asked for.
#[derive(Clone, Debug)]
struct Asked {
    rule: u8,
    role: Role,
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
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
    /// The selectors that judge the value there.
    pub(super) judged: Vec<u16>,
    /// Further rules for the value there, if a selector took the element it is in.
    pub(super) selected: Vec<(u16, Rules)>,
}

/// The event type of a record that no type recognises.
pub(super) const UNKNOWN: u16 = u16::MAX;

/// What is known of the events in records.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Events<'a> {
    /// All types that there are.
    pub(crate) types: &'a [EventType],
    /// By how many keys lead from the record to the event.
    pub(crate) wrappers: usize,
    /// Records that no type recognises are let in.
    pub(crate) unknown: bool,
}

/// The rules' places in a policy's list, those that withhold most first.
pub(super) fn in_precedence(rules: &[Rule]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rules.len().min(Rules::MOST)).collect();
    order.sort_by_key(|&number| rules[number].action.rank());
    order
}

impl Redactor {
    /// Asks the plan for what the rules need, in the record and below up to as many keys as lead to the event.
    /// [`Redactor::settle`]
    /// completes it once the plan is built.
    pub(crate) fn new(rules: &[Rule], routes: usize, events: Events<'_>, plan: &mut PlanBuilder) -> Redactor {
        let mut redactor = Redactor::default();
        let Events { types, wrappers, unknown } = events;
        let order = in_precedence(rules);
        let mut asked: Vec<Asked> = Vec::new();
        for (rule, &number) in order.iter().enumerate() {
            let (rule, of) = (rule as u8, &rules[number]);
            let mut ask = |path: Path, deep: bool, role, text: &str| {
                for path in [Some(&path), deep.then(|| path.clone().and_all_below()).as_ref()].into_iter().flatten() {
                    let number = plan.ask(path.clone());
                    if asked.is_empty() {
                        redactor.first = number;
                    }
                    asked.push(Asked { rule, role, text: text.to_owned() });
                }
            };
            let deep = of.action.is_of_scalars();
            for wrapper in 0..=wrappers {
                for (path, text) in &of.paths {
                    ask(path.below(wrapper), deep, Role::Value(None), text);
                }
                let excepted = of.except.iter().map(|path| (Role::Except, path));
                for (role, path) in of.within.iter().map(|path| (Role::Within, path)).chain(excepted) {
                    ask(path.below(wrapper), true, role, "");
                }
            }
            for wrapper in 0..=wrappers {
                for (number, Selected { element, path, text, .. }) in of.selected.iter().enumerate() {
                    let selector = (redactor.selectors.len() + number) as u16;
                    ask(element.below(wrapper), false, Role::Element(selector), "");
                    ask(path.below(wrapper), deep, Role::Selected(selector), text);
                }
            }
            for (event_type, known) in types.iter().enumerate() {
                let personal = known.personal.iter().filter(|(_, class)| of.classes.contains(class));
                let payload = known.payload.iter().filter(|_| of.payload);
                let steps = known.steps.iter().filter(|_| of.steps);
                for place in personal.map(|(place, _)| place).chain(payload).chain(steps) {
                    ask(place.path.below(wrappers), deep, Role::Value(Some(event_type as u16)), &place.text);
                }
            }
            if of.payload {
                ask(Path::everything(), false, Role::Value(Some(UNKNOWN)), "**");
            }
            redactor.selectors.extend(of.selected.iter().map(|selected| selected.query.clone()));
        }
        redactor.asked = asked;
        for (rule, &number) in order.iter().enumerate() {
            let of = &rules[number];
            let always = Meant { always: Rules::one(rule as u8), ..Meant::default() };
            of.keys.iter().for_each(|pattern| redactor.keys.add(pattern, always));
            // The names that the catalogue has for a class: for what is no part of a known event.
            let in_unknown = Meant { in_unknown: Rules::one(rule as u8), ..Meant::default() };
            let personal = types.iter().filter(|_| unknown || wrappers > 0).flat_map(|known| &known.personal);
            for (place, _) in personal.filter(|(_, class)| of.classes.contains(class)) {
                if let Some(name) = place.path.last_name() {
                    redactor.keys.add(name, in_unknown);
                }
            }
            if of.within.is_empty() {
                redactor.unscoped = redactor.unscoped.and_those(Rules::one(rule as u8));
            }
            redactor.when.extend(of.when.iter().map(|when| (when.clone(), Rules::one(rule as u8))));
            let by = [
                ("key", !of.keys.is_empty()),
                ("class", !of.classes.is_empty()),
                ("detect", !of.detectors.is_empty()),
                ("pattern", !of.patterns.is_empty()),
            ];
            let by: Vec<&str> = by.iter().filter(|(_, is)| *is).map(|(word, _)| *word).collect();
            redactor.by.push(by.join("/"));
            redactor.rules.push((of.entry, of.action.clone()));
        }
        let (mut kinds, mut own) = (Kinds::default(), Vec::new());
        redactor.found_by.resize(Kind::ALL.len(), Rules::default());
        for (rule, &number) in order.iter().enumerate() {
            for &kind in &rules[number].detectors {
                kinds.add(kind);
                let found_by = &mut redactor.found_by[kind as usize];
                *found_by = found_by.and_those(Rules::one(rule as u8));
            }
            for (pattern, check) in &rules[number].patterns {
                if let Ok(pattern) = Finder::new(pattern) {
                    own.push(Own { pattern, check: *check });
                    redactor.found_by.push(Rules::one(rule as u8));
                }
            }
        }
        redactor.detectors = (kinds != Kinds::default() || !own.is_empty()).then(|| Detectors::new(kinds, own));
        redactor.looks_everywhere = !redactor.keys.is_empty() || redactor.detectors.is_some();
        if redactor.looks_everywhere {
            plan.ask_everything();
        }
        for route in 0..routes {
            let meant = |number: usize| rules[number].routes.as_ref().is_none_or(|routes| routes.contains(&route));
            let group = order.iter().enumerate().filter(|(_, number)| meant(**number));
            let group = group.fold(Rules::default(), |all, (rule, _)| all.and_those(Rules::one(rule as u8)));
            let known = redactor.groups.iter().position(|known| *known == group);
            redactor.group_of.push(known.unwrap_or(redactor.groups.len()));
            if known.is_none() {
                redactor.groups.push(group);
            }
        }
        redactor
    }

    /// Tells for each state which rules there are.
    pub(crate) fn settle(&mut self, plan: &Plan) {
        let mut known: BTreeMap<Reached, u32> = BTreeMap::new();
        for state in 0..plan.states() {
            let mut reached = Reached { live: self.unscoped, ..Reached::default() };
            let mut excepted = Rules::default();
            for &number in plan.asked(state as State) {
                let Some(asked) = (number as usize).checked_sub(self.first).and_then(|n| self.asked.get(n)) else {
                    continue;
                };
                let rule = Rules::one(asked.rule);
                match asked.role {
                    Role::Value(None) => reached.here = reached.here.and_those(rule),
                    Role::Value(Some(event_type)) => match reached.typed.iter_mut().find(|(t, _)| *t == event_type) {
                        Some((_, rules)) => *rules = rules.and_those(rule),
                        None => reached.typed.push((event_type, rule)),
                    },
                    Role::Element(selector) => reached.judged.push(selector),
                    Role::Selected(selector) => reached.selected.push((selector, rule)),
                    Role::Within => reached.live = reached.live.and_those(rule),
                    Role::Except => excepted = excepted.and_those(rule),
                }
            }
            reached.live = reached.live.without(excepted);
            let next = self.reached.len() as u32;
            let number = *known.entry(reached).or_insert_with_key(|reached| {
                self.reached.push(reached.clone());
                next
            });
            self.states.push(number);
        }
    }

    /// The rules that are not for the record at `span` of `bytes`: it does not match.
    pub(crate) fn idle(&self, judge: &mut Judge, bytes: &[u8], span: Span) -> Rules {
        let idle = self.when.iter().filter(|(when, _)| !judge.matches(when, bytes, span));
        idle.fold(Rules::default(), |idle, (_, rules)| idle.and_those(*rules))
    }

    /// The rules for what a detector finds.
    pub(super) fn found_by(&self, detector: u16) -> Rules {
        self.found_by.get(usize::from(detector)).copied().unwrap_or_default()
    }

    /// How many groups of routes there are that may see different things.
    pub(crate) fn groups(&self) -> usize {
        self.groups.len()
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

    /// The path by which a rule reaches values in a state, as the policy or the catalogue writes it; else by what it does.
    pub(crate) fn path(&self, rule: u8, state: State, plan: &Plan) -> &str {
        let asked =
            plan.asked(state).iter().filter_map(|number| self.asked.get((*number as usize).checked_sub(self.first)?));
        let mut paths =
            asked.filter(|asked| asked.rule == rule && matches!(asked.role, Role::Value(_) | Role::Selected(_)));
        let by = self.by.get(usize::from(rule)).map_or("", String::as_str);
        paths.next().map_or(by, |asked| &asked.text)
    }

    /// A rule's place in the policy's list, and what it does.
    pub(crate) fn rule(&self, rule: u8) -> Option<(Option<usize>, &Action)> {
        self.rules.get(usize::from(rule)).map(|(entry, action)| (*entry, action))
    }
}
