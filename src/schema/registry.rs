//! All documents at hand, the resources and anchors in them, and what a reference means.

use super::dialect::{Dialect, METASCHEMAS, Rules, family};
use super::keyword::{Name, Shape};
use super::node::Resource;
use super::{SchemaOptions, uri};
use crate::document::{Document, nearest, text};
use crate::tape::{Cursor, Kind};

/// Names that are looked at for one that may have been meant.
const MOST_NEAR: usize = 500;

/// Documents and the names of what is in them.
#[derive(Debug, Default)]
pub(super) struct Registry {
    pub(super) documents: Vec<Document>,
    /// The URI that each document was given under; empty for the schema itself.
    pub(super) uris: Vec<String>,
    /// The texts of those at the end that are built in.
    pub(super) metaschemas: Vec<&'static str>,
    pub(super) resources: Vec<Resource>,
    pub(super) rules: Vec<Rules>,
    /// By URI, ascending once all documents are scanned; of equals the one found first counts.
    names: Vec<Named>,
}

/// What a URI stands for: a resource, or with a fragment an anchor.
#[derive(Debug)]
struct Named {
    uri: String,
    document: u32,
    at: u32,
    dynamic: bool,
}

/// What a reference means.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) document: u32,
    pub(super) at: u32,
    /// The name of the `$dynamicAnchor` that it led to.
    pub(super) dynamic: Option<String>,
}

impl Registry {
    /// Registers documents that could be read: their URIs, and the options of whom they are for.
    pub(super) fn new(documents: Vec<(String, Document)>, options: &SchemaOptions) -> Registry {
        let mut registry = Registry::default();
        for (uri, document) in documents {
            registry.uris.push(uri);
            registry.documents.push(document);
        }
        for draft in [Dialect::Draft202012, Dialect::Draft07] {
            if registry.documents.iter().any(|document| mentions(document, family(draft))) {
                for (uri, _, text) in METASCHEMAS.iter().filter(|(_, of, _)| *of == draft) {
                    registry.uris.push((*uri).to_owned());
                    registry.documents.push(Document::new(text).0);
                    registry.metaschemas.push(text);
                }
            }
        }
        for number in 0..registry.documents.len() as u32 {
            registry.scan(number, options.dialect);
        }
        registry.names.sort_by(|a, b| a.uri.cmp(&b.uri));
        registry
    }

    /// Schemas (document, entry) with a name that another schema in the same document has.
    pub(super) fn twice(&self) -> impl Iterator<Item = (u32, u32)> {
        let pairs = self.names.windows(2).filter(|pair| pair[0].uri == pair[1].uri && !pair[0].uri.is_empty());
        let same = pairs.filter(|pair| pair[0].document == pair[1].document && pair[0].at != pair[1].at);
        same.map(|pair| (pair[1].document, pair[1].at))
    }

    fn named(&self, uri: &str) -> Option<&Named> {
        let at = self.names.partition_point(|named| named.uri.as_str() < uri);
        self.names.get(at).filter(|named| named.uri == uri)
    }

    pub(super) fn root(&self, document: u32) -> Option<Cursor<'_>> {
        self.documents.get(document as usize)?.root()
    }

    pub(super) fn cursor(&self, document: u32, at: u32) -> Option<Cursor<'_>> {
        self.root(document)?.go(at)
    }

    /// The rules in force in a resource.
    pub(super) fn rules(&self, resource: u32) -> Rules {
        let dialect = self.resources.get(resource as usize).map(|resource| resource.dialect);
        dialect.and_then(|d| self.rules.get(d as usize)).copied().unwrap_or(Rules::of(Dialect::default()))
    }

    /// The innermost resource around an entry of a document.
    pub(super) fn resource_of(&self, document: u32, at: u32) -> u32 {
        let before = self.resources.partition_point(|r| (r.document, r.root) <= (document, at));
        let mut found = before.saturating_sub(1) as u32;
        while let Some(resource) = self.resources.get(found as usize) {
            let inside = self.cursor(document, resource.root).is_some_and(|root| at < root.node().next);
            match resource.outer {
                Some(outer) if !inside => found = outer,
                _ => break,
            }
        }
        found
    }

    /// What a reference in a resource means.
    ///
    /// # Errors
    /// It means nothing that is known; a mend, where one is near.
    pub(super) fn resolve(&self, resource: u32, reference: &str) -> Result<Target, Option<String>> {
        let base = self.resources.get(resource as usize).map_or("", |r| &r.uri);
        let whole = uri::resolve(base, reference);
        let (name, fragment) = uri::split(&whole);
        let fragment = uri::decode(fragment).ok_or(None)?;
        let Some(found) = self.named(name) else {
            let help = self.near(name).unwrap_or("register it as a remote".to_owned());
            return Err(Some(help));
        };
        if fragment.is_empty() || fragment.starts_with('/') {
            let at = self.follow(found.document, found.at, &fragment)?;
            return Ok(Target { document: found.document, at, dynamic: None });
        }
        let whole = format!("{name}#{fragment}");
        match self.named(&whole) {
            Some(Named { document, at, dynamic, .. }) => {
                Ok(Target { document: *document, at: *at, dynamic: dynamic.then_some(fragment) })
            }
            None => Err(self.near(&whole)),
        }
    }

    /// A name that may have been meant.
    fn near(&self, uri: &str) -> Option<String> {
        let known = self.names.iter().map(|named| named.uri.as_str()).filter(|known| !known.is_empty());
        nearest(uri, known.take(MOST_NEAR)).map(|near| format!("did you mean \"{near}\"?"))
    }

    /// The schema with that `$dynamicAnchor` in a resource.
    pub(super) fn dynamic_anchor(&self, resource: u32, name: &str) -> Option<u32> {
        let uri = &self.resources.get(resource as usize)?.uri;
        self.named(&format!("{uri}#{name}")).filter(|named| named.dynamic).map(|named| named.at)
    }

    /// Follows a JSON pointer (RFC 6901).
    fn follow(&self, document: u32, root: u32, pointer: &str) -> Result<u32, Option<String>> {
        let mut here = self.cursor(document, root).ok_or(None)?;
        for segment in pointer.split('/').skip(1) {
            let name = segment.replace("~1", "/").replace("~0", "~");
            let next = match here.kind() {
                Kind::Object => here.member(&name),
                Kind::Array => {
                    let plain = name.len() < 10 && (name == "0" || !name.starts_with('0'));
                    let index = name.parse().ok().filter(|_| plain && !name.starts_with('+'));
                    index.and_then(|index| here.children().nth(index)).map(|(_, element)| element)
                }
                _ => None,
            };
            here = next.ok_or_else(|| {
                let names: Vec<String> = here.children().filter_map(|(key, _)| text(key?)).collect();
                nearest(&name, names.iter().take(MOST_NEAR).map(String::as_str)).map(|near| format!("did you mean \"{near}\"?"))
            })?;
        }
        Ok(here.index())
    }

    /// Finds the resources and anchors of a document, in the order of its text.
    fn scan(&mut self, document: u32, default: Dialect) {
        let uri = self.uris.get(document as usize).cloned().unwrap_or_default();
        let Some(root) = self.root(document) else { return };
        let rules = match root.member("$schema").and_then(text) {
            Some(dialect) => self.dialect(&dialect, 0),
            None => Rules::of(default),
        };
        let dialect = self.number(rules);
        let resource = Resource { uri: uri::split(&uri).0.to_owned(), document, root: 0, outer: None, dialect };
        let first = self.resources.len() as u32;
        self.name(resource.uri.clone(), document, 0, false);
        self.resources.push(resource);
        let mut todo = vec![(0, first)];
        while let Some((at, outer)) = todo.pop() {
            let Some(kind) = self.cursor(document, at).map(|schema| schema.kind()) else { continue };
            if kind != Kind::Object {
                continue;
            }
            let resource = self.identify(document, at, outer);
            let draft = self.rules(resource).draft;
            let found = todo.len();
            if let Some(schema) = self.cursor(document, at) {
                subschemas(schema, draft, |child| todo.push((child, resource)));
            }
            todo[found..].reverse();
        }
    }

    /// Registers what a schema calls itself; gives the resource that it belongs to.
    fn identify(&mut self, document: u32, at: u32, outer: u32) -> u32 {
        let Some(schema) = self.cursor(document, at) else { return outer };
        let member = |name| schema.member(name).and_then(text);
        let (id, own) = (member("$id"), member("$schema"));
        let anchors = [(member("$anchor"), false), (member("$dynamicAnchor"), true)];
        let old = self.rules(outer);
        let draft = match (&id, own) {
            (Some(_), Some(own)) if at > 0 => self.dialect(&own, 0),
            _ => old,
        };
        let mut resource = outer;
        let aside = draft.draft == Dialect::Draft07 && schema_has(self.cursor(document, at), "$ref");
        if let Some(id) = id.filter(|_| !aside) {
            let (name, fragment) = uri::split(&id);
            if !name.is_empty() {
                let base = self.resources.get(outer as usize).map_or("", |r| &r.uri);
                let uri = uri::resolve(base, name);
                if at == 0 {
                    if let Some(root) = self.resources.get_mut(outer as usize) {
                        root.uri.clone_from(&uri);
                    }
                } else {
                    resource = self.resources.len() as u32;
                    let dialect = self.number(draft);
                    self.resources.push(Resource { uri: uri.clone(), document, root: at, outer: Some(outer), dialect });
                }
                self.name(uri, document, at, false);
            }
            if !fragment.is_empty() && draft.draft == Dialect::Draft07 {
                self.anchor(document, at, resource, fragment, false);
            }
        }
        if draft.draft == Dialect::Draft202012 {
            for (name, dynamic) in anchors {
                if let Some(name) = name {
                    self.anchor(document, at, resource, &name, dynamic);
                }
            }
        }
        resource
    }

    fn anchor(&mut self, document: u32, at: u32, resource: u32, name: &str, dynamic: bool) {
        if let Some(resource) = self.resources.get(resource as usize) {
            self.name(format!("{}#{name}", resource.uri), document, at, dynamic);
        }
    }

    fn name(&mut self, uri: String, document: u32, at: u32, dynamic: bool) {
        self.names.push(Named { uri, document, at, dynamic });
    }

    /// The rules that a `$schema` means: those of a draft, or of a metaschema at hand with its `$vocabulary`.
    fn dialect(&self, uri: &str, deep: usize) -> Rules {
        const DEEPEST: usize = 8;
        if let Some(rules) = Rules::named(uri) {
            return rules;
        }
        let name = uri::split(uri).0;
        let called = |document: &usize| {
            let id = || self.root(*document as u32)?.member("$id").and_then(text);
            self.uris[*document] == name || id().is_some_and(|id| uri::split(&id).0 == name)
        };
        let found = (0..self.documents.len()).find(called).and_then(|document| self.root(document as u32));
        let Some(metaschema) = found.filter(|_| deep < DEEPEST) else {
            return Rules { known: false, ..Rules::of(Dialect::default()) };
        };
        let own = metaschema.member("$schema").and_then(text).filter(|own| own != uri);
        let mut rules = own.map_or(Rules::of(Dialect::default()), |own| self.dialect(&own, deep + 1));
        if let Some(vocabulary) = metaschema.member("$vocabulary") {
            rules = Rules { vocabularies: super::dialect::vocabulary::CORE, ..rules };
            for (key, required) in vocabulary.children() {
                rules.add(&key.and_then(text).unwrap_or_default(), required.kind() == Kind::True);
            }
        }
        rules
    }

    fn number(&mut self, rules: Rules) -> u32 {
        let found = self.rules.iter().position(|known| *known == rules);
        found.unwrap_or_else(|| {
            self.rules.push(rules);
            self.rules.len() - 1
        }) as u32
    }
}

fn schema_has(schema: Option<Cursor<'_>>, name: &str) -> bool {
    schema.and_then(|schema| schema.member(name)).is_some()
}

/// Tells the entries of all schemas directly below one.
fn subschemas(schema: Cursor<'_>, draft: Dialect, mut tell: impl FnMut(u32)) {
    for (key, value) in schema.children() {
        let name = key.and_then(text).and_then(|name| Name::of(&name, draft));
        let mut below = || value.children().for_each(|(_, child)| tell(child.index()));
        match (name.map(|name| name.entry().shape), value.kind()) {
            (Some(Shape::One | Shape::OneOrList), Kind::Object) => tell(value.index()),
            (Some(Shape::List | Shape::OneOrList), Kind::Array) | (Some(Shape::Map), Kind::Object) => below(),
            _ => {}
        }
    }
}

/// Whether a document names, or refers to, a schema whose URI holds `part`.
fn mentions(document: &Document, part: &str) -> bool {
    let Some(root) = document.root() else { return false };
    let pairs = root.nodes().iter().zip(root.nodes().iter().skip(1));
    pairs.filter(|(key, value)| key.kind == Kind::Key && value.kind == Kind::String).any(|(key, value)| {
        let (key, value) = (key.span().of(root.buffer()), value.span().of(root.buffer()));
        matches!(key, b"\"$ref\"" | b"\"$dynamicRef\"" | b"\"$id\"")
            && value.windows(part.len()).any(|window| window == part.as_bytes())
    })
}
