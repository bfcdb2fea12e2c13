//! Nothing is found in identifiers, timestamps, versions, user agents and counters of the catalogue's samples.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::*;

/// Every string, key and number of a document, those of documents in strings as well.
fn texts(value: &Value, key: &str, all: &mut Vec<(String, String, bool)>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                all.push((String::new(), name.clone(), false));
                texts(value, name, all);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| texts(value, key, all)),
        Value::Number(number) => all.push((key.to_owned(), number.to_string(), true)),
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(inner @ (Value::Object(_) | Value::Array(_))) => texts(&inner, key, all),
            _ => all.push((key.to_owned(), text.clone(), false)),
        },
        _ => {}
    }
}

fn samples(folder: &Path, all: &mut Vec<(String, String, bool)>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            samples(&path, all);
        } else if path.parent().is_some_and(|parent| parent.ends_with("samples"))
            && path.extension().is_some_and(|e| e == "json")
        {
            let text = fs::read_to_string(&path).expect("a sample");
            texts(&serde_json::from_str(&text).expect("JSON"), "", all);
        }
    }
}

#[test]
fn samples_hold_only_what_is_known() {
    let mut all_texts = Vec::new();
    samples(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/catalog"), &mut all_texts);
    assert!(all_texts.len() > 1000);
    let detectors = all(false);
    let (mut scratch, mut out, mut told) = (Scratch::default(), Vec::new(), std::collections::BTreeMap::new());
    for (key, text, number) in &all_texts {
        let context = Context { key: key.as_bytes(), known: None, number: *number };
        detectors.find(text.as_bytes(), context, &mut scratch, &mut out);
        for found in &out {
            let value = String::from_utf8_lossy(found.span.of(text.as_bytes())).into_owned();
            *told.entry((Kind::ALL[usize::from(found.detector)].1, value, key.clone())).or_insert(0) += 1;
        }
    }
    for (found, count) in &told {
        println!("{count} {found:?}");
    }
}
