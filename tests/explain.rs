//! What is explained against what is done.

mod common;

use common::compile;
use common::seed::config;
use logweir::{Decision, Format, Now, Pipeline, Show, Trip};
use proptest::prelude::*;
use serde_json::json;

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
