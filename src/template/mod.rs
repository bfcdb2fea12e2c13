//! Templates: Mustache over redacted records. `TEMPLATE.md` beside this file is the manual.
//!
//! [`token`] cuts a text into tags and what stands between them, [`parse`] makes a tree of it. A JSON template goes
//! through [`json`], which proves that it is one whatever the values, and leaves a simpler tree. [`render`] walks it.

mod any_value;
mod code;
mod compile;
mod fold;
mod format;
mod json;
mod now;
mod option_text;
mod parse;
mod pass;
mod placeholder;
mod reader;
mod reads;
mod render;
mod token;
mod value;

use std::sync::Arc;

pub(crate) use code::UNKNOWN;
pub use now::Now;
pub(crate) use option_text::{OptionText, Wants};
pub use reader::{Refused, TemplateReader};
pub(crate) use reads::Reads;
pub use render::Renderer;

use crate::document::{Document, Notes, Problem, Problems, start, text};
use crate::edit::written_at;
use crate::part;
use crate::tape::{Cursor, Kind};
use compile::{Fault, Within, build, compile, each_value, named};
use parse::Node;
use token::Form;

/// What a template makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// JSON: a template that could make anything else is refused.
    #[default]
    Json,
    /// Text, as Mustache has it.
    Text,
}

/// How a template is to be read.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TemplateOptions {
    /// What it makes.
    pub mode: Mode,
    /// Templates that it may name: name and text. Nothing is ever fetched.
    pub partials: Vec<(String, String)>,
    /// Keys for the formatter `hash`: name and at least 32 bytes.
    pub keys: Vec<(String, Vec<u8>)>,
}

/// A compiled template. Cheap to clone; holds nothing of any record.
#[derive(Clone, Debug)]
pub struct Template {
    compiled: Arc<Compiled>,
    part: part::Templates,
}

#[derive(Debug)]
struct Compiled {
    mode: Mode,
    nodes: Vec<Node>,
    /// Of a text template, by name.
    partials: Vec<(String, Vec<Node>)>,
    /// It names things of the record, so that this has to be read.
    reads: bool,
    /// Line breaks stand between its tokens.
    breaks: bool,
    warnings: Vec<Problem>,
}

impl Template {
    /// Compiles a template.
    ///
    /// # Errors
    /// What is wrong with it and its partials, each with its place: of a partial, its name and `#` are the pointer.
    ///
    /// ```
    /// use logweir::{Template, TemplateOptions};
    /// let options = TemplateOptions::default();
    /// assert!(Template::compile(r#"{"source":"tray","log":{{{log_message}}},"at":{{{now_utc_micro}}}}"#, &options).is_ok());
    /// assert!(Template::compile(r#"{"source":"tray","log":"{{#lines}}"{{/lines}}}"#, &options).is_err());
    /// ```
    pub fn compile(text: &str, options: &TemplateOptions) -> Result<Template, Problems> {
        let form = if options.mode == Mode::Json { Form::Json } else { Form::Text };
        compile(text, None, form, options)
    }

    /// Compiles a template that is a JSON value: its strings are templates. A string that is a single tag stands for the
    /// value which that tag names, any other for text. The mode of the options is not looked at.
    ///
    /// # Errors
    /// As of [`Template::compile`]; pointers lead into the value.
    pub fn compile_value(json: &str, options: &TemplateOptions) -> Result<Template, Problems> {
        let (document, mistake) = Document::new(json);
        if let Some(mistake) = mistake {
            let mut notes = Notes::new(json, None, code::MORE);
            notes.add(code::JSON, mistake.at, mistake.expected, "");
            return Err(Problems { problems: notes.into_problems() });
        }
        compile(json, Some(&document), Form::Strings, options)
    }

    /// Compiles a template that makes JSON and stands in a document: its text in a string, or a value whose strings are
    /// templates. What is wrong with it is noted there.
    pub(crate) fn in_document(
        value: Cursor<'_>,
        keys: &[(String, Vec<u8>)],
        notes: &mut Notes<'_>,
    ) -> Option<Template> {
        let part = notes.need(part::Templates::NEED, start(value))?;
        let options = TemplateOptions { keys: keys.to_vec(), ..TemplateOptions::default() };
        let said = text(value);
        let (source, form) = match &said {
            Some(text) => (text.as_str(), Form::Json),
            None => (std::str::from_utf8(value.raw()).unwrap_or_default(), Form::Strings),
        };
        let (compiled, _, faults) = build(source, form, &options, None);
        for Fault { code, at, expected, help, .. } in &faults {
            notes.add(code, Template::place_in(value, *at), expected, help);
        }
        faults.is_empty().then(|| Template { compiled: Arc::new(compiled), part })
    }

    /// The places that it names, for each the byte of its tag and the paths that may be meant: in a section, one below
    /// the section's, and one beside it.
    pub(crate) fn named(&self) -> Vec<(usize, Vec<String>)> {
        let mut found = Vec::new();
        named(&self.compiled.nodes, "", &mut found);
        found
    }

    /// Where a byte of a template [in a document](Template::in_document) stands in the document.
    pub(crate) fn place_in(value: Cursor<'_>, at: usize) -> usize {
        let is_text = value.kind() == Kind::String;
        start(value) + if is_text { 1 + written_at(&value.raw()[1..], at) } else { at }
    }

    /// Compiles what a destination puts around each record. `own`: the route's template, if it has one, which stands for
    /// the record then. `options`: texts that are partials of it. What is wrong is noted at `to`, where the destination
    /// stands, or at the option.
    pub(crate) fn around(
        envelope: &str,
        own: Option<Cursor<'_>>,
        options: &[OptionText<'_>],
        keys: &[(String, Vec<u8>)],
        (to, notes): (Cursor<'_>, &mut Notes<'_>),
    ) -> Option<Template> {
        let part = notes.need(part::Templates::NEED, start(to))?;
        let said = own.and_then(text);
        let own = match (&said, own) {
            (Some(text), _) => Some((text.as_str(), Form::Json)),
            (None, Some(value)) => Some((std::str::from_utf8(value.raw()).unwrap_or_default(), Form::Strings)),
            (None, None) => None,
        };
        let usual = [
            ("record", "{{{log_message}}}"),
            ("text", "{{{log_message_str}}}"),
            ("any", "{{{log_message | any_value}}}"),
            ("event", "{{{log_message | not_blank}}}"),
        ];
        let partials = usual.map(|(name, usual)| (name.to_owned(), own.map_or(usual, |(text, _)| text).to_owned()));
        let given = options.iter().map(|option| (option.name.clone(), option.inside().to_owned()));
        let partials = partials.into_iter().chain(given).collect();
        let template = TemplateOptions { keys: keys.to_vec(), partials, mode: Mode::Json };
        let form = own.map_or(Form::Json, |(_, form)| form);
        let within = Within { form, formats: own.is_some(), records: usual.len(), options };
        let (compiled, _, faults) = build(envelope, Form::Json, &template, Some(within));
        for Fault { code, source, at, expected, help } in &faults {
            let option = source.checked_sub(1 + usual.len()).and_then(|number| options.get(number));
            let at = option.map_or(start(to), |option| start(option.value) + 1 + at);
            notes.add(code, at, expected, help);
        }
        faults.is_empty().then(|| Template { compiled: Arc::new(compiled), part })
    }

    /// Compiles a text that goes into a path. What is wrong is noted at the value that has it.
    pub(crate) fn of_path(
        text: &str,
        keys: &[(String, Vec<u8>)],
        (value, notes): (Cursor<'_>, &mut Notes<'_>),
    ) -> Option<Template> {
        let part = notes.need(part::Templates::NEED, start(value))?;
        let options = TemplateOptions { keys: keys.to_vec(), partials: Vec::new(), mode: Mode::Text };
        let (mut compiled, _, faults) = build(text, Form::Text, &options, None);
        for Fault { code, expected, help, .. } in &faults {
            notes.add_at(code, value, expected, help);
        }
        each_value(&mut compiled.nodes, &mut |_, place| *place = value::Place::Part);
        faults.is_empty().then(|| Template { compiled: Arc::new(compiled), part })
    }

    /// What it makes.
    pub fn mode(&self) -> Mode {
        self.compiled.mode
    }

    /// What is odd about it without being wrong.
    pub fn warnings(&self) -> &[Problem] {
        &self.compiled.warnings
    }
}

impl std::fmt::Debug for TemplateOptions {
    /// Nothing of the keys but their names.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let keys: Vec<&str> = self.keys.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("TemplateOptions")
            .field("mode", &self.mode)
            .field("partials", &self.partials)
            .field("keys", &keys)
            .finish()
    }
}
