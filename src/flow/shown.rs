//! What of a record a route shows: all of it, or what its templates read.

use super::meet::{may_meet, without_wrappers};
use crate::catalog::{EventType, From, Place};
use crate::plan::Segment;
use crate::policy::Policy;
use crate::template::Reads;

/// What a route shows.
pub(super) struct Shown {
    reads: Vec<Reads>,
}

impl Shown {
    pub(super) fn of(policy: &Policy, route: usize) -> Shown {
        let whole = Reads { whole: true, ..Reads::default() };
        let record = policy.templates.get(route).and_then(Option::as_ref).map_or(whole, |template| template.reads());
        let to = policy.routes.get(route).map(|route| &route.to);
        let others = to.into_iter().flat_map(|to| to.templates()).map(|template| template.reads());
        Shown { reads: others.chain([record]).collect() }
    }

    /// Whether it shows something of a record that no event type recognises.
    pub(super) fn shows_unknown(&self) -> bool {
        self.reads.iter().any(|reads| reads.whole || !reads.places.is_empty())
    }

    /// Whether it shows something of the value at a place of events of a type, which are known to have members of these
    /// names.
    pub(super) fn shows(&self, (of, names): (&EventType, &[String]), place: &Place) -> bool {
        let place = &place.path.segments;
        self.reads.iter().any(|reads| {
            let of_fields =
                of.fields.iter().filter(|(field, _)| reads.fields.contains(field)).flat_map(|(_, from)| from);
            reads.whole
                || reads.places.iter().any(|read| meets(read, names, place))
                || of_fields.filter_map(|source| says(&source.from)).any(|said| may_meet(&said.path.segments, place))
        })
    }
}

/// Whether what a template reads may be at a place, around it or within it.
fn meets(read: &[Segment], known: &[String], place: &[Segment]) -> bool {
    without_wrappers(read, known).any(|read| may_meet(read, place))
}

/// The place whose value a source passes on, or what it makes of it.
fn says(from: &From) -> Option<&Place> {
    match from {
        From::Value(place) | From::Time(place, _) | From::Length(place, _) => Some(place),
        From::Mapped(place, map) => Some(place).filter(|_| map.passes_on()),
        From::Const(_) | From::Between(..) => None,
    }
}
