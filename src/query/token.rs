//! The pieces that a query is read in, each with its place and what it is.

use super::parse::Mistake;
use crate::span::Span;

/// What a piece is, for whoever colours it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A field's name.
    Field,
    /// `AND`, `OR`, `NOT`, `TO`, `&&`, `||`, `-`, `!`, `+`, `:`, `>` and their like.
    Operator,
    /// A parenthesis, bracket or brace.
    Bracket,
    /// A word, wildcards included.
    Word,
    /// A text in quotes.
    Phrase,
    /// A regular expression, slashes and flag included.
    Regex,
    /// All from the first mistake on.
    Invalid,
}

/// A piece of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
}

/// What may follow a word without a blank, and ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    /// Also `:`, for it may be a field's name.
    Name,
    /// Nothing more than always.
    Value,
    /// Also `]` and `}`.
    Bound,
}

/// Reads pieces, and keeps a list of them.
#[derive(Debug)]
pub(super) struct Lexer<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) tokens: Vec<Token>,
}

impl<'a> Lexer<'a> {
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next byte; 0 at the end.
    pub(super) fn peek(&self) -> u8 {
        self.rest().bytes().next().unwrap_or_default()
    }

    pub(super) fn skip_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Takes the next `len` bytes as one piece.
    pub(super) fn take(&mut self, len: usize, kind: TokenKind) -> Span {
        let span = Span { start: self.at, end: self.at + len };
        self.tokens.push(Token { kind, span });
        self.at += len;
        span
    }

    /// Takes a piece if it comes next.
    pub(super) fn eat(&mut self, what: &str, kind: TokenKind) -> bool {
        let is_next = self.rest().starts_with(what);
        if is_next {
            self.take(what.len(), kind);
        }
        is_next
    }

    /// Takes one of the words that are operators, if it comes next and no field is named so.
    pub(super) fn eat_keyword(&mut self, keyword: &str) -> bool {
        let behind = self.rest().strip_prefix(keyword).map(|rest| rest.chars().next());
        let ends = behind.is_some_and(|c| c.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ')' | '"')));
        ends && self.eat(keyword, TokenKind::Operator)
    }

    /// How long the word is that comes next, escapes included.
    pub(super) fn word_len(&self, ends: Ends) -> Result<usize, Mistake> {
        let rest = self.rest();
        let mut chars = rest.char_indices();
        while let Some((at, c)) = chars.next() {
            let is_end = match c {
                '\\' if chars.next().is_none() => {
                    return Err(Mistake::new(self.at + at, "the character that \\ stands before"));
                }
                '(' | ')' | '"' => true,
                ':' => ends == Ends::Name,
                ']' | '}' => ends == Ends::Bound,
                '&' => rest[at..].starts_with("&&"),
                '|' if rest[..at].ends_with('|') => false, // the second of a pair that was passed over
                '|' => rest[at..].starts_with("||") && (ends == Ends::Name || !is_date(&rest[..at])),
                c => c.is_whitespace(),
            };
            if is_end {
                return Ok(at);
            }
        }
        Ok(rest.len())
    }

    /// How long the text between two marks is that comes next: quotes, or slashes (which may stand unescaped in a class).
    pub(super) fn enclosed_len(&self, mark: u8, expected: &'static str) -> Result<usize, Mistake> {
        let (mut escaped, mut in_class) = (false, false);
        for (at, byte) in self.rest().bytes().enumerate().skip(1) {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'[' if mark == b'/' => in_class = true,
                b']' => in_class = false,
                _ if byte == mark && !in_class => return Ok(at + 1),
                _ => {}
            }
        }
        Err(Mistake::new(self.text.len(), expected))
    }
}

/// Whether a text is the date that `||` and date math follow on.
fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 7 && bytes[..4].iter().all(u8::is_ascii_digit) && bytes[4] == b'-'
}
