//! An event type's entry, read with the places of all that is wrong with it.

use super::condition::{Condition, Glob, Kinds, Scalar};
use super::source::{From, Map, Other, Source, When};
use super::{Class, EventType, Field, Place, Signature};
use crate::document::{Notes, text};
use crate::tape::{Cursor, Kind};
use crate::time::Unit;

/// Reads an entry in the form of `event.schema.json`, with its JSON Schema as the further member `schema`. None if it
/// has no name; everything else that is wrong is noted and left out.
pub(crate) fn read(entry: Cursor<'_>, notes: &mut Notes<'_>) -> Option<EventType> {
    const MEMBERS: [&str; 10] =
        ["type", "title", "recognise", "fields", "personal", "payload", "steps", "json", "links", "schema"];
    let mut name = None;
    let mut found = EventType {
        name: String::new(),
        title: String::new(),
        signature: Signature::default(),
        fields: Vec::new(),
        personal: Vec::new(),
        payload: Vec::new(),
        steps: Vec::new(),
        json: Vec::new(),
        schema: String::new(),
        is_own: false,
    };
    let mut recognised = false;
    for (member, value) in notes.object(entry, &MEMBERS) {
        match member {
            "type" => name = Some(value),
            "title" => found.title = text(value).unwrap_or_default(),
            "recognise" => {
                found.signature = signature(value, notes);
                recognised = true;
            }
            "fields" => found.fields = fields(value, notes),
            "personal" => found.personal = personal(value, notes),
            "payload" => found.payload = places(value, notes),
            "steps" => found.steps = places(value, notes),
            "json" => found.json = places(value, notes),
            "links" => {} // for those who draw the events' connections; the core needs none of it
            _ => found.schema = String::from_utf8_lossy(value.raw()).into_owned(),
        }
    }
    if entry.kind() != Kind::Object {
        return None;
    }
    for (there, member) in [(name.is_some(), "type"), (recognised, "recognise")] {
        if !there {
            notes.add_at("P104", entry, &["the member \"", member, "\""].concat(), "");
        }
    }
    let name = name?;
    found.name = text(name).unwrap_or_default();
    if !is_type_name(&found.name) {
        notes.add_at("P102", name, "a platform, a dot and a kind of event, such as \"acme.order\"", "");
        return None;
    }
    Some(found)
}

fn is_type_name(name: &str) -> bool {
    let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    name.split_once('.').is_some_and(|(platform, kind)| word(platform) && word(kind))
}

fn signature(value: Cursor<'_>, notes: &mut Notes<'_>) -> Signature {
    let mut signature = Signature::default();
    for (member, value) in notes.object(value, &["require", "anyOf", "absent"]) {
        match member {
            "require" => {
                for (name, value) in named(value, "an object of members and conditions", notes) {
                    if let Some(condition) = condition(value, notes) {
                        signature.require.push((name, condition));
                    }
                }
            }
            "anyOf" => {
                let groups = notes.array(value, "groups of names");
                signature.any_of = groups.into_iter().map(|group| names(group, notes)).collect();
            }
            _ => signature.absent = names(value, notes),
        }
    }
    if signature.require.is_empty() && value.kind() == Kind::Object {
        notes.add_at("P104", value, "the member \"require\", with at least one condition", "");
    }
    signature
}

/// An object's members, whatever their names.
fn named<'v>(value: Cursor<'v>, expected: &str, notes: &mut Notes<'_>) -> Vec<(String, Cursor<'v>)> {
    if value.kind() != Kind::Object {
        notes.add_at("P102", value, expected, "");
    }
    value.children().filter_map(|(key, value)| Some((text(key?)?, value))).collect()
}

fn names(value: Cursor<'_>, notes: &mut Notes<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for value in notes.array(value, "names") {
        match text(value).filter(|name| !name.is_empty()) {
            Some(name) => names.push(name),
            None => notes.add_at("P102", value, "a name", ""),
        }
    }
    names
}

fn condition(value: Cursor<'_>, notes: &mut Notes<'_>) -> Option<Condition> {
    let members = notes.object(value, &["const", "enum", "type", "like"]);
    if members.len() > 1 {
        notes.add_at("P102", value, "one of \"const\", \"enum\", \"type\" and \"like\"", "");
    }
    if value.kind() != Kind::Object {
        return None;
    }
    let Some((member, value)) = members.first().copied() else { return Some(Condition::Present) };
    Some(match member {
        "const" => Condition::Values(scalar(value, notes).into_iter().collect()),
        "enum" => {
            let values = notes.array(value, "values");
            Condition::Values(values.into_iter().filter_map(|value| scalar(value, notes)).collect())
        }
        "type" => {
            let single = value.kind() == Kind::String;
            let words = if single { vec![value] } else { notes.array(value, "types") };
            let bits = words.into_iter().filter_map(|word| notes.word(word, &Kinds::NAMES));
            Condition::Kinds(Kinds(bits.fold(0, |all, bit| all | 1 << bit)))
        }
        _ => Condition::Like(names(value, notes).iter().map(|glob| Glob::new(glob)).collect()),
    })
}

fn scalar(value: Cursor<'_>, notes: &mut Notes<'_>) -> Option<Scalar> {
    match value.kind() {
        Kind::String => text(value).map(Scalar::Text),
        Kind::Number | Kind::True | Kind::False => {
            Some(Scalar::Json(String::from_utf8_lossy(value.raw()).into_owned()))
        }
        _ => {
            notes.add_at("P102", value, "a string, a number, true or false", "");
            None
        }
    }
}

fn fields(value: Cursor<'_>, notes: &mut Notes<'_>) -> Vec<(Field, Vec<Source>)> {
    // `@type` is the entry's own name.
    let known: Vec<&'static str> = Field::ALL.iter().map(|(_, name)| *name).filter(|name| *name != "@type").collect();
    let mut fields: Vec<(Field, Vec<Source>)> = Vec::new();
    for (name, value) in notes.object(value, &known) {
        let Some(field) = Field::named(name) else { continue };
        let sources = if value.kind() == Kind::Array { notes.array(value, "sources") } else { vec![value] };
        fields.push((field, sources.into_iter().filter_map(|value| source(value, notes)).collect()));
    }
    if value.kind() == Kind::Object && !fields.iter().any(|(field, _)| *field == Field::Platform) {
        notes.add_at("P104", value, "the member \"@platform\"", "");
    }
    fields.sort_by_key(|(field, _)| *field);
    let mut number = 0;
    for source in fields.iter_mut().flat_map(|(_, sources)| sources) {
        source.number = number;
        number += source.places().count();
    }
    fields
}

fn source(value: Cursor<'_>, notes: &mut Notes<'_>) -> Option<Source> {
    const MEMBERS: [&str; 9] = ["path", "const", "time", "map", "else", "from", "to", "unit", "when"];
    let members = notes.object(value, &MEMBERS);
    let member = |name: &str| members.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    let mut when = When::new();
    if let Some(value) = member("when") {
        for (name, value) in named(value, "an object of paths and conditions", notes) {
            let place = crate::plan::Path::parse(&name).ok().map(|path| Place { text: name, path });
            match (place, condition(value, notes)) {
                (Some(place), Some(condition)) => when.push((place, condition)),
                (None, _) => notes.add_at("P110", value, "a path before the condition", ""),
                _ => {}
            }
        }
    }
    let place = |name: &str, notes: &mut Notes<'_>| member(name).and_then(|value| place(value, notes));
    let from = if let Some(value) = member("const") {
        From::Const(text(value)?)
    } else if let (Some(from), Some(to)) = (place("from", notes), place("to", notes)) {
        From::Between(from, to)
    } else if let Some(path) = place("path", notes) {
        let unit = |value: Cursor<'_>, notes: &mut Notes<'_>| {
            let number = notes.word(value, &Unit::ALL.map(|(_, word)| word))?;
            Some(Unit::ALL[number].0)
        };
        if let Some(value) = member("time") {
            let is_text = text(value).is_some_and(|text| text == "text");
            From::Time(path, if is_text { None } else { Some(unit(value, notes)?) })
        } else if let Some(value) = member("unit") {
            From::Length(path, unit(value, notes)?)
        } else if let Some(value) = member("map") {
            From::Mapped(path, map(value, member("else"), notes))
        } else {
            From::Value(path)
        }
    } else {
        notes.add_at("P104", value, "the member \"path\" or \"const\", or \"from\" and \"to\"", "");
        return None;
    };
    Some(Source { from, when, number: 0 })
}

fn map(value: Cursor<'_>, other: Option<Cursor<'_>>, notes: &mut Notes<'_>) -> Map {
    let pairs = named(value, "an object of texts and what they mean", notes).into_iter();
    let mut pairs: Vec<(Glob, Option<String>)> = pairs.map(|(form, said)| (Glob::new(&form), text(said))).collect();
    pairs.sort_by_key(|(glob, _)| std::cmp::Reverse(glob.rank()));
    let other = match other.map(|other| text(other)) {
        None => Other::Itself,
        Some(None) => Other::Nothing,
        Some(Some(text)) => Other::Text(text),
    };
    Map { pairs, other }
}

fn personal(value: Cursor<'_>, notes: &mut Notes<'_>) -> Vec<(Place, Class)> {
    let mut personal = Vec::new();
    for value in notes.array(value, "fields") {
        let (mut path, mut class) = (None, None);
        for (name, value) in notes.object(value, &["path", "class"]) {
            match name {
                "path" => path = place(value, notes),
                _ => class = notes.word(value, &Class::ALL.map(|(_, word)| word)).map(|number| Class::ALL[number].0),
            }
        }
        personal.extend(path.zip(class));
    }
    personal
}

fn places(value: Cursor<'_>, notes: &mut Notes<'_>) -> Vec<Place> {
    let places = notes.array(value, "paths");
    places.into_iter().filter_map(|value| place(value, notes)).collect()
}

fn place(value: Cursor<'_>, notes: &mut Notes<'_>) -> Option<Place> {
    notes.path(value).map(|(path, text)| Place { text, path })
}
