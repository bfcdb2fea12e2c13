//! The flow check: what it finds in a policy, and that nothing of what it lets through is ever seen on a route.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use common::encodings::{STD, base64, percent};
use common::seed::config;
use common::{compile, whole};
use logweir::{Format, Pipeline, Problem};
use proptest::prelude::*;
use serde_json::{Value, json};

fn leaks(policy: &Value) -> Vec<Problem> {
    let text = policy.to_string();
    compile(&text).leaks(&text)
}

/// Code, route and what is told, of each.
fn told(policy: &Value) -> Vec<String> {
    leaks(policy).into_iter().map(|p| [p.code, " ", &p.pointer, " ", &p.expected].concat()).collect()
}

#[test]
fn a_rule_for_each_class_and_the_payload_settles_it() {
    let classes = ["email", "person", "user_id", "customer_id", "ip", "device", "location", "phone", "secret"];
    let rules = |left_out: &str| {
        let kept: Vec<&str> = classes.into_iter().filter(|class| *class != left_out).collect();
        json!([{ "class": kept, "with": "remove" }, { "payload": true }])
    };
    let policy = |left_out: &str| json!({ "logweir": 1, "accept": { "unknown": "drop" }, "redact": rules(left_out) });
    assert_eq!(told(&policy("")), Vec::<String>::new());
    for class in classes.into_iter().filter(|class| !matches!(*class, "phone" | "secret" | "location")) {
        let told = told(&policy(class));
        assert!(!told.is_empty(), "{class}");
        let begins = format!("F101  no {class} as it came on route \"out\": ");
        assert!(told.iter().all(|leak| leak.starts_with(&begins)), "{class}: {told:?}");
    }
}

#[test]
fn what_may_not_change_a_value_settles_nothing() {
    let policy = |rule: Value| {
        json!({
            "logweir": 1,
            "accept": { "events": ["tray.audit"], "unknown": "drop" },
            "redact": [{ "payload": true }, { "class": ["user_id", "person"], "with": "remove" }, rule],
        })
    };
    let email = "F101  no email as it came on route \"out\": tray.audit has it at calledBy.email";
    for rule in [
        json!({ "class": "email", "when": "@level:error" }),
        json!({ "class": "email", "except": "calledBy.email" }),
        json!({ "class": "email", "with": { "truncate": 5 } }),
        json!({ "detect": "email" }),
        json!({ "path": "calledBy.mail" }),
        json!({ "key": "email", "in": "details" }),
        json!({ "path": "log.calledBy.email" }),
    ] {
        let told = told(&policy(rule.clone()));
        assert!(told.iter().any(|leak| leak == email), "{rule}: {told:?}");
    }
    for rule in [
        json!({ "class": "email" }),
        json!({ "class": "email", "with": "mask" }),
        json!({ "key": "e_mail" }),
        json!({ "key": ["calledby", "impersonated*"], "with": "remove" }),
        json!({ "path": ["calledBy", "impersonatedBy"], "with": "mask" }),
        json!({ "path": "**.email" }),
        json!({ "pass": ["eventType", "timestamp"] }),
    ] {
        let told = told(&policy(rule.clone()));
        assert!(told.iter().all(|leak| !leak.contains("email")), "{rule}: {told:?}");
    }
}

#[test]
fn routes_are_looked_at_one_by_one() {
    let policy = json!({
        "logweir": 1,
        "accept": { "events": ["tray.audit"], "unknown": "quarantine" },
        "redact": [
            { "class": ["user_id", "person", "email"], "with": "remove", "routes": ["a"] },
            { "payload": true, "routes": ["a", "c"] },
        ],
        "routes": [
            { "name": "a" },
            { "name": "b", "template": r#"{"e":{{{eventType}}},"t":{{{@time}}}}"# },
            { "name": "c", "template": r#"{"who":{{{calledBy.email}}}}"# },
            { "name": "d", "template": r#"{"who":[{{#calledBy}}{{{email}}}{{/calledBy}}]}"# },
            { "name": "e", "template": r#"{"all":{{{log}}}}"# },
        ],
        "allow": [
            { "route": "d", "class": "email", "because": "they agreed" },
            { "route": "e", "path": "**", "because": "it stays in the house" },
            { "route": "a", "payload": true, "because": "nothing of it comes" },
        ],
    });
    assert_eq!(
        told(&policy),
        [
            "F101 /routes/2 no email as it came on route \"c\": tray.audit has it at calledBy.email",
            "F181 /allow/2 an entry that something needs",
        ]
    );
}

/// What somebody who looked for ways around the check has found.
#[test]
fn what_templates_and_exceptions_let_through_is_told() {
    let event = json!({ "events": ["workato.activity", "workato.job"], "unknown": "drop" });
    let email = "workato.activity has it at user.email";
    let error = "workato.job has it at lines[*].error";
    for (template, place) in [
        ("[{{#log}}{{.}}{{/log}}]", email),
        ("[{{#log.user}}{{email}}{{/log.user}}]", email),
        ("[{{#event}}{{log.user.email}}{{/event}}]", email),
        ("[{{#user}}{{log}}{{/user}}]", email),
        ("[{{#event}}{{#@actor.email}}{{.}}{{/@actor.email}}{{/event}}]", email),
        ("[{{#event}}{{#log_message}}{{.}}{{/log_message}}{{/event}}]", email),
        ("[{{lines[0]}}]", error),
        ("[{{lines[0].error}}]", error),
    ] {
        let policy = json!({ "logweir": 1, "accept": event, "routes": [{ "name": "out", "template": template }] });
        assert!(told(&policy).iter().any(|leak| leak.ends_with(place)), "{template}: {:?}", told(&policy));
    }
    let plain = r#"{"e":[{{#@level}}{{.}}{{/@level}}],"n":{{{@status}}}}"#;
    let policy = json!({ "logweir": 1, "accept": event, "routes": [{ "name": "out", "template": plain }] });
    assert!(told(&policy).iter().all(|leak| !leak.contains("email")), "{:?}", told(&policy));
    for pass in ["user.email", "user.*", "*.*", "log.user.email", "user"] {
        let policy = json!({ "logweir": 1, "accept": event, "redact": [{ "pass": pass }] });
        assert!(told(&policy).iter().any(|leak| leak.ends_with(email)), "{pass}: {:?}", told(&policy));
    }
    let job = json!({ "events": ["workato.job"], "unknown": "drop" });
    let policy = json!({ "logweir": 1, "accept": job, "redact": [{ "pass": ["id", "status"] }] });
    assert_eq!(told(&policy), Vec::<String>::new());
    let policy = json!({ "logweir": 1, "redact": [{ "pass": ["message"] }] });
    assert!(told(&policy)[0].starts_with("F103"), "{:?}", told(&policy));
    let one = json!({ "route": "out", "class": "email", "path": "team.email", "because": "a list of ours" });
    let policy = json!({ "logweir": 1, "accept": event, "redact": [{ "class": "email", "except": "team.email" }], "allow": [one] });
    assert!(told(&policy).iter().all(|leak| !leak.contains("email")), "{:?}", told(&policy));
    let policy = json!({ "logweir": 1, "accept": event, "allow": [one] });
    assert!(told(&policy).iter().any(|leak| leak.ends_with(email)), "{:?}", told(&policy));
    assert!(told(&policy).iter().all(|leak| !leak.ends_with("team.email")), "{:?}", told(&policy));
}

#[test]
fn a_route_is_looked_at_for_the_types_that_its_queries_can_match() {
    let told_of = |keep: Value, when: &str| {
        let policy = json!({
            "logweir": 1,
            "accept": { "events": ["tray.audit", "workato.activity", "workato.job"], "unknown": "pass" },
            "keep": keep,
            "routes": [{ "name": "out", "when": when }],
        });
        let types = ["tray.audit", "workato.activity", "workato.job", "nobody knows"];
        let told = told(&policy);
        types.into_iter().filter(|of| told.iter().any(|leak| leak.contains(of))).collect::<Vec<_>>()
    };
    let all = "_exists_:id OR NOT _exists_:id";
    for (keep, when, types) in [
        (all, all, &["tray.audit", "workato.activity", "workato.job", "nobody knows"][..]),
        (all, "@type:tray.audit", &["tray.audit"]),
        (all, "@type:workato.*", &["workato.activity", "workato.job"]),
        (all, "@platform:workato -@type:workato.job", &["workato.activity"]),
        ("@platform:workato", "-@type:workato.job OR @status:failed", &["workato.activity", "workato.job"]),
        ("@platform:workato", "@type:tray.audit OR _exists_:title", &["workato.activity", "workato.job"]),
        (all, "-@type:tray.audit", &["workato.activity", "workato.job", "nobody knows"]),
        (all, "eventType:tray.audit", &["tray.audit", "workato.activity", "workato.job", "nobody knows"]),
    ] {
        assert_eq!(told_of(json!(keep), when), types, "{keep}, {when}");
    }
}

#[test]
fn unknown_records_and_original_bytes_count() {
    let mut policy = json!({ "logweir": 1 });
    assert_eq!(told(&policy).len(), 1);
    assert!(told(&policy)[0].starts_with("F103"), "{:?}", told(&policy));
    policy["accept"] = json!({ "events": ["tray.execution"] });
    policy["redact"] = json!([{ "path": "**", "with": "remove" }]);
    // A record that is a text alone is no member of anything.
    assert!(told(&policy)[0].starts_with("F103"), "{:?}", told(&policy));
    policy["redact"] = json!([{ "payload": true }]);
    assert_eq!(told(&policy), Vec::<String>::new());
    policy["quarantine"] = json!({ "originals": true });
    assert_eq!(told(&policy).len(), 1);
    assert!(told(&policy)[0].starts_with("F104 /quarantine"), "{:?}", told(&policy));
    policy["allow"] = json!([{ "route": "quarantine", "because": "a vault of ours" }]);
    assert_eq!(told(&policy), Vec::<String>::new());
}

#[test]
fn an_entry_of_allow_needs_a_route_a_subject_and_a_reason() {
    for (entry, expected) in [
        (json!({ "class": "email", "because": "x" }), "the member \"route\""),
        (json!({ "route": "owt", "class": "email", "because": "x" }), "the name of a route, or \"quarantine\""),
        (json!({ "route": "out", "because": "x" }), "one of the members \"class\""),
        (json!({ "route": "out", "class": "email" }), "the member \"because\""),
        (json!({ "route": "out", "class": "email", "because": " " }), "the reason why this may pass"),
        (json!({ "route": "out", "class": "mail", "because": "x" }), "\"email\", "),
        (
            json!({ "route": "out", "class": "email", "event": ["tray.audit"], "because": "x" }),
            "the name of an event type",
        ),
    ] {
        let text = json!({ "logweir": 1, "allow": [entry] }).to_string();
        let problems = Pipeline::compile(&text).expect_err("refused").problems;
        assert!(problems.iter().any(|problem| problem.expected.starts_with(expected)), "{entry}: {problems:?}");
    }
}

// The law: what the check does not tell of is never seen.

#[derive(Clone, Debug)]
struct Type {
    name: String,
    sample: Value,
    /// Personal fields and free payload.
    places: Vec<String>,
}

fn types() -> Vec<Type> {
    let mut types = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/catalog");
    let folders = |path: &Path| -> Vec<_> {
        let mut all: Vec<_> = fs::read_dir(path).expect("a folder").flatten().map(|entry| entry.path()).collect();
        all.sort();
        all.into_iter().filter(|path| path.is_dir()).collect()
    };
    let json = |path: &Path| serde_json::from_str::<Value>(&fs::read_to_string(path).expect("text")).expect("JSON");
    for folder in folders(&root).iter().flat_map(|platform| folders(platform)) {
        let event = json(&folder.join("event.json"));
        let mut samples: Vec<_> = fs::read_dir(folder.join("samples")).expect("samples").flatten().collect();
        samples.sort_by_key(|entry| entry.file_name());
        let sample = samples.iter().find(|entry| !entry.file_name().to_string_lossy().ends_with(".fields.json"));
        let texts = |list: &Value, member: Option<&str>| -> Vec<String> {
            let all = list.as_array().into_iter().flatten();
            all.filter_map(|each| member.map_or(each, |member| &each[member]).as_str().map(str::to_owned)).collect()
        };
        let mut places = texts(&event["payload"], None);
        places.extend(texts(&event["personal"], Some("path")));
        types.push(Type {
            name: event["type"].as_str().expect("a name").to_owned(),
            sample: json(&sample.expect("a sample").path()),
            places,
        });
    }
    types
}

/// Puts a mark at a place, without taking away what was put below it.
fn put(value: &mut Value, path: &[&str], mark: &str) {
    if let Value::String(text) = value
        && let Ok(mut inner) = serde_json::from_str::<Value>(text)
        && inner.is_object()
    {
        put(&mut inner, path, mark);
        *value = Value::String(inner.to_string());
        return;
    }
    match path.split_first() {
        None if value.as_object().is_some_and(|all| !all.is_empty()) => value["extra"] = json!(mark),
        None => *value = json!(mark),
        Some((&"*", rest)) => {
            if !value.is_array() {
                *value = json!([{}]);
            }
            value.as_array_mut().into_iter().flatten().for_each(|element| put(element, rest, mark));
        }
        Some((name, rest)) => {
            if !value.is_object() {
                *value = json!({});
            }
            put(&mut value[*name], rest, mark);
        }
    }
}

/// What may arrive where an object or array was expected: what it holds, in another form.
#[derive(Clone, Copy, Debug)]
enum Drift {
    BehindWords,
    PercentEncoded,
    Base64,
    Text,
    TextInText,
    Texts,
    TextsBehindWords,
    Number,
    Numbers,
}

const DRIFTS: [Drift; 9] = [
    Drift::BehindWords,
    Drift::PercentEncoded,
    Drift::Base64,
    Drift::Text,
    Drift::TextInText,
    Drift::Texts,
    Drift::TextsBehindWords,
    Drift::Number,
    Drift::Numbers,
];

/// The marks of a value.
fn marks(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::String(text) if text.starts_with("mk") => all.push(text.clone()),
        Value::Array(elements) => elements.iter().for_each(|element| marks(element, all)),
        Value::Object(members) => members.values().for_each(|member| marks(member, all)),
        _ => {}
    }
}

/// A mark as a number: no sample has one like it.
fn mark_number(mark: &str) -> u64 {
    4_400_700 + mark.trim_start_matches("mk").trim_end_matches("zq").parse::<u64>().unwrap_or_default()
}

fn drifted(value: &Value, drift: Drift) -> Value {
    let document = value.to_string();
    let mut all = Vec::new();
    marks(value, &mut all);
    match drift {
        Drift::BehindWords => json!(format!("note: {document}")),
        Drift::PercentEncoded => json!(percent(&document)),
        Drift::Base64 => json!(base64(&document, STD, true)),
        Drift::Text => json!(all.join(" ")),
        Drift::TextInText => json!(json!(all.join(" ")).to_string()),
        Drift::Texts => json!([[], all]),
        Drift::TextsBehindWords => json!([format!("note: {document}")]),
        Drift::Number => all.first().map_or(Value::Null, |mark| json!(mark_number(mark))),
        Drift::Numbers => json!(all.iter().map(|mark| mark_number(mark)).collect::<Vec<_>>()),
    }
}

/// Lets every object and array below so many steps of a way drift.
fn drift(value: &mut Value, way: &[&str], depth: usize, to: Drift) {
    match (way.split_first(), depth) {
        (Some(_), 0) if value.is_object() || value.is_array() => *value = drifted(value, to),
        (Some((&"*", rest)), 1..) => {
            value.as_array_mut().into_iter().flatten().for_each(|element| drift(element, rest, depth - 1, to));
        }
        (Some((name, rest)), 1..) if value.get(*name).is_some() => drift(&mut value[*name], rest, depth - 1, to),
        _ => {}
    }
}

fn rule(places: &[String]) -> impl Strategy<Value = Value> + use<> {
    let classes = ["email", "person", "user_id", "customer_id", "ip", "device", "location", "secret"];
    let place = prop::sample::select(places.to_vec());
    let key =
        prop::sample::select(vec!["email", "*name", "data", "user*", "details", "id", "*message", "context", "*"]);
    let of = prop_oneof![
        3 => prop::sample::subsequence(classes.to_vec(), 1..=8).prop_map(|class| json!({ "class": class })),
        2 => Just(json!({ "payload": true })),
        2 => key.prop_map(|key| json!({ "key": key })),
        3 => place.clone().prop_map(|path| json!({ "path": path })),
        1 => place.clone().prop_map(|path| json!({ "path": format!("log.{path}") })),
        1 => place.prop_map(|path| json!({ "pass": [path, "eventType"] })),
        1 => Just(json!({ "path": "**" })),
        1 => Just(json!({ "path": ["lines[0].input", "*.email", "data.context"] })),
        1 => Just(json!({ "use": ["personal", "strict-payload"] })),
    ];
    let with = prop::sample::select(vec![
        json!("remove"),
        json!("replace"),
        json!("mask"),
        json!({ "mask": { "last": 2 } }),
        json!({ "truncate": 40 }),
        json!({ "hash": "k" }),
    ]);
    let condition = prop::sample::select(vec![
        ("", json!(null)),
        ("", json!(null)),
        ("", json!(null)),
        ("", json!(null)),
        ("when", json!("nothing:1")),
        ("except", json!(["data", "user", "log.user", "details.request"])),
        ("in", json!(["*.user", "user", "data", "lines"])),
        ("routes", json!(["b"])),
    ]);
    (of, with, any::<bool>(), condition).prop_map(|(mut rule, with, is_with, (name, value))| {
        let scalars_only = rule.get("pass").is_some();
        if is_with && !(scalars_only && (with == json!("remove") || with == json!("replace"))) {
            rule["with"] = with;
        }
        if !name.is_empty() {
            rule[name] = value;
        }
        rule
    })
}

fn query() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "*:*",
        "*:*",
        "*:*",
        "@type:tray*",
        "-@type:workato.job",
        "@level:>=warn OR @type:paragon*",
        "@platform:workato AND NOT (@type:workato.activity AND @level:info)",
        "@status:failed OR @actor.email:* OR -@level:info",
        "_exists_:@duration OR _exists_:calledBy",
        "-@error.type:* -@type:tray.audit",
    ])
}

fn template() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        Value::Null,
        Value::Null,
        json!(r#"{"log":{{{log_message}}},"text":{{{log_message_str}}}}"#),
        json!(r#"{"m":{{{@message}}},"who":{{{@actor.email}}},"at":{{{@time}}}}"#),
        json!(r#"{"lines":[{{#lines}}{{{input}}},{{{name}}}{{/lines}}],"d":{{{data}}}}"#),
        json!(r#"{"user":[{{#user}}{{{.}}}{{/user}}],"x":{{{log.user.name}}}}"#),
        json!(r#"{"h":{{{@actor.email | hash:k}}},"e":{{{eventType}}}}"#),
        json!({ "in": "{{{Log}}}", "details": "{{{details}}}", "t": "{{title}}" }),
    ])
}

#[test]
fn nothing_is_seen_that_was_not_told() {
    let types = types();
    let places: Vec<String> = types.iter().flat_map(|of| of.places.iter().cloned()).collect();
    let names: Vec<String> = types.iter().map(|of| of.name.clone()).collect();
    proptest!(config(60), |(
        accepted in prop::sample::subsequence(names, 1..=2),
        rules in prop::collection::vec(rule(&places), 0..7),
        templates in (template(), template()),
        unknown in prop::sample::select(vec!["pass", "drop"]),
        invalid in prop::sample::select(vec!["report", "ignore"]),
        queries in (query(), query(), query()),
    )| {
        let policy = json!({
            "logweir": 1,
            "accept": { "events": accepted, "unknown": unknown, "invalid": invalid },
            "redact": rules,
            "routes": [route("a", &templates.0, queries.0), route("b", &templates.1, queries.1)],
            "keep": queries.2,
        });
        let keys = [("k".to_owned(), b"0123456789abcdef0123456789abcdef".to_vec())];
        let text = policy.to_string();
        let compiled = Pipeline::compile_with(&text, &keys);
        prop_assume!(!matches!(&compiled, Err(p) if p.problems.iter().all(|p| p.code == "P115")));
        let pipeline = compiled.expect("a policy");
        let leaks: BTreeSet<String> = pipeline.leaks(&text).into_iter().map(|leak| leak.expected).collect();
        prop_assume!(leaks.iter().all(|leak| !leak.starts_with("fewer")));
        let is_told = |route: &str, what: &str| {
            leaks.iter().any(|leak| leak.contains(&format!("on route \"{route}\"")) && leak.ends_with(what))
        };
        let mut run = pipeline.run();
        for of in types.iter().filter(|of| accepted.contains(&of.name)) {
            let mut event = of.sample.clone();
            for (number, place) in of.places.iter().enumerate() {
                let path = place.replace("[*]", ".*");
                put(&mut event, &path.split('.').collect::<Vec<_>>(), &format!("mk{number}zq"));
            }
            let mut records = vec![
                event.to_string(),
                json!({ "log": event }).to_string(),
                json!({ "n": 1, "Log": event.to_string() }).to_string(),
                json!({ "content": { "attributes": event } }).to_string(),
                json!(json!({ "outer": { "a": event.to_string() } }).to_string()).to_string(),
            ];
            let whole_ones = records.len();
            for (to, depth) in DRIFTS.into_iter().flat_map(|to| [(to, 1), (to, 2), (to, 3)]) {
                let mut event = event.clone();
                for place in &of.places {
                    let path = place.replace("[*]", ".*");
                    drift(&mut event, &path.split('.').collect::<Vec<_>>(), depth, to);
                }
                records.push(event.to_string());
                records.push(json!({ "n": 1, "log": event.to_string() }).to_string());
            }
            for (at, record) in records.into_iter().enumerate() {
                let outcome = whole(&mut run, record.as_bytes(), Format::Json);
                for (number, place) in of.places.iter().enumerate() {
                    let mark = format!("mk{number}zq");
                    for (route, bytes) in ["a", "b"].iter().zip(&outcome.routes) {
                        let text = String::from_utf8_lossy(bytes);
                        let forms = [mark.clone(), mark_number(&mark).to_string()];
                        let is_seen = forms.iter().any(|form| text.contains(form)) || decodes_to(&text, &mark);
                        // One that is not recognised any more is any record.
                        let told = is_told(route, &format!("{} has it at {place}", of.name))
                            || at >= whole_ones && is_told(route, "nobody knows what it holds");
                        prop_assert!(!is_seen || told, "{} of {} on {route}\n{policy}\n{record}\n{leaks:?}", place, of.name);
                    }
                }
            }
        }
        for record in [json!({ "foo": { "user": ["mkuzq"] }, "lines": "mkuzq" }), json!("mkuzq"), json!(["mkuzq"])] {
            let outcome = whole(&mut run, record.to_string().as_bytes(), Format::Json);
            for (route, bytes) in ["a", "b"].iter().zip(&outcome.routes) {
                let is_seen = String::from_utf8_lossy(bytes).contains("mkuzq");
                prop_assert!(!is_seen || is_told(route, "") , "unknown on {route}\n{policy}\n{record}\n{leaks:?}");
            }
        }
    });
}

/// Whether some stretch of base64 says it, of the letters that are of it alone.
fn decodes_to(text: &str, mark: &str) -> bool {
    (0..3).any(|before: usize| {
        let letters = base64(&["--".get(..before).unwrap_or_default(), mark].concat(), STD, true);
        text.contains(&letters[(before * 8).div_ceil(6)..(before + mark.len()) * 8 / 6])
    })
}

fn route(name: &str, template: &Value, when: &str) -> Value {
    let mut route = json!({ "name": name, "when": when });
    if !template.is_null() {
        route["template"] = template.clone();
    }
    route
}

#[test]
fn what_a_layout_of_names_reads_is_what_it_shows() {
    for layout in ["workato", "workato-day"] {
        let policy = json!({
            "logweir": 1,
            "accept": { "events": ["workato.*"], "unknown": "drop" },
            "routes": [{ "name": "out", "template": "{\"at\":{{{@time}}}}", "to": { "s3": { "bucket": "b", "layout": layout } } }],
        });
        // A recipe's id is in the name, and an activity has that where it has the ids of people, too.
        let shown = ["user_id", "customer_id"].map(|class| {
            let of = if class == "user_id" {
                "workato.activity has it at resource.id"
            } else {
                "workato.job has it at context.user_id"
            };
            format!("F101 /routes/0 no {class} as it came on route \"out\": {of}")
        });
        assert_eq!(told(&policy), shown);
    }
}

#[test]
fn no_route_stands_in_for_the_quarantine() {
    let policy = json!({
        "logweir": 1,
        "quarantine": { "originals": true },
        "routes": [{ "name": "quarantine" }],
        "allow": [{ "route": "quarantine", "because": "a vault of ours" }],
    });
    let problems = Pipeline::compile(&policy.to_string()).expect_err("refused").problems;
    assert_eq!((problems[0].code, problems[0].pointer.as_str()), ("P108", "/routes/0/name"));
}
