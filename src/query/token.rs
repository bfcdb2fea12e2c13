//! The pieces that a query is read in, each with its place and what it is.

use super::mistake::Mistake;
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
    /// The first mistake.
    pub(super) mistake: Option<Mistake>,
}

impl<'a> Lexer<'a> {
    pub(super) fn fail<T>(&mut self, mistake: Mistake) -> Option<T> {
        self.mistake.get_or_insert(mistake);
        None
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn at_span(&self, span: Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// The next byte; 0 at the end.
    pub(super) fn peek(&self) -> u8 {
        self.rest().bytes().next().unwrap_or_default()
    }

    /// Whether a blank comes next, or the end.
    pub(super) fn is_at_blank(&self) -> bool {
        self.rest().chars().next().is_none_or(char::is_whitespace)
    }

    #[inline(never)]
    pub(super) fn skip_space(&mut self) {
        while let Some(c) = self.rest().chars().next().filter(|c| c.is_whitespace()) {
            self.at += c.len_utf8();
        }
    }

    /// Takes the next `len` bytes as one piece.
    #[inline(never)]
    pub(super) fn take(&mut self, len: usize, kind: TokenKind) -> Span {
        let span = Span { start: self.at, end: self.at + len };
        if len > 0 {
            self.tokens.push(Token { kind, span });
        }
        self.at += len;
        span
    }

    /// Takes a piece if it comes next.
    #[inline(never)]
    pub(super) fn eat(&mut self, what: &str, kind: TokenKind) -> bool {
        let is_next = self.rest().starts_with(what);
        if is_next {
            self.take(what.len(), kind);
        }
        is_next
    }

    /// Whether one of the words that are operators comes next, and no field is named so.
    #[inline(never)]
    pub(super) fn is_keyword(&self, keyword: &str) -> bool {
        let behind = self.rest().strip_prefix(keyword).map(|rest| rest.chars().next());
        behind.is_some_and(|c| c.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ')' | '"')))
    }

    /// Takes it, if it does.
    pub(super) fn eat_keyword(&mut self, keyword: &str) -> bool {
        self.is_keyword(keyword) && self.eat(keyword, TokenKind::Operator)
    }

    /// How long the word is that comes next, escapes included.
    #[inline(never)]
    pub(super) fn word_len(&mut self, ends: Ends) -> Option<usize> {
        let rest = self.rest();
        let mut chars = rest.char_indices();
        while let Some((at, c)) = chars.next() {
            let doubled = || rest.as_bytes().get(at + 1) == rest.as_bytes().get(at);
            let is_end = match c {
                '\\' if chars.next().is_none() => {
                    return self.fail(Mistake::new(self.at + at, "the character that \\ stands before"));
                }
                '(' | ')' | '"' => true,
                ':' => ends == Ends::Name,
                ']' | '}' => ends == Ends::Bound,
                '&' => doubled(),
                '|' if doubled() && ends != Ends::Name && is_date(rest, at) => {
                    chars.next();
                    false
                }
                '|' => doubled(),
                c => c.is_whitespace(),
            };
            if is_end {
                return Some(at);
            }
        }
        Some(rest.len())
    }

    /// How long the text between two marks is that comes next: quotes, or slashes (which may stand unescaped in a class).
    pub(super) fn enclosed_len(&mut self, mark: u8, expected: &'static str) -> Option<usize> {
        let (mut escaped, mut in_class) = (false, false);
        for (at, byte) in self.rest().bytes().enumerate().skip(1) {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'[' if mark == b'/' => in_class = true,
                b']' => in_class = false,
                _ if byte == mark && !in_class => return Some(at + 1),
                _ => {}
            }
        }
        self.fail(Mistake::new(self.text.len(), expected))
    }
}

/// Whether a text begins with a date before a place: `||` and date math may follow on it.
fn is_date(text: &str, end: usize) -> bool {
    let bytes = text.as_bytes();
    end >= 7 && bytes.iter().take(4).all(u8::is_ascii_digit) && bytes.get(4) == Some(&b'-')
}
