//! What an entry of `allow` is for.

use super::What;
use crate::catalog::EventType;
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
    let is_at = || entry.paths.iter().any(|path| path.leads_to(&place.path.segments));
    is_of_type && is_named && (entry.paths.is_empty() || is_at())
}
