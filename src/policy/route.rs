//! The routes: what each takes, what it makes of a record, and where that goes.

use super::{Policy, Route, Secrets};
use crate::document::{Notes, text};
use crate::encode::{Ask, Contract, Destination, Options};
use crate::limits::MAX_ROUTES;
use crate::tape::{Cursor, Kind};
use crate::template::Template;

/// Reads the routes into a policy; gives the query of each, which is read once it is
/// known what is accepted, and the numbers of those without the steps of runs.
pub(super) fn routes<'v>(
    value: Cursor<'v>,
    policy: &mut Policy,
    secrets: Secrets<'_>,
    notes: &mut Notes<'_>,
) -> (Vec<Option<Cursor<'v>>>, Vec<usize>) {
    let (mut whens, mut stepless) = (Vec::new(), Vec::new());
    let elements = notes.array(value, "routes");
    if value.kind() == Kind::Array && !(1..=MAX_ROUTES).contains(&elements.len()) {
        let help = "leave \"routes\" out for one route \"out\" to NDJSON".to_owned();
        notes.add_at("P107", value, &format!("1 to {MAX_ROUTES} routes"), Some(help));
    }
    for value in elements.into_iter().take(MAX_ROUTES) {
        let (mut name, mut when, mut to, mut template) = (None, None, None, None);
        for (member, value) in notes.object(value, &["name", "when", "to", "template", "steps"]) {
            match member {
                "when" => when = Some(value),
                "to" => to = Some(value),
                "template" => template = Some(value),
                "steps" if notes.boolean(value) == Some(false) => stepless.push(policy.routes.len()),
                "steps" => {}
                _ => name = Some(value),
            }
        }
        let said = name.and_then(text).unwrap_or_default();
        match name {
            Some(name) if said.is_empty() => notes.add_at("P102", name, "a name", None),
            Some(name) if policy.routes.iter().any(|route| route.name == said) => {
                notes.add_at("P108", name, "a name that no other route has", None);
            }
            None if value.kind() == Kind::Object => notes.add_at("P104", value, "the member \"name\"", None),
            _ => {}
        }
        let (to, template) = match to {
            Some(to) => destination(to, template, secrets, notes),
            None => (Destination::default(), template.and_then(|value| Template::in_document(value, secrets, notes))),
        };
        policy.routes.push(Route { name: said, to });
        policy.templates.push(template);
        whens.push(when);
    }
    (whens, stepless)
}

/// A destination: a word, or an object of its word with its options. With it what becomes of each record.
fn destination(
    to: Cursor<'_>,
    template: Option<Cursor<'_>>,
    secrets: Secrets<'_>,
    notes: &mut Notes<'_>,
) -> (Destination, Option<Template>) {
    let words = Destination::ALL.map(|contract| contract.name);
    let own = |notes: &mut Notes<'_>| template.and_then(|value| Template::in_document(value, secrets, notes));
    if to.kind() != Kind::Object {
        let found = notes.word(to, &words).map(|number| Destination::ALL[number]);
        let own = own(notes);
        return match found {
            Some(contract) if contract.make.is_none() => (Destination::plain(contract), own),
            Some(contract) => {
                let help = ["{ \"", contract.name, "\": { … } } takes them"].concat();
                notes.add_at("P102", to, "an object of the destination's name and its options", Some(help));
                (Destination::default(), own)
            }
            None => (Destination::default(), own),
        };
    }
    let mut given = notes.object(to, &words);
    let Some((word, value)) = given.pop().filter(|_| given.is_empty()) else {
        if to.children().count() != 1 {
            notes.add_at("P107", to, "one destination; another is another route", None);
        }
        return (Destination::default(), own(notes));
    };
    let contract = Destination::ALL.into_iter().find(|contract| contract.name == word).unwrap_or(Destination::ALL[0]);
    let (options, whole) = options(value, contract, notes);
    let (mut destination, envelope) = Destination::new(contract, &options);
    if !whole {
        return (destination, own(notes));
    }
    let around = |envelope: &str, own: Option<Cursor<'_>>, notes: &mut Notes<'_>| match envelope {
        "" => None,
        envelope => Template::around(envelope, own, secrets, (to, notes)),
    };
    let checked = own(notes);
    let record = if envelope.record.is_empty() || (template.is_some() && checked.is_none()) {
        checked
    } else {
        around(&envelope.record, template, notes)
    };
    let head = around(&envelope.head, None, notes);
    let key = match envelope.key.as_str() {
        "" => None,
        key => Template::of_path(key, secrets, (to, notes)),
    };
    destination.set(head, key);
    (destination, record)
}

/// The options of a destination, and whether they are all in order.
fn options(value: Cursor<'_>, contract: &Contract, notes: &mut Notes<'_>) -> (Options, bool) {
    let names: Vec<&'static str> = contract.options.iter().map(|(name, _)| *name).collect();
    let mut options = Options::default();
    let mut whole = value.kind() == Kind::Object;
    for (name, value) in notes.object(value, &names) {
        let Some((_, ask)) = contract.options.iter().find(|(known, _)| *known == name) else { continue };
        match option(value, *ask, notes) {
            Some((texts, json)) => options.given.push((name, texts, json)),
            None => whole = false,
        }
    }
    for (name, ask) in contract.options {
        if ask.is_needed() && value.kind() == Kind::Object && value.member(name).is_none() {
            notes.add_at("P104", value, &["the member \"", name, "\""].concat(), None);
            whole = false;
        }
    }
    (options, whole)
}

/// The texts of an option, and what stands for it in JSON.
fn option(value: Cursor<'_>, ask: Ask, notes: &mut Notes<'_>) -> Option<(Vec<String>, String)> {
    let json = |value: Cursor<'_>| String::from_utf8_lossy(value.raw()).into_owned();
    let said = |value: Cursor<'_>| text(value).filter(|text| !text.is_empty() && !text.contains(char::is_control));
    match ask {
        Ask::Flag => notes.boolean(value).map(|_| (vec![json(value)], String::new())),
        Ask::OneOf(words) => notes.word(value, words).map(|number| (vec![words[number].to_owned()], String::new())),
        Ask::Templates => {
            let mut texts = Vec::new();
            let elements = notes.array(value, "texts");
            for element in &elements {
                if said(*element).is_none() {
                    notes.add_at("P102", *element, "a text", None);
                    return None;
                }
                let raw = json(*element);
                texts.push(raw.get(1..raw.len() - 1).unwrap_or_default().to_owned());
            }
            let joined = ["\"", &texts.join(","), "\""].concat();
            (value.kind() == Kind::Array).then_some((texts, joined))
        }
        Ask::Headers => {
            let mut texts = Vec::new();
            if value.kind() != Kind::Object {
                notes.add_at("P102", value, "an object of names and texts", None);
                return None;
            }
            for (key, value) in value.children() {
                let name = key.and_then(text).unwrap_or_default();
                let is_token = !name.is_empty()
                    && name.bytes().all(|b| b.is_ascii_graphic() && !b"\"(),/:;<=>?@[\\]{}".contains(&b));
                let Some(said) = said(value).filter(|_| is_token) else {
                    notes.add_at(
                        "P102",
                        value,
                        "a text without control characters, for a name that a header may have",
                        None,
                    );
                    return None;
                };
                texts.extend([name, said]);
            }
            Some((texts, String::new()))
        }
        Ask::Text | Ask::Needed | Ask::Template => match said(value) {
            Some(text) => Some((vec![text], json(value))),
            None => {
                notes.add_at("P102", value, "a text", None);
                None
            }
        },
        Ask::Url | Ask::NeededUrl => {
            let is_url = |text: &String| {
                let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
                rest.is_some_and(|rest| !rest.is_empty()) || text.starts_with("${")
            };
            let found = said(value).filter(|text| is_url(text) && !text.contains(' '));
            if found.is_none() {
                notes.add_at("P102", value, "an address that begins with https:// or http://", None);
            }
            found.map(|text| (vec![text], json(value)))
        }
    }
}
