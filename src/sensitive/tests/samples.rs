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

/// Every text holds nothing but the samples' own people and machines; gives how many of those.
fn only_known(texts: &[(String, String, bool)]) -> usize {
    let detectors = all(false);
    let (mut scratch, mut out, mut wrong, mut right) = (Scratch::default(), Vec::new(), Vec::new(), 0);
    for (key, text, number) in texts {
        let context = Context { key: key.as_bytes(), known: None, number: *number };
        detectors.find(text.as_bytes(), context, &mut scratch, &mut out);
        for found in &out {
            let value = String::from_utf8_lossy(found.span.of(text.as_bytes()));
            // RFC 2606, RFC 5737, RFC 3849, and the numbers kept for fiction.
            let known = match Kind::ALL[usize::from(found.detector)].0 {
                Kind::Email => ["org", "net", "com"].iter().any(|top| value.ends_with(&format!("@example.{top}"))),
                Kind::Ip => {
                    ["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:"].iter().any(|net| value.starts_with(net))
                }
                Kind::Phone => value.starts_with("+1 555 01"),
                _ => false,
            };
            right += usize::from(known);
            if !known {
                wrong.push(format!("{key}: {value}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    right
}

#[test]
fn samples_hold_only_what_is_known() {
    let mut texts = Vec::new();
    samples(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/catalog"), &mut texts);
    assert!(texts.len() > 1000);
    assert!(only_known(&texts) > 100, "the samples have people in them");
}

/// Events made by `logweir sample`, one a line, in a file that LOGWEIR_EVENTS names.
#[test]
fn generated_events_hold_only_what_is_known() {
    let Some(file) = std::env::var_os("LOGWEIR_EVENTS") else {
        println!("skipped: LOGWEIR_EVENTS names no file");
        return;
    };
    let mut all = Vec::new();
    for line in fs::read_to_string(file).expect("a file of events").lines() {
        texts(&serde_json::from_str(line).expect("JSON"), "", &mut all);
    }
    only_known(&all);
}
