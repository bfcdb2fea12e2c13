//! Names are found, references resolve, equal values have equal bytes.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::canonical;
use super::names::{Key, Names, Spot, may_be};
use super::uri::{decode, resolve};
use super::view::View;
use super::{Judge, Schema, SchemaOptions};
use crate::common::doc::{self, dice};
use crate::common::seed::config;
use crate::document::Document;

/// A table of texts that ascend.
fn table<'a>(texts: impl IntoIterator<Item = &'a String>) -> Names {
    let mut table = Names::default();
    texts.into_iter().for_each(|text| table.add(text.as_bytes()));
    table.close();
    table
}

fn canonical(text: &str) -> Vec<u8> {
    let document = Document::new(text).0;
    let mut out = Vec::new();
    canonical::append(&View::of(document.root()), 0, &mut out);
    out
}

fn some_name() -> impl Strategy<Value = String> {
    "[ab\\x00]{0,12}|property_[0-9]{5}|[ab]{15,18}"
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn every_name_is_found_and_no_other(names in proptest::collection::btree_set(some_name(), 0..60), others in proptest::collection::vec(some_name(), 20)) {
        let table = table(&names);
        let bits = names.iter().fold(0, |bits, name| bits | Key::new(name.as_bytes()).bit());
        for (name, number) in names.iter().zip(0..) {
            let text = format!("x{name}\":1234567890123456");
            let end = 1 + name.len();
            prop_assert_eq!(table.find(&Key::at(text.as_bytes(), 1, end)), Some(number));
            prop_assert_eq!(table.find(&Key::at(&text.as_bytes()[..end], 1, end)), Some(number), "without room behind it");
            prop_assert!(may_be(bits, text.as_bytes(), 1, end));
            for (spot, number) in names.iter().zip(0..) {
                let found = Spot::new(&table, number).is_at(&table, text.as_bytes(), 1);
                let expected = (spot == name && !name.contains('\0')).then_some(end + 2);
                prop_assert_eq!(found, expected, "{} at {}", spot, name);
            }
        }
        for other in others {
            prop_assert_eq!(table.find(&Key::new(other.as_bytes())).is_some(), names.contains(&other));
        }
    }

    /// However a document is written down, its canonical bytes are the same; and they change with any change of it.
    #[test]
    fn canonical_bytes_are_those_of_the_value(a in doc::doc(false), b in doc::doc(false), mut one in dice(true), mut other in dice(true)) {
        let bytes = canonical;
        let (first, second) = (a.write(&mut one), a.write(&mut other));
        prop_assert_eq!(bytes(&first), bytes(&second), "{} {}", first, second);
        let wrapped = format!("[{first}]");
        prop_assert_ne!(bytes(&first), bytes(&wrapped));
        let third = b.write(&mut one);
        let same = bytes(&first) == bytes(&third);
        let values = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
        prop_assert!(!same || values(&first).is_number() || values(&first) == values(&third), "{} {}", first, third);
    }
}

#[test]
fn numbers_are_equal_by_value() {
    let bytes = canonical;
    for (a, b) in
        [("1", "1.0"), ("1e2", "100"), ("0", "-0.0e7"), ("0.1", "1e-1"), ("9007199254740993", "9007199254740993.0")]
    {
        assert_eq!(bytes(a), bytes(b), "{a} {b}");
    }
    for (a, b) in
        [("1", "-1"), ("9007199254740993", "9007199254740992"), ("1", "true"), ("1", "\"1\""), ("1e400", "1e401")]
    {
        assert_ne!(bytes(a), bytes(b), "{a} {b}");
    }
}

/// Names that all hash alike are found all the same.
#[test]
fn crowds_are_searched() {
    let names: BTreeSet<String> = (0..3000).map(|i| format!("12345678{i:05}12345678")).collect();
    let table = table(&names);
    assert!(table.slots.is_empty(), "they were to crowd");
    assert_eq!(table.find(&Key::new(b"123456780020012345678")), Some(200));
    assert_eq!(table.find(&Key::new(b"123456789999912345678")), None);
}

/// RFC 3986, sections 5.4.1 and 5.4.2 (where this follows "strict parsers").
#[test]
fn references_resolve_as_the_rfc_shows() {
    for (reference, uri) in [
        ("g:h", "g:h"),
        ("g", "http://a/b/c/g"),
        ("./g", "http://a/b/c/g"),
        ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"),
        ("//g", "http://g"),
        ("?y", "http://a/b/c/d;p?y"),
        ("g?y", "http://a/b/c/g?y"),
        ("#s", "http://a/b/c/d;p?q#s"),
        ("g#s", "http://a/b/c/g#s"),
        ("g?y#s", "http://a/b/c/g?y#s"),
        (";x", "http://a/b/c/;x"),
        ("g;x?y#s", "http://a/b/c/g;x?y#s"),
        ("", "http://a/b/c/d;p?q"),
        (".", "http://a/b/c/"),
        ("./", "http://a/b/c/"),
        ("..", "http://a/b/"),
        ("../g", "http://a/b/g"),
        ("../..", "http://a/"),
        ("../../g", "http://a/g"),
        ("../../../g", "http://a/g"),
        ("/./g", "http://a/g"),
        ("/../g", "http://a/g"),
        ("g.", "http://a/b/c/g."),
        ("..g", "http://a/b/c/..g"),
        ("./g/.", "http://a/b/c/g/"),
        ("g/./h", "http://a/b/c/g/h"),
        ("g;x=1/../y", "http://a/b/c/y"),
        ("g#s/../x", "http://a/b/c/g#s/../x"),
        ("http:g", "http:g"),
    ] {
        assert_eq!(resolve("http://a/b/c/d;p?q", reference), uri, "{reference}");
    }
    assert_eq!(resolve("", "nested.json#/a"), "nested.json#/a");
    assert_eq!(resolve("urn:uuid:deadbeef", "#bar"), "urn:uuid:deadbeef#bar");
    assert_eq!(resolve("http://a", "g"), "http://a/g");
}

#[test]
fn fragments_are_decoded() {
    assert_eq!(decode("/a%25b%7e"), Some("/a%b~".to_owned()));
    assert_eq!(decode("50%"), Some("50%".to_owned()));
    assert_eq!(decode("%ff"), None);
}

fn some_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        (0..4).prop_map(|number| json!(number)),
        "[ab]{0,2}".prop_map(|text| json!(text)),
        Just(json!(null)),
        Just(json!(1.5)),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
            prop::collection::btree_map("[abc]", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn some_schema() -> impl Strategy<Value = Value> {
    let leaf = prop::sample::select(vec![
        json!(true),
        json!(false),
        json!({ "type": "string" }),
        json!({ "type": ["integer", "object", "array"] }),
        json!({ "type": "object", "required": ["a"] }),
        json!({ "const": 1 }),
        json!({ "enum": [1, "a", {}] }),
        json!({ "minimum": 2, "multipleOf": 3 }),
        json!({ "maxLength": 1, "pattern": "^a" }),
        json!({ "minItems": 1, "uniqueItems": true, "minProperties": 1 }),
        json!({ "dependentRequired": { "a": ["c"] } }),
    ]);
    leaf.prop_recursive(4, 16, 3, |inner| {
        (inner.clone(), inner.clone(), inner, 0..13).prop_map(|(one, two, three, way)| match way {
            0 => json!({ "properties": { "a": one, "b": two }, "required": ["b"] }),
            1 => json!({ "properties": { "a": one }, "additionalProperties": two }),
            2 => json!({ "patternProperties": { "^a": one, "^[ab]": two } }),
            3 => json!({ "items": one }),
            4 => json!({ "prefixItems": [one, two], "items": three }),
            5 => json!({ "allOf": [one, two] }),
            6 => json!({ "anyOf": [one, two] }),
            7 => json!({ "oneOf": [one, two, three] }),
            8 => json!({ "not": one }),
            9 => json!({ "if": one, "then": two, "else": three }),
            10 => json!({ "contains": one, "propertyNames": two }),
            11 => json!({ "anyOf": [one], "properties": { "a": two }, "unevaluatedProperties": false }),
            _ => json!({ "$ref": "#/$defs/x", "$defs": { "x": one }, "unevaluatedItems": two }),
        })
    })
}

proptest! {
    #![proptest_config(config(3000))]

    /// What a quick check breaks off at is the first thing that a thorough one finds.
    #[test]
    fn the_code_that_is_counted_is_that_of_the_first_finding(schema in some_schema(), values in prop::collection::vec(some_value(), 4)) {
        // What is referred to has to be at the top.
        let Ok(compiled) = Schema::compile(&schema.to_string(), &SchemaOptions::default()) else { return Ok(()) };
        let mut judge = Judge::default();
        for value in values {
            let document = Document::new(&value.to_string()).0;
            let root = document.root().expect("a document");
            if !judge.holds(&compiled, root) {
                let code = judge.code(&compiled, root);
                let findings = judge.findings(&compiled, root, 1);
                prop_assert_eq!(Some(code), findings.first().map(|finding| finding.code), "{} of {}", value, schema);
            }
        }
    }
}
