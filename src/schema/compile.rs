//! From documents to the arena: every schema that can be reached, each once, and every fault in them.

use super::dialect::{Dialect, Rules};
use super::keyword::{Name, conditional, contains, items, properties, reference};
use super::node::*;
use super::registry::Registry;
use super::{SchemaOptions, code, link};
use crate::document::{Notes, Problem, Severity, did_you_mean, text};
use crate::limits::MAX_SCHEMAS;
use crate::tape::{Cursor, Kind};

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
    pub(super) notes: Vec<Notes<'a>>,
    compiled: Compiled,
    /// Of each document, the number of the schema at each entry.
    numbers: Vec<Vec<NodeId>>,
    /// Names of members that the schema tells.
    pub(super) names: Vec<Box<[u8]>>,
    /// How much a check learns about the order of members.
    pub(super) order: usize,
    /// What all patterns hold, in units of 4 bytes.
    pub(super) patterns: usize,
    /// Names that some `$dynamicRef` looks for on the way that led to it.
    pub(super) dynamic: Vec<String>,
}

/// What a compilation gives: the arena, what is wrong, what is odd.
pub(super) struct Outcome {
    pub(super) compiled: Compiled,
    pub(super) problems: Vec<Problem>,
}

/// Compiles the first document of a registry, and what it refers to in the others. `texts` are those of the documents.
pub(super) fn compile(registry: &Registry, texts: &[&str], options: &SchemaOptions) -> Outcome {
    let notes = texts.iter().zip(0..).map(|(text, n)| Notes::new(text, registry.root(n), code::MORE)).collect();
    let entries = (0..).zip(texts).map(|(n, _)| registry.root(n).map_or(0, |root| root.nodes().len()));
    let numbers = entries.map(|entries| vec![NONE; entries]).collect();
    let mut compiler = Compiler {
        registry,
        options,
        notes,
        compiled: Compiled::default(),
        numbers,
        names: Vec::new(),
        order: 0,
        patterns: 0,
        dynamic: Vec::new(),
    };
    compiler.run();
    compiler.finish()
}

impl<'a> Compiler<'a> {
    fn run(&mut self) {
        for (document, at) in self.registry.twice() {
            if let Some(schema) = self.registry.cursor(document, at) {
                self.note(document, schema, code::TWICE, "an $id or anchor that no other schema here has", None);
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
            self.dynamic.sort_unstable();
            self.dynamic.dedup();
            for (resource, at, _) in self.dynamic_targets() {
                if let Some((document, schema)) = self.resource_entry(resource, at) {
                    self.node(document, schema);
                }
            }
        }
        let mut targets = self.dynamic_targets();
        for (resource, at, _) in &mut targets {
            let schema = self.resource_entry(*resource, *at);
            *at = schema.map_or(NONE, |(document, schema)| self.node(document, schema));
        }
        reference::settle(&mut self.compiled, &targets);
    }

    /// Resources with schemas in the arena that have an anchor which some `$dynamicRef` looks for: resource, entry, name.
    fn dynamic_targets(&self) -> Vec<(u32, u32, String)> {
        if self.dynamic.is_empty() {
            return Vec::new();
        }
        let mut resources: Vec<u32> = self.compiled.nodes.iter().map(|node| node.resource).collect();
        resources.sort_unstable();
        resources.dedup();
        let mut targets = Vec::new();
        for name in &self.dynamic {
            let anchors = resources.iter().map(|resource| (*resource, self.registry.dynamic_anchor(*resource, name)));
            targets.extend(anchors.filter_map(|(resource, at)| Some((resource, at?, name.clone()))));
        }
        targets
    }

    fn resource_entry(&self, resource: u32, at: u32) -> Option<(u32, Cursor<'a>)> {
        let document = self.registry.resources.get(resource as usize)?.document;
        Some((document, self.registry.cursor(document, at)?))
    }

    /// The number of the schema at a place; it is built later.
    pub(super) fn node(&mut self, document: u32, schema: Cursor<'a>) -> NodeId {
        let new = self.compiled.nodes.len() as NodeId;
        let at = schema.index();
        let numbers = self.numbers.get_mut(document as usize);
        let Some(number) = numbers.and_then(|numbers| numbers.get_mut(at as usize)) else { return NONE };
        if *number == NONE {
            *number = new;
            let resource = self.registry.resource_of(document, at);
            let (keywords, annotations) = ((0, 0), (0, 0));
            let node = Node { types: ANY, quick: 0, unevaluated: false, resource, at, keywords, annotations };
            self.compiled.nodes.push(node);
            if self.compiled.nodes.len() == MAX_SCHEMAS + 1 {
                let expected = format!("at most {MAX_SCHEMAS} schemas, those that are referred to included");
                self.note(document, schema, code::LIMIT, &expected, None);
            }
            return new;
        }
        *number
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
        if name.len() < FAMOUS || name.starts_with("x-") {
            return;
        }
        let known: Vec<&str> = Name::all(draft).collect();
        let help = did_you_mean(name, &known);
        if help.is_some() {
            self.warn_with(document, key, code::UNKNOWN, "a keyword of the draft", help);
        }
    }

    fn finish(mut self) -> Outcome {
        self.names.sort_unstable();
        self.names.dedup();
        self.compiled.names = std::mem::take(&mut self.names);
        self.compiled.order = self.order;
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
}

/// Whether some of the problems keep the schema from being used.
pub(super) fn fatal(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.severity == Severity::Error)
}
