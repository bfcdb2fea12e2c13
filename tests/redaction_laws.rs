//! Laws of redaction, whatever the rules: the output is JSON, redacting it again changes nothing, and what rules reach is
//! left in no form.

mod common;

use common::doc::{dice, doc};
use common::encodings::{STD, URL, base64, full_width, percent, quoted, readings, zero_width};
use common::seed::config;
use common::{compile, whole};
use logweir::Format;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

/// What is put where rules reach; nothing else in a document is like it.
const MARK: &str = "q7zj.kx93@w8vy.example.net";

/// What becomes of what rules reach; none is a digest, which has to change when it is made again.
fn action() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!("remove"),
        json!("replace"),
        json!("null"),
        json!("mask"),
        // One with something in it could hold what another rule is for.
        json!({ "replace": {} }),
        json!({ "replace": "a b; c" }),
        json!({ "mask": { "first": 1, "last": 1 } }),
        json!({ "mask": { "last": 3 } }),
        json!({ "truncate": 3 }),
    ])
}

/// A rule of each kind, all of which reach the mark under a key that says so.
fn rule() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!({ "key": "secret_mark" }),
        json!({ "key": "*mark" }),
        json!({ "path": "**.secretMark" }),
        json!({ "detect": ["email", "card"] }),
        json!({ "pattern": "q7zj[.]kx93@w8vy[.]example[.]net" }),
        json!({ "key": "*mark", "when": "NOT nothing_has_this:1" }),
        json!({ "detect": "email", "except": "nothing.like.this" }),
        json!({ "use": ["personal", "secrets"] }),
    ])
}

/// Any rule at all, of which nothing is known but what goes for all.
fn any_rule() -> impl Strategy<Value = Value> {
    let other = prop::sample::select(vec![
        json!({ "path": ["a", "**.b"], "except": "a.b" }),
        json!({ "path": "lines[a:*].email" }),
        // Of an element that is replaced whole nothing is left to be judged by.
        json!({ "path": "**[email:*].email" }),
        json!({ "path": ["all[0]", "all[1].a"] }),
        json!({ "path": "**", "except": "**.a" }),
        json!({ "key": ["all", "*mark"], "except": "all[0].b" }),
        json!({ "key": ["a*", "?"], "in": "**.b" }),
        json!({ "class": ["email", "person", "ip"] }),
        json!({ "detect": ["email", "phone", "ip", "secret", "jwt", "url_password"] }),
        // One that might match what base64 or percent-encoding makes would find something new there the next time.
        json!({ "pattern": "kx[0-9]+" }),
        json!({ "key": "b", "when": "a:* OR email:*" }),
        json!({ "payload": true }),
    ]);
    prop_oneof![rule(), other]
}

/// A form in which the mark may be in a string.
fn form() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        MARK.to_owned(),
        MARK.chars().map(full_width).collect(),
        MARK.chars().map(zero_width).collect(),
        percent(MARK),
        percent(&percent(MARK)),
        base64(MARK, STD, true),
        base64(&format!("to {MARK}, who"), URL, false),
        base64(&quoted(MARK), STD, true),
        format!("to <{MARK}>, and more"),
        format!("secret_mark={}&x=1", percent(MARK)),
        format!("(secret_mark={MARK})"),
        format!("secret_mark= {MARK} x=1"),
        format!("secret_mark = {MARK} x = 1"),
        format!("with {{'secret_mark': '{MARK}', x"),
        format!("it said {{\"secretMark\":\"{MARK}\"}} twice"),
        base64(&format!("{{\"secretMark\":\"{MARK}\"}}"), STD, true),
        percent(&format!("{{\"secretMark\":\"{MARK}\"}}")),
        quoted(&format!("{{\"secretMark\":\"{MARK}\"}}")),
    ])
}

/// What stands around the member that holds the mark, from the inside out.
fn around() -> impl Strategy<Value = Vec<u8>> {
    vec(0u8..4, 0..4)
}

fn planted(value: &str, around: &[u8]) -> String {
    around.iter().fold(format!(r#"{{"x":1,"secretMark":{}}}"#, quoted(value)), |document, around| match around {
        0 => format!(r#"[0,{document}]"#),
        1 => format!(r#"{{"k":{document},"__proto__":{document}}}"#),
        // Where a rule is for a key or path, what is in the string is meant as well.
        2 => format!(r#"{{"s":{}}}"#, quoted(&document)),
        _ => format!(r#"{{"secretMark":[{document}]}}"#),
    })
}

fn redact(rules: &[Value], record: &str) -> Result<String, TestCaseError> {
    let policy = json!({ "logweir": 1, "redact": rules, "limits": { "embeddedDepth": 16 } }).to_string();
    let before = record.to_owned();
    let outcome = whole(&mut compile(&policy).run(), record.as_bytes(), Format::Json);
    prop_assert_eq!(&before, record);
    prop_assert_eq!(outcome.report.quarantined, 0, "{}", record);
    Ok(outcome.text().trim_end_matches('\n').to_owned())
}

fn with(mut rule: Value, action: Value) -> Value {
    rule["with"] = action;
    rule
}

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn what_comes_out_is_json_and_stays_as_it_is(
        doc in doc(true),
        rules in vec((any_rule(), action()), 1..4),
        (value, around) in (form(), around()),
        mut dice in dice(true),
    ) {
        let rules: Vec<Value> = rules.into_iter().map(|(rule, action)| with(rule, action)).collect();
        let record = format!("[{},{}]", doc.write(&mut dice), planted(&value, &around));
        // JSON in a string that was cut off in its middle is withheld the next time.
        let cuts = rules.iter().any(|rule| rule["with"].get("truncate").is_some());
        let once = redact(&rules, &record)?;
        prop_assert!(serde_json::from_str::<Value>(&once).is_ok(), "{:?}\n{}\n{}", rules, record, once);
        let again = redact(&rules, &once)?;
        prop_assert!(again == once || cuts && again.contains("[withheld]"), "{:?}\n{}\n{}", rules, record, again);
    }

    #[test]
    fn what_rules_reach_is_left_in_no_form(
        doc in doc(false),
        (rule, action) in (rule(), action()),
        (value, around) in (form(), around()),
        mut dice in dice(false),
    ) {
        let rules = [with(rule, action)];
        let record = format!("{{\"d\":{},\"p\":{}}}", doc.write(&mut dice), planted(&value, &around));
        let out = redact(&rules, &record)?;
        for reading in readings(&out) {
            prop_assert!(!reading.contains("q7zj.kx93@w8vy"), "{:?}\n{}\n{}", rules, record, out);
        }
    }

    #[test]
    fn what_holds_sensitive_names_and_numbers_is_json_at_every_depth(
        rules in vec((any_rule(), action()), 1..4),
        record in sensitive(),
    ) {
        let rules: Vec<Value> = rules.into_iter().map(|(rule, action)| with(rule, action)).collect();
        let out = redact(&rules, &record)?;
        let value = serde_json::from_str::<Value>(&out);
        prop_assert!(value.is_ok_and(|value| is_whole(&value)), "{:?}\n{}\n{}", rules, record, out);
        let cuts = rules.iter().any(|rule| rule["with"].get("truncate").is_some());
        let again = redact(&rules, &out)?;
        prop_assert!(again == out || cuts && again.contains("[withheld]"), "{:?}\n{}\n{}\n{}", rules, record, out, again);
    }

    #[test]
    fn what_is_not_listed_does_not_pass(
        doc in doc(true),
        (value, around) in (form(), around()),
        mut dice in dice(true),
    ) {
        let rules = [json!({ "pass": ["id", "x[0]"] })];
        let record = format!("{{\"id\":7,\"d\":{},\"p\":{}}}", doc.write(&mut dice), planted(&value, &around));
        let out = redact(&rules, &record)?;
        prop_assert_eq!(&redact(&rules, &out)?, &out);
        let out: Value = serde_json::from_str(&out).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&out["id"], &json!(7));
        for member in ["d", "p"] {
            prop_assert!(only_stars(&out[member]), "{}", out);
        }
    }
}

/// A document of which names, texts and numbers are found by detectors and by rules for keys.
fn sensitive() -> impl Strategy<Value = String> {
    const NAMES: [&str; 7] =
        ["a", "b", "secretMark", "4111111111111111", "ana@example.org", "2001:db8::1", "to 4111111111111111"];
    const LEAVES: [&str; 8] = [
        "1",
        "4111111111111111",
        "0.4111111111111111e16",
        "true",
        r#""4111111111111111""#,
        r#""to ana@example.org, 2001:db8::1""#,
        r#""[2001:db8::1]:443""#,
        r#""a=1&secret_mark=4111111111111111&b=2""#,
    ];
    let name = || prop::sample::select(NAMES.to_vec());
    let leaf = prop::sample::select(LEAVES.to_vec()).prop_map(str::to_owned);
    let nested = leaf.prop_recursive(4, 24, 4, move |inner| {
        let object = vec((name(), inner.clone()), 0..4).prop_map(|members| {
            let members: Vec<String> = members.into_iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
            format!("{{{}}}", members.join(","))
        });
        let array = vec(inner, 0..3).prop_map(|elements| format!("[{}]", elements.join(" , ")));
        let document = prop_oneof![3 => object, 1 => array];
        (document, 0..2).prop_map(|(document, strings)| (0..strings).fold(document, |inner, _| quoted(&inner)))
    });
    vec(nested, 1..4).prop_map(|elements| format!("{{\"all\":[{}]}}", elements.join(",")))
}

/// Whether JSON in strings is whole; what was cut short is not.
fn is_whole(value: &Value) -> bool {
    match value {
        Value::String(text) if ["{\"", "[{\""].iter().any(|start| text.starts_with(start)) && !text.contains('…') => {
            serde_json::from_str(text).is_ok_and(|value| is_whole(&value))
        }
        Value::Array(elements) => elements.iter().all(is_whole),
        Value::Object(members) => members.values().all(is_whole),
        _ => true,
    }
}

fn only_stars(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(is) => !is,
        Value::Number(number) => number.to_string() == "0",
        Value::String(text) => text.chars().all(|c| c == '*'),
        Value::Array(elements) => elements.iter().all(only_stars),
        Value::Object(members) => members.values().all(only_stars),
    }
}
