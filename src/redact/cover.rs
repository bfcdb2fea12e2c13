//! Which places no value leaves as it came, whatever the records hold.

use super::compile::in_precedence;
use super::reach::UNKNOWN;
use super::{Action, Redactor, Rule, Rules};
use crate::plan::{Path, Plan, START, Segment, State};

/// The rules that always change what they reach, but for places that `spares` says of their exceptions: one with `when` may
/// be idle, and one that truncates leaves a short value as it is.
pub(crate) fn certain(rules: &[Rule], spares: &dyn Fn(&[Path]) -> bool) -> Rules {
    let is_certain =
        |rule: &Rule| rule.when.is_empty() && !matches!(rule.action, Action::Truncate(_)) && !spares(&rule.except);
    let order = in_precedence(rules);
    let certain = order.iter().enumerate().filter(|(_, number)| rules.get(**number).is_some_and(is_certain));
    certain.fold(Rules::default(), |all, (rule, _)| all.and_those(Rules::one(rule as u8)))
}

impl Redactor {
    /// The rules of a group of routes.
    pub(crate) fn rules_of(&self, group: usize) -> Rules {
        self.groups.get(group).copied().unwrap_or_default()
    }

    /// Whether one of some rules reaches the value at a place, or one around it, in every event of a type. As many keys as
    /// `wrappers` lead to the event, none of which is among `names`; the plan was asked for as many.
    pub(crate) fn covers(
        &self,
        plan: &Plan,
        (place, wrappers): (&Path, usize),
        (event_type, names): (usize, &[String]),
        rules: Rules,
    ) -> bool {
        let event = Some(event_type);
        let mut states = vec![START];
        for _ in 0..wrappers {
            let next = states.iter().flat_map(|state| plan.successors(*state, names)).collect();
            states = self.left(next, None, event, rules);
        }
        for segment in &place.segments {
            states = match segment {
                Segment::Name(name) => {
                    let next = states.iter().map(|state| plan.member_decoded(*state, name.as_bytes())).collect();
                    self.left(next, Some(name.as_bytes()), event, rules)
                }
                _ => {
                    let next = states.iter().flat_map(|state| plan.of_elements(*state)).collect();
                    self.left(next, None, event, rules)
                }
            };
        }
        states.is_empty()
    }

    /// Whether one of some rules reaches whatever stands in records that no event type recognises.
    pub(crate) fn covers_unknown(&self, rules: Rules) -> bool {
        self.left(vec![START], None, None, rules).is_empty()
    }

    /// The states in which none of some rules reaches the value, which stands under a key.
    fn left(&self, mut states: Vec<State>, key: Option<&[u8]>, event: Option<usize>, rules: Rules) -> Vec<State> {
        states.sort_unstable();
        states.dedup();
        let event_type = event.map_or(UNKNOWN, |number| number as u16);
        let known = key.map(|key| self.keys.know(key).meant.rules(event.is_none())).unwrap_or_default();
        states.retain(|state| {
            let Some(reached) = self.reached(*state) else { return true };
            let typed = reached.typed.iter().filter(|(of, _)| *of == event_type).map(|(_, rules)| *rules);
            let all = typed.fold(reached.here.and_those(known), Rules::and_those);
            all.that_are(reached.live).that_are(rules).is_none()
        });
        states
    }
}
