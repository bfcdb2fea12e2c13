//! JSON Schema, drafts 2020-12 and 07, compiled once and checked over tapes. `SCHEMA.md` beside this file is the manual.
//!
//! [`registry`] reads all documents and learns what they call themselves; [`compile`] makes of every schema that can be
//! reached a node of an arena ([`node`]), [`keyword`] by keyword; [`link`] looks for loops; [`check`] runs it over a tape.
//! Findings are made from a second run that notes what it does ([`trace`]): most documents are valid and never need it.

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

pub(crate) use check::Scratch;
pub use dialect::Dialect;
pub use finding::Finding;
pub(crate) use judge::Judge;
pub use output::Output;
pub use validator::{Validator, Verdict};

use crate::document::{Document, Mistake, Notes, Problem, Problems, Severity};
use crate::limits::{MAX_REMOTES, MAX_SCHEMA_BYTES};
use crate::tape::Cursor;
use node::Compiled;
use registry::Registry;

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
}

impl Schema {
    /// Compiles a schema: JSON, by the draft that its `$schema` names.
    ///
    /// # Errors
    /// Everything that is wrong with it, and with the remotes as far as it refers to them, each with its place. A
    /// problem of a remote has its URI before the pointer.
    pub fn compile(text: &str, options: &SchemaOptions) -> Result<Schema, Problems> {
        let mut problems = Vec::new();
        let (mut documents, mut uris, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        let given = options.remotes.iter().map(|(uri, text)| (uri.as_str(), text.as_str())).take(MAX_REMOTES);
        for (uri, text) in std::iter::once(("", text)).chain(given) {
            documents.push(read(uri, text, &mut problems));
            uris.push(uri::split(uri).0.to_owned());
            texts.push(text);
        }
        if options.remotes.len() > MAX_REMOTES {
            let mut notes = Notes::new(text, None, code::MORE);
            notes.add(code::LIMIT, 0, "at most 1000 remotes", None);
            problems.append(&mut notes.into_problems());
        }
        let registry = Registry::new(documents, uris, options);
        texts.extend(&registry.metaschemas);
        let (mut compiled, mut found) = compile::compile(&registry, &texts, options);
        problems.append(&mut found);
        if problems.iter().any(|problem| problem.severity == Severity::Error) {
            return Err(Problems { problems });
        }
        compiled.documents = registry.documents;
        compiled.places = registry.places;
        compiled.resources = registry.resources;
        Ok(Schema { compiled: Arc::new(compiled), warnings: problems.into() })
    }

    /// Whether a value on a whole tape fits the schema.
    pub(crate) fn holds(&self, value: Cursor<'_>, scratch: &mut Scratch) -> bool {
        check::check(&self.compiled, value, scratch, None)
    }

    /// What is odd about the schema without being wrong.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }
}

/// Reads a document of a schema.
fn read(uri: &str, text: &str, problems: &mut Vec<Problem>) -> Document {
    let mut notes = Notes::new(text, None, code::MORE);
    let mut document = Document::default();
    if text.len() > MAX_SCHEMA_BYTES {
        notes.add(code::LIMIT, 0, "a schema of at most 16 MiB", None);
    } else {
        let (read, mistake) = Document::new(text);
        document = read;
        if let Some(Mistake { at, expected }) = mistake {
            notes.add(code::JSON, at, expected, None);
        }
    }
    append(notes, uri, problems);
    document
}

/// Appends what was noted about a document; those of a remote have its URI before the pointer.
fn append(notes: Notes<'_>, uri: &str, problems: &mut Vec<Problem>) {
    for mut problem in notes.into_problems() {
        if !uri.is_empty() {
            problem.pointer = [uri, "#", &problem.pointer].concat();
        }
        problems.push(problem);
    }
}
