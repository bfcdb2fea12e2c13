//! Tokens to a tree of nodes.

use super::code;
use super::compile::Fault;
use super::format::{self, Format};
use super::placeholder::Name;
use super::token::{Form, Kind, Token, tokens};
use super::value::Place;
use crate::limits::{MAX_FORMATS, MAX_TEMPLATE_DEPTH};
use crate::span::Span;
use crate::tape::decode;

/// A piece of a template, and the byte at which it begins.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) at: usize,
    pub(super) what: What,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    /// Literal text. `begins_line`: it stands at the beginning of a line, where a partial's indentation goes.
    Text { text: Vec<u8>, begins_line: bool },
    /// A value. Where it is written to is found out later in a JSON template.
    Value { name: Name, formats: Vec<Format>, place: Place },
    /// What is rendered for each element, or if there is a value; inverted: if there is none.
    Section { name: Name, formats: Vec<Format>, inverted: bool, body: Vec<Node> },
    /// In a template folded for an event type: a section at a common field, by its place among the type's, that writes its
    /// value once, and what stands around it.
    Member { field: usize, comma: bool, before: Vec<u8>, formats: Vec<Format>, place: Place, behind: Vec<u8> },
    /// Another template, at the indentation of its tag if that stands alone on its line; with other text for its blocks.
    Partial { callee: Callee, indent: Option<Vec<u8>>, blocks: Vec<(String, Block)> },
    /// What a parent's caller may put other text for.
    Block { name: String, block: Block },
    /// A comma, unless nothing stands before it in its list.
    Comma,
    /// The JSON that the body makes, in another form.
    Formatted { format: Format, body: Vec<Node> },
}

/// Which other template is meant.
#[derive(Clone, Debug)]
pub(super) enum Callee {
    Named(String),
    /// The one whose name is found in the data.
    Dynamic(Name),
}

/// The text of a block.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) body: Vec<Node>,
    /// White space that its lines begin with and that belongs to the template which they were written in.
    pub(super) margin: Vec<u8>,
    /// White space that what is rendered in its place begins its lines with.
    pub(super) indent: Vec<u8>,
    /// The line break behind a block that opens and closes on one line of its own.
    pub(super) line_end: Vec<u8>,
}

/// A tag that is still open, and what stood before it.
struct Open {
    token: Token,
    outer: Vec<Node>,
}

/// Keys by their names.
type Keys<'k> = &'k [(String, Vec<u8>)];

/// Reads a template. Wrong names and formatters are noted and reading goes on; where tags do not fit together it ends.
pub(super) fn parse(text: &str, form: Form, keys: Keys<'_>, faults: &mut Vec<Fault>) -> Result<Vec<Node>, Fault> {
    let bytes = text.as_bytes();
    let mut nodes = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for token in tokens(bytes, form)? {
        let at = token.span.start;
        let begins_line = at == 0 || bytes[at - 1] == b'\n';
        if token.kind == Kind::Text {
            push_text(&mut nodes, at, token.span.of(bytes), begins_line);
            continue;
        }
        if begins_line && token.indent.is_none() && form == Form::Text {
            nodes.push(Node { at, what: What::Text { text: Vec::new(), begins_line } });
        }
        let said = said(text, token.content, form);
        let start = token.content.start;
        if said.is_empty() && !matches!(token.kind, Kind::Comment | Kind::Delimiters) {
            return Err(Fault::new(code::NAME, at, "a name in the tag"));
        }
        let what = match token.kind {
            Kind::Value | Kind::Raw => {
                let (name, formats) = value(&said, start, keys, faults);
                // Braces in any number: they are JSON, numbers and times, and never to be escaped for HTML.
                let given = matches!(name, Name::Record | Name::RecordText | Name::Now(_));
                let place = if given || token.kind == Kind::Raw { Place::Plain } else { Place::Html };
                What::Value { name, formats, place }
            }
            Kind::Section | Kind::Inverted | Kind::Parent | Kind::Block => {
                if open.len() == MAX_TEMPLATE_DEPTH {
                    return Err(Fault::new(code::LIMIT, at, "at most 64 sections within each other"));
                }
                open.push(Open { token, outer: std::mem::take(&mut nodes) });
                continue;
            }
            Kind::Close => {
                let Some(opened) = open.pop() else {
                    return Err(Fault::new(code::PAIR, at, "no such tag: nothing is open that it could close"));
                };
                let (begins, ends) = (opened.token.content.of(bytes), token.content.of(bytes));
                // An end needs the name alone.
                let formatted = begins.strip_prefix(ends).map(<[u8]>::trim_ascii_start);
                if begins != ends && !formatted.is_some_and(|rest| rest.starts_with(b"|")) {
                    return Err(unclosed(text, &opened.token, at, "the end of what is open first"));
                }
                let body = std::mem::replace(&mut nodes, opened.outer);
                let said = self::said(text, opened.token.content, form);
                let what = close(bytes, said, (&opened.token, &token), body, (keys, faults));
                nodes.push(Node { at: opened.token.span.start, what });
                continue;
            }
            Kind::Partial => {
                let indent = token.indent.map(|indent| indent.of(bytes).to_vec());
                What::Partial { callee: callee(said), indent, blocks: Vec::new() }
            }
            _ => continue,
        };
        nodes.push(Node { at, what });
    }
    match open.pop() {
        None => Ok(nodes),
        Some(Open { token, .. }) => Err(unclosed(text, &token, token.span.start, "a tag that is closed behind this")),
    }
}

fn unclosed(text: &str, open: &Token, at: usize, expected: &'static str) -> Fault {
    let name = text.get(open.content.start..open.content.end).unwrap_or_default();
    Fault { help: ["{{/", name, "}} closes it"].concat(), ..Fault::new(code::PAIR, at, expected) }
}

/// What a tag says: as it stands, or as the JSON string says in which it does.
fn said(text: &str, content: Span, form: Form) -> String {
    let mut said = Vec::new();
    let content = content.of(text.as_bytes());
    if form.is_escaped() {
        decode(content, &mut said);
    } else {
        said.extend_from_slice(content);
    }
    String::from_utf8(said).unwrap_or_default()
}

/// A name, and formatters with bars between them; a bar in a string counts for none.
#[inline(never)]
fn value(said: &str, at: usize, keys: Keys<'_>, faults: &mut Vec<Fault>) -> (Name, Vec<Format>) {
    let (mut name, mut formats, mut from) = (Name::Nothing, Vec::new(), 0);
    let (mut in_string, mut escaped) = (false, false);
    for (end, byte) in said.bytes().chain([b'|']).enumerate() {
        in_string ^= byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        if byte != b'|' || (in_string && end < said.len()) {
            continue;
        }
        let part = said.get(from..end).unwrap_or_default();
        let place = at + end - part.trim_ascii_start().len();
        let part = part.trim_ascii();
        let read = if from == 0 {
            Name::read(part, place).map(|read| name = read)
        } else {
            format::read(part, place, keys).map(|read| formats.push(read))
        };
        faults.extend(read.err());
        from = end + 1;
    }
    if formats.len() > MAX_FORMATS {
        faults.push(Fault::new(code::LIMIT, at, "at most 8 formatters"));
    }
    (name, formats)
}

/// What a tag and its end make of what stands between them.
#[inline(never)]
fn close(
    bytes: &[u8],
    said: String,
    (open, end): (&Token, &Token),
    body: Vec<Node>,
    (keys, faults): (Keys<'_>, &mut Vec<Fault>),
) -> What {
    let indent = open.indent.map(|indent| indent.of(bytes).to_vec());
    match open.kind {
        Kind::Parent => {
            let mut blocks = Vec::new();
            for node in body {
                if let What::Block { name, block } = node.what {
                    blocks.push((name, block));
                }
            }
            What::Partial { callee: callee(said), indent, blocks }
        }
        Kind::Block => {
            // A block on lines of its own is indented as its text is; without text, as its tag is.
            let mut margin = Vec::new();
            if let Some(Node { what: What::Text { text, begins_line: true }, .. }) = body.first() {
                margin.extend(text.iter().take_while(|b| matches!(b, b' ' | b'\t')));
            }
            let indent = match indent {
                Some(tag) if body.is_empty() => tag,
                Some(_) => margin.clone(),
                None => Vec::new(),
            };
            let line_end = end.line_end.of(bytes).to_vec();
            What::Block { name: said, block: Block { body, margin, indent, line_end } }
        }
        kind => {
            let (name, formats) = value(&said, open.content.start, keys, faults);
            What::Section { name, formats, inverted: kind == Kind::Inverted, body }
        }
    }
}

/// A name, or the name of what holds it. Of what can be no name of data nothing is ever found.
fn callee(said: String) -> Callee {
    match said.strip_prefix('*') {
        Some(name) => Callee::Dynamic(Name::read(name.trim_ascii_start(), 0).unwrap_or(Name::Nothing)),
        None => Callee::Named(said),
    }
}

fn push_text(nodes: &mut Vec<Node>, at: usize, more: &[u8], begins_line: bool) {
    if more.is_empty() {
        return; // of a line that was taken out
    }
    if let Some(Node { what: What::Text { text, .. }, at: first }) = nodes.last_mut()
        && *first + text.len() == at
    {
        return text.extend_from_slice(more);
    }
    nodes.push(Node { at, what: What::Text { text: more.to_vec(), begins_line } });
}
