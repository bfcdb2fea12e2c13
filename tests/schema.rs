//! JSON Schema: the official suite where it is at hand, and cases of our own.
//!
//! The suite is looked for beside the repository (`../shared/suites`) or where `LOGWEIR_SUITES` says.

use std::fs;
use std::path::{Path, PathBuf};

use logweir::{Dialect, Finding, Format, Output, Problem, Schema, SchemaOptions, Severity, Validator};
use proptest::prelude::*;
use serde_json::{Value, json};

mod common;

use common::doc::{self, Doc, dice};
use common::seed::config;

/// The suite's folder; none, with a line that says so, where it is not at hand.
fn suite() -> Option<PathBuf> {
    let suites = std::env::var_os("LOGWEIR_SUITES").map(PathBuf::from);
    let suites = suites.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/suites"));
    let suite = suites.join("json-schema");
    if suite.join("draft7").is_dir() {
        return Some(suite);
    }
    println!("skipped: no JSON Schema suite at {}; LOGWEIR_SUITES says where it is", suite.display());
    None
}

/// The schemas that the suite's server would serve.
fn remotes(folder: &Path, uri: &str, remotes: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let uri = format!("{uri}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            self::remotes(&entry.path(), &uri, remotes);
        } else {
            remotes.push((uri, fs::read_to_string(entry.path()).expect("a schema")));
        }
    }
}

#[derive(Debug, Default)]
struct Score {
    passed: usize,
    failed: Vec<String>,
}

impl Score {
    fn of(&self) -> String {
        format!("{}/{}", self.passed, self.passed + self.failed.len())
    }
}

/// Runs all files of a folder, not of those within.
fn run(folder: &Path, options: &SchemaOptions) -> Score {
    let mut score = Score::default();
    let mut files: Vec<PathBuf> = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|kind| kind == "json"));
    files.sort();
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let groups: Value = serde_json::from_str(&fs::read_to_string(&file).expect("a file")).expect("JSON");
        for group in groups.as_array().expect("groups") {
            let tests = group["tests"].as_array().expect("tests");
            let about = |test: &Value| format!("{name}: {} / {}", group["description"], test["description"]);
            let schema = match Schema::compile(&group["schema"].to_string(), options) {
                Ok(schema) => schema,
                Err(problems) => {
                    score.failed.extend(tests.iter().map(|test| format!("{}: {problems}", about(test))));
                    continue;
                }
            };
            let mut validator = Validator::new(&schema);
            for test in tests {
                let data = test["data"].to_string();
                let valid = is_valid(&mut validator, &data);
                if test["valid"] == valid {
                    score.passed += 1;
                } else {
                    score.failed.push(about(test));
                }
            }
        }
    }
    score
}

/// The verdict, which every way of asking for it has to share.
#[track_caller]
fn is_valid(validator: &mut Validator, data: &str) -> bool {
    let mut ask = |what: &mut dyn FnMut(&mut Validator, usize) -> bool| {
        validator.input(data.len()).copy_from_slice(data.as_bytes());
        what(validator, data.len())
    };
    let valid = ask(&mut |v, len| v.is_valid(len));
    let (mut findings, mut first) = (Vec::new(), None);
    ask(&mut |v, len| {
        findings = v.findings(len);
        true
    });
    ask(&mut |v, len| {
        first = v.first(len);
        true
    });
    assert_eq!(findings.is_empty(), valid, "findings of {data}");
    assert_eq!(first.as_ref(), findings.first(), "first finding of {data}");
    for output in [Output::Flag, Output::Basic, Output::Detailed] {
        let mut text = String::new();
        ask(&mut |v, len| {
            text = v.output(len, output);
            true
        });
        let json: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(json["valid"], valid, "{output:?} of {data}");
    }
    valid
}

fn options(suite: &Path, dialect: Dialect, assert_formats: bool) -> SchemaOptions {
    let mut options = SchemaOptions { dialect, assert_formats, ..SchemaOptions::default() };
    remotes(&suite.join("remotes"), "http://localhost:1234", &mut options.remotes);
    options
}

#[test]
fn the_required_suites_pass() {
    let Some(suite) = suite() else { return };
    for (folder, dialect, all) in [("draft2020-12", Dialect::Draft202012, 1299), ("draft7", Dialect::Draft07, 927)] {
        let score = run(&suite.join(folder), &options(&suite, dialect, false));
        println!("{folder}: {} required", score.of());
        assert!(score.failed.is_empty(), "\n{}", score.failed.join("\n"));
        assert_eq!(score.passed, all, "{folder}");
    }
}

/// Formats are asserted, as these files want.
#[test]
fn the_optional_suites_pass_but_for_what_is_known() {
    let Some(suite) = suite() else { return };
    for (folder, dialect, known) in
        [("draft2020-12", Dialect::Draft202012, KNOWN_202012), ("draft7", Dialect::Draft07, KNOWN_07)]
    {
        let options = options(&suite, dialect, true);
        let formats = run(&suite.join(folder).join("optional/format"), &options);
        println!("{folder}: {} formats", formats.of());
        assert!(formats.failed.is_empty(), "\n{}", formats.failed.join("\n"));
        let optional = run(&suite.join(folder).join("optional"), &options);
        println!("{folder}: {} optional", optional.of());
        let unknown = |about: &&String| !known.iter().any(|(beginning, _)| about.starts_with(beginning));
        let failed: Vec<&String> = optional.failed.iter().filter(unknown).collect();
        assert!(failed.is_empty(), "\n{failed:#?}");
        for (beginning, why) in known {
            assert!(optional.failed.iter().any(|about| about.starts_with(beginning)), "{beginning} passes: {why}?");
        }
    }
}

/// Optional tests that fail, by how their names begin, and why.
const KNOWN_202012: &[(&str, &str)] =
    &[("cross-draft: \"refs to historic drafts", "draft 2019-09 is no dialect of ours: refused rather than guessed")];
const KNOWN_07: &[(&str, &str)] = &[
    ("cross-draft: \"refs to future drafts", "draft 2019-09 is no dialect of ours: refused rather than guessed"),
    ("content: ", "contentEncoding and contentMediaType annotate, as later drafts have it"),
];

// Cases of our own

#[test]
fn every_case_of_our_own_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/schema");
    let mut failed = Vec::new();
    let mut count = 0;
    for file in fs::read_dir(folder).expect("the cases").flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        let cases: Value = serde_json::from_str(&fs::read_to_string(file.path()).expect("a file")).expect("JSON");
        for case in cases["cases"].as_array().expect("cases") {
            count += 1;
            for difference in differences(case) {
                failed.push(format!("{name}: {}: {difference}", case["about"]));
            }
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
    assert!(count >= 100, "only {count} cases were found");
}

fn differences(case: &Value) -> Vec<String> {
    let said = &case["options"];
    let remotes = said["remotes"].as_object().into_iter().flatten();
    let options = SchemaOptions {
        dialect: if said["dialect"] == "draft-07" { Dialect::Draft07 } else { Dialect::Draft202012 },
        assert_formats: said["assertFormats"] == true,
        show_keys: said["showKeys"] == true,
        remotes: remotes.map(|(uri, schema)| (uri.clone(), schema.to_string())).collect(),
    };
    let text = case["schema"].as_str().map_or_else(|| case["schema"].to_string(), str::to_owned);
    let compiled = Schema::compile(&text, &options);
    let problems = match &compiled {
        Ok(schema) => schema.warnings(),
        Err(problems) => &problems.problems,
    };
    let mut differences = Vec::new();
    let found: Vec<Value> = problems.iter().map(problem).collect();
    differences.extend(difference(&found, &case["problems"]));
    let Ok(schema) = compiled else { return differences };
    let mut validator = Validator::new(&schema);
    for instance in case["instances"].as_array().into_iter().flatten() {
        let text = instance["text"].as_str().expect("a text");
        let valid = is_valid(&mut validator, text);
        validator.input(text.len()).copy_from_slice(text.as_bytes());
        let found: Vec<Value> = validator.findings(text.len()).iter().map(finding).collect();
        assert_eq!(found.is_empty(), valid);
        differences.extend(difference(&found, &instance["findings"]).map(|difference| format!("{text}: {difference}")));
    }
    differences
}

fn problem(problem: &Problem) -> Value {
    let severity = if problem.severity == Severity::Error { "error" } else { "warning" };
    json!({ "code": problem.code, "severity": severity, "pointer": problem.pointer, "expected": problem.expected, "help": problem.help })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "code": finding.code,
        "instance": finding.instance,
        "span": [finding.span.start, finding.span.end],
        "keyword": finding.keyword,
        "absolute": finding.absolute,
        "expected": finding.expected,
        "help": finding.help,
    })
}

/// What was found, against what was expected: as many, and each with all that is expected of it.
fn difference(found: &[Value], expected: &Value) -> Option<String> {
    let expected = expected.as_array().map_or(&[][..], Vec::as_slice);
    let fits = |(found, expected): (&Value, &Value)| {
        expected.as_object().into_iter().flatten().all(|(name, value)| found[name] == *value)
    };
    let same = found.len() == expected.len() && found.iter().zip(expected).all(fits);
    (!same).then(|| format!("expected {}\n  found {}", json!(expected), json!(found)))
}

#[test]
fn outputs_have_the_form_that_the_specification_shows() {
    let schema = r##"{"$id":"https://example.org/polygon","title":"A polygon","items":{"$ref":"#/$defs/point"},"minItems":3,
        "$defs":{"point":{"properties":{"x":{"type":"number"},"y":{"type":"number"}},"additionalProperties":false,"required":["x","y"]}}}"##;
    let schema = Schema::compile(schema, &SchemaOptions::default()).expect("a schema");
    let mut validator = Validator::new(&schema);
    let mut ask = |text: &str, output| {
        validator.input(text.len()).copy_from_slice(text.as_bytes());
        serde_json::from_str::<Value>(&validator.output(text.len(), output)).expect("JSON")
    };
    let unit = |valid: bool, keyword: &str, absolute: &str, instance: &str, more: Value| {
        let mut unit = json!({ "valid": valid, "keywordLocation": keyword, "absoluteKeywordLocation": format!("https://example.org/polygon#{absolute}"), "instanceLocation": instance });
        unit.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        unit
    };
    let bad = r#"[{"x":2.5,"y":1.3},{"x":1,"z":6.7}]"#;
    let few = unit(false, "/minItems", "/minItems", "", json!({ "error": "expected at least 3 elements" }));
    let more = unit(
        false,
        "/items/$ref/additionalProperties",
        "/$defs/point/additionalProperties",
        "/1/*",
        json!({ "error": "expected no member but \"x\", \"y\"" }),
    );
    let less = unit(
        false,
        "/items/$ref/required",
        "/$defs/point/required",
        "/1",
        json!({ "error": "expected the member \"y\"" }),
    );
    assert_eq!(ask(bad, Output::Flag), json!({ "valid": false }));
    assert_eq!(ask(bad, Output::Basic), unit(false, "", "", "", json!({ "errors": [few, more, less] })));
    let point = unit(false, "/items/$ref", "/$defs/point", "/1", json!({ "errors": [more, less] }));
    assert_eq!(ask(bad, Output::Detailed), unit(false, "", "", "", json!({ "errors": [few, point] })));
    let title = unit(true, "/title", "/title", "", json!({ "annotation": "A polygon" }));
    let good = r#"[{"x":0,"y":0},{"x":1,"y":0},{"x":1,"y":1}]"#;
    assert_eq!(ask(good, Output::Basic), unit(true, "", "", "", json!({ "annotations": [title] })));
    assert_eq!(ask("[", Output::Basic)["errors"][0]["error"], "expected the rest of the value; the text ends here");
}

// Laws

/// A schema with most keywords, whose own texts hold none of the marks that the instances have.
const BUSY: &str = r##"{
    "type": ["object", "array"], "const": 1, "enum": [1, "x"], "minProperties": 9, "maxProperties": 0, "required": ["a", "q"],
    "properties": { "a": { "type": "null" }, "email": { "format": "email", "minLength": 99, "pattern": "^$" } },
    "patternProperties": { "n": { "not": {} } }, "additionalProperties": { "maxLength": 0, "anyOf": [{ "type": "null" }, { "minimum": 9e99 }] },
    "propertyNames": { "maxLength": 0 }, "dependentRequired": { "a": ["zz"] }, "items": { "$ref": "#" }, "uniqueItems": true,
    "contains": { "const": 7 }, "oneOf": [true, true], "unevaluatedProperties": false
}"##;

/// What instances say, and the schema does not.
const MARKS: [char; 2] = ['§', '¶'];

/// The document with a mark in every string and in every name that the schema does not tell.
fn marked(doc: &Doc) -> Doc {
    match doc {
        Doc::Text(text) => Doc::Text(format!("§{text}")),
        Doc::Array(elements) => Doc::Array(elements.iter().map(marked).collect()),
        Doc::Object(members) => {
            let name = |name: &str| if ["a", "email"].contains(&name) { name.to_owned() } else { format!("¶{name}") };
            Doc::Object(members.iter().map(|(key, value)| (name(key), marked(value))).collect())
        }
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(config(200))]

    /// Law 5: findings and outputs are silent about what a document says.
    #[test]
    fn nothing_of_the_document_shows(doc in doc::doc(false), mut dice in dice(true)) {
        let options = SchemaOptions { assert_formats: true, ..SchemaOptions::default() };
        let mut validator = Validator::new(&Schema::compile(BUSY, &options).expect("a schema"));
        let text = marked(&doc).write(&mut dice);
        let mut said = Vec::new();
        validator.input(text.len()).copy_from_slice(text.as_bytes());
        for finding in validator.findings(text.len()) {
            said.push(format!("{finding} {finding:?}"));
            prop_assert!(finding.span.end <= text.len());
        }
        prop_assert!(!said.is_empty());
        validator.input(text.len()).copy_from_slice(text.as_bytes());
        said.push(validator.output(text.len(), Output::Detailed));
        for said in said {
            prop_assert!(!said.contains(MARKS), "{} of {}", said, text);
        }
    }

    /// Law 7: where the chunks are cut changes nothing; and a record is judged as the same document alone is.
    #[test]
    fn chunks_may_be_cut_anywhere(docs in proptest::collection::vec(doc::doc(false), 1..6), mut dice in dice(false), cut in 1usize..40) {
        let schema = Schema::compile(r#"{"type":["object","array"],"items":{"type":"string"},"properties":{"a":{"type":"number"}}}"#, &SchemaOptions::default()).expect("a schema");
        let mut validator = Validator::new(&schema);
        let mut lines: Vec<String> = docs.iter().map(|doc| doc.write(&mut dice)).collect();
        lines.insert(lines.len() / 2, "{broken".to_owned());
        let text = lines.join("\n");
        let mut verdicts = Vec::new();
        validator.begin(Format::Ndjson);
        for chunk in text.as_bytes().chunks(cut) {
            validator.push(chunk);
            verdicts.extend_from_slice(validator.verdicts());
        }
        validator.end();
        verdicts.extend_from_slice(validator.verdicts());
        prop_assert_eq!(verdicts.len(), lines.len());
        let (records, valid) = validator.counts();
        prop_assert_eq!(records, lines.len() as u64);
        prop_assert_eq!(valid, verdicts.iter().filter(|verdict| verdict.valid).count() as u64);
        let mut offset = 0;
        for (verdict, line) in verdicts.iter().zip(&lines) {
            validator.input(line.len()).copy_from_slice(line.as_bytes());
            let alone = validator.findings(line.len());
            prop_assert_eq!(&verdict.findings, &alone, "{}", line);
            prop_assert_eq!(verdict.valid, alone.is_empty());
            prop_assert_eq!(verdict.offset, offset);
            offset += line.len() as u64 + 1;
        }
    }

    /// No schema makes the compiler fall over, and none that compiles the check.
    #[test]
    fn any_document_may_be_a_schema(schema in doc::doc(false), instance in doc::doc(false), mut dice in dice(true)) {
        let keyword = |name: &str| {
            const KEYWORDS: [&str; 12] = ["properties", "items", "allOf", "$ref", "anyOf", "not", "$id", "unevaluatedProperties", "if", "$dynamicRef", "required", "$defs"];
            KEYWORDS[name.bytes().map(usize::from).sum::<usize>() % KEYWORDS.len()].to_owned()
        };
        let schema = renamed(&schema, &keyword).write(&mut dice);
        if let Ok(schema) = Schema::compile(&schema, &SchemaOptions::default()) {
            is_valid(&mut Validator::new(&schema), &renamed(&instance, &keyword).write(&mut dice));
        }
    }
}

/// The document with other names in it.
fn renamed(doc: &Doc, name: &impl Fn(&str) -> String) -> Doc {
    match doc {
        Doc::Array(elements) => Doc::Array(elements.iter().map(|element| renamed(element, name)).collect()),
        Doc::Object(members) => {
            Doc::Object(members.iter().map(|(key, value)| (name(key), renamed(value, name))).collect())
        }
        other => other.clone(),
    }
}

#[test]
fn hostile_documents_and_schemas_stay_within_the_limits() {
    let deep = |open: &str, close: &str, n: usize| format!("{}1{}", open.repeat(n), close.repeat(n));
    let limits = logweir::Limits { depth: 1024, ..logweir::Limits::default() };
    for (schema, text, valid) in [
        // Deeper than is checked: two schemas for each level. A pure $ref is none by itself.
        (r##"{"properties":{"a":{"allOf":[{"$ref":"#"},true]}}}"##, deep(r#"{"a":"#, "}", 1000), false),
        (r##"{"properties":{"a":{"allOf":[{"$ref":"#"},true]}}}"##, deep(r#"{"a":"#, "}", 300), true),
        (r##"{"properties":{"a":{"$ref":"#"}}}"##, deep(r#"{"a":"#, "}", 1000), true),
        (r##"{"enum":[{}]}"##, deep(r#"{"a":"#, "}", 1000), false),
        (r##"{"items":{"$ref":"#"},"uniqueItems":true,"not":{"const":[2]}}"##, deep("[", "]", 300), true),
        (r##"{"pattern":"^(a+)+$"}"##, format!("\"{}b\"", "a".repeat(100_000)), false),
        (r##"{"items":{"type":"string"}}"##, format!("[{}0]", "0,".repeat(50_000)), false),
        (r##"{"uniqueItems":true}"##, format!("[{}0]", (1..50_000).map(|i| format!("{i},")).collect::<String>()), true),
        (
            r##"{"anyOf":[{"anyOf":[{"items":{"$ref":"#"}},false]},{"items":{"$ref":"#"}}],"type":"array"}"##,
            deep("[", "]", 300),
            false,
        ),
    ] {
        let schema = Schema::compile(schema, &SchemaOptions::default()).expect("a schema");
        let mut validator = Validator::with_limits(&schema, limits.clone());
        assert_eq!(is_valid(&mut validator, &text), valid);
    }
    // Ways through a document, each nearly as long as it is, are not told a thousand times.
    let name = "n".repeat(20_000);
    let schema =
        format!(r##"{{"properties":{{"{name}":{{"$ref":"#"}}}},"items":{{"title":"t","type":"object","$ref":"#"}}}}"##);
    let schema = Schema::compile(&schema, &SchemaOptions::default()).expect("a schema");
    let text = format!("{}[{}0]{}", format!("{{\"{name}\":").repeat(100), "1,".repeat(2000), "}".repeat(100));
    let mut validator = Validator::with_limits(&schema, limits);
    validator.input(text.len()).copy_from_slice(text.as_bytes());
    let findings = validator.findings(text.len());
    let told: usize = findings.iter().map(|finding| finding.instance.len() + finding.keyword.len()).sum();
    assert!((2..100).contains(&findings.len()) && told < 64 << 20, "{} findings, {told} bytes", findings.len());
    assert_eq!(findings.last().map(|finding| finding.code), Some(Finding::LIMIT));
    validator.input(text.len()).copy_from_slice(text.as_bytes());
    assert!(validator.output(text.len(), Output::Detailed).len() < 64 << 20);
    // Of a thousand faults and one, a thousand are told, and that there are more; in outputs too.
    let schema = Schema::compile(r#"{"items":{"type":"string"}}"#, &SchemaOptions::default()).expect("a schema");
    let mut validator = Validator::new(&schema);
    let text = format!("[{}0]", "0,".repeat(1000));
    let mut ask = |output| {
        validator.input(text.len()).copy_from_slice(text.as_bytes());
        serde_json::from_str::<Value>(&validator.output(text.len(), output)).expect("JSON")
    };
    for output in [Output::Basic, Output::Detailed] {
        let errors = ask(output)["errors"].clone();
        let last = json!("expected fewer findings: there may be more than these");
        assert_eq!((errors.as_array().map(Vec::len), &errors[1000]["error"]), (Some(1001), &last));
    }
    validator.input(text.len()).copy_from_slice(text.as_bytes());
    assert_eq!(validator.findings(text.len()).len(), 1001);
    let long = |n: usize| format!("{}true{}", r#"{"allOf":["#.repeat(n), "]}".repeat(n));
    assert!(Schema::compile(&long(200), &SchemaOptions::default()).is_ok());
    assert!(Schema::compile(&long(300), &SchemaOptions::default()).is_err(), "a chain that is too long");
    let many: Vec<String> = (0..100_000).map(|i| format!("\"v{i}\"")).collect();
    let schema = Schema::compile(&format!("{{\"enum\":[{}]}}", many.join(",")), &SchemaOptions::default());
    let mut validator = Validator::new(&schema.expect("a schema"));
    assert!(is_valid(&mut validator, "\"v99999\"") && !is_valid(&mut validator, "\"v100000\""));
}

#[test]
fn names_that_grow_with_each_other_and_metaschemas_asked_for_often_cost_little() {
    let each = |count: u32, member: &dyn Fn(u32) -> String| -> String {
        (0..count).map(|i| format!(r#""{i}":{},"#, member(i))).collect()
    };
    let ids = each(20_000, &|i| format!(r#"{{"$id":"b{i}"}}"#));
    for base in [5_000, 3_000] {
        let schema = format!(r#"{{"$id":"http://x/{}/","$defs":{{{ids}"last":true}}}}"#, "p".repeat(base));
        let problems =
            Schema::compile(&schema, &SchemaOptions::default()).expect_err("names that are too long").problems;
        assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["S207"]);
    }
    let metaschema = format!(r#"{{"$vocabulary":{{}},{}"last":1}}"#, each(20_000, &|i| i.to_string()));
    let options = SchemaOptions { remotes: vec![("http://x/m".to_owned(), metaschema)], ..SchemaOptions::default() };
    let schemas = each(20_000, &|i| format!(r#"{{"$id":"b{i}","$schema":"http://x/m"}}"#));
    assert!(Schema::compile(&format!(r#"{{"$defs":{{{schemas}"last":true}}}}"#), &options).is_ok());
}
