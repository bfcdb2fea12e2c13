//! From a text to its tree, by recursive descent. `QUERY.md` has the grammar.

use super::mistake::Mistake;
use super::place::Place;
use super::syntax::{Bound, Field, Glyph, Node, NodeKind, Test, Value, glyphs, push_plain};
use super::token::{Ends, Lexer, Token, TokenKind};
use crate::limits::{MAX_QUERY_BYTES, MAX_QUERY_DEPTH, MAX_QUERY_TERMS};
use crate::span::Span;

const A_VALUE: &str = "a value: a word, \"text\", /pattern/, [a TO b], >=a or ( )";
const A_TERM: &str = "a word, a field or \"text\"";

/// What was read of a text: its pieces, and the tree or the first mistake.
pub(super) fn parse(text: &str) -> (Vec<Token>, Result<Node, Mistake>) {
    let mut parser =
        Parser { lexer: Lexer { text, at: 0, tokens: Vec::new(), mistake: None }, depth: 0, terms: 0, field: None };
    let read = if text.len() > MAX_QUERY_BYTES {
        parser.fail(Mistake::of("Q101", MAX_QUERY_BYTES, "a query of at most 64 KiB"))
    } else {
        parser.query()
    };
    let Lexer { mut tokens, mistake, at, .. } = parser.lexer;
    let Some(mistake) = mistake else {
        return (tokens, Ok(read.unwrap_or_else(|| Node::new(NodeKind::All, 0, 0))));
    };
    // What was taken as a piece and turned out wrong, and all behind it.
    tokens.retain(|token| token.span.end <= mistake.at.min(at));
    let start = tokens.last().map_or(0, |token| token.span.end);
    let rest = text.get(start..).unwrap_or_default().trim_ascii_start().len();
    if rest > 0 {
        let span = Span { start: text.len() - rest, end: text.len() };
        tokens.push(Token { kind: TokenKind::Invalid, span });
    }
    (tokens, Err(mistake))
}

/// Every part gives none where it met a mistake, which the lexer keeps.
struct Parser<'a> {
    lexer: Lexer<'a>,
    depth: usize,
    terms: usize,
    /// Whose group of values is being read.
    field: Option<Field>,
}

impl Parser<'_> {
    #[inline(never)]
    fn fail<T>(&mut self, mistake: Mistake) -> Option<T> {
        self.lexer.fail(mistake)
    }

    fn query(&mut self) -> Option<Node> {
        self.lexer.skip_space();
        if self.lexer.rest().is_empty() {
            return None;
        }
        let node = self.or()?;
        match self.lexer.rest().is_empty() {
            true => Some(node),
            false => self.fail(Mistake::new(self.lexer.at, "no ) here: none is open")),
        }
    }

    fn or(&mut self) -> Option<Node> {
        let mut parts = vec![self.and()?];
        while self.lexer.eat_keyword("OR") || self.lexer.eat("||", TokenKind::Operator) {
            parts.push(self.and()?);
        }
        Some(join(parts, false))
    }

    #[inline(never)]
    fn and(&mut self) -> Option<Node> {
        let mut parts = Vec::new();
        loop {
            parts.push(self.not()?);
            self.lexer.skip_space();
            if self.lexer.eat_keyword("AND") || self.lexer.eat("&&", TokenKind::Operator) {
                continue;
            }
            let next = self.lexer.peek();
            if matches!(next, 0 | b')') || self.lexer.rest().starts_with("||") || self.lexer.is_keyword("OR") {
                return Some(join(parts, true));
            }
        }
    }

    fn not(&mut self) -> Option<Node> {
        self.lexer.skip_space();
        let start = self.lexer.at;
        let mut negated = false;
        loop {
            if self.lexer.eat_keyword("NOT") || self.lexer.eat("!", TokenKind::Operator) {
                negated = !negated;
            } else if matches!(self.lexer.peek(), b'-' | b'+') {
                negated ^= self.lexer.peek() == b'-';
                self.lexer.take(1, TokenKind::Operator);
                if self.lexer.is_at_blank() {
                    let mistake = Mistake::new(self.lexer.at, "what the sign stands before, without a blank");
                    return self.fail(mistake.help("write \\- or \\+ for the character"));
                }
            } else {
                break;
            }
            self.lexer.skip_space();
        }
        let node = self.primary()?;
        Some(if negated { node.negated(start) } else { node })
    }

    #[inline(never)]
    fn primary(&mut self) -> Option<Node> {
        let start = self.lexer.at;
        let next = self.lexer.peek();
        if next == b'(' {
            return self.group();
        }
        if self.field.is_none() && !matches!(next, b'"' | b'/') {
            return self.word_or_field();
        }
        let field = self.field.clone();
        self.term(field, start)
    }

    fn group(&mut self) -> Option<Node> {
        let start = self.lexer.at;
        if self.depth >= MAX_QUERY_DEPTH {
            return self.fail(Mistake::of("Q101", start, "at most 100 parentheses within each other"));
        }
        self.depth += 1;
        self.lexer.take(1, TokenKind::Bracket);
        let node = self.or()?;
        if !self.lexer.eat(")", TokenKind::Bracket) {
            return self.fail(Mistake::new(self.lexer.at, "AND, OR or )"));
        }
        self.depth -= 1;
        Some(Node::new(node.kind, start, self.lexer.at))
    }

    /// A bare word; or a field, its colon and what is asked of it.
    fn word_or_field(&mut self) -> Option<Node> {
        let start = self.lexer.at;
        let len = self.lexer.word_len(Ends::Name)?;
        let raw = self.lexer.rest().get(..len).unwrap_or_default();
        let is_field = self.lexer.rest().as_bytes().get(len) == Some(&b':');
        if !is_field {
            let mistake = Mistake::new(start, A_TERM);
            return match raw {
                "" => self.fail(mistake),
                "AND" | "OR" | "TO" => self.fail(mistake.help("write \\ before it for the word itself")),
                _ if raw.starts_with(['[', '{', '<', '>']) => {
                    self.fail(mistake.help("a range needs a field and a colon before it"))
                }
                _ => self.term(None, start),
            };
        }
        match raw {
            "" => self.fail(Mistake::new(start, "a field's name before the colon")),
            "_exists_" | "_missing_" => {
                self.lexer.take(len, TokenKind::Field);
                self.lexer.take(1, TokenKind::Operator);
                self.lexer.skip_space();
                self.count(start)?;
                let len = self.lexer.word_len(Ends::Name)?;
                let field = self.field_name(len)?;
                let node = Node::term(Some(field), Test::Exists, start, self.lexer.at);
                Some(if raw == "_missing_" { node.negated(start) } else { node })
            }
            _ => {
                let field = self.field_name(len)?;
                self.lexer.take(1, TokenKind::Operator);
                self.lexer.skip_space();
                if self.lexer.peek() != b'(' {
                    return self.term(Some(field), start);
                }
                self.field = Some(field);
                let group = self.group()?;
                self.field = None;
                Some(Node::new(group.kind, start, group.span.end))
            }
        }
    }

    #[inline(never)]
    fn term(&mut self, field: Option<Field>, start: usize) -> Option<Node> {
        self.count(start)?;
        let test = self.test(if field.is_none() { Ends::Name } else { Ends::Value })?;
        let is_all = test == Test::Exists && field.as_ref().is_none_or(|field| field.name == "*");
        let end = self.lexer.at;
        Some(if is_all { Node::new(NodeKind::All, start, end) } else { Node::term(field, test, start, end) })
    }

    fn count(&mut self, at: usize) -> Option<()> {
        self.terms += 1;
        match self.terms {
            ..=MAX_QUERY_TERMS => Some(()),
            _ => self.fail(Mistake::of("Q101", at, "at most 1000 terms")),
        }
    }

    fn field_name(&mut self, len: usize) -> Option<Field> {
        let span = self.lexer.take(len, TokenKind::Field);
        let text = self.lexer.at_span(span);
        match Place::read(text) {
            Ok(place) => Some(Field { name: place.name(), span }),
            // Compiling tells of all of them together.
            Err(mistake) if mistake.code == "Q103" => Some(Field { name: text.to_owned(), span }),
            Err(mistake) => self.fail(mistake.behind(span.start)),
        }
    }

    /// What is asked of values.
    fn test(&mut self, ends: Ends) -> Option<Test> {
        match self.lexer.peek() {
            b'/' => self.regex(),
            b'[' | b'{' => self.range(),
            sign @ (b'<' | b'>') => {
                let inclusive = self.lexer.rest().as_bytes().get(1) == Some(&b'=');
                self.lexer.take(1 + usize::from(inclusive), TokenKind::Operator);
                self.lexer.skip_space();
                let bound = Some(Bound { value: self.value(Ends::Value)?, inclusive });
                Some(match sign {
                    b'>' => Test::Range { low: bound, high: None },
                    _ => Test::Range { low: None, high: bound },
                })
            }
            _ => {
                let value = self.value(ends)?;
                let exists = !value.quoted && value.text.bytes().all(|b| b == b'*');
                Some(if exists { Test::Exists } else { Test::Value(value) })
            }
        }
    }

    /// A word, or a text in quotes.
    #[inline(never)]
    fn value(&mut self, ends: Ends) -> Option<Value> {
        let quoted = self.lexer.peek() == b'"';
        let len = match quoted {
            true => self.lexer.enclosed_len(b'"', "the end of the text: \"")?,
            false => self.lexer.word_len(ends)?,
        };
        let raw = self.lexer.rest().get(..len).unwrap_or_default();
        if len == 0 || self.field.is_some() && matches!(raw, "AND" | "OR") {
            return self.fail(Mistake::new(self.lexer.at, A_VALUE));
        }
        let span = self.lexer.take(len, if quoted { TokenKind::Phrase } else { TokenKind::Word });
        let boost = match quoted {
            true => Some(span.end).filter(|_| matches!(self.lexer.peek(), b'~' | b'^')),
            false => boost(raw).map(|at| span.start + at),
        };
        if let Some(at) = boost {
            let mistake = Mistake::new(at, "a term without ~ or ^: nothing is fuzzy or weighed");
            return self.fail(mistake.help("write \\~ or \\^ for the character"));
        }
        let mut text = String::with_capacity(len);
        if quoted {
            let mut escaped = false;
            for c in raw.get(1..len - 1).unwrap_or_default().chars() {
                escaped = c == '\\' && !escaped;
                if !escaped {
                    push_plain(c, &mut text);
                }
            }
        } else {
            for glyph in glyphs(raw) {
                match glyph {
                    Glyph::Char(c) => push_plain(c, &mut text),
                    Glyph::Any => text.push('*'),
                    Glyph::One => text.push('?'),
                }
            }
        }
        Some(Value { text, quoted, span })
    }

    fn regex(&mut self) -> Option<Test> {
        let len = self.lexer.enclosed_len(b'/', "the end of the pattern: /")?;
        let start = self.lexer.at;
        let ignore_case = self.lexer.rest().as_bytes().get(len) == Some(&b'i');
        self.lexer.take(len + usize::from(ignore_case), TokenKind::Regex);
        let span = Span { start: start + 1, end: start + len - 1 };
        if span.is_empty() {
            let mistake = Mistake::new(start + 1, "a pattern between the slashes");
            return self.fail(mistake.help("put a text that begins with a slash in quotes"));
        }
        self.ends("a blank behind the pattern, or i to ignore case")?;
        let pattern = Value { text: self.lexer.at_span(span).to_owned(), quoted: false, span };
        Some(Test::Regex { pattern, ignore_case })
    }

    fn range(&mut self) -> Option<Test> {
        let low_inclusive = self.lexer.peek() == b'[';
        self.lexer.take(1, TokenKind::Bracket);
        let low = self.bound(low_inclusive)?;
        self.lexer.skip_space();
        if !self.lexer.eat_keyword("TO") {
            return self.fail(Mistake::new(self.lexer.at, "TO, and the range's other end"));
        }
        let mut high = self.bound(true)?;
        self.lexer.skip_space();
        let closing = self.lexer.peek();
        if !matches!(closing, b']' | b'}') {
            return self.fail(Mistake::new(self.lexer.at, "] or } at the range's end"));
        }
        self.lexer.take(1, TokenKind::Bracket);
        if let Some(high) = &mut high {
            high.inclusive = closing == b']';
        }
        self.ends("a blank behind the range")?;
        Some(if low.is_none() && high.is_none() { Test::Exists } else { Test::Range { low, high } })
    }

    /// Refuses what stands behind a term without a blank.
    fn ends(&mut self, expected: &'static str) -> Option<()> {
        match self.lexer.word_len(Ends::Value)? {
            0 => Some(()),
            _ => self.fail(Mistake::new(self.lexer.at, expected).help("put the whole text in quotes if it is one")),
        }
    }

    /// One end of a range; none within for `*`.
    fn bound(&mut self, inclusive: bool) -> Option<Option<Bound>> {
        self.lexer.skip_space();
        let value = self.value(Ends::Bound)?;
        Some((value.quoted || value.text != "*").then_some(Bound { value, inclusive }))
    }
}

/// Where in a word that stands which Lucene writes behind a term: `~2`, `^1.5`.
fn boost(raw: &str) -> Option<usize> {
    let number = raw.bytes().rev().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let at = raw.len().checked_sub(number + 1)?;
    let is_escaped = at > 0 && raw.as_bytes().get(at - 1) == Some(&b'\\');
    (matches!(raw.as_bytes().get(at), Some(b'~' | b'^')) && !is_escaped).then_some(at)
}

/// Parts as one node, those of the same kind dissolved.
#[inline(never)]
pub(super) fn join(mut parts: Vec<Node>, and: bool) -> Node {
    let start = parts.first().map_or(0, |part| part.span.start);
    let end = parts.last().map_or(0, |part| part.span.end);
    if parts.len() == 1
        && let Some(only) = parts.pop()
    {
        return Node::new(only.kind, start, end);
    }
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part.kind {
            NodeKind::And(mut inner) if and => flat.append(&mut inner),
            NodeKind::Or(mut inner) if !and => flat.append(&mut inner),
            _ => flat.push(part),
        }
    }
    Node::new(if and { NodeKind::And(flat) } else { NodeKind::Or(flat) }, start, end)
}
