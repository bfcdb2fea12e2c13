//! Redaction against a slow reference that follows paths over a tree; and what is explained against what is done.

mod common;

use common::doc::{Dice, Doc, dice, doc, plainly};
use common::seed::config;
use common::slow::{Counted, Slow, policy, rules};
use common::whole;
use logweir::{Format, Now, Pipeline, Show};
use proptest::prelude::*;
use serde_json::{Value, json};

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn redaction_is_the_slow_one_byte_for_byte(doc in doc(true), rules in rules(), strings in 0usize..5) {
        let Ok(pipeline) = Pipeline::compile(&policy(&rules, json!({"limits": {"embeddedDepth": strings}}))) else {
            return Ok(()); // too large an automaton
        };
        let mut slow = Slow::new(&rules);
        let wanted = slow.record(&doc, strings).write(&mut plainly());
        let outcome = whole(&mut pipeline.run(), doc.write(&mut plainly()).as_bytes(), Format::Json);
        prop_assert_eq!(outcome.text(), format!("{wanted}\n"));
        let report = outcome.report;
        let counted = Counted { fired: report.rules, entered: report.embedded_entered, withheld: report.embedded_withheld };
        prop_assert_eq!(counted, slow.counted);
    }

    #[test]
    fn redaction_is_the_slow_one_however_it_is_written(doc in doc(true), rules in rules(), mut dice in dice(true)) {
        let Ok(pipeline) = Pipeline::compile(&policy(&rules, json!({"limits": {"embeddedDepth": 16}}))) else {
            return Ok(());
        };
        let doc = doc.tidy();
        let mut slow = Slow::new(&rules);
        let wanted = slow.record(&doc, 16);
        let text = doc.write(&mut dice);
        let outcome = whole(&mut pipeline.run(), text.as_bytes(), Format::Json);
        let out = outcome.text();
        let value: Value = serde_json::from_str(&out).map_err(|e| TestCaseError::fail(format!("{e} in {out}")))?;
        prop_assert!(wanted.says(&value), "wanted {}\nfound  {out}", wanted.write(&mut plainly()));
        prop_assert_eq!(outcome.report.rules, slow.counted.fired);
    }

    #[test]
    fn what_is_explained_is_what_is_done(doc in doc(true), rules in rules(), mut dice in dice(false)) {
        let Ok(pipeline) = Pipeline::compile(&policy(&rules, json!({}))) else {
            return Ok(());
        };
        let input = format!("1\n{}\n[", doc.write(&mut dice));
        let outcome = whole(&mut pipeline.run(), input.as_bytes(), Format::Ndjson);
        let trips = pipeline.explain(input.as_bytes(), Format::Ndjson, Now::default(), Show::default());
        let ends: Vec<&str> = trips.iter().map(|trip| trip.outcome).collect();
        prop_assert_eq!(ends, ["kept", "kept", "quarantined"]);
        let entry = &outcome.quarantined[0];
        prop_assert_eq!((trips[2].offset, trips[2].length, trips[2].line, trips[2].at), (entry.offset, entry.length, entry.line, Some(entry.at)));
        for (rule, fired) in outcome.report.rules.iter().enumerate() {
            let told = trips[1].edits.iter().filter(|edit| edit.rule == format!("/redact/{rule}")).count();
            prop_assert_eq!(told as u64, *fired);
        }
        for edit in trips[1].edits.iter().filter(|edit| edit.embedded == 0) {
            let value = &input.as_bytes()[edit.offset as usize..][..edit.length as usize];
            prop_assert!(serde_json::from_slice::<Value>(value).is_ok(), "no value: {}", value.escape_ascii());
        }
    }
}

/// What these tests are made of: a document's plain text says the document, and so does any other way to write it.
#[test]
fn documents_say_what_they_are() {
    let doc = Doc::Object(vec![(
        "a".to_owned(),
        Doc::Inside(Box::new(Doc::Array(vec![Doc::Text("é\n".to_owned()), Doc::Raw("1e2".to_owned())]))),
    )]);
    let text = doc.write(&mut Dice::default());
    assert_eq!(text, r#"{"a":"[\"é\\n\",1e2]"}"#);
    assert!(doc.says(&serde_json::from_str(&text).expect("JSON")));
    assert!(!doc.says(&json!({"a": "[\"e\\n\",1e2]"})));
}
