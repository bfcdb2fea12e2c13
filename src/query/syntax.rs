//! What a query says, as a tree.

use crate::span::Span;

/// A part of a query. A conjunction or disjunction has two parts at least and none of its own kind; what is negated is
/// no negation: so every tree has one canonical text, and is what that text says.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    pub(super) span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NodeKind {
    /// `*:*`: every record.
    All,
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Term(Box<Term>),
}

impl Node {
    pub(super) fn new(kind: NodeKind, start: usize, end: usize) -> Node {
        Node { kind, span: Span { start, end } }
    }

    pub(super) fn term(field: Option<Field>, test: Test, start: usize, end: usize) -> Node {
        Node::new(NodeKind::Term(Box::new(Term { field, test })), start, end)
    }

    /// The term of that number, from 0, in the order of the text.
    pub(super) fn term_number(&self, left: &mut usize) -> Option<&Node> {
        match &self.kind {
            NodeKind::All => None,
            NodeKind::And(parts) | NodeKind::Or(parts) => parts.iter().find_map(|part| part.term_number(left)),
            NodeKind::Not(inner) => inner.term_number(left),
            NodeKind::Term(_) if *left == 0 => Some(self),
            NodeKind::Term(_) => {
                *left -= 1;
                None
            }
        }
    }

    /// Its negation, whose sign stands at `start`.
    pub(super) fn negated(self, start: usize) -> Node {
        let end = self.span.end;
        match self.kind {
            NodeKind::Not(inner) => Node::new(inner.kind, start, end),
            _ => Node::new(NodeKind::Not(Box::new(self)), start, end),
        }
    }
}

/// A test of the values of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    /// None for a bare word: it is looked for within every value.
    pub(super) field: Option<Field>,
    pub(super) test: Test,
}

#[derive(Clone, Debug)]
pub(super) struct Field {
    /// In canonical form: what [`Place::read`](super::place::Place::read) reads; `*` for any.
    pub(super) name: String,
    pub(super) span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    Exists,
    Value(Value),
    Regex {
        /// What stands between the slashes, as it stands.
        pattern: Value,
        ignore_case: bool,
    },
    /// At least one end is given.
    Range {
        low: Option<Bound>,
        high: Option<Bound>,
    },
}

#[derive(Clone, Debug)]
pub(super) struct Value {
    /// `*` and `?` stand for any text and any character; with `\` before them for themselves, as `\\` does for `\`.
    pub(super) text: String,
    pub(super) quoted: bool,
    pub(super) span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bound {
    pub(super) value: Value,
    pub(super) inclusive: bool,
}

/// One character of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Glyph {
    Char(char),
    /// `*`.
    Any,
    /// `?`.
    One,
}

/// The characters of a text in which a backslash takes the next one as it is.
pub(super) fn glyphs(text: &str) -> impl Iterator<Item = Glyph> + Clone {
    let mut chars = text.chars();
    std::iter::from_fn(move || {
        Some(match chars.next()? {
            '*' => Glyph::Any,
            '?' => Glyph::One,
            '\\' => Glyph::Char(chars.next().unwrap_or('\\')),
            c => Glyph::Char(c),
        })
    })
}

/// Appends a character so that [`glyphs`] gives it back.
pub(super) fn push_plain(c: char, text: &mut String) {
    if matches!(c, '*' | '?' | '\\') {
        text.push('\\');
    }
    text.push(c);
}

impl Value {
    pub(super) fn has_wildcard(&self) -> bool {
        glyphs(&self.text).any(|glyph| !matches!(glyph, Glyph::Char(_)))
    }

    /// What it says, if it has no wildcards.
    pub(super) fn plain(&self) -> String {
        let plain = glyphs(&self.text).map(|glyph| match glyph {
            Glyph::Char(c) => c,
            Glyph::Any => '*',
            Glyph::One => '?',
        });
        plain.collect()
    }
}

// What a query says does not depend on where it says so.

impl PartialEq for Node {
    fn eq(&self, other: &Node) -> bool {
        self.kind == other.kind
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Field) -> bool {
        self.name == other.name
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        (&self.text, self.quoted) == (&other.text, other.quoted)
    }
}

impl Eq for Node {}
impl Eq for Field {}
impl Eq for Value {}
