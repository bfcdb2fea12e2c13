//! Reading the values of a policy, and of the event types that it brings: what is wrong with them is noted where they stand.

use super::{Notes, did_you_mean, list, start, text};
use crate::plan::Path;
use crate::tape::{Cursor, Kind, number};

impl Notes<'_> {
    /// An object's members, checked against the known names; unknown and repeated ones are noted.
    pub(crate) fn object<'v>(&mut self, value: Cursor<'v>, known: &[&'static str]) -> Vec<(&'static str, Cursor<'v>)> {
        let mut found: Vec<(&'static str, Cursor<'v>)> = Vec::new();
        if value.kind() != Kind::Object {
            self.add_at("P102", value, &["an object with ", &list(known)].concat(), "");
            return found;
        }
        for (key, member) in value.children() {
            let Some(key) = key else { continue };
            if self.is_full() {
                break;
            }
            let name = text(key).unwrap_or_default();
            match known.iter().find(|known| **known == name) {
                Some(known) if found.iter().any(|(name, _)| name == known) => {
                    self.add_at("P106", key, "each member once", "take one of them out");
                }
                Some(known) => found.push((known, member)),
                None => {
                    let expected = ["a member named ", &list(known)].concat();
                    self.add_at("P101", key, &expected, &did_you_mean(&name, known));
                }
            }
        }
        found
    }

    /// One of some words, by its number.
    pub(crate) fn word(&mut self, value: Cursor<'_>, words: &[&'static str]) -> Option<usize> {
        let Some(text) = text(value) else {
            self.add_at("P102", value, &list(words), "");
            return None;
        };
        let found = words.iter().position(|word| *word == text);
        if found.is_none() {
            self.add_at("P103", value, &list(words), &did_you_mean(&text, words));
        }
        found
    }

    /// Something that stands elsewhere in the document, or in the catalogue, under a name of its own: its number.
    pub(crate) fn reference(&mut self, value: Cursor<'_>, names: &[&str], expected: &str) -> Option<usize> {
        let Some(name) = text(value) else {
            self.add_at("P102", value, expected, "");
            return None;
        };
        let found = names.iter().position(|known| *known == name);
        if found.is_none() {
            self.add_at("P114", value, expected, &did_you_mean(&name, names));
        }
        found
    }

    /// A whole number within bounds, however it is written (`1000`, `1e3`, `1000.0`).
    pub(crate) fn number(&mut self, value: Cursor<'_>, least: usize, most: usize) -> Option<usize> {
        let is_number = value.kind() == Kind::Number;
        let mut plain = Vec::new();
        if is_number {
            number::plain(value.raw(), &mut plain);
        }
        let digits = std::str::from_utf8(&plain).ok();
        let number = digits.and_then(|d| d.parse().ok()).filter(|n| (least..=most).contains(n));
        if number.is_none() {
            let code = if is_number { "P105" } else { "P102" };
            self.add_at(code, value, &format!("a whole number from {least} to {most}"), "");
        }
        number
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&mut self, value: Cursor<'_>) -> Option<bool> {
        match value.kind() {
            Kind::True => Some(true),
            Kind::False => Some(false),
            _ => {
                self.add_at("P102", value, "true or false", "");
                None
            }
        }
    }

    /// An array's elements; noted if it is none.
    pub(crate) fn array<'v>(&mut self, value: Cursor<'v>, of: &str) -> Vec<Cursor<'v>> {
        if value.kind() == Kind::Array {
            return value.children().map(|(_, element)| element).collect();
        }
        self.add_at("P102", value, &["an array of ", of].concat(), "");
        Vec::new()
    }

    /// One text, or an array of at least one.
    pub(crate) fn one_or_more<'v>(&mut self, value: Cursor<'v>, of: &str) -> Vec<Cursor<'v>> {
        let values = if value.kind() == Kind::String { vec![value] } else { self.array(value, of) };
        if values.is_empty() && value.kind() == Kind::Array {
            self.add_at("P107", value, "at least one", "");
        }
        values
    }

    /// A path, and its text.
    pub(crate) fn path(&mut self, value: Cursor<'_>) -> Option<(Path, String)> {
        let Some(text) = text(value) else {
            self.add_at("P102", value, "a path, such as \"user.email\"", "");
            return None;
        };
        match Path::parse(&text) {
            Ok(path) => Some((path, text)),
            Err(error) => {
                // The place inside the string, as long as nothing in it is escaped.
                let plain = value.raw().len() == text.len() + 2;
                let at = start(value) + if plain { 1 + error.at } else { 0 };
                self.add("P110", at, error.expected, "");
                None
            }
        }
    }
}
