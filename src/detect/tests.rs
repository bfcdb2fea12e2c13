//! Every sample of the catalogue is recognised as what it is, in any order and any wrapper, and its common fields are
//! those that stand beside it.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{Ambiguous, Detector, Places, Record, Said, Search, Strings, field};
use crate::catalog::{BUILT_IN, EventType, Field, built_in, read};
use crate::common::seed::config;
use crate::document::{Document, Notes};
use crate::plan::{Path, Plan, PlanBuilder, START};
use crate::scan::{Index, PAD, PADDING};
use crate::tape::{Cursor, Tape, Text, walk};
use crate::time;

struct Sample {
    name: String,
    event_type: String,
    event: Value,
    fields: Option<Value>,
}

fn samples() -> Vec<Sample> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/catalog");
    let mut samples = Vec::new();
    let folders = |path: &PathBuf| -> Vec<PathBuf> {
        let read = fs::read_dir(path).into_iter().flatten();
        let mut paths: Vec<PathBuf> = read.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        paths
    };
    for folder in folders(&root).iter().filter(|p| p.is_dir()).flat_map(folders) {
        let platform = folder.parent().and_then(|p| p.file_name()).unwrap_or_default().to_string_lossy().into_owned();
        let kind = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for path in folders(&folder.join("samples")) {
            let name = path.to_string_lossy().into_owned();
            if name.ends_with(".fields.json") {
                continue;
            }
            let json = |path: &str| fs::read_to_string(path).ok().map(|t| serde_json::from_str(&t).expect("JSON"));
            samples.push(Sample {
                event_type: format!("{platform}.{kind}"),
                event: json(&name).expect("a sample"),
                fields: json(&name.replace(".json", ".fields.json")),
                name,
            });
        }
    }
    samples
}

struct Catalog {
    types: Vec<EventType>,
    detector: Detector,
}

impl Catalog {
    fn new(types: Vec<EventType>) -> Catalog {
        let detector = Detector::new(&types);
        Catalog { types, detector }
    }

    fn of(entries: Value) -> Catalog {
        let text = entries.to_string();
        let (document, _) = Document::new(&text);
        let root = document.root().expect("JSON");
        let mut notes = Notes::new(&text, Some(root), "P199");
        let types = root.children().filter_map(|(_, entry)| read(entry, &mut notes)).collect();
        let problems = notes.into_problems();
        assert!(problems.is_empty(), "{problems:?}");
        Catalog::new(types)
    }

    fn find(&self, record: &str) -> Result<Option<(String, String)>, Ambiguous> {
        self.find_with(&mut Search::default(), record)
    }

    fn find_with(&self, search: &mut Search, record: &str) -> Result<Option<(String, String)>, Ambiguous> {
        let (document, mistake) = Document::new(record);
        assert_eq!(mistake, None, "{record}");
        let record = document.root().expect("JSON");
        let found = search.find(Record::whole(&self.detector, record))?;
        Ok(found.map(|found| {
            let keys = search.keys(found, record).map(|key| String::from_utf8_lossy(&key.text()).into_owned());
            let mut keys: Vec<String> = keys.collect();
            keys.reverse();
            (self.types[found.event_type].name.clone(), keys.join("/"))
        }))
    }

    /// The type of the record itself, by a plan that asks for no more than it must.
    fn find_by_plan(&self, record: &str) -> Result<Option<String>, Ambiguous> {
        Ok(self.asked(0, &[]).find(&self.detector, record)?.map(|(event_type, _)| self.types[event_type].name.clone()))
    }

    /// A plan that asks for what the search needs down to below so many keys, and for some paths.
    fn asked(&self, keys: usize, paths: &[&str]) -> Asked {
        let mut plan = PlanBuilder::default();
        for path in paths {
            plan.ask(Path::parse(path).expect("a path"));
        }
        let asked = self.detector.ask(keys, &mut plan);
        let plan = plan.build().expect("small");
        Asked { keys, places: self.detector.places(keys, &plan, asked), plan }
    }
}

struct Asked {
    keys: usize,
    plan: Plan,
    places: Places,
}

impl Asked {
    /// The event type, and how many keys lead to the event.
    fn find(&self, detector: &Detector, record: &str) -> Result<Option<(usize, usize)>, Ambiguous> {
        let mut bytes = record.as_bytes().to_vec();
        bytes.resize(record.len() + PADDING, PAD);
        let mut index = Index::default();
        index.build(&bytes, 0, record.len());
        let mut tape = Tape::default();
        let text = Text { bytes: &bytes, index: &index, end: record.len(), lines: false };
        walk(text, &self.plan, START, 128, 0, &mut tape);
        let record = Cursor::root(&bytes, &tape).expect("a tape");
        let record = Record { keys: self.keys, places: Some(&self.places), ..Record::whole(detector, record) };
        Ok(Search::default().find(record)?.map(|found| (found.event_type, found.wrappers)))
    }
}

fn said(catalog: &Catalog, record: &str) -> Map<String, Value> {
    let (document, _) = Document::new(record);
    let root = document.root().expect("JSON");
    let mut search = Search::default();
    let found = search.find(Record::whole(&catalog.detector, root)).expect("one type").expect("an event");
    let event = search.event(found, root).expect("the event");
    let of = &catalog.types[found.event_type];
    let text = |bytes: &[u8]| Value::from(std::str::from_utf8(bytes).expect("UTF-8"));
    let all = Field::ALL.iter().filter(|(f, _)| *f != Field::Type).filter_map(|(f, name)| {
        let value = match field(of, *f, event, &mut Strings::default())? {
            Said::Text(bytes) => text(&bytes),
            Said::Plain(bytes) => text(bytes),
            Said::Json(json) => serde_json::from_slice(&json).expect("JSON"),
            Said::Time(instant) => Value::from(time::write(instant)),
            Said::Length(nanos) => Value::from(time::write_seconds(nanos)),
        };
        Some(((*name).to_owned(), value))
    });
    all.collect()
}

#[test]
fn every_sample_is_recognised_alone_and_wrapped() {
    let catalog = Catalog::new(built_in());
    let samples = samples();
    assert!(samples.len() > 50, "{} samples", samples.len());
    for Sample { name, event_type, event, .. } in samples {
        let text = event.to_string();
        assert_eq!(catalog.find(&text), Ok(Some((event_type.clone(), String::new()))), "{name}");
        assert_eq!(catalog.find_by_plan(&text), Ok(Some(event_type.clone())), "{name}");
        let wrapped = |key: &str| Ok(Some((event_type.clone(), key.to_owned())));
        let twice = Value::from(text.clone()).to_string();
        assert_eq!(catalog.find(&twice), wrapped(""), "{name}: a string");
        assert_eq!(catalog.find(&Value::from(twice.clone()).to_string()), wrapped(""), "{name}: a string in a string");
        let cut = Value::from(text[..text.len() - 1].to_owned());
        let broken_twin = json!({ "source": "x", "Log_Str": cut, "Log": event, "Time": 1 }).to_string();
        assert_eq!(catalog.find(&broken_twin), wrapped("Log"), "{name}: a broken twin");
        let as_text = json!({ "n": 1, "whatever": text }).to_string();
        assert_eq!(catalog.find(&as_text), wrapped("whatever"), "{name}: JSON in a string");
        let as_string = json!({ "n": 1, "whatever": twice }).to_string();
        assert_eq!(catalog.find(&as_string), wrapped("whatever"), "{name}: a JSON string in a string");
        let deep = json!({ "id": "x", "content": { "tags": [], "attributes": event } }).to_string();
        assert_eq!(catalog.find(&deep), wrapped("content/attributes"), "{name}: deeper");
    }
}

#[test]
fn common_fields_are_those_beside_the_sample() {
    let catalog = Catalog::new(built_in());
    let mut wrong = BTreeMap::new();
    let mut checked = 0;
    for Sample { name, event, fields, .. } in samples() {
        let Some(Value::Object(mut expected)) = fields else { continue };
        expected.remove("@type");
        checked += 1;
        let found = said(&catalog, &event.to_string());
        if found != expected {
            wrong.insert(name, format!("{}\n  not {}", json!(found), json!(expected)));
        }
    }
    assert!(checked > 50, "{checked} goldens");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What the platforms' documents list: names of events, messages, states and sources.
#[test]
fn all_that_the_documents_list_has_a_sample() {
    let (types, samples) = (built_in(), samples());
    for (name, member, count) in [
        ("tray.execution", "eventType", 8),
        ("tray.step_input", "stepState", 4),
        ("tray.step_output", "stepState", 4),
        ("tray.audit", "eventType", 50),
        ("paragon.event_log", "message", 29),
        ("paragon.sync_log", "syncEvent", 8),
        ("workato.service_log", "source", 6),
        ("workato.genie", "event_type", 13),
    ] {
        let of = types.iter().find(|known| known.name == name).expect("the type");
        let schema: Value = serde_json::from_str(&of.schema).expect("JSON");
        let listed = schema["properties"][member]["x-known"].as_array().expect("a list");
        assert_eq!(listed.len(), count, "{name}");
        let samples = samples.iter().filter(|sample| sample.event_type == name && sample.fields.is_some());
        let shown: Vec<&Value> = samples.map(|sample| &sample.event[member]).collect();
        let missing: Vec<&Value> = listed.iter().filter(|listed| !shown.contains(listed)).collect();
        assert!(missing.is_empty(), "{name}: {missing:?}");
    }
}

fn small() -> Catalog {
    Catalog::of(json!([
        { "type": "x.a", "title": "A", "recognise": { "require": { "kind": { "const": "a" }, "at": { "type": "string" } }, "absent": ["note"] }, "fields": { "@platform": { "const": "x" } } },
        { "type": "x.b", "title": "B", "recognise": { "require": { "kind": { "enum": ["b", 2] } }, "anyOf": [["at", "on"]] }, "fields": { "@platform": { "const": "x" } } },
        { "type": "x.c", "title": "C", "recognise": { "require": { "kind": { "like": ["c*"] }, "n": { "type": "integer" } } }, "fields": { "@platform": { "const": "x" } } }
    ]))
}

#[test]
fn signatures_are_kept_to_the_letter() {
    let catalog = small();
    for (record, expected) in [
        (r#"{"kind":"a","at":"t"}"#, Some("x.a")),
        (r#"{"at":"t","kind":"\u0061"}"#, Some("x.a")),
        (r#"{"at":"t","k\u0069nd":"a"}"#, Some("x.a")),
        (r#"{"kind":"a","at":""}"#, None),
        (r#"{"kind":"a","at":null}"#, None),
        (r#"{"kind":"a","at":1}"#, None),
        (r#"{"kind":"a","at":"t","note":1}"#, None),
        (r#"{"kind":"a","at":"t","note":null}"#, Some("x.a")),
        (r#"{"kind":2.0,"on":1}"#, Some("x.b")),
        (r#"{"kind":"b"}"#, None),
        (r#"{"kind":"Cat","n":12}"#, Some("x.c")),
        (r#"{"kind":"Cat","n":12.0}"#, Some("x.c")),
        (r#"{"kind":"Cat","n":1.2e1}"#, Some("x.c")),
        (r#"{"kind":"Cat","n":12.5}"#, None),
        (r#"{"kind":["a"],"at":"t"}"#, None),
        (r#"[{"kind":"a","at":"t"}]"#, None),
        (r#"{"kind":{"kind":"a"},"at":"t"}"#, None),
        ("1", None),
    ] {
        let alone = catalog.find_by_plan(record);
        assert_eq!(alone, Ok(expected.map(str::to_owned)), "{record}");
        let found = catalog.find(record).map(|found| found.filter(|(_, at)| at.is_empty()).map(|(name, _)| name));
        assert_eq!(found, Ok(expected.map(str::to_owned)), "{record}");
    }
}

#[test]
fn a_key_written_twice_is_read_as_the_last_or_not_at_all() {
    let catalog = small();
    let same = r#"{"kind":"a","at":"t","at":"u"}"#;
    assert_eq!(catalog.find_by_plan(same), Ok(Some("x.a".to_owned())));
    for record in [
        r#"{"kind":"a","at":"t","kind":"b"}"#,
        r#"{"kind":"b","at":"t","kind":"a"}"#,
        r#"{"kind":"a","kind":"zzz","at":"t"}"#,
        r#"{"kind":"a","at":"t","note":1,"note":null}"#,
    ] {
        assert_eq!(catalog.find_by_plan(record), Err(Ambiguous), "{record}");
        assert_eq!(catalog.find(record), Err(Ambiguous), "{record}");
    }
}

#[test]
fn a_wrapper_written_twice_is_read_as_the_last_or_not_at_all() {
    let catalog = small();
    let (a, b) = (r#"{"kind":"a","at":"t"}"#, r#"{"kind":"b","at":"t"}"#);
    let log = Ok(Some(("x.a".to_owned(), "log".to_owned())));
    assert_eq!(catalog.find(&format!(r#"{{"log":{a},"log":{a}}}"#)), log);
    assert_eq!(catalog.find(&format!(r#"{{"log":5,"l\u006fg":{a}}}"#)), log);
    assert_eq!(catalog.find(&format!(r#"{{"log":{a},"other":{a},"log":{a}}}"#)).map(|f| f.is_some()), Ok(true));
    for record in [
        format!(r#"{{"log":{a},"log":5}}"#),
        format!(r#"{{"log":{a},"log":{b}}}"#),
        format!(r#"{{"log":{b},"other":{a},"log":1}}"#),
        format!(r#"{{"x":{{"log":{a}}},"x":{{"log":{b}}}}}"#),
        format!(r#"{{"x":{{"log":{a}}},"x":1}}"#),
        format!(r#"{{"log":{a:?},"log":{a:?},"log":"{{}}"}}"#),
        format!(r#"{{"log":{b:?},"log":{a}}}"#),
        format!(r#"{{"log":{b:?},"other":{a},"log":1}}"#),
    ] {
        assert_eq!(catalog.find(&record), Err(Ambiguous), "{record}");
    }
    // What stands deeper in one that is not read is of no account where a higher level has the event.
    assert_eq!(catalog.find(&format!(r#"{{"x":{{"y":{b}}},"x":1,"log":{a}}}"#)), log);
}

#[test]
fn two_events_of_one_record() {
    let catalog = small();
    let find = |record: Value| catalog.find(&record.to_string());
    let (a, b) = (json!({"kind":"a","at":"t"}), json!({"kind":"b","at":"t"}));
    assert_eq!(find(json!({"one": a, "two": b})), Err(Ambiguous));
    assert_eq!(find(json!({"one": a.to_string(), "two": a})), Ok(Some(("x.a".to_owned(), "two".to_owned()))));
    // An object goes before a string, whatever that holds: its twin, or something else.
    assert_eq!(find(json!({"one": b.to_string(), "two": a})), Ok(Some(("x.a".to_owned(), "two".to_owned()))));
    assert_eq!(find(json!({"one": b.to_string(), "two": a.to_string()})), Err(Ambiguous));
    assert_eq!(find(json!({"one": a, "deeper": {"two": b}})), Ok(Some(("x.a".to_owned(), "one".to_owned()))));
    assert_eq!(find(json!({"l1": {"l2": {"l3": a}}})), Ok(Some(("x.a".to_owned(), "l1/l2/l3".to_owned()))));
    assert_eq!(find(json!({"l1": {"l2": {"l3": {"l4": a}}}})), Ok(None));
}

proptest! {
    #![proptest_config(config(300))]

    /// The order of members never matters, and the plan's answer is the whole tape's.
    #[test]
    fn order_never_matters(members in proptest::collection::vec(
        (prop::sample::select(vec!["kind", "at", "on", "n", "note", "x"]),
         prop::sample::select(vec![json!("a"), json!("b"), json!("cat"), json!(""), json!(2), json!(null), json!({"kind": "a"}), json!([1])])), 0..6),
        turn in 0usize..6) {
        let catalog = small();
        let mut unique: Vec<(&str, Value)> = Vec::new();
        for (name, value) in members {
            if unique.iter().all(|(known, _)| *known != name) {
                unique.push((name, value));
            }
        }
        let write = |members: &[(&str, Value)]| {
            let members: Vec<String> = members.iter().map(|(name, value)| format!("{name:?}:{value}")).collect();
            format!("{{{}}}", members.join(","))
        };
        let first = catalog.find_by_plan(&write(&unique));
        let len = unique.len().max(1);
        unique.rotate_left(turn % len);
        prop_assert_eq!(&catalog.find_by_plan(&write(&unique)), &first);
        let whole = catalog.find(&write(&unique)).map(|f| f.filter(|(_, at)| at.is_empty()).map(|(name, _)| name));
        prop_assert_eq!(whole, first);
    }
}

/// Neither what was seen before nor how much of the tape is there changes an answer.
#[test]
fn neither_memory_nor_the_plan_matters() {
    let catalog = Catalog::new(built_in());
    let samples = samples();
    let paths = ["*.email", "lines[*].input.id", "**.timestamp", "log.user"];
    let plans: Vec<Asked> = (0..=3).map(|keys| catalog.asked(keys, &paths)).collect();
    let search = std::cell::RefCell::new(Search::default());
    let steps = (0..samples.len(), 0usize..8, 0usize..40, 0usize..40, 0usize..5);
    proptest!(config(1000), |((sample, change, one, other, wrapper) in steps)| {
        let record = mutated(&samples[sample].event, change, one, other);
        let record = match wrapper {
            0 => record,
            1 => format!(r#"{{"n":1,"log":{record}}}"#),
            2 => format!(r#"{{"log":{record},"log_message":{}}}"#, Value::from(record.as_str())),
            3 => format!(r#"{{"content":{{"tags":[],"id":"x","attributes":{record}}},"id":"y"}}"#),
            _ => Value::from(record).to_string(),
        };
        let whole = catalog.find(&record);
        prop_assert_eq!(&catalog.find_with(&mut search.borrow_mut(), &record), &whole, "{}", record);
        for plan in &plans {
            let found = plan.find(&catalog.detector, &record);
            let found = found.map(|found| found.map(|(event_type, keys)| (&*catalog.types[event_type].name, keys)));
            // Keys of an event hold no "/".
            let keys = |at: &str| if at.is_empty() { 0 } else { at.split('/').count() };
            let expected = match &whole {
                Ok(Some((name, at))) if keys(at) <= plan.keys => Ok(Some((&**name, keys(at)))),
                Ok(_) => Ok(None),
                Err(Ambiguous) if plan.keys == 3 => Err(Ambiguous),
                Err(Ambiguous) => continue, // it may show deeper down
            };
            prop_assert_eq!(found, expected, "{} keys: {}", plan.keys, record);
        }
    });
}

/// What was seen before does not change an answer, and the answer is that of the signatures read one by one.
#[test]
fn the_search_is_as_good_as_reading_every_signature() {
    let catalog = Catalog::new(built_in());
    let entries: Value = serde_json::from_str(BUILT_IN).expect("JSON");
    let entries = entries.as_array().expect("a list");
    let signatures: Vec<&Value> = entries.iter().map(|entry| &entry["recognise"]).collect();
    let mut names: Vec<&str> = signatures.iter().flat_map(|signature| members_of(signature)).collect();
    names.extend(["name", "Id", "stepName", "typ", "log_leve", "syncInstanceIe", "triggerSubscriptionIf"]);
    let mut values = vec![json!("x"), json!(""), json!(null), json!(7), json!(7.5), json!(true), json!({}), json!([])];
    values.extend(["execution_event", "step_input", "step_output", "Deployment", "deployment"].map(Value::from));
    // What a signature asks for, or all of it but one, and a few others.
    let others = proptest::collection::vec((0..names.len(), 0..values.len()), 0..6);
    let search = std::cell::RefCell::new(Search::default());
    proptest!(config(20_000), |(of in 0..signatures.len(), but in 0usize..9, others in others, turn in 0usize..9)| {
        let mut object = Map::new();
        let required = signatures[of]["require"].as_object().expect("members").iter();
        for (_, (name, condition)) in required.enumerate().filter(|(at, _)| *at != but) {
            object.insert(name.clone(), values.iter().find(|value| meets(condition, value)).expect("one").clone());
        }
        for group in signatures[of]["anyOf"].as_array().into_iter().flatten() {
            object.insert(group[turn % 2].as_str().expect("a name").to_owned(), json!("x"));
        }
        object.extend(others.iter().map(|(name, value)| (names[*name].to_owned(), values[*value].clone())));
        let mut members: Vec<String> = object.iter().map(|(name, value)| format!("{}:{value}", json!(name))).collect();
        let length = members.len().max(1);
        members.rotate_left(turn % length);
        let record = format!("{{{}}}", members.join(","));
        let matching: Vec<usize> = (0..signatures.len()).filter(|of| is_met(signatures[*of], &object)).collect();
        let expected = match &matching[..] {
            [] => Ok(None),
            [one] => Ok(Some((catalog.types[*one].name.clone(), String::new()))),
            _ => Err(Ambiguous),
        };
        prop_assert_eq!(catalog.find_with(&mut search.borrow_mut(), &record), expected, "{}", record);
    });
}

fn members_of(signature: &Value) -> impl Iterator<Item = &str> {
    let listed = signature["anyOf"].as_array().into_iter().flatten().chain([&signature["absent"]]);
    let listed = listed.filter_map(Value::as_array).flatten().filter_map(Value::as_str);
    signature["require"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()).chain(listed)
}

fn is_met(signature: &Value, object: &Map<String, Value>) -> bool {
    let is_there =
        |name: &Value| object.get(name.as_str().unwrap_or_default()).is_some_and(|value| meets(&json!({}), value));
    let list = |name: &str| signature[name].as_array().cloned().unwrap_or_default();
    let required = signature["require"].as_object().into_iter().flatten();
    required.clone().all(|(name, condition)| object.get(name).is_some_and(|value| meets(condition, value)))
        && list("anyOf").iter().all(|group| group.as_array().into_iter().flatten().any(is_there))
        && !list("absent").iter().any(is_there)
}

/// Whether a value meets a condition of the forms that the built-in signatures have.
fn meets(condition: &Value, value: &Value) -> bool {
    let types = match &condition["type"] {
        Value::Array(types) => types.clone(),
        Value::Null => vec![],
        one => vec![one.clone()],
    };
    let is = |name: &Value| match name.as_str().unwrap_or_default() {
        "string" => value.is_string(),
        "integer" => value.is_i64(),
        "number" => value.is_number(),
        "object" => value.is_object(),
        other => panic!("a type that no signature had: {other}"),
    };
    let says = !value.is_null() && value != "";
    says && (types.is_empty() || types.iter().any(is)) && condition.get("const").is_none_or(|only| only == value)
}

/// An event with something changed about its members.
fn mutated(event: &Value, change: usize, one: usize, other: usize) -> String {
    let Value::Object(members) = event else { return event.to_string() };
    let mut members: Vec<(String, Value)> = members.clone().into_iter().collect();
    let (one, other) = (one % members.len(), other % members.len());
    match change {
        0 => members.swap(one, other),
        1 => drop(members.remove(one)),
        2 => members[one].1 = Value::Null,
        3 => members[one].1 = members[other].1.clone(),
        4 => members[one].0 = members[other].0.clone(),
        5 => members.push((members[one].0.clone(), members[other].1.clone())),
        6 => members.insert(one, ("flow_id".to_owned(), json!(1))),
        _ => {}
    }
    let members: Vec<String> = members.iter().map(|(name, value)| format!("{}:{value}", json!(name))).collect();
    format!("{{{}}}", members.join(","))
}
