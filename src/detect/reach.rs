//! The values at a path, into strings that hold JSON.

use crate::document::Embedded;
use crate::limits::MAX_EMBEDDED_DEPTH;
use crate::plan::{Path, Plan, Segment};
use crate::tape::{Cursor, Kind};

/// Shows `visit` the values at a path, in the order of the text (of a duplicate key: the last), until it has seen
/// enough and says so.
pub(crate) fn reach(value: Cursor<'_>, path: &Path, visit: &mut dyn FnMut(Cursor<'_>) -> bool) -> bool {
    step(value, &path.segments, MAX_EMBEDDED_DEPTH, visit)
}

fn step(value: Cursor<'_>, path: &[Segment], left: usize, visit: &mut dyn FnMut(Cursor<'_>) -> bool) -> bool {
    let Some((segment, rest)) = path.split_first() else { return visit(value) };
    match (segment, value.kind()) {
        (Segment::Name(name), Kind::Object) => value.member(name).is_some_and(|v| step(v, rest, left, visit)),
        (Segment::Name(_), Kind::Array) => value.children().any(|(_, v)| step(v, path, left, visit)),
        (Segment::Index(n), Kind::Array) => {
            value.children().nth(*n as usize).is_some_and(|(_, v)| step(v, rest, left, visit))
        }
        (Segment::Element, Kind::Array) | (Segment::Any, Kind::Array | Kind::Object) => {
            value.children().any(|(_, v)| step(v, rest, left, visit))
        }
        (Segment::Deep, Kind::Array | Kind::Object) => {
            step(value, rest, left, visit) || value.children().any(|(_, v)| step(v, path, left, visit))
        }
        (_, Kind::String) if left > 0 => {
            let mut inner = Embedded::default();
            inner.read(value, &Plan::everything());
            inner.root().is_some_and(|inner| step(inner, path, left - 1, visit))
        }
        (Segment::Deep, _) => step(value, rest, left, visit),
        _ => false,
    }
}
