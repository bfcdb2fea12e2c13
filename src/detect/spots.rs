//! Where in an event the values stand that somebody reads: a short tape of nothing else, and one look over it.

use super::signature::{Detector, Places};
use super::unwrap::{Detected, Record, Search};
use crate::catalog::{EventType, Field, Place, Source};
use crate::plan::{DEAD, Path, Plan, PlanBuilder, START, Segment, State};
use crate::tape::{Cursor, Kind};

/// What leads to some common fields and paths of events that are a record themselves, by names alone.
#[derive(Debug)]
pub(crate) struct Spots {
    /// What a record is to be read with.
    pub(crate) plan: Plan,
    places: Places,
    /// Of each event type, the states of its sources by their numbers; none where nothing is known of them.
    types: Vec<Option<Vec<State>>>,
    /// The type of the event at hand.
    event_type: usize,
    /// Of each state, where its value is on the tape at hand, or [`NONE`]; [`MANY`] where it may have several.
    at: Vec<u32>,
    /// The same before any.
    before: Vec<u32>,
    /// A string of the event at hand may hold a document with more of them.
    opens: bool,
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
    /// None where the names are too many, or do not lead to all of the paths.
    pub(crate) fn new(
        (detector, types): (&Detector, &[EventType]),
        fields: &[Field],
        paths: &[&[Segment]],
    ) -> Option<Spots> {
        let mut plan = PlanBuilder::default();
        let asked = detector.ask(0, &mut plan);
        let mut known: Vec<Path> = paths.iter().map(|path| Path { segments: path.to_vec() }).collect();
        if !paths.iter().all(|path| names(path) == path.len()) {
            return None;
        }
        // Where a path goes on otherwise, all that is below is asked for.
        let mut below = Vec::new();
        let sources = |of: &EventType| -> Vec<Source> {
            let wanted = of.fields.iter().filter(|(field, _)| fields.contains(field));
            wanted.flat_map(|(_, sources)| sources).cloned().collect()
        };
        let types: Vec<_> = types.iter().map(sources).collect();
        for Place { path, .. } in types.iter().flatten().flat_map(Source::places) {
            let names = names(&path.segments);
            known.push(Path { segments: path.segments[..names].to_vec() });
            if names < path.segments.len() {
                below.extend(known.last().cloned());
            }
        }
        for path in &known {
            plan.ask(path.clone());
        }
        plan.ask_ways();
        for path in below.iter().filter(|path| !path.segments.is_empty()) {
            plan.ask(path.clone().and_all_below());
        }
        let plan = plan.build().ok()?;
        let mut before = vec![MANY; plan.states()];
        for path in &known {
            for len in 1..=path.segments.len() {
                before[usize::from(state(&plan, &path.segments[..len]))] = NONE;
            }
        }
        let states = |sources: Vec<Source>| {
            let mut states = Vec::new();
            for source in &sources {
                states.resize(states.len().max(source.number), DEAD);
                states.extend(source.places().map(|place| state(&plan, &place.path.segments)));
            }
            let is_known = |place: &Place| names(&place.path.segments) > 0;
            sources.iter().flat_map(Source::places).all(is_known).then_some(states)
        };
        let types = types.into_iter().map(states).collect();
        let places = detector.places(0, &plan, asked);
        Some(Spots {
            plan,
            places,
            types,
            event_type: 0,
            at: before.clone(),
            before,
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
        self.event_type = found.event_type;
        self.types.get(found.event_type)?.as_ref()?;
        self.opens = false;
        self.at.copy_from_slice(&self.before);
        for (place, node) in record.nodes().iter().enumerate().skip(1) {
            if node.kind == Kind::Key {
                continue;
            }
            let at = self.at.get_mut(usize::from(node.state))?;
            match *at {
                MANY => continue,
                NONE => *at = place as u32,
                // Of two members of one name, what is below the first does not count.
                _ => return None,
            }
            let first = record.buffer().get(node.start as usize + 1);
            match node.kind {
                Kind::Array if self.plan.goes_on(node.state) => return None,
                Kind::String if self.plan.goes_on(node.state) => {
                    self.opens |= matches!(first, Some(b'{' | b'[' | b'\\' | b' ' | 0xEF));
                }
                _ => {}
            }
        }
        (!self.opens || self.fields_alone).then_some(found)
    }

    /// The value that a source of the event at hand reads, by the number of its path.
    pub(super) fn value<'e>(&self, number: usize, record: Cursor<'e>) -> Spot<'e> {
        let states = self.types.get(self.event_type).and_then(Option::as_ref);
        match states.and_then(|states| states.get(number)) {
            Some(&OTHERWISE) | None => Spot::Anywhere,
            Some(&state) => match self.of_state(state, record) {
                Some(value) => Spot::Here(value),
                None if self.opens => Spot::Anywhere,
                None => Spot::Nowhere,
            },
        }
    }

    /// The value at one of the paths.
    pub(crate) fn at<'e>(&self, path: &[Segment], record: Cursor<'e>) -> Option<Cursor<'e>> {
        self.of_state(state(&self.plan, path), record)
    }

    fn of_state<'e>(&self, state: State, record: Cursor<'e>) -> Option<Cursor<'e>> {
        let at = self.at.get(usize::from(state)).copied().filter(|at| *at != NONE)?;
        record.go(at)
    }
}

/// In place of the state of a path that names alone do not lead along.
const OTHERWISE: State = State::MAX;

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
