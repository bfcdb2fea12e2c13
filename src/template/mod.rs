//! Templates: Mustache over redacted records. `TEMPLATE.md` beside this file is the manual.
//!
//! [`token`] cuts a text into tags and what stands between them, [`parse`] makes a tree of it. A JSON template goes
//! through [`json`], which proves that it is one whatever the values, and leaves a simpler tree. [`render`] walks it.

mod any_value;
mod fold;
mod format;
mod json;
mod now;
mod parse;
mod pass;
mod placeholder;
mod reader;
mod reads;
mod render;
mod token;
mod value;

use std::sync::Arc;

pub use now::Now;
pub use reader::{Refused, TemplateReader};
pub(crate) use reads::Reads;
pub use render::Renderer;

use crate::document::{Document, Notes, Problem, Problems, Severity, did_you_mean, start, text};
use crate::edit::written_at;
use crate::limits::{MAX_PARTIALS, MAX_TEMPLATE_BYTES};
use crate::plan::Segment;
use crate::tape::{Cursor, Kind};
use format::Format;
use parse::{Callee, Node, What};
use placeholder::Name;
use token::Form;

/// Odd: a path that no known event type has, and that is nearly one.
pub(crate) const UNKNOWN: &str = "T382";

/// Codes of what can be wrong with a template.
mod code {
    /// A JSON value that is none.
    pub(super) const JSON: &str = "T300";
    /// A tag that does not end.
    pub(super) const UNCLOSED: &str = "T301";
    /// A section that does not end, or an end of none.
    pub(super) const PAIR: &str = "T302";
    /// A name that cannot be read.
    pub(super) const NAME: &str = "T303";
    /// A name with an `@` that is no common field.
    pub(super) const FIELD: &str = "T304";
    /// A formatter that is none.
    pub(super) const FORMAT: &str = "T305";
    /// A partial that is not there.
    pub(super) const PARTIAL: &str = "T306";
    /// Over a limit.
    pub(super) const LIMIT: &str = "T307";
    /// Literal text that is no JSON.
    pub(super) const SHAPE: &str = "T308";
    /// A placeholder where none may stand.
    pub(super) const PLACE: &str = "T309";
    /// A section that changes the state of the JSON.
    pub(super) const STATE: &str = "T310";
    /// A partial within itself.
    pub(super) const RECURSION: &str = "T311";
    /// A key that was not given, or is too short.
    pub(super) const KEY: &str = "T312";
    /// A text that no receiver takes, whatever the values.
    pub(super) const RECEIVER: &str = "T313";
    /// Odd: a partial that is not there.
    pub(super) const ABSENT: &str = "T381";
    /// There are more.
    pub(super) const MORE: &str = "T399";
}

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

/// What is wrong at a byte of a template.
#[derive(Clone, Debug)]
struct Fault {
    code: &'static str,
    /// 0: the template itself, 1: its first partial …
    source: usize,
    at: usize,
    expected: &'static str,
    help: String,
}

impl Fault {
    #[inline(never)]
    fn new(code: &'static str, at: usize, expected: &'static str) -> Fault {
        Fault { code, source: 0, at, expected, help: String::new() }
    }
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
        faults.is_empty().then(|| Template { compiled: Arc::new(compiled) })
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
        faults.is_empty().then(|| Template { compiled: Arc::new(compiled) })
    }

    /// Compiles a text that goes into a path. What is wrong is noted at the value that has it.
    pub(crate) fn of_path(
        text: &str,
        keys: &[(String, Vec<u8>)],
        (value, notes): (Cursor<'_>, &mut Notes<'_>),
    ) -> Option<Template> {
        let options = TemplateOptions { keys: keys.to_vec(), partials: Vec::new(), mode: Mode::Text };
        let (mut compiled, _, faults) = build(text, Form::Text, &options, None);
        for Fault { code, expected, help, .. } in &faults {
            notes.add_at(code, value, expected, help);
        }
        each_value(&mut compiled.nodes, &mut |_, place| *place = value::Place::Part);
        faults.is_empty().then(|| Template { compiled: Arc::new(compiled) })
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

/// A text of a destination's options that may hold tags.
#[derive(Debug)]
pub(crate) struct OptionText<'v> {
    /// By which what goes around records names it.
    pub(crate) name: String,
    /// A string of the policy.
    pub(crate) value: Cursor<'v>,
    /// What the receiver wants of values in it.
    pub(crate) wants: Wants,
}

/// What a receiver wants of values that stand in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wants {
    Anything,
    /// A tag: commas would make several.
    Tag,
    /// The name of an index of Elasticsearch.
    Index,
    /// Never nothing.
    Something,
}

impl<'v> OptionText<'v> {
    /// What stands between the quotes.
    fn inside(&self) -> &'v str {
        let raw = std::str::from_utf8(self.value.raw()).unwrap_or_default();
        raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default()
    }

    /// Looks at it alone: what is wrong is noted at its place. Gives the places that it names, as of
    /// [`Template::named`]; none where something is wrong.
    pub(crate) fn check(&self, keys: &[(String, Vec<u8>)], notes: &mut Notes<'_>) -> Option<Vec<(usize, Vec<String>)>> {
        let mut faults = Vec::new();
        let nodes = parse::parse(self.inside(), Form::Inside, keys, &mut faults).unwrap_or_else(|fault| {
            faults.push(fault);
            Vec::new()
        });
        let first = start(self.value) + 1; // what is read is the text as it is written, escapes and all
        for Fault { code, at, expected, help, .. } in &faults {
            notes.add(code, first + at, expected, help);
        }
        let texts = nodes.iter().filter_map(|node| match &node.what {
            What::Text { text, .. } => Some((node.at, &text[..])),
            _ => None,
        });
        let mut is_sound = faults.is_empty();
        for (at, text) in texts.filter(|_| self.wants == Wants::Index) {
            if let Some(wrong) = text.iter().position(|byte| format::is_no_index(*byte)) {
                notes.add(
                    code::RECEIVER,
                    first + at + wrong,
                    "a name in small letters, without \\ / * ? \" < > | , # : and spaces",
                    "",
                );
                is_sound = false;
            }
        }
        let holds = nodes.iter().any(|node| matches!(node.what, What::Text { .. } | What::Value { .. }));
        if self.wants == Wants::Something && !holds {
            notes.add(code::RECEIVER, first, "a text that is never empty", "");
            is_sound = false;
        }
        let mut found = Vec::new();
        named(&nodes, "", &mut found);
        is_sound.then(|| found.into_iter().map(|(at, paths)| (first + at, paths)).collect())
    }
}

/// What an envelope goes around.
struct Within<'w> {
    /// The form of a route's template.
    form: Form,
    /// The names of its partials say in which form what they make goes there.
    formats: bool,
    /// How many they are, before those that are options.
    records: usize,
    options: &'w [OptionText<'w>],
}

/// Shows `change` the formatters and places of all values.
fn each_value(nodes: &mut [Node], change: &mut dyn FnMut(&mut Vec<Format>, &mut value::Place)) {
    for node in nodes {
        match &mut node.what {
            What::Value { formats, place, .. } => change(formats, place),
            What::Section { body, .. } => each_value(body, change),
            What::Block { block, .. } => each_value(&mut block.body, change),
            What::Partial { blocks, .. } => {
                blocks.iter_mut().for_each(|(_, block)| each_value(&mut block.body, change))
            }
            _ => {}
        }
    }
}

/// Compiles a template, and tells what is wrong with it, each with its source and byte. `within`: of an envelope of compact
/// JSON, what it goes around.
fn build<'t>(
    text: &'t str,
    form: Form,
    options: &'t TemplateOptions,
    within: Option<Within<'_>>,
) -> (Compiled, Texts<'t>, Vec<Fault>) {
    let mut sources = vec![("", text, Vec::new())];
    let files = within.as_ref().map_or(usize::MAX, |within| within.records);
    for (number, (name, text)) in options.partials.iter().take(MAX_PARTIALS).enumerate() {
        // Partials are files, and files end with a line break, which would not fit into a string.
        let text = if form == Form::Text || number >= files { text } else { text.trim_ascii_end() };
        sources.push((name, text, Vec::new()));
    }
    let mut faults = Vec::new();
    if options.partials.len() > MAX_PARTIALS {
        faults.push(Fault::new(code::LIMIT, 0, "at most 1000 partials"));
    }
    for (source, (_, text, nodes)) in sources.iter_mut().enumerate() {
        let option = within.as_ref().and_then(|within| within.options.get(source.checked_sub(1 + within.records)?));
        let form = match &within {
            Some(_) if option.is_some() => Form::Inside,
            Some(within) if source > 0 => within.form,
            _ if form == Form::Strings && source > 0 => Form::Json,
            _ => form,
        };
        let from = faults.len();
        let parsed = match text.len() {
            ..=MAX_TEMPLATE_BYTES => parse::parse(text, form, &options.keys, &mut faults),
            _ => Err(Fault::new(code::LIMIT, 0, "a template of at most 1 MiB")),
        };
        match parsed {
            Ok(parsed) => *nodes = parsed,
            Err(fault) => faults.push(fault),
        }
        if let Some(format) = option.and_then(|option| Format::wanted(option.wants)) {
            each_value(nodes, &mut |formats, _| formats.push(format.clone()));
        }
        faults[from..].iter_mut().for_each(|fault| fault.source = source);
    }
    let mut compiled = Compiled {
        mode: if form == Form::Text { Mode::Text } else { Mode::Json },
        nodes: Vec::new(),
        partials: Vec::new(),
        reads: false,
        breaks: false,
        warnings: Vec::new(),
    };
    if form == Form::Text {
        let names: Vec<&str> = sources.iter().skip(1).map(|(name, ..)| *name).collect();
        for (source, (.., nodes)) in sources.iter().enumerate() {
            absent(nodes, source, &names, &mut faults);
        }
    } else if faults.is_empty() {
        let (compact, formats) =
            (form == Form::Strings || within.is_some(), within.is_some_and(|within| within.formats));
        match json::check_template(&sources, compact, formats) {
            Ok(checked) => (compiled.nodes, compiled.breaks) = (checked.nodes, checked.breaks),
            Err(fault) => faults.push(fault),
        }
    }
    let mut texts = Vec::new();
    for (source, (name, text, nodes)) in sources.into_iter().enumerate() {
        texts.push((name, text));
        match (form, source) {
            (Form::Text, 0) => compiled.nodes = nodes,
            (Form::Text, _) => compiled.partials.push((name.to_owned(), nodes)),
            _ => {}
        }
    }
    compiled.reads = reads(&compiled.nodes) || compiled.partials.iter().any(|(_, nodes)| reads(nodes));
    (compiled, texts, faults)
}

/// Name and text of a template and its partials.
type Texts<'t> = Vec<(&'t str, &'t str)>;

fn compile(
    text: &str,
    document: Option<&Document>,
    form: Form,
    options: &TemplateOptions,
) -> Result<Template, Problems> {
    let (mut compiled, texts, faults) = build(text, form, options, None);
    let mut problems = Vec::new();
    for (source, (name, text)) in texts.into_iter().enumerate() {
        let root = document.filter(|_| source == 0).and_then(Document::root);
        let mut notes = Notes::new(text, root, code::MORE);
        for fault in faults.iter().filter(|fault| fault.source == source) {
            let severity = if fault.code == code::ABSENT { Severity::Warning } else { Severity::Error };
            notes.note((severity, fault.code), fault.at, fault.expected, &fault.help);
        }
        for mut problem in notes.into_problems() {
            if source > 0 {
                problem.pointer = [name, "#"].concat();
            }
            problems.push(problem);
        }
    }
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(Problems { problems });
    }
    compiled.warnings = problems;
    Ok(Template { compiled: Arc::new(compiled) })
}

/// Partials that are not there.
fn absent(nodes: &[Node], source: usize, known: &[&str], faults: &mut Vec<Fault>) {
    for node in nodes {
        match &node.what {
            What::Partial { callee, blocks, .. } => {
                if let Callee::Named(name) = callee
                    && !known.contains(&name.as_str())
                {
                    let expected = "the name of a partial that was given; nothing is rendered here";
                    let help = did_you_mean(name, known);
                    faults.push(Fault { source, help, ..Fault::new(code::ABSENT, node.at, expected) });
                }
                blocks.iter().for_each(|(_, block)| absent(&block.body, source, known, faults));
            }
            What::Section { body, .. } => absent(body, source, known, faults),
            What::Block { block, .. } => absent(&block.body, source, known, faults),
            _ => {}
        }
    }
}

/// The paths that tags name. `around`: that of the section around, and a dot.
fn named(nodes: &[Node], around: &str, found: &mut Vec<(usize, Vec<String>)>) {
    for node in nodes {
        let (name, body) = match &node.what {
            What::Value { name, .. } => (name, None),
            What::Section { name, inverted, body, .. } => (name, Some((body, *inverted))),
            _ => continue,
        };
        let mut below = around.to_owned();
        if let Name::Path(path) = name {
            let names =
                path.iter().filter_map(|step| if let Segment::Name(name) = step { Some(&**name) } else { None });
            let name = names.collect::<Vec<_>>().join(".");
            below = [around, &name].concat();
            found.push((node.at, if around.is_empty() { vec![name] } else { vec![name, below.clone()] }));
            below.push('.');
        }
        if let Some((body, inverted)) = body {
            named(body, if inverted { around } else { &below }, found);
        }
    }
}

/// Whether something in a tree names a thing of the record.
fn reads(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match &node.what {
        What::Value { name, .. } => !name.is_given(),
        What::Section { name, body, .. } => !name.is_given() || reads(body),
        What::Partial { callee, blocks, .. } => {
            matches!(callee, Callee::Dynamic(name) if !name.is_given())
                || blocks.iter().any(|(_, block)| reads(&block.body))
        }
        What::Block { block, .. } => reads(&block.body),
        What::Formatted { body, .. } => reads(body),
        What::Member { .. } => true,
        What::Text { .. } | What::Comma => false,
    })
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
