//! What is put around a record is the same whether its values are found by a look over a short tape or one by one.

use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

use super::{Ask, Destination, Options};
use crate::common::seed::config;
use crate::document::{Document, Notes};
use crate::edit::Edits;
use crate::part;
use crate::recognition::Catalog;
use crate::redact::Redacted;
use crate::span::Span;
use crate::template::{Now, Renderer, Template, TemplateOptions};

/// JSON as it is written, members of one name and escaped names too.
#[derive(Clone)]
enum Json {
    Plain(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    fn of(value: &Value) -> Json {
        match value {
            Value::Array(elements) => Json::Array(elements.iter().map(Json::of).collect()),
            Value::Object(members) => {
                Json::Object(members.iter().map(|(k, v)| (Value::from(k.as_str()).to_string(), Json::of(v))).collect())
            }
            plain => Json::Plain(plain.to_string()),
        }
    }

    fn text(&self) -> String {
        match self {
            Json::Plain(text) => text.clone(),
            Json::Array(elements) => format!("[{}]", elements.iter().map(Json::text).collect::<Vec<_>>().join(",")),
            Json::Object(members) => {
                let members: Vec<String> = members.iter().map(|(k, v)| format!("{k}:{}", v.text())).collect();
                format!("{{{}}}", members.join(","))
            }
        }
    }

    fn change(&mut self, change: &Change) {
        let Json::Object(members) = self else { return };
        if members.is_empty() {
            return;
        }
        let at = change.at.index(members.len());
        if change.deeper && matches!(members[at].1, Json::Object(_)) {
            return members[at].1.change(&Change { deeper: false, ..change.clone() });
        }
        let (key, value) = members[at].clone();
        let other = Json::Plain(OTHERS[change.other.index(OTHERS.len())].to_owned());
        match change.how % 9 {
            0 => members[at].1 = other,
            1 => members.push((key, other)),
            2 => members.insert(0, (key, other)),
            3 => members[at].0 = key.replacen('e', "\\u0065", 1),
            4 => members[at].1 = Json::Array(vec![other, value]),
            5 => members[at].1 = Json::Plain(Value::from(value.text()).to_string()),
            6 => members.push((NAMES[change.other.index(NAMES.len())].to_owned(), other)),
            7 => drop(members.remove(at)),
            _ => members.reverse(),
        }
    }
}

/// A change of a member.
#[derive(Clone, Debug)]
struct Change {
    how: u8,
    deeper: bool,
    at: Index,
    other: Index,
}

const OTHERS: [&str; 14] = [
    "null",
    "\"\"",
    "\"text\"",
    "\"\\u0041\\\"\\n\"",
    "12.50",
    "true",
    "[]",
    "{}",
    r#"{"message":"below","name":"n","code":4}"#,
    r#"{"message":"first","message":{"message":2}}"#,
    r#"[{"message":"in an array","severity":"high"},{"action":"blocked"}]"#,
    r#""{\"message\":\"in a string\",\"results\":[{\"severity\":\"low\"}]}""#,
    r#"" [1]""#,
    "\"2026-05-04T06:00:00.5Z\"",
];

const NAMES: [&str; 10] = [
    "\"error\"",
    "\"message\"",
    "\"data\"",
    "\"context\"",
    "\"details\"",
    "\"status\"",
    "\"level\"",
    "\"resource\"",
    "\"timestamp\"",
    "\"x\"",
];

/// The catalogue's samples.
fn samples() -> Vec<Json> {
    fn read(folder: &Path, samples: &mut Vec<Json>) {
        for path in fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())) {
            if path.is_dir() {
                read(&path, samples);
            } else if path.parent().is_some_and(|parent| parent.ends_with("samples")) {
                let value: Option<Value> = fs::read_to_string(&path).ok().and_then(|t| serde_json::from_str(&t).ok());
                samples.extend(value.as_ref().map(Json::of));
            }
        }
    }
    let mut samples = Vec::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/catalog"), &mut samples);
    samples.sort_by_key(Json::text);
    samples
}

/// All envelopes, and templates that name paths.
fn templates() -> Vec<Template> {
    let (document, _) = Document::new("{}");
    let root = document.root().expect("a document");
    let mut texts: Vec<String> = Vec::new();
    for contract in Destination::ALL {
        let given = contract.options.iter().filter(|(_, ask)| ask.is_needed() && *ask == Ask::Needed);
        let options = Options { given: given.map(|(name, _)| (*name, vec!["x".into()], "\"x\"".into())).collect() };
        let (_, envelope) = Destination::new(contract, &options, part::Destinations::get().expect("on by default"));
        texts.extend([envelope.record, envelope.head].into_iter().filter(|text| !text.is_empty()));
    }
    assert!(texts.len() >= 8, "envelopes of {} destinations", texts.len());
    let mut templates = Vec::new();
    for text in texts {
        let mut notes = Notes::new("{}", Some(root), "P199");
        templates.extend(Template::around(&text, None, &[], &[], (root, &mut notes)));
        assert!(notes.into_problems().is_empty(), "{text}");
    }
    for text in [
        r#"{"m":{{error.message}},"d":"{{data.message}}","n":{{user.name | upper}},"all":{{.}},"t":{{@time}}}"#,
        r#"{"l":{{@level}},{{#@message}}"m":"{{.}}","again":{{.}},{{/@message}}{{^@id}}"no":{{data}}{{/@id}}}"#,
    ] {
        templates.push(Template::compile(text, &TemplateOptions::default()).expect("a template"));
    }
    templates
}

proptest! {
    #![proptest_config(config(40))]

    #[test]
    fn short_tapes_show_what_whole_ones_do(
        records in vec((any::<Index>(), vec((any::<u8>(), any::<bool>(), any::<Index>(), any::<Index>()), 0..4), any::<u8>()), 24),
    ) {
        let (catalog, samples, templates) = (Catalog::built_in(), samples(), templates());
        let now = Now::parse("2026-05-04T06:00:00Z").expect("a time");
        let texts: Vec<String> = records.iter().map(|(sample, changes, wrapper)| {
            let mut record = samples[sample.index(samples.len())].clone();
            for (how, deeper, at, other) in changes {
                record.change(&Change { how: *how, deeper: *deeper, at: *at, other: *other });
            }
            match wrapper % 12 {
                0 => format!(r#"{{"log":{}}}"#, record.text()),
                1 => format!("[{}]", record.text()),
                2 => Value::from(record.text()).to_string(),
                _ => record.text(),
            }
        }).collect();
        for template in &templates {
            let (mut short, mut whole) = (Renderer::new(template, &catalog), Renderer::new(template, &catalog).by_names());
            for text in &texts {
                let (edits, span) = (Edits::default(), Span { start: 0, end: text.len() });
                let record = Redacted::without_rules(text.as_bytes(), span, &edits, false);
                let (mut is, mut was) = (Vec::new(), Vec::new());
                prop_assert_eq!(short.render(&record, &now, &mut is), whole.render(&record, &now, &mut was));
                prop_assert_eq!(String::from_utf8(is), String::from_utf8(was), "{}", text);
            }
        }
    }
}
