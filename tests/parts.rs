//! Parts that a build lacks (cargo features): a policy that asks for one is refused with P116 where it asks, and what is
//! left does its work. `node pkg/tools/test.mjs` runs this for a build without any, too.

use logweir::{Catalog, Pipeline, Query, Schema, SchemaOptions, Severity, Template, TemplateOptions};

const CATALOG: bool = cfg!(feature = "catalog");
const SCHEMA: bool = cfg!(feature = "schema");
const QUERY: bool = cfg!(feature = "query");
const TEMPLATE: bool = cfg!(feature = "template");
const DESTINATIONS: bool = cfg!(feature = "destinations");
const DETECTORS: bool = cfg!(feature = "detectors");

/// Names of parts, and whether the build has them.
type Parts = &'static [(&'static str, bool)];

/// What policies ask for: the member, where that is, and the parts that it takes.
const ASKS: &[(&str, &str, Parts)] = &[
    (r#""accept": {}"#, "/accept", &[("catalog", CATALOG), ("schema", SCHEMA)]),
    (r#""accept": { "invalid": "quarantine" }"#, "/accept/invalid", &[("catalog", CATALOG), ("schema", SCHEMA)]),
    (r#""accept": { "invalid": "ignore", "events": ["tray.*"] }"#, "/accept", &[("catalog", CATALOG)]),
    (r#""redact": [{ "class": "email" }]"#, "/redact/0", &[("catalog", CATALOG)]),
    (r#""redact": [{ "path": "a" }, { "payload": true }]"#, "/redact/1", &[("catalog", CATALOG)]),
    (r#""redact": [{ "use": "strict-payload" }]"#, "/redact/0/use", &[("catalog", CATALOG)]),
    (r#""routes": [{ "name": "a", "steps": false }]"#, "/routes", &[("catalog", CATALOG)]),
    (r#""routes": [{ "name": "a", "oversize": "summary" }]"#, "/routes", &[("catalog", CATALOG)]),
    (r#""routes": [{ "name": "a", "sample": 0.5 }]"#, "/routes", &[("catalog", CATALOG)]),
    (r#""sample": 0.5"#, "/sample", &[("catalog", CATALOG)]),
    (r#""redact": [{ "detect": "email" }]"#, "/redact/0/detect", &[("detectors", DETECTORS)]),
    (r#""redact": [{ "pattern": "a+" }]"#, "/redact/0/pattern", &[("detectors", DETECTORS)]),
    (r#""redact": [{ "use": "secrets" }]"#, "/redact/0/use", &[("catalog", CATALOG), ("detectors", DETECTORS)]),
    (r#""redact": [{ "use": "mask-data" }]"#, "/redact/0/use", &[("catalog", CATALOG), ("query", QUERY)]),
    (r#""redact": [{ "use": ["workato-duplicates"] }]"#, "/redact/0/use/0", &[("catalog", CATALOG), ("query", QUERY)]),
    (r#""redact": [{ "path": "a[b:c].d" }]"#, "/redact/0/path", &[("query", QUERY)]),
    (r#""redact": [{ "path": "a", "when": "b:c" }]"#, "/redact/0/when", &[("query", QUERY)]),
    (r#""keep": "a:b""#, "/keep", &[("query", QUERY)]),
    (r#""routes": [{ "name": "a", "when": "a:b" }]"#, "/routes/0/when", &[("query", QUERY)]),
    (r#""routes": [{ "name": "a", "template": { "a": 1 } }]"#, "/routes/0/template", &[("template", TEMPLATE)]),
    (r#""routes": [{ "name": "a", "template": "{{a}}" }]"#, "/routes/0/template", &[("template", TEMPLATE)]),
    (
        r#""routes": [{ "name": "a", "to": { "datadog": { "service": "a" } } }]"#,
        "/routes/0/to",
        &[("destinations", DESTINATIONS)],
    ),
];

#[test]
fn what_a_build_lacks_is_refused_where_it_is_asked_for() {
    for (member, place, parts) in ASKS {
        let policy = format!(r#"{{ "logweir": 1, {member} }}"#);
        let lacking: Vec<&str> = parts.iter().filter(|(_, is_there)| !is_there).map(|(name, _)| *name).collect();
        let told = Pipeline::compile(&policy).map(|_| ()).map_err(|problems| problems.problems);
        let Err(problems) = told else {
            assert!(lacking.is_empty(), "{policy} is compiled without {lacking:?}");
            continue;
        };
        assert!(!lacking.is_empty(), "{policy}: {problems:?}");
        let at = |pointer: &str| pointer == *place || pointer == "/accept" || pointer == "/redact/0";
        for problem in &problems {
            assert_eq!((problem.code, problem.severity), ("P116", Severity::Error), "{policy}: {problem:?}");
            assert!(at(&problem.pointer) && problem.line == 1, "{policy}: {problem:?}");
            assert!(lacking.iter().any(|part| problem.expected.contains(&format!("\"{part}\""))), "{problem:?}");
            assert!(problem.help.is_some(), "{policy}: {problem:?}");
        }
        let first = problems.iter().find(|problem| problem.expected.contains(&format!("\"{}\"", lacking[0])));
        assert!(first.is_some(), "{policy}: {problems:?}");
    }
}

#[test]
fn so_is_what_is_compiled_by_itself() {
    let refused = |told: Option<logweir::Problems>, is_there: bool| match told {
        None => assert!(is_there),
        Some(problems) => {
            assert!(!is_there, "{problems}");
            assert_eq!(problems.problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["P116"]);
        }
    };
    refused(Schema::compile("{}", &SchemaOptions::default()).err(), SCHEMA);
    refused(Query::compile("a:b", &Catalog::built_in(), None).err(), QUERY);
    refused(Template::compile(r#"{"a":1}"#, &TemplateOptions::default()).err(), TEMPLATE);
    refused(Template::compile_value(r#"{"a":1}"#, &TemplateOptions::default()).err(), TEMPLATE);
    let own = r#"{ "type": "a.b", "title": "A", "recognise": { "require": { "c": { "const": "d" } } } }"#;
    refused(Catalog::with_own(own).err(), CATALOG);
    assert_eq!(Catalog::built_in().types().count() > 0, CATALOG);
}

#[test]
fn what_is_left_redacts_by_path_and_key_to_several_routes() {
    let policy = r#"{
        "logweir": 1,
        "redact": [
            { "path": "log.user.email" },
            { "key": ["*token*"], "with": "remove" },
            { "path": "id", "with": { "mask": { "last": 2 } }, "routes": ["b"] },
        ],
        "routes": [{ "name": "a" }, { "name": "b", "to": "json" }],
    }"#;
    let pipeline = Pipeline::compile(policy).expect("in order");
    let mut run = pipeline.run();
    run.push(br#"{"id":"12345","log":"{\"user\":{\"email\":\"ana@example.org\",\"api_token\":\"x\"}}"}"#);
    run.end();
    let left = |id: &str| format!(r#"{{"id":"{id}","log":"{{\"user\":{{\"email\":\"[redacted]\"}}}}"}}"#);
    let [ndjson, array] = [0, 1].map(|route| String::from_utf8_lossy(run.output(route).bytes).into_owned());
    assert_eq!(ndjson, left("12345") + "\n");
    assert!(array.contains(&left("***45")), "{array}");
    assert_eq!((run.report().records, run.report().kept), (1, 1));
}
