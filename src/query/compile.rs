//! A tree becomes a program: each term with where to look and what to check, and what both ask of a record.

use super::literal::{self, Clause, Literal};
use super::mistake::Mistake;
use super::place::{Place, Step};
use super::syntax::{Node, NodeKind, Term};
use super::value::{Check, Form, text_pattern};
use crate::catalog::{EventType, Field, From, Source};
use crate::limits::MAX_QUERY_STEPS;
use crate::pattern::Pattern;
use crate::plan::{Path, PlanBuilder, Segment};
use crate::time::EpochNanos;

/// A compiled query.
#[derive(Debug, Default)]
pub(super) struct Program {
    pub(super) expr: Expr,
    pub(super) tests: Vec<Compiled>,
    pub(super) clauses: Vec<Clause>,
    /// Some test looks everywhere.
    pub(super) everywhere: bool,
    /// Some test asks for a common field.
    pub(super) common: bool,
}

#[derive(Debug, Default)]
pub(super) enum Expr {
    #[default]
    All,
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    /// A test by its number.
    Test(usize),
}

/// A term, compiled.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) place: Place,
    /// Of a path, its steps.
    pub(super) way: Vec<Way>,
    pub(super) check: Check,
    /// Names and texts that stand in every record in which it finds something.
    pub(super) needs: Vec<Literal>,
}

/// A step of a path; of a name with wildcards, its form.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) step: Step,
    pub(super) like: Option<Pattern>,
}

/// Compiles a tree.
///
/// # Errors
/// All that is wrong with it.
pub(super) fn compile(node: &Node, now: Option<EpochNanos>) -> Result<Program, Vec<Mistake>> {
    let mut compiler = Compiler { program: Program::default(), now, mistakes: Vec::new(), steps: 0 };
    let expr = compiler.expr(node);
    // A group of values has its field's mistake in each term.
    compiler.mistakes.dedup();
    if !compiler.mistakes.is_empty() {
        return Err(compiler.mistakes);
    }
    Ok(Program { expr, clauses: literal::clauses(node), ..compiler.program })
}

struct Compiler {
    program: Program,
    now: Option<EpochNanos>,
    mistakes: Vec<Mistake>,
    steps: usize,
}

impl Compiler {
    fn expr(&mut self, node: &Node) -> Expr {
        match &node.kind {
            NodeKind::All => Expr::All,
            NodeKind::And(parts) => Expr::And(parts.iter().map(|part| self.expr(part)).collect()),
            NodeKind::Or(parts) => Expr::Or(parts.iter().map(|part| self.expr(part)).collect()),
            NodeKind::Not(inner) => Expr::Not(Box::new(self.expr(inner))),
            NodeKind::Term(term) => match self.term(term, node) {
                Ok(compiled) => {
                    self.program.tests.push(compiled);
                    Expr::Test(self.program.tests.len() - 1)
                }
                Err(mistake) => {
                    self.mistakes.push(mistake);
                    Expr::All
                }
            },
        }
    }

    fn term(&mut self, term: &Term, node: &Node) -> Result<Compiled, Mistake> {
        let place = match &term.field {
            Some(field) => Place::read(&field.name).map_err(|mistake| mistake.behind(field.span.start))?,
            None => Place::Everywhere,
        };
        let common = if let Place::Common(field) = &place { Some(*field) } else { None };
        let program = &mut self.program;
        program.common |= common.is_some();
        let deep = |steps: &[Step]| steps.contains(&Step::Deep);
        program.everywhere |= match &place {
            Place::Everywhere => true,
            Place::Path(steps) => deep(steps),
            Place::Common(_) => false,
        };
        let check = Check::new(&term.test, common, self.now, term.field.is_none())?;
        let mut way = Vec::new();
        if let Place::Path(steps) = &place {
            for step in steps {
                let like = match step {
                    Step::Like(like) => Some(text_pattern(like, Form::Exact, node.span.start)?),
                    _ => None,
                };
                self.steps += like.as_ref().map_or(0, |like| like.steps(1));
                way.push(Way { step: step.clone(), like });
            }
        }
        self.steps += check.steps();
        if self.steps > MAX_QUERY_STEPS {
            let at = node.span.start;
            return Err(Mistake::of("Q101", at, "fewer or simpler patterns and wildcards"));
        }
        Ok(Compiled { place, way, check, needs: literal::of_term(term) })
    }
}

impl Program {
    /// Asks a plan for all that the tests look at.
    pub(super) fn ask(&self, types: &[EventType], plan: &mut PlanBuilder) {
        if self.everywhere {
            return plan.ask_everything();
        }
        ask(&[], plan);
        for test in &self.tests {
            match &test.place {
                Place::Everywhere => {}
                Place::Path(steps) => ask(&steps.iter().map(segment).collect::<Vec<_>>(), plan),
                Place::Common(field) => {
                    for source in types.iter().flat_map(|known| sources(known, *field)) {
                        paths(source, &mut |path| ask(&path.segments, plan));
                    }
                }
            }
        }
    }
}

fn sources(of: &EventType, field: Field) -> &[Source] {
    let found = of.fields.iter().find(|(known, _)| *known == field);
    found.map_or(&[], |(_, sources)| sources)
}

fn paths(source: &Source, ask: &mut dyn FnMut(&Path)) {
    match &source.from {
        From::Const(_) => {}
        From::Value(place) | From::Mapped(place, _) | From::Time(place, _) | From::Length(place, _) => ask(&place.path),
        From::Between(from, to) => {
            ask(&from.path);
            ask(&to.path);
        }
    }
    source.when.iter().for_each(|(place, _)| ask(&place.path));
}

/// A step as a plan knows it, or wider.
fn segment(step: &Step) -> Segment {
    match step {
        Step::Name(name) => Segment::Name(name.clone()),
        Step::Like(_) => Segment::Any,
        Step::Index(_) | Step::Element => Segment::Element,
        Step::Deep => Segment::Deep,
    }
}

/// Asks for a place and for all that lies on the way; of lists, and lists in them, every element.
fn ask(segments: &[Segment], plan: &mut PlanBuilder) {
    let element = |segment: &Segment| if let Segment::Index(_) = segment { Segment::Element } else { segment.clone() };
    let mut way: Vec<Segment> = segments.iter().map(element).collect();
    way.extend([const { Segment::Element }; MAX_LISTS]);
    plan.ask_way(Path { segments: way });
}

/// Lists in lists that are looked into where a name or value is looked for.
pub(super) const MAX_LISTS: usize = 2;
