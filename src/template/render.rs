//! A compiled template and a redacted record, to bytes.

use super::fold::fold;
use super::now::Now;
use super::parse::Node;
use super::pass::{Context, Pass};
use super::value::Value;
use super::{Compiled, Mode, Template};
use crate::catalog::EventType;
use crate::detect::{Record, Search, Spots, Strings};
use crate::limits::{Limits, MAX_DEPTH, MAX_RENDER_STEPS, MAX_RENDER_STEPS_PER_VALUE};
use crate::plan::{Plan, START};
use crate::recognition::Catalog;
use crate::redact::Redacted;
use crate::scan::{Index, PAD, PADDING, Reason};
use crate::tape::{Cursor, Kind, Tape, Text, walk};

/// Renders redacted records by a [`Template`]; all memory is used again.
///
/// ```compile_fail
/// // A raw event is no redacted one.
/// # let template = logweir::Template::compile("{}", &logweir::TemplateOptions::default()).unwrap();
/// let mut renderer = logweir::Renderer::new(&template, &logweir::Catalog::built_in());
/// let now = logweir::Now::parse("2026-05-04T06:00:00Z").unwrap();
/// let raw: &[u8] = br#"{"email":"ana@example.org"}"#;
/// renderer.render(raw, &now, &mut Vec::new());
/// ```
#[derive(Debug)]
pub struct Renderer {
    template: Template,
    /// What the record is read with, where the template names something in it.
    reading: Option<Box<Reading>>,
    most: usize,
}

#[derive(Debug)]
struct Reading {
    catalog: Catalog,
    /// Where the values of an event stand, for a template that can be rendered by that.
    spots: Option<Spots>,
    search: Search,
    strings: Strings,
    /// The redacted record: what a template sees is read from nothing else.
    text: Vec<u8>,
    index: Index,
    tape: Tape,
    /// Of a JSON template: what it is for each event type that was met, and last for records of none.
    folded: Vec<Option<Vec<Node>>>,
}

impl Renderer {
    /// A renderer with the default limit on its output for one record (`output_bytes`). The catalogue tells what the
    /// common fields are.
    pub fn new(template: &Template, catalog: &Catalog) -> Renderer {
        template.part.go();
        let reading = template.compiled.reads.then(|| {
            let (text, index, tape) = (Vec::new(), Index::default(), Tape::default());
            let (search, strings) = (Search::default(), Strings::default());
            let catalog = catalog.clone();
            let spots = template
                .named_alone()
                .and_then(|(fields, paths)| Spots::new((catalog.detector(), catalog.event_types()), &fields, &paths));
            let folded = vec![None; if template.mode() == Mode::Json { catalog.event_types().len() + 1 } else { 0 }];
            Box::new(Reading { catalog, spots, search, strings, text, index, tape, folded })
        });
        Renderer { template: template.clone(), reading, most: Limits::default().output_bytes }
    }

    /// The same with a limit of its own.
    pub(crate) fn with_limit(template: &Template, catalog: &Catalog, output_bytes: usize) -> Renderer {
        Renderer { most: output_bytes, ..Renderer::new(template, catalog) }
    }

    /// The plain way: every value is looked up by its names, and no template is folded.
    #[cfg(test)]
    pub(crate) fn by_names(mut self) -> Renderer {
        if let Some(reading) = &mut self.reading {
            (reading.spots, reading.folded) = (None, Vec::new());
        }
        self
    }

    /// Whether what it makes of a record has line breaks between its tokens.
    pub fn has_breaks(&self, record: &Redacted<'_>) -> bool {
        self.template.compiled.breaks || record.has_breaks()
    }

    /// Appends what the template makes of a record: of a JSON template, one valid JSON value.
    ///
    /// # Errors
    /// The output would be too long, or take too many steps; nothing is appended then.
    pub fn render(&mut self, record: &Redacted<'_>, now: &Now, out: &mut Vec<u8>) -> Result<(), Reason> {
        self.template.part.go();
        let start = out.len();
        let compiled = &*self.template.compiled;
        let mut strings = Strings::default();
        let mut pass = Pass {
            compiled,
            record,
            text: None,
            now,
            event: None,
            strings: &mut strings,
            spots: None,
            most: start.saturating_add(self.most),
            steps: MAX_RENDER_STEPS,
            depth: 0,
            out,
        };
        let done = match self.reading.as_deref_mut() {
            None => pass.all(&compiled.nodes, &Context::of(&Value::Nothing, None)),
            Some(reading) => {
                reading.read(record);
                if reading.render_event(&mut pass) {
                    return Ok(());
                }
                pass.out.truncate(start);
                reading.render_any(pass)
            }
        };
        if done.is_err() {
            out.truncate(start);
        }
        done
    }
}

impl Reading {
    /// Reads a record.
    fn read(&mut self, record: &Redacted<'_>) {
        let Reading { text, index, .. } = self;
        text.clear();
        record.append_to(text);
        let end = text.len();
        text.resize(end + PADDING, PAD);
        index.build(text, 0, end);
    }

    /// Renders a record that is an event itself and in which all that the template names stands where names lead. Whether
    /// it is one: else nothing that was appended counts.
    fn render_event(&mut self, pass: &mut Pass<'_>) -> bool {
        let Reading { catalog, spots, search, strings, text, index, tape, folded, .. } = self;
        let Some(spots) = spots else { return false };
        tape.clear();
        let end = text.len() - PADDING;
        walk(Text { bytes: text, index, end, lines: false }, &spots.plan, START, MAX_DEPTH, 0, tape);
        let Some(root) = Cursor::root(text, tape) else { return false };
        let Some(found) = spots.look(catalog.detector(), root, search) else { return false };
        let of = catalog.event_types().get(found.event_type);
        strings.forget();
        let nodes = nodes(pass.compiled, folded, found.event_type, of);
        let mut pass =
            Pass { text: text.get(..end), event: of.map(|of| (of, root)), strings, spots: Some(spots), ..pass.again() };
        pass.all(nodes, &Context::of(&Value::Here(root), None)).is_ok()
    }

    /// Renders any record.
    fn render_any(&mut self, pass: Pass<'_>) -> Result<(), Reason> {
        let Reading { catalog, search, strings, text, index, tape, folded, .. } = self;
        tape.clear();
        let end = text.len() - PADDING;
        walk(Text { bytes: text, index, end, lines: false }, &Plan::everything(), START, MAX_DEPTH, 0, tape);
        strings.forget();
        let steps = pass.steps + MAX_RENDER_STEPS_PER_VALUE * tape.nodes.len() as u64;
        let mut pass = Pass { text: text.get(..end), strings, steps, ..pass };
        let Some(root) = Cursor::root(text, tape) else { return Err(Reason::Inconsistent) };
        let here = Value::Here(root);
        let outer = Context::of(&here, None);
        let types = catalog.event_types();
        let found = search.find(Record::whole(catalog.detector(), root)).ok().flatten();
        let of = found.and_then(|found| types.get(found.event_type));
        let nodes = nodes(pass.compiled, folded, found.map_or(types.len(), |found| found.event_type), of);
        let is_itself = found.is_some_and(|found| found.wrappers == 0) && root.kind() == Kind::Object;
        let Some(found) = found else { return pass.all(nodes, &outer) };
        let event = search.event(found, root).unwrap_or(root);
        pass.event = of.map(|of| (of, event));
        if is_itself {
            pass.all(nodes, &outer)
        } else {
            pass.all(nodes, &Context::of(&Value::Here(event), Some(&outer)))
        }
    }
}

/// The nodes of a template for events of a type, or for records of none.
fn nodes<'n>(
    compiled: &'n Compiled,
    folded: &'n mut [Option<Vec<Node>>],
    number: usize,
    of: Option<&EventType>,
) -> &'n [Node] {
    match folded.get_mut(number) {
        Some(folded) => folded.get_or_insert_with(|| fold(&compiled.nodes, of)),
        None => &compiled.nodes,
    }
}
