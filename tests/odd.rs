//! What is odd about a policy: told where it is certain, and nowhere else.

mod common;

use std::fs;
use std::path::Path;

use common::seed::config;
use common::{compile, whole};
use logweir::{Format, Pipeline};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Code and place of each warning of the policy itself.
fn odd(policy: &Value) -> Vec<String> {
    told(&compile(&policy.to_string()))
}

fn told(pipeline: &Pipeline) -> Vec<String> {
    let odd = pipeline.warnings().iter().filter(|odd| odd.code.starts_with('P'));
    odd.map(|odd| [odd.code, " ", &odd.pointer].concat()).collect()
}

#[test]
fn queries_that_nothing_can_match_are_told() {
    let never = |accept: Value, query: &str| !odd(&json!({ "logweir": 1, "accept": accept, "keep": query })).is_empty();
    let tray = || json!({ "events": ["tray.*"], "unknown": "drop" });
    for query in [
        "a:1 AND NOT a:1",
        "a:1 -a:1",
        "a:1 AND (b:2 OR c:3) AND NOT a:1",
        "a:1 AND (NOT a:1 OR (b:2 AND NOT b:2))",
        "NOT (a:1 OR NOT a:1)",
        "(NOT a:1 OR NOT a:1) AND a:1",
        "word -word",
        "a:[5 TO 1]",
        "a:{5 TO 5]",
        "a:[b TO a]",
        "ip:[10.0.0.9 TO 10.0.0.1]",
        "t:[2026-05-02 TO 2026-05-01]",
        "@type:workato.job",
        "@type:tray.nothing",
        "@type:tray.audit AND @type:tray.execution",
        "@platform:workato",
        "@type:tray.execution AND @level:fatal",
        "@level:error @level:info",
        "@level:>=error AND @level:<warn",
        "@status:failed AND @status:succeeded",
        "@duration:>10 AND @duration:<5",
        "@customer.id:7",
        "@type:tray.execution AND _exists_:@actor.email",
        "@type:workato* OR (b:1 AND NOT b:1)",
    ] {
        assert!(never(tray(), query), "{query}");
    }
    for query in [
        "*:*",
        "a:1 AND a:2",
        "a:1 OR NOT a:1",
        "a:>5 AND a:<3",
        "a:[1 TO 1]",
        "a:[5 TO *]",
        "NOT a:[5 TO 1]",
        "t:[2026-05-01 TO now]",
        "@time:[2026-05-01 TO now]",
        "@time:>now AND @time:<now-1h",
        "@type:tray*",
        "-@type:workato.job",
        "@status:failed AND @status:FAILED",
        "@status:7 AND @status:7.0",
        "@status:fail* AND @status:failed",
        "@level:>=warn AND @level:<=error",
        "@type:tray.execution AND @level:error",
        "@duration:>5 AND @duration:<10",
        "a:1 AND NOT (a:1 AND b:1)",
        "word -words",
        "tray.nothing",
    ] {
        assert!(!never(tray(), query), "{query}");
    }
    // What comes is another thing where unknown records do, or where nobody says.
    assert!(!never(json!({}), "-@type:tray.audit -@type:workato.job"));
    assert!(never(json!({}), "@type:nothing"));
    assert!(!odd(&json!({ "logweir": 1, "keep": "@level:error AND @level:info" })).is_empty());
    // An event type of one's own counts as any other.
    let own = |field: Value| {
        json!({
            "events": ["acme.note"], "unknown": "drop",
            "catalog": [{
                "type": "acme.note", "title": "Note", "recognise": { "require": { "kind": { "const": "note" } } },
                "fields": { "@platform": { "const": "acme" }, "@level": field },
            }],
        })
    };
    assert!(never(own(json!({ "const": "info" })), "@level:error"));
    assert!(!never(own(json!({ "const": "info" })), "@level:info"));
    assert!(!never(
        own(json!([{ "path": "severity", "map": { "bad": "error" } }, { "const": "info" }])),
        "@level:error"
    ));
}

#[test]
fn routes_and_rules_for_nothing_are_told() {
    let policy = json!({
        "logweir": 1,
        "accept": { "events": ["tray.*"], "unknown": "drop" },
        "keep": "@level:>=warn",
        "redact": [
            { "path": "a", "when": "@level:info" },
            { "path": "b", "routes": [] },
            { "path": "c", "routes": ["debug", "no share"] },
            { "path": "d", "routes": ["debug", "errors"], "when": "x:1" },
            { "use": "mask-data" },
            { "use": "workato-duplicates", "routes": ["errors"] },
        ],
        "routes": [
            { "name": "errors", "when": "@level:error" },
            { "name": "debug", "when": "@level:info" },
            { "name": "workato", "when": "@platform:workato" },
            { "name": "no share", "sample": 0 },
            { "name": "errors alone", "sample": { "share": 0, "always": "@level:error" } },
        ],
    });
    let expected = [
        "P183 /redact/0/when",
        "P183 /redact/1/routes",
        "P183 /redact/2/routes",
        "P183 /redact/5",
        "P182 /routes/1/when",
        "P181 /routes/2/when",
        "P182 /routes/3/sample",
    ];
    assert_eq!(odd(&policy), expected);
    assert_eq!(
        odd(&json!({ "logweir": 1, "sample": 0, "routes": [{ "name": "a" }, { "name": "b" }] })),
        ["P182 /sample"]
    );
}

#[test]
fn what_is_sent_twice_is_told() {
    let policy = |second: Value, redact: Value| {
        let first = json!({ "name": "a", "to": { "datadog": { "service": "tray" } }, "steps": false });
        odd(&json!({ "logweir": 1, "redact": redact, "routes": [first, second] }))
    };
    let to = json!({ "datadog": { "service": "tray" } });
    let twice = ["P184 /routes/1"];
    assert_eq!(policy(json!({ "name": "b", "to": to, "steps": false }), json!([])), twice);
    assert_eq!(policy(json!({ "name": "b", "to": to, "steps": false, "when": "x:1" }), json!([])), twice);
    let none: [&str; 0] = [];
    assert_eq!(policy(json!({ "name": "b", "to": to }), json!([])), none);
    assert_eq!(
        policy(json!({ "name": "b", "to": { "datadog": { "service": "x" } }, "steps": false }), json!([])),
        none
    );
    assert_eq!(
        policy(json!({ "name": "b", "to": to, "steps": false }), json!([{ "path": "x", "routes": ["b"] }])),
        none
    );
    let halves = json!([
        { "name": "a", "when": "x:1", "to": to }, { "name": "b", "when": "-x:1", "to": to }, { "name": "c", "when": "y:1" }
    ]);
    assert_eq!(odd(&json!({ "logweir": 1, "routes": halves })), none);
    // What stays with the caller may be asked for twice.
    assert_eq!(odd(&json!({ "logweir": 1, "routes": [{ "name": "a" }, { "name": "b" }] })), none);
}

#[test]
fn limits_and_keys_for_nothing_are_told() {
    let limits = |record: u32, output: u32| json!({ "recordBytes": record, "outputBytes": output });
    assert_eq!(odd(&json!({ "logweir": 1, "limits": limits(2000, 1000) })), ["P185 /limits/recordBytes"]);
    assert!(odd(&json!({ "logweir": 1, "limits": limits(1000, 1000) })).is_empty());
    assert!(odd(&json!({ "logweir": 1, "limits": limits(2000, 1000), "redact": [{ "path": "a" }] })).is_empty());
    let summary = |above: u32| {
        let route = json!({ "name": "out", "oversize": { "summary": { "above": above } } });
        odd(&json!({ "logweir": 1, "limits": { "outputBytes": 1000 }, "routes": [route] }))
    };
    assert_eq!(summary(1000), ["P185 /routes/0/oversize"]);
    assert!(summary(999).is_empty());
    let keys = [("pii".to_owned(), vec![7; 32]), ("other".to_owned(), vec![7; 32]), ("*".to_owned(), vec![7; 32])];
    let policy = json!({
        "logweir": 1,
        "redact": [{ "path": "a", "with": { "hash": "pii" } }],
        "routes": [{ "name": "out", "template": { "id": "{{a | hash:tpl}}" } }],
    });
    let pipeline = Pipeline::compile_with(&policy.to_string(), &keys).expect("a policy");
    assert_eq!(told(&pipeline), ["P186 "]);
    assert!(pipeline.warnings()[0].expected.contains("\"other\""));
}

#[test]
fn what_templates_read_in_vain_is_told() {
    let policy = |rule: Value, template: Value, accept: bool| {
        let mut policy = json!({ "logweir": 1, "redact": [rule], "routes": [{ "name": "out", "template": template }] });
        if accept {
            policy["accept"] = json!({});
        }
        odd(&policy)
    };
    let reads = || json!({ "who": "{{user.email}}", "at": "{{@time}}" });
    let vain = ["P187 /routes/0/template/who"];
    assert_eq!(policy(json!({ "path": "user.email", "with": "remove" }), reads(), true), vain);
    assert_eq!(policy(json!({ "path": "user", "with": "remove" }), reads(), true), vain);
    assert_eq!(policy(json!({ "key": ["x", "email"], "with": "remove" }), reads(), false), vain);
    for rule in [
        json!({ "path": "user.email" }),
        json!({ "path": "user.email", "with": "mask" }),
        json!({ "path": "user.email", "with": "remove", "when": "x:1" }),
        json!({ "path": "user.name", "with": "remove" }),
        json!({ "path": "user.email.x", "with": "remove" }),
        json!({ "path": "user[0].email", "with": "remove" }),
        json!({ "key": "email", "with": "remove", "in": "a" }),
        json!({ "class": "email", "with": "remove" }),
    ] {
        assert!(policy(rule.clone(), reads(), true).is_empty(), "{rule}");
    }
    // In a wrapper, where nobody looks for the event, it stays.
    assert!(policy(json!({ "path": "user.email", "with": "remove" }), reads(), false).is_empty());
    // A name in a section may be meant from around it.
    let section = json!("[{{#user}}{{email}}{{/user}}]");
    assert!(policy(json!({ "path": "user.email", "with": "remove" }), section.clone(), true).is_empty());
    assert_eq!(policy(json!({ "key": "email", "with": "remove" }), section, true), ["P187 /routes/0/template"]);
}

#[test]
fn neither_examples_nor_presets_are_odd() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut looked = 0;
    for folder in fs::read_dir(root.join("tests/examples")).expect("the examples").flatten() {
        for file in fs::read_dir(folder.path()).expect("an example").flatten().map(|file| file.path()) {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if !name.contains("policy") || !(name.ends_with(".json") || name.ends_with(".jsonc")) {
                continue;
            }
            let text = fs::read_to_string(&file).expect("a policy");
            let keys = [("*".to_owned(), vec![7; 32])];
            let pipeline = Pipeline::compile_with(&text, &keys).expect("an example compiles");
            assert_eq!(told(&pipeline), Vec::<String>::new(), "{name}");
            looked += 1;
        }
    }
    assert!(looked >= 3, "{looked} examples");
    for preset in ["personal", "secrets", "strict-payload", "mask-data", "workato-duplicates"] {
        for accept in [None, Some(json!({})), Some(json!({ "events": ["workato.*"], "unknown": "drop" }))] {
            let mut policy = json!({ "logweir": 1, "redact": [{ "use": preset }] });
            if let Some(accept) = accept {
                policy["accept"] = accept;
            }
            assert_eq!(odd(&policy), Vec::<String>::new(), "{policy}");
        }
    }
}

/// Queries of few words, so that they contradict themselves often.
fn query() -> impl Strategy<Value = String> {
    let term = prop::sample::select(vec![
        "a:1",
        "a:2",
        "a:>1",
        "a:<1",
        "a:[2 TO 1]",
        "b:x",
        "_exists_:a",
        "x",
        "@level:error",
        "@level:info",
        "@level:>=warn",
        "@type:tray.execution",
        "@type:tray.audit",
        "@type:workato.job",
        "@platform:tray",
        "@status:failed",
        "@status:succeeded",
        "_exists_:@run.id",
        "@duration:>5",
        "@duration:<3",
        "eventType:failed",
    ]);
    term.prop_map(str::to_owned).prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|part| format!("NOT ({part})")),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" AND "))),
            prop::collection::vec(inner, 2..4).prop_map(|parts| format!("({})", parts.join(" OR "))),
        ]
    })
}

fn record() -> impl Strategy<Value = String> {
    let kind = prop::sample::select(vec!["started", "failed", "successful", "retrying"]);
    let a = prop::sample::select(vec![json!(null), json!(0), json!(1), json!([1, 2]), json!("x")]);
    (kind, a, 0..6u8, 0..10u8).prop_map(|(kind, a, form, seconds)| {
        let execution = json!({
            "logType": "execution_event", "eventType": kind, "executionId": "r", "a": a,
            "executionCreated": "2026-05-01T00:00:00Z", "created": format!("2026-05-01T00:00:0{seconds}Z"),
        });
        let job = json!({ "id": "1", "flow_id": 2, "status": "failed", "started_at": "2026-05-01T00:00:00Z", "a": a });
        match form {
            0 | 1 => execution,
            2 => json!({ "log": execution.to_string() }),
            3 => json!({ "a": 1, "in": job }),
            4 => job,
            _ => json!({ "a": a, "b": "x" }),
        }
        .to_string()
    })
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn what_is_told_to_match_nothing_matches_nothing(
        query in query(),
        accept in prop::sample::select(vec![
            json!(null), json!({}), json!({ "events": ["tray.*"], "unknown": "drop" }), json!({ "events": ["workato.job"], "invalid": "ignore" }),
        ]),
        records in prop::collection::vec(record(), 1..20),
    ) {
        let mut policy = json!({ "logweir": 1, "keep": query });
        if !accept.is_null() {
            policy["accept"] = accept;
        }
        let pipeline = compile(&policy.to_string());
        if told(&pipeline).is_empty() {
            return Ok(());
        }
        let outcome = whole(&mut pipeline.run(), records.join("\n").as_bytes(), Format::Ndjson);
        prop_assert_eq!(outcome.report.kept, 0, "{} keeps {}", policy, outcome.text());
    }
}
