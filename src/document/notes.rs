//! Reading a document's values, and noting what is wrong with them where they stand.

use super::nearest::nearest;
use super::{Problem, Severity};
use crate::limits::MAX_PROBLEMS;
use crate::part;
use crate::tape::{Cursor, Kind};

/// What a string or key says; none of anything else.
pub(crate) fn text(value: Cursor<'_>) -> Option<String> {
    let text = matches!(value.kind(), Kind::String | Kind::Key).then(|| value.text())?;
    String::from_utf8(text.into_owned()).ok()
}

/// Where a value begins in the text.
pub(crate) fn start(value: Cursor<'_>) -> usize {
    value.node().start as usize
}

/// Collects problems; knows the text, to tell lines and columns, and the document, to tell pointers.
pub(crate) struct Notes<'a> {
    text: &'a str,
    root: Option<Cursor<'a>>,
    /// In the order of the text, each with its byte.
    problems: Vec<(usize, Problem)>,
    /// The code of the problem that says that there are more.
    more: &'static str,
}

impl<'a> Notes<'a> {
    pub(crate) fn new(text: &'a str, root: Option<Cursor<'a>>, more: &'static str) -> Notes<'a> {
        Notes { text, root, problems: Vec::new(), more }
    }

    /// Whether nothing more is taken down: what could only find further problems may stop.
    pub(crate) fn is_full(&self) -> bool {
        self.count(Severity::Error) > MAX_PROBLEMS
    }

    /// Whether anything is wrong.
    pub(crate) fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// Notes a problem at a byte of the text; `help` is a mend, empty where none is near.
    pub(crate) fn add(&mut self, code: &'static str, at: usize, expected: &str, help: &str) {
        self.note((Severity::Error, code), at, expected, help);
    }

    /// Notes a problem with a value.
    pub(crate) fn add_at(&mut self, code: &'static str, value: Cursor<'_>, expected: &str, help: &str) {
        self.add(code, start(value), expected, help);
    }

    /// A part that the build may lack, for what stands at a byte of the text: that it does is noted.
    #[inline(always)]
    pub(crate) fn need<P>(&mut self, (part, expected): (Option<P>, &str), at: usize) -> Option<P> {
        if part.is_none() {
            self.add(part::LACKS, at, expected, part::MEND);
        }
        part
    }

    /// Notes something odd at a byte of the text.
    pub(crate) fn warn(&mut self, code: &'static str, at: usize, expected: &str, help: &str) {
        self.note((Severity::Warning, code), at, expected, help);
    }

    /// Notes something at a byte of the text. Errors and warnings are counted apart, so that neither hides the other.
    pub(crate) fn note(&mut self, what: (Severity, &'static str), at: usize, expected: &str, help: &str) {
        let problem = match self.count(what.0) {
            ..MAX_PROBLEMS => self.problem(what, at, expected, help),
            MAX_PROBLEMS => {
                let expected = "fewer problems: there are more than these";
                self.problem((what.0, self.more), at, expected, "")
            }
            _ => return,
        };
        // The ones that say that there are more come last.
        let behind =
            |(other, noted): &(usize, Problem)| noted.code != self.more && (*other <= at || problem.code == self.more);
        let place = self.problems.partition_point(behind);
        self.problems.insert(place, (at, problem));
    }

    fn count(&self, severity: Severity) -> usize {
        self.problems.iter().filter(|(_, problem)| problem.severity == severity).count()
    }

    fn problem(&self, (severity, code): (Severity, &'static str), at: usize, expected: &str, help: &str) -> Problem {
        let before = &self.text.as_bytes()[..self.text.floor_char_boundary(at)];
        let lines = before.iter().filter(|&&b| b == b'\n').count();
        let line_start = before.iter().rposition(|&b| b == b'\n').map_or(0, |i| i + 1);
        // A character is its first byte; the others are 10xxxxxx.
        let characters = before[line_start..].iter().filter(|&&b| b & 0xC0 != 0x80).count();
        Problem {
            code,
            severity,
            pointer: self.pointer(at),
            line: lines + 1,
            column: characters + 1,
            expected: expected.to_owned(),
            help: (!help.is_empty()).then(|| help.to_owned()),
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
                append_segment(&key.and_then(text).unwrap_or_else(|| number.to_string()), &mut pointer);
                value
            });
        }
        pointer
    }

    /// All that was noted.
    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_iter().map(|(_, problem)| problem).collect()
    }
}

/// Appends a member's name or an element's number to a pointer (RFC 6901, section 3).
pub(crate) fn append_segment(name: &str, pointer: &mut String) {
    pointer.push('/');
    for c in name.chars() {
        match c {
            '~' => *pointer += "~0",
            '/' => *pointer += "~1",
            c => pointer.push(c),
        }
    }
}

/// `did you mean "…"?`, where a known word is near; else empty.
pub(crate) fn did_you_mean(word: &str, known: &[&str]) -> String {
    nearest(word, known.iter().copied()).map(|near| ["did you mean \"", near, "\"?"].concat()).unwrap_or_default()
}

/// `"a", "b" or "c"`.
pub(crate) fn list(words: &[&str]) -> String {
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
