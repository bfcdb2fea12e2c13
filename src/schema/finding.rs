//! What is wrong with a value, where, and what the schema would have had. Never what the value says.

use std::cell::Cell;
use std::fmt;

use super::check::Via;
use super::keyword::{Name, types};
use super::node::*;
use super::trace::{Trace, What};
use super::view::View;
use crate::document::{append_segment, nearest};
use crate::limits::{MAX_FINDINGS, MAX_FINDINGS_BYTES};
use crate::scan::{Place, Reason};
use crate::span::Span;
use crate::tape::{Cursor, Kind};

/// One thing wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Finding {
    /// Stable, one for each keyword; `schema/SCHEMA.md` lists them.
    pub code: &'static str,
    /// Where in the document: an RFC 6901 pointer. Names that the schema does not tell are `*` in it.
    pub instance: String,
    /// The bytes of the value, from the start of its record; of a member's name where that is what is wrong.
    pub span: Span,
    /// The way through the schema that led to the keyword, references included: `/items/$ref/minimum`.
    pub keyword: String,
    /// Where the keyword stands: URI and pointer.
    pub absolute: String,
    /// What the schema would have had there.
    pub expected: String,
    /// A mend, where one is near.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub help: Option<String>,
}

impl Finding {
    /// The code of a document that is no JSON.
    pub const NO_JSON: &'static str = "V001";
    /// The code of a document that meets a limit before its end is reached.
    pub const LIMIT: &'static str = "V002";
    /// The code of a schema that is `false` as a whole.
    pub const FALSE: &'static str = "V003";

    /// The codes of all that a schema may find.
    #[doc(hidden)]
    pub fn codes() -> impl Iterator<Item = &'static str> {
        let own = Name::all().map(|name| name.entry().code).filter(|code| !code.is_empty());
        [Finding::LIMIT, Finding::FALSE].into_iter().chain(own)
    }

    /// What is wrong with a record that cannot be read as JSON, or not as one event: where that shows, from its start.
    pub(crate) fn of_broken(reason: Reason, fault: u64, at: Place) -> Finding {
        let fault = fault.saturating_sub(at.offset) as usize;
        let code = match reason {
            Reason::TooDeep | Reason::TooLong => Finding::LIMIT,
            Reason::AmbiguousEvent => reason.code(),
            _ => Finding::NO_JSON,
        };
        Finding::plain(code, Span { start: fault, end: fault }, reason.expected())
    }

    /// A finding that is not a keyword's.
    pub(super) fn plain(code: &'static str, span: Span, expected: &str) -> Finding {
        let (instance, keyword, absolute) = (String::new(), String::new(), String::new());
        Finding { code, instance, span, keyword, absolute, expected: expected.to_owned(), help: None }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.instance.is_empty() { "the top" } else { &self.instance };
        write!(f, "{} at {place}, bytes {} to {}: ", self.code, self.span.start, self.span.end)?;
        write!(f, "expected {}", self.expected)?;
        if let Some(help) = &self.help {
            write!(f, "; {help}")?;
        }
        match self.keyword.as_str() {
            "" => Ok(()),
            keyword => write!(f, " ({keyword})"),
        }
    }
}

/// A keyword that found fault, for the text that says what it would have had.
struct Why<'a> {
    name: Name,
    /// The document of the schema that the keyword stands in, the schema, and the keyword's value.
    view: View<'a>,
    schema: u32,
    value: Option<u32>,
    /// What the keyword noted.
    detail: u32,
}

impl<'a> Why<'a> {
    fn new(name: Name, view: View<'a>, schema: u32, detail: u32) -> Why<'a> {
        Why { name, view, schema, value: view.member(schema, name.entry().name), detail }
    }

    /// What would have been right, by the text of the keyword's entry.
    fn expected(&self) -> String {
        let text = self.name.entry().expected;
        if text.contains('@') && self.detail == 0 {
            return "no such member".to_owned();
        }
        let mut said = String::new();
        let raw = self.value.map_or(&[][..], |value| self.view.raw(value));
        for c in text.chars() {
            match c {
                '#' => cut(raw, &mut said),
                '$' if raw == b"1" => {}
                '$' => said.push('s'),
                '^' if raw == b"1" => said.push('s'),
                '^' => {}
                '%' => said += &self.value.map_or(0, |value| self.view.below(value).count()).to_string(),
                '@' => cut(self.view.raw(self.detail), &mut said),
                '!' if self.detail == 0 => {}
                '!' => said.extend([", not ", &self.detail.to_string()]),
                '&' => self.list(&mut said),
                c => said.push(c),
            }
        }
        said
    }

    /// Appends what is allowed: types, values, or the names of members.
    #[inline(never)]
    fn list(&self, said: &mut String) {
        const MOST: usize = 10;
        let (between, nothing, before) = match self.name {
            Name::Type => (" or ", "", ""),
            Name::Enum => (", ", "nothing: no value is allowed", "one of "),
            Name::AdditionalProperties => (", ", "no such member", "no member but "),
            _ => (", ", "no member that no other keyword has evaluated", "no member but "),
        };
        let of = match self.name {
            Name::Type | Name::Enum => self.value,
            _ => self.view.member(self.schema, "properties"),
        };
        let count = of.map_or(0, |of| self.view.below(of).count());
        *said += match count {
            0 if self.name != Name::Type => nothing,
            1 if self.name == Name::Enum => "",
            _ => before,
        };
        let mut add = |at: u32, place: usize| {
            if place > 0 {
                *said += between;
            }
            match self.name {
                Name::Type => *said += types::said(&self.view.words(at)),
                Name::Enum => cut(self.view.raw(at), said),
                _ => cut(self.view.raw(at - 1), said),
            }
        };
        match of {
            Some(of) if self.name == Name::Type && self.view.kind(of) != Kind::Array => add(of, 0),
            Some(of) => self.view.below(of).take(MOST).zip(0..).for_each(|(at, place)| add(at, place)),
            None => {}
        }
        if count > MOST {
            said.extend([between, "… (", &count.to_string(), " in all)"]);
        }
    }
}

/// The name in an object that is nearest to another one, of those that may be meant.
#[inline(never)]
pub(super) fn near(view: &View<'_>, object: u32, name: &str, may_be: &dyn Fn(&str) -> bool) -> Option<String> {
    if view.kind(object) != Kind::Object {
        return None;
    }
    let names: Vec<String> = view.below(object).take(MOST_NEAR).map(|value| view.words(value - 1)).collect();
    nearest(name, names.iter().map(String::as_str).filter(|name| may_be(name))).map(str::to_owned)
}

/// What to say of a name that may have been meant.
pub(super) fn mend(name: &str) -> String {
    let mut said = "did you mean \"".to_owned();
    cut(name.as_bytes(), &mut said);
    said + "\"?"
}

/// Appends a text of the schema, short enough for a line.
#[inline(never)]
fn cut(raw: &[u8], said: &mut String) {
    const LONGEST: usize = 60;
    let mut left = LONGEST;
    let mut is_break = false;
    for c in String::from_utf8_lossy(raw).chars() {
        if is_break && c.is_ascii_whitespace() {
            continue;
        }
        is_break = matches!(c, '\n' | '\r' | '\t');
        if left == 0 {
            said.push('…');
            break;
        }
        left -= 1;
        said.push(if is_break { ' ' } else { c });
    }
}

/// What was noted about a document, put into words.
pub(super) struct Teller<'a> {
    pub(super) schema: &'a Compiled,
    pub(super) trace: &'a Trace,
    /// The document, and its outermost value.
    pub(super) view: View<'a>,
    pub(super) root: u32,
    /// How many mends may still be looked for: each takes a comparison with every name of a schema.
    mends: Cell<u32>,
    /// Bytes that have been told.
    told: Cell<usize>,
}

/// Names that are looked at for one that may have been meant.
pub(super) const MOST_NEAR: usize = 500;

impl<'a> Teller<'a> {
    pub(super) fn new(schema: &'a Compiled, trace: &'a Trace, value: Cursor<'a>) -> Teller<'a> {
        let (mends, told) = (Cell::new(20), Cell::new(0));
        Teller { schema, trace, view: View::of(Some(value)), root: value.index(), mends, told }
    }

    /// All findings, at most so many, in the order in which they were found.
    pub(super) fn findings(&self, most: usize) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.collect(0, most.min(MAX_FINDINGS), &mut findings);
        if let Some(expected) = self.limit(findings.len()) {
            findings.push(Finding::plain(Finding::LIMIT, self.span(self.root), expected));
        }
        findings.truncate(most);
        findings
    }

    /// The limit that kept more from being found or told.
    pub(super) fn limit(&self, findings: usize) -> Option<&'static str> {
        match findings {
            MAX_FINDINGS.. => Some("fewer findings: there may be more than these"),
            _ if self.is_full() => Some("fewer or shorter findings: there are more than these"),
            _ if self.trace.limited => Some("a document that takes fewer steps to check"),
            _ => None,
        }
    }

    fn collect(&self, unit: u32, most: usize, findings: &mut Vec<Finding>) {
        let Some(here) = self.trace.units.get(unit as usize) else { return };
        if here.valid || findings.len() >= most || self.is_full() {
            return;
        }
        match here.what {
            What::Schema { .. } => {
                for (within, _) in self.trace.within(unit) {
                    self.collect(within, most, findings);
                }
            }
            What::Group { name: Name::AnyOf | Name::OneOf, .. } => match self.meant(unit) {
                Some(meant) => self.collect(meant, most, findings),
                None => findings.extend(self.finding(unit)),
            },
            _ => findings.extend(self.finding(unit)),
        }
    }

    /// Of several schemas that a value does not fit, the one that was meant: the only one whose kind of value it is.
    fn meant(&self, group: u32) -> Option<u32> {
        let at = self.trace.units.get(group as usize)?.at;
        let mut near = self.trace.within(group).filter(|(unit, _)| !self.is_other_kind(*unit, at, 0));
        let (meant, unit) = near.next()?;
        (near.next().is_none() && !unit.valid).then_some(meant)
    }

    /// Whether a schema is for another kind of value: another type, or another constant in a member that tells kinds apart.
    fn is_other_kind(&self, unit: u32, at: u32, level: u32) -> bool {
        self.trace.within(unit).any(|(number, unit)| {
            let level = level + u32::from(unit.at != at);
            match unit.what {
                What::Fault { name: Name::Type, .. } => level == 0,
                What::Fault { name: Name::Const | Name::Enum, .. } => level <= 1,
                What::Schema { .. } => !unit.valid && level <= 1 && self.is_other_kind(number, unit.at, level),
                _ => false,
            }
        })
    }

    /// A fault, in words.
    #[inline(never)]
    pub(super) fn finding(&self, unit: u32) -> Option<Finding> {
        let here = self.trace.units.get(unit as usize)?;
        let (What::Fault { name, detail } | What::Group { name, detail }) = here.what else { return None };
        let (inner, id, via) = self.schema_around(unit)?;
        let node = self.schema.node(id)?;
        let view = self.schema.tree(node)?.view();
        let mut finding = Finding::plain("", self.span(here.at), "");
        (finding.instance, finding.keyword) = self.way(unit);
        let why = if view.kind(node.at) != Kind::False {
            append_segment(name.entry().name, &mut finding.keyword);
            finding.absolute = self.absolute(id, name.entry().name);
            Why::new(name, view, node.at, detail)
        } else {
            // What is wrong is what applied it.
            finding.absolute = self.absolute(id, "");
            if inner == 0 {
                (finding.code, finding.expected) = (Finding::FALSE, "nothing: no value is valid".to_owned());
                return Some(finding);
            }
            let (_, outer, _) = self.schema_around(self.trace.units.get(inner as usize)?.parent)?;
            let outer = self.schema.node(outer)?;
            Why::new(self.applied_by(outer, node, via)?, self.schema.tree(outer)?.view(), outer.at, 0)
        };
        finding.code = why.name.entry().code;
        finding.expected = why.expected();
        finding.help = self.help(&why, here.at);
        self.tell(finding.instance.len() + finding.keyword.len() + finding.absolute.len() + finding.expected.len());
        Some(finding)
    }

    /// Counts what is told.
    pub(super) fn tell(&self, bytes: usize) {
        self.told.set(self.told.get() + bytes);
    }

    /// Whether no more can be told: ways through a document may be as long as it is, and there are many of them.
    pub(super) fn is_full(&self) -> bool {
        self.told.get() > MAX_FINDINGS_BYTES
    }

    /// The keyword of one schema that applied another.
    fn applied_by(&self, outer: &Node, inner: &Node, via: Via) -> Option<Name> {
        match via {
            Via::Ref => Some(Name::Ref),
            Via::DynamicRef => Some(Name::DynamicRef),
            Via::Below => {
                let tree = self.schema.tree(outer)?;
                let mut at = inner.at;
                while at > outer.at && tree.place(at).outer != outer.at {
                    at = tree.place(at).outer;
                }
                Name::of(tree.view().words(at.checked_sub(1)?).as_bytes())
            }
        }
    }

    /// What may have been meant. Names of the schema may show, names of the document may not.
    #[inline(never)]
    fn help(&self, why: &Why<'_>, at: u32) -> Option<String> {
        let is_missing = matches!(why.name, Name::Required | Name::DependentRequired);
        if !is_missing && !matches!(why.name, Name::AdditionalProperties | Name::UnevaluatedProperties) {
            return None;
        }
        self.mends.set(self.mends.get().checked_sub(1)?);
        if is_missing {
            let near = near(&self.view, at, &why.view.words(why.detail), &|name| !self.schema.knows(name.as_bytes()));
            return near.map(|_| "a member with nearly that name is there".to_owned());
        }
        let properties = why.view.member(why.schema, "properties")?;
        near(&why.view, properties, &self.view.words(at.checked_sub(1)?), &|_| true).map(|near| mend(&near))
    }
}
