//! Rules, compiled: what they ask of the plan.

use super::key::Meant;
use super::reach::{Asked, Events, Redactor, Role, UNKNOWN};
use super::rule::{Action, Rule, Rules, Selected};
use super::told;
use super::wanted::Wanted;
use crate::limits::MAX_WRAPPERS;
use crate::order::Order;
use crate::part;
use crate::pattern::{Finder, Marks};
use crate::plan::{Path, PlanBuilder, Segment};
use crate::sensitive::{Detectors, Kind, Kinds, Own};

/// The rules' places in a policy's list, those that withhold most first.
pub(super) fn in_precedence(rules: &[Rule]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::new();
    for (number, rule) in rules.iter().enumerate().take(Rules::MOST) {
        let rank = rule.action.rank();
        let place = order.iter().position(|known| rules[*known].action.rank() > rank).unwrap_or(order.len());
        order.insert(place, number);
    }
    order
}

impl Redactor {
    /// Asks the plan for what the rules need, in the record and below up to as many keys as lead to the event.
    /// [`Redactor::settle`]
    /// completes it once the plan is built.
    pub(crate) fn new(rules: &[Rule], routes: usize, events: Events<'_>, plan: &mut PlanBuilder) -> Redactor {
        let mut redactor = Redactor::default();
        let Events { types, wrappers, unknown, told } = events;
        redactor.wrappers = wrappers;
        if rules.iter().any(|rule| matches!(rule.action, Action::Mask(_) | Action::Truncate(_))) {
            redactor.marks = Marks::new();
        }
        let order = in_precedence(rules);
        let mut wanted = Wanted::default();
        let mut spreads = false;
        for (rule, &number) in order.iter().enumerate() {
            let (rule, of) = (rule as u8, &rules[number]);
            let mut ask = |path: Path, deep: bool, role, text: &str| {
                // All that is below places at any depth would be as many states as there are sets of such rules.
                let any_depth = deep && matches!(role, Role::Value(_) | Role::Selected(_)) && path.is_of_any_depth();
                spreads |= any_depth;
                let below = (deep && !any_depth).then(|| path.clone().and_all_below());
                for path in [Some(path), below].into_iter().flatten() {
                    wanted.add(path, [Asked { rule, role, text: text.to_owned() }]);
                }
            };
            let deep = of.action.is_of_scalars() || !of.except.is_empty();
            // What leads to any depth at once leads into wrappers, too.
            let once = |path: &&Path, wrapper: usize| wrapper == 0 || !path.begins_anywhere();
            for wrapper in 0..=wrappers {
                for (path, text) in of.paths.iter().filter(|(path, _)| once(&path, wrapper)) {
                    ask(path.below(wrapper), deep, Role::Value(None), text);
                }
                let excepted = of.except.iter().map(|path| (Role::Except, path));
                let within = of.within.iter().map(|path| (Role::Within, path)).chain(excepted);
                for (role, path) in within.filter(|(_, path)| once(path, wrapper)) {
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
                    ask(
                        place.path.with_or_without_lists().below(wrappers),
                        deep,
                        Role::Value(Some(event_type as u16)),
                        &place.text,
                    );
                }
            }
            if of.payload {
                ask(Path::everything(), false, Role::Value(Some(UNKNOWN)), "**");
            }
            let is_by_place = of.payload || of.steps || !of.classes.is_empty();
            if wrappers == 0 && !types.is_empty() && (is_by_place || !(of.paths.is_empty() && of.selected.is_empty())) {
                redactor.in_events = redactor.in_events.and_those(Rules::one(rule));
            }
            redactor.selectors.extend(of.selected.iter().map(|selected| selected.query.clone()));
        }
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
        let by_catalogue = |role| Asked { rule: 0, role, text: String::new() };
        for (path, roles) in &told.places {
            wanted.add(path.below(wrappers), roles.iter().copied().map(by_catalogue));
        }
        for (number, event_type) in types.iter().enumerate() {
            let by_place = |is_meant: &dyn Fn(&Rule) -> bool| {
                let meant = order.iter().enumerate().filter(|(_, number)| is_meant(&rules[**number]));
                meant.fold(Rules::default(), |all, (rule, _)| all.and_those(Rules::one(rule as u8)))
            };
            let by_key = |name: &str| redactor.keys.know(name.as_bytes()).meant.always;
            let (mut around, mut places): (Vec<(Vec<Segment>, Rules)>, _) = (Vec::new(), Order::default());
            told::around(event_type, &by_place, &by_key, &mut |segments, rules| {
                let next = around.len();
                let place = places.find_or_add(next, &|place| around[place].0.as_slice().cmp(segments));
                if place == next {
                    around.push((segments.to_vec(), Rules::default()));
                }
                around[place].1 = around[place].1.and_those(rules);
            });
            for place in places.iter() {
                let (segments, rules) = (std::mem::take(&mut around[place].0), around[place].1);
                if rules.is_none() {
                    continue;
                }
                let at = redactor.around.iter().position(|known| *known == rules).unwrap_or(redactor.around.len());
                if at == redactor.around.len() {
                    redactor.around.push(rules);
                }
                let role = Role::Json(number as u16, at as u16);
                wanted.add(Path { segments }.and_elements().below(wrappers), [by_catalogue(role)]);
            }
        }
        wanted.ask(plan, &mut redactor);
        // One that was cut off might be in any string.
        let may_be_cut_off = !redactor.in_events.is_none();
        for keys in (1..=MAX_WRAPPERS).filter(|_| may_be_cut_off) {
            let number = plan.ask_silently(Path { segments: Vec::new() }.below(keys));
            redactor.asked(number, vec![Asked { rule: 0, role: Role::Event, text: String::new() }]);
        }
        let mut names = Vec::new();
        for rule in rules {
            let selected = rule.selected.iter().map(|selected| &selected.path);
            let paths = rule.paths.iter().map(|(path, _)| path).chain(&rule.within).chain(&rule.except).chain(selected);
            for path in paths {
                told::names_of_path(path, &mut names);
                redactor.numbers_elements |= path.segments.iter().any(|step| matches!(step, Segment::Index(_)));
            }
            names.extend(rule.keys.iter().map(|key| key.trim_matches('*').to_owned()));
        }
        types.iter().filter(|known| known.is_own).for_each(|own| told::names(own, &mut names));
        redactor.knows_catalog = !types.is_empty();
        names.sort_unstable();
        names.dedup();
        redactor.names = names;
        let (mut kinds, mut own) = (Kinds::default(), Vec::new());
        redactor.found_by.resize(Kind::ALL.len(), Rules::default());
        for (rule, &number) in order.iter().enumerate() {
            for &kind in &rules[number].detectors {
                kinds.add(kind);
                let found_by = &mut redactor.found_by[kind as usize];
                *found_by = found_by.and_those(Rules::one(rule as u8));
            }
            // Told to the compiler, too: in such a build no rule has any.
            let patterns = part::Detecting::get().map_or(&[][..], |_| &rules[number].patterns[..]);
            for (pattern, check) in patterns {
                if let Ok(pattern) = Finder::new(pattern) {
                    own.push(Own { pattern, check: *check });
                    redactor.found_by.push(Rules::one(rule as u8));
                }
            }
        }
        redactor.detectors = Detectors::new(kinds, own);
        redactor.looks_everywhere = !redactor.keys.is_empty() || redactor.detectors.is_some();
        if redactor.looks_everywhere || spreads {
            plan.ask_everything();
        }
        for route in 0..routes {
            let meant = |number: usize| rules[number].routes.as_ref().is_none_or(|routes| routes.contains(&route));
            let group = order.iter().enumerate().filter(|(_, number)| meant(**number));
            let group = group.fold(Rules::default(), |all, (rule, _)| all.and_those(Rules::one(rule as u8)));
            let known = redactor.groups.iter().position(|known| *known == group);
            let number = known.unwrap_or(redactor.groups.len());
            redactor.group_of.push(number);
            if known.is_none() {
                redactor.groups.push(group);
                redactor.takers.push(0);
            }
            redactor.takers[number] |= 1 << route;
        }
        redactor
    }

    /// Notes why the plan was asked for a path, which has that number there.
    pub(super) fn asked(&mut self, number: usize, why: Vec<Asked>) {
        if self.asked.is_empty() {
            self.first = number;
        }
        self.asked.push(why);
    }
}
