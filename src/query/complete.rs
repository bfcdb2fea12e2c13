//! What may be typed at a place of a query; and which fields are known, for who mistypes one.

use super::parse::{Mistake, parse};
use super::place::{Place, Step};
use super::syntax::{Node, NodeKind, Term, Test};
use super::token::TokenKind;
use super::value::LEVELS;
use crate::catalog::{EventType, Field};
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

/// A path and the texts that are known as its values.
type Known = (String, Vec<String>);

/// The paths that some event types know, by name or pattern (none: all), in the order of their names.
fn known(catalog: &Catalog, types: &[String]) -> Vec<Known> {
    let meets = |of: &&EventType| {
        let is = |form: &String| match form.strip_suffix('*') {
            Some(beginning) => of.name.starts_with(beginning),
            None => of.name == *form,
        };
        types.is_empty() || types.iter().any(is)
    };
    let mut known: Vec<Known> = Vec::new();
    for of in catalog.event_types().iter().filter(meets) {
        for (pointer, values) in Shapes::new(&of.schema).places() {
            let steps = pointer.split('/').skip(1).filter(|name| *name != "*");
            let steps = steps.map(|name| Step::Name(name.replace("~1", "/").replace("~0", "~"))).collect();
            let name = Place::Path(steps).name();
            if !name.is_empty() {
                known.push((name, values.iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect()));
            }
        }
    }
    known.sort();
    known.dedup_by(|again, first| {
        let same = again.0 == first.0;
        if same {
            first.1.append(&mut again.1);
        }
        same
    });
    known
}

/// Warns of fields that no known event type has, where one is near; and of words that look like operators.
pub(super) fn warn(node: &Node, catalog: &Catalog, types: &[String], notes: &mut Notes<'_>) {
    warn_of(node, &known(catalog, types), notes);
}

fn warn_of(node: &Node, known: &[Known], notes: &mut Notes<'_>) {
    match &node.kind {
        NodeKind::All => {}
        NodeKind::And(parts) | NodeKind::Or(parts) => parts.iter().for_each(|part| warn_of(part, known, notes)),
        NodeKind::Not(inner) => warn_of(inner, known, notes),
        NodeKind::Term(Term { field: None, test: Test::Value(value) }) => {
            let word = value.text.as_str();
            if !value.quoted && ["and", "or", "not"].contains(&word) {
                let help = format!("write {} for the operator, or \"{word}\" for the word", word.to_ascii_uppercase());
                notes.warn("Q182", value.span.start, "operators in capital letters", Some(help));
            }
        }
        NodeKind::Term(term) => {
            let Some(field) = &term.field else { return };
            let Ok(Place::Path(steps)) = Place::read(&field.name) else { return };
            let is_plain = steps.iter().all(|step| matches!(step, Step::Name(_)));
            if !is_plain || known.binary_search_by(|(name, _)| name.cmp(&field.name)).is_ok() {
                return;
            }
            let depth = |name: &str| name.matches('.').count();
            let like = known.iter().map(|(name, _)| name.as_str()).filter(|name| depth(name) == depth(&field.name));
            if let Some(near) = nearest(&field.name, like) {
                let help = Some(format!("did you mean {near}?"));
                notes.warn("Q181", field.span.start, "a field of a known event type", help);
            }
        }
    }
}

pub(super) fn complete(text: &str, at: usize, catalog: &Catalog, types: &[String]) -> Vec<Candidate> {
    let before = text.get(..at).unwrap_or_default();
    // The word that the place ends; whatever is wrong before it does not matter.
    let start = before.rfind(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | '!')).map_or(0, |at| at + 1);
    let start = start + before[start..].len() - before[start..].trim_start_matches(['-', '+']).len();
    let behind = text.get(at..).unwrap_or_default();
    let word_end = behind.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | ':'));
    let end = at + word_end.unwrap_or(behind.len());
    let word = &before[start..];
    let known = known(catalog, types);
    let mut found = Vec::new();
    let mut offer = |kind, text: &str, typed: &str, span| {
        let begins = text.get(..typed.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(typed));
        if begins && found.len() < MOST {
            found.push(Candidate { kind, text: text.to_owned(), span });
        }
    };
    let field = match word.split_once(':') {
        Some((name, typed)) => Some((name, typed, at - typed.len())),
        None => group(&before[..start]).map(|name| (name, word, start)),
    };
    if let Some((name, typed, start)) = field {
        let typed = typed.trim_start_matches(['>', '<', '=']);
        let span = Span { start: start.max(at - typed.len()), end };
        let mut values = |values: &mut dyn Iterator<Item = &str>| {
            values.for_each(|value| offer("value", &written(value), typed, span));
        };
        match name {
            "@level" => values(&mut LEVELS.into_iter()),
            "@type" => values(&mut catalog.types().map(|(name, _)| name)),
            "_exists_" => known.iter().for_each(|(name, _)| offer("field", name, typed, span)),
            _ => {
                let place = known.binary_search_by(|(known, _)| known.as_str().cmp(name));
                let texts = place.ok().and_then(|place| known.get(place)).map_or(&[][..], |known| &known.1);
                let mut texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                texts.sort_unstable();
                texts.dedup();
                values(&mut texts.into_iter());
            }
        }
        return found;
    }
    let span = Span { start, end };
    Field::ALL.iter().for_each(|(_, name)| offer("field", name, word, span));
    known.iter().for_each(|(name, _)| offer("field", name, word, span));
    if !before[..start].trim().is_empty() {
        ["AND", "OR", "NOT"].into_iter().for_each(|word_| offer("operator", word_, word, span));
    }
    found
}

/// A value as a query writes it.
fn written(value: &str) -> String {
    let plain = value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.') || b >= 0x80);
    if plain { value.to_owned() } else { format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")) }
}

/// The field in whose group of values the end of a text stands.
fn group(before: &str) -> Option<&str> {
    let (tokens, read) = parse(before);
    let Err(Mistake { .. }) = read else { return None };
    let mut open = Vec::new();
    let mut field = None;
    for token in tokens {
        let text = before.get(token.span.start..token.span.end).unwrap_or_default();
        match (token.kind, text) {
            (TokenKind::Field, name) => field = Some(name),
            (TokenKind::Operator, ":") => {}
            (_, "(") => open.push(field.take()),
            (_, ")") => drop(open.pop()),
            _ => field = None,
        }
    }
    open.into_iter().flatten().last()
}
