//! The compiled form: an arena of schemas, each a mask of types and a run of keywords, named by number.
//!
//! Everything that keywords refer to lies in tables, and keywords are numbers: nothing is behind a pointer of its own.

use super::keyword::Name;
use super::keyword::bounds::Bound;
use super::keyword::format::Asserted;
use super::keyword::properties::Properties;
use super::names::{Key, Names};
use super::view::View;
use crate::document::Document;
use crate::pattern::Pattern;
use crate::tape::Kind;
use crate::tape::number::Divisor;

/// A schema, by its place in the arena.
pub(super) type NodeId = u32;
/// No schema, and no number of anything else.
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
/// Of those, the ones that are written without a sign.
pub(super) const NATURAL: Kinds = 1 << 9;

/// The bit of a kind.
#[inline(always)]
pub(super) fn bit(kind: Kind) -> Kinds {
    1 << kind as u8
}

/// A schema.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// What `type` allows.
    pub(super) types: Kinds,
    /// Kinds that are valid without a further look; of numbers without fraction and exponent, [`INTEGER`] and [`NATURAL`].
    pub(super) quick: Kinds,
    /// It looks at what its other keywords have evaluated.
    pub(super) unevaluated: bool,
    /// The resource it belongs to.
    pub(super) resource: u32,
    /// Where it stands: the entry on its document's tape.
    pub(super) at: u32,
    /// Its keywords, in the order in which they are evaluated: from, to. What annotates stands behind them, up to `end`.
    pub(super) keywords: (u32, u32),
    pub(super) end: u32,
    /// What it takes to tell yes or no: of one that is a `$ref` and nothing else, what its target has.
    pub(super) quickly: Quickly,
}

/// What a schema demands, for those who need not know how it came to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quickly {
    pub(super) types: Kinds,
    pub(super) unevaluated: bool,
    pub(super) keywords: (u32, u32),
    /// The number among [`Compiled::objects`] of the one keyword that looks at objects; [`NONE`] if there are others.
    pub(super) object: u32,
}

/// A keyword that demands something of values, or annotates them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keyword {
    /// The kinds of values that it looks at; none if it only annotates.
    pub(super) kinds: Kinds,
    pub(super) name: Name,
    /// What it demands. A run is of [`Compiled::words`], from `a` to `b`.
    ///
    /// | keyword | `a` | `b` |
    /// |---|---|---|
    /// | `const` `enum` | run: the kinds of the values, then the numbers of their texts, ascending | |
    /// | `minimum` … `multipleOf` `pattern` `format` `properties` | number in the table of that name | |
    /// | `minLength` … `maxProperties` | the count | |
    /// | `items` | run: the schema of the rest, then those of the first elements | |
    /// | `contains` | run: schema, least, most | |
    /// | `propertyNames` `$ref` `not` `unevaluated*` | schema | |
    /// | `$dynamicRef` | schema, if nothing on the way is meant | the words there: a run of resource and schema by turns |
    /// | `dependentRequired` | run: a name, the name that it asks for, the entry that says so | |
    /// | `dependentSchemas` | run: name and schema by turns | |
    /// | `allOf` `anyOf` `oneOf` | run: schemas | |
    /// | `if` | run: the schemas of `if`, `then`, `else` | |
    pub(super) a: u32,
    pub(super) b: u32,
}

/// A schema resource: what an `$id` names, or a whole document.
#[derive(Debug)]
pub(super) struct Resource {
    /// Absolute, without a fragment; empty for a document that nobody gave a name.
    pub(super) uri: String,
    pub(super) document: u32,
    /// The entry of its root on the document's tape.
    pub(super) root: u32,
    /// The resource around it in the same document, [`NONE`] for a document.
    pub(super) outer: u32,
    /// Number of its dialect.
    pub(super) dialect: u32,
    /// The last of its `$dynamicAnchor`s, by number among the registry's names.
    pub(super) anchor: u32,
}

/// Where an entry stands on its tape: the one around it, and its place there.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) outer: u32,
    pub(super) ordinal: u32,
}

/// A document, and where each entry of its tape stands.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) document: Document,
    pub(super) places: Vec<Place>,
}

impl Tree {
    pub(super) fn view(&self) -> View<'_> {
        View::of(self.document.root())
    }

    pub(super) fn place(&self, at: u32) -> Place {
        self.places.get(at as usize).copied().unwrap_or_default()
    }
}

/// A compiled schema.
#[derive(Debug, Default)]
pub(super) struct Compiled {
    /// The document itself, remotes and metaschemas; where texts for findings come from.
    pub(super) trees: Vec<Tree>,
    pub(super) resources: Vec<Resource>,
    pub(super) nodes: Vec<Node>,
    pub(super) keywords: Vec<Keyword>,
    pub(super) words: Vec<u32>,
    pub(super) bounds: Vec<Bound>,
    pub(super) divisors: Vec<Divisor>,
    pub(super) patterns: Vec<Pattern>,
    pub(super) formats: Vec<Asserted>,
    pub(super) objects: Vec<Properties>,
    /// Every text that the schema compares with.
    pub(super) names: Names,
    /// Of each, whether it is the name of a member: only these may show in a finding.
    pub(super) shows: Vec<bool>,
    /// How much a check learns about the order of members.
    pub(super) order: usize,
    /// Some `$dynamicRef` depends on the way that led to it.
    pub(super) dynamic: bool,
    pub(super) show_keys: bool,
}

impl Compiled {
    pub(super) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id as usize)
    }

    /// Kinds of values that a schema has nothing against; where there is none, all.
    pub(super) fn quick(&self, id: NodeId) -> Kinds {
        self.node(id).map_or(Kinds::MAX, |node| node.quick)
    }

    #[inline(always)]
    pub(super) fn keywords(&self, node: &Node) -> &[Keyword] {
        self.keywords.get(node.keywords.0 as usize..node.keywords.1 as usize).unwrap_or_default()
    }

    pub(super) fn annotations(&self, node: &Node) -> &[Keyword] {
        self.keywords.get(node.keywords.1 as usize..node.end as usize).unwrap_or_default()
    }

    /// A run of words.
    #[inline(always)]
    pub(super) fn run(&self, a: u32, b: u32) -> &[u32] {
        self.words.get(a as usize..b as usize).unwrap_or_default()
    }

    pub(super) fn word(&self, at: u32) -> u32 {
        self.words.get(at as usize).copied().unwrap_or(NONE)
    }

    /// The schemas that a keyword applies to the very value that it looks at, not to a part of it: one of them, by its place.
    pub(super) fn in_place(&self, keyword: &Keyword, place: u32) -> Option<NodeId> {
        let at = match keyword.name {
            Name::Ref | Name::Not => return (place == 0).then_some(keyword.a),
            Name::DynamicRef => {
                let fixed = self.word(keyword.b) == self.word(keyword.b + 1);
                return (place == 0 && fixed).then_some(keyword.a);
            }
            Name::AllOf | Name::AnyOf | Name::OneOf | Name::If => keyword.a + place,
            Name::DependentSchemas => keyword.a + 2 * place + 1,
            _ => return None,
        };
        (at < keyword.b).then(|| self.word(at))
    }

    /// The document that a schema is in.
    pub(super) fn tree(&self, node: &Node) -> Option<&Tree> {
        self.trees.get(self.resources.get(node.resource as usize)?.document as usize)
    }

    pub(super) fn view(&self, document: u32) -> View<'_> {
        self.trees.get(document as usize).map_or(View::default(), Tree::view)
    }

    /// Whether some part of the schema names a member so.
    pub(super) fn knows(&self, name: &[u8]) -> bool {
        let known = self.names.find(&Key::new(name)).and_then(|number| self.shows.get(number as usize));
        known.is_some_and(|shows| *shows)
    }
}
