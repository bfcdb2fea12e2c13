//! Sampling: runs stay whole, and everything is accounted for.

mod common;

use std::collections::BTreeMap;

use common::seed::config;
use common::{compile, pieces, whole};
use logweir::{Format, Now, Pipeline, Show, Trip};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A Tray event of a run, bare, in a string or below a key.
fn event(run: u8, kind: &str, form: u8) -> String {
    let event = json!({ "logType": "execution_event", "eventType": kind, "executionId": format!("run {run}") });
    match form % 3 {
        0 => event,
        1 => json!({ "log": event.to_string() }),
        _ => json!({ "more": { "log": event }, "n": form }),
    }
    .to_string()
}

fn run_of(line: &str) -> u8 {
    let digits =
        line.split_once("run ").map(|(_, rest)| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
    digits.and_then(|digits| digits.parse().ok()).expect("an event names its run")
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn runs_stay_whole_and_everything_is_accounted_for(
        events in vec((0u8..12, prop::sample::select(vec!["started", "successful", "failed"]), any::<u8>()), 0..40),
        (all, one, two) in (0u32..=1000, 0u32..=1000, 0u32..=1000),
        invalid in prop::sample::select(vec!["report", "ignore"]),
        keeps_errors: bool,
        cut: prop::sample::Index,
    ) {
        let share = |thousandths: u32| {
            let share: Value = serde_json::from_str(&format!("{}.{:03}", thousandths / 1000, thousandths % 1000)).unwrap();
            if keeps_errors { json!({ "share": share, "always": "@level:>=error" }) } else { share }
        };
        let policy = |all: u32, one: u32, two: u32| json!({
            "logweir": 1,
            "accept": { "invalid": invalid },
            "sample": share(all),
            "routes": [{ "name": "one", "sample": share(one) }, { "name": "two", "sample": share(two), "when": "-eventType:started" }],
        }).to_string();
        let lines: Vec<String> = events.iter().map(|(run, kind, form)| event(*run, kind, *form) + "\n").collect();
        let input = lines.concat();
        let pipeline = compile(&policy(all, one, two));
        let mut run = pipeline.run();
        let outcome = whole(&mut run, input.as_bytes(), Format::Ndjson);
        outcome.assert_accounted();
        let unsampled = whole(&mut compile(&policy(1000, 1000, 1000)).run(), input.as_bytes(), Format::Ndjson);
        for (route, whole) in outcome.report.routes.iter().zip(&unsampled.report.routes) {
            prop_assert_eq!(route.records + route.sampled, whole.records);
        }
        prop_assert_eq!(outcome.report.filtered - outcome.report.sampled, unsampled.report.filtered);
        // Of each run all that the route would take, or nothing; with errors, nothing else.
        let wanted = |line: &&str| !(keeps_errors && line.contains("failed"));
        for (bytes, whole) in outcome.routes.iter().zip(&unsampled.routes) {
            let count = |bytes: &[u8]| {
                let text = String::from_utf8(bytes.to_vec()).unwrap();
                text.lines().filter(wanted).fold(BTreeMap::new(), |mut counts: BTreeMap<u8, usize>, line| {
                    *counts.entry(run_of(line)).or_default() += 1;
                    counts
                })
            };
            let whole = count(whole);
            for (run, events) in count(bytes) {
                prop_assert_eq!(events, whole[&run]);
            }
        }
        if keeps_errors {
            prop_assert_eq!(outcome.text().matches("failed").count(), unsampled.text().matches("failed").count());
        }
        // A route of a larger share takes all that one of a smaller takes.
        if one <= two {
            let text = |number: usize| String::from_utf8(outcome.routes[number].clone()).unwrap();
            prop_assert!(text(0).lines().filter(|line| !line.contains("started")).all(|line| text(1).contains(line)));
        }
        let at = cut.index(input.len() + 1);
        let chunks = [&input.as_bytes()[..at], &input.as_bytes()[at..]];
        prop_assert_eq!(&pieces(&mut run, chunks, Format::Ndjson), &outcome);
    }
}

#[test]
fn explaining_tells_what_sampling_left_out_and_by_what() {
    let policy = json!({
        "logweir": 1,
        "keep": "-n:3",
        "routes": [{ "name": "some", "sample": 0 }, { "name": "all", "when": "n:2" }],
    });
    let pipeline = compile(&policy.to_string());
    let input = [event(1, "started", 0), "{\"n\":2}".to_owned(), "{\"n\":3}".to_owned()].join("\n");
    let told = |pipeline: &Pipeline| -> Vec<String> {
        let trips = pipeline.explain(input.as_bytes(), Format::Ndjson, Now::default(), Show::default());
        let of_rooms = |trip: &Trip| {
            let decisions = trip.decisions.iter().map(|decision| {
                let said = if decision.passes { "yes" } else { "no" };
                format!("{} {said} {}", decision.pointer, decision.by.unwrap_or_default())
            });
            let decisions: Vec<String> = decisions.map(|told| told.trim().to_owned()).collect();
            let routes: Vec<&str> = trip.routes.iter().map(|route| route.name.as_str()).collect();
            [trip.outcome, &decisions.join("; "), &routes.join(",")].join(" | ")
        };
        trips.iter().map(of_rooms).collect()
    };
    assert_eq!(
        told(&pipeline),
        [
            "filtered | /keep yes; /routes/1/when no; /routes/0/sample no @run.id | ",
            "kept | /keep yes; /routes/1/when yes; /routes/0/sample no bytes | all",
            "filtered | /keep no | ",
        ]
    );
}
