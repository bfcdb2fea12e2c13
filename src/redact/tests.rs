//! The type that may pass on, and what is told about how a record became one.

use proptest::prelude::*;

use super::{Action, Events, Record, Redaction, Redactor, Rule, Rules, Told, Trace};
use crate::common::doc::{self, dice};
use crate::common::seed::config;
use crate::limits::Limits;
use crate::plan::{Path, Plan, PlanBuilder, START};
use crate::scan::{Index, PAD, PADDING, Reason};
use crate::span::Span;
use crate::tape::{Tape, Text, Walk, walk};

fn compiled(rules: &[(&str, Option<&str>)]) -> (Plan, Redactor) {
    let rules: Vec<Rule> = rules
        .iter()
        .enumerate()
        .map(|(number, (path, with))| Rule {
            entry: Some(number),
            paths: vec![(Path::parse(path).expect("a path"), (*path).to_owned())],
            action: with.map_or(Action::Remove, |with| Action::Replace(with.to_owned())),
            ..Rule::default()
        })
        .collect();
    let mut plan = PlanBuilder::default();
    plan.ask(Path::parse("somebody.else").expect("a path")); // other rooms ask as well
    let events = Events { types: &[], wrappers: 0, unknown: false, told: &Told::default() };
    let mut redactor = Redactor::new(&rules, 1, events, &mut plan);
    plan.ask(Path::everything());
    let plan = plan.build().expect("a small plan");
    redactor.settle(&plan);
    (plan, redactor)
}

/// Redacts a text that stands in a buffer; gives what it becomes and what is told about it.
fn redacted(
    rules: &[(&str, Option<&str>)],
    text: &str,
    limits: &Limits,
    work: &mut Redaction,
) -> Result<String, Reason> {
    let (plan, redactor) = compiled(rules);
    work.reset(rules.len());
    let span = Span { start: 3, end: 3 + text.len() };
    let mut bytes = [b"0\n\n", text.as_bytes()].concat();
    bytes.resize(span.end + PADDING, PAD);
    let (mut index, mut tape) = (Index::default(), Tape::default());
    index.build(&bytes, span.start, span.end);
    let reading = Text { bytes: &bytes, index: &index, end: span.end, lines: false };
    let walked = walk(reading, &plan, START, limits.depth, span.start, &mut tape);
    let Walk::Whole { breaks, .. } = walked else { panic!("no document: {text}") };
    let record =
        Record { bytes: &bytes, span, breaks, tape: &tape, event_type: None, event: None, idle: Rules::default() };
    let record = redactor.redact((&plan, limits), &record, 0, work)?;
    let mut out = Vec::new();
    record.append_to(&mut out);
    assert_eq!((record.len(), record.is_empty()), (out.len(), false));
    assert_eq!(record.has_breaks(), text.contains('\n'));
    assert!(!record.is_unchanged() || out == text.as_bytes());
    Ok(String::from_utf8(out).expect("UTF-8"))
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn a_redacted_record_knows_its_length_before_it_is_written(doc in doc::doc(true), mut dice in dice(true)) {
        let rules = [("**.email", Some("null")), ("*.b", None), ("a[1]", Some("\"é\\n\"")), ("lines.**.a", None)];
        let (text, mut work) = (doc.write(&mut dice), Redaction::default());
        let limits = Limits::default();
        let out = redacted(&rules, &text, &limits, &mut work);
        let out = out.map_err(|reason| TestCaseError::fail(format!("{reason:?}")))?;
        prop_assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok(), "{}", out);
        // The limit on what comes out is exact, and only for what was changed.
        let exact = Limits { output_bytes: out.len(), ..Limits::default() };
        prop_assert_eq!(redacted(&rules, &text, &exact, &mut work), Ok(out.clone()));
        let tight = Limits { output_bytes: out.len() - 1, ..Limits::default() };
        let again = redacted(&rules, &text, &tight, &mut work);
        prop_assert!(again == Err(Reason::OutputTooLong) || again == Ok(text));
    }
}

#[test]
fn what_is_done_is_traced_where_somebody_wants_to_know() {
    let text = r#"{"a":1,"m":"{\"a\":2,\"n\":\"[{\\\"a\\\":333}]\"}","c":"{\"a\":tru"}"#;
    let rules = [("a", None), ("m.a", Some("0")), ("m.n.a", Some("\"x\"")), ("c.a", None)];
    let mut work = Redaction { trace: Some(Trace::default()), ..Redaction::default() };
    let out = redacted(&rules, text, &Limits::default(), &mut work).expect("kept");
    assert_eq!(out, r#"{"m":"{\"a\":0,\"n\":\"[{\\\"a\\\":\\\"x\\\"}]\"}","c":"[withheld]"}"#);
    let at = |part: &str| text.find(part).expect("a part") + 3;
    let trace = work.trace.expect("a trace");
    let told: Vec<_> = trace.applied.iter().map(|a| (a.rule, a.span.start, a.length, a.becomes, a.embedded)).collect();
    let m = at(r#""{\"a\":2"#);
    let wanted = [
        (Some(0), at("1,"), 1, 0, 0),
        (Some(2), m, 1, 1, 1),
        (Some(3), m, 3, 3, 2),
        (None, at(r#""{\"a\":tru"#), 12, 12, 0),
    ];
    assert_eq!(told, wanted);
    assert_eq!((work.counts.fired, work.counts.entered, work.counts.withheld), (vec![1, 1, 1, 0], 2, 1));
}

#[test]
fn memory_of_one_record_says_nothing_about_the_next() {
    let rules = [("a.b", Some("0")), ("a.c.d", None)];
    let mut work = Redaction::default();
    let deep = r#"{"a":"{\"b\":1,\"c\":\"{\\\"d\\\":2,\\\"long\\\":\\\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\\\"}\"}"}"#;
    let first = redacted(&rules, deep, &Limits::default(), &mut work).expect("kept");
    let plain = redacted(&rules, r#"{"a":"{\"c\":\"{}\"}"}"#, &Limits::default(), &mut work).expect("kept");
    assert_eq!(plain, r#"{"a":"{\"c\":\"{}\"}"}"#);
    assert_eq!(redacted(&rules, deep, &Limits::default(), &mut work).expect("kept"), first);
}

#[test]
fn the_most_withholding_action_wins_and_of_equals_the_first() {
    let limits = Limits::default();
    let run = |rules: &[(&str, Option<&str>)]| {
        let mut work = Redaction::default();
        (redacted(rules, r#"{"a":1}"#, &limits, &mut work).expect("kept"), work.counts.fired)
    };
    assert_eq!(run(&[("a", Some("2")), ("*", Some("3"))]), (r#"{"a":2}"#.to_owned(), vec![1, 0]));
    assert_eq!(run(&[("a", Some("2")), ("*", None), ("**", None)]), ("{}".to_owned(), vec![0, 1, 0]));
}
