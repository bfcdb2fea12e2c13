//! Paths to an automaton: subset construction over the positions in all of them.

use super::automaton::{ASKED, BELOW, Elements, Members, Plan, START, State};
use super::keys::{Atom, Keys, OTHER};
use super::path::Segment;
use super::wish::{TooLarge, Wish};
use crate::limits::{MAX_PLAN_STATES, MAX_PLAN_STEPS, MAX_PLAN_WORK};

/// A place in a path: (path, segments already matched). A set of them is what a state stands for.
type Position = (u32, u32);

/// Positions, behind a number that tells most of such lists apart.
type Digested = (u64, Vec<Position>);

fn digested(positions: Vec<Position>) -> Digested {
    let digest = positions.iter().fold(positions.len() as u64, |digest, (path, done)| {
        (digest ^ u64::from(*path) << 32 ^ u64::from(*done)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
    });
    (digest, positions)
}

/// Numbers of lists by their digests: of each remainder the last one, and of each list the one before with the same.
#[derive(Default)]
struct Chains {
    last: Vec<Option<u32>>,
    before: Vec<Option<u32>>,
}

impl Chains {
    const REMAINDERS: usize = 4096;

    /// The number of the list that is the same; where there is none, `next`, which it has from now on.
    fn find_or_add(&mut self, next: usize, digest: u64, is_same: &dyn Fn(usize) -> bool) -> usize {
        self.last.resize(Chains::REMAINDERS, None);
        let last = &mut self.last[digest as usize % Chains::REMAINDERS];
        let mut at = *last;
        while let Some(number) = at {
            if is_same(number as usize) {
                return number as usize;
            }
            at = self.before[number as usize];
        }
        self.before.resize(next + 1, None);
        self.before[next] = last.replace(next as u32);
        next
    }
}

pub(super) struct Builder {
    wishes: Vec<Wish>,
    /// All names, ascending: the name at `i` is atom `i + 1`.
    names: Vec<Box<[u8]>>,
    /// Of each path's segments the name's atom, if it is one.
    atoms: Vec<Box<[Atom]>>,
    /// Of each state its positions, behind their digest, which is quickly compared.
    todo: Vec<Digested>,
    known: Chains,
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
    pub(super) fn new(wishes: Vec<Wish>, aside: u32) -> Result<Builder, TooLarge> {
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
        Ok(Builder { wishes, atoms, names, todo: Vec::new(), known: Chains::default(), work: 0, aside })
    }

    pub(super) fn run(mut self) -> Result<Plan, TooLarge> {
        let mut plan = Plan { keys: Keys::new(self.names.clone()), ..Plan::default() };
        self.state(Vec::new()); // DEAD
        let start = (0..self.wishes.len() as u32).map(|p| (p, 0)).collect();
        let start = digested(self.close(start)?);
        self.known.find_or_add(usize::from(START), start.0, &|state| self.todo[state] == start);
        self.todo.push(start);
        let (mut twins, mut first): (Vec<(Digested, usize)>, _) = (Vec::new(), Chains::default());
        let mut next = 0;
        while next < self.todo.len() {
            let at = self.todo[next].1.clone();
            next += 1;
            // What follows depends on the paths that go on, not on those that end here: many states share it.
            let going: Vec<Position> = at.iter().copied().filter(|p| self.segment(*p).is_some()).collect();
            let going = digested(going);
            let number = first.find_or_add(twins.len(), going.0, &|number| twins[number].0 == going);
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
        let state = self.known.find_or_add(new, positions.0, &|state| self.todo[state] == positions);
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
