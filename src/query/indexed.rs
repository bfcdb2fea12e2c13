//! A query over what is known of a record without reading it.

use super::compile::Expr;
use super::place::Place;
use super::run::says;
use super::{Judge, Query};
use crate::catalog::Field;
use crate::detect::Said;
use crate::span::Span;

impl Query {
    /// The common field that each test asks for, by its number; none where it asks for something else.
    pub(crate) fn fields(&self) -> impl Iterator<Item = Option<Field>> + '_ {
        self.program.tests.iter().map(|test| match test.place {
            Place::Common(field) => Some(field),
            _ => None,
        })
    }

    /// Whether a test holds for what its common field says.
    pub(crate) fn says(&self, test: usize, said: Said<'_>) -> bool {
        self.program.tests.get(test).is_some_and(|test| says(&test.check, said))
    }

    /// Whether a record matches, of which some tests may be known; none where that does not tell.
    pub(crate) fn tells(&self, known: &mut dyn FnMut(usize) -> Option<bool>) -> Option<bool> {
        tells(&self.program.expr, known)
    }

    /// Where in a text, from a place on, that comes next without which no record matches: none if it does not come; the
    /// place itself where nothing is known.
    pub(crate) fn next_hit(&self, text: &[u8], from: usize) -> Option<usize> {
        match self.program.clauses.first().map(Vec::as_slice) {
            Some([literal]) => literal.find(text, from),
            _ => Some(from),
        }
    }
    /// Whether the record at `span` of `bytes` matches; what [`Query::next_hit`] looks for was found in it.
    pub(crate) fn matches_hit(&self, judge: &mut Judge, bytes: &[u8], span: Span) -> bool {
        let is_all = matches!(&self.program.clauses[..], [] | [_]) && self.program.clauses.iter().all(|c| c.len() == 1);
        if is_all { judge.read(self, bytes, span) } else { judge.matches(self, bytes, span) }
    }
}

fn tells(expr: &Expr, known: &mut dyn FnMut(usize) -> Option<bool>) -> Option<bool> {
    let (parts, decides) = match expr {
        Expr::All => return Some(true),
        Expr::Not(inner) => return tells(inner, known).map(|holds| !holds),
        Expr::Test(number) => return known(*number),
        Expr::And(parts) => (parts, false),
        Expr::Or(parts) => (parts, true),
    };
    let mut answer = Some(!decides);
    for part in parts {
        match tells(part, known) {
            Some(holds) if holds == decides => return Some(decides),
            Some(_) => {}
            None => answer = None,
        }
    }
    answer
}
