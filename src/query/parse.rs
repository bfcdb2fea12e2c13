//! From a text to its tree, by recursive descent. `QUERY.md` has the grammar.

use super::place::Place;
use super::syntax::{Bound, Field, Glyph, Node, NodeKind, Term, Test, Value, glyphs, push_plain};
use super::token::{Ends, Lexer, Token, TokenKind};
use crate::limits::{MAX_QUERY_BYTES, MAX_QUERY_DEPTH, MAX_QUERY_TERMS};
use crate::span::Span;

/// What keeps a text from being a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) code: &'static str,
    /// The byte where it shows.
    pub(super) at: usize,
    pub(super) expected: &'static str,
    pub(super) help: Option<String>,
}

impl Mistake {
    pub(super) fn new(at: usize, expected: &'static str) -> Mistake {
        Mistake { code: "Q100", at, expected, help: None }
    }

    pub(super) fn field(at: usize, expected: &'static str) -> Mistake {
        Mistake { code: "Q102", ..Mistake::new(at, expected) }
    }

    fn limit(at: usize, expected: &'static str) -> Mistake {
        Mistake { code: "Q101", ..Mistake::new(at, expected) }
    }

    fn help(mut self, help: &str) -> Mistake {
        self.help = Some(help.to_owned());
        self
    }
}

type Read<T> = Result<T, Mistake>;

const A_VALUE: &str = "a value: a word, \"text\", /pattern/, [a TO b], >=a or ( )";

/// What was read of a text: its pieces, and the tree or the first mistake.
pub(super) fn parse(text: &str) -> (Vec<Token>, Read<Node>) {
    if text.len() > MAX_QUERY_BYTES {
        let span = Span { start: 0, end: text.len() };
        return (
            vec![Token { kind: TokenKind::Invalid, span }],
            Err(Mistake::limit(MAX_QUERY_BYTES, "a query of at most 64 KiB")),
        );
    }
    let mut parser = Parser { lexer: Lexer { text, at: 0, tokens: Vec::new() }, depth: 0, terms: 0, field: None };
    let read = parser.query();
    let mut tokens = parser.lexer.tokens;
    if let Err(mistake) = &read {
        // What was taken as a piece and turned out wrong, and all behind it.
        let start = text.floor_char_boundary(mistake.at.min(parser.lexer.at));
        tokens.retain(|token| token.span.end <= start);
        let start = tokens.last().map_or(0, |token| token.span.end);
        let start = text.len() - text[start..].trim_start().len();
        if start < text.len() {
            tokens.push(Token { kind: TokenKind::Invalid, span: Span { start, end: text.len() } });
        }
    }
    (tokens, read)
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    depth: usize,
    terms: usize,
    /// Whose group of values is being read.
    field: Option<Field>,
}

impl Parser<'_> {
    fn query(&mut self) -> Read<Node> {
        self.lexer.skip_space();
        if self.lexer.rest().is_empty() {
            return Ok(Node { kind: NodeKind::All, span: Span::default() });
        }
        let node = self.or()?;
        match self.lexer.rest().is_empty() {
            true => Ok(node),
            false => Err(Mistake::new(self.lexer.at, "no ) here: none is open")),
        }
    }

    fn or(&mut self) -> Read<Node> {
        let mut parts = vec![self.and()?];
        while self.lexer.eat_keyword("OR") || self.lexer.eat("||", TokenKind::Operator) {
            parts.push(self.and()?);
        }
        Ok(join(parts, false))
    }

    fn and(&mut self) -> Read<Node> {
        let mut parts = Vec::new();
        loop {
            parts.push(self.not()?);
            self.lexer.skip_space();
            let rest = self.lexer.rest();
            if self.lexer.eat_keyword("AND") || self.lexer.eat("&&", TokenKind::Operator) {
                continue;
            }
            let at = self.lexer.at;
            let tokens = self.lexer.tokens.len();
            let ends =
                rest.is_empty() || rest.starts_with([')']) || rest.starts_with("||") || self.lexer.eat_keyword("OR");
            if ends {
                // For whoever called to read.
                self.lexer.at = at;
                self.lexer.tokens.truncate(tokens);
                return Ok(join(parts, true));
            }
        }
    }

    fn not(&mut self) -> Read<Node> {
        self.lexer.skip_space();
        let start = self.lexer.at;
        let mut negated = false;
        loop {
            if self.lexer.eat_keyword("NOT") || self.lexer.eat("!", TokenKind::Operator) {
                negated = !negated;
            } else if matches!(self.lexer.peek(), b'-' | b'+') {
                let rest = self.lexer.rest().get(1..).unwrap_or_default();
                if rest.is_empty() || rest.starts_with(char::is_whitespace) {
                    let mistake = Mistake::new(self.lexer.at + 1, "what the sign stands before, without a blank");
                    return Err(mistake.help("write \\- or \\+ for the character"));
                }
                negated ^= self.lexer.peek() == b'-';
                self.lexer.take(1, TokenKind::Operator);
            } else {
                break;
            }
            self.lexer.skip_space();
        }
        let node = self.primary()?;
        if !negated {
            return Ok(node);
        }
        let span = Span { start, end: node.span.end };
        Ok(match node.kind {
            NodeKind::Not(inner) => Node { kind: inner.kind, span },
            _ => Node { kind: NodeKind::Not(Box::new(node)), span },
        })
    }

    fn primary(&mut self) -> Read<Node> {
        let start = self.lexer.at;
        let kind = match self.lexer.peek() {
            b'(' => return self.group(),
            _ if self.field.is_some() => {
                let field = self.field.clone();
                NodeKind::Term(Term { field, test: self.test()? })
            }
            b'"' | b'/' => NodeKind::Term(Term { field: None, test: self.test()? }),
            _ => return self.word_or_field(),
        };
        self.count(start)?;
        Ok(Node { kind, span: Span { start, end: self.lexer.at } })
    }

    fn group(&mut self) -> Read<Node> {
        let start = self.lexer.at;
        if self.depth >= MAX_QUERY_DEPTH {
            return Err(Mistake::limit(start, "at most 100 parentheses within each other"));
        }
        self.depth += 1;
        self.lexer.take(1, TokenKind::Bracket);
        let node = self.or()?;
        if !self.lexer.eat(")", TokenKind::Bracket) {
            return Err(Mistake::new(self.lexer.at, "AND, OR or )"));
        }
        self.depth -= 1;
        Ok(Node { kind: node.kind, span: Span { start, end: self.lexer.at } })
    }

    /// A bare word; or a field, its colon and what is asked of it.
    fn word_or_field(&mut self) -> Read<Node> {
        let start = self.lexer.at;
        let len = self.lexer.word_len(Ends::Name)?;
        let raw = self.lexer.rest().get(..len).unwrap_or_default();
        let is_field = self.lexer.rest().as_bytes().get(len) == Some(&b':');
        if len == 0 || matches!(raw.as_bytes().first(), Some(b'[' | b'{' | b'<' | b'>')) && !is_field {
            let expected = if is_field { "a field's name before the colon" } else { "a word, a field or \"text\"" };
            let mistake = Mistake::new(start, expected);
            return Err(match raw.as_bytes().first() {
                Some(b'[' | b'{' | b'<' | b'>') => mistake.help("a range needs a field and a colon before it"),
                _ => mistake,
            });
        }
        if ["AND", "OR", "TO"].contains(&raw) && !is_field {
            let mistake = Mistake::new(start, "a word, a field or \"text\"");
            return Err(mistake.help("write \\ before it for the word itself"));
        }
        if !is_field {
            self.count(start)?;
            let value = self.word(len)?;
            let kind = match value.text.bytes().all(|b| b == b'*') {
                true => NodeKind::All,
                false => NodeKind::Term(Term { field: None, test: Test::Value(value) }),
            };
            return Ok(Node { kind, span: Span { start, end: self.lexer.at } });
        }
        let is_missing = raw == "_missing_";
        if raw == "_exists_" || is_missing {
            self.lexer.take(len, TokenKind::Field);
            self.lexer.take(1, TokenKind::Operator);
            self.lexer.skip_space();
            let len = self.lexer.word_len(Ends::Name)?;
            if len == 0 {
                return Err(Mistake::new(self.lexer.at, "a field's name"));
            }
            self.count(start)?;
            let field = self.field_name(len)?;
            let span = Span { start, end: self.lexer.at };
            let node = Node { kind: NodeKind::Term(Term { field: Some(field), test: Test::Exists }), span };
            return Ok(if is_missing { Node { kind: NodeKind::Not(Box::new(node)), span } } else { node });
        }
        let field = self.field_name(len)?;
        self.lexer.take(1, TokenKind::Operator);
        self.lexer.skip_space();
        if self.lexer.peek() == b'(' {
            self.field = Some(field);
            let group = self.group();
            self.field = None;
            return group.map(|node| Node { span: Span { start, end: node.span.end }, ..node });
        }
        self.count(start)?;
        let everywhere = field.name == "*";
        let test = self.test()?;
        let kind = match test {
            Test::Exists if everywhere => NodeKind::All,
            test => NodeKind::Term(Term { field: Some(field), test }),
        };
        Ok(Node { kind, span: Span { start, end: self.lexer.at } })
    }

    fn count(&mut self, at: usize) -> Read<()> {
        self.terms += 1;
        if self.terms > MAX_QUERY_TERMS { Err(Mistake::limit(at, "at most 1000 terms")) } else { Ok(()) }
    }

    fn field_name(&mut self, len: usize) -> Read<Field> {
        let span = self.lexer.take(len, TokenKind::Field);
        let raw = self.lexer.text.get(span.start..span.end).unwrap_or_default();
        let place = Place::read(raw).map_err(|mistake| Mistake { at: span.start + mistake.at, ..mistake })?;
        Ok(Field { name: place.name(), span })
    }

    /// What is asked of a field's values.
    fn test(&mut self) -> Read<Test> {
        match self.lexer.peek() {
            b'"' => self.phrase().map(Test::Value),
            b'/' => self.regex(),
            b'[' | b'{' => self.range(),
            b'<' | b'>' => self.comparison(),
            _ => {
                let value = self.plain(Ends::Value)?;
                let exists = value.text.bytes().all(|b| b == b'*');
                Ok(if exists { Test::Exists } else { Test::Value(value) })
            }
        }
    }

    fn plain(&mut self, ends: Ends) -> Read<Value> {
        let len = self.lexer.word_len(ends)?;
        let raw = self.lexer.rest().get(..len).unwrap_or_default();
        if len == 0 || self.field.is_some() && ["AND", "OR"].contains(&raw) {
            return Err(Mistake::new(self.lexer.at, A_VALUE));
        }
        self.word(len)
    }

    fn word(&mut self, len: usize) -> Read<Value> {
        let span = self.lexer.take(len, TokenKind::Word);
        let raw = self.lexer.text.get(span.start..span.end).unwrap_or_default();
        no_boost(raw, span.start)?;
        let mut text = String::with_capacity(len);
        for glyph in glyphs(raw) {
            match glyph {
                Glyph::Char(c) => push_plain(c, &mut text),
                Glyph::Any => text.push('*'),
                Glyph::One => text.push('?'),
            }
        }
        Ok(Value { text, quoted: false, span })
    }

    fn phrase(&mut self) -> Read<Value> {
        let len = self.lexer.enclosed_len(b'"', "the end of the text: \"")?;
        let span = self.lexer.take(len, TokenKind::Phrase);
        if matches!(self.lexer.peek(), b'~' | b'^') {
            return no_boost("~", self.lexer.at).map(|()| Value { text: String::new(), quoted: true, span });
        }
        let raw = self.lexer.text.get(span.start + 1..span.end - 1).unwrap_or_default();
        let (mut text, mut escaped) = (String::with_capacity(len), false);
        for c in raw.chars() {
            escaped = c == '\\' && !escaped;
            if !escaped {
                push_plain(c, &mut text);
            }
        }
        Ok(Value { text, quoted: true, span })
    }

    fn regex(&mut self) -> Read<Test> {
        let len = self.lexer.enclosed_len(b'/', "the end of the pattern: /")?;
        let start = self.lexer.at;
        let ignore_case = self.lexer.rest().as_bytes().get(len) == Some(&b'i');
        self.lexer.take(len + usize::from(ignore_case), TokenKind::Regex);
        let span = Span { start: start + 1, end: start + len - 1 };
        let pattern = self.lexer.text.get(span.start..span.end).unwrap_or_default();
        if pattern.is_empty() {
            let mistake = Mistake::new(start + 1, "a pattern between the slashes");
            return Err(mistake.help("put a text that begins with a slash in quotes"));
        }
        if self.lexer.word_len(Ends::Value)? > 0 {
            let mistake = Mistake::new(self.lexer.at, "a blank behind the pattern, or i to ignore case");
            return Err(mistake.help("write \\/ for a slash, or put a text that begins with one in quotes"));
        }
        let pattern = Value { text: pattern.to_owned(), quoted: false, span };
        Ok(Test::Regex { pattern, ignore_case })
    }

    fn range(&mut self) -> Read<Test> {
        let low_inclusive = self.lexer.peek() == b'[';
        self.lexer.take(1, TokenKind::Bracket);
        let low = self.bound(low_inclusive)?;
        self.lexer.skip_space();
        if !self.lexer.eat_keyword("TO") {
            return Err(Mistake::new(self.lexer.at, "TO, and the range's other end"));
        }
        let mut high = self.bound(true)?;
        self.lexer.skip_space();
        let closing = self.lexer.peek();
        if !matches!(closing, b']' | b'}') {
            return Err(Mistake::new(self.lexer.at, "] or } at the range's end"));
        }
        self.lexer.take(1, TokenKind::Bracket);
        if let Some(high) = &mut high {
            high.inclusive = closing == b']';
        }
        if self.lexer.word_len(Ends::Value)? > 0 {
            return Err(Mistake::new(self.lexer.at, "a blank behind the range")
                .help("put the value in quotes if it begins with a bracket"));
        }
        Ok(if low.is_none() && high.is_none() { Test::Exists } else { Test::Range { low, high } })
    }

    /// One end of a range; none for `*`.
    fn bound(&mut self, inclusive: bool) -> Read<Option<Bound>> {
        self.lexer.skip_space();
        let value = match self.lexer.peek() {
            b'"' => self.phrase()?,
            _ => self.plain(Ends::Bound)?,
        };
        Ok((value.quoted || value.text != "*").then_some(Bound { value, inclusive }))
    }

    fn comparison(&mut self) -> Read<Test> {
        let is_low = self.lexer.peek() == b'>';
        let inclusive = self.lexer.rest().as_bytes().get(1) == Some(&b'=');
        self.lexer.take(1 + usize::from(inclusive), TokenKind::Operator);
        self.lexer.skip_space();
        let value = match self.lexer.peek() {
            b'"' => self.phrase()?,
            _ => self.plain(Ends::Value)?,
        };
        let bound = Some(Bound { value, inclusive });
        Ok(if is_low { Test::Range { low: bound, high: None } } else { Test::Range { low: None, high: bound } })
    }
}

/// What Lucene writes behind a term and means nothing here.
fn no_boost(raw: &str, start: usize) -> Read<()> {
    let end = raw.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let is_boost = end.ends_with(['~', '^']) && !end.trim_end_matches(['~', '^']).ends_with('\\');
    match is_boost {
        true => Err(Mistake::new(start + end.len() - 1, "a term without ~ or ^: nothing is fuzzy or weighed")
            .help("write \\~ or \\^ for the character")),
        false => Ok(()),
    }
}

/// Parts as one node, those of the same kind dissolved.
pub(super) fn join(parts: Vec<Node>, and: bool) -> Node {
    let span = Span {
        start: parts.first().map_or(0, |part| part.span.start),
        end: parts.last().map_or(0, |part| part.span.end),
    };
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part.kind {
            NodeKind::And(inner) if and => flat.extend(inner),
            NodeKind::Or(inner) if !and => flat.extend(inner),
            kind => flat.push(Node { kind, span: part.span }),
        }
    }
    match flat.pop() {
        Some(only) if flat.is_empty() => Node { span, ..only },
        Some(last) => {
            flat.push(last);
            Node { kind: if and { NodeKind::And(flat) } else { NodeKind::Or(flat) }, span }
        }
        None => Node { kind: NodeKind::All, span },
    }
}
