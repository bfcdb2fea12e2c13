//! From documents to the arena: every schema that can be reached, each once, and every fault in them.

use super::dialect::Dialect;
use super::finding::mend;
use super::keyword::{NOTES, Name, PART, conditional, contains, items, properties, reference};
use super::link;
use super::names::Names;
use super::node::*;
use super::registry::{Registry, Source};
use super::view::{View, sort};
use super::{SchemaOptions, code};
use crate::document::{Mistake, Notes, Problem, nearest};
use crate::limits::{MAX_REMOTES, MAX_SCHEMAS};
use crate::tape::Kind;

/// Compiles what a registry holds.
pub(super) struct Compiler<'a> {
    pub(super) registry: &'a Registry<'a>,
    pub(super) options: &'a SchemaOptions,
    pub(super) notes: Vec<Notes<'a>>,
    pub(super) compiled: Compiled,
    /// Of each document, the number of the schema at each entry.
    numbers: Vec<Vec<NodeId>>,
    /// The resources that have schemas in the arena, in the order in which they were reached.
    reached: Vec<u32>,
    is_reached: Vec<bool>,
    /// The bytes of all texts told so far, and where each stands.
    texts: Vec<u8>,
    told: Vec<Told>,
    /// What all patterns cost, and the number of each by its text.
    pub(super) patterns: usize,
    pub(super) known_patterns: Vec<(String, u32)>,
    /// The draft whose metaschemas were referred to, and are not there.
    pub(super) wanted: Option<Dialect>,
    /// How many mends may still be looked for.
    pub(super) mends: u32,
    /// Anchors that some `$dynamicRef` looks for on the way that led to it, and the words that are to say where.
    pub(super) dynamic: Vec<(u32, u32)>,
    // The schema at hand.
    pub(super) document: u32,
    pub(super) resource: u32,
    pub(super) view: View<'a>,
    pub(super) draft: Dialect,
    pub(super) assert_formats: bool,
    pub(super) types: Kinds,
    /// Of each keyword, what its value came to; [`ABSENT`] if it is not there.
    operands: [(u32, u32); Name::ALL],
}

/// A text that the schema tells: its bytes, the word that is to be its number, and whether it is a member's name.
struct Told {
    start: usize,
    end: usize,
    word: u32,
    shows: bool,
}

/// [`Compiler::mends`] at first.
const MENDS: u32 = 2000;

const ABSENT: (u32, u32) = (NONE, NONE);

/// What a compilation gives: the arena, what is wrong and odd, and whether only the metaschemas of a draft are missing.
pub(super) struct Outcome {
    pub(super) compiled: Compiled,
    pub(super) problems: Vec<Problem>,
    pub(super) wanted: Option<Dialect>,
}

/// Compiles the first document of a registry, and what it refers to in the others.
pub(super) fn compile(registry: Registry<'_>, options: &SchemaOptions) -> Outcome {
    let (mut notes, mut numbers) = (Vec::new(), Vec::new());
    for Source { text, tree, mistake, .. } in &registry.sources {
        let mut noted = Notes::new(text, tree.document.root(), code::MORE);
        if let Some((code, Mistake { at, expected })) = mistake {
            noted.add(code, *at, expected, "");
        }
        notes.push(noted);
        numbers.push(vec![NONE; tree.places.len()]);
    }
    let mut compiler = Compiler {
        registry: &registry,
        options,
        notes,
        compiled: Compiled::default(),
        numbers,
        reached: Vec::new(),
        is_reached: vec![false; registry.resources.len()],
        texts: Vec::new(),
        told: Vec::new(),
        patterns: 0,
        known_patterns: Vec::new(),
        mends: MENDS,
        wanted: None,
        dynamic: Vec::new(),
        document: 0,
        resource: 0,
        view: View::default(),
        draft: Dialect::default(),
        assert_formats: false,
        types: ANY,
        operands: [ABSENT; Name::ALL],
    };
    if options.remotes.len() > MAX_REMOTES {
        compiler.note_byte(0, code::LIMIT, "at most 1000 remotes", "");
    }
    compiler.run();
    compiler.number_texts();
    compiler.link();
    let Compiler { mut compiled, notes, wanted, .. } = compiler;
    let mut problems = Vec::new();
    for (notes, source) in notes.into_iter().zip(&registry.sources) {
        for mut problem in notes.into_problems() {
            if !source.uri.is_empty() {
                problem.pointer = [source.uri, "#", &problem.pointer].concat();
            }
            problems.push(problem);
        }
    }
    compiled.show_keys = options.show_keys;
    compiled.resources = registry.resources;
    compiled.trees = registry.sources.into_iter().map(|source| source.tree).collect();
    Outcome { compiled, problems, wanted }
}

impl<'a> Compiler<'a> {
    fn run(&mut self) {
        let registry = self.registry;
        if let Some((document, at)) = registry.over {
            return self.note_in(document, at, code::LIMIT, "fewer or shorter URIs: of $ids, anchors and remotes");
        }
        for (document, at) in registry.twice() {
            self.note_in(document, at, code::TWICE, "an $id or anchor that no other schema here has");
        }
        self.node(0, 0);
        let (mut next, mut looked) = (0, 0);
        while next < self.compiled.nodes.len() && self.compiled.nodes.len() <= MAX_SCHEMAS {
            self.build(next as NodeId);
            next += 1;
            // Whatever a name may lead to from a resource that may be on the way.
            while next == self.compiled.nodes.len() && looked < self.reached.len() && !self.dynamic.is_empty() {
                let resource = self.reached[looked];
                looked += 1;
                let mut anchor = registry.resources.get(resource as usize).map_or(NONE, |resource| resource.anchor);
                while let Some(named) = registry.names.get(anchor as usize) {
                    self.node(named.document, named.at);
                    anchor = named.before;
                }
            }
        }
        reference::settle(self);
    }

    /// The number of the schema at a place; it is built later.
    #[inline(never)]
    pub(super) fn node(&mut self, document: u32, at: u32) -> NodeId {
        let new = self.compiled.nodes.len() as NodeId;
        let numbers = self.numbers.get_mut(document as usize);
        let Some(number) = numbers.and_then(|numbers| numbers.get_mut(at as usize)) else { return NONE };
        if *number != NONE {
            return *number;
        }
        *number = new;
        let resource = self.registry.resource_of(document, at);
        if let Some(is_reached) = self.is_reached.get_mut(resource as usize).filter(|is| !**is) {
            *is_reached = true;
            self.reached.push(resource);
        }
        let quickly = Quickly { types: ANY, unevaluated: false, keywords: (0, 0), object: NONE };
        let node = Node { types: ANY, quick: 0, unevaluated: false, resource, at, keywords: (0, 0), end: 0, quickly };
        self.compiled.nodes.push(node);
        if self.compiled.nodes.len() == MAX_SCHEMAS + 1 {
            self.note_in(document, at, code::LIMIT, "at most 200,000 schemas, those that are referred to included");
        }
        new
    }

    /// The number of the schema at a place, if it has one.
    pub(super) fn number(&self, document: u32, at: u32) -> NodeId {
        let numbers = self.numbers.get(document as usize);
        numbers.and_then(|numbers| numbers.get(at as usize)).copied().unwrap_or(NONE)
    }

    fn build(&mut self, number: NodeId) {
        let Some(Node { resource, at, .. }) = self.compiled.node(number).copied() else { return };
        let Some(Resource { document, root, .. }) = self.registry.resources.get(resource as usize) else { return };
        let rules = self.registry.rules(resource);
        (self.resource, self.document, self.view) = (resource, *document, self.registry.view(*document));
        (self.draft, self.assert_formats) = (rules.draft, rules.assert_formats || self.options.assert_formats);
        self.types = ANY;
        self.operands = [ABSENT; Name::ALL];
        let first = self.compiled.keywords.len() as u32;
        match self.view.kind(at) {
            Kind::True => {}
            Kind::False => self.types = 0,
            Kind::Object => {
                if !rules.known && *root == at {
                    let place = self.view.member(at, "$schema").unwrap_or(at);
                    let named = self.view.words(place);
                    let old = ["/draft-04/", "/draft-06/", "/2019-09/"].iter().any(|draft| named.contains(draft));
                    let help = match old {
                        true => {
                            "leave $schema out, or name a draft that is known, where the schema says the same in it"
                        }
                        false => "register the metaschema as a remote (the option remotes, or --remotes)",
                    };
                    let expected = "the URI of draft 2020-12 or draft-07, or of a metaschema at hand whose required vocabularies are known";
                    self.note(place, code::DIALECT, expected, help);
                }
                self.keywords(at, rules.vocabularies);
            }
            _ => self.note(at, code::SCHEMA, "a schema: an object, true or false", ""),
        }
        let last = self.compiled.keywords.len() as u32;
        for name in Name::all() {
            if name.entry().kinds == NOTES && self.has(name) {
                self.demand(0, name, (0, 0));
            }
        }
        let unevaluated = self.has(Name::UnevaluatedItems) || self.has(Name::UnevaluatedProperties);
        let end = self.compiled.keywords.len() as u32;
        if let Some(node) = self.compiled.nodes.get_mut(number as usize) {
            (node.types, node.unevaluated, node.keywords, node.end) = (self.types, unevaluated, (first, last), end);
        }
    }

    /// Reads all keywords of a schema, then puts down what they demand.
    fn keywords(&mut self, schema: u32, vocabularies: u8) {
        let mut found = [0; Name::ALL];
        let alone = self.draft == Dialect::Draft07 && self.view.member(schema, "$ref").is_some();
        let mut memory = Vec::new();
        for value in self.view.below(schema) {
            let text = self.view.string(value - 1, &mut memory);
            let Some(name) = Name::of(text).filter(|name| name.entry().is_of(self.draft)) else {
                self.unknown(value);
                continue;
            };
            let entry = name.entry();
            if found[name as usize] != 0 {
                self.warn(value - 1, code::REPEATED, "each keyword once; the last one counts", "");
            } else if alone && !matches!(name, Name::Ref | Name::Definitions | Name::Schema | Name::Comment) {
                let harmless = matches!(name, Name::Title | Name::Description | Name::Default | Name::Examples);
                if !harmless {
                    self.warn(value - 1, code::IGNORED, "no keyword beside $ref: draft-07 ignores it", "");
                }
                continue;
            } else if vocabularies & entry.vocabulary == 0 {
                continue;
            }
            found[name as usize] = value;
        }
        for name in Name::all().filter(|name| found[*name as usize] != 0) {
            let value = found[name as usize];
            match name {
                Name::Then | Name::Else if found[Name::If as usize] == 0 => self.idle(value, "\"if\""),
                Name::MinContains | Name::MaxContains if found[Name::Contains as usize] == 0 => {
                    self.idle(value, "\"contains\"");
                }
                Name::AdditionalItems if self.view.kind(found[Name::Items as usize]) != Kind::Array => {
                    self.idle(value, "a list of schemas as \"items\"");
                }
                _ => {}
            }
            self.operands[name as usize] = self.read(name, value).unwrap_or(ABSENT);
        }
        for name in Name::all() {
            let (kinds, operands) = (name.entry().kinds, self.operands(name));
            match name {
                Name::Items => items::finish(self),
                Name::Contains => contains::finish(self),
                Name::Properties => properties::finish(self),
                Name::If => conditional::finish(self),
                Name::Format if operands.0 != NONE => self.demand(STRING, name, operands),
                Name::UniqueItems if operands.0 == 0 => {}
                _ if kinds & (NOTES | PART) == 0 && operands != ABSENT => self.demand(kinds, name, operands),
                _ => {}
            }
        }
    }

    /// Adds what a keyword demands of values of these kinds.
    #[inline(never)]
    pub(super) fn demand(&mut self, kinds: Kinds, name: Name, (a, b): (u32, u32)) {
        self.compiled.keywords.push(Keyword { kinds, name, a, b });
    }

    /// What the value of a keyword came to.
    pub(super) fn operands(&self, name: Name) -> (u32, u32) {
        self.operands[name as usize]
    }

    pub(super) fn has(&self, name: Name) -> bool {
        self.operands(name) != ABSENT
    }

    /// A keyword that says nothing where another one is missing.
    #[cold]
    fn idle(&mut self, value: u32, without: &str) {
        let expected = [without, " beside it: this says nothing without"].concat();
        self.warn(value - 1, code::IGNORED, &expected, "");
    }

    /// A member that is no keyword is none of ours, unless it nearly is one, or is one elsewhere.
    #[inline(never)]
    fn unknown(&mut self, value: u32) {
        const FAMOUS: usize = 5; // shorter words are too near to too many others
        let word = self.view.words(value - 1);
        let mut help = match word.as_str() {
            "$recursiveRef" | "$recursiveAnchor" => "since draft 2020-12 it is \"$dynamicRef\" with \"$dynamicAnchor\"",
            "id" if self.view.kind(value) == Kind::String => "since draft-06 it is \"$id\"",
            _ if Name::of(word.as_bytes()).is_none() => "",
            _ if self.draft == Dialect::Draft07 => "draft 2020-12 has it, draft-07 does not",
            _ => "draft-07 has it, draft 2020-12 does not",
        };
        let near;
        if help.is_empty() && word.len() >= FAMOUS && !word.starts_with("x-") && self.may_mend(1) {
            let of_draft = |name: Name| Some(name.entry()).filter(|entry| entry.is_of(self.draft));
            let known = Name::all().filter_map(of_draft).map(|entry| entry.name);
            near = nearest(&word, known).map(mend).unwrap_or_default();
            help = &near;
        }
        if !help.is_empty() {
            self.warn(value - 1, code::UNKNOWN, "a keyword of the draft", help);
        }
    }

    /// Whether a mend may still be looked for: each takes many comparisons, and a hostile schema has many faults.
    pub(super) fn may_mend(&mut self, cost: u32) -> bool {
        self.mends = self.mends.saturating_sub(cost);
        self.mends > 0
    }

    /// Puts down a text that checks compare with, as a word that is its number in the end.
    #[inline(never)]
    pub(super) fn tell(&mut self, text: &[u8], shows: bool) {
        let (start, word) = (self.texts.len(), self.compiled.words.len() as u32);
        self.texts.extend_from_slice(text);
        self.told.push(Told { start, end: self.texts.len(), word, shows });
        self.compiled.words.push(NONE);
    }

    /// Numbers all texts in their order.
    fn number_texts(&mut self) {
        let mut order: Vec<u32> = (0..self.told.len() as u32).collect();
        let text = |told: &Told| self.texts.get(told.start..told.end).unwrap_or_default();
        sort(&mut order, &mut |a, b| text(&self.told[a as usize]).cmp(text(&self.told[b as usize])));
        let (mut names, mut shows) = (Names::default(), Vec::new());
        let mut last: &[u8] = &[];
        for told in order.iter().filter_map(|number| self.told.get(*number as usize)) {
            if shows.is_empty() || text(told) != last {
                last = text(told);
                names.add(last);
                shows.push(false);
            }
            let number = shows.len() - 1;
            shows[number] |= told.shows;
            self.compiled.words[told.word as usize] = number as u32;
        }
        names.close();
        (self.compiled.names, self.compiled.shows) = (names, shows);
    }

    fn link(&mut self) {
        for (node, code, expected) in link::link(&mut self.compiled) {
            if let Some(Node { resource, at, .. }) = self.compiled.node(node).copied()
                && let Some(resource) = self.registry.resources.get(resource as usize)
            {
                self.note_in(resource.document, at, code, expected);
            }
        }
    }
}
