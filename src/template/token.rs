//! A template's text as tags and the stretches between them, each with its place.

use super::Fault;
use super::code;
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
    /// `{{!…}}` and `{{=… …=}}`: nothing is left of them.
    Silent,
}

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
    pub(super) line_end: Option<Span>,
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
}

/// Cuts a template into tokens.
pub(super) fn tokens(text: &str, form: Form) -> Result<Vec<Token>, Fault> {
    let bytes = text.as_bytes();
    let (mut open, mut close) = ("{{", "}}");
    let mut tokens = Vec::new();
    let mut opened = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find(open) {
        let mut start = at + found;
        let mut inside = start + open.len();
        // `{{{#list}}…`: a brace of the JSON, and a section's tag.
        if form != Form::Text && open == "{{" && bytes.get(inside) == Some(&b'{') {
            let sigil = text[inside + 1..].trim_ascii_start().as_bytes().first();
            if matches!(sigil, Some(b'#' | b'^' | b'/' | b'!' | b'>' | b'<' | b'$' | b'=' | b'&')) {
                start += 1;
                inside += 1;
            }
        }
        let blank = text[inside..].len() - text[inside..].trim_ascii_start().len();
        let (kind, prefix) = match bytes.get(inside + blank) {
            Some(b'{') if blank == 0 => (Kind::Raw, "}"),
            Some(b'=') => (Kind::Silent, "="),
            Some(b'!') => (Kind::Silent, ""),
            Some(b'&') => (Kind::Raw, ""),
            Some(b'#') => (Kind::Section, ""),
            Some(b'^') => (Kind::Inverted, ""),
            Some(b'/') => (Kind::Close, ""),
            Some(b'>') => (Kind::Partial, ""),
            Some(b'<') => (Kind::Parent, ""),
            Some(b'$') => (Kind::Block, ""),
            _ => (Kind::Value, ""),
        };
        let closer = [prefix, close].concat();
        let content = inside + if kind == Kind::Value { 0 } else { blank + 1 };
        let end = text.get(content..).and_then(|rest| rest.find(&closer)).map(|len| content + len);
        let Some(end) = end.filter(|end| form != Form::Strings || !leaves_string(&bytes[content..*end])) else {
            return Err(Fault::new(code::UNCLOSED, start, &["a tag that ends: with ", &closer].concat()));
        };
        let mut behind = end + closer.len();
        let mut text_end = start;
        if form == Form::Strings && is_whole_string(bytes, start, behind) && is_value(kind) {
            (text_end, behind) = (start - 1, behind + 1);
        }
        push_text(bytes, at, text_end, &mut tokens);
        let inherits = match kind {
            Kind::Section | Kind::Inverted | Kind::Parent | Kind::Block => {
                opened.push(matches!(kind, Kind::Parent | Kind::Block));
                matches!(kind, Kind::Parent | Kind::Block)
            }
            Kind::Close => opened.pop().unwrap_or_default(),
            _ => false,
        };
        let trimmed = text[content..end].trim_ascii_start();
        let content = Span { start: end - trimmed.len(), end: end - trimmed.len() + trimmed.trim_ascii_end().len() };
        let span = Span { start, end: behind };
        if bytes.get(inside + blank) == Some(&b'=') {
            let mut words = text[content.start..content.end].split_ascii_whitespace();
            match (words.next(), words.next(), words.next()) {
                (Some(first), Some(second), None) if !first.contains('=') && !second.contains('=') => {
                    (open, close) = (first, second);
                }
                _ => return Err(Fault::new(code::NAME, start, "two delimiters, such as {{=<% %>=}}")),
            }
        }
        tokens.push(Token { kind, span, content, indent: None, line_end: None, inherits });
        at = behind;
    }
    push_text(bytes, at, bytes.len(), &mut tokens);
    Ok(if form == Form::Text { without_lines(bytes, tokens) } else { tokens })
}

fn is_value(kind: Kind) -> bool {
    matches!(kind, Kind::Value | Kind::Raw | Kind::Partial)
}

/// Whether what should be a tag's content ends the JSON string that it stands in.
fn leaves_string(content: &[u8]) -> bool {
    let mut escaped = false;
    content.iter().any(|&byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

/// Whether a tag is all that a string of a JSON value holds, and the string is no key.
fn is_whole_string(bytes: &[u8], start: usize, end: usize) -> bool {
    let begins = start > 0 && bytes[start - 1] == b'"' && (start < 2 || bytes[start - 2] != b'\\');
    begins
        && bytes.get(end) == Some(&b'"')
        && bytes[end + 1..].iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b':')
}

/// Literal text, a token for each line.
fn push_text(bytes: &[u8], mut start: usize, end: usize, tokens: &mut Vec<Token>) {
    while start < end {
        let line = bytes[start..end].iter().position(|&b| b == b'\n').map_or(end, |at| start + at + 1);
        let span = Span { start, end: line };
        tokens.push(Token { kind: Kind::Text, span, content: span, indent: None, line_end: None, inherits: false });
        start = line;
    }
}

/// Takes out the lines that hold nothing but a tag which leaves nothing of itself (the specification's standalone tags),
/// or several tags of parents and blocks.
fn without_lines(bytes: &[u8], tokens: Vec<Token>) -> Vec<Token> {
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut rest = tokens.as_slice();
    while !rest.is_empty() {
        let ends_line = |token: &Token| token.kind == Kind::Text && bytes[token.span.end - 1] == b'\n';
        let len = rest.iter().position(ends_line).map_or(rest.len(), |at| at + 1);
        let (line, behind) = rest.split_at(len);
        rest = behind;
        let tags = line.iter().filter(|token| token.kind != Kind::Text);
        let (count, inherits) = tags.clone().fold((0, true), |(n, all), tag| (n + 1, all && tag.inherits));
        let blank = |token: &Token| match token.kind {
            Kind::Text => token.span.of(bytes).trim_ascii().is_empty(),
            kind => !matches!(kind, Kind::Value | Kind::Raw),
        };
        if count == 0 || !line.iter().all(blank) || (count > 1 && !inherits) {
            kept.extend(line);
            continue;
        }
        let first = line[0];
        let indent =
            if first.kind == Kind::Text { first.span } else { Span { start: first.span.start, end: first.span.start } };
        let opens = tags.clone().filter(|tag| tag.kind == Kind::Block).count();
        let last = line[len - 1];
        let line_end = (opens > 0 && opens * 2 == count && ends_line(&last)).then_some(last.span);
        for tag in tags {
            let line_end = line_end.filter(|end| tag.span.end == end.start);
            kept.push(Token { indent: Some(indent), line_end, ..*tag });
        }
    }
    kept
}
