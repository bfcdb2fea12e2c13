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
        let mut reads = Reads::default();
        reads.nodes(&self.compiled.nodes, Within { here: None, from: &[Vec::new()], inner: 0 });
        // From which section a partial is called is not looked at.
        reads.whole |= self.compiled.partials.iter().any(|(_, nodes)| !nodes.is_empty());
        reads
    }
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
                What::Section { name, inverted: false, body } => {
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
                What::Section { body, .. } => self.nodes(body, within),
                What::Partial { callee, blocks, .. } => {
                    self.whole |= matches!(callee, Callee::Dynamic(_));
                    blocks.iter().for_each(|(_, block)| self.nodes(&block.body, within));
                }
                What::Block { block, .. } => self.nodes(&block.body, within),
                What::Text { .. } | What::Comma => {}
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
