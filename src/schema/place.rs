//! Where something was noted: in the document, on the way through the schema, and in the schema itself.

use super::check::Via;
use super::finding::Teller;
use super::node::*;
use super::trace::What;
use super::uri::append_encoded;
use crate::document::append_segment;
use crate::span::Span;
use crate::tape::Kind;

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

    /// The pointer to a unit's value, and the way to the schema around the unit.
    #[inline(never)]
    pub(super) fn way(&self, unit: u32) -> (String, String) {
        let mut way = Vec::new();
        let mut next = unit;
        while let Some((unit, node, via)) = self.schema_around(next) {
            way.push((unit, node, via));
            next = self.trace.units[unit as usize].parent;
            if unit == 0 {
                break;
            }
        }
        let (mut pointer, mut location) = (String::new(), String::new());
        let mut outer = None;
        for (unit, node, via) in way.into_iter().rev() {
            let unit = &self.trace.units[unit as usize];
            if let Some((above, of)) = outer {
                match via {
                    Via::Ref => location += "/$ref",
                    Via::DynamicRef => location += "/$dynamicRef",
                    Via::Below => {
                        if let (Some(of), Some(node)) = (self.schema.node(of), self.schema.node(node)) {
                            self.append_steps(node, of.at, &mut location);
                        }
                    }
                }
                if above != unit.at && self.view.kind(unit.at) != Kind::Key {
                    match self.view.kind(above) {
                        Kind::Array => append_segment(&unit.ordinal.to_string(), &mut pointer),
                        _ => append_segment(&self.shown(unit.at - 1), &mut pointer),
                    }
                }
            }
            outer = Some((unit.at, node));
        }
        (pointer, location)
    }

    /// A member's name, where the schema tells it or keys may be shown.
    fn shown(&self, key: u32) -> String {
        let name = self.view.words(key);
        if self.schema.show_keys || self.schema.knows(name.as_bytes()) { name } else { "*".to_owned() }
    }

    /// Where a schema stands, or a keyword of it: a URI with a pointer as its fragment.
    #[inline(never)]
    pub(super) fn absolute(&self, node: NodeId, keyword: &str) -> String {
        let Some(node) = self.schema.node(node) else { return String::new() };
        let Some(resource) = self.schema.resources.get(node.resource as usize) else { return String::new() };
        let mut pointer = String::new();
        self.append_steps(node, resource.root, &mut pointer);
        if !keyword.is_empty() {
            append_segment(keyword, &mut pointer);
        }
        let mut location = [&resource.uri, "#"].concat();
        append_encoded(&pointer, &mut location);
        location
    }

    /// Appends the pointer to a schema from an entry of its document around it.
    #[inline(never)]
    fn append_steps(&self, node: &Node, from: u32, pointer: &mut String) {
        let Some(tree) = self.schema.tree(node) else { return };
        let mut steps = Vec::new();
        let mut at = node.at;
        while at > from {
            steps.push(at);
            at = tree.place(at).outer;
        }
        let view = tree.view();
        while let Some(at) = steps.pop() {
            let place = tree.place(at);
            match view.kind(place.outer) {
                Kind::Array => append_segment(&place.ordinal.to_string(), pointer),
                _ => append_segment(&view.words(at - 1), pointer),
            }
        }
    }

    /// The bytes of a value, from the start of the document.
    pub(super) fn span(&self, at: u32) -> Span {
        let span = |at: u32| self.view.tape.get(at as usize).map(|node| node.span()).unwrap_or_default();
        let (start, span) = (span(self.root).start, span(at));
        Span { start: span.start.saturating_sub(start), end: span.end.saturating_sub(start) }
    }
}
