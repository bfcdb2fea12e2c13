//! What may be typed at a place of a query; and which fields are known, for who mistypes one.

use super::parse::parse;
use super::place::{Place, Step};
use super::syntax::{Node, NodeKind, Test};
use super::token::TokenKind;
use super::value::LEVELS;
use crate::catalog::Field;
use crate::document::{Notes, nearest};
use crate::drift::Shapes;
use crate::recognition::Catalog;
use crate::span::Span;

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

/// Shows `visit` each path that some event types know (by name or pattern; none: all), with the texts that are known as
/// its values.
fn each_path(catalog: &Catalog, types: &[String], visit: &mut dyn FnMut(String, &mut dyn Iterator<Item = String>)) {
    for of in catalog.event_types() {
        let is = |form: &String| match form.strip_suffix('*') {
            Some(beginning) => of.name.starts_with(beginning),
            None => of.name == *form,
        };
        if !types.is_empty() && !types.iter().any(is) {
            continue;
        }
        for (pointer, values) in Shapes::new(&of.schema).places() {
            let mut steps = Vec::new();
            for name in pointer.split('/').skip(1) {
                if name != "*" {
                    steps.push(Step::Name(name.replace("~1", "/").replace("~0", "~")));
                }
            }
            if !steps.is_empty() {
                let mut texts = values.iter().map(|text| String::from_utf8_lossy(text).into_owned());
                visit(Place::Path(steps).name(), &mut texts);
            }
        }
    }
}

/// All of them, in order.
pub(crate) fn paths(catalog: &Catalog, types: &[String]) -> Vec<String> {
    let mut paths = Vec::new();
    each_path(catalog, types, &mut |path, _| paths.push(path));
    sorted(paths)
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort_unstable();
    texts.dedup();
    texts
}

/// Warns of fields that no known event type has, where one is near; and of words that look like operators.
pub(super) fn warn(node: &Node, catalog: &Catalog, types: &[String], notes: &mut Notes<'_>) {
    warn_of(node, &paths(catalog, types), notes);
}

fn warn_of(node: &Node, known: &[String], notes: &mut Notes<'_>) {
    let term = match &node.kind {
        NodeKind::All => return,
        NodeKind::And(parts) | NodeKind::Or(parts) => return parts.iter().for_each(|part| warn_of(part, known, notes)),
        NodeKind::Not(inner) => return warn_of(inner, known, notes),
        NodeKind::Term(term) => term,
    };
    let Some(field) = &term.field else {
        let Test::Value(value) = &term.test else { return };
        let operator = match value.text.as_str() {
            "and" => "write AND for the operator, or \"and\" for the word",
            "or" => "write OR for the operator, or \"or\" for the word",
            "not" => "write NOT for the operator, or \"not\" for the word",
            _ => return,
        };
        if !value.quoted {
            notes.warn("Q182", value.span.start, "operators in capital letters", Some(operator.to_owned()));
        }
        return;
    };
    let is_plain = !field.name.contains(['*', '?', '[', '@']);
    if let Some(near) = near(&field.name, known).filter(|_| is_plain) {
        notes.warn("Q181", field.span.start, "a field of a known event type", Some(format!("did you mean {near}?")));
    }
}

/// Of a name that is none of the known [`paths`], the one that it nearly is.
pub(crate) fn near<'k>(name: &str, known: &'k [String]) -> Option<&'k str> {
    let depth = |name: &str| name.bytes().filter(|b| *b == b'.').count();
    let like = known.iter().map(String::as_str).filter(|known| depth(known) == depth(name));
    if known.iter().any(|known| known == name) { None } else { nearest(name, like) }
}

pub(super) fn complete(text: &str, at: usize, catalog: &Catalog, types: &[String]) -> Vec<Candidate> {
    let (before, behind) = text.split_at_checked(at).unwrap_or((text, ""));
    let ends_word = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"');
    // The word that the place ends; whatever is wrong before it does not matter.
    let mut start = before.rfind(ends_word).map_or(0, |at| at + 1);
    while matches!(before.as_bytes().get(start), Some(b'-' | b'+' | b'!')) {
        start += 1;
    }
    let word = before.get(start..).unwrap_or_default();
    let word_end = behind.find(|c| ends_word(c) || c == ':').unwrap_or(behind.len());
    let (field, typed) = match word.split_once(':') {
        Some((name, typed)) => (Some(name), typed),
        None => (group(before.get(..start).unwrap_or_default()), word),
    };
    let typed = if field.is_some() { typed.trim_start_matches(['>', '<', '=']) } else { typed };
    let mut offers = Offers {
        typed,
        span: Span { start: before.len() - typed.len(), end: before.len() + word_end },
        found: Vec::new(),
    };
    match field {
        Some("@level") => LEVELS.iter().for_each(|level| offers.offer("value", level)),
        Some("@type") => catalog.types().for_each(|(name, _)| offers.offer("value", name)),
        Some("_exists_") => paths(catalog, types).iter().for_each(|name| offers.offer("field", name)),
        Some(name) => {
            let mut values = Vec::new();
            each_path(catalog, types, &mut |path, known| {
                if path == name {
                    values.extend(known);
                }
            });
            sorted(values).iter().for_each(|value| offers.offer("value", &written(value)));
        }
        None => {
            Field::ALL.iter().for_each(|(_, name)| offers.offer("field", name));
            paths(catalog, types).iter().for_each(|name| offers.offer("field", name));
            if start > 0 {
                ["AND", "OR", "NOT"].iter().for_each(|word| offers.offer("operator", word));
            }
        }
    }
    offers.found
}

/// Collects what begins with what was typed.
struct Offers<'t> {
    typed: &'t str,
    span: Span,
    found: Vec<Candidate>,
}

impl Offers<'_> {
    #[inline(never)]
    fn offer(&mut self, kind: &'static str, text: &str) {
        let begins = text.get(..self.typed.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(self.typed));
        if begins && self.found.len() < MOST {
            self.found.push(Candidate { kind, text: text.to_owned(), span: self.span });
        }
    }
}

/// A value as a query writes it.
fn written(value: &str) -> String {
    let is_plain = value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.') || b >= 0x80);
    if is_plain { value.to_owned() } else { format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")) }
}

/// The field in whose group of values the end of a text stands.
fn group(before: &str) -> Option<&str> {
    let (tokens, read) = parse(before);
    read.err()?;
    let mut open = Vec::new();
    let mut field = None;
    for token in tokens {
        match (token.kind, before.get(token.span.start..token.span.end)?) {
            (TokenKind::Field, name) => field = Some(name),
            (TokenKind::Operator, ":") => {}
            (_, "(") => open.push(field.take()),
            (_, ")") => drop(open.pop()),
            _ => field = None,
        }
    }
    open.pop().flatten()
}
