//! The catalogue: what event types there are, how each is recognised, and what its fields mean.
//!
//! A folder per event type: `event.json`, in the form that `event.schema.json` describes, its JSON Schema `schema.json`,
//! samples, and `about.md`, which says where each fact is from. What is built in has no privilege: a policy brings event
//! types of its own in the same form.

mod class;
mod condition;
mod field;
mod read;
mod source;

pub(crate) use class::Class;
pub(crate) use condition::{Condition, SORTS, is_present};
pub(crate) use field::Field;
pub(crate) use read::read;
pub(crate) use source::{From, Source};

use crate::document::{Document, Notes};
use crate::part;
use crate::plan::Path;

/// An event type.
#[derive(Clone, Debug)]
pub(crate) struct EventType {
    /// The platform, a dot, and a word for the kind of event: `workato.job`.
    pub(crate) name: String,
    /// What people call it.
    pub(crate) title: String,
    pub(crate) signature: Signature,
    /// Where the common fields come from: the first source that has a value counts.
    pub(crate) fields: Vec<(Field, Vec<Source>)>,
    /// What says something about a person.
    pub(crate) personal: Vec<(Place, Class)>,
    /// What may hold anything.
    pub(crate) payload: Vec<Place>,
    /// The steps of a run, which a route may leave out.
    pub(crate) steps: Vec<Place>,
    /// Strings that hold JSON.
    pub(crate) json: Vec<Place>,
    /// Its JSON Schema, as text; empty if it has none.
    pub(crate) schema: String,
    /// It is none of the built-in ones.
    pub(crate) is_own: bool,
}

impl EventType {
    /// Where a common field comes from; none if events of the type never have it.
    pub(crate) fn sources(&self, field: Field) -> Option<&[Source]> {
        let place = self.fields.binary_search_by_key(&field, |(known, _)| *known).ok()?;
        self.fields.get(place).map(|(_, sources)| &sources[..])
    }
}

impl EventType {
    /// Whether a name, or a pattern such as `tray.*`, means it.
    pub(crate) fn is_meant_by(&self, name: &str) -> bool {
        match name.strip_suffix('*') {
            Some(beginning) => self.name.starts_with(beginning),
            None => self.name == name,
        }
    }
}

/// A path, and how it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) text: String,
    pub(crate) path: Path,
}

/// What makes an object an event of a type: its top-level members, in any order. A member is present if it holds
/// neither null nor the empty string.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signature {
    /// Members that must be there, and what they must hold.
    pub(crate) require: Vec<(String, Condition)>,
    /// Groups: of each at least one must be present.
    pub(crate) any_of: Vec<Vec<String>>,
    /// Members that must not be present.
    pub(crate) absent: Vec<String>,
}

/// The built-in event types, as one JSON array; `build.rs` puts it together.
pub(crate) const BUILT_IN: &str = include_str!(concat!(env!("OUT_DIR"), "/catalog.json"));

/// All names that the built-in event types have, ascending, a line each.
const NAMES: &str = include_str!(concat!(env!("OUT_DIR"), "/names.txt"));

/// Whether a built-in event type has a member of that name.
pub(crate) fn is_name(name: &str) -> bool {
    part::Events::get().is_some() && NAMES.lines().any(|known| known == name)
}

/// Reads the built-in event types.
pub(crate) fn built_in() -> Vec<EventType> {
    let document = Document::known(BUILT_IN);
    let root = document.root();
    let mut notes = Notes::new(BUILT_IN, root, "P199");
    let entries = root.into_iter().flat_map(|root| root.children()).map(|(_, entry)| entry);
    entries.filter_map(|entry| read(entry, &mut notes)).collect()
}
