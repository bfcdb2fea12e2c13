//! Reading a document's values, and noting what is wrong with them where they stand.

use super::nearest::nearest;
use super::{Problem, Severity};
use crate::limits::MAX_PROBLEMS;
use crate::tape::{Cursor, Kind};

/// A value and the way to it.
#[derive(Clone)]
pub(super) struct Value<'a> {
    pub(super) cursor: Cursor<'a>,
    pub(super) pointer: String,
}

impl<'a> Value<'a> {
    /// Where it begins in the text.
    pub(super) fn at(&self) -> usize {
        self.cursor.node().start as usize
    }

    pub(super) fn kind(&self) -> Kind {
        self.cursor.kind()
    }

    /// What a string says.
    pub(super) fn text(&self) -> Option<String> {
        let text = (self.kind() == Kind::String).then(|| self.cursor.text())?;
        Some(String::from_utf8_lossy(&text).into_owned())
    }

    /// The members of an object (the last of each name), by name.
    pub(super) fn members(&self) -> Vec<(String, Value<'a>, usize)> {
        let mut members: Vec<(String, Value<'a>, usize)> = Vec::new();
        for (key, cursor) in self.cursor.children() {
            let Some(key) = key else { continue };
            let name = String::from_utf8_lossy(&key.text()).into_owned();
            let pointer = format!("{}/{}", self.pointer, name.replace('~', "~0").replace('/', "~1"));
            members.push((name, Value { cursor, pointer }, key.node().start as usize));
        }
        members
    }

    /// The elements of an array.
    pub(super) fn elements(&self) -> Vec<Value<'a>> {
        let elements = self.cursor.children().enumerate();
        elements.map(|(i, (_, cursor))| Value { cursor, pointer: format!("{}/{i}", self.pointer) }).collect()
    }
}

/// Collects problems; knows the text, to tell lines and columns.
pub(super) struct Notes<'a> {
    text: &'a str,
    problems: Vec<(usize, Problem)>,
}

impl<'a> Notes<'a> {
    pub(super) fn new(text: &'a str) -> Notes<'a> {
        Notes { text, problems: Vec::new() }
    }

    /// Notes a problem at a byte of the text.
    pub(super) fn add(&mut self, code: &'static str, at: usize, pointer: &str, expected: &str, help: Option<String>) {
        if self.problems.len() > MAX_PROBLEMS {
            return;
        }
        let full = self.problems.len() == MAX_PROBLEMS;
        let (code, expected, help) =
            if full { ("P199", "fewer problems: there are more than these", None) } else { (code, expected, help) };
        let mut line_start = at.min(self.text.len());
        while !self.text.is_char_boundary(line_start) {
            line_start -= 1;
        }
        let before = &self.text[..line_start];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let problem = Problem {
            code,
            severity: Severity::Error,
            pointer: pointer.to_owned(),
            line,
            column,
            expected: expected.to_owned(),
            help,
        };
        self.problems.push((at, problem));
    }

    pub(super) fn add_at(&mut self, code: &'static str, value: &Value<'_>, expected: &str, help: Option<String>) {
        self.add(code, value.at(), &value.pointer, expected, help);
    }

    pub(super) fn into_problems(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(|(at, problem)| (problem.code == "P199", *at));
        self.problems.into_iter().map(|(_, problem)| problem).collect()
    }

    /// An object's members, checked against the known names; unknown and repeated ones are noted.
    pub(super) fn object<'v>(&mut self, value: &Value<'v>, known: &[&'static str]) -> Vec<(&'static str, Value<'v>)> {
        if value.kind() != Kind::Object {
            self.add_at("P102", value, &format!("an object with {}", list(known)), None);
            return Vec::new();
        }
        let mut found: Vec<(&'static str, Value<'v>)> = Vec::new();
        for (name, member, at) in value.members() {
            match known.iter().find(|k| **k == name) {
                Some(known) if found.iter().any(|(name, _)| name == known) => {
                    self.add("P106", at, &member.pointer, "each member once", Some("take one of them out".to_owned()));
                }
                Some(known) => found.push((known, member)),
                None => {
                    let help = nearest(&name, known.iter().copied()).map(|near| format!("did you mean \"{near}\"?"));
                    self.add(
                        "P101",
                        at,
                        &member.pointer,
                        &format!("a member named {}", list(known)),
                        help,
                    );
                }
            }
        }
        found
    }

    /// One of some words.
    pub(super) fn word<T: Copy>(&mut self, value: &Value<'_>, words: &[(&'static str, T)]) -> Option<T> {
        let text = value.text();
        let found = text.as_ref().and_then(|text| words.iter().find(|(word, _)| word == text));
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let help = text.and_then(|text| nearest(&text, known.iter().copied()));
            let code = if value.kind() == Kind::String { "P103" } else { "P102" };
            self.add_at(code, value, &list(&known), help.map(|near| format!("did you mean \"{near}\"?")));
        }
        found.map(|(_, meaning)| *meaning)
    }

    /// A whole number within bounds.
    pub(super) fn number(&mut self, value: &Value<'_>, least: usize, most: usize) -> Option<usize> {
        let text = (value.kind() == Kind::Number).then(|| value.cursor.raw());
        let number = text.and_then(|t| std::str::from_utf8(t).ok()).and_then(|t| t.parse::<usize>().ok());
        let number = number.filter(|n| (least..=most).contains(n));
        if number.is_none() {
            let code = if value.kind() == Kind::Number { "P105" } else { "P102" };
            self.add_at(code, value, &format!("a whole number from {least} to {most}"), None);
        }
        number
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self, value: &Value<'_>) -> Option<bool> {
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

/// `"a", "b" or "c"`.
pub(super) fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}
