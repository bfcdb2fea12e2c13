//! Where in an event the values stand that somebody reads: a short tape of nothing else, and one look over it.

use super::signature::{Detector, Places};
use super::unwrap::{Detected, Record, Search};
use crate::catalog::{EventType, Field, Place, Source};
use crate::plan::{Path, Plan, PlanBuilder, START, Segment, State};
use crate::tape::{Cursor, Kind, Node};

/// What leads to some common fields and paths of events that are a record themselves, by names alone.
#[derive(Debug)]
pub(crate) struct Spots {
    /// What a record is to be read with.
    pub(crate) plan: Plan,
    places: Places,
    /// Of each event type, the states of its sources' paths by their numbers.
    types: Vec<Vec<State>>,
    /// The type of the event at hand.
    event_type: usize,
    /// Of each state, where its value is on the tape at hand, or [`NONE`]; [`MANY`] where it may have several.
    at: Vec<u32>,
    /// The same before any.
    before: Vec<u32>,
    /// Of each state, that of the name before its own.
    above: Vec<State>,
    /// An array of the event at hand, or a document in a string, may hold more of them.
    opens: bool,
    /// No paths were asked for.
    fields_alone: bool,
}

/// No value, as nobody asks for the record itself.
const NONE: u32 = 0;
/// Any number of values.
const MANY: u32 = u32::MAX;

/// What is known of the values at a path.
pub(super) enum Spot<'e> {
    Nowhere,
    /// The only one.
    Here(Cursor<'e>),
    /// All of them are on the tape; names lead there.
    Anywhere,
}

impl Spots {
    /// None where the names are too many, or some path does not begin with one, or of `paths` goes on otherwise.
    pub(crate) fn new(
        (detector, types): (&Detector, &[EventType]),
        fields: &[Field],
        paths: &[&[Segment]],
    ) -> Option<Spots> {
        let mut plan = PlanBuilder::default();
        let asked = detector.ask(0, &mut plan);
        let of_types = || types.iter().flat_map(|of| &of.fields);
        let wanted = of_types().filter(|(field, _)| fields.contains(field)).flat_map(|(_, sources)| sources);
        let sources = wanted.flat_map(Source::places).map(|Place { path, .. }| &path.segments[..]);
        // Where a path goes on otherwise, all that is below is asked for.
        let (mut known, mut below) = (Vec::new(), Vec::new());
        for path in sources.chain(paths.iter().copied()) {
            let (names, rest) = path.split_at(names(path));
            known.push(names);
            if !rest.is_empty() {
                below.push(names);
            }
        }
        if known.iter().any(|names| names.is_empty()) || paths.iter().any(|path| names(path) < path.len()) {
            return None;
        }
        let path = |names: &&[Segment]| Path { segments: names.to_vec() };
        known.iter().map(path).for_each(|path| _ = plan.ask(path));
        plan.ask_ways();
        below.iter().map(path).for_each(|path| _ = plan.ask(path.and_all_below()));
        let plan = plan.build().ok()?;
        let (mut before, mut above) = (vec![MANY; plan.states()], vec![START; plan.states()]);
        for names in known {
            for len in 1..=names.len() {
                let at = usize::from(state(&plan, &names[..len]));
                *before.get_mut(at)? = NONE;
                *above.get_mut(at)? = state(&plan, &names[..len - 1]);
            }
        }
        let states = |of: &EventType| {
            let places = of.fields.iter().flat_map(|(_, sources)| sources).flat_map(Source::places);
            places.map(|place| state(&plan, &place.path.segments)).collect()
        };
        let types = types.iter().map(states).collect();
        let places = detector.places(0, &plan, asked);
        Some(Spots {
            plan,
            places,
            types,
            event_type: 0,
            at: before.clone(),
            before,
            above,
            opens: false,
            fields_alone: paths.is_empty(),
        })
    }

    /// Looks over the tape of a record, which was written for the plan. None where the record is no event itself, or its
    /// values have to be found in another way.
    pub(crate) fn look(&mut self, detector: &Detector, record: Cursor<'_>, search: &mut Search) -> Option<Detected> {
        if record.kind() != Kind::Object {
            return None;
        }
        let of = Record { detector, value: record, keys: 0, places: Some(&self.places) };
        let found = search.find(of).ok().flatten()?;
        self.look_over(found.event_type, record).then_some(found)
    }

    /// Looks over the tape of an event of that type, which was written for the plan. Whether its values are found so.
    pub(crate) fn look_over(&mut self, event_type: usize, record: Cursor<'_>) -> bool {
        self.each(event_type, record).is_some() && (!self.opens || self.fields_alone)
    }

    fn each(&mut self, event_type: usize, record: Cursor<'_>) -> Option<()> {
        self.event_type = event_type;
        self.opens = false;
        self.at.copy_from_slice(&self.before);
        let nodes = record.nodes();
        let mut next = 1;
        while let Some(node) = nodes.get(next as usize) {
            let place = next;
            next += 1;
            if node.kind == Kind::Key {
                continue;
            }
            let at = self.at.get_mut(usize::from(node.state))?;
            match *at {
                MANY => continue,
                NONE => *at = place,
                // Of two members of one name, what is below the first does not count.
                _ => return None,
            }
            match node.kind {
                // In its elements, a state may have any number of values.
                Kind::Array if self.plan.goes_on(node.state) => (self.opens, next) = (true, node.next),
                Kind::String if self.plan.goes_on(node.state) => self.opens |= may_open(record.buffer(), node),
                _ => {}
            }
        }
        Some(())
    }

    /// The value that a source of the event at hand reads, by the number of its path.
    #[inline(always)]
    pub(super) fn value<'e>(&self, number: usize, record: Cursor<'e>) -> Spot<'e> {
        match self.types.get(self.event_type).and_then(|states| states.get(number)) {
            Some(&OTHERWISE) | None => Spot::Anywhere,
            Some(&state) => match self.of_state(state, record) {
                Some(value) => Spot::Here(value),
                None if self.opens && self.may_be_within(state, record) => Spot::Anywhere,
                None => Spot::Nowhere,
            },
        }
    }

    /// Whether on the way to a state an array stands, or a string that may hold a document.
    #[inline(never)]
    fn may_be_within(&self, mut state: State, record: Cursor<'_>) -> bool {
        loop {
            state = self.above.get(usize::from(state)).copied().unwrap_or(START);
            if state == START {
                return false;
            }
            if let Some(value) = self.of_state(state, record) {
                let is_text = value.kind() == Kind::String;
                return value.kind() == Kind::Array || is_text && may_open(record.buffer(), value.node());
            }
        }
    }

    /// The value at one of the paths.
    pub(crate) fn at<'e>(&self, path: &[Segment], record: Cursor<'e>) -> Option<Cursor<'e>> {
        self.of_state(state(&self.plan, path), record)
    }

    #[inline(always)]
    fn of_state<'e>(&self, state: State, record: Cursor<'e>) -> Option<Cursor<'e>> {
        let at = self.at.get(usize::from(state)).copied().filter(|at| *at != NONE)?;
        record.go(at)
    }
}

/// In place of the state of a path that names alone do not lead along.
const OTHERWISE: State = State::MAX;

/// Whether a string may hold a document.
#[inline(always)]
fn may_open(text: &[u8], string: &Node) -> bool {
    matches!(text.get(string.start as usize + 1), Some(b'{' | b'[' | b'\\' | b' ' | 0xEF))
}

/// How many names a path begins with.
fn names(path: &[Segment]) -> usize {
    path.iter().take_while(|segment| matches!(segment, Segment::Name(_))).count()
}

/// Where names lead to.
fn state(plan: &Plan, path: &[Segment]) -> State {
    path.iter().fold(START, |state, segment| match segment {
        Segment::Name(name) if state != OTHERWISE => plan.member_decoded(state, name.as_bytes()),
        _ => OTHERWISE,
    })
}
