//! Reading a document's values, and noting what is wrong with them where they stand.

use super::nearest::nearest;
use super::{Problem, Severity};
use crate::limits::MAX_PROBLEMS;
use crate::tape::{Cursor, Kind};

/// What a string or key says; none of anything else.
pub(super) fn text(value: Cursor<'_>) -> Option<String> {
    let text = matches!(value.kind(), Kind::String | Kind::Key).then(|| value.text())?;
    String::from_utf8(text.into_owned()).ok()
}

/// Where a value begins in the text.
pub(super) fn start(value: Cursor<'_>) -> usize {
    value.node().start as usize
}

/// Collects problems; knows the text, to tell lines and columns, and the document, to tell pointers.
pub(super) struct Notes<'a> {
    text: &'a str,
    root: Option<Cursor<'a>>,
    /// In the order of the text, each with its byte.
    problems: Vec<(usize, Problem)>,
}

impl<'a> Notes<'a> {
    pub(super) fn new(text: &'a str, root: Option<Cursor<'a>>) -> Notes<'a> {
        Notes { text, root, problems: Vec::new() }
    }

    /// Notes a problem at a byte of the text.
    pub(super) fn add(&mut self, code: &'static str, at: usize, expected: &str, help: Option<String>) {
        let problem = match self.problems.len() {
            ..MAX_PROBLEMS => self.problem(code, at, expected, help),
            MAX_PROBLEMS => self.problem("P199", at, "fewer problems: there are more than these", None),
            _ => return,
        };
        // The one that says that there are more comes last.
        let behind = |(other, _): &(usize, Problem)| *other <= at || problem.code == "P199";
        let place = self.problems.partition_point(behind);
        self.problems.insert(place, (at, problem));
    }

    /// Notes a problem with a value.
    pub(super) fn add_at(&mut self, code: &'static str, value: Cursor<'_>, expected: &str, help: Option<String>) {
        self.add(code, start(value), expected, help);
    }

    fn problem(&self, code: &'static str, at: usize, expected: &str, help: Option<String>) -> Problem {
        let before = &self.text.as_bytes()[..self.text.floor_char_boundary(at)];
        let lines = before.iter().filter(|&&b| b == b'\n').count();
        let line_start = before.iter().rposition(|&b| b == b'\n').map_or(0, |i| i + 1);
        // A character is its first byte; the others are 10xxxxxx.
        let characters = before[line_start..].iter().filter(|&&b| b & 0xC0 != 0x80).count();
        Problem {
            code,
            severity: Severity::Error,
            pointer: self.pointer(at),
            line: lines + 1,
            column: characters + 1,
            expected: expected.to_owned(),
            help,
        }
    }

    /// To the innermost value that a byte belongs to; a key belongs to its value.
    fn pointer(&self, at: usize) -> String {
        let mut pointer = String::new();
        let mut here = self.root;
        let holds = |first: Cursor<'_>, last: Cursor<'_>| (start(first)..last.node().end as usize).contains(&at);
        while let Some(parent) = here {
            let mut children = parent.children().enumerate();
            let found = children.find(|(_, (key, value))| holds(key.unwrap_or(*value), *value));
            here = found.map(|(number, (key, value))| {
                pointer.push('/');
                for c in key.and_then(text).unwrap_or_else(|| number.to_string()).chars() {
                    match c {
                        '~' => pointer += "~0",
                        '/' => pointer += "~1",
                        c => pointer.push(c),
                    }
                }
                value
            });
        }
        pointer
    }

    /// All that was noted.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_iter().map(|(_, problem)| problem).collect()
    }

    /// An object's members, checked against the known names; unknown and repeated ones are noted.
    pub(super) fn object<'v>(&mut self, value: Cursor<'v>, known: &[&'static str]) -> Vec<(&'static str, Cursor<'v>)> {
        let mut found: Vec<(&'static str, Cursor<'v>)> = Vec::new();
        if value.kind() != Kind::Object {
            self.add_at("P102", value, &format!("an object with {}", list(known)), None);
            return found;
        }
        for (key, member) in value.children() {
            let Some(key) = key else { continue };
            let name = text(key).unwrap_or_default();
            match known.iter().find(|known| **known == name) {
                Some(known) if found.iter().any(|(name, _)| name == known) => {
                    self.add_at("P106", key, "each member once", Some("take one of them out".to_owned()));
                }
                Some(known) => found.push((known, member)),
                None => {
                    let expected = format!("a member named {}", list(known));
                    self.add_at("P101", key, &expected, did_you_mean(&name, known));
                }
            }
        }
        found
    }

    /// One of some words, by its number.
    pub(super) fn word(&mut self, value: Cursor<'_>, words: &[&'static str]) -> Option<usize> {
        let Some(text) = text(value) else {
            self.add_at("P102", value, &list(words), None);
            return None;
        };
        let found = words.iter().position(|word| *word == text);
        if found.is_none() {
            self.add_at("P103", value, &list(words), did_you_mean(&text, words));
        }
        found
    }

    /// A whole number within bounds.
    pub(super) fn number(&mut self, value: Cursor<'_>, least: usize, most: usize) -> Option<usize> {
        let is_number = value.kind() == Kind::Number;
        let digits = std::str::from_utf8(value.raw()).ok().filter(|_| is_number);
        let number = digits.and_then(|d| d.parse().ok()).filter(|n| (least..=most).contains(n));
        if number.is_none() {
            let code = if is_number { "P105" } else { "P102" };
            self.add_at(code, value, &format!("a whole number from {least} to {most}"), None);
        }
        number
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self, value: Cursor<'_>) -> Option<bool> {
        match value.kind() {
            Kind::True => Some(true),
            Kind::False => Some(false),
            _ => {
                self.add_at("P102", value, "true or false", None);
                None
            }
        }
    }
}

fn did_you_mean(word: &str, known: &[&str]) -> Option<String> {
    nearest(word, known.iter().copied()).map(|near| format!("did you mean \"{near}\"?"))
}

/// `"a", "b" or "c"`.
fn list(words: &[&str]) -> String {
    let mut list = String::new();
    for (i, word) in words.iter().enumerate() {
        list += match i {
            0 => "\"",
            _ if i + 1 == words.len() => " or \"",
            _ => ", \"",
        };
        list += word;
        list += "\"";
    }
    list
}
