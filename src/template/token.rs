//! A template's text as tags and the stretches between them, each with its place.

use super::code;
use super::compile::Fault;
use crate::span::Span;

/// What a stretch of a template is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Literal text, up to the end of its line at most.
    Text,
    /// `{{name}}`
    Value,
    /// `{{{name}}}`, `{{&name}}`
    Raw,
    /// `{{#name}}`
    Section,
    /// `{{^name}}`
    Inverted,
    /// `{{/name}}`
    Close,
    /// `{{>name}}`
    Partial,
    /// `{{<name}}`
    Parent,
    /// `{{$name}}`
    Block,
    /// `{{!…}}`: nothing is left of it.
    Comment,
    /// `{{=… …=}}`
    Delimiters,
}

/// What follows the opening delimiter.
const SIGILS: [(u8, Kind); 10] = [
    (b'{', Kind::Raw),
    (b'&', Kind::Raw),
    (b'#', Kind::Section),
    (b'^', Kind::Inverted),
    (b'/', Kind::Close),
    (b'>', Kind::Partial),
    (b'<', Kind::Parent),
    (b'$', Kind::Block),
    (b'!', Kind::Comment),
    (b'=', Kind::Delimiters),
];

/// Longest delimiter.
const LONGEST: usize = 16;

/// A stretch of a template.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// All of it, delimiters included.
    pub(super) span: Span,
    /// What the tag says, without white space around it.
    pub(super) content: Span,
    /// The white space before a tag that stands alone on its line.
    pub(super) indent: Option<Span>,
    /// Behind a block that opens and closes on one line of its own: the line break.
    pub(super) line_end: Span,
    /// Opens or closes a parent or block.
    inherits: bool,
}

/// What a text is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Mustache: tags that stand alone on their lines take the lines with them.
    Text,
    /// A JSON text with tags in it.
    Json,
    /// A JSON value whose strings are templates: one that is a single tag stands for that tag's value.
    Strings,
    /// What stands between the quotes of a JSON string.
    Inside,
}

impl Form {
    /// Whether tags stand in JSON strings, as these write them.
    pub(super) fn is_escaped(self) -> bool {
        matches!(self, Form::Strings | Form::Inside)
    }
}

/// Cuts a template into tokens.
pub(super) fn tokens(bytes: &[u8], form: Form) -> Result<Vec<Token>, Fault> {
    let (mut open, mut close) = (&b"{{"[..], &b"}}"[..]);
    let mut tokens = Vec::new();
    let mut opened = Vec::new();
    let mut at = 0;
    while let Some(found) = find(bytes, at, open) {
        let (mut start, mut inside) = (found, found + open.len());
        let mut sigil = sigil(bytes, inside);
        // `{{{#list}}…`: a brace of the JSON, and a section's tag.
        if form != Form::Text && sigil.0 == Some(b'{') {
            let behind = self::sigil(bytes, inside + 1);
            if behind.1 != Kind::Value {
                (start, inside, sigil) = (start + 1, inside + 1, behind);
            }
        }
        let (letter, kind, content) = sigil;
        let closing: &[u8] = match letter {
            Some(b'{') => b"}",
            Some(b'=') => b"=",
            _ => b"",
        };
        let closer = [closing, close].concat();
        let content = if kind == Kind::Value { inside } else { content };
        let end = find(bytes, content, &closer).filter(|end| !form.is_escaped() || !leaves(&bytes[content..*end]));
        let Some(end) = end else {
            return Err(Fault::new(code::UNCLOSED, start, "a tag that ends, with as many braces as it begins"));
        };
        let mut behind = end + closer.len();
        let mut text_end = start;
        if form == Form::Strings && is_whole_string(bytes, start, behind, kind) {
            (text_end, behind) = (start - 1, behind + 1);
        }
        push_text(bytes, at, text_end, &mut tokens);
        let mut inherits = matches!(kind, Kind::Parent | Kind::Block);
        match kind {
            Kind::Section | Kind::Inverted | Kind::Parent | Kind::Block => opened.push(inherits),
            Kind::Close => inherits = opened.pop().unwrap_or_default(),
            _ => {}
        }
        let content = trimmed(bytes, content, end);
        if kind == Kind::Delimiters {
            let mut words = content.of(bytes).split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
            (open, close) = match (words.next(), words.next(), words.next()) {
                (Some(open), Some(close), None) if open.len().max(close.len()) <= LONGEST => (open, close),
                _ => return Err(Fault::new(code::NAME, start, "two delimiters, such as {{=<% %>=}}")),
            };
        }
        let span = Span { start, end: behind };
        tokens.push(Token { kind, span, content, indent: None, line_end: Span::default(), inherits });
        at = behind;
    }
    push_text(bytes, at, bytes.len(), &mut tokens);
    if form == Form::Text {
        without_lines(bytes, &mut tokens);
    }
    Ok(tokens)
}

/// What a tag is, by what stands at `at` or behind white space there; and where its content begins.
fn sigil(bytes: &[u8], at: usize) -> (Option<u8>, Kind, usize) {
    let mut behind = at;
    while bytes.get(behind).is_some_and(u8::is_ascii_whitespace) {
        behind += 1;
    }
    let letter = bytes.get(behind).copied();
    match SIGILS.iter().find(|(sigil, _)| Some(*sigil) == letter) {
        Some((b'{', _)) if behind > at => (None, Kind::Value, at),
        Some((_, kind)) => (letter, *kind, behind + 1),
        None => (None, Kind::Value, at),
    }
}

fn find(bytes: &[u8], from: usize, what: &[u8]) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.windows(what.len()).position(|window| window == what).map(|at| from + at)
}

fn trimmed(bytes: &[u8], mut start: usize, mut end: usize) -> Span {
    while start < end && bytes[start].is_ascii_whitespace() {
        start += 1;
    }
    while start < end && bytes[end - 1].is_ascii_whitespace() {
        end -= 1;
    }
    Span { start, end }
}

/// Whether what should be a tag's content ends the JSON string that it stands in.
fn leaves(content: &[u8]) -> bool {
    let mut escaped = false;
    content.iter().any(|&byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

/// Whether a tag with a value is all that a string of a JSON value holds, and the string is no key.
fn is_whole_string(bytes: &[u8], start: usize, end: usize, kind: Kind) -> bool {
    matches!(kind, Kind::Value | Kind::Raw | Kind::Partial)
        && matches!(&bytes[..start], [.., before, b'"'] if *before != b'\\') | (bytes[..start] == *b"\"")
        && bytes.get(end) == Some(&b'"')
        && bytes[end + 1..].iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b':')
}

/// Literal text, a token for each line.
fn push_text(bytes: &[u8], mut start: usize, end: usize, tokens: &mut Vec<Token>) {
    while start < end {
        let mut line = start + 1;
        while line < end && bytes[line - 1] != b'\n' {
            line += 1;
        }
        let span = Span { start, end: line };
        let line_end = Span::default();
        tokens.push(Token { kind: Kind::Text, span, content: span, indent: None, line_end, inherits: false });
        start = line;
    }
}

/// Empties the lines that hold nothing but a tag which leaves nothing of itself (the specification's standalone tags), or
/// several tags of parents and blocks.
fn without_lines(bytes: &[u8], tokens: &mut [Token]) {
    let mut from = 0;
    for at in 0..tokens.len() {
        let last = tokens[at];
        let ends_line = last.kind == Kind::Text && bytes[last.span.end - 1] == b'\n';
        if !ends_line && at + 1 < tokens.len() {
            continue;
        }
        let line = &mut tokens[from..=at];
        from = at + 1;
        let (mut tags, mut blocks, mut inherits, mut blank) = (0, 0, true, true);
        for token in &*line {
            if token.kind == Kind::Text {
                blank &= token.span.of(bytes).trim_ascii().is_empty();
            } else {
                tags += 1;
                blocks += usize::from(token.kind == Kind::Block);
                inherits &= token.inherits;
                blank &= !matches!(token.kind, Kind::Value | Kind::Raw);
            }
        }
        if tags == 0 || !blank || (tags > 1 && !inherits) {
            continue;
        }
        let first = line[0].span;
        let indent = Span { start: first.start, end: if line[0].kind == Kind::Text { first.end } else { first.start } };
        for token in line {
            token.indent = Some(indent);
            if token.kind == Kind::Text {
                token.span.end = token.span.start;
            } else if ends_line && blocks * 2 == tags && token.span.end == last.span.start {
                token.line_end = last.span;
            }
        }
    }
}
