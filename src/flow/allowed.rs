//! What an entry of `allow` is for.

use super::What;
use crate::catalog::EventType;
use crate::plan::Segment;
use crate::policy::Allow;

/// Whether the entry allows it.
pub(super) fn allows(entry: &Allow, of: Option<&EventType>, what: What<'_>) -> bool {
    let is_of_type = entry.event.as_deref().is_none_or(|name| of.is_some_and(|of| of.is_meant_by(name)));
    let place = match what {
        What::Unknown => return entry.unknown && entry.event.is_none(),
        What::Personal(place, _) | What::Payload(place) => place,
    };
    // Each member says less: of a class, and at a path.
    let is_named = match what {
        _ if entry.classes.is_empty() && !entry.payload => !entry.paths.is_empty(),
        What::Personal(_, class) => entry.classes.contains(&class),
        _ => entry.payload,
    };
    let is_at = || entry.paths.iter().any(|path| leads_to(&path.segments, &place.path.segments));
    is_of_type && is_named && (entry.paths.is_empty() || is_at())
}

/// Whether a path leads to a place, or to one around it.
fn leads_to(path: &[Segment], place: &[Segment]) -> bool {
    let Some((step, rest)) = path.split_first() else { return true };
    let Some((at, below)) = place.split_first() else {
        // `**` is nothing, too.
        return path.iter().all(|step| *step == Segment::Deep);
    };
    match (step, at) {
        (Segment::Deep, _) => leads_to(rest, place) || leads_to(path, below),
        (Segment::Name(name), Segment::Name(other)) => name == other && leads_to(rest, below),
        // A name steps through arrays.
        (Segment::Name(_), _) => leads_to(path, below),
        (Segment::Any, _) => leads_to(rest, below),
        (Segment::Element, Segment::Name(_)) | (Segment::Index(_), _) => false,
        (Segment::Element, _) => leads_to(rest, below),
    }
}
