//! Tokens to a tree of nodes.

use super::format::{self, Format};
use super::placeholder::Name;
use super::token::{Form, Kind, Token, tokens};
use super::value::Place;
use super::{Fault, code};
use crate::limits::MAX_TEMPLATE_DEPTH;
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
    Section { name: Name, inverted: bool, body: Vec<Node> },
    /// Another template, at the indentation of its tag if that stands alone on its line; with other text for its blocks.
    Partial { callee: Callee, indent: Option<Vec<u8>>, blocks: Vec<(String, Block)> },
    /// What a parent's caller may put other text for.
    Block { name: String, block: Block },
    /// A comma, unless nothing stands before it in its list.
    Comma,
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

/// What tags may say, besides names.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) form: Form,
    pub(super) keys: &'a [(String, Vec<u8>)],
}

/// A tag that is still open, and what stands in it so far.
struct Open<'a> {
    token: Token,
    content: &'a str,
    outer: Vec<Node>,
}

/// Reads a template. Wrong names and formatters are noted and reading goes on; where tags do not fit together it ends.
pub(super) fn parse(text: &str, reading: Reading<'_>, faults: &mut Vec<Fault>) -> Result<Vec<Node>, Fault> {
    let tokens = tokens(text, reading.form)?;
    let mut nodes = Vec::new();
    let mut open: Vec<Open<'_>> = Vec::new();
    for token in tokens {
        let at = token.span.start;
        let begins_line = at == 0 || text.as_bytes()[at - 1] == b'\n';
        if token.kind == Kind::Text {
            push_text(&mut nodes, at, token.span.of(text.as_bytes()), begins_line);
            continue;
        }
        if begins_line && token.indent.is_none() && reading.form == Form::Text {
            push_text(&mut nodes, at, b"", true);
        }
        let content = &text[token.content.start..token.content.end];
        let said = if reading.form == Form::Strings { unescaped(content) } else { content.to_owned() };
        let start = token.content.start;
        if said.is_empty() && token.kind != Kind::Silent {
            return Err(Fault::new(code::NAME, at, "a name in the tag"));
        }
        let what = match token.kind {
            Kind::Value | Kind::Raw => {
                let mut parts = split(&said);
                let first = parts.next().unwrap_or_default();
                let name = Name::read(first, start).unwrap_or_else(|fault| noted(fault, faults));
                let mut formats = Vec::new();
                for part in parts {
                    match format::read(part, start + offset(&said, part), reading.keys) {
                        Ok(format) => formats.push(format),
                        Err(fault) => faults.push(fault),
                    }
                }
                // Braces in any number: they are JSON, numbers and times, and never to be escaped for HTML.
                let plain = token.kind == Kind::Raw || matches!(name, Name::Record | Name::RecordText | Name::Now(_));
                What::Value { name, formats, place: if plain { Place::Plain } else { Place::Html } }
            }
            Kind::Section | Kind::Inverted | Kind::Parent | Kind::Block => {
                if open.len() == MAX_TEMPLATE_DEPTH {
                    return Err(Fault::new(code::LIMIT, at, "at most 64 sections within each other"));
                }
                open.push(Open { token, content, outer: std::mem::take(&mut nodes) });
                continue;
            }
            Kind::Close => {
                let Some(opened) = open.pop() else {
                    return Err(Fault::new(code::PAIR, at, "no such tag: nothing is open that it could close"));
                };
                if opened.content != content {
                    let expected = ["{{/", opened.content, "}} first"].concat();
                    return Err(Fault::new(code::PAIR, at, &expected));
                }
                let body = std::mem::replace(&mut nodes, opened.outer);
                let what = close(text, &said, (&opened.token, &token), body, faults);
                nodes.push(Node { at: opened.token.span.start, what });
                continue;
            }
            Kind::Partial => {
                let callee = callee(&said, start);
                What::Partial {
                    callee,
                    indent: token.indent.map(|i| i.of(text.as_bytes()).to_vec()),
                    blocks: Vec::new(),
                }
            }
            Kind::Silent | Kind::Text => continue,
        };
        nodes.push(Node { at, what });
    }
    match open.pop() {
        None => Ok(nodes),
        Some(Open { token, content, .. }) => {
            let expected = ["{{/", content, "}} somewhere behind this"].concat();
            Err(Fault::new(code::PAIR, token.span.start, &expected))
        }
    }
}

/// What a tag and its end make of what stands between them.
fn close(text: &str, said: &str, (open, end): (&Token, &Token), body: Vec<Node>, faults: &mut Vec<Fault>) -> What {
    let bytes = text.as_bytes();
    let indent = open.indent.map(|indent| indent.of(bytes).to_vec());
    match open.kind {
        Kind::Parent => {
            let blocks = body.into_iter().filter_map(|node| match node.what {
                What::Block { name, block } => Some((name, block)),
                _ => None,
            });
            What::Partial { callee: callee(said, open.content.start), indent, blocks: blocks.collect() }
        }
        Kind::Block => {
            // A block on lines of its own is indented as its text is; without text, as its tag is.
            let margin = match body.first().map(|node| &node.what) {
                Some(What::Text { text, begins_line: true }) => {
                    let blanks = text.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
                    text[..blanks].to_vec()
                }
                _ => Vec::new(),
            };
            let line_end = end.line_end.map(|line| line.of(bytes).to_vec()).unwrap_or_default();
            let indent = match indent {
                Some(tag) if body.is_empty() => tag,
                Some(_) => margin.clone(),
                None => Vec::new(),
            };
            What::Block { name: said.to_owned(), block: Block { body, margin, indent, line_end } }
        }
        kind => What::Section {
            name: Name::read(said, open.content.start).unwrap_or_else(|fault| noted(fault, faults)),
            inverted: kind == Kind::Inverted,
            body,
        },
    }
}

fn noted(fault: Fault, faults: &mut Vec<Fault>) -> Name {
    faults.push(fault);
    Name::Nothing
}

/// A name, or the name of what holds it. Of what can be no name of data nothing is ever found.
fn callee(said: &str, at: usize) -> Callee {
    match said.strip_prefix('*') {
        Some(name) => Callee::Dynamic(Name::read(name.trim_ascii_start(), at).unwrap_or(Name::Nothing)),
        None => Callee::Named(said.to_owned()),
    }
}

fn push_text(nodes: &mut Vec<Node>, at: usize, more: &[u8], begins_line: bool) {
    if let Some(Node { what: What::Text { text, .. }, at: first }) = nodes.last_mut()
        && *first + text.len() == at
        && !more.is_empty()
    {
        return text.extend_from_slice(more);
    }
    nodes.push(Node { at, what: What::Text { text: more.to_vec(), begins_line } });
}

/// A name and formatters: parts with bars between them, which count in no string.
fn split(said: &str) -> impl Iterator<Item = &str> {
    let mut in_string = false;
    let mut escaped = false;
    said.split(move |c| {
        in_string ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        c == '|' && !in_string
    })
    .map(str::trim_ascii)
}

/// Where a part of a text begins in it.
fn offset(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

fn unescaped(text: &str) -> String {
    let mut said = Vec::new();
    decode(text.as_bytes(), &mut said);
    String::from_utf8(said).unwrap_or_default()
}
