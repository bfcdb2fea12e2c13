//! What the states of a plan say of rules.

use super::reach::{Reached, Redactor, Role};
use super::rule::Rules;
use crate::order::Order;
use crate::plan::{Plan, State};

/// Adds a rule for events of a type.
fn add_typed(typed: &mut Vec<(u16, Rules)>, event_type: u16, rule: Rules) {
    match typed.iter_mut().find(|(known, _)| *known == event_type) {
        Some((_, rules)) => *rules = rules.and_those(rule),
        None => typed.push((event_type, rule)),
    }
}

impl Redactor {
    /// Tells for each state which rules there are.
    pub(crate) fn settle(&mut self, plan: &Plan) {
        let mut known = Order::default();
        let parted = self.parted(plan);
        for state in 0..plan.states() {
            let parted = parted.get(state).copied().unwrap_or_default();
            let mut reached = Reached { live: self.unscoped, parted, ..Reached::default() };
            let mut excepted = Rules::default();
            for asked in self.asked_at(state as State, plan) {
                let rule = Rules::one(asked.rule);
                match asked.role {
                    Role::Value(None) => reached.here = reached.here.and_those(rule),
                    Role::Value(Some(event_type)) => add_typed(&mut reached.typed, event_type, rule),
                    Role::Element(selector) => reached.judged.push(selector),
                    Role::Selected(selector) => reached.selected.push((selector, rule)),
                    Role::Event => reached.may_be_event = true,
                    Role::Within => reached.live = reached.live.and_those(rule),
                    Role::Except => excepted = excepted.and_those(rule),
                    Role::Known(event_type, known) => {
                        if !reached.known.iter().any(|(known, _)| *known == event_type) {
                            reached.known.push((event_type, known));
                        }
                    }
                    Role::Json(event_type, number) => {
                        let rules = self.around.get(usize::from(number)).copied().unwrap_or_default();
                        add_typed(&mut reached.json, event_type, rules);
                    }
                }
            }
            reached.judged.sort_unstable();
            reached.judged.dedup();
            reached.live = reached.live.without(excepted);
            reached.is_unscoped = reached.live == self.unscoped;
            reached.is_bare = reached.here.is_none() && reached.typed.is_empty() && reached.selected.is_empty();
            let is_asked =
                !reached.is_bare || !reached.judged.is_empty() || !reached.json.is_empty() || reached.may_be_event;
            self.quiet.push(!is_asked && !self.looks_everywhere);
            let next = self.reached.len();
            let number = known.find_or_add(next, &|number| self.reached[number].cmp(&reached));
            if number == next {
                self.reached.push(reached);
            }
            self.states.push(number as u32);
        }
    }

    /// Of each state the rules for which something below is excepted; nothing where no rule has exceptions.
    fn parted(&self, plan: &Plan) -> Vec<Rules> {
        let excepted = |state: usize| {
            let asked = self.asked_at(state as State, plan);
            let excepted = asked.filter(|asked| asked.role == Role::Except);
            excepted.fold(Rules::default(), |all, asked| all.and_those(Rules::one(asked.rule)))
        };
        let mut below: Vec<Rules> = (0..plan.states()).map(excepted).collect();
        if below.iter().all(|rules| rules.is_none()) {
            return Vec::new();
        }
        // At each state those of all that it leads to, until nothing is new.
        loop {
            let before = below.clone();
            for state in (0..below.len()).rev() {
                let next = plan.leads_to(state as State).filter_map(|next| below.get(usize::from(next)));
                below[state] = next.fold(before[state], |all, rules| all.and_those(*rules));
            }
            if below == before {
                return below;
            }
        }
    }
}
