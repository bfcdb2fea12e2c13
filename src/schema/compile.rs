//! From documents to the arena: every schema that can be reached, each once, and every fault in them.

use std::collections::{BTreeMap, BTreeSet};

use super::dialect::{Dialect, Rules};
use super::keyword::{Name, conditional, contains, items, properties, reference};
use super::node::*;
use super::registry::Registry;
use super::{SchemaOptions, code, link};
use crate::document::{Notes, Problem, Severity, did_you_mean, text};
use crate::limits::MAX_SCHEMAS;
use crate::tape::{Cursor, Kind, number};

/// A schema on its way into the arena: keywords fill in their part.
#[derive(Debug)]
pub(super) struct Builder {
    pub(super) document: u32,
    pub(super) resource: u32,
    pub(super) rules: Rules,
    /// The keyword being read.
    pub(super) name: Name,
    pub(super) types: Kinds,
    pub(super) unevaluated: bool,
    pub(super) keywords: Vec<Keyword>,
    pub(super) annotations: Vec<Name>,
    // Families whose members are checked together.
    pub(super) properties: properties::Parts,
    pub(super) items: items::Parts,
    pub(super) contains: contains::Parts,
    pub(super) conditional: conditional::Parts,
}

impl Builder {
    /// Adds what the keyword being read demands of values of these kinds.
    pub(super) fn demand(&mut self, kinds: Kinds, check: Check) {
        self.keywords.push(Keyword { kinds, name: self.name, check });
    }
}

/// Compiles what a registry holds.
pub(super) struct Compiler<'a> {
    pub(super) registry: &'a Registry,
    pub(super) options: &'a SchemaOptions,
    notes: Vec<Notes<'a>>,
    compiled: Compiled,
    /// The number of each schema, by document and entry.
    numbers: BTreeMap<(u32, u32), NodeId>,
    /// Names of members that the schema tells.
    pub(super) names: Vec<Box<[u8]>>,
    /// Names that some `$dynamicRef` looks for on the way that led to it.
    pub(super) dynamic: BTreeSet<String>,
}

/// What a compilation gives: the arena, what is wrong, what is odd.
pub(super) struct Outcome {
    pub(super) compiled: Compiled,
    pub(super) problems: Vec<Problem>,
}

/// Compiles the first document of a registry, and what it refers to in the others. `texts` are those of the documents.
pub(super) fn compile(registry: &Registry, texts: &[&str], options: &SchemaOptions) -> Outcome {
    let notes = texts.iter().zip(0..).map(|(text, n)| Notes::new(text, registry.root(n), code::MORE)).collect();
    let mut compiler = Compiler {
        registry,
        options,
        notes,
        compiled: Compiled::default(),
        numbers: BTreeMap::new(),
        names: Vec::new(),
        dynamic: BTreeSet::new(),
    };
    compiler.run();
    compiler.finish()
}

impl<'a> Compiler<'a> {
    fn run(&mut self) {
        for (document, at, code, expected) in &self.registry.faults {
            if let Some(value) = self.registry.cursor(*document, *at) {
                self.note(*document, value, code, expected, None);
            }
        }
        let Some(root) = self.registry.root(0) else { return };
        self.node(0, root);
        let (mut next, mut linked) = (0, (0, 0));
        loop {
            while next < self.compiled.nodes.len() {
                self.build(next as NodeId);
                next += 1;
            }
            // Every pair of a name that is looked for and a resource that may be on the way there.
            let reached = (self.dynamic.len(), next);
            if linked == reached || self.compiled.nodes.len() > MAX_SCHEMAS {
                break;
            }
            linked = reached;
            for (resource, at, _) in self.dynamic_targets() {
                if let Some(value) = self.resource_entry(resource, at) {
                    self.node(value.0, value.1);
                }
            }
        }
        let mut targets: BTreeMap<String, Vec<(u32, NodeId)>> = BTreeMap::new();
        for (resource, at, name) in self.dynamic_targets() {
            let document = self.registry.resources.get(resource as usize).map_or(0, |r| r.document);
            if let Some(number) = self.numbers.get(&(document, at)) {
                targets.entry(name).or_default().push((resource, *number));
            }
        }
        reference::settle(&mut self.compiled, &targets);
    }

    /// Resources with schemas in the arena that have an anchor which some `$dynamicRef` looks for: resource, entry, name.
    fn dynamic_targets(&self) -> Vec<(u32, u32, String)> {
        let mut resources: Vec<u32> = match self.dynamic.len() {
            0 => Vec::new(),
            _ => self.compiled.nodes.iter().map(|node| node.resource).collect(),
        };
        resources.sort_unstable();
        resources.dedup();
        let anchor = |resource: u32, name: &String| {
            Some((resource, self.registry.dynamic_anchor(resource, name)?, name.clone()))
        };
        self.dynamic.iter().flat_map(|name| resources.iter().filter_map(move |r| anchor(*r, name))).collect()
    }

    fn resource_entry(&self, resource: u32, at: u32) -> Option<(u32, Cursor<'a>)> {
        let document = self.registry.resources.get(resource as usize)?.document;
        Some((document, self.registry.cursor(document, at)?))
    }

    /// The number of the schema at a place; it is built later.
    pub(super) fn node(&mut self, document: u32, schema: Cursor<'a>) -> NodeId {
        let new = self.compiled.nodes.len() as NodeId;
        let at = schema.index();
        let number = *self.numbers.entry((document, at)).or_insert(new);
        if number == new {
            let resource = self.registry.resource_of(document, at);
            let (keywords, annotations) = ((0, 0), (0, 0));
            let node = Node { types: ANY, quick: 0, unevaluated: false, resource, at, keywords, annotations };
            self.compiled.nodes.push(node);
            if self.compiled.nodes.len() == MAX_SCHEMAS + 1 {
                let expected = format!("at most {MAX_SCHEMAS} schemas, those that are referred to included");
                self.note(document, schema, code::LIMIT, &expected, None);
            }
        }
        number
    }

    fn build(&mut self, number: NodeId) {
        let Some(node) = self.compiled.node(number) else { return };
        if self.compiled.nodes.len() > MAX_SCHEMAS {
            return;
        }
        let resource = node.resource;
        let Some((document, schema)) = self.resource_entry(resource, node.at) else { return };
        let rules = self.registry.rules(resource);
        let mut builder = Builder {
            document,
            resource,
            rules,
            name: Name::Schema,
            types: ANY,
            unevaluated: false,
            keywords: Vec::new(),
            annotations: Vec::new(),
            properties: properties::Parts::default(),
            items: items::Parts::default(),
            contains: contains::Parts::default(),
            conditional: conditional::Parts::default(),
        };
        match schema.kind() {
            Kind::True => {}
            Kind::False => builder.types = 0,
            Kind::Object => self.keywords(&mut builder, schema),
            _ => self.note(document, schema, code::SCHEMA, "a schema: an object, true or false", None),
        }
        let compiled = &mut self.compiled;
        let (keywords, annotations) = (compiled.keywords.len() as u32, compiled.annotations.len() as u32);
        compiled.keywords.append(&mut builder.keywords);
        compiled.annotations.append(&mut builder.annotations);
        let ends = (compiled.keywords.len() as u32, compiled.annotations.len() as u32);
        if let Some(node) = compiled.nodes.get_mut(number as usize) {
            node.types = builder.types;
            node.unevaluated = builder.unevaluated;
            node.keywords = (keywords, ends.0);
            node.annotations = (annotations, ends.1);
        }
    }

    /// Reads all keywords of a schema.
    fn keywords(&mut self, builder: &mut Builder, schema: Cursor<'a>) {
        let Rules { draft, vocabularies, known, .. } = builder.rules;
        if !known && self.registry.resources.get(builder.resource as usize).is_some_and(|r| r.root == schema.index()) {
            let at = schema.member("$schema").unwrap_or(schema);
            let expected = "the URI of draft 2020-12 or draft-07, or of a metaschema at hand whose required vocabularies are known";
            self.note(
                builder.document,
                at,
                code::DIALECT,
                expected,
                Some("register the metaschema as a remote".to_owned()),
            );
        }
        let mut found: Vec<(Name, Cursor<'a>, Cursor<'a>)> = Vec::new();
        let alone = draft == Dialect::Draft07 && schema.member("$ref").is_some();
        for (key, value) in schema.children() {
            let Some(key) = key else { continue };
            let name = text(key).unwrap_or_default();
            let Some(name) = Name::of(&name, draft) else {
                self.unknown(builder.document, key, &name, draft);
                continue;
            };
            if let Some(earlier) = found.iter_mut().find(|(other, ..)| *other == name) {
                *earlier = (name, key, value); // the last counts
                self.warn(builder.document, key, code::REPEATED, "each keyword once; the last one counts");
            } else if alone && !matches!(name, Name::Ref | Name::Definitions | Name::Schema | Name::Comment) {
                let metadata = matches!(name, Name::Title | Name::Description | Name::Default | Name::Examples);
                if !metadata {
                    self.warn(builder.document, key, code::IGNORED, "no keyword beside $ref: draft-07 ignores it");
                }
            } else if vocabularies & name.entry().vocabulary != 0 {
                found.push((name, key, value));
            }
        }
        found.sort_by_key(|(name, ..)| *name);
        for (name, _, value) in found {
            builder.name = name;
            (name.entry().compile)(self, builder, value);
        }
        items::finish(builder);
        contains::finish(builder);
        properties::finish(self, builder);
        conditional::finish(builder);
        builder.keywords.sort_by_key(|keyword| keyword.name);
    }

    /// A member that is no keyword is none of ours, unless it nearly is one.
    fn unknown(&mut self, document: u32, key: Cursor<'a>, name: &str, draft: Dialect) {
        const FAMOUS: usize = 5; // shorter words are too near to too many others
        let known: Vec<&str> = Name::all(draft).collect();
        let help = did_you_mean(name, &known).filter(|_| name.len() >= FAMOUS);
        if help.is_some() {
            self.warn_with(document, key, code::UNKNOWN, "a keyword of the draft", help);
        }
    }

    fn finish(mut self) -> Outcome {
        self.names.sort_unstable();
        self.names.dedup();
        self.compiled.names = std::mem::take(&mut self.names);
        self.compiled.show_keys = self.options.show_keys;
        for (node, code, expected) in link::link(&mut self.compiled) {
            let node = self.compiled.node(node);
            if let Some((document, schema)) = node.and_then(|n| self.resource_entry(n.resource, n.at)) {
                self.note(document, schema, code, expected, None);
            }
        }
        let mut problems = Vec::new();
        for (notes, uri) in self.notes.into_iter().zip(&self.registry.uris) {
            problems.extend(notes.into_problems().into_iter().map(|mut problem| {
                if !uri.is_empty() {
                    problem.pointer = format!("{uri}#{}", problem.pointer);
                }
                problem
            }));
        }
        Outcome { compiled: self.compiled, problems }
    }

    // What keywords read their values with

    /// The schema that a value is.
    pub(super) fn schema(&mut self, builder: &Builder, value: Cursor<'a>) -> NodeId {
        self.node(builder.document, value)
    }

    /// The schemas in an array that must not be empty.
    pub(super) fn schemas(&mut self, builder: &Builder, value: Cursor<'a>) -> Vec<NodeId> {
        if value.kind() != Kind::Array || value.children().next().is_none() {
            self.wrong(builder, value, "a non-empty array of schemas");
            return Vec::new();
        }
        value.children().map(|(_, element)| self.node(builder.document, element)).collect()
    }

    /// The members of an object, each with its name as the schema writes it; of equal names the last.
    pub(super) fn members(&mut self, builder: &Builder, value: Cursor<'a>, of: &str) -> Vec<(Cursor<'a>, Cursor<'a>)> {
        if value.kind() != Kind::Object {
            self.wrong(builder, value, of);
            return Vec::new();
        }
        let mut members: Vec<_> = value.children().filter_map(|(key, member)| Some((key?, member))).collect();
        members.sort_by(|(a, _), (b, _)| a.text().cmp(&b.text())); // stable: the last of equals stays last
        for pair in members.windows(2) {
            if pair[0].0.text() == pair[1].0.text() {
                self.warn(builder.document, pair[1].0, code::REPEATED, "each name once; the last one counts");
            }
        }
        members.dedup_by(|next, first| {
            let same = next.0.text() == first.0.text();
            if same {
                *first = *next;
            }
            same
        });
        members
    }

    /// The names in an array of strings without repetition: text, and where it stands.
    pub(super) fn strings(&mut self, builder: &Builder, value: Cursor<'a>) -> Vec<(Box<[u8]>, u32)> {
        let elements: Vec<Cursor<'a>> = value.children().map(|(_, element)| element).collect();
        if value.kind() != Kind::Array || elements.iter().any(|element| element.kind() != Kind::String) {
            self.wrong(builder, value, "an array of strings");
            return Vec::new();
        }
        let mut names: Vec<(Box<[u8]>, u32)> = elements.iter().map(|e| (e.text().into(), e.index())).collect();
        names.sort_by(|a, b| a.0.cmp(&b.0));
        for pair in names.windows(2) {
            if pair[0].0 == pair[1].0
                && let Some(value) = self.registry.cursor(builder.document, pair[1].1)
            {
                self.wrong(builder, value, "each name once");
            }
        }
        names.dedup_by(|next, first| next.0 == first.0);
        self.names.extend(names.iter().map(|(name, _)| name.clone()));
        names
    }

    /// A whole number that is not negative.
    pub(super) fn count(&mut self, builder: &Builder, value: Cursor<'a>) -> Option<u64> {
        let count = (value.kind() == Kind::Number).then(|| number::count(value.raw())).flatten();
        if count.is_none() {
            self.wrong(builder, value, "a whole number from 0");
        }
        count
    }

    pub(super) fn text(&mut self, builder: &Builder, value: Cursor<'a>, of: &str) -> Option<String> {
        let text = text(value);
        if text.is_none() {
            self.wrong(builder, value, of);
        }
        text
    }

    /// Notes that a keyword's value is not what it must be.
    pub(super) fn wrong(&mut self, builder: &Builder, value: Cursor<'a>, expected: &str) {
        self.note(builder.document, value, code::VALUE, expected, None);
    }

    pub(super) fn note(
        &mut self,
        document: u32,
        at: Cursor<'a>,
        code: &'static str,
        expected: &str,
        help: Option<String>,
    ) {
        if let Some(notes) = self.notes.get_mut(document as usize) {
            notes.add_at(code, at, expected, help);
        }
    }

    /// Notes a problem inside a string, at a byte of what it says, where its escapes allow to tell.
    pub(super) fn note_inside(
        &mut self,
        builder: &Builder,
        value: Cursor<'a>,
        at: usize,
        code: &'static str,
        expected: &str,
    ) {
        let plain = value.raw().len() == value.text().len() + 2;
        let at = crate::document::start(value) + if plain { 1 + at } else { 0 };
        if let Some(notes) = self.notes.get_mut(builder.document as usize) {
            notes.add(code, at, expected, None);
        }
    }

    pub(super) fn warn(&mut self, document: u32, at: Cursor<'a>, code: &'static str, expected: &str) {
        self.warn_with(document, at, code, expected, None);
    }

    fn warn_with(&mut self, document: u32, at: Cursor<'a>, code: &'static str, expected: &str, help: Option<String>) {
        if let Some(notes) = self.notes.get_mut(document as usize) {
            notes.warn_at(code, at, expected, help);
        }
    }
}

/// Whether some of the problems keep the schema from being used.
pub(super) fn fatal(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.severity == Severity::Error)
}
