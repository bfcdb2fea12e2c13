//! The compiled form: an arena of schemas, each a mask of types and a run of keywords, named by number.

use super::keyword::Name;
use super::keyword::{bounds, conditional, contains, dependent, format, items, properties, reference, values};
use crate::document::Document;

use crate::pattern::Pattern;
use crate::tape::number::Divisor;
use crate::tape::{Cursor, Kind};

/// A schema, by its place in the arena.
pub(super) type NodeId = u32;
/// No schema.
pub(super) const NONE: NodeId = NodeId::MAX;

/// A set of kinds of values: a bit per [`Kind`], a key counting as a string.
pub(super) type Kinds = u16;

pub(super) const NUMBER: Kinds = 1 << Kind::Number as u8;
pub(super) const STRING: Kinds = 1 << Kind::String as u8 | 1 << Kind::Key as u8;
pub(super) const ARRAY: Kinds = 1 << Kind::Array as u8;
pub(super) const OBJECT: Kinds = 1 << Kind::Object as u8;
pub(super) const BOOLEAN: Kinds = 1 << Kind::True as u8 | 1 << Kind::False as u8;
pub(super) const NULL: Kinds = 1 << Kind::Null as u8;
pub(super) const ANY: Kinds = NULL | BOOLEAN | NUMBER | STRING | ARRAY | OBJECT;
/// Of numbers, the whole ones.
pub(super) const INTEGER: Kinds = 1 << 8;

/// The bit of a kind.
#[inline(always)]
pub(super) fn bit(kind: Kind) -> Kinds {
    1 << kind as u8
}

/// A schema.
#[derive(Debug)]
pub(super) struct Node {
    /// What `type` allows.
    pub(super) types: Kinds,
    /// Kinds that are valid without a further look.
    pub(super) quick: Kinds,
    /// It looks at what its other keywords have evaluated.
    pub(super) unevaluated: bool,
    /// The resource it belongs to.
    pub(super) resource: u32,
    /// Where it stands: the entry on its document's tape.
    pub(super) at: u32,
    /// Its keywords: from, to.
    pub(super) keywords: (u32, u32),
    /// Its annotations: from, to.
    pub(super) annotations: (u32, u32),
}

/// A keyword that can find fault.
#[derive(Debug)]
pub(super) struct Keyword {
    /// The kinds of values that it looks at.
    pub(super) kinds: Kinds,
    pub(super) name: Name,
    pub(super) check: Check,
}

/// What a keyword demands. What takes more than a word is behind a pointer, to keep the arena dense.
#[derive(Debug)]
pub(super) enum Check {
    Values(Box<values::Values>),
    Bound(Box<bounds::Bound>),
    MultipleOf(Box<Divisor>),
    MinLength(u64),
    MaxLength(u64),
    Pattern(Box<Pattern>),
    Format(format::Asserted),
    MinItems(u64),
    MaxItems(u64),
    UniqueItems,
    Items(Box<items::Items>),
    Contains(Box<contains::Contains>),
    UnevaluatedItems(NodeId),
    MinProperties(u64),
    MaxProperties(u64),
    Properties(Box<properties::Properties>),
    PropertyNames(NodeId),
    DependentRequired(Box<[dependent::Names]>),
    DependentSchemas(Box<[dependent::Schema]>),
    UnevaluatedProperties(NodeId),
    Ref(NodeId),
    DynamicRef(Box<reference::Dynamic>),
    AllOf(Box<[NodeId]>),
    AnyOf(Box<[NodeId]>),
    OneOf(Box<[NodeId]>),
    Not(NodeId),
    If(Box<conditional::If>),
}

impl Check {
    /// The schemas that it applies to the very value that it looks at, not to a part of it.
    pub(super) fn in_place(&self) -> Vec<NodeId> {
        let mut nodes = match self {
            Check::Ref(node) | Check::Not(node) => vec![*node],
            Check::DynamicRef(dynamic) if dynamic.targets.is_empty() => vec![dynamic.fixed],
            Check::AllOf(nodes) | Check::AnyOf(nodes) | Check::OneOf(nodes) => nodes.to_vec(),
            Check::If(rule) => vec![rule.condition, rule.then, rule.otherwise],
            Check::DependentSchemas(rules) => rules.iter().map(|rule| rule.node).collect(),
            _ => Vec::new(),
        };
        nodes.retain(|node| *node != NONE);
        nodes
    }
}

/// A schema resource: what an `$id` names, or a whole document.
#[derive(Debug)]
pub(super) struct Resource {
    /// Absolute, without a fragment; empty for a document that nobody gave a name.
    pub(super) uri: String,
    pub(super) document: u32,
    /// The entry of its root on the document's tape.
    pub(super) root: u32,
    /// The resource around it in the same document.
    pub(super) outer: Option<u32>,
    /// Number of its dialect.
    pub(super) dialect: u32,
}

/// Where an entry stands on its tape: the one around it, and its place there.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) outer: u32,
    pub(super) ordinal: u32,
}

/// A compiled schema.
#[derive(Debug, Default)]
pub(super) struct Compiled {
    /// The document itself, remotes and metaschemas; where places and texts for findings come from.
    pub(super) documents: Vec<Document>,
    /// Of each document, where each entry of its tape stands.
    pub(super) places: Vec<Vec<Place>>,
    pub(super) resources: Vec<Resource>,
    pub(super) nodes: Vec<Node>,
    pub(super) keywords: Vec<Keyword>,
    pub(super) annotations: Vec<Name>,
    /// How much a check learns about the order of members.
    pub(super) order: usize,
    /// Every name of a member that the schema tells, ascending: only these may show in a finding.
    pub(super) names: Vec<Box<[u8]>>,
    /// Some `$dynamicRef` depends on the way that led to it.
    pub(super) dynamic: bool,
    pub(super) show_keys: bool,
}

impl Compiled {
    pub(super) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id as usize)
    }

    pub(super) fn keywords(&self, node: &Node) -> &[Keyword] {
        self.keywords.get(node.keywords.0 as usize..node.keywords.1 as usize).unwrap_or_default()
    }

    /// Where a schema stands in its document.
    pub(super) fn place(&self, node: &Node) -> Option<Cursor<'_>> {
        self.cursor(node.resource, node.at)
    }

    /// An entry on the tape of a resource's document.
    pub(super) fn cursor(&self, resource: u32, at: u32) -> Option<Cursor<'_>> {
        let document = self.resources.get(resource as usize)?.document;
        self.documents.get(document as usize)?.root()?.go(at)
    }

    /// Whether some part of the schema names a member so.
    pub(super) fn knows(&self, name: &[u8]) -> bool {
        self.names.binary_search_by(|known| (**known).cmp(name)).is_ok()
    }
}
