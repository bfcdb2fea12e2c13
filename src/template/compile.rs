//! From the texts of a template and its partials to one tree.

use std::sync::Arc;

use super::format::Format;
use super::option_text::OptionText;
use super::parse::{Callee, Node, What, parse};
use super::placeholder::Name;
use super::token::Form;
use super::{Compiled, Mode, Template, TemplateOptions, code, json, value};
use crate::document::{Document, Notes, Problems, Severity, did_you_mean};
use crate::limits::{MAX_PARTIALS, MAX_TEMPLATE_BYTES};
use crate::part;
use crate::plan::Segment;

/// What is wrong at a byte of a template.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) code: &'static str,
    /// 0: the template itself, 1: its first partial …
    pub(super) source: usize,
    pub(super) at: usize,
    pub(super) expected: &'static str,
    pub(super) help: String,
}

impl Fault {
    #[inline(never)]
    pub(super) fn new(code: &'static str, at: usize, expected: &'static str) -> Fault {
        Fault { code, source: 0, at, expected, help: String::new() }
    }
}

/// What an envelope goes around.
pub(super) struct Within<'w> {
    /// The form of a route's template.
    pub(super) form: Form,
    /// The names of its partials say in which form what they make goes there.
    pub(super) formats: bool,
    /// How many they are, before those that are options.
    pub(super) records: usize,
    pub(super) options: &'w [OptionText<'w>],
}

/// Shows `change` the formatters and places of all values.
pub(super) fn each_value(nodes: &mut [Node], change: &mut dyn FnMut(&mut Vec<Format>, &mut value::Place)) {
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
pub(super) fn build<'t>(
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
            ..=MAX_TEMPLATE_BYTES => parse(text, form, &options.keys, &mut faults),
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
pub(super) type Texts<'t> = Vec<(&'t str, &'t str)>;

pub(super) fn compile(
    text: &str,
    document: Option<&Document>,
    form: Form,
    options: &TemplateOptions,
) -> Result<Template, Problems> {
    let Some(part) = part::Templates::get() else {
        let mut notes = Notes::new(text, document.and_then(Document::root), code::MORE);
        notes.add(part::LACKS, 0, part::Templates::EXPECTED, part::MEND);
        return Err(Problems { problems: notes.into_problems() });
    };
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
    Ok(Template { compiled: Arc::new(compiled), part })
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
pub(super) fn named(nodes: &[Node], around: &str, found: &mut Vec<(usize, Vec<String>)>) {
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
