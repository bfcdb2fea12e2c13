//! JSON Schema, drafts 2020-12 and 07, compiled once and checked over tapes. `SCHEMA.md` beside this file is the manual.
//!
//! [`registry`] reads all documents and learns what they call themselves; [`compile`] makes of every schema that can be
//! reached a node of an arena ([`node`]), [`keyword`] by keyword; [`link`] looks for loops; [`pass`] tells of most documents
//! that fit while they are read; [`check`] runs it over a tape. Findings are made from a second run that notes what it does
//! ([`trace`]): most documents are valid and never need it.

mod canonical;
mod check;
mod compile;
mod dialect;
mod finding;
mod instance;
mod judge;
mod keyword;
mod link;
mod names;
mod node;
mod output;
mod pass;
mod place;
mod read;
mod registry;
#[cfg(test)]
mod tests;
mod trace;
mod uri;
mod validator;
mod view;

use std::sync::Arc;

pub use dialect::Dialect;
pub use finding::Finding;
pub(crate) use judge::Judge;
pub use output::Output;
pub use validator::{Validator, Verdict};

use crate::document::{Notes, Problem, Problems, Severity};
use crate::limits::MAX_REMOTES;
use crate::part;
use compile::Outcome;
use dialect::METASCHEMAS;
use node::Compiled;
use registry::{Registry, Source};

/// Codes of what can be wrong with a schema.
mod code {
    /// No JSON.
    pub(super) const JSON: &str = "S200";
    /// No schema where one should stand.
    pub(super) const SCHEMA: &str = "S201";
    /// A keyword's value is of the wrong type, or out of its range.
    pub(super) const VALUE: &str = "S202";
    /// An unknown dialect, or an unknown vocabulary that is required.
    pub(super) const DIALECT: &str = "S203";
    /// A reference to nothing that is known.
    pub(super) const REFERENCE: &str = "S204";
    /// A regular expression that is none, or that linear time cannot do.
    pub(super) const PATTERN: &str = "S205";
    /// A schema that leads back to itself.
    pub(super) const LOOP: &str = "S206";
    /// Over a limit.
    pub(super) const LIMIT: &str = "S207";
    /// An `$id` or anchor that is none.
    pub(super) const NAME: &str = "S208";
    /// An `$id` or anchor that another schema has.
    pub(super) const TWICE: &str = "S209";
    /// Odd: the same member more than once.
    pub(super) const REPEATED: &str = "S281";
    /// Odd: nearly a keyword, or one of another draft.
    pub(super) const UNKNOWN: &str = "S282";
    /// Odd: a keyword that is ignored.
    pub(super) const IGNORED: &str = "S283";
    /// Odd: a format that nothing checks.
    pub(super) const FORMAT: &str = "S284";
    /// There are more.
    pub(super) const MORE: &str = "S299";
}

/// How a schema is to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchemaOptions {
    /// The draft of documents that have no `$schema`.
    pub dialect: Dialect,
    /// Whether `format` is checked; left out, it only annotates, unless a vocabulary says otherwise.
    pub assert_formats: bool,
    /// Schemas that may be referred to: URI and text. Nothing is ever fetched.
    pub remotes: Vec<(String, String)>,
    /// Whether findings show names of members that the schema does not tell; left out, they show as `*`.
    pub show_keys: bool,
}

/// A compiled schema. Cheap to clone; holds no state of any check.
#[derive(Clone, Debug)]
pub struct Schema {
    compiled: Arc<Compiled>,
    warnings: Arc<[Problem]>,
    part: part::Schemas,
}

impl Schema {
    /// Compiles a schema: JSON, by the draft that its `$schema` names.
    ///
    /// # Errors
    /// Everything that is wrong with it, and with the remotes as far as it refers to them, each with its place. A
    /// problem of a remote has its URI before the pointer.
    pub fn compile(text: &str, options: &SchemaOptions) -> Result<Schema, Problems> {
        let Some(part) = part::Schemas::get() else {
            let mut notes = Notes::new(text, None, code::MORE);
            notes.add(part::LACKS, 0, part::Schemas::EXPECTED, part::MEND);
            return Err(Problems { problems: notes.into_problems() });
        };
        let mut metaschemas = Vec::new();
        loop {
            let mut sources = vec![Source::new("", text)];
            sources.extend(options.remotes.iter().take(MAX_REMOTES).map(|(uri, text)| Source::new(uri, text)));
            let built_in = METASCHEMAS.iter().filter(|(_, draft, _)| metaschemas.contains(draft));
            sources.extend(built_in.map(|(uri, _, text)| Source::new(uri, text)));
            let Outcome { compiled, problems, wanted } = compile::compile(Registry::new(sources, options), options);
            match wanted {
                Some(draft) if !metaschemas.contains(&draft) => metaschemas.push(draft),
                _ if problems.iter().any(|problem| problem.severity == Severity::Error) => {
                    return Err(Problems { problems });
                }
                _ => return Ok(Schema { compiled: Arc::new(compiled), warnings: problems.into(), part }),
            }
        }
    }

    /// What is odd about the schema without being wrong.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }
}
