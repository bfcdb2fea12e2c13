//! The automaton: a state for each set of places that a walk can be at.

use super::keys::{Atom, Keys, OTHER};
use crate::limits::MAX_PLAN_CELLS;

/// A state of the automaton.
pub(crate) type State = u16;
/// Nothing at this place or below it was asked for.
pub(crate) const DEAD: State = 0;
/// The state of the document itself.
pub(crate) const START: State = 1;

/// Somebody asked for the value at this place.
pub(super) const ASKED: u8 = 1;
/// Somebody asked for something below this place.
pub(super) const BELOW: u8 = 2;

/// The compiled plan.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(super) keys: Keys,
    pub(super) objects: Vec<Members>,
    /// Of each state, one after the other: the keys that lead elsewhere than the others do, ascending, and where.
    pub(super) steps: Vec<(Atom, State)>,
    /// Of states with many steps: where each key leads.
    pub(super) rows: Vec<State>,
    /// Per state, its part of the steps: from, to. With [`ROW`] for the end: where its row begins.
    pub(super) ranges: Vec<(u32, u32)>,
    pub(super) elements: Vec<Elements>,
    pub(super) flags: Vec<u8>,
    pub(super) asked: Vec<Vec<u32>>,
}

/// Marks a state that has a row.
const ROW: u32 = u32::MAX;
/// A state with more steps than this gets a row, as long as there is room.
const STEPS: usize = 4;

/// What a walk through an object in some state keeps at hand.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Members {
    /// [`Keys::bit`] of every key that leads elsewhere than the others do.
    pub(crate) bits: u64,
    /// Where the others lead.
    pub(crate) other: State,
}

impl Members {
    /// Whether the key may lead elsewhere than the others.
    #[inline(always)]
    pub(crate) fn may_differ(bits: u64, first: u8, len: usize) -> bool {
        bits & Keys::bit(first, len) != 0
    }
}

/// Where the elements of an array in some state lead.
#[derive(Debug, Default, Clone)]
pub(super) struct Elements {
    pub(super) all: State,
    /// Elements named by number lead elsewhere; sorted.
    pub(super) some: Vec<(u32, State)>,
}

impl Plan {
    /// The plan that asks for every value, as [`PlanBuilder::ask_everything`] alone would build it, at no cost. Nobody's
    /// number stands behind its states.
    pub(crate) fn everything() -> Plan {
        Plan {
            objects: vec![Members::default(), Members { bits: 0, other: START }],
            elements: vec![Elements::default(), Elements { all: START, some: Vec::new() }],
            flags: vec![0, ASKED],
            ..Plan::default()
        }
    }

    /// What to know of all members of an object in that state.
    #[inline(always)]
    pub(crate) fn members(&self, state: State) -> Members {
        self.objects.get(state as usize).copied().unwrap_or_default()
    }

    /// The state of a member, by its key's place in the text (no escapes; 8 bytes of padding).
    #[inline(always)]
    pub(crate) fn member(&self, state: State, text: &[u8], start: usize, end: usize) -> State {
        self.step(state, self.keys.find(text, start, end))
    }

    /// The state of a member, by its decoded key.
    pub(crate) fn member_decoded(&self, state: State, key: &[u8]) -> State {
        self.step(state, self.keys.find_text(key))
    }

    #[inline(always)]
    fn step(&self, state: State, atom: Atom) -> State {
        let (from, to) = self.ranges.get(state as usize).copied().unwrap_or_default();
        if to == ROW {
            return self.rows.get(from as usize + usize::from(atom)).copied().unwrap_or_default();
        }
        let steps = self.steps.get(from as usize..to as usize).filter(|_| atom != OTHER).unwrap_or_default();
        match steps.binary_search_by_key(&atom, |step| step.0) {
            Ok(i) => steps[i].1,
            Err(_) => self.members(state).other,
        }
    }

    /// Makes a row of the steps from `from` on, if they are many.
    pub(super) fn row(&mut self, from: u32) -> Option<(u32, u32)> {
        let (start, length) = (self.rows.len(), self.keys.len() + 1);
        if self.steps.len() - from as usize <= STEPS || start + length > MAX_PLAN_CELLS {
            return None;
        }
        let other = self.objects.last().map_or(DEAD, |members| members.other);
        self.rows.resize(start + length, other);
        for (atom, to) in self.steps.drain(from as usize..) {
            self.rows[start + usize::from(atom)] = to;
        }
        Some((start as u32, ROW))
    }

    /// The state of an array's elements, and whether it depends on their number.
    #[inline(always)]
    pub(crate) fn elements(&self, state: State) -> (State, bool) {
        self.elements.get(state as usize).map_or((DEAD, false), |e| (e.all, !e.some.is_empty()))
    }

    /// The state of one element, by its number.
    #[cold]
    pub(crate) fn element(&self, state: State, number: u32) -> State {
        let Some(elements) = self.elements.get(state as usize) else {
            return DEAD;
        };
        match elements.some.binary_search_by_key(&number, |e| e.0) {
            Ok(i) => elements.some[i].1,
            Err(_) => elements.all,
        }
    }

    /// The states that members of an object in that state may have, but for those of some names; some more than once.
    pub(crate) fn successors(&self, state: State, without: &[String]) -> impl Iterator<Item = State> {
        let named = (1..=self.keys.len() as Atom).filter(move |atom| {
            let name = self.keys.name(*atom);
            !without.iter().any(|known| known.as_bytes() == name)
        });
        named.chain([OTHER]).map(move |atom| self.step(state, atom))
    }

    /// The states that whatever an object or array in that state holds may have; some more than once.
    pub(crate) fn leads_to(&self, state: State) -> impl Iterator<Item = State> + '_ {
        let (from, to) = self.ranges.get(usize::from(state)).copied().unwrap_or_default();
        let (from, is_row) = (from as usize, to == ROW);
        let row = self.rows.get(from..from + self.keys.len() + 1).filter(|_| is_row).unwrap_or_default();
        let steps = self.steps.get(from..to as usize).filter(|_| !is_row).unwrap_or_default();
        let members = row.iter().copied().chain(steps.iter().map(|step| step.1));
        members.chain([self.members(state).other]).chain(self.of_elements(state))
    }

    /// The states that elements of an array in that state may have.
    pub(crate) fn of_elements(&self, state: State) -> impl Iterator<Item = State> + '_ {
        let elements = self.elements.get(usize::from(state));
        elements.into_iter().flat_map(|e| e.some.iter().map(|(_, state)| *state).chain([e.all]))
    }

    /// Somebody asked for values in this state.
    #[inline(always)]
    pub(crate) fn is_asked(&self, state: State) -> bool {
        self.flags.get(state as usize).is_some_and(|f| f & ASKED != 0)
    }

    /// Somebody asked for something below values in this state; everything does not count.
    #[inline(always)]
    pub(crate) fn goes_on(&self, state: State) -> bool {
        self.flags.get(state as usize).is_some_and(|f| f & BELOW != 0)
    }

    /// Whom values in this state concern: numbers that [`PlanBuilder::ask`] gave, ascending.
    pub(crate) fn asked(&self, state: State) -> &[u32] {
        self.asked.get(state as usize).map_or(&[], Vec::as_slice)
    }

    /// How many states there are.
    pub(crate) fn states(&self) -> usize {
        self.flags.len()
    }
}
