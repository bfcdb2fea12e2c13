//! What of a record a template shows.

use super::Template;
use super::format::Format;
use super::parse::{Callee, Node, What};
use super::placeholder::Name;
use crate::catalog::Field;
use crate::plan::Segment;

/// Sections within one another may give a name so many meanings; beyond that, the template counts as reading all.
const MOST: usize = 64;

/// What a template reads.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    /// All of the record.
    pub(crate) whole: bool,
    /// What is at these places, and below; and whether no section is around the name. Inside one it is meant from there, or
    /// from any section around it.
    pub(crate) places: Vec<(Vec<Segment>, bool)>,
    pub(crate) fields: Vec<Field>,
}

impl Template {
    /// What of a record may stand in what this makes; a keyed digest does not count.
    pub(crate) fn reads(&self) -> Reads {
        let mut reads = Reads::default();
        let mut around = vec![Vec::new()];
        reads.nodes(&self.compiled.nodes, &mut around);
        // Which section a partial is called from is not looked at: its names are meant from anywhere.
        for (_, nodes) in &self.compiled.partials {
            reads.whole |= !nodes.is_empty();
        }
        reads
    }
}

/// Common fields, and paths.
pub(super) type Named<'t> = (Vec<Field>, Vec<&'t [Segment]>);

impl Template {
    /// All that it names in an event, if sections are at common fields alone: these are texts and numbers, so that names
    /// mean the same in them as around them.
    pub(super) fn named_alone(&self) -> Option<Named<'_>> {
        let mut named = Named::default();
        (self.compiled.partials.is_empty() && alone(&self.compiled.nodes, &mut named)).then_some(named)
    }
}

fn alone<'t>(nodes: &'t [Node], named: &mut Named<'t>) -> bool {
    nodes.iter().all(|node| match &node.what {
        What::Value { name: Name::Path(path), .. } => {
            named.1.push(path);
            true
        }
        What::Value { name, .. } | What::Section { name: name @ (Name::Field(_) | Name::Nothing), .. } => {
            if let Name::Field(field) = name {
                named.0.push(*field);
            }
            match &node.what {
                What::Section { body, .. } => alone(body, named),
                _ => true,
            }
        }
        What::Text { .. } | What::Comma => true,
        _ => false,
    })
}

impl Reads {
    fn nodes(&mut self, nodes: &[Node], around: &mut Vec<Vec<Segment>>) {
        for node in nodes {
            match &node.what {
                What::Value { name, formats, .. } => {
                    if !formats.iter().any(|format| matches!(format, Format::Hash(_))) {
                        self.name(name, around);
                    }
                }
                What::Section { name, inverted, body } => {
                    let inner: Vec<Vec<Segment>> = match name {
                        Name::Path(segments) if !inverted => {
                            around.iter().map(|outer| outer.iter().chain(segments).cloned().collect()).collect()
                        }
                        _ => Vec::new(),
                    };
                    let known = around.len();
                    self.whole |= known > MOST;
                    around.extend(inner.into_iter().take(MOST));
                    self.nodes(body, around);
                    around.truncate(known);
                }
                What::Partial { callee, blocks, .. } => {
                    self.whole |= matches!(callee, Callee::Dynamic(_));
                    blocks.iter().for_each(|(_, block)| self.nodes(&block.body, around));
                }
                What::Block { block, .. } => self.nodes(&block.body, around),
                What::Text { .. } | What::Comma | What::Member { .. } => {}
            }
        }
    }

    fn name(&mut self, name: &Name, around: &[Vec<Segment>]) {
        match name {
            Name::Record | Name::RecordText => self.whole = true,
            Name::Here => match around.len() {
                1 => self.whole = true,
                _ => self.places.extend(around[1..].iter().map(|place| (place.clone(), false))),
            },
            Name::Path(segments) => {
                let is_outermost = around.len() == 1;
                let places = around.iter().map(|outer| (outer.iter().chain(segments).cloned().collect(), is_outermost));
                self.places.extend(places);
            }
            Name::Field(field) => self.fields.push(*field),
            Name::Index | Name::First | Name::Last | Name::RecordId | Name::Now(_) | Name::Nothing => {}
        }
    }
}
