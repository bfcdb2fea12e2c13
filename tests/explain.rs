//! What is explained against what is done.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::seed::config;
use common::{compile, whole};
use logweir::{Decision, Format, Now, Pipeline, Report, Show, Trip};
use proptest::prelude::*;
use serde_json::{Value, json};

fn explain(pipeline: &Pipeline, input: &str, output: bool) -> Vec<Trip> {
    pipeline.explain(input.as_bytes(), Format::Ndjson, Now::default(), Show { values: false, output })
}

// ---- the term that decides

/// A formula over members of a record that are 0 or 1; each stands in it once, as `a OR a AND b` has no need of its `b`.
#[derive(Clone, Debug)]
enum Formula {
    Term(usize),
    Not(Box<Formula>),
    And(Vec<Formula>),
    Or(Vec<Formula>),
}

const TERMS: usize = 6;

impl Formula {
    fn write(&self) -> String {
        let list = |parts: &[Formula], by: &str| {
            let parts: Vec<String> = parts.iter().map(Formula::write).collect();
            format!("({})", parts.join(by))
        };
        match self {
            Formula::Term(number) => format!("{}:1", name(*number)),
            Formula::Not(inner) => format!("NOT {}", inner.write()),
            Formula::And(parts) => list(parts, " AND "),
            Formula::Or(parts) => list(parts, " OR "),
        }
    }

    fn holds(&self, truths: u32) -> bool {
        match self {
            Formula::Term(number) => truths >> number & 1 == 1,
            Formula::Not(inner) => !inner.holds(truths),
            Formula::And(parts) => parts.iter().all(|part| part.holds(truths)),
            Formula::Or(parts) => parts.iter().any(|part| part.holds(truths)),
        }
    }

    /// Numbers the terms in their order; false if there are too many.
    fn number(&mut self, next: &mut usize) -> bool {
        match self {
            Formula::Term(number) => {
                *number = *next;
                *next += 1;
                *number < TERMS
            }
            Formula::Not(inner) => inner.number(next),
            Formula::And(parts) | Formula::Or(parts) => parts.iter_mut().all(|part| part.number(next)),
        }
    }

    /// Whether these terms, as they are, settle it whatever the others are.
    fn is_settled_by(&self, terms: u32, truths: u32) -> bool {
        let as_it_is = self.holds(truths);
        (0..1 << TERMS).all(|others: u32| self.holds(truths & terms | others & !terms) == as_it_is)
    }
}

fn name(term: usize) -> String {
    char::from(b'a' + term as u8).to_string()
}

fn formula() -> impl Strategy<Value = Formula> {
    let any = Just(Formula::Term(0)).prop_recursive(4, TERMS as u32, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Formula::Not(Box::new(inner))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Formula::And),
            prop::collection::vec(inner, 2..4).prop_map(Formula::Or),
        ]
    });
    any.prop_filter_map("too many terms", |mut formula| formula.number(&mut 0).then_some(formula))
}

fn decided(pipeline: &Pipeline, input: &str) -> Decision {
    let trips = explain(pipeline, input, false);
    assert_eq!((trips.len(), trips[0].decisions.len()), (1, 1), "{trips:?}");
    trips[0].decisions[0].clone()
}

proptest! {
    #![proptest_config(config(500))]

    /// A term decides where it is part of a reason: a set of terms that settles the query whatever the others say, and does
    /// not without this one.
    #[test]
    fn the_term_that_is_named_is_part_of_a_reason(formula in formula(), truths in 0u32..1 << TERMS) {
        let query = formula.write();
        let pipeline = compile(&json!({ "logweir": 1, "keep": query }).to_string());
        let members: Vec<String> = (0..TERMS).map(|term| format!("\"{}\":{}", name(term), truths >> term & 1)).collect();
        let Decision { pointer, passes, term, .. } = decided(&pipeline, &format!("{{{}}}", members.join(",")));
        prop_assert_eq!((pointer.as_str(), passes), ("/keep", formula.holds(truths)));
        let term = term.expect("there is always one");
        prop_assert_eq!(&query[term.span.start..term.span.end], &term.text);
        let named = 1 << (term.text.as_bytes()[0] - b'a');
        let reasons = (0..1u32 << TERMS).filter(|terms| terms & named != 0);
        let mut reasons = reasons.filter(|terms| formula.is_settled_by(*terms, truths));
        prop_assert!(reasons.any(|terms| !formula.is_settled_by(terms & !named, truths)), "{} of {query}", term.text);
    }
}

#[test]
fn of_several_terms_the_first_that_decides_is_named() {
    for (query, record, passes, term) in [
        ("a:1 AND b:2", r#"{"a":1,"b":3}"#, false, Some("b:2")),
        ("a:1 AND b:2", r#"{"a":2,"b":3}"#, false, Some("a:1")),
        ("a:1 AND b:2", r#"{"a":1,"b":2}"#, true, Some("a:1")),
        ("a:1 OR b:2", r#"{"a":2,"b":2}"#, true, Some("b:2")),
        ("a:1 OR b:2", r#"{}"#, false, Some("a:1")),
        ("a:1 -b:2", r#"{"a":1,"b":2}"#, false, Some("b:2")),
        ("a:1 AND NOT (b:2 OR c:3)", r#"{"a":1,"c":3}"#, false, Some("c:3")),
        ("a:(1 OR 2)", r#"{"a":2}"#, true, Some("a:2")),
        ("*:* AND a:1", r#"{"a":1}"#, true, Some("a:1")),
        ("*:* OR a:1", r#"{}"#, true, None),
        ("failure", r#"{"x":"a failure"}"#, true, Some("failure")),
        ("@status:failed", r#"{}"#, false, Some("@status:failed")),
        // What stands behind a wrapper, and in a string.
        (
            "eventType:failed",
            r#"{"log":"{\"logType\":\"execution_event\",\"eventType\":\"failed\"}"}"#,
            true,
            Some("eventType:failed"),
        ),
        (
            "-eventType:failed b:1",
            r#"{"x":{"logType":"execution_event","eventType":"failed"}}"#,
            false,
            Some("eventType:failed"),
        ),
    ] {
        let said = decided(&compile(&json!({ "logweir": 1, "keep": query }).to_string()), record);
        assert_eq!((said.passes, said.term.map(|term| term.text).as_deref()), (passes, term), "{query} of {record}");
    }
}

// ---- what is told of whole policies

/// An event of each type of the catalogue, with a mark in each personal field and all free payload.
fn marked() -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/catalog");
    let folders = |path: &Path| -> Vec<PathBuf> {
        let mut all: Vec<_> = fs::read_dir(path).expect("a folder").flatten().map(|entry| entry.path()).collect();
        all.sort();
        all.into_iter().filter(|path| path.is_dir()).collect()
    };
    let json = |path: &Path| serde_json::from_str::<Value>(&fs::read_to_string(path).expect("text")).expect("JSON");
    let types = folders(&root).into_iter().flat_map(|platform| folders(&platform));
    let event = |folder: PathBuf| {
        let known = json(&folder.join("event.json"));
        let samples = fs::read_dir(folder.join("samples")).expect("samples").flatten().map(|entry| entry.path());
        let sample = samples.filter(|path| !path.to_string_lossy().ends_with(".fields.json")).min();
        let mut event = json(&sample.expect("a sample"));
        let personal = known["personal"].as_array().into_iter().flatten().map(|of| &of["path"]);
        for place in known["payload"].as_array().into_iter().flatten().chain(personal) {
            let path = place.as_str().expect("a path").replace("[*]", ".*");
            put(&mut event, &path.split('.').collect::<Vec<_>>());
        }
        event
    };
    types.map(event).collect()
}

const MARK: &str = "M4rkedV4lue";

/// Puts the mark at a place, without taking away what stands below it.
fn put(value: &mut Value, path: &[&str]) {
    match path.split_first() {
        None if value.as_object().is_some_and(|all| !all.is_empty()) => value[MARK] = json!(MARK),
        None => *value = json!(MARK),
        Some((&"*", rest)) => {
            if !value.is_array() {
                *value = json!([{}]);
            }
            value.as_array_mut().into_iter().flatten().for_each(|element| put(element, rest));
        }
        Some((name, rest)) => {
            if !value.is_object() {
                *value = json!({});
            }
            put(&mut value[*name], rest);
        }
    }
}

fn query() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!(null),
        json!(null),
        json!("@status:failed OR @level:>=warn"),
        json!("-@type:workato.job _exists_:id"),
        json!("NOT (@platform:tray AND @level:error)"),
        json!("user.email:*zz* OR **.name:* OR nothing"),
        json!("@time:[now-1h TO now] OR *:*"),
    ])
}

fn sample() -> impl Strategy<Value = Value> {
    let always = json!({ "share": 0.2, "always": "@status:failed" });
    prop::sample::select(vec![json!(null), json!(null), json!(0), json!(0.5), always])
}

fn rule() -> impl Strategy<Value = Value> {
    let rules = vec![
        json!({ "class": ["email", "person", "user_id", "ip"] }),
        json!({ "class": ["email", "customer_id"], "with": "remove", "when": "@platform:tray OR id:*" }),
        json!({ "payload": true, "routes": ["b"] }),
        json!({ "key": ["*name", "data"], "with": { "truncate": 4 } }),
        json!({ "path": "lines", "with": "remove", "when": "nothing:1" }),
        json!({ "use": ["personal", "strict-payload"] }),
    ];
    prop::sample::select(rules)
}

fn route() -> impl Strategy<Value = Value> {
    let forms = vec![
        json!({}),
        json!({ "template": r#"{"log":{{{log_message}}},"who":{{{@actor.email}}}}"# }),
        json!({ "to": { "datadog": { "service": "{{@platform}}" } } }),
        json!({ "to": { "s3": { "bucket": "b", "region": "eu-west-1", "key": "{{@actor.email}}/${batch}.json" } } }),
        json!({ "to": { "splunk": { "url": "https://example.org" } }, "oversize": { "summary": { "above": 600 } } }),
    ];
    (prop::sample::select(forms), query(), sample()).prop_map(|(mut route, when, sample)| {
        route["when"] = when;
        route["sample"] = sample;
        route
    })
}

/// Without the members that say nothing.
fn plain(mut value: Value) -> Value {
    match &mut value {
        Value::Object(members) => {
            members.retain(|_, value| !value.is_null());
            members.values_mut().for_each(|value| *value = plain(value.take()));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| *value = plain(value.take())),
        _ => {}
    }
    value
}

#[test]
fn what_is_told_is_what_is_done_and_holds_no_value() {
    let events = marked();
    proptest!(config(40), |(
        keep in query(),
        share in sample(),
        rules in prop::collection::vec(rule(), 0..3),
        (mut a, mut b) in (route(), route()),
        invalid in prop::sample::select(vec!["report", "ignore", "drop", "quarantine"]),
        events in prop::sample::subsequence(events.clone(), 1..5),
        allowed: bool,
    )| {
        (a["name"], b["name"]) = (json!("a"), json!("b"));
        let allow = json!([{ "route": "b", "class": "email", "because": "a test" }]);
        let policy = plain(json!({
            "logweir": 1, "keep": keep, "sample": share, "redact": rules, "routes": [a, b],
            "accept": { "unknown": "drop", "invalid": invalid }, "allow": if allowed { allow } else { json!([]) },
        }));
        let pipeline = compile(&policy.to_string());
        for event in events {
            for record in [event.to_string(), json!({ "n": 1, "Log": event.to_string() }).to_string(), format!("{event}]")] {
                let told = explain(&pipeline, &record, false);
                prop_assert!(!format!("{told:?}").contains(MARK), "{policy}\n{record}\n{told:?}");
                let mut run = pipeline.run();
                let outcome = whole(&mut run, record.as_bytes(), Format::Ndjson);
                outcome.assert_accounted();
                let trip = &explain(&pipeline, &record, true)[0];
                let Report { kept, filtered, quarantined, routes, findings, .. } = &outcome.report;
                let outcomes = [(kept, "kept"), (filtered, "filtered"), (quarantined, "quarantined")];
                prop_assert_eq!(vec![trip.outcome], outcomes.iter().filter(|(n, _)| **n == 1).map(|(_, name)| *name).collect::<Vec<_>>());
                let first = trip.findings.first().map(|finding| finding.code);
                prop_assert_eq!(first, findings.first().map(|finding| finding.0));
                prop_assert!(run.drift().starts_with(&trip.drift) && run.drift().is_empty() == trip.drift.is_empty());
                let is_no = |pointer: &str| trip.decisions.iter().any(|said| said.pointer == pointer && !said.passes);
                for (number, (route, bytes)) in routes.iter().zip(&outcome.routes).enumerate() {
                    let refused = ["/accept/unknown", "/accept/invalid", "/keep", "/sample"].into_iter().any(is_no)
                        || ["when", "sample"].into_iter().any(|member| is_no(&format!("/routes/{number}/{member}")));
                    let got = trip.routes.iter().find(|told| told.name == route.name);
                    prop_assert_eq!(got.is_some(), *quarantined == 0 && !refused, "{}\n{}\n{:?}", policy, record, trip);
                    prop_assert_eq!(got.map_or(0, |got| got.bytes), bytes.len() as u64);
                    let body = got.and_then(|got| got.body.as_deref());
                    prop_assert_eq!(body.is_some(), got.is_some() && !(allowed && route.name == "b"));
                    prop_assert!(body.is_none_or(|body| bytes.starts_with(body.as_bytes())), "{body:?}");
                }
            }
        }
    });
}

#[test]
fn what_a_route_got_is_a_whole_body() {
    let pipeline = compile(r#"{ "logweir": 1, "routes": [{ "name": "a", "to": "json" }, { "name": "b" }] }"#);
    let trips = explain(&pipeline, "{\"a\":1}\n{\"b\":2}\n", true);
    let bodies = trips.iter().map(|trip| trip.routes.iter().map(|route| route.body.as_deref().unwrap_or_default()));
    let bodies: Vec<Vec<&str>> = bodies.map(Iterator::collect).collect();
    assert_eq!(bodies, [["[{\"a\":1}]\n", "{\"a\":1}\n"], ["[{\"b\":2}]\n", "{\"b\":2}\n"]]);
    for route in trips.iter().flat_map(|trip| &trip.routes) {
        assert_eq!((route.records, route.bytes), (1, route.body.as_ref().map_or(0, String::len) as u64));
    }
}
