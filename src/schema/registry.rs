//! All documents at hand, the resources and anchors in them, and what a reference means.

use super::dialect::{Dialect, Rules};
use super::keyword::Name;
use super::node::{NONE, Place, Resource, Tree};
use super::view::{View, sort};
use super::{SchemaOptions, code, uri};
use crate::document::{Document, Mistake};
use crate::limits::{MAX_SCHEMA_BYTES, MAX_SCHEMA_NAMES, MAX_SCHEMA_URI, MAX_SCHEMAS};
use crate::tape::Kind;

/// Documents and the names of what is in them.
#[derive(Debug, Default)]
pub(super) struct Registry<'a> {
    /// The schema itself, its remotes, and the metaschemas that they speak of.
    pub(super) sources: Vec<Source<'a>>,
    pub(super) resources: Vec<Resource>,
    rules: Vec<Rules>,
    /// In the order in which they were found.
    pub(super) names: Vec<Named>,
    /// Their numbers, by URI; of equals the one found first counts.
    order: Vec<u32>,
    /// The bytes of all names.
    bytes: usize,
    /// The schema (document, entry) whose name is over a limit; names behind it are not looked for.
    pub(super) over: Option<(u32, u32)>,
}

/// A document that was given.
#[derive(Debug)]
pub(super) struct Source<'a> {
    /// The URI that it was given under; empty for the schema itself.
    pub(super) uri: &'a str,
    pub(super) text: &'a str,
    pub(super) tree: Tree,
    /// Code and reason, if it is empty.
    pub(super) mistake: Option<(&'static str, Mistake)>,
    /// What it calls itself: its `$id` without a fragment, as it stands.
    id: String,
    /// What it means as a `$schema`, once somebody has asked.
    rules: Option<Rules>,
    /// If it is long, all values by where they stand, those of an object by name.
    index: Vec<u32>,
}

impl<'a> Source<'a> {
    pub(super) fn new(uri: &'a str, text: &'a str) -> Source<'a> {
        let (document, mistake) = if text.len() > MAX_SCHEMA_BYTES {
            let mistake = Mistake { at: 0, expected: "a schema of at most 16 MiB" };
            (Document::default(), Some((code::LIMIT, mistake)))
        } else {
            let (document, mistake) = Document::new(text);
            (document, mistake.map(|mistake| (code::JSON, mistake)))
        };
        let view = View::of(document.root());
        let (mut places, mut index) = (vec![Place::default(); view.tape.len()], Vec::new());
        for outer in 0..view.tape.len() as u32 {
            for (value, ordinal) in view.below(outer).zip(0..) {
                places[value as usize] = Place { outer, ordinal };
                if view.tape.len() > SHORT {
                    index.push(value);
                }
            }
        }
        // The members of each object by name; the rest is in order.
        sort(&mut index, &mut |a, b| {
            let outer = places[a as usize].outer;
            let order = outer.cmp(&places[b as usize].outer);
            if order.is_eq() && view.kind(outer) == Kind::Object { view.compare(a - 1, b - 1) } else { order }
        });
        let id = view.member(0, "$id").map_or(String::new(), |id| uri::split(&view.words(id)).0.to_owned());
        Source { uri, text, tree: Tree { document, places }, mistake, id, rules: None, index }
    }

    /// The member or element of a value by its name in a pointer.
    fn child(&self, outer: u32, name: &[u8]) -> Option<u32> {
        let view = self.tree.view();
        let mut place = None;
        match view.kind(outer) {
            Kind::Object => {}
            Kind::Array if name == b"0" || !name.starts_with(b"0") && name.iter().all(u8::is_ascii_digit) => {
                place = Some(std::str::from_utf8(name).ok()?.parse::<u32>().ok()?);
            }
            _ => return None,
        }
        let mut memory = Vec::new();
        let mut order = |value: &u32| {
            let Place { outer: of, ordinal } = self.tree.place(*value);
            of.cmp(&outer).then_with(|| match place {
                Some(place) => ordinal.cmp(&place),
                None => view.string(*value - 1, &mut memory).cmp(name),
            })
        };
        if self.index.is_empty() {
            return view.below(outer).filter(|value| order(value).is_eq()).last();
        }
        let behind = self.index.partition_point(|value| order(value).is_le());
        let found = self.index.get(behind.checked_sub(1)?)?;
        order(found).is_eq().then_some(*found)
    }
}

/// What a URI stands for: a resource, or with a fragment an anchor.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) uri: String,
    pub(super) document: u32,
    pub(super) at: u32,
    /// Of a `$dynamicAnchor`, its resource; else [`NONE`].
    pub(super) resource: u32,
    /// The `$dynamicAnchor` of the same resource before it.
    pub(super) before: u32,
}

impl Named {
    /// The name of an anchor.
    pub(super) fn anchor(&self) -> &str {
        uri::split(&self.uri).1
    }
}

/// A reference that means nothing.
#[derive(Debug, Default)]
pub(super) struct Lost {
    /// The URI that nothing is known by.
    pub(super) uri: String,
    /// Or the value in which there is none of a name: document, entry, name.
    pub(super) inside: Option<(u32, u32, String)>,
}

/// Entries of a document that are looked through one by one.
const SHORT: usize = 1000;

impl<'a> Registry<'a> {
    /// Registers documents.
    pub(super) fn new(sources: Vec<Source<'a>>, options: &SchemaOptions) -> Registry<'a> {
        let mut registry = Registry { sources, ..Registry::default() };
        for document in 0..registry.sources.len() {
            registry.scan(document as u32, options.dialect);
        }
        let mut order: Vec<u32> = (0..registry.names.len() as u32).collect();
        sort(&mut order, &mut |a, b| registry.uri(a).cmp(registry.uri(b)));
        registry.order = order;
        registry
    }

    fn uri(&self, name: u32) -> &str {
        self.names.get(name as usize).map_or("", |named| &named.uri)
    }

    /// Schemas (document, entry) with a name that another schema in the same document has.
    pub(super) fn twice(&self) -> Vec<(u32, u32)> {
        let mut twice = Vec::new();
        for pair in self.order.windows(2) {
            let [Some(first), Some(second)] = [pair[0], pair[1]].map(|name| self.names.get(name as usize)) else {
                break;
            };
            let same = first.uri == second.uri && first.document == second.document;
            if same && !first.uri.is_empty() && first.at != second.at {
                twice.push((second.document, second.at));
            }
        }
        twice
    }

    /// The number of the name that a URI is; [`NONE`] if it is none.
    fn named(&self, uri: &str) -> u32 {
        let at = self.order.partition_point(|name| self.uri(*name) < uri);
        self.order.get(at).copied().filter(|name| self.uri(*name) == uri).unwrap_or(NONE)
    }

    pub(super) fn view(&self, document: u32) -> View<'_> {
        self.sources.get(document as usize).map_or(View::default(), |source| source.tree.view())
    }

    /// The rules in force in a resource.
    pub(super) fn rules(&self, resource: u32) -> Rules {
        let dialect = self.resources.get(resource as usize).map_or(NONE, |resource| resource.dialect);
        self.rules.get(dialect as usize).copied().unwrap_or(Rules::of(Dialect::default()))
    }

    /// The innermost resource around an entry of a document.
    pub(super) fn resource_of(&self, document: u32, at: u32) -> u32 {
        let before = self.resources.partition_point(|r| (r.document, r.root) <= (document, at));
        let mut found = before.saturating_sub(1) as u32;
        let view = self.view(document);
        while let Some(resource) = self.resources.get(found as usize)
            && resource.outer != NONE
            && at >= view.next(resource.root)
        {
            found = resource.outer;
        }
        found
    }

    /// What a reference in a resource means: document and entry; and the number of the `$dynamicAnchor` that it names, or
    /// [`NONE`].
    ///
    /// # Errors
    /// It means nothing that is known.
    pub(super) fn resolve(&self, resource: u32, reference: &str) -> Result<(u32, u32, u32), Lost> {
        let base = self.resources.get(resource as usize).map_or("", |r| &r.uri);
        let whole = uri::resolve(base, reference);
        let (name, fragment) = uri::split(&whole);
        let fragment = uri::decode(fragment).ok_or_else(Lost::default)?;
        let mut uri = name.to_owned();
        let mut found = self.named(&uri);
        let is_anchor = found != NONE && !fragment.is_empty() && !fragment.starts_with('/');
        if is_anchor {
            uri = [name, "#", &fragment].concat();
            found = self.named(&uri);
        }
        let Some(named) = self.names.get(found as usize) else { return Err(Lost { uri, inside: None }) };
        if is_anchor {
            return Ok((named.document, named.at, if named.resource == NONE { NONE } else { found }));
        }
        Ok((named.document, self.follow(named.document, named.at, fragment.as_bytes())?, NONE))
    }

    /// Follows a JSON pointer (RFC 6901).
    fn follow(&self, document: u32, root: u32, pointer: &[u8]) -> Result<u32, Lost> {
        let (mut here, mut rest, mut name) = (root, pointer.iter().copied().peekable(), Vec::new());
        while rest.next().is_some() {
            name.clear();
            while let Some(byte) = rest.next_if(|byte| *byte != b'/') {
                let escape = if byte == b'~' { rest.next_if(|byte| matches!(byte, b'0' | b'1')) } else { None };
                name.push(match escape {
                    Some(b'1') => b'/',
                    _ => byte,
                });
            }
            let child = self.sources.get(document as usize).and_then(|source| source.child(here, &name));
            here = child.ok_or_else(|| Lost {
                uri: String::new(),
                inside: Some((document, here, String::from_utf8_lossy(&name).into_owned())),
            })?;
        }
        Ok(here)
    }

    /// Finds the resources and anchors of a document, in the order of its text.
    fn scan(&mut self, document: u32, default: Dialect) {
        let view = self.view(document);
        let uri = self.sources.get(document as usize).map_or("", |source| source.uri);
        let rules = match view.member(0, "$schema").map(|own| view.words(own)) {
            Some(dialect) if !dialect.is_empty() => self.dialect(&dialect),
            _ => Rules::of(default),
        };
        let first = self.resource(uri::split(uri).0.to_owned(), document, 0, NONE, rules);
        let mut todo = vec![(0, first)];
        let mut below = Vec::new();
        while let Some((at, outer)) = todo.pop().filter(|_| self.over.is_none()) {
            let view = self.view(document);
            let mut found = [0; Name::ALL];
            let mut memory = Vec::new();
            for value in view.below(at) {
                if let Some(name) = Name::of(view.string(value - 1, &mut memory)) {
                    found[name as usize] = value;
                }
            }
            let resource = self.identify(document, at, outer, &found);
            let (draft, view) = (self.rules(resource).draft, self.view(document));
            for name in Name::all().filter(|name| name.entry().is_of(draft)) {
                let value = found[name as usize];
                let (is_one, is_many) = name.entry().form.schemas(view.kind(value));
                if value != 0 && is_one {
                    below.push(value);
                }
                if value != 0 && is_many {
                    below.extend(view.below(value).filter(|value| view.kind(*value) == Kind::Object));
                }
            }
            // In the order of the text: the first is the next.
            sort(&mut below, &mut |a, b| b.cmp(&a));
            todo.extend(below.drain(..).map(|at| (at, resource)));
        }
    }

    /// Registers what a schema calls itself; gives the resource that it belongs to.
    fn identify(&mut self, document: u32, at: u32, outer: u32, found: &[u32; Name::ALL]) -> u32 {
        let view = self.view(document);
        let said = |name: Name| match found[name as usize] {
            0 => None,
            value => Some(view.words(value)).filter(|text| !text.is_empty()),
        };
        let (id, own, anchor, dynamic) =
            (said(Name::Id), said(Name::Schema), said(Name::Anchor), said(Name::DynamicAnchor));
        let aside = found[Name::Ref as usize] != 0;
        let rules = match own {
            Some(own) if at > 0 && id.is_some() => self.dialect(&own),
            _ => self.rules(outer),
        };
        let old = rules.draft == Dialect::Draft07;
        let mut resource = outer;
        if let Some(id) = id.filter(|_| !(old && aside)) {
            let (name, fragment) = uri::split(&id);
            if !name.is_empty() {
                let uri = uri::resolve(self.resources.get(outer as usize).map_or("", |outer| &outer.uri), name);
                if at > 0 {
                    resource = self.resource(uri, document, at, outer, rules);
                } else if let Some(root) = self.resources.get_mut(outer as usize) {
                    root.uri.clone_from(&uri);
                    self.name(uri, document, 0, NONE);
                }
            }
            if !fragment.is_empty() && old {
                self.anchor(document, at, resource, fragment, NONE);
            }
        }
        if !old {
            for (name, of) in [(anchor, NONE), (dynamic, resource)] {
                if let Some(name) = name {
                    self.anchor(document, at, resource, &name, of);
                }
            }
        }
        resource
    }

    /// Adds a resource, and its name.
    fn resource(&mut self, uri: String, document: u32, root: u32, outer: u32, rules: Rules) -> u32 {
        let dialect = self.rules.iter().position(|known| *known == rules).unwrap_or(self.rules.len());
        if dialect == self.rules.len() {
            self.rules.push(rules);
        }
        self.name(uri.clone(), document, root, NONE);
        self.resources.push(Resource { uri, document, root, outer, dialect: dialect as u32, anchor: NONE });
        self.resources.len() as u32 - 1
    }

    fn anchor(&mut self, document: u32, at: u32, resource: u32, name: &str, dynamic: u32) {
        let uri = self.resources.get(resource as usize).map_or("", |resource| &resource.uri);
        self.name([uri, "#", name].concat(), document, at, dynamic);
    }

    fn name(&mut self, uri: String, document: u32, at: u32, resource: u32) {
        let mut before = NONE;
        if let Some(resource) = self.resources.get_mut(resource as usize) {
            before = std::mem::replace(&mut resource.anchor, self.names.len() as u32);
        }
        self.bytes += uri.len();
        if uri.len() > MAX_SCHEMA_URI || self.bytes > MAX_SCHEMA_NAMES || self.names.len() > 2 * MAX_SCHEMAS {
            self.over.get_or_insert((document, at));
        }
        self.names.push(Named { uri, document, at, resource, before });
    }

    /// The rules that a `$schema` means: those of a draft, or of a metaschema at hand with its `$vocabulary`.
    fn dialect(&mut self, uri: &str) -> Rules {
        if let Some(rules) = self.metaschema(uri).and_then(|found| self.sources.get(found)?.rules) {
            return rules;
        }
        let rules = self.look_up(uri, 0);
        if let Some(source) = self.metaschema(uri).and_then(|found| self.sources.get_mut(found)) {
            source.rules = Some(rules);
        }
        rules
    }

    /// The number of the document that has a URI.
    fn metaschema(&self, uri: &str) -> Option<usize> {
        let name = uri::split(uri).0;
        self.sources.iter().position(|source| uri::split(source.uri).0 == name || source.id == name)
    }

    fn look_up(&self, uri: &str, deep: usize) -> Rules {
        const DEEPEST: usize = 8;
        if let Some(rules) = Rules::named(uri) {
            return rules;
        }
        let found = self.metaschema(uri).and_then(|found| self.sources.get(found));
        let Some(source) = found.filter(|_| deep < DEEPEST) else {
            return Rules { known: false, ..Rules::of(Dialect::default()) };
        };
        let view = source.tree.view();
        let own = view.member(0, "$schema").map_or(String::new(), |own| view.words(own));
        let mut rules = match own.is_empty() || own == uri {
            true => Rules::of(Dialect::default()),
            false => self.look_up(&own, deep + 1),
        };
        if let Some(vocabulary) = view.member(0, "$vocabulary") {
            rules.vocabularies = super::dialect::vocabulary::CORE;
            for required in view.below(vocabulary) {
                rules.add(&view.words(required - 1), view.kind(required) == Kind::True);
            }
        }
        rules
    }
}
