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
    /// What is at these places, and below. A name inside a section is meant from there, or from any section around it.
    pub(crate) places: Vec<Vec<Segment>>,
    pub(crate) fields: Vec<Field>,
}

/// Where a name stands.
#[derive(Clone, Copy)]
struct Within<'a> {
    /// What `.` means; outside of all sections the record.
    here: Option<&'a Name>,
    /// The places that names are meant from: the record, and those of the sections around.
    from: &'a [Vec<Segment>],
    /// Those of them that are of the innermost section.
    inner: usize,
}

impl Template {
    /// What of a record may stand in what this makes; a keyed digest does not count.
    pub(crate) fn reads(&self) -> Reads {
        self.part.go();
        let mut reads = Reads::default();
        reads.nodes(&self.compiled.nodes, Within { here: None, from: &[Vec::new()], inner: 0 });
        // From which section a partial is called is not looked at.
        reads.whole |= self.compiled.partials.iter().any(|(_, nodes)| !nodes.is_empty());
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
        What::Formatted { body, .. } => alone(body, named),
        What::Text { .. } | What::Comma => true,
        _ => false,
    })
}

impl Reads {
    fn nodes(&mut self, nodes: &[Node], within: Within<'_>) {
        for node in nodes {
            match &node.what {
                What::Value { name, formats, .. } => {
                    if !formats.iter().any(|format| matches!(format, Format::Hash(_))) {
                        self.name(name, within);
                    }
                }
                What::Section { name, inverted: false, body, .. } => {
                    let mut from = within.from.to_vec();
                    if let Name::Path(segments) = name {
                        from.extend(within.from.iter().map(|outer| outer.iter().chain(segments).cloned().collect()));
                    }
                    self.whole |= from.len() > MOST;
                    from.truncate(MOST);
                    // `{{#.}}` is what is at hand already.
                    let here = if *name == Name::Here { within.here } else { Some(name) };
                    self.nodes(body, Within { here, from: &from, inner: within.from.len() });
                }
                What::Section { body, .. } | What::Formatted { body, .. } => self.nodes(body, within),
                What::Partial { callee, blocks, .. } => {
                    self.whole |= matches!(callee, Callee::Dynamic(_));
                    blocks.iter().for_each(|(_, block)| self.nodes(&block.body, within));
                }
                What::Block { block, .. } => self.nodes(&block.body, within),
                // Made of a section once it is known which event it is.
                What::Text { .. } | What::Comma | What::Member { .. } => {}
            }
        }
    }

    fn name(&mut self, name: &Name, within: Within<'_>) {
        match name {
            Name::Record | Name::RecordText => self.whole = true,
            Name::Here => match within.here {
                None => self.whole = true,
                Some(Name::Path(_)) => self.places.extend(within.from.iter().skip(within.inner).cloned()),
                Some(Name::Here) => self.whole = true,
                Some(outer) => self.name(outer, within),
            },
            Name::Path(segments) => {
                let places = within.from.iter().map(|outer| outer.iter().chain(segments).cloned().collect());
                self.places.extend(places);
            }
            Name::Field(field) => self.fields.push(*field),
            Name::Index | Name::First | Name::Last | Name::RecordId | Name::Now(_) | Name::Nothing => {}
        }
    }
}
