//! What is wrong with a value, where, and what the schema would have had. Never what the value says.

use std::cell::Cell;
use std::fmt;

use super::check::Via;
use super::keyword::Name;
use super::node::*;
use super::trace::{Trace, What};
use crate::document::{append_segment, nearest, text};
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
pub(super) struct Why<'a> {
    pub(super) name: Name,
    /// The keyword's value in the schema.
    pub(super) value: Option<Cursor<'a>>,
    /// What the keyword noted.
    pub(super) detail: u32,
    /// The schema that the keyword stands in.
    schema: Option<Cursor<'a>>,
}

impl Why<'_> {
    /// The keyword's value as the schema writes it.
    pub(super) fn raw(&self) -> String {
        self.value.map(|value| String::from_utf8_lossy(value.raw()).into_owned()).unwrap_or_default()
    }

    /// The value that the detail is the entry of, as the schema writes it.
    pub(super) fn detail_raw(&self) -> String {
        let value = self.schema.and_then(|schema| schema.go(self.detail));
        value.map(|value| cut(&String::from_utf8_lossy(value.raw()))).unwrap_or_default()
    }

    /// The members that the schema names.
    pub(super) fn siblings(&self) -> Vec<String> {
        let properties = self.schema.and_then(|schema| schema.member("properties"));
        properties.map(|all| all.children().filter_map(|(key, _)| text(key?)).collect()).unwrap_or_default()
    }
}

/// A text of the schema, short enough for a line.
pub(super) fn cut(text: &str) -> String {
    const LONGEST: usize = 60;
    let line: Vec<&str> = text.split_ascii_whitespace().collect();
    let line = if text.contains(['\n', '\r', '\t']) { line.join(" ") } else { text.to_owned() };
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

/// `1 character`, `2 characters`.
pub(super) fn plural(count: &str, one: &str, many: &str) -> String {
    format!("{count} {}", if count == "1" { one } else { many })
}

/// What was noted about a document, put into words.
pub(super) struct Teller<'a> {
    pub(super) schema: &'a Compiled,
    pub(super) trace: &'a Trace,
    /// The document's outermost value.
    pub(super) value: Cursor<'a>,
    /// How many mends may still be looked for: each takes a comparison with every name of a schema.
    pub(super) mends: Cell<u32>,
    /// Bytes that have been told.
    pub(super) told: Cell<usize>,
}

/// [`Teller::mends`] of a document.
pub(super) const MENDS: u32 = 20;

impl<'a> Teller<'a> {
    /// All findings, at most so many, in the order in which they were found.
    pub(super) fn findings(&self, most: usize) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.collect(0, most.min(MAX_FINDINGS), &mut findings);
        let span = self.span(self.value.index());
        let limit = match findings.len() {
            MAX_FINDINGS => Some("fewer findings: there may be more than these"),
            _ if self.is_full() => Some("fewer or shorter findings: there are more than these"),
            _ if self.trace.stopped => Some("a document that takes fewer steps to check"),
            _ => None,
        };
        findings.extend(limit.map(|expected| Finding::plain(Finding::LIMIT, span, expected)));
        findings.truncate(most);
        findings
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
    pub(super) fn finding(&self, unit: u32) -> Option<Finding> {
        let here = self.trace.units.get(unit as usize)?;
        let (What::Fault { name, detail } | What::Group { name, detail }) = here.what else { return None };
        let node = self.schema.node(self.schema_around(unit)?.1)?;
        let schema = self.schema.place(node)?;
        let mut finding = Finding::plain("", self.span(here.at), "");
        finding.instance = self.instance(unit);
        finding.keyword = self.keyword(unit);
        finding.absolute = self.absolute(node, None);
        let mut why = Why { name, detail, schema: Some(schema), value: schema.member(name.entry().name) };
        if schema.kind() == Kind::False {
            // What is wrong is what applied it.
            match self.applied_by(unit) {
                Some((name, outer)) => {
                    why = Why { name, detail: 0, schema: Some(outer), value: outer.member(name.entry().name) };
                }
                None => {
                    let expected = "nothing: no value is valid".to_owned();
                    return Some(Finding { code: Finding::FALSE, expected, ..finding });
                }
            }
        } else {
            append_segment(name.entry().name, &mut finding.keyword);
            finding.absolute = self.absolute(node, Some(name.entry().name));
        }
        finding.code = why.name.entry().code;
        finding.expected = (why.name.entry().expected)(&why);
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

    /// The keyword that applied the schema around a unit, and the schema that the keyword stands in.
    fn applied_by(&self, unit: u32) -> Option<(Name, Cursor<'a>)> {
        let (inner, node, via) = self.schema_around(unit)?;
        if inner == 0 {
            return None;
        }
        let (_, outer, _) = self.schema_around(self.trace.units.get(inner as usize)?.parent)?;
        let outer = self.schema.place(self.schema.node(outer)?)?;
        let name = match via {
            Via::Ref => Name::Ref,
            Via::DynamicRef => Name::DynamicRef,
            Via::Below => {
                let at = self.schema.node(node)?.at;
                let (key, _) = outer.children().find(|(_, value)| at < value.node().next)?;
                let name = text(key?)?;
                [super::Dialect::Draft202012, super::Dialect::Draft07]
                    .iter()
                    .find_map(|draft| Name::of(&name, *draft))?
            }
        };
        Some((name, outer))
    }

    /// What may have been meant. Names of the schema may show, names of the document may not.
    fn help(&self, why: &Why<'_>, at: u32) -> Option<String> {
        const MOST: usize = 500;
        let wanted = matches!(
            why.name,
            Name::AdditionalProperties | Name::UnevaluatedProperties | Name::Required | Name::DependentRequired
        );
        if wanted {
            self.mends.set(self.mends.get().checked_sub(1)?);
        }
        match why.name {
            Name::AdditionalProperties | Name::UnevaluatedProperties => {
                let unknown = text(self.value.go(at.checked_sub(1)?)?)?;
                let siblings = why.siblings();
                let near = nearest(&unknown, siblings.iter().take(MOST).map(String::as_str))?;
                Some(format!("did you mean \"{}\"?", cut(near)))
            }
            Name::Required | Name::DependentRequired => {
                let missing = text(why.schema?.go(why.detail)?)?;
                let object = self.value.go(at)?;
                let names: Vec<String> = object.children().take(MOST).filter_map(|(key, _)| text(key?)).collect();
                let unknown = names.iter().map(String::as_str).filter(|name| !self.schema.knows(name.as_bytes()));
                nearest(&missing, unknown).map(|_| "a member with nearly that name is there".to_owned())
            }
            _ => None,
        }
    }
}
