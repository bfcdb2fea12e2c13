//! The search language that people already type into Datadog, Kibana and Graylog. `QUERY.md` is its manual.
//!
//! A text is read into a tree ([`parse`]), the tree compiled into a program ([`compile`]), the program run over records
//! ([`run`]), one at a time or as those of an input ([`reader`]).

mod compile;
mod complete;
mod date;
mod filter;
#[cfg(feature = "store")]
mod indexed;
mod judge;
mod literal;
mod mistake;
mod never;
mod parse;
mod place;
mod plain;
mod print;
mod reader;
mod run;
mod syntax;
#[cfg(test)]
mod tests;
mod token;
mod value;

pub use complete::Candidate;
pub(crate) use complete::{Fields, near};
pub(crate) use filter::Filter;
pub use judge::Term;
pub(crate) use judge::{Judge, Verdict};
pub(crate) use never::{Coming, never};
pub use reader::{Match, QueryReader};
pub(crate) use run::Record;
pub use token::{Token, TokenKind};

use std::fmt;
use std::sync::Arc;

use crate::catalog::Field;
use crate::detect::Places;
use crate::document::{Notes, Problem, Problems, nearest, start, text};
use crate::part;
use crate::plan::{Plan, PlanBuilder};
use crate::recognition::Catalog;
use crate::tape::Cursor;
use crate::time::EpochNanos;
use compile::Program;
use mistake::Mistake;
use syntax::Node;

/// The code of: there are more problems than these.
const MORE: &str = "Q199";

/// A compiled query. Cheap to clone.
///
/// ```
/// use logweir::{Catalog, Format, Query, QueryReader};
/// let query = Query::compile("stepState:failure -connector:slack*", &Catalog::built_in(), None)?;
/// assert_eq!(query.print(), "stepState:failure AND NOT connector:slack*");
/// let mut reader = QueryReader::new(&query);
/// reader.begin(Format::Ndjson);
/// reader.push(b"{\"stepState\":\"success\"}\n{\"stepState\":\"Failure\"}\n");
/// assert_eq!(reader.body(), b"{\"stepState\":\"Failure\"}\n");
/// reader.end();
/// assert_eq!(reader.counts(), (2, 0));
/// # Ok::<(), logweir::Problems>(())
/// ```
#[derive(Clone)]
pub struct Query {
    compiled: Arc<Compiled>,
    program: Arc<Program>,
    pub(super) part: part::Queries,
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Query").field(&self.compiled.text).finish()
    }
}

struct Compiled {
    text: String,
    node: Node,
    catalog: Catalog,
    /// What any program of it asks of a record, the least first; at least one.
    asks: Vec<Ask>,
    /// It says `now`.
    says_now: bool,
}

/// What is asked of a record.
struct Ask {
    plan: Plan,
    /// Where the event is found on a tape that the plan wrote, if that was asked.
    places: Option<Places>,
}

impl Query {
    /// Compiles a query. `now`: what it means by `now`, in milliseconds since 1970; without it, a query that says `now` is
    /// refused.
    ///
    /// # Errors
    /// What is wrong with it: of its grammar the first mistake, else everything.
    pub fn compile(text: &str, catalog: &Catalog, now: Option<i64>) -> Result<Query, Problems> {
        Query::build(text, catalog, now).map_err(|mistakes| {
            let mut notes = Notes::new(text, None, MORE);
            mistakes.iter().for_each(|mistake| note(mistake, text, 0, &mut notes));
            Problems { problems: notes.into_problems() }
        })
    }

    /// Compiles the query that a document holds as a text; what is wrong with it is noted there. What it means by `now` is
    /// the beginning of 1970, until somebody says more. `fields`: what records may have.
    pub(crate) fn in_document(
        value: Cursor<'_>,
        catalog: &Catalog,
        fields: &Fields,
        notes: &mut Notes<'_>,
    ) -> Option<Query> {
        let Some(text) = text(value) else {
            notes.add_at("P102", value, "a query, such as \"@level:>=warn\"", "");
            return None;
        };
        // The place inside the string, as long as nothing in it is escaped.
        let inside = (value.raw().len() == text.len() + 2).then_some(start(value) + 1);
        let built = Query::build(&text, catalog, Some(0));
        for mistake in built.as_ref().err().into_iter().flatten() {
            match inside {
                Some(inside) => note(mistake, &text, inside, notes),
                None => notes.add_at(mistake.code, value, mistake.expected, ""),
            }
        }
        let query = built.ok()?;
        for Problem { code, column, expected, help, .. } in query.odd(fields) {
            let at = inside.filter(|_| text.is_ascii()).map_or(start(value), |inside| inside + column - 1);
            notes.warn(code, at, &expected, &help.unwrap_or_default());
        }
        Some(query)
    }

    fn build(text: &str, catalog: &Catalog, now: Option<i64>) -> Result<Query, Vec<Mistake>> {
        let lacks = || vec![Mistake::of(part::LACKS, 0, part::Queries::EXPECTED).help(part::MEND)];
        let part = part::Queries::get().ok_or_else(lacks)?;
        let node = parse::parse(text).1.map_err(|mistake| vec![mistake])?;
        let now = now.map(|millis| EpochNanos(i128::from(millis) * 1_000_000));
        let program = compile::compile(&node, now)?;
        let mut asks = Vec::new();
        // A path is looked for in the record, and where it is not found there, in the event.
        let with_event: &[bool] = match (program.common, program.everywhere) {
            (true, _) => &[true],
            (_, true) => &[false],
            _ => &[false, true],
        };
        for with_event in with_event {
            let mut plan = PlanBuilder::default();
            program.ask(catalog.event_types(), &mut plan);
            let detector = Some(catalog.detector()).filter(|_| *with_event);
            let asked = detector.map(|detector| detector.ask(0, &mut plan));
            let plan = match plan.build() {
                Ok(plan) => plan,
                // Then the whole record tells.
                Err(_) if !asks.is_empty() => break,
                Err(_) => return Err(vec![Mistake::of("Q101", 0, "fewer fields and wildcards in their names")]),
            };
            let places = detector.zip(asked).map(|(detector, asked)| detector.places(0, &plan, asked));
            asks.push(Ask { plan, places });
        }
        let (text, catalog, says_now) = (text.to_owned(), catalog.clone(), compile::compile(&node, None).is_err());
        let compiled = Compiled { text, node, catalog, asks, says_now };
        Ok(Query { compiled: Arc::new(compiled), program: Arc::new(program), part })
    }

    /// Whether what it means depends on the time.
    pub(crate) fn says_now(&self) -> bool {
        self.compiled.says_now
    }

    /// From now on, what it means by `now` is that.
    pub(crate) fn set_now(&mut self, now: EpochNanos) {
        self.part.go();
        if self.compiled.says_now
            && let Ok(program) = compile::compile(&self.compiled.node, Some(now))
        {
            self.program = Arc::new(program);
        }
    }

    /// What is odd about the query without being wrong: words that look like operators, and fields that none of some
    /// event types has, by name or pattern such as `tray.*`. Without any, those of all types: then only where one is near.
    pub fn warnings(&self, types: &[String]) -> Vec<Problem> {
        self.odd(&Fields::new(&self.compiled.catalog, types, !types.is_empty()))
    }

    fn odd(&self, fields: &Fields) -> Vec<Problem> {
        let Compiled { text, node, .. } = &*self.compiled;
        let mut notes = Notes::new(text, None, MORE);
        complete::warn((text, node), fields, &mut notes);
        notes.into_problems()
    }

    /// Its canonical text: compiling that gives the same query.
    pub fn print(&self) -> String {
        print::print(&self.compiled.node)
    }

    /// Its tree as JSON; `QUERY.md` lists the members.
    pub fn ast(&self) -> String {
        print::json(&self.compiled.node)
    }

    /// The pieces of a text, for whoever colours it; they overlap nowhere, and only blanks lie between them.
    pub fn tokens(text: &str) -> Vec<Token> {
        parse::parse(text).0
    }

    /// What may be typed at a byte of a text, the likeliest first.
    pub fn complete(text: &str, at: usize, catalog: &Catalog, types: &[String]) -> Vec<Candidate> {
        complete::complete(text, at, catalog, types)
    }
}

/// Notes a mistake of a query whose text begins at `start` of the document.
fn note(mistake: &Mistake, text: &str, start: usize, notes: &mut Notes<'_>) {
    let help = match mistake.code {
        "Q103" => &common_help(text, mistake.at),
        _ => mistake.help,
    };
    notes.add(mistake.code, start + mistake.at, mistake.expected, help);
}

/// What to do about the name of a common field that is none.
fn common_help(text: &str, at: usize) -> String {
    let rest = text.get(at..).unwrap_or_default();
    let name = rest.split(|c: char| c == ':' || c.is_whitespace()).next().unwrap_or_default();
    let near = nearest(name, Field::ALL.iter().map(|(_, name)| *name));
    let near = near.map_or(String::new(), |near| ["did you mean ", near, "? "].concat());
    [&near, "write \\", name, " for a member of that name"].concat()
}
