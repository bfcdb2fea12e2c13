//! Differences are counted where they are, and by the schema's names alone.

use super::{Change, Drifts, Shapes};
use crate::document::Document;

const SCHEMA: &str = r##"{
    "type": "object",
    "required": ["id", "state"],
    "properties": {
        "id": { "type": ["integer", "string"] },
        "state": { "type": "string", "x-known": ["done", "fa\u0069led"] },
        "header": { "type": "object", "properties": { "version": { "type": "integer", "x-known": [1] } } },
        "lines": { "anyOf": [{ "type": "array", "items": { "$ref": "#/$defs/line" } }, { "type": "string" }] },
        "data": { "type": "string", "contentSchema": { "type": "object", "properties": { "n": { "type": "number" } } } },
        "any": {},
        "map": { "type": "object", "properties": { "a": {} }, "additionalProperties": { "type": "string" } }
    },
    "$defs": { "line": { "type": "object", "required": ["n/o"], "properties": { "n/o": { "type": "integer" } } } }
}"##;

fn told(events: &[&str]) -> Vec<(Change, String, u64, u64, u64)> {
    let shapes = Shapes::new(SCHEMA);
    let mut drifts = Drifts::default();
    for (record, event) in events.iter().enumerate() {
        let (document, mistake) = Document::new(event);
        assert_eq!(mistake, None);
        drifts.look(&shapes, 0, document.root().expect("JSON"), record as u64);
    }
    let all = drifts.told(|_| Some(("x.y", &shapes)));
    all.into_iter().map(|d| (d.change, d.pointer, d.count, d.first, d.last)).collect()
}

#[test]
fn what_the_schema_knows_is_no_drift() {
    let event = r#"{"id":1,"state":"failed","header":{"version":1.0},"lines":[{"n/o":1},{"n/o":2}],"data":"{\"n\":1.5}","any":{"x":[1]},"map":{"b":"c"}}"#;
    assert_eq!(told(&[event, r#"{"id":"a","state":"done","lines":"too long","data":"prose"}"#]), []);
}

#[test]
fn each_difference_is_counted_at_its_place() {
    let events = [
        r#"{"id":1.5,"state":"new","secret@example.org":1,"other":2}"#,
        r#"{"id":1,"state":"done"}"#,
        r#"{"state":"old","header":{"version":2,"x":0},"lines":[{"n/o":1},{"p":2},3],"data":"{\"m\":1,\"n\":\"1\"}"}"#,
    ];
    let at = |change, pointer: &str, count, first, last| (change, pointer.to_owned(), count, first, last);
    let mut told = told(&events);
    told.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
    assert_eq!(
        told,
        [
            at(Change::Unknown, "/*", 2, 0, 0),
            at(Change::Unknown, "/data/*", 1, 2, 2),
            at(Change::Type, "/data/n", 1, 2, 2),
            at(Change::Unknown, "/header/*", 1, 2, 2),
            at(Change::Value, "/header/version", 1, 2, 2),
            at(Change::Missing, "/id", 1, 2, 2),
            at(Change::Type, "/id", 1, 0, 0),
            at(Change::Type, "/lines/*", 1, 2, 2),
            at(Change::Unknown, "/lines/*/*", 1, 2, 2),
            at(Change::Missing, "/lines/*/n~1o", 1, 2, 2),
            at(Change::Value, "/state", 2, 0, 2),
        ]
    );
}

#[test]
fn a_schema_that_leads_back_to_itself_ends() {
    let shapes = Shapes::new(r##"{"properties":{"a":{"$ref":"#"},"b":{"$ref":"#"}}}"##);
    assert!(shapes.shapes.len() <= crate::limits::MAX_SHAPES + 100);
}
