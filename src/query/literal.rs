//! What a record that matches must hold, byte by byte: without it a query can say "no" before it has read the record.
//!
//! It never says "yes". A literal is a run of ASCII characters that JSON writes as they are, whatever strings they stand
//! in; but any character may also be written as `\u00XX`. So an escape of a character that could be part of a literal,
//! or of another escape, counts as found. Letters are compared without regard to case.

use super::place::{Place, Step};
use super::syntax::{Glyph, Node, NodeKind, Term, Test, glyphs};
use super::value::is_text_alone;
use crate::scan::{Pair, hex4};

/// Literals of one clause.
const MAX_ALTERNATIVES: usize = 8;

/// A run of characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Literal {
    /// As small letters; a quote before them where they begin a string.
    bytes: Vec<u8>,
    /// A string ends behind it: by a quote, or by the escape of one where the string stands in another.
    ends: bool,
    /// It is part of a value: rarer than a name, as a rule.
    is_value: bool,
    /// Two of its bytes, and where the first of them stands.
    pair: Pair,
    at: usize,
}

/// What a run stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    /// It is a key, or all of a string.
    String,
    /// Some value, of which it may be a part.
    Part,
}

/// The bytes of logs, the most common first: a search begins with the two that come last here.
const COMMON: &[u8] = b"\"eat:rnios,lcd0p mu_12-654.37f89hgbkvxywjzq";

/// One of these must be there.
pub(super) type Clause = Vec<Literal>;

/// Whether JSON has no other way to write an ASCII character in a string than itself and `\u00XX`, and nobody writes
/// that as a matter of course: some do for the characters that HTML knows.
fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~') && !matches!(c, '"' | '\\' | '/' | '&' | '\'' | '<' | '=' | '>')
}

/// Whether a number or literal may look like that.
fn may_be_token(text: &str) -> bool {
    glyphs(text).all(|glyph| match glyph {
        Glyph::Char(c) => c.is_ascii_digit() || "+-.truefalsnTRUEFALSN".contains(c),
        _ => true,
    })
}

impl Literal {
    /// The longest run of plain characters; none if there are not two.
    #[inline(never)]
    fn of(glyphs: &mut dyn Iterator<Item = Glyph>, whole: Whole, is_value: bool) -> Option<Literal> {
        let quote: &[u8] = if whole == Whole::String { b"\"" } else { b"" };
        let (mut longest, mut run, mut ends) = (Vec::new(), quote.to_vec(), false);
        let mut take = |run: &mut Vec<u8>, end: bool| {
            if run.len() > longest.len() {
                longest.clone_from(run);
                ends = end;
            }
            run.clear();
        };
        for glyph in glyphs {
            match glyph {
                // Two characters beyond ASCII are letters of it but for case: U+017F is an s, U+212A a k.
                Glyph::Char('s' | 'S' | 'k' | 'K') if is_value => take(&mut run, false),
                Glyph::Char(c) if is_plain(c) => run.push(c.to_ascii_lowercase() as u8),
                _ => take(&mut run, false),
            }
        }
        take(&mut run, whole == Whole::String);
        let rarity = |at: &usize| COMMON.iter().position(|byte| *byte == longest[*at]).unwrap_or(COMMON.len());
        let first = (0..longest.len()).max_by_key(rarity)?;
        let second = (0..longest.len()).filter(|at| *at != first).max_by_key(rarity)?;
        let (at, last) = (first.min(second), first.max(second));
        let pair = Pair { bytes: [longest[at], longest[last]], distance: last - at };
        Some(Literal { bytes: longest, ends, is_value, pair, at })
    }

    /// How much looking for it is worth.
    fn rank(&self) -> usize {
        self.bytes.len() + if self.is_value { 8 } else { 0 }
    }

    /// Where it, or an escape that may be part of it, comes next in a text, from a place on: its first byte.
    pub(super) fn find(&self, text: &[u8], from: usize) -> Option<usize> {
        self.next::<true>(text, from)
    }

    /// The same, escapes left out.
    pub(super) fn find_plain(&self, text: &[u8], from: usize) -> Option<usize> {
        self.next::<false>(text, from)
    }

    fn next<const ESCAPES: bool>(&self, text: &[u8], from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            at = self.pair.find::<ESCAPES>(text, at)?;
            let found = match text.get(at..)? {
                escape @ [b'\\', b'u', ..] if is_telling(escape) => Some(at),
                _ => at.checked_sub(self.at).filter(|start| *start >= from && self.stands(&text[*start..])),
            };
            if found.is_some() {
                return found;
            }
            at += 1;
        }
    }

    fn stands(&self, text: &[u8]) -> bool {
        let Some((bytes, behind)) = text.split_at_checked(self.bytes.len()) else { return false };
        bytes.eq_ignore_ascii_case(&self.bytes) && (!self.ends || matches!(behind.first(), Some(b'"' | b'\\')))
    }
}

/// Whether the escape at the start of a text may be one of a literal's characters, or of an escape's.
fn is_telling(escape: &[u8]) -> bool {
    hex4(escape, 2).and_then(char::from_u32).is_some_and(|c| is_plain(c) || matches!(c, '\\' | '"'))
}

/// Whether a text may hold what every clause asks for.
pub(super) fn may_hold(clauses: &[Clause], text: &[u8]) -> bool {
    clauses.iter().all(|clause| clause.iter().any(|literal| literal.find(text, 0).is_some()))
}

/// What a record must hold to match, the most telling first.
pub(super) fn clauses(node: &Node) -> Vec<Clause> {
    let mut clauses = Vec::new();
    collect(node, &mut clauses);
    if let Some(best) = best(&clauses) {
        clauses.swap(0, best);
    }
    clauses.truncate(MAX_ALTERNATIVES);
    clauses
}

/// The clause that is worth most: of one literal, and that a long one.
fn best(clauses: &[Clause]) -> Option<usize> {
    let mut best = None;
    for (number, clause) in clauses.iter().enumerate() {
        let weakest = clause.iter().map(Literal::rank).min().unwrap_or_default();
        let rank = (clause.len() == 1, weakest);
        if best.is_none_or(|(_, other)| rank > other) {
            best = Some((number, rank));
        }
    }
    best.map(|(number, _)| number)
}

fn collect(node: &Node, clauses: &mut Vec<Clause>) {
    match &node.kind {
        NodeKind::All | NodeKind::Not(_) => {}
        NodeKind::And(parts) => parts.iter().for_each(|part| collect(part, clauses)),
        NodeKind::Or(parts) => {
            // Of each part the best clause: one of them must hold.
            let mut all = Clause::new();
            for part in parts {
                let mut own = Vec::new();
                collect(part, &mut own);
                let Some(best) = best(&own) else { return };
                all.append(&mut own[best]);
                if all.len() > MAX_ALTERNATIVES {
                    return;
                }
            }
            clauses.push(all);
        }
        NodeKind::Term(term) => {
            for literal in of_term(term) {
                clauses.push(vec![literal]);
            }
        }
    }
}

/// What stands in every record in which a term finds something: the names that its path goes by, and its text.
pub(super) fn of_term(term: &Term) -> Vec<Literal> {
    let place = term.field.as_ref().and_then(|field| Place::read(&field.name).ok());
    let mut literals = Vec::new();
    if let Some(Place::Path(steps)) = &place {
        for step in steps {
            match step {
                Step::Name(name) => {
                    literals.extend(Literal::of(&mut name.chars().map(Glyph::Char), Whole::String, false));
                }
                Step::Like(like) => literals.extend(Literal::of(&mut glyphs(like), Whole::String, false)),
                _ => {}
            }
        }
    }
    if let Test::Value(value) = &term.test
        && !matches!(place, Some(Place::Common(_)))
        && (term.field.is_none() || value.has_wildcard() || is_text_alone(value))
    {
        let is_part = term.field.is_none() || may_be_token(&value.text);
        let whole = if is_part { Whole::Part } else { Whole::String };
        literals.extend(Literal::of(&mut glyphs(&value.text), whole, true));
    }
    if let Test::Regex { pattern, .. } = &term.test
        && !matches!(place, Some(Place::Common(_)))
    {
        literals.extend(Literal::of(&mut required(&pattern.text).into_iter(), Whole::Part, true));
    }
    literals
}

/// The characters that every match of a regular expression holds, side by side where no gap is told: those outside groups
/// and classes that no quantifier makes optional.
fn required(pattern: &str) -> Vec<Glyph> {
    let (mut found, mut depth, mut in_class) = (Vec::new(), 0, false);
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        let glyph = match c {
            // Another letter may begin a longer escape.
            '\\' => match chars.next() {
                Some(c) if c.is_ascii_punctuation() => Glyph::Char(c),
                Some('d' | 'D' | 'w' | 'W' | 's' | 'S' | 'b' | 'B' | 'n' | 'r' | 't') => Glyph::Any,
                _ => return Vec::new(),
            },
            '[' => {
                in_class = true;
                Glyph::Any
            }
            ']' if in_class => {
                in_class = false;
                continue;
            }
            _ if in_class => continue,
            '(' | ')' => {
                depth += if c == '(' { 1 } else { -1 };
                Glyph::Any
            }
            // Either side may be all there is.
            '|' if depth == 0 => return Vec::new(),
            '*' | '?' | '{' => {
                found.pop();
                found.push(Glyph::Any);
                if c == '{' {
                    chars.by_ref().find(|c| *c == '}');
                }
                continue;
            }
            '+' | '.' | '^' | '$' => Glyph::Any,
            c => Glyph::Char(c),
        };
        found.push(if depth == 0 && !in_class { glyph } else { Glyph::Any });
    }
    found
}
