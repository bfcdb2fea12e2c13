//! Paths to an automaton: a state for each set of places that a walk can be at.

use super::keys::{Atom, Keys, OTHER};
use super::path::{Path, Segment};
use crate::limits::{MAX_PLAN_CELLS, MAX_PLAN_STATES, MAX_PLAN_STEPS, MAX_PLAN_WORK};
use crate::order::Order;

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
    wishes: Vec<Wish>,
    /// Some path asks for everything.
    everything: bool,
    /// From this number on, what is asked does not make strings be gone into.
    aside: Option<u32>,
}

/// A path that is asked for.
#[derive(Debug)]
struct Wish {
    path: Path,
    /// The number of an earlier path for the same end, or its own.
    like: u32,
    /// All that lies on the way is asked for, too.
    is_way: bool,
    /// Strings are not gone into for it.
    is_silent: bool,
}

impl PlanBuilder {
    /// Asks for the values at `path`. The number given comes back from [`Plan::asked`].
    pub(crate) fn ask(&mut self, path: Path) -> usize {
        self.wish(path, None, (false, false))
    }

    fn wish(&mut self, path: Path, like: Option<usize>, (is_way, is_silent): (bool, bool)) -> usize {
        let number = self.wishes.len();
        self.wishes.push(Wish { path, like: like.unwrap_or(number) as u32, is_way, is_silent });
        number
    }

    /// Asks for the values at `path` for the same end as those of number `like`: where nothing but what lies behind a
    /// place tells the two apart, that number comes back, and there are fewer states.
    pub(crate) fn ask_like(&mut self, path: Path, like: Option<usize>) -> usize {
        self.wish(path, like, (false, false))
    }

    /// Asks for the values at `path` and for all that lies on the way, so that a cursor on the tape finds them step by step.
    pub(crate) fn ask_way(&mut self, path: Path) {
        self.wish(path, None, (true, false));
    }

    /// Asks for every value, without going on into strings that hold JSON for it.
    pub(crate) fn ask_everything(&mut self) {
        if !self.everything {
            self.everything = true;
            self.ask_silently(Path::everything());
        }
    }

    /// Asks for the values at `path`, without going on into strings that hold JSON for it.
    pub(crate) fn ask_silently(&mut self, path: Path) -> usize {
        self.wish(path, None, (false, true))
    }

    /// Whether every value was asked for.
    pub(crate) fn asks_everything(&self) -> bool {
        self.everything
    }

    /// Asks for all that lies on the way to what was asked for, so that a cursor on the tape finds members where they
    /// stand. What is asked from now on finds its way itself: nobody goes on into strings for it.
    pub(crate) fn ask_ways(&mut self) {
        if self.wishes.iter().any(|wish| wish.path.is_of_any_depth()) {
            self.ask_everything();
        }
        self.aside = Some(self.wishes.len() as u32);
        self.wishes.iter_mut().for_each(|wish| wish.is_way = true);
    }

    /// Compiles: subset construction over the positions in all paths.
    pub(crate) fn build(self) -> Result<Plan, TooLarge> {
        Builder::new(self.wishes, self.aside.unwrap_or(u32::MAX))?.run()
    }
}

/// The compiled plan.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    keys: Keys,
    objects: Vec<Members>,
    /// Of each state, one after the other: the keys that lead elsewhere than the others do, ascending, and where.
    steps: Vec<(Atom, State)>,
    /// Of states with many steps: where each key leads.
    rows: Vec<State>,
    /// Per state, its part of the steps: from, to. With [`ROW`] for the end: where its row begins.
    ranges: Vec<(u32, u32)>,
    elements: Vec<Elements>,
    flags: Vec<u8>,
    asked: Vec<Vec<u32>>,
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
struct Elements {
    all: State,
    /// Elements named by number lead elsewhere; sorted.
    some: Vec<(u32, State)>,
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
    fn row(&mut self, from: u32) -> Option<(u32, u32)> {
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

/// A place in a path: (path, segments already matched). A set of them is what a state stands for.
type Position = (u32, u32);

/// With a number that tells most of them apart.
fn digested(positions: Vec<Position>) -> (u64, Vec<Position>) {
    let digest = positions.iter().fold(positions.len() as u64, |digest, (path, done)| {
        (digest ^ u64::from(*path) << 32 ^ u64::from(*done)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
    });
    (digest, positions)
}

struct Builder {
    wishes: Vec<Wish>,
    /// All names, ascending: the name at `i` is atom `i + 1`.
    names: Vec<Box<[u8]>>,
    /// Of each path's segments the name's atom, if it is one.
    atoms: Vec<Box<[Atom]>>,
    /// Of each state its positions, behind their digest, which is quickly compared.
    todo: Vec<(u64, Vec<Position>)>,
    known: Order,
    work: usize,
    aside: u32,
}

/// One step down from a value.
enum Step {
    AnyMember,
    /// An element; its number, where some path names it.
    Element(Option<u32>),
}

impl Builder {
    fn new(wishes: Vec<Wish>, aside: u32) -> Result<Builder, TooLarge> {
        let mut names: Vec<Box<[u8]>> = Vec::new();
        for segment in wishes.iter().flat_map(|wish| &wish.path.segments) {
            if let Segment::Name(name) = segment {
                names.push(name.as_bytes().into());
            }
        }
        names.sort_unstable();
        names.dedup();
        if names.len() >= usize::from(Atom::MAX) {
            return Err(TooLarge);
        }
        let atom = |segment: &Segment| match segment {
            Segment::Name(name) => {
                names.binary_search_by(|known| (**known).cmp(name.as_bytes())).map_or(OTHER, |at| at as Atom + 1)
            }
            _ => OTHER,
        };
        let atoms = wishes.iter().map(|wish| wish.path.segments.iter().map(atom).collect()).collect();
        Ok(Builder { wishes, atoms, names, todo: Vec::new(), known: Order::default(), work: 0, aside })
    }

    fn run(mut self) -> Result<Plan, TooLarge> {
        let mut plan = Plan { keys: Keys::new(self.names.clone()), ..Plan::default() };
        self.state(Vec::new()); // DEAD
        let start = (0..self.wishes.len() as u32).map(|p| (p, 0)).collect();
        let start = digested(self.close(start)?);
        self.known.find_or_add(usize::from(START), &|state| self.todo[state].cmp(&start));
        self.todo.push(start);
        let (mut twins, mut first): (Vec<((u64, Vec<Position>), usize)>, _) = (Vec::new(), Order::default());
        let mut next = 0;
        while next < self.todo.len() {
            let at = self.todo[next].1.clone();
            next += 1;
            // What follows depends on the paths that go on, not on those that end here: many states share it.
            let going: Vec<Position> = at.iter().copied().filter(|p| self.segment(*p).is_some()).collect();
            let going = digested(going);
            let number = first.find_or_add(twins.len(), &|number| twins[number].0.cmp(&going));
            match twins.get(number) {
                Some(&(_, twin)) => {
                    plan.objects.push(plan.objects[twin]);
                    plan.ranges.push(plan.ranges[twin]);
                    plan.elements.push(plan.elements[twin].clone());
                }
                None => {
                    let from = plan.steps.len() as u32;
                    let members = self.members(&going.1, &mut plan)?;
                    plan.objects.push(members);
                    let range = plan.row(from).unwrap_or((from, plan.steps.len() as u32));
                    plan.ranges.push(range);
                    let elements = self.elements(&going.1)?;
                    plan.elements.push(elements);
                    twins.push((going, next - 1));
                }
            }

            let asked: Vec<u32> = at.iter().filter(|p| self.segment(**p).is_none()).map(|p| p.0).collect();
            let goes_on =
                |p: &Position| p.0 < self.aside && self.segment(*p).is_some() && !self.wishes[p.0 as usize].is_silent;
            let below = at.iter().any(goes_on);
            let is_asked = !asked.is_empty() || at.iter().any(|p| self.wishes[p.0 as usize].is_way);
            plan.flags.push(if is_asked { ASKED } else { 0 } | if below { BELOW } else { 0 });
            plan.asked.push(asked);
            if self.todo.len() > MAX_PLAN_STATES || plan.steps.len() > MAX_PLAN_STEPS {
                return Err(TooLarge);
            }
        }
        Ok(plan)
    }

    /// Where the members of an object lead: each that is named here, and all others.
    fn members(&mut self, at: &[Position], plan: &mut Plan) -> Result<Members, TooLarge> {
        // What follows on any key, and behind it what follows on each name.
        let any = self.follow(at, &Step::AnyMember);
        let any = self.close(any)?;
        let mut named: Vec<(Atom, Position)> = at.iter().filter_map(|&p| Some((self.name(p)?, p))).collect();
        named.sort_unstable();
        let other = self.state(any.clone());
        let mut members = Members { bits: 0, other };
        for same in named.chunk_by(|a, b| a.0 == b.0) {
            let on = same.iter().map(|(_, (path, done))| (*path, done + 1)).collect();
            let mut to = any.clone();
            self.work += to.len();
            for position in self.close(on)? {
                if let Err(at) = to.binary_search(&position) {
                    to.insert(at, position);
                }
            }
            plan.steps.push((same[0].0, self.state(to)));
            members.bits |= plan.keys.bit_of(same[0].0);
        }
        Ok(members)
    }

    /// The key that is looked for at a position.
    fn name(&self, (path, done): Position) -> Option<Atom> {
        self.atoms[path as usize].get(done as usize).copied().filter(|atom| *atom != OTHER)
    }

    fn segment(&self, (path, done): Position) -> Option<&Segment> {
        self.wishes[path as usize].path.segments.get(done as usize)
    }

    fn index(&self, at: Position) -> Option<u32> {
        match self.segment(at) {
            Some(Segment::Index(n)) => Some(*n),
            _ => None,
        }
    }

    /// The state for a set of positions, new or known.
    fn state(&mut self, positions: Vec<Position>) -> State {
        let (positions, new) = (digested(positions), self.todo.len());
        let state = self.known.find_or_add(new, &|state| self.todo[state].cmp(&positions));
        if state == new {
            self.todo.push(positions);
        }
        state as State
    }

    /// Where the elements of an array lead: all, and those named by number.
    fn elements(&mut self, at: &[Position]) -> Result<Elements, TooLarge> {
        let mut some: Vec<u32> = at.iter().filter_map(|&p| self.index(p)).collect();
        some.sort_unstable();
        some.dedup();
        let mut elements = Elements { all: self.element(at, None)?, some: Vec::new() };
        for number in some {
            elements.some.push((number, self.element(at, Some(number))?));
        }
        Ok(elements)
    }

    fn element(&mut self, at: &[Position], number: Option<u32>) -> Result<State, TooLarge> {
        let to = self.follow(at, &Step::Element(number));
        let to = self.close(to)?;
        Ok(self.state(to))
    }

    /// What stands for any number of steps may stand for none. Counts its work: a few paths can ask for more than there is time for.
    fn close(&mut self, mut positions: Vec<Position>) -> Result<Vec<Position>, TooLarge> {
        let mut i = 0;
        while i < positions.len() {
            if matches!(self.segment(positions[i]), Some(Segment::Deep | Segment::Elements)) {
                positions.push((positions[i].0, positions[i].1 + 1));
            }
            i += 1;
        }
        for position in positions.iter_mut().filter(|position| self.wishes[position.0 as usize].like != position.0) {
            *position = self.as_alike(*position);
        }
        positions.sort_unstable();
        positions.dedup();
        self.work += positions.len();
        if self.work > MAX_PLAN_WORK { Err(TooLarge) } else { Ok(positions) }
    }

    /// The position in an earlier path from which the same is left to go, for the same end.
    fn as_alike(&self, (path, done): Position) -> Position {
        let like = self.wishes[path as usize].like;
        let rest = &self.wishes[path as usize].path.segments[done as usize..];
        let other = &self.wishes[like as usize].path.segments;
        if other.ends_with(rest) { (like, (other.len() - rest.len()) as u32) } else { (path, done) }
    }

    /// The positions one step on, those by name left out and `**` not yet closed.
    fn follow(&self, from: &[Position], step: &Step) -> Vec<Position> {
        let follow = |&(path, done): &Position| {
            let (stay, on) = ((path, done), (path, done + 1));
            match (self.segment(stay)?, step) {
                (Segment::Deep, _) | (Segment::Elements, Step::Element(_)) => Some(stay),
                (Segment::Any, _) | (Segment::Element, Step::Element(_)) => Some(on),
                (Segment::Name(_), Step::Element(_)) => Some(stay),
                (Segment::Index(n), Step::Element(Some(number))) if n == number => Some(on),
                _ => None,
            }
        };
        from.iter().filter_map(follow).collect()
    }
}
