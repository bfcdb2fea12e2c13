//! Paths that may speak of one place.

use crate::limits::MAX_WRAPPERS;
use crate::plan::Segment;

/// Whether what a path names may be at a place, around it or within it; in doubt, it may.
pub(super) fn may_meet(path: &[Segment], place: &[Segment]) -> bool {
    let (Some((step, rest)), Some((at, below))) = (path.split_first(), place.split_first()) else { return true };
    match (step, at) {
        (Segment::Deep | Segment::Elements, _) => may_meet(rest, place) || may_meet(path, below),
        (Segment::Name(name), Segment::Name(other)) => name == other && may_meet(rest, below),
        // A name steps through arrays; and what should be an array may be none.
        (Segment::Name(_), _) => may_meet(path, below),
        (Segment::Any, _) => may_meet(rest, below),
        (Segment::Index(_) | Segment::Element, Segment::Name(_)) => may_meet(rest, place),
        (Segment::Index(_) | Segment::Element, _) => may_meet(rest, below),
    }
}

/// A path that is meant from the record, as one of the event: with and without what may lead through wrappers, of which none
/// is thought to have one of the `known` names.
pub(super) fn without_wrappers<'p>(
    path: &'p [Segment],
    known: &[String],
) -> impl Iterator<Item = &'p [Segment]> + use<'p> {
    let is_wrapper = |step: &&Segment| !matches!(step, Segment::Name(name) if known.contains(name));
    let wrappers = path.iter().take(MAX_WRAPPERS).take_while(is_wrapper).count();
    (0..=wrappers).map(move |keys| &path[keys..])
}
