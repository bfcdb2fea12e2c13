//! What the catalogue tells of values that no rule names: what they are known to be, and which strings hold JSON.

use super::reach::Role;
use super::rule::{Rule, Rules};
use crate::catalog::{EventType, Field, From, Place};
use crate::document::{Document, text};
use crate::order::Order;
use crate::plan::{Path, Segment};
use crate::sensitive::Known;
use crate::tape::{Cursor, Kind};

/// Places of one event type that are known by its schema.
const MOST: usize = 512;
/// Levels of a schema that are read.
const DEEPEST: usize = 16;

/// What the catalogue tells of the values of events, by place.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(super) places: Vec<(Path, Vec<Role>)>,
}

impl Told {
    /// Of events of all types: nothing where no rule looks for anything by detectors, for nobody else wants to know.
    pub(crate) fn of(types: &[EventType], rules: &[Rule]) -> Told {
        let mut told = Told::default();
        let mut order = Order::default();
        let types = types.iter().filter(|_| rules.iter().any(|rule| !rule.detectors.is_empty()));
        for (number, event_type) in types.enumerate() {
            known(event_type, number as u16, &mut |path, role| {
                let next = told.places.len();
                let place = order.find_or_add(next, &|place| told.places[place].0.cmp(&path));
                if place == next {
                    told.places.push((path, Vec::new()));
                }
                told.places[place].1.push(role);
            });
        }
        told
    }
}

/// Calls `ask` for each place at which something is known of events of a type.
fn known(event_type: &EventType, number: u16, ask: &mut dyn FnMut(Path, Role)) {
    let mut tell = |place: &Place, known| ask(place.path.clone(), Role::Known(number, known));
    for (field, sources) in &event_type.fields {
        for source in sources {
            match &source.from {
                From::Time(place, _) => tell(place, Known::Timestamp),
                From::Between(from, to) => [from, to].into_iter().for_each(|place| tell(place, Known::Timestamp)),
                From::Length(place, _) => tell(place, Known::Count),
                From::Value(place) if names_a_thing(*field) => tell(place, Known::Id),
                _ => {}
            }
        }
    }
    let schema = Document::known(&event_type.schema);
    if let Some(root) = schema.root() {
        let mut left = MOST;
        by_schema(root, &mut Vec::new(), &mut |path, known| {
            if left > 0 {
                left -= 1;
                ask(path, Role::Known(number, known));
            }
        });
    }
}

/// Whether a common field is an id that the platform made. Those that its users choose may be anything: a phone number.
fn names_a_thing(field: Field) -> bool {
    use Field::{ActorId, Id, IntegrationId, OrgId, ParentId, ResourceId, RunId, TraceId, WorkflowId};
    matches!(field, Id | OrgId | WorkflowId | RunId | ParentId | TraceId | IntegrationId | ResourceId | ActorId)
}

/// What the formats of a JSON Schema tell, as far as it has none but `properties` and `items`.
fn by_schema(schema: Cursor<'_>, way: &mut Vec<Segment>, tell: &mut dyn FnMut(Path, Known)) {
    if way.len() > DEEPEST {
        return;
    }
    for (keyword, value) in schema.children() {
        let known = match (keyword.and_then(text).as_deref(), text(value).as_deref()) {
            (Some("format"), Some("date-time" | "date")) => Some(Known::Timestamp),
            (Some("format"), Some("uuid")) => Some(Known::Uuid),
            (Some("type"), Some("integer")) => Some(Known::Count),
            (Some("properties"), _) if value.kind() == Kind::Object => {
                for (name, schema) in value.children() {
                    way.extend(name.and_then(text).map(Segment::Name));
                    by_schema(schema, way, tell);
                    way.pop();
                }
                None
            }
            (Some("items"), _) if value.kind() == Kind::Object => {
                way.push(Segment::Element);
                by_schema(value, way, tell);
                way.pop();
                None
            }
            _ => None,
        };
        if let Some(known) = known.filter(|_| !way.is_empty()) {
            tell(Path { segments: way.clone() }, known);
        }
    }
}

/// All names that an event type has: of its schema's properties, and on the ways to its places.
pub(super) fn names(event_type: &EventType, all: &mut Vec<String>) {
    let schema = Document::known(&event_type.schema);
    schema.root().into_iter().for_each(|root| names_of_schema(root, 0, all));
    let personal = event_type.personal.iter().map(|(place, _)| place);
    let places = personal.chain(&event_type.payload).chain(&event_type.steps).chain(&event_type.json);
    places.for_each(|place| names_of_path(&place.path, all));
}

fn names_of_schema(schema: Cursor<'_>, depth: usize, all: &mut Vec<String>) {
    if depth > 2 * DEEPEST {
        return;
    }
    for (keyword, value) in schema.children() {
        if keyword.and_then(text).as_deref() == Some("properties") {
            all.extend(value.children().filter_map(|(name, _)| text(name?)));
        }
        names_of_schema(value, depth + 1, all);
    }
}

/// The names in a path.
pub(super) fn names_of_path(path: &Path, all: &mut Vec<String>) {
    all.extend(path.segments.iter().filter_map(|segment| match segment {
        Segment::Name(name) => Some(name.clone()),
        _ => None,
    }));
}

/// The rules that some test holds for.
type Chosen<'a> = dyn Fn(&dyn Fn(&Rule) -> bool) -> Rules + 'a;

/// Calls `tell` for the place of each object and array in events of a type that holds something which rules are for, and
/// with the rules: a text or number there may say it in another form. `by_place`: the rules that some test holds for;
/// `by_key`: those for a name.
pub(super) fn around(
    event_type: &EventType,
    by_place: &Chosen<'_>,
    by_key: &dyn Fn(&str) -> Rules,
    tell: &mut dyn FnMut(&[Segment], Rules),
) {
    for place in &event_type.json {
        tell(&place.path.segments, by_place(&|rule| rule.may_reach(event_type, place)));
    }
    let personal = event_type.personal.iter().map(|(place, class)| (place, Some(*class)));
    let others = event_type.payload.iter().chain(&event_type.steps).map(|place| (place, None));
    for (place, class) in personal.chain(others) {
        let leads = |path: &Path| path.leads_to(&place.path.segments);
        let is_among = |list: &[Place]| class.is_none() && list.iter().any(|other| other == place);
        let mut rules = by_place(&|rule| {
            class.is_some_and(|class| rule.classes.contains(&class))
                || rule.payload && is_among(&event_type.payload)
                || rule.steps && is_among(&event_type.steps)
                || rule.paths.iter().any(|(path, _)| leads(path))
                || rule.selected.iter().any(|selected| leads(&selected.path))
        });
        let segments = place.path.with_or_without_lists().segments;
        for end in (1..segments.len()).rev() {
            if let Segment::Name(name) = &segments[end] {
                rules = rules.and_those(by_key(name));
            }
            tell(&segments[..end], rules);
        }
    }
}

impl Rule {
    /// Whether the rule may be for what is inside a string at a place.
    pub(super) fn may_reach(&self, event_type: &EventType, place: &Place) -> bool {
        let first = place.path.segments.first();
        let leads = |path: &Path| {
            let own = path.segments.first();
            own == first || !matches!(own, Some(Segment::Name(_)))
        };
        let personal = event_type.personal.iter().filter(|(_, class)| self.classes.contains(class));
        let payload = event_type.payload.iter().filter(|_| self.payload);
        let mut places = personal.map(|(place, _)| place).chain(payload);
        !(self.keys.is_empty() && self.detectors.is_empty() && self.patterns.is_empty())
            || self.paths.iter().any(|(path, _)| leads(path))
            || self.selected.iter().any(|selected| leads(&selected.path))
            || places.any(|place| leads(&place.path))
    }
}
