//! The search language: cases of our own (tests/corpus/query), and what holds for every query and record.

mod common;

use std::fs;
use std::path::Path;

use common::doc::{dice, doc};
use common::seed::config;
use common::slow::{policy, rules};
use common::whole;
use logweir::{Catalog, Format, Now, Pipeline, Problem, Query, QueryReader, Severity, limits};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select as any_of;
use serde_json::{Value, json};

fn compile(text: &str, now: Option<i64>) -> Result<Query, logweir::Problems> {
    Query::compile(text, &Catalog::built_in(), now)
}

/// A record's text: a string stands for the text itself.
fn text_of(record: &Value) -> String {
    record.as_str().map_or_else(|| record.to_string(), str::to_owned)
}

/// The records of an input that are selected, one after the other.
fn select(query: &Query, input: &str, prepare: impl Fn(&mut QueryReader), pieces: usize) -> Vec<String> {
    select_of(Format::Ndjson, query, input, prepare, pieces)
}

fn select_of(
    format: Format,
    query: &Query,
    input: &str,
    prepare: impl Fn(&mut QueryReader),
    pieces: usize,
) -> Vec<String> {
    let mut reader = QueryReader::new(query);
    prepare(&mut reader);
    reader.begin(format);
    let mut found = Vec::new();
    let mut take = |reader: &QueryReader| {
        let body = std::str::from_utf8(reader.body()).expect("UTF-8");
        assert!(format != Format::Ndjson || body.lines().count() == reader.matches().len());
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
        let types = case["types"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
        compare(about, &query.warnings(&types.collect::<Vec<_>>()), warnings);
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
    // Small enough to be read, and too much for each byte of a long value.
    let field_stars = format!("f:{}", "a*".repeat(1_000));
    let nots = "NOT ".repeat(15_000) + "a";
    let signs = "-".repeat(60_000) + "a";
    let fields = (0..60).map(|i| format!("{}x{i}*.y{i}:1 ", "a?*".repeat(99))).collect::<String>();
    for (query, code) in [deep, long, terms, stars, field_stars, fields].map(|query| (query, "Q101")) {
        let problems = compile(&query, None).err().unwrap_or_else(|| panic!("not refused: {:.40}", query));
        assert_eq!(problems.problems[0].code, code, "{}", problems.problems[0]);
        assert!(!Query::tokens(&query).is_empty());
    }
    for query in [nots, signs] {
        assert!(compile(&query, None).is_ok_and(|query| query.print() == "a"));
    }
    let ways = (0..400).map(|i| format!("n{i}{}:x ", ".b".repeat(60))).collect::<String>();
    let query = compile(&ways, None).expect("within the limits");
    assert!(select(&query, "{\"n1\":{\"b\":\"x\"}}", |_| {}, 99).is_empty());
    let phrase = "an ordinary long message with words ".repeat(1_000);
    for (text, wanted) in [(format!("\"{phrase}\""), 2), (format!("m:\"{phrase}\""), 1)] {
        let query = compile(&text, None).expect("no pattern");
        let record = |m: String| json!({"m": m}).to_string();
        let input =
            [phrase.to_uppercase(), format!("an{phrase}"), phrase.replacen("wor", "war", 1)].map(record).join("\n");
        assert_eq!(select(&query, &input, |_| {}, 4096).len(), wanted);
    }
    let or = (0..limits::MAX_QUERY_TERMS).map(|i| format!("id:{i}")).collect::<Vec<_>>().join(" OR ");
    let query = compile(&or, None).expect("at the limit");
    assert_eq!(select(&query, "{\"id\":999}\n{\"id\":1000}", |_| {}, 99), ["{\"id\":999}"]);
}

/// Queries over the names that documents have.
fn terms() -> impl Strategy<Value = String> {
    let name = any_of(vec!["a", "b", "email", "lines", "a\\.b", "\\*", "x\\[0\\]", "é", "*", "n*e", "a[0]", "b[*]"]);
    let test = any_of(vec!["*", "no", "/o/", "1", ">=0", "true", "\"\"", "*n*", "null"]);
    let path = vec(name, 1..4).prop_map(|names| names.join("."));
    let term = prop_oneof![
        12 => (path, test).prop_map(|(path, test)| format!("{path}:{test}")),
        1 => any_of(vec!["no", "**.a:no", "*:*", "@level:*", "@type:tray.execution"]).prop_map(str::to_owned),
    ];
    let sign = any_of(vec!["", "-"]);
    vec((sign, term), 1..4)
        .prop_map(|terms| terms.iter().map(|(sign, term)| format!("{sign}{term}")).collect::<Vec<_>>().join(" "))
}

#[test]
fn a_policy_selects_what_the_query_alone_selects_and_redacts_the_same() {
    let accepts =
        vec![json!(null), json!({}), json!({"invalid": "ignore"}), json!({"unknown": "drop", "invalid": "ignore"})];
    let docs = vec((doc(true), dice(false)), 1..6);
    proptest!(config(60), |(keep in terms(), when in terms(), rules in rules(), docs in docs, accept in any_of(accepts))| {
        let event = r#"{"logType":"execution_event","eventType":"failed","a":{"email":"no"},"b":[1]}"#;
        let mut records = vec![
            event.to_owned(),
            json!({"log": event, "lines": "no"}).to_string(),
            format!("{{\"log\":{event},\"email\":1}}"),
        ];
        records.extend(docs.into_iter().map(|(doc, mut dice)| doc.tidy().write(&mut dice).replace(['\n', '\r'], " ")));
        let routes = json!([{"name": "all"}, {"name": "some", "when": when}]);
        let plain = |more: Value| {
            let mut more = more;
            if !accept.is_null() {
                more["accept"] = accept.clone();
            }
            Pipeline::compile(&policy(&rules, more))
        };
        let (Ok(filtering), Ok(redacting)) = (plain(json!({"keep": keep, "routes": routes})), plain(json!({}))) else {
            return Err(TestCaseError::reject("no policy"));
        };
        let catalog = Catalog::built_in();
        let [mut keeps, mut takes] = [&keep, &when].map(|text| {
            QueryReader::new(&Query::compile(text, &catalog, None).expect("a query"))
        });
        let matches = |reader: &mut QueryReader, record: &str| {
            reader.input(record.len()).copy_from_slice(record.as_bytes());
            reader.one(record.len())
        };
        let (mut all, mut some) = (Vec::new(), Vec::new());
        let (mut alone, mut withheld) = (redacting.run(), 0);
        for record in &records {
            let outcome = whole(&mut alone, record.as_bytes(), Format::Ndjson);
            withheld += outcome.report.quarantined;
            if matches(&mut keeps, record) {
                all.extend_from_slice(&outcome.routes[0]);
                if matches(&mut takes, record) {
                    some.extend_from_slice(&outcome.routes[0]);
                }
            }
        }
        prop_assume!(withheld == 0); // the order of rooms decides what is told of such a record
        let outcome = whole(&mut filtering.run(), records.join("\n").as_bytes(), Format::Ndjson);
        outcome.assert_accounted();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let about = || format!("keep {keep}, when {when}, {accept}, of\n{}", records.join("\n"));
        prop_assert_eq!(text(&outcome.routes[0]), text(&all), "{}", about());
        prop_assert_eq!(text(&outcome.routes[1]), text(&some), "{}", about());
    });
}

#[test]
fn now_in_a_policy_is_what_the_run_was_told() {
    let pipeline = common::compile(
        r#"{"logweir":1,"keep":"at:>now-1h","routes":[{"name":"r","when":"at:<now OR at:>=now+9999y"}]}"#,
    );
    let mut run = pipeline.run();
    let kept = |run: &mut logweir::Run| {
        let input = b"{\"at\":\"2026-05-04T05:30:00Z\"}\n{\"at\":\"1969-12-31T23:59:59Z\"}\n";
        whole(run, input, Format::Ndjson).text()
    };
    assert_eq!(kept(&mut run), "{\"at\":\"1969-12-31T23:59:59Z\"}\n", "1970 until somebody says more");
    for (now, wanted) in [
        ("2026-05-04T06:00:00Z", "{\"at\":\"2026-05-04T05:30:00Z\"}\n"),
        ("2026-05-04T06:30:00Z", ""),
        ("2026-05-04T08:00:00+02:00", "{\"at\":\"2026-05-04T05:30:00Z\"}\n"),
    ] {
        run.now(Now::parse(now).expect("a time"));
        assert_eq!(kept(&mut run), wanted, "{now}");
    }
    assert_eq!(kept(&mut pipeline.run()), "{\"at\":\"1969-12-31T23:59:59Z\"}\n", "runs do not share it");
}

#[test]
fn passing_over_lines_passes_over_no_record_of_several() {
    let inputs = [
        "{\"a\":1}\n{\n\"a\":\"needle\"\n}\n",
        "{\"a\":1}\n{\"secret\":1,\"l\":[\n{\"c\":\"needle\"}\n]}\n",
        "{\"a\":1}\n{\"secret\":{}\n,\"l\":\"needle\"}\n{\"b\":2}\n{\"needle\":3}",
        "{\"a\":1}\n\n  {\"b\":{}}  \r\n{\"c\":\"needle\"}\n{\"d\":{}\n}\n{\"e\":\"needle\"}\n",
        "{\"a\":1}\n{\"b\":\n{\"c\":1},\n\"d\":\"x\"}\n{\"e\":\"needle\"}\n",
    ];
    for text in ["needle", "needle -secret:1", "*:needle"] {
        let query = compile(text, None).expect(text);
        for input in inputs {
            for format in [Format::Auto, Format::Values] {
                let slowly = select_of(format, &query, input, |_| {}, input.len());
                for pieces in 1..=input.len() {
                    let found = select_of(format, &query, input, |reader| reader.pass_over(true), pieces);
                    assert_eq!(found, slowly, "{text}: {input:?} in pieces of {pieces} as {format:?}");
                }
            }
        }
    }
}

#[test]
fn what_is_written_by_escapes_is_found_wherever_it_stands() {
    let query = compile("failure", None).expect("a query");
    let escaped = "\\u0066ailure";
    for before in 0..200 {
        for word in [escaped.to_owned(), escaped.replace('\\', "\\\\"), escaped.replace('\\', "\\u005C")] {
            let inner = if word == escaped { word } else { format!("[\\\"{word}\\\"]") };
            let record = format!("{{\"a\":\"{}\",\"b\":\"{inner}\"}}", "-".repeat(before));
            let input = format!("{record}\n{{\"a\":\"failur\"}}\n");
            for pass_over in [false, true] {
                assert_eq!(select(&query, &input, |reader| reader.pass_over(pass_over), input.len()), [&record[..]]);
            }
        }
    }
}
