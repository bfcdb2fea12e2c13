//! Where a route's records go: the destination's word and its options.

use super::Secrets;
use super::route::{Named, Unsettled, own};
use crate::document::{Notes, start, text};
use crate::encode::{Ask, Contract, Destination, Options, dsn};
use crate::part;
use crate::tape::{Cursor, Kind};
use crate::template::{OptionText, Template, Wants};

/// A destination: a word, or an object of its word with its options. With it what becomes of each record.
pub(super) fn destination(
    to: Cursor<'_>,
    template: Option<Cursor<'_>>,
    secrets: Secrets<'_>,
    (notes, unsettled): (&mut Notes<'_>, &mut Unsettled<'_>),
) -> (Destination, Option<Template>) {
    let mut own = |notes: &mut Notes<'_>| own(template, secrets, notes, unsettled);
    let said = text(to);
    if let Some(contract) = Destination::PLAIN.iter().find(|contract| said.as_deref() == Some(contract.name)) {
        return (Destination::plain(contract), own(notes));
    }
    let Some(part) = notes.need(part::Destinations::NEED, start(to)) else {
        return (Destination::default(), own(notes));
    };
    if to.kind() != Kind::Object {
        let words = Destination::ALL.map(|contract| contract.name);
        let found = notes.word(to, &words).map(|number| Destination::ALL[number]);
        let own = own(notes);
        return match found {
            Some(contract) => {
                let help = ["{ \"", contract.name, "\": { … } } takes them"].concat();
                notes.add_at("P102", to, "an object of the destination's name and its options", &help);
                (Destination::default(), own)
            }
            None => (Destination::default(), own),
        };
    }
    let with_options = Destination::ALL.iter().filter(|contract| contract.make.is_some());
    let with_options: Vec<&'static str> = with_options.map(|contract| contract.name).collect();
    let mut given = notes.object(to, &with_options);
    let Some((word, value)) = given.pop().filter(|_| given.is_empty()) else {
        if to.children().count() != 1 {
            notes.add_at("P107", to, "one destination; another is another route", "");
        }
        return (Destination::default(), own(notes));
    };
    let contract = Destination::ALL.into_iter().find(|contract| contract.name == word).unwrap_or(Destination::ALL[0]);
    let (options, texts, mut whole) = options(value, contract, notes);
    let mut named = Vec::new();
    for text in &texts {
        match text.check(secrets, notes) {
            Some(places) => named.extend(places),
            None => whole = false,
        }
    }
    let (mut destination, envelope) = Destination::new(contract, &options, part);
    let checked = own(notes);
    let route = unsettled.when.len();
    unsettled.named.extend(named.into_iter().map(|(at, paths)| Named { route, at, paths }));
    if !whole {
        return (destination, checked);
    }
    let around = |envelope: &str, own: Option<Cursor<'_>>, notes: &mut Notes<'_>| match envelope {
        "" => None,
        envelope => Template::around(envelope, own, &texts, secrets, (to, notes)),
    };
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

/// The options of a destination, those of their texts that may hold tags, and whether they are all in order.
fn options<'v>(value: Cursor<'v>, contract: &Contract, notes: &mut Notes<'_>) -> (Options, Vec<OptionText<'v>>, bool) {
    let names: Vec<&'static str> = contract.options.iter().map(|(name, _)| *name).collect();
    let (mut options, mut with_tags) = (Options::default(), Vec::new());
    let mut whole = value.kind() == Kind::Object;
    for (name, value) in notes.object(value, &names) {
        let Some((_, ask)) = contract.options.iter().find(|(known, _)| *known == name) else { continue };
        let from = with_tags.len();
        match ask {
            Ask::Template(wants) => with_tags.push(OptionText { name: name.to_owned(), value, wants: *wants }),
            Ask::Tags if value.kind() == Kind::Array => {
                with_tags.extend(value.children().enumerate().map(|(number, (_, value))| OptionText {
                    name: [name, &number.to_string()].concat(),
                    value,
                    wants: Wants::Tag,
                }))
            }
            _ => {}
        }
        match option(value, *ask, notes) {
            Some((texts, json)) => {
                let tags = with_tags[from..].iter().map(|text| ["{{> ", &text.name, "}}"].concat());
                let tags = tags.collect::<Vec<_>>().join(",");
                let json = if with_tags.len() > from { ["\"", &tags, "\""].concat() } else { json };
                options.given.push((name, texts, json));
            }
            None => {
                whole = false;
                with_tags.truncate(from);
            }
        }
    }
    for (name, ask) in contract.options {
        if ask.is_needed() && value.kind() == Kind::Object && value.member(name).is_none() {
            notes.add_at("P104", value, &["the member \"", name, "\""].concat(), "");
            whole = false;
        }
    }
    (options, with_tags, whole)
}

/// The texts of an option, and what stands for it in JSON.
fn option(value: Cursor<'_>, ask: Ask, notes: &mut Notes<'_>) -> Option<(Vec<String>, String)> {
    let json = |value: Cursor<'_>| String::from_utf8_lossy(value.raw()).into_owned();
    let said = |value: Cursor<'_>| text(value).filter(|text| !text.is_empty() && !text.contains(char::is_control));
    match ask {
        Ask::Flag => notes.boolean(value).map(|_| (vec![json(value)], String::new())),
        Ask::OneOf(words) => notes.word(value, words).map(|number| (vec![words[number].to_owned()], String::new())),
        Ask::Tags => {
            let elements = notes.array(value, "texts");
            if let Some(element) = elements.iter().find(|element| said(**element).is_none()) {
                notes.add_at("P102", *element, "a text", "");
                return None;
            }
            (value.kind() == Kind::Array).then(|| (elements.into_iter().filter_map(said).collect(), "\"\"".to_owned()))
        }
        Ask::Headers => {
            let mut texts = Vec::new();
            if value.kind() != Kind::Object {
                notes.add_at("P102", value, "an object of names and texts", "");
                return None;
            }
            for (key, value) in value.children() {
                let name = key.and_then(text).unwrap_or_default();
                let is_token = !name.is_empty()
                    && name.bytes().all(|b| b.is_ascii_graphic() && !b"\"(),/:;<=>?@[\\]{}".contains(&b));
                let Some(said) = said(value).filter(|said| is_token && is_latin(said)) else {
                    notes.add_at("P102", value, HEADER, "");
                    return None;
                };
                if name.eq_ignore_ascii_case("content-encoding") {
                    let help = "\"gzip\": true compresses, and says so";
                    notes.add_at("P102", value, "no header that says how a body is packed", help);
                    return None;
                }
                if texts.iter().step_by(2).any(|other: &String| other.eq_ignore_ascii_case(&name)) {
                    notes.add_at("P106", value, "each header once, in small or capital letters", "");
                    return None;
                }
                texts.extend([name, said]);
            }
            Some((texts, String::new()))
        }
        Ask::Text | Ask::Needed | Ask::Template(_) | Ask::Secret | Ask::Dsn | Ask::Header => {
            let (fits, expected): (fn(&str) -> bool, _) = match ask {
                Ask::Secret => (is_slot, "a name of letters, digits and _, of which a digit is not the first"),
                Ask::Dsn => (|text| dsn(text).is_some(), "a DSN: https://KEY@HOST/PROJECT"),
                Ask::Header => (is_latin, HEADER),
                _ => (|_| true, "a text"),
            };
            let found = said(value).filter(|text| fits(text));
            if found.is_none() {
                notes.add_at("P102", value, expected, "");
            }
            found.map(|text| (vec![text], json(value)))
        }
        Ask::Url | Ask::NeededUrl | Ask::Base | Ask::NeededBase => {
            let is_base = matches!(ask, Ask::Base | Ask::NeededBase);
            let is_url = |text: &String| {
                let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
                rest.is_some_and(|rest| !rest.is_empty()) || text.starts_with("${")
            };
            let found = said(value)
                .filter(|text| is_url(text) && !text.contains(' ') && !(is_base && text.contains(['?', '#'])));
            if found.is_none() {
                let expected = match is_base {
                    true => "an address that begins with https:// or http://, without a query",
                    false => "an address that begins with https:// or http://",
                };
                notes.add_at("P102", value, expected, "");
            }
            found.map(|text| (vec![text], json(value)))
        }
    }
}

const HEADER: &str = "a text of Latin-1 without control characters, for a name that a header may have";

/// Whether a header can hold it (ISO 8859-1, as `fetch` has it).
fn is_latin(text: &str) -> bool {
    text.chars().all(|c| c <= '\u{FF}')
}

/// Whether `${…}` can name it.
fn is_slot(text: &str) -> bool {
    !text.starts_with(|c: char| c.is_ascii_digit()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
