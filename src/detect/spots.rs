//! Where in an event the values stand that somebody reads: a short tape of nothing else, and one look over it.

use super::signature::{Detector, Places};
use super::unwrap::{Detected, Record, Search};
use crate::catalog::{EventType, Field};
use crate::plan::{DEAD, Path, Plan, PlanBuilder, START, Segment, State};
use crate::tape::{Cursor, Kind};

/// What leads to some common fields and paths of events that are a record themselves, by names alone. What goes through
/// an array or on into a string is left to [`field`](super::field).
#[derive(Debug)]
pub(crate) struct Spots {
    /// What a record is to be read with.
    pub(crate) plan: Plan,
    places: Places,
    /// Of each event type, the states of its sources by their numbers; none where names do not lead to all of them.
    types: Vec<Option<Vec<State>>>,
    /// The type of the event at hand.
    event_type: usize,
    /// Of each state, where its value is on the tape at hand; 0 where there is none.
    at: Vec<u32>,
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
        if !paths.iter().copied().all(is_names) {
            return None;
        }
        paths.iter().for_each(|path| drop(plan.ask(Path { segments: path.to_vec() })));
        let sources = |of: &EventType| {
            let wanted = of.fields.clone().into_iter().filter(|(field, _)| fields.contains(field));
            wanted.flat_map(|(_, sources)| sources).collect::<Vec<_>>()
        };
        let mut wanted: Vec<_> = types.iter().map(|of| Some(sources(of))).collect();
        for of in &mut wanted {
            let places = || of.iter().flatten().flat_map(|source| source.places());
            if places().all(|place| is_names(&place.path.segments)) {
                places().for_each(|place| drop(plan.ask(place.path.clone())));
            } else {
                *of = None;
            }
        }
        plan.ask_ways();
        let plan = plan.build().ok()?;
        let states = |sources: Vec<crate::catalog::Source>| {
            let mut states = Vec::new();
            for source in &sources {
                states.resize(states.len().max(source.number), DEAD);
                states.extend(source.places().map(|place| state(&plan, &place.path.segments)));
            }
            states
        };
        let types = wanted.into_iter().map(|of| of.map(states)).collect();
        let places = detector.places(0, &plan, asked);
        let at = vec![0; plan.states()];
        Some(Spots { plan, places, types, event_type: 0, at })
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
        self.at.fill(0);
        for (place, node) in record.nodes().iter().enumerate().skip(1) {
            if node.kind == Kind::Key {
                continue;
            }
            let at = self.at.get_mut(usize::from(node.state))?;
            // Of two members of one name, what is below the first does not count.
            let is_twin = std::mem::replace(at, place as u32) != 0;
            let is_way = self.plan.goes_on(node.state)
                && match node.kind {
                    Kind::Array => true,
                    Kind::String => {
                        matches!(record.buffer().get(node.start as usize + 1), Some(b'{' | b'[' | b'\\' | b' ' | 0xEF))
                    }
                    _ => false,
                };
            if is_twin || is_way {
                return None;
            }
        }
        Some(found)
    }

    /// The value that a source of the event at hand reads, by the number of its path.
    pub(super) fn value<'e>(&self, number: usize, record: Cursor<'e>) -> Option<Cursor<'e>> {
        let states = self.types.get(self.event_type)?.as_ref()?;
        self.of_state(*states.get(number)?, record)
    }

    /// The value at one of the paths.
    pub(crate) fn at<'e>(&self, path: &[Segment], record: Cursor<'e>) -> Option<Cursor<'e>> {
        self.of_state(state(&self.plan, path), record)
    }

    fn of_state<'e>(&self, state: State, record: Cursor<'e>) -> Option<Cursor<'e>> {
        let at = self.at.get(usize::from(state)).copied().filter(|at| *at != 0)?;
        record.go(at)
    }
}

fn is_names(path: &[Segment]) -> bool {
    path.iter().all(|segment| matches!(segment, Segment::Name(_)))
}

/// Where names lead to.
fn state(plan: &Plan, path: &[Segment]) -> State {
    let step = |state, segment: &Segment| match segment {
        Segment::Name(name) => plan.member_decoded(state, name.as_bytes()),
        _ => DEAD,
    };
    path.iter().fold(START, step)
}
