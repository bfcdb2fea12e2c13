//! A program over a record: true or false.

use super::compile::{Compiled, Expr, MAX_LISTS, Program, Way};
use super::place::{Place, Step};
use super::value::{Check, Subject};
use crate::catalog::EventType;
use crate::detect::{Said, Strings, field};
use crate::document::Document;
use crate::limits::MAX_EMBEDDED_DEPTH;
use crate::tape::{Cursor, Kind};

/// Calls within each other that looking for a value may take: names, lists in lists, documents in strings. No stack
/// overflows; what lies deeper is not looked at.
const MAX_CALLS: usize = 256;

/// An event and its type; none where there is none.
pub(crate) type Event<'a> = Option<(&'a EventType, Cursor<'a>)>;

/// What is known of a record.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a> {
    /// Its bytes, for what can be told without reading them.
    pub(crate) raw: &'a [u8],
    pub(crate) root: Cursor<'a>,
    /// The event in it, once somebody has looked for it.
    pub(crate) event: Option<Event<'a>>,
}

impl Program {
    /// Whether the record matches; none where that depends on the event in it, and nobody has looked. `strings` is memory
    /// of the event at hand.
    pub(super) fn holds(&self, record: Record<'_>, strings: &mut Strings) -> Option<bool> {
        self.eval(&self.expr, record, strings)
    }

    fn eval(&self, expr: &Expr, record: Record<'_>, strings: &mut Strings) -> Option<bool> {
        // The answer of a part that decides, whatever the others say.
        let (parts, decides) = match expr {
            Expr::All => return Some(true),
            Expr::Not(inner) => return self.eval(inner, record, strings).map(|holds| !holds),
            Expr::Test(number) => {
                return self.tests.get(*number).map_or(Some(false), |test| test.finds(record, strings));
            }
            Expr::And(parts) => (parts, false),
            Expr::Or(parts) => (parts, true),
        };
        let mut answer = Some(!decides);
        for part in parts {
            match self.eval(part, record, strings) {
                Some(holds) if holds == decides => return Some(decides),
                Some(_) => {}
                None => answer = None,
            }
        }
        answer
    }
}

impl Program {
    /// Whether a record matches, somebody having looked for the event in it; and the number of the test that decides: the
    /// first that would by itself, or of those that do only together.
    pub(super) fn decide(&self, record: Record<'_>, strings: &mut Strings) -> (bool, Option<usize>) {
        self.decider(&self.expr, record, strings)
    }

    fn decider(&self, expr: &Expr, record: Record<'_>, strings: &mut Strings) -> (bool, Option<usize>) {
        let (parts, decides) = match expr {
            Expr::All => return (true, None),
            Expr::Not(inner) => {
                let (holds, test) = self.decider(inner, record, strings);
                return (!holds, test);
            }
            Expr::Test(number) => {
                let holds = self.tests.get(*number).and_then(|test| test.finds(record, strings));
                return (holds.unwrap_or_default(), Some(*number));
            }
            Expr::And(parts) => (parts, false),
            Expr::Or(parts) => (parts, true),
        };
        let mut first = None;
        for part in parts {
            let (holds, test) = self.decider(part, record, strings);
            if holds == decides {
                return (decides, test);
            }
            first = first.or(test);
        }
        (!decides, first)
    }
}

impl Compiled {
    /// Whether anything that the term asks for may stand in the record.
    pub(super) fn may_find(&self, raw: &[u8]) -> bool {
        self.needs.iter().all(|literal| literal.find(raw, 0).is_some())
    }

    fn finds(&self, record: Record<'_>, strings: &mut Strings) -> Option<bool> {
        let check = &self.check;
        Some(match &self.place {
            Place::Everywhere => self.may_find(record.raw) && everywhere(record.root, check, MAX_EMBEDDED_DEPTH),
            Place::Common(common) => {
                let Some((of, event)) = record.event? else { return Some(false) };
                match field(of, *common, event, strings) {
                    None => false,
                    Some(said) => says(check, said),
                }
            }
            Place::Path(_) => {
                // Paths are meant from the record, and from the event in it.
                let finds = |value| reach(value, &self.way, check, MAX_CALLS);
                match record.event {
                    // `**` looks at everything, so that a look at the bytes is the less.
                    _ if self.way.iter().any(|way| matches!(way.step, Step::Deep)) && !self.may_find(record.raw) => {
                        false
                    }
                    _ if finds(record.root) => true,
                    None if self.may_find(record.raw) => return None,
                    Some(Some((_, event))) => !is_same(event, record.root) && finds(event),
                    _ => false,
                }
            }
        })
    }
}

/// Whether a check holds for what a common field says.
#[inline(always)]
pub(super) fn says(check: &Check, said: Said<'_>) -> bool {
    match said {
        Said::Text(text) => check.holds(Subject::Text(&text)),
        Said::Plain(text) => check.holds(Subject::Text(text)),
        Said::Json(json) => check.holds(match json.first() {
            Some(b't' | b'f' | b'n') => Subject::Literal(&json),
            _ => Subject::Number(&json),
        }),
        Said::Time(instant) => check.holds(Subject::Time(instant)),
        Said::Length(nanos) => check.holds(Subject::Length(nanos)),
    }
}

fn is_same(a: Cursor<'_>, b: Cursor<'_>) -> bool {
    std::ptr::eq(a.node(), b.node())
}

/// Whether a check holds for a value at a path, into strings that hold JSON.
fn reach(value: Cursor<'_>, path: &[Way], check: &Check, left: usize) -> bool {
    let Some((step, rest)) = path.split_first() else { return at_end(value, check, MAX_LISTS) };
    let Some(left) = left.checked_sub(1) else { return false };
    match (&step.step, value.kind()) {
        (Step::Deep, _) => deep(value, path, rest, check, left),
        (_, Kind::String) => {
            open(value).is_some_and(|inner| inner.root().is_some_and(|inner| reach(inner, path, check, left)))
        }
        (Step::Name(name), Kind::Object) => value.member(name).is_some_and(|value| reach(value, rest, check, left)),
        (Step::Like(_), Kind::Object) => value.children().any(|(key, value)| {
            let like = step.like.as_ref();
            key.zip(like).is_some_and(|(key, like)| like.is_match(&key.text())) && reach(value, rest, check, left)
        }),
        (Step::Like(like), Kind::Array) if like == "*" => elements(value).any(|value| reach(value, rest, check, left)),
        // A name is looked for in each element.
        (Step::Name(_) | Step::Like(_), Kind::Array) => elements(value).any(|value| match value.kind() {
            Kind::Array => elements(value).any(|value| value.kind() == Kind::Object && reach(value, path, check, left)),
            _ => reach(value, path, check, left),
        }),
        (Step::Index(number), Kind::Array) => {
            elements(value).nth(*number as usize).is_some_and(|value| reach(value, rest, check, left))
        }
        (Step::Element, Kind::Array) => elements(value).any(|value| reach(value, rest, check, left)),
        _ => false,
    }
}

/// `**`: the value itself and all within it.
#[inline(never)]
fn deep(value: Cursor<'_>, path: &[Way], rest: &[Way], check: &Check, left: usize) -> bool {
    let mut at = value.index();
    let end = value.node().next;
    while let Some(here) = value.go(at).filter(|_| at < end) {
        at += 1;
        if here.kind() == Kind::Key {
            continue;
        }
        let inner = if here.kind() == Kind::String { open(here) } else { None };
        let found = match inner.as_ref().and_then(Document::root) {
            Some(inner) => reach(inner, path, check, left),
            None if here.kind() == Kind::String => rest.is_empty() && at_end(here, check, 0),
            None => reach(here, rest, check, left),
        };
        if found {
            return true;
        }
    }
    false
}

/// The elements of a list.
fn elements(list: Cursor<'_>) -> impl Iterator<Item = Cursor<'_>> {
    list.children().filter(|(key, _)| key.is_none()).map(|(_, value)| value)
}

/// The value that a path ends at; of a list, each of its elements.
fn at_end(value: Cursor<'_>, check: &Check, lists: usize) -> bool {
    check.holds(subject(value, &value.text()))
        || lists > 0 && value.kind() == Kind::Array && elements(value).any(|value| at_end(value, check, lists - 1))
}

fn subject<'a>(value: Cursor<'_>, text: &'a [u8]) -> Subject<'a> {
    match value.kind() {
        Kind::String | Kind::Key => Subject::Text(text),
        Kind::Number => Subject::Number(text),
        Kind::Null | Kind::True | Kind::False => Subject::Literal(text),
        Kind::Object | Kind::Array => Subject::Container,
    }
}

/// Whether a check holds for any value; a string that holds JSON stands for what is in it.
fn everywhere(root: Cursor<'_>, check: &Check, left: usize) -> bool {
    root.nodes().iter().zip(0..).any(|(node, at)| {
        let Some(value) =
            root.go(at).filter(|_| !matches!(node.kind, Kind::Key | Kind::Object | Kind::Array | Kind::Null))
        else {
            return false;
        };
        let inner = if node.kind == Kind::String && left > 0 { open(value) } else { None };
        match inner.as_ref().and_then(Document::root) {
            Some(inner) => everywhere(inner, check, left - 1),
            None => check.holds(subject(value, &value.text())),
        }
    })
}

/// The document in a string, if it holds one.
fn open(value: Cursor<'_>) -> Option<Document> {
    // What stands first is a bracket or quote, or tells nothing.
    let first = value.raw().iter().skip(1).find(|b| !matches!(b, b' '));
    if !first.is_some_and(|b| matches!(b, b'{' | b'[' | b'\\' | 0xEF)) {
        return None;
    }
    let document = Document::of_bytes(&value.text());
    document.root().is_some().then_some(document)
}
