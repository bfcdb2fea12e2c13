//! Whether anything can match, as far as that is certain: from what the queries say, and from what the event types that
//! come are known to say of common fields.

use super::Query;
use super::compile::Compiled as Test;
use super::compile::Expr;
use super::place::Place;
use super::syntax::{Node, NodeKind, Term, Test as Asked};
use super::value::{LEVELS, Subject};
use crate::catalog::{EventType, Field, From};

/// Terms of all queries together that are looked at; of more, nothing is said.
const MOST: usize = 64;

/// Parts of queries that are looked at, again and again; beyond, nothing is certain any more.
const STEPS: usize = 10_000;

/// What records there are.
#[derive(Clone, Copy)]
pub(crate) struct Coming<'a> {
    /// The event types that are let in.
    pub(crate) types: &'a [&'a EventType],
    /// Records that are no event, too.
    pub(crate) unknown: bool,
}

/// Whether no record matches all of some queries.
pub(crate) fn never(queries: &[&Query], coming: Coming<'_>) -> bool {
    let timeless = queries.iter().all(|query| !query.compiled.says_now);
    let mut of = Terms { terms: Vec::new(), firsts: Vec::new(), timeless };
    let mut exprs = Vec::new();
    for query in queries {
        query.part.go();
        exprs.push((&query.program.expr, of.terms.len()));
        let mut asked = Vec::new();
        terms(&query.compiled.node, &mut asked);
        of.terms.extend(asked.into_iter().zip(&query.program.tests));
    }
    if of.terms.is_empty() || of.terms.len() > MOST {
        return false;
    }
    let first = |(term, _): &(&Term, _)| of.terms.iter().position(|(other, _)| other == term).unwrap_or_default();
    of.firsts = of.terms.iter().map(first).collect();
    let mut supposed = Supposed { terms: Vec::new(), steps: STEPS };
    let mut fails = |event| of.join(&exprs, false, event, &mut supposed) == Some(false);
    if coming.unknown && !fails(Event::None) {
        return false;
    }
    coming.types.iter().all(|known| levels(known).into_iter().all(|level| fails(Event::Known(known, level))))
}

/// In the order in which they were compiled.
fn terms<'q>(node: &'q Node, found: &mut Vec<&'q Term>) {
    match &node.kind {
        NodeKind::All => {}
        NodeKind::And(parts) | NodeKind::Or(parts) => parts.iter().for_each(|part| terms(part, found)),
        NodeKind::Not(inner) => terms(inner, found),
        NodeKind::Term(term) => found.push(term),
    }
}

/// What is supposed of an event's `@level`.
#[derive(Clone, Copy)]
enum Level {
    Any,
    None,
    Is(&'static str),
}

/// A record that may come.
#[derive(Clone, Copy)]
enum Event<'a> {
    None,
    Known(&'a EventType, Level),
}

/// The levels that events of a type may have.
fn levels(of: &EventType) -> Vec<Level> {
    let mut found = vec![Level::None];
    for source in of.sources(Field::Level).unwrap_or_default() {
        let mut add = |text: &str| {
            let level = LEVELS.iter().find(|level| **level == text);
            found.push(level.map_or(Level::Any, |level| Level::Is(level)));
        };
        match &source.from {
            From::Const(text) => add(text),
            From::Mapped(_, map) if !map.passes_on() => map.texts().for_each(add),
            _ => return vec![Level::Any],
        }
    }
    found
}

/// The first terms of their kind of which something is supposed, and how many steps are left.
struct Supposed {
    terms: Vec<(usize, bool)>,
    steps: usize,
}

/// The terms of all queries, and what became of them; an expression is told with the number of its first term.
struct Terms<'q> {
    terms: Vec<(&'q Term, &'q Test)>,
    /// Of each, the first one that says the same.
    firsts: Vec<usize>,
    /// Nothing depends on what time it is.
    timeless: bool,
}

impl Terms<'_> {
    /// What is certain of an expression, given what is supposed of terms.
    fn eval(&self, (expr, first): (&Expr, usize), event: Event<'_>, supposed: &mut Supposed) -> Option<bool> {
        supposed.steps = supposed.steps.checked_sub(1)?;
        match expr {
            Expr::All => Some(true),
            Expr::Not(inner) => self.eval((inner, first), event, supposed).map(|holds| !holds),
            Expr::And(parts) => self.join(&each(parts, first), false, event, supposed),
            Expr::Or(parts) => self.join(&each(parts, first), true, event, supposed),
            Expr::Test(number) => self.test(first + number, event, &supposed.terms),
        }
    }

    /// A conjunction or disjunction: the answer of a part that `decides`, whatever the others say. Each part may count on
    /// the others not to decide.
    fn join(&self, parts: &[(&Expr, usize)], decides: bool, event: Event<'_>, supposed: &mut Supposed) -> Option<bool> {
        let before = supposed.terms.len();
        let mut answer = Some(!decides);
        // What is supposed last may decide on what came first.
        for again in [false, true] {
            for part in parts {
                let said = self.eval(*part, event, supposed);
                let literal = match part.0 {
                    Expr::Test(number) => Some((number, !decides)),
                    Expr::Not(inner) => match &**inner {
                        Expr::Test(number) => Some((number, decides)),
                        _ => None,
                    },
                    _ => None,
                };
                let literal = literal.and_then(|(number, holds)| Some((*self.firsts.get(part.1 + number)?, holds)));
                let literal = literal.filter(|_| !again);
                let excludes = literal.is_some_and(|(term, holds)| holds && self.excludes(term, &supposed.terms));
                if said == Some(decides) || excludes {
                    supposed.terms.truncate(before);
                    return Some(decides);
                }
                answer = answer.and(said);
                supposed.terms.extend(literal);
            }
        }
        supposed.terms.truncate(before);
        answer
    }

    fn test(&self, number: usize, event: Event<'_>, supposed: &[(usize, bool)]) -> Option<bool> {
        let (_, test) = self.terms.get(number)?;
        let first = self.firsts.get(number)?;
        match supposed.iter().find(|(other, _)| other == first) {
            Some((_, holds)) => Some(*holds),
            _ if self.timeless && test.check.is_empty() => Some(false),
            _ => said(test, event),
        }
    }

    /// Whether a common field cannot hold what a term wants and what others want that are supposed to hold: it has one value.
    fn excludes(&self, number: usize, supposed: &[(usize, bool)]) -> bool {
        let Some((term, test)) = self.terms.get(number).filter(|(_, test)| matches!(test.place, Place::Common(_)))
        else {
            return false;
        };
        let mut others = supposed.iter().filter(|(_, holds)| *holds).filter_map(|(other, _)| self.terms.get(*other));
        others.any(|(other, its)| {
            let texts = || plain(term).zip(plain(other));
            let are_other = |(a, b): (String, String)| {
                !test.check.holds(Subject::Text(b.as_bytes())) && !its.check.holds(Subject::Text(a.as_bytes()))
            };
            its.place == test.place
                && match (test.check.is_text_alone(), its.check.is_text_alone()) {
                    (true, true) => texts().is_some_and(are_other),
                    _ => self.timeless && test.check.lies_beside(&its.check),
                }
        })
    }
}

fn each(parts: &[Expr], first: usize) -> Vec<(&Expr, usize)> {
    parts.iter().map(|part| (part, first)).collect()
}

/// The text that a term wants, without wildcards.
fn plain(term: &Term) -> Option<String> {
    match &term.test {
        Asked::Value(value) if !value.has_wildcard() => Some(value.plain()),
        _ => None,
    }
}

/// What is certain of a test.
fn said(test: &Test, event: Event<'_>) -> Option<bool> {
    let Place::Common(field) = test.place else { return None };
    let Event::Known(of, level) = event else { return Some(false) };
    let holds = |text: &str| Some(test.check.holds(Subject::Text(text.as_bytes())));
    let sources = of.sources(field).unwrap_or_default();
    match (field, level) {
        (Field::Type, _) => holds(&of.name),
        (Field::Level, Level::Is(level)) => holds(level),
        (Field::Level, Level::None) => Some(false),
        _ => match sources.first().map(|source| (&source.from, source.when.is_empty())) {
            None => Some(false),
            Some((From::Const(text), true)) => holds(text),
            _ => None,
        },
    }
}
