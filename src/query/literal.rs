//! What a record that matches must hold, byte by byte: without it a query can say "no" before it has read the record.
//!
//! It never says "yes". A literal is a run of ASCII characters that JSON writes as they are, whatever strings they stand
//! in; but any character may also be written as `\u00XX`. So an escape of a character that could be part of a literal,
//! or of another escape, counts as found. Letters are compared without regard to case.

use super::place::{Place, Step};
use super::syntax::{Glyph, Node, NodeKind, Term, Test, glyphs};
use crate::scan::hex4;

/// Bytes that are looked at together.
const STEP: usize = 32;
/// Literals of one clause.
const MAX_ALTERNATIVES: usize = 8;

/// A run of characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Literal {
    /// As small letters.
    bytes: Vec<u8>,
    /// It is part of a value: rarer than a name, as a rule.
    is_value: bool,
    /// Where two of its bytes stand that are not next to each other if it can be helped.
    pair: [usize; 2],
}

/// One of these must be there.
pub(super) type Clause = Vec<Literal>;

/// Whether JSON has no other way to write an ASCII character in a string than itself and `\u00XX`, and nobody writes
/// that as a matter of course: some do for the characters that HTML knows.
fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~') && !matches!(c, '"' | '\\' | '/' | '&' | '\'' | '<' | '=' | '>')
}

impl Literal {
    /// The longest run of plain characters; none if there are not two.
    fn of(glyphs: impl Iterator<Item = Glyph>, is_value: bool) -> Option<Literal> {
        let (mut longest, mut run) = (Vec::new(), Vec::new());
        for glyph in glyphs.chain([Glyph::Any]) {
            match glyph {
                Glyph::Char(c) if is_plain(c) => run.push(c.to_ascii_lowercase() as u8),
                _ => {
                    if run.len() > longest.len() {
                        longest.clone_from(&run);
                    }
                    run.clear();
                }
            }
        }
        let last = longest.len().checked_sub(1).filter(|last| *last > 0)?;
        Some(Literal { bytes: longest, is_value, pair: [0, last] })
    }

    /// How much looking for it is worth.
    fn rank(&self) -> usize {
        self.bytes.len() + if self.is_value { 8 } else { 0 }
    }

    /// Where it, or an escape that may be part of it, comes first in a text, from a place on: a byte of it.
    pub(super) fn find(&self, text: &[u8], from: usize) -> Option<usize> {
        let [first, last] = self.pair.map(|at| self.bytes.get(at).copied().unwrap_or_default());
        let fold = |byte: u8| if byte.is_ascii_lowercase() { 0x20u8 } else { 0 };
        let (fold_first, fold_last) = (fold(first), fold(last));
        let block = |at: usize| -> Option<&[u8; STEP]> { text.get(at..at + STEP)?.try_into().ok() };
        let mut at = from;
        while let (Some(a), Some(b), Some(c)) =
            (block(at + self.pair[0]), block(at + self.pair[1]), block(at + 1 + self.pair[0]))
        {
            // Without a branch, so that it becomes a few vector instructions.
            let mut hit = 0u8;
            for i in 0..STEP {
                let is_pair = u8::from(a[i] | fold_first == first) & u8::from(b[i] | fold_last == last);
                let is_escape = u8::from(a[i] == b'\\') & u8::from(c[i] == b'u');
                hit |= is_pair | is_escape;
            }
            if hit != 0
                && let Some(found) = self.exact(text, at, at + STEP)
            {
                return Some(found);
            }
            at += STEP;
        }
        self.exact(text, at, text.len())
    }

    #[inline(never)]
    fn exact(&self, text: &[u8], from: usize, to: usize) -> Option<usize> {
        (from..to).find(|&at| {
            let here = text.get(at..).unwrap_or_default();
            match here {
                [b'\\', b'u', ..] => {
                    hex4(here, 2).is_some_and(|code| char::from_u32(code).is_some_and(is_plain) || code == 0x5C)
                }
                _ => here.get(..self.bytes.len()).is_some_and(|bytes| bytes.eq_ignore_ascii_case(&self.bytes)),
            }
        })
    }
}

/// Whether a text may hold what every clause asks for.
pub(super) fn may_hold(clauses: &[Clause], text: &[u8]) -> bool {
    clauses.iter().all(|clause| clause.iter().any(|literal| literal.find(text, 0).is_some()))
}

/// What a record must hold to match, the most telling first.
pub(super) fn clauses(node: &Node) -> Vec<Clause> {
    let mut clauses = collect(node);
    clauses.sort_by_key(|clause| {
        let weakest = clause.iter().map(Literal::rank).min().unwrap_or_default();
        (clause.len() > 1, std::cmp::Reverse(weakest))
    });
    clauses.dedup();
    clauses.truncate(MAX_ALTERNATIVES);
    clauses
}

fn collect(node: &Node) -> Vec<Clause> {
    match &node.kind {
        NodeKind::All | NodeKind::Not(_) => Vec::new(),
        NodeKind::And(parts) => parts.iter().flat_map(collect).collect(),
        NodeKind::Or(parts) => {
            // Of each part the best clause: one of them must hold.
            let mut all = Clause::new();
            for part in parts {
                let Some(best) = clauses(part).into_iter().next() else { return Vec::new() };
                all.extend(best);
                if all.len() > MAX_ALTERNATIVES {
                    return Vec::new();
                }
            }
            vec![all]
        }
        NodeKind::Term(term) => of_term(term).into_iter().map(|literal| vec![literal]).collect(),
    }
}

pub(super) fn of_term(term: &Term) -> Vec<Literal> {
    let place = term.field.as_ref().and_then(|field| Place::read(&field.name).ok());
    let mut literals = match &place {
        Some(Place::Path(steps)) => names(steps),
        _ => Vec::new(),
    };
    let is_common = matches!(place, Some(Place::Common(_)));
    if let Test::Value(value) = &term.test
        && !is_common
        && (term.field.is_none() || value.has_wildcard() || super::value::is_text_alone(value))
    {
        literals.extend(Literal::of(glyphs(&value.text), true));
    }
    literals
}

/// The names that a path goes by.
pub(super) fn names(steps: &[Step]) -> Vec<Literal> {
    let name = |step: &Step| match step {
        Step::Name(name) => Literal::of(name.chars().map(Glyph::Char), false),
        Step::Like(like) => Literal::of(glyphs(like), false),
        _ => None,
    };
    steps.iter().filter_map(name).collect()
}
