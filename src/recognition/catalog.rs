//! A set of event types, ready for reading.

use std::sync::Arc;

use super::own::own_types;
use crate::catalog::{self, EventType};
use crate::detect::Detector;
use crate::document::{Document, Notes, Problems, start};
use crate::limits::MAX_POLICY_BYTES;
use crate::part;
use crate::schema::{Schema, SchemaOptions};
use crate::tape::{Cursor, Kind};

/// The event types that records are held against: the built-in ones, and perhaps some of your own. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Catalog {
    known: Arc<Known>,
}

#[derive(Debug, Default)]
struct Known {
    types: Vec<EventType>,
    detector: Detector,
    /// Of the last event types, those that are not built in.
    own_schemas: Vec<Option<Schema>>,
}

impl Catalog {
    /// The built-in event types; none in a build without the feature `catalog`.
    pub fn built_in() -> Catalog {
        Catalog::with_entries(None, &mut Notes::new("", None, "P199"))
    }

    /// The built-in event types and those of a JSON text: one entry in the form of `catalog/event.schema.json`, or an
    /// array of them; comments and trailing commas allowed.
    ///
    /// # Errors
    /// Everything that is wrong with them, each with its place.
    pub fn with_own(text: &str) -> Result<Catalog, Problems> {
        let (document, mistake) = match text.len() {
            ..=MAX_POLICY_BYTES => Document::with_comments(text),
            _ => (Document::default(), None),
        };
        let root = document.root();
        let mut notes = Notes::new(text, root, "P199");
        if let Some(mistake) = mistake {
            notes.add("P100", mistake.at, mistake.expected, "");
        }
        if text.len() > MAX_POLICY_BYTES {
            notes.add("P115", 0, "event types of at most 4 MiB", "");
        }
        let is_one = root.is_some_and(|root| root.kind() == Kind::Object);
        let entries = match root {
            Some(root) if !is_one => notes.array(root, "event types"),
            root => root.into_iter().collect(),
        };
        let catalog = Catalog::with_entries(root.map(|root| (root, entries)), &mut notes);
        let problems = notes.into_problems();
        if problems.is_empty() { Ok(catalog) } else { Err(Problems { problems }) }
    }

    /// The built-in event types and those of the entries that stand at a value, as far as they are in order.
    pub(crate) fn with_entries(own: Option<(Cursor<'_>, Vec<Cursor<'_>>)>, notes: &mut Notes<'_>) -> Catalog {
        if part::Events::get().is_none() {
            let _ = own.map(|(value, _)| notes.need(part::Events::NEED, start(value)));
            return Catalog { known: Arc::default() };
        }
        let (mut types, mut own_schemas) = (catalog::built_in(), Vec::new());
        if let Some((value, entries)) = own {
            own_types(value, entries, (&mut types, &mut own_schemas), notes);
        }
        let detector = Detector::new(&types);
        Catalog { known: Arc::new(Known { types, detector, own_schemas }) }
    }

    /// Name and title of each event type. A [`Detection`](super::Detection) tells the place in this list.
    pub fn types(&self) -> impl Iterator<Item = (&str, &str)> {
        self.known.types.iter().map(|known| (known.name.as_str(), known.title.as_str()))
    }

    /// The name of an event type by its place in [`Catalog::types`].
    pub fn name(&self, event_type: usize) -> Option<&str> {
        self.known.types.get(event_type).map(|known| known.name.as_str())
    }

    pub(crate) fn event_types(&self) -> &[EventType] {
        &self.known.types
    }

    pub(crate) fn detector(&self) -> &Detector {
        &self.known.detector
    }

    /// The schema of an event type as text.
    pub(crate) fn schema(&self, event_type: usize) -> &str {
        self.known.types.get(event_type).map_or("", |known| &known.schema)
    }

    /// The schema of an event type, compiled.
    fn compiled(&self, event_type: usize) -> Option<Schema> {
        let Known { types, own_schemas, .. } = &*self.known;
        let built_in = types.len() - own_schemas.len();
        match own_schemas.get(event_type.wrapping_sub(built_in)) {
            Some(own) => own.clone(),
            None => Schema::compile(&types.get(event_type)?.schema, &SchemaOptions::default()).ok(),
        }
    }
}

/// The schemas of event types, each compiled when it is first asked for: of all that are known, few ever come.
#[derive(Debug, Default)]
pub(crate) struct Schemas {
    compiled: Vec<Option<Option<Schema>>>,
}

impl Schemas {
    pub(crate) fn of(&mut self, catalog: &Catalog, event_type: usize) -> Option<&Schema> {
        if self.compiled.len() <= event_type {
            self.compiled.resize(event_type + 1, None);
        }
        self.compiled[event_type].get_or_insert_with(|| catalog.compiled(event_type)).as_ref()
    }
}
