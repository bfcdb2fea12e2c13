//! Where something was noted: in the document, on the way through the schema, and in the schema itself.

use super::check::Via;
use super::finding::Teller;
use super::node::*;
use super::trace::{Unit, What};
use crate::document::{append_segment, text};
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
                    if let Some(from) = self.schema.place(outer) {
                        append_way(from, inner.at, &mut location);
                    }
                }
                _ => {}
            }
            outer = Some(node);
        }
        location
    }

    /// Where a schema stands.
    pub(super) fn absolute(&self, node: &Node) -> String {
        let Some(resource) = self.schema.resources.get(node.resource as usize) else { return String::new() };
        let mut location = resource.uri.clone();
        location.push('#');
        if let Some(root) = self.schema.cursor(node.resource, resource.root) {
            append_way(root, node.at, &mut location);
        }
        location
    }

    /// The bytes of a value, from the start of the document.
    pub(super) fn span(&self, at: u32) -> Span {
        let start = self.value.node().span().start;
        let span = self.value.go(at).map(|value| value.node().span()).unwrap_or_default();
        Span { start: span.start.saturating_sub(start), end: span.end.saturating_sub(start) }
    }
}

/// Appends the pointer from a value of a schema document to an entry within it.
fn append_way(from: Cursor<'_>, to: u32, pointer: &mut String) {
    let mut here = from;
    while here.index() != to {
        let mut children = here.children().enumerate();
        let Some((number, (key, value))) = children.find(|(_, (_, value))| to < value.node().next) else { return };
        append_segment(&key.and_then(text).unwrap_or_else(|| number.to_string()), pointer);
        here = value;
    }
}
