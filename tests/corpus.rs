//! The cases under `tests/corpus`, natively: whole, cut in two at every byte, and a byte at a time.
//!
//! `tests/corpus.test.ts` runs the same files through the built package; `tests/corpus/README.md` tells their form.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{Outcome, pieces, whole};
use logweir::{Drift, DriftChange, EventReport, Finding, Format, Pipeline, Problem, Quarantined, Report};
use serde_json::{Value, json};

/// Longest input that is cut at every byte; a longer one is cut at [`CUTS`] places.
const EVERY_BYTE: usize = 2048;
const CUTS: usize = 200;

#[test]
fn every_case_holds_whole_and_cut_anywhere() {
    let only = std::env::var("LOGWEIR_CASE").ok();
    let mut failed = Vec::new();
    for (name, path) in cases().into_iter().filter(|(name, _)| only.as_ref().is_none_or(|only| only == name)) {
        let text = fs::read_to_string(&path).expect("a readable case");
        let held = match serde_json::from_str(&text) {
            Ok(case) => hold(&case),
            Err(error) => Err(error.to_string()),
        };
        if let Err(difference) = held {
            failed.push(format!("{name}: {difference}\n  replay: LOGWEIR_CASE={name} cargo test --test corpus"));
        }
    }
    assert!(failed.is_empty(), "{} cases failed\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn cases_are_many_and_their_names_are_sentences() {
    let cases = cases();
    assert!(cases.len() >= 90, "only {} cases were found", cases.len());
    for (name, _) in &cases {
        let file = name.split('/').next_back().unwrap_or_default();
        let kebab = file.bytes().all(|b| b == b'-' || b.is_ascii_lowercase() || b.is_ascii_digit());
        assert!(kebab && file.split('-').count() >= 3, "{name}: expected a sentence in kebab-case");
    }
}

/// Name (`room/sentence`) and file of each case, in order; those of schemas and queries have a form and a runner of their own.
fn cases() -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut cases = Vec::new();
    let rooms = fs::read_dir(folder).expect("the corpus").flatten();
    for room in rooms
        .filter(|entry| entry.path().is_dir())
        .filter(|entry| !["problems", "schema", "query", "template"].contains(&&*entry.file_name().to_string_lossy()))
    {
        for case in fs::read_dir(room.path()).expect("a room").flatten() {
            let path = case.path();
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            cases.push((format!("{}/{stem}", room.file_name().to_string_lossy()), path));
        }
    }
    cases.sort();
    cases
}

fn hold(case: &Value) -> Result<(), String> {
    let policy = match &case["policy"] {
        Value::String(text) => text.clone(),
        object => serde_json::to_string_pretty(object).unwrap_or_default(),
    };
    let expect = &case["expect"];
    let keys = case["keys"].as_object().into_iter().flatten();
    let keys: Vec<_> = keys.map(|(name, key)| (name.clone(), key.as_str().unwrap_or_default().into())).collect();
    let pipeline = match (Pipeline::compile_with(&policy, &keys), expect.get("problems")) {
        (Ok(pipeline), None) => pipeline,
        (Ok(_), Some(_)) => return Err("expected problems, but the policy compiled".to_owned()),
        (Err(problems), None) => return Err(format!("the policy has problems: {problems}")),
        (Err(problems), Some(wanted)) => {
            let found: Vec<Value> = problems.problems.iter().map(problem).collect();
            return same("problems", wanted, &trimmed(&json!(found), wanted));
        }
    };
    let warnings = pipeline.warnings().iter().map(problem);
    let found: Vec<Value> = match expect.get("warnings") {
        Some(_) => warnings.collect(),
        None => warnings.filter(|odd| odd["code"].as_str().is_some_and(|code| code.starts_with('P'))).collect(),
    };
    let wanted = expect.get("warnings").cloned().unwrap_or_else(|| json!([]));
    same("warnings", &wanted, &trimmed(&json!(found), &wanted))?;
    let format = match case["format"].as_str().unwrap_or("auto") {
        "auto" => Format::Auto,
        "ndjson" => Format::Ndjson,
        "array" => Format::Array,
        "json" => Format::Json,
        "concat" => Format::Concat,
        "values" => Format::Values,
        other => return Err(format!("no format: {other}")),
    };
    let input = bytes(&case["input"]);
    let mut run = pipeline.run();
    let once = whole(&mut run, &input, format);
    once.assert_accounted();
    assert_drift(&once.report, &run.drift());
    told(&pipeline, &once, expect)?;
    if let Some(wanted) = expect.get("drift") {
        same("drift", wanted, &Value::Array(run.drift().iter().map(drift).collect()))?;
    }
    for (how, cut) in cuts(input.len()) {
        let mut from = 0;
        let chunks = cut.into_iter().chain([input.len()]).map(|to| {
            let chunk = &input[from..to];
            from = to;
            chunk
        });
        let again = pieces(&mut run, chunks, format);
        if again != once {
            return Err(format!("{how}, it is not the same\n  whole: {}\n  cut:   {}", show(&once), show(&again)));
        }
    }
    Ok(())
}

/// Where to cut, and how to say so.
fn cuts(len: usize) -> Vec<(String, Vec<usize>)> {
    let step = if len <= EVERY_BYTE { 1 } else { len / CUTS };
    let mut cuts: Vec<(String, Vec<usize>)> =
        (0..=len).step_by(step).map(|at| (format!("cut at byte {at}"), vec![at])).collect();
    cuts.push(("in single bytes".to_owned(), (1..len).collect()));
    cuts
}

/// Compares what came out with what the case expects.
fn told(pipeline: &Pipeline, outcome: &Outcome, expect: &Value) -> Result<(), String> {
    let report = &outcome.report;
    let counts = json!({
        "records": report.records, "kept": report.kept, "filtered": report.filtered, "quarantined": report.quarantined,
        "sampled": report.sampled,
        "events": events(&report.events, &expect["report"]["events"]), "findings": findings(report), "rules": report.rules, "embedded": { "entered": report.embedded_entered, "withheld": report.embedded_withheld },
    });
    same("report", &expect["report"], &trimmed(&counts, &expect["report"]))?;
    let none = json!([]);
    let wanted = expect.get("quarantined").unwrap_or(&none);
    let found: Vec<Value> = outcome.quarantined.iter().map(entry).collect();
    same("quarantined", &without_originals(wanted), &json!(found))?;
    for (wanted, found) in wanted.as_array().into_iter().flatten().zip(&outcome.quarantined) {
        same_bytes("original", wanted.get("original").map(bytes).as_deref(), found.original.as_deref())?;
    }
    let names: Vec<&str> = pipeline.routes().iter().map(|route| route.name.as_str()).collect();
    let wanted: Vec<&str> =
        expect["routes"].as_object().into_iter().flat_map(|routes| routes.keys()).map(String::as_str).collect();
    same("names of the routes", &json!(wanted), &json!(names))?;
    for (name, body) in names.iter().zip(&outcome.routes) {
        same_bytes(&format!("route {name}"), Some(&bytes(&expect["routes"][name])), Some(body))?;
    }
    Ok(())
}

/// A text as the cases write it: itself, bytes in base64, or parts of it.
fn bytes(value: &Value) -> Vec<u8> {
    match value {
        Value::String(text) => text.clone().into_bytes(),
        Value::Array(parts) => parts.iter().flat_map(bytes).collect(),
        Value::Object(part) if part.contains_key("base64") => base64(part["base64"].as_str().unwrap_or_default()),
        Value::Object(part) => bytes(&part["repeat"]).repeat(part["times"].as_u64().unwrap_or_default() as usize),
        _ => panic!("no text: {value}"),
    }
}

fn base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = Vec::new();
    let (mut bits, mut count) = (0u32, 0);
    for letter in text.bytes().filter(|b| *b != b'=') {
        let value = LETTERS.iter().position(|l| *l == letter).expect("base64");
        (bits, count) = (bits << 6 | value as u32, count + 6);
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    out
}

/// Drift is told of those events whose drift the case tells.
fn events(events: &[EventReport], wanted: &Value) -> Value {
    let counts = events.iter().map(|e| {
        let mut counts = json!({ "records": e.records, "invalid": e.invalid });
        if wanted[&e.name].get("drift").is_some() {
            let drift = DriftChange::ALL.into_iter().zip(e.drift).filter(|(_, count)| *count > 0);
            counts["drift"] = drift.map(|(change, count)| (word(change).to_owned(), json!(count))).collect();
        }
        (e.name.clone(), counts)
    });
    Value::Object(counts.collect())
}

/// Drift by type and kind is what there is at all places together.
fn assert_drift(report: &Report, drift: &[Drift]) {
    for event in &report.events {
        for (change, count) in DriftChange::ALL.into_iter().zip(event.drift) {
            let places = drift.iter().filter(|drift| drift.event == event.name && drift.change == change);
            assert_eq!(places.map(|drift| drift.count).sum::<u64>(), count, "{} {change:?}", event.name);
        }
    }
    assert!(drift.iter().all(|drift| report.events.iter().any(|event| event.name == drift.event)));
}

fn findings(report: &Report) -> Value {
    report.findings.iter().map(|(code, count)| ((*code).to_owned(), json!(count))).collect()
}

fn word(change: DriftChange) -> &'static str {
    match change {
        DriftChange::Unknown => "unknown",
        DriftChange::Missing => "missing",
        DriftChange::Type => "type",
        DriftChange::Value => "value",
    }
}

fn drift(drift: &Drift) -> Value {
    let change = word(drift.change);
    let Drift { event, pointer, count, first, last, .. } = drift;
    json!({ "event": event, "change": change, "pointer": pointer, "count": count, "first": first, "last": last })
}

fn problem(problem: &Problem) -> Value {
    json!({
        "code": problem.code, "pointer": problem.pointer, "line": problem.line, "column": problem.column,
        "expected": problem.expected,
        "help": problem.help,
    })
}

fn entry(entry: &Quarantined) -> Value {
    let mut value = json!({
        "code": entry.reason.code(), "record": entry.record, "offset": entry.offset, "length": entry.length, "at": entry.at,
    });
    if let Some(line) = entry.line {
        value["line"] = json!(line);
    }
    if let Some(Finding { code, instance, .. }) = &entry.finding {
        value["finding"] = json!({ "code": code, "instance": instance });
    }
    value
}

fn without_originals(entries: &Value) -> Value {
    let mut entries = entries.clone();
    for entry in entries.as_array_mut().into_iter().flatten() {
        entry.as_object_mut().map(|entry| entry.shift_remove("original"));
    }
    entries
}

/// Of `found`, what `wanted` speaks of: cases need not tell everything.
fn trimmed(found: &Value, wanted: &Value) -> Value {
    match (found, wanted) {
        (Value::Array(found), Value::Array(wanted)) => {
            let none = Value::Null;
            let with = |i| wanted.get(i).unwrap_or(&none);
            Value::Array(found.iter().enumerate().map(|(i, f)| trimmed(f, with(i))).collect())
        }
        (Value::Object(found), Value::Object(wanted)) => {
            Value::Object(wanted.keys().filter_map(|k| Some((k.clone(), found.get(k)?.clone()))).collect())
        }
        _ => found.clone(),
    }
}

fn same(what: &str, wanted: &Value, found: &Value) -> Result<(), String> {
    if wanted == found { Ok(()) } else { Err(format!("{what}\n  expected {wanted}\n  found    {found}")) }
}

fn same_bytes(what: &str, wanted: Option<&[u8]>, found: Option<&[u8]>) -> Result<(), String> {
    let text =
        |bytes: Option<&[u8]>| bytes.map_or("nothing".to_owned(), |b| format!("{} bytes: {}", b.len(), short(b)));
    if wanted == found {
        Ok(())
    } else {
        Err(format!("{what}\n  expected {}\n  found    {}", text(wanted), text(found)))
    }
}

fn short(bytes: &[u8]) -> String {
    let shown = bytes[..bytes.len().min(600)].escape_ascii().to_string();
    if bytes.len() > 600 { format!("{shown} …") } else { shown }
}

fn show(outcome: &Outcome) -> String {
    let routes: Vec<String> = outcome.routes.iter().map(|r| short(r)).collect();
    let entries: Vec<Value> = outcome.quarantined.iter().map(entry).collect();
    format!("{routes:?} {} {:?}", json!(entries), outcome.report)
}
