//! Paths to an automaton: a state for each set of places that a walk can be at.

use std::collections::HashMap;

use super::keys::{Atom, Keys, OTHER};
use super::path::{Path, Segment};
use crate::limits::MAX_PLAN_ENTRIES;

/// A state of the automaton.
pub(crate) type State = u16;
/// Nothing at this place or below it was asked for.
pub(crate) const DEAD: State = 0;
/// The state of the document itself.
pub(crate) const START: State = 1;

/// Somebody asked for the value at this place.
const ASKED: u8 = 1;
/// Somebody asked for something below this place.
const BELOW: u8 = 2;

/// The paths need more states than a plan may have.
#[derive(Debug)]
pub(crate) struct TooLarge;

/// Collects what the rooms ask for.
#[derive(Debug, Default)]
pub(crate) struct PlanBuilder {
    paths: Vec<Path>,
}

impl PlanBuilder {
    /// Asks for the values at `path`. The number given comes back from [`Plan::asked`].
    pub(crate) fn ask(&mut self, path: Path) -> usize {
        self.paths.push(path);
        self.paths.len() - 1
    }

    /// Compiles: subset construction over the positions in all paths.
    pub(crate) fn build(self) -> Result<Plan, TooLarge> {
        Builder::new(self.paths)?.run()
    }
}

/// The compiled plan.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    keys: Keys,
    stride: usize,
    members: Vec<State>, // state * stride + atom
    objects: Vec<Members>,
    elements: Vec<Elements>,
    flags: Vec<u8>,
    asked: Vec<Vec<u32>>,
}

/// What a walk through an object in some state keeps at hand.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Members {
    /// [`Keys::bit`] of every key that leads elsewhere than the others do.
    bits: u64,
    /// Where the others lead.
    pub(crate) other: State,
}

impl Members {
    /// Whether the key may lead elsewhere than the others.
    #[inline(always)]
    pub(crate) fn may_differ(self, first: u8, len: usize) -> bool {
        self.bits & Keys::bit(first, len) != 0
    }
}

/// Where the elements of an array in some state lead.
#[derive(Debug, Default, Clone)]
struct Elements {
    all: State,
    /// Elements named by number lead elsewhere; sorted.
    some: Vec<(u32, State)>,
}

impl Plan {
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
        self.members.get(state as usize * self.stride + atom as usize).copied().unwrap_or(DEAD)
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

    /// Somebody asked for values in this state.
    #[inline(always)]
    pub(crate) fn is_asked(&self, state: State) -> bool {
        self.flags.get(state as usize).is_some_and(|f| f & ASKED != 0)
    }

    /// Somebody asked for something below values in this state.
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

/// A place in a path: (path, segments already matched). A set of them is what a state stands for.
type Position = (u32, u32);

struct Builder {
    paths: Vec<Path>,
    keys: Keys,
    names: HashMap<String, Atom>,
    known: HashMap<Vec<Position>, State>,
    todo: Vec<Vec<Position>>,
}

/// One step down from a value.
enum Step {
    Member(Atom),
    /// An element; its number, where some path names it.
    Element(Option<u32>),
}

impl Builder {
    fn new(paths: Vec<Path>) -> Result<Builder, TooLarge> {
        let mut names = HashMap::new();
        let mut ordered: Vec<Box<[u8]>> = Vec::new();
        for segment in paths.iter().flat_map(|p| &p.segments) {
            if let Segment::Name(name) = segment
                && !names.contains_key(name)
            {
                ordered.push(name.as_bytes().into());
                names.insert(name.clone(), Atom::try_from(ordered.len()).map_err(|_| TooLarge)?);
            }
        }
        Ok(Builder { paths, keys: Keys::new(ordered), names, known: HashMap::new(), todo: Vec::new() })
    }

    fn run(mut self) -> Result<Plan, TooLarge> {
        let stride = self.keys.atoms();
        let mut plan = Plan { stride, ..Plan::default() };
        self.state(Vec::new()); // DEAD
        let start = (0..self.paths.len() as u32).map(|p| (p, 0)).collect();
        let start = self.close(start);
        self.todo.push(start.clone());
        self.known.entry(start).or_insert(START);
        let mut next = 0;
        while next < self.todo.len() {
            let at = self.todo[next].clone();
            next += 1;
            for atom in 0..stride {
                let to = self.follow(&at, &Step::Member(atom as Atom));
                plan.members.push(to);
            }
            plan.objects.push(self.object(&plan.members[plan.members.len() - stride..]));
            let mut some: Vec<u32> = at.iter().filter_map(|&p| self.index(p)).collect();
            some.sort_unstable();
            some.dedup();
            let all = self.follow(&at, &Step::Element(None));
            let some = some.into_iter().map(|n| (n, self.follow(&at, &Step::Element(Some(n))))).collect();
            plan.elements.push(Elements { all, some });

            let asked: Vec<u32> = at.iter().filter(|p| self.segment(**p).is_none()).map(|p| p.0).collect();
            let below = at.iter().any(|p| self.segment(*p).is_some());
            plan.flags.push(if asked.is_empty() { 0 } else { ASKED } | if below { BELOW } else { 0 });
            plan.asked.push(asked);
            if self.todo.len() * stride > MAX_PLAN_ENTRIES || self.todo.len() > usize::from(State::MAX) {
                return Err(TooLarge);
            }
        }
        plan.keys = self.keys;
        Ok(plan)
    }

    fn object(&self, row: &[State]) -> Members {
        let other = row[usize::from(OTHER)];
        let differing = (1..).zip(&row[1..]).filter(|(_, to)| **to != other);
        Members { bits: differing.fold(0, |bits, (atom, _)| bits | self.keys.bit_of(atom)), other }
    }

    fn segment(&self, (path, done): Position) -> Option<&Segment> {
        self.paths[path as usize].segments.get(done as usize)
    }

    fn index(&self, at: Position) -> Option<u32> {
        match self.segment(at) {
            Some(Segment::Index(n)) => Some(*n),
            _ => None,
        }
    }

    /// The state for a set of positions, new or known.
    fn state(&mut self, positions: Vec<Position>) -> State {
        let new = self.todo.len() as State;
        *self.known.entry(positions).or_insert_with_key(|positions| {
            self.todo.push(positions.clone());
            new
        })
    }

    /// `**` may stand for nothing.
    fn close(&self, mut positions: Vec<Position>) -> Vec<Position> {
        let mut i = 0;
        while i < positions.len() {
            if self.segment(positions[i]) == Some(&Segment::Deep) {
                positions.push((positions[i].0, positions[i].1 + 1));
            }
            i += 1;
        }
        positions.sort_unstable();
        positions.dedup();
        positions
    }

    fn follow(&mut self, from: &[Position], step: &Step) -> State {
        let mut to = Vec::new();
        for &(path, done) in from {
            let on = (path, done + 1);
            let stay = (path, done);
            match (self.segment(stay), step) {
                (Some(Segment::Deep), _) => to.push(stay),
                (Some(Segment::Any), _) | (Some(Segment::Element), Step::Element(_)) => to.push(on),
                (Some(Segment::Name(name)), Step::Member(atom)) if self.names.get(name) == Some(atom) => to.push(on),
                (Some(Segment::Name(_)), Step::Element(_)) => to.push(stay),
                (Some(Segment::Index(n)), Step::Element(Some(number))) if n == number => to.push(on),
                _ => {}
            }
        }
        let to = self.close(to);
        self.state(to)
    }
}
