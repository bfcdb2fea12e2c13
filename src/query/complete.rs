//! What may be typed at a place of a query; and which fields are known, for who mistypes one.

use super::date;
use super::parse::parse;
use super::place::{Place, Step};
use super::syntax::{Field as Named, Node, NodeKind, Test, Value};
use super::token::TokenKind;
use super::value::{LEVELS, is_number};
use crate::catalog::Field;
use crate::document::{Notes, nearest};
use crate::drift::Shapes;
use crate::part;
use crate::recognition::Catalog;
use crate::span::Span;
use crate::time::EpochNanos;

/// Something that may be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What it is: `field`, `value` or `operator`.
    pub kind: &'static str,
    /// What would stand in the query.
    pub text: String,
    /// What it would take the place of.
    pub span: Span,
}

/// Candidates told at one place.
const MOST: usize = 100;

/// The fields that some event types have.
pub(crate) struct Fields {
    /// By name, which some types share; with the texts that are known as its values.
    all: Vec<(String, Vec<String>)>,
    /// Records have no others, as far as the types tell.
    certain: bool,
}

impl Fields {
    /// Those of types by name or pattern; none: of all. `certain`: the records are of those types.
    pub(crate) fn new(catalog: &Catalog, types: &[String], certain: bool) -> Fields {
        let mut all = Vec::new();
        if part::Events::get().is_none() {
            return Fields { all, certain };
        }
        for of in catalog.event_types() {
            if !types.is_empty() && !types.iter().any(|name| of.is_meant_by(name)) {
                continue;
            }
            for (pointer, texts) in Shapes::new(&of.schema).places() {
                let names = pointer.split('/').skip(1).filter(|name| *name != "*");
                let steps: Vec<Step> =
                    names.map(|name| Step::Name(name.replace("~1", "/").replace("~0", "~"))).collect();
                if !steps.is_empty() {
                    let texts = texts.iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect();
                    all.push((Place::Path(steps).name(), texts));
                }
            }
        }
        all.sort_unstable();
        all.dedup();
        Fields { all, certain }
    }

    /// Their names, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.all.iter().map(|(name, _)| name.clone()).collect();
        names.dedup();
        names
    }

    /// Of each place of that name, the texts that are known as its values.
    fn texts(&self, name: &str) -> impl Iterator<Item = &[String]> {
        let from = self.all.partition_point(|(known, _)| known.as_str() < name);
        self.all[from..].iter().take_while(move |(known, _)| known == name).map(|(_, texts)| &texts[..])
    }
}

/// Warns of fields that no known event type has, where one is near; of words that look like operators; and of what can
/// hardly be meant, or never matches.
pub(super) fn warn((text, node): (&str, &Node), fields: &Fields, notes: &mut Notes<'_>) {
    let mut warner = Warner { text, fields, known: fields.names(), told: None, notes };
    warner.node(node);
}

struct Warner<'w, 'n> {
    text: &'w str,
    fields: &'w Fields,
    known: Vec<String>,
    /// Where the name stands that was last warned of: a group of values has its field in each term.
    told: Option<usize>,
    notes: &'w mut Notes<'n>,
}

impl Warner<'_, '_> {
    fn node(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::All => {}
            NodeKind::And(parts) | NodeKind::Or(parts) => parts.iter().for_each(|part| self.node(part)),
            NodeKind::Not(inner) => self.node(inner),
            NodeKind::Term(term) => {
                if let Some(field) = &term.field {
                    self.name(field);
                }
                match &term.test {
                    Test::Value(value) if !value.quoted => self.value(term.field.as_ref(), value),
                    Test::Range { low, high } => {
                        if let (Some(field), Some(bound)) = (&term.field, low.as_ref().or(high.as_ref())) {
                            self.number(field, &bound.value);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    fn name(&mut self, field: &Named) {
        let name = without_elements(&field.name);
        let at = field.span.start;
        if field.name.contains("\\[")
            || name.contains(['*', '?', '@'])
            || self.told == Some(at)
            || self.known.contains(&name)
        {
            return;
        }
        let near = near(&name, &self.known);
        // What is not told by a schema may be below a place that it leaves open; and unless somebody says which types the
        // records are of, they may be of none.
        let is_below = |known: &String| name.strip_prefix(&**known).is_some_and(|rest| rest.starts_with('.'));
        if near.is_some() || self.fields.certain && !self.known.iter().any(is_below) {
            let help = near.map(|near| ["did you mean ", near, "?"].concat()).unwrap_or_default();
            self.told = Some(at);
            self.notes.warn("Q181", at, "a field of a known event type", &help);
        }
    }

    fn value(&mut self, field: Option<&Named>, value: &Value) {
        let at = value.span.start;
        // Behind a field's own colon, it is what is looked for.
        let between = field.and_then(|field| self.text.get(field.span.end..at));
        if between.is_none_or(|between| between.contains('(')) {
            let operator = match value.text.as_str() {
                "and" => "write AND for the operator, or \"and\" for the word",
                "or" => "write OR for the operator, or \"or\" for the word",
                "not" => "write NOT for the operator, or \"not\" for the word",
                _ => "",
            };
            if !operator.is_empty() {
                self.notes.warn("Q182", at, "operators in capital letters", operator);
            }
        }
        if field.is_some() && is_now(&value.plain()) {
            let help = "write >= before it, or < or a range: without, it is text";
            self.notes.warn("Q183", at, "an operator before the time", help);
        }
        if let Some(field) = field {
            self.number(field, value);
        }
    }

    /// A number, where the known types have none but certain texts.
    fn number(&mut self, field: &Named, value: &Value) {
        if !is_number(value.plain().as_bytes()) {
            return;
        }
        let mut places = self.fields.texts(&field.name).peekable();
        let is_text = |texts: &[String]| !texts.is_empty() && !texts.iter().any(|text| is_number(text.as_bytes()));
        if places.peek().is_some() && places.all(is_text) {
            let help = "the field's values are texts, none of them a number";
            self.notes.warn("Q183", value.span.start, "what the field can be", help);
        }
    }
}

/// A name without the numbers of elements: `lines[0].adapter` as `lines.adapter`.
fn without_elements(name: &str) -> String {
    let mut parts = name.split('[');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| name + part.split_once(']').map_or(part, |(_, rest)| rest))
}

/// Whether a value would be moved from now as an end of a range, and is text as a value.
fn is_now(text: &str) -> bool {
    let math = text.strip_prefix("now").unwrap_or_default();
    math.starts_with(['+', '-']) && !math.contains('/') && date::read(text, Some(EpochNanos(0))).is_ok()
}

/// Where the last word of a text begins.
#[inline(never)]
fn last_word(text: &str) -> usize {
    let ends_word = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"');
    text.char_indices().rev().find(|(_, c)| ends_word(*c)).map_or(0, |(at, c)| at + c.len_utf8())
}

/// Of a name that is none of the known ones, the one that it nearly is.
pub(crate) fn near<'k>(name: &str, known: &'k [String]) -> Option<&'k str> {
    let depth = |name: &str| name.bytes().filter(|b| *b == b'.').count();
    let like = known.iter().map(String::as_str).filter(|known| depth(known) == depth(name));
    if known.iter().any(|known| known == name) { None } else { nearest(name, like) }
}

pub(super) fn complete(text: &str, at: usize, catalog: &Catalog, types: &[String]) -> Vec<Candidate> {
    let (before, behind) = text.split_at_checked(at).unwrap_or((text, ""));
    let quote = open_quote(before);
    // The word that the place ends, or the text in quotes; whatever is wrong before it does not matter.
    let head_end = quote.unwrap_or(before.len());
    let mut start = last_word(before.get(..head_end).unwrap_or_default());
    while matches!(before.as_bytes().get(start), Some(b'-' | b'+' | b'!')) {
        start += 1;
    }
    let (head, word) = (before.get(..start).unwrap_or_default(), before.get(start..head_end).unwrap_or_default());
    let trimmed = head.trim_end();
    let within = within(head);
    let (field, typed) = match word.split_once(':') {
        Some((name, typed)) => (Some(name), typed.trim_start_matches(['>', '<', '=', '[', '{'])),
        None => {
            let name = trimmed.strip_suffix(':').map(|name| name.get(last_word(name)..).unwrap_or_default());
            (name.or_else(|| within.as_ref()?.field), word)
        }
    };
    let is_range = within.as_ref().is_some_and(|within| within.ends.is_some());
    let (typed, from) = match quote {
        Some(quote) => (before.get(quote + 1..).unwrap_or_default(), quote),
        None => (typed, before.len() - typed.len()),
    };
    let ends_word = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | ':');
    let mut end = before.len() + behind.find(ends_word).unwrap_or(behind.len());
    if quote.is_some() && text.as_bytes().get(end) == Some(&b'"') {
        end += 1;
    }
    let mut names: Vec<(&'static str, String)> = Vec::new();
    let mut add = |kind, name: &str| names.push((kind, name.to_owned()));
    match field {
        // Of a range, TO stands behind the first end, and nothing but the bracket behind the second.
        _ if is_range && within.is_some_and(|within| within.ends == Some(1)) => add("operator", "TO"),
        Some("@level") => LEVELS.iter().for_each(|level| add("value", level)),
        Some("@type") => catalog.types().for_each(|(name, _)| add("value", name)),
        Some(name) if !matches!(name, "_exists_" | "_missing_") => {
            let fields = Fields::new(catalog, types, false);
            let mut values: Vec<&String> = fields.texts(name).flatten().collect();
            values.sort_unstable();
            values.dedup();
            values.iter().for_each(|value| add("value", value));
        }
        // A phrase is anybody's.
        None if quote.is_some() || is_range => {}
        _ => {
            if field.is_none() && start > 0 {
                // An operator stands behind a term, NOT before one as well.
                let last = trimmed.get(last_word(trimmed)..).unwrap_or_default();
                let is_term = start == last_word(before) && !trimmed.is_empty() && !trimmed.ends_with('(');
                if is_term && !matches!(last, "AND" | "OR" | "NOT" | "&&" | "||" | "!") {
                    ["AND", "OR"].iter().for_each(|word| add("operator", word));
                }
                add("operator", "NOT");
            }
            Field::ALL.iter().for_each(|(_, name)| add("field", name));
            Fields::new(catalog, types, false).names().iter().for_each(|name| add("field", name));
            if field.is_none() {
                ["_exists_", "_missing_"].iter().for_each(|word| add("field", word));
            }
        }
    }
    let begins = |name: &String| name.get(..typed.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(typed));
    names.retain(|(_, name)| begins(name));
    names.truncate(MOST);
    let span = Span { start: from, end };
    let candidate = |(kind, name): (&'static str, String)| Candidate {
        kind,
        text: if kind == "value" { written(name, quote.is_some()) } else { name },
        span,
    };
    names.into_iter().map(candidate).collect()
}

/// Where the text in quotes begins in which a text ends.
fn open_quote(text: &str) -> Option<usize> {
    let (mut open, mut escaped) = (None, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => open = if open.is_some() { None } else { Some(at) },
            _ => {}
        }
    }
    open
}

/// A value as a query writes it, in quotes where it must be or is.
fn written(value: String, quoted: bool) -> String {
    let is_plain = value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.') || b >= 0x80);
    if is_plain && !quoted {
        return value;
    }
    let mut text = String::from("\"");
    for c in value.chars() {
        if matches!(c, '\\' | '"') {
            text.push('\\');
        }
        text.push(c);
    }
    text.push('"');
    text
}

/// What is open where a text ends: a group of values, or a range.
struct Within<'q> {
    field: Option<&'q str>,
    /// Of a range: ends that are written, and the word between them.
    ends: Option<u32>,
}

fn within(before: &str) -> Option<Within<'_>> {
    let (tokens, read) = parse(before);
    read.err()?;
    let mut open: Vec<Within<'_>> = Vec::new();
    let mut field = None;
    for token in tokens {
        match (token.kind, before.get(token.span.start..token.span.end)?) {
            (TokenKind::Field, name) => field = Some(name),
            (TokenKind::Operator, ":") => {}
            (_, "(") => open.push(Within { field: field.take(), ends: None }),
            (TokenKind::Bracket, "[" | "{") => open.push(Within { field: field.take(), ends: Some(0) }),
            (TokenKind::Bracket, _) => drop(open.pop()),
            _ => {
                field = None;
                if let Some(Within { ends: Some(ends), .. }) = open.last_mut() {
                    *ends += 1;
                }
            }
        }
    }
    open.pop()
}
