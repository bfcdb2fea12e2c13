//! The search language: cases of our own (tests/corpus/query), and what holds for every query and record.

use std::fs;
use std::path::Path;

use logweir::{Catalog, Format, Problem, Query, QueryReader, Severity, limits};
use serde_json::Value;

fn compile(text: &str, now: Option<i64>) -> Result<Query, logweir::Problems> {
    Query::compile(text, &Catalog::built_in(), now)
}

/// A record's text: a string stands for the text itself.
fn text_of(record: &Value) -> String {
    record.as_str().map_or_else(|| record.to_string(), str::to_owned)
}

/// The records of an input that are selected, one after the other.
fn select(query: &Query, input: &str, prepare: impl Fn(&mut QueryReader), pieces: usize) -> Vec<String> {
    let mut reader = QueryReader::new(query);
    prepare(&mut reader);
    reader.begin(Format::Ndjson);
    let mut found = Vec::new();
    let mut take = |reader: &QueryReader| {
        let body = std::str::from_utf8(reader.body()).expect("UTF-8");
        assert_eq!(body.lines().count(), reader.matches().len());
        found.extend(body.lines().map(str::to_owned));
    };
    for piece in input.as_bytes().chunks(pieces) {
        reader.push(piece);
        take(&reader);
    }
    reader.end();
    take(&reader);
    found
}

#[test]
fn the_cases_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/query");
    let (mut count, mut failed) = (0, Vec::new());
    for entry in fs::read_dir(folder).expect("the cases").flatten() {
        let file: Value = serde_json::from_str(&fs::read_to_string(entry.path()).expect("a file")).expect("JSON");
        for case in file["cases"].as_array().expect("cases") {
            count += 1;
            let about = format!("{}: {}", entry.file_name().to_string_lossy(), case["about"]);
            if std::panic::catch_unwind(|| hold(&about, case, &file["now"])).is_err() {
                failed.push(about);
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(count > 100, "the cases have moved");
}

fn hold(about: &str, case: &Value, now: &Value) {
    let text = case["query"].as_str().expect("a query");
    let now = case["now"].as_i64().or(now.as_i64());
    let query = match compile(text, now) {
        Ok(query) => query,
        Err(problems) => return compare(about, &problems.problems, &case["problems"]),
    };
    assert_eq!(case["problems"], Value::Null, "{about}: nothing is wrong");
    if let Some(warnings) = case.get("warnings") {
        compare(about, &query.warnings(&[]), warnings);
    }
    if let Some(print) = case["print"].as_str() {
        assert_eq!(query.print(), print, "{about}");
    }
    let again =
        compile(&query.print(), now).unwrap_or_else(|p| panic!("{about}: {} cannot be read: {p}", query.print()));
    assert_eq!(again.print(), query.print(), "{about}");

    let list = |name: &str| case[name].as_array().map_or(Vec::new(), |list| list.iter().map(text_of).collect());
    let (matches, misses): (Vec<String>, Vec<String>) = (list("matches"), list("misses"));
    assert!(matches.len() + misses.len() > 0, "{about}: no records");
    for query in [&query, &again] {
        let mut reader = QueryReader::new(query);
        for (records, wanted) in [(&matches, true), (&misses, false)] {
            for record in records {
                let record = record.as_bytes();
                reader.input(record.len()).copy_from_slice(record);
                let found = reader.one(record.len());
                assert_eq!(found, wanted, "{about}: {}", String::from_utf8_lossy(record));
            }
        }
    }
    let all: Vec<String> = misses.iter().chain(&matches).chain(&misses).cloned().collect();
    let input = all.join("\n");
    for pieces in [input.len(), 1] {
        assert_eq!(select(&query, &input, |_| {}, pieces), matches, "{about}");
        assert_eq!(select(&query, &input, |reader| reader.pass_over(true), pieces), matches, "{about}, passing over");
    }
    let others: Vec<String> = misses.iter().chain(&misses).cloned().collect();
    assert_eq!(select(&query, &input, |reader| reader.invert(true), 7), others, "{about}, inverted");
}

/// As many problems, each with what is expected of it.
fn compare(about: &str, found: &[Problem], wanted: &Value) {
    let wanted = wanted.as_array().unwrap_or_else(|| panic!("{about}: {found:?}"));
    assert_eq!(found.len(), wanted.len(), "{about}: {found:?}");
    for (found, wanted) in found.iter().zip(wanted) {
        for (name, value) in wanted.as_object().expect("a problem") {
            let got = match name.as_str() {
                "code" => Value::from(found.code),
                "severity" => Value::from(if found.severity == Severity::Error { "error" } else { "warning" }),
                "line" => Value::from(found.line),
                "column" => Value::from(found.column),
                "expected" => Value::from(found.expected.as_str()),
                "help" => Value::from(found.help.as_deref()),
                _ => panic!("{about}: a problem has no {name}"),
            };
            assert_eq!(got, *value, "{about}: {found:?}");
        }
    }
}

#[test]
fn hostile_queries_are_refused_or_read_in_time() {
    let deep = format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000));
    let long = "a ".repeat(1 << 19);
    let terms = "a ".repeat(limits::MAX_QUERY_TERMS + 1);
    let stars = "a*?".repeat(3_000);
    let nots = "NOT ".repeat(15_000) + "a";
    let signs = "-".repeat(60_000) + "a";
    let fields = (0..60).map(|i| format!("{}x{i}*.y{i}:1 ", "a?*".repeat(99))).collect::<String>();
    for (query, code) in [(deep, "Q101"), (long, "Q101"), (terms, "Q101"), (stars, "Q101"), (fields, "Q101")] {
        let problems = compile(&query, None).err().unwrap_or_else(|| panic!("not refused: {:.40}", query));
        assert_eq!(problems.problems[0].code, code, "{}", problems.problems[0]);
        assert!(!Query::tokens(&query).is_empty());
    }
    for query in [nots, signs] {
        assert!(compile(&query, None).is_ok_and(|query| query.print() == "a"));
    }
    let or = (0..limits::MAX_QUERY_TERMS).map(|i| format!("id:{i}")).collect::<Vec<_>>().join(" OR ");
    let query = compile(&or, None).expect("at the limit");
    assert_eq!(select(&query, "{\"id\":999}\n{\"id\":1000}", |_| {}, 99), ["{\"id\":999}"]);
}
