//! Where something was noted: in the document, on the way through the schema, and in the schema itself.

use super::check::Via;
use super::finding::Teller;
use super::node::*;
use super::trace::{Unit, What};
use super::uri::append_encoded;
use crate::document::{Document, append_segment, text};
use crate::span::Span;
use crate::tape::{Cursor, Kind};

impl Teller<'_> {
    /// The innermost schema that a unit belongs to: its unit, its node, and how it came to be applied.
    pub(super) fn schema_around(&self, mut unit: u32) -> Option<(u32, NodeId, Via)> {
        loop {
            let here = self.trace.units.get(unit as usize)?;
            match here.what {
                What::Schema { node, via } => return Some((unit, node, via)),
                _ => unit = here.parent,
            }
        }
    }

    /// The units of schemas from the outermost down to the one around a unit.
    fn way(&self, unit: u32) -> Vec<&Unit> {
        let mut way = Vec::new();
        let mut next = self.schema_around(unit).map(|found| found.0);
        while let Some(unit) = next.and_then(|unit| self.trace.units.get(unit as usize)) {
            way.push(unit);
            next = match next {
                Some(0) => None,
                _ => self.schema_around(unit.parent).map(|found| found.0),
            };
        }
        way.reverse();
        way
    }

    /// The pointer to a unit's value.
    pub(super) fn instance(&self, unit: u32) -> String {
        let mut pointer = String::new();
        for pair in self.way(unit).windows(2) {
            let (outer, inner) = (pair[0], pair[1]);
            let kind = |at: u32| self.value.go(at).map(|value| value.kind());
            if outer.at == inner.at || kind(inner.at) == Some(Kind::Key) {
                continue;
            }
            match kind(outer.at) {
                Some(Kind::Array) => append_segment(&inner.ordinal.to_string(), &mut pointer),
                _ => append_segment(&self.shown(inner.at - 1), &mut pointer),
            }
        }
        pointer
    }

    /// A member's name, where the schema tells it or keys may be shown.
    pub(super) fn shown(&self, key: u32) -> String {
        let name = self.value.go(key).and_then(text).unwrap_or_default();
        if self.schema.show_keys || self.schema.knows(name.as_bytes()) { name } else { "*".to_owned() }
    }

    /// The way to the schema around a unit.
    pub(super) fn keyword(&self, unit: u32) -> String {
        let mut location = String::new();
        let mut outer: Option<NodeId> = None;
        for unit in self.way(unit) {
            let What::Schema { node, via } = unit.what else { continue };
            match (via, outer.and_then(|outer| self.schema.node(outer)), self.schema.node(node)) {
                (Via::Ref, ..) => location += "/$ref",
                (Via::DynamicRef, ..) => location += "/$dynamicRef",
                (Via::Below, Some(outer), Some(inner)) => {
                    self.append_way(outer.resource, outer.at, inner.at, &mut location);
                }
                _ => {}
            }
            outer = Some(node);
        }
        location
    }

    /// Where a schema stands, or a keyword of it: a URI with a pointer as its fragment.
    pub(super) fn absolute(&self, node: &Node, keyword: Option<&str>) -> String {
        let Some(resource) = self.schema.resources.get(node.resource as usize) else { return String::new() };
        let mut pointer = String::new();
        self.append_way(node.resource, resource.root, node.at, &mut pointer);
        if let Some(keyword) = keyword {
            append_segment(keyword, &mut pointer);
        }
        let mut location = resource.uri.clone();
        location.push('#');
        append_encoded(&pointer, &mut location);
        location
    }

    /// Appends the pointer from one entry of a resource's document to another within it.
    fn append_way(&self, resource: u32, from: u32, to: u32, pointer: &mut String) {
        let document = self.schema.resources.get(resource as usize).map_or(0, |resource| resource.document as usize);
        if let (Some(root), Some(places)) = (self.schema.cursor(resource, 0), self.schema.places.get(document)) {
            append_way(root, places, from, to, pointer);
        }
    }

    /// The bytes of a value, from the start of the document.
    pub(super) fn span(&self, at: u32) -> Span {
        let start = self.value.node().span().start;
        let span = self.value.go(at).map(|value| value.node().span()).unwrap_or_default();
        Span { start: span.start.saturating_sub(start), end: span.end.saturating_sub(start) }
    }
}

/// Where each entry of a document's tape stands.
pub(super) fn places(document: &Document) -> Vec<Place> {
    let nodes = document.root().map_or(&[][..], |root| root.nodes());
    let mut places = vec![Place::default(); nodes.len()];
    for outer in (0..nodes.len() as u32).filter_map(|at| document.root()?.go(at)) {
        if matches!(outer.kind(), Kind::Array | Kind::Object) {
            for ((_, value), ordinal) in outer.children().zip(0..) {
                if let Some(place) = places.get_mut(value.index() as usize) {
                    *place = Place { outer: outer.index(), ordinal };
                }
            }
        }
    }
    places
}

/// Appends the pointer from an entry of a schema document to one within it.
fn append_way(root: Cursor<'_>, places: &[Place], from: u32, to: u32, pointer: &mut String) {
    let mut way = Vec::new();
    let mut at = to;
    while at > from {
        let place = places.get(at as usize).copied().unwrap_or_default();
        let array = root.go(place.outer).is_some_and(|outer| outer.kind() == Kind::Array);
        let key = root.go(at - 1).filter(|_| !array);
        way.push(key.and_then(text).unwrap_or_else(|| place.ordinal.to_string()));
        at = place.outer;
    }
    for name in way.iter().rev() {
        append_segment(name, pointer);
    }
}
