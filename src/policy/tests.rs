//! What a policy may say, and what is said about one that is none.

use proptest::prelude::*;
use serde_json::json;

use super::{Policy, read};
use crate::accept::Unknown;
use crate::common::doc::{self, dice};
use crate::common::seed::config;
use crate::limits::*;
use crate::redact::Action;

fn sound(text: &str) -> Policy {
    read(text, &[]).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The codes of what is wrong, with line and column.
fn wrong(text: &str) -> Vec<(&'static str, usize, usize)> {
    let problems = read(text, &[]).expect_err("a mistake").problems;
    problems.iter().map(|p| (p.code, p.line, p.column)).collect()
}

/// Texts that are nearly policies.
fn nearly() -> impl Strategy<Value = String> {
    let words = vec![
        "\"logweir\"",
        "1",
        ":",
        ",",
        "{",
        "}",
        "[",
        "]",
        "\"redact\"",
        "\"path\"",
        "\"a.b\"",
        "\"**\"",
        "\"a[\"",
        "\"with\"",
        "\"remove\"",
        "\"replace\"",
        "\"routes\"",
        "\"name\"",
        "\"to\"",
        "\"json\"",
        "\"limits\"",
        "\"depth\"",
        "1e99",
        "-1",
        "null",
        "true",
        "\"accept\"",
        "\"unknown\"",
        "\"quarantine\"",
        "\"originals\"",
        "//",
        "/*",
        "*/",
        "\n",
        " ",
        "\"",
        "\\",
        "é😀",
        "\"\\ud800\"",
        "\"x\\u0041\"",
        "{\"logweir\":1,",
        "[{\"path\":\"a\"}]",
    ];
    let mess = proptest::collection::vec(prop::sample::select(words), 0..25).prop_map(|words| words.concat());
    prop_oneof![3 => mess, 1 => any::<String>(), 1 => (doc::doc(true), dice(true)).prop_map(|(doc, mut dice)| doc.write(&mut dice))]
}

proptest! {
    #![proptest_config(config(1500))]

    #[test]
    fn any_text_is_a_policy_or_has_problems_with_places(text in nearly()) {
        if let Err(problems) = read(&text, &[]) {
            prop_assert!(!problems.problems.is_empty());
            let lines: Vec<&str> = text.split('\n').collect();
            let mut last = (0, 0);
            for problem in &problems.problems {
                prop_assert!((1..=lines.len()).contains(&problem.line), "{problem}");
                prop_assert!(problem.column <= lines[problem.line - 1].chars().count() + 1, "{problem}");
                prop_assert!((problem.line, problem.column) >= last, "in the order of the text: {problems}");
                last = (problem.line, problem.column);
                prop_assert!(problem.pointer.is_empty() || problem.pointer.starts_with('/'));
            }
        }
    }
}

#[test]
fn a_policy_says_what_it_says() {
    let policy = sound(
        r#"{
            "logweir": 1, // the version
            "accept": { "unknown": "quarantine" },
            "redact": [
                { "path": "a.b" },
                { "path": ["c", "d[*]"], "with": "remove" },
                { "path": "e", "with": { "replace": [1.0, "x\u0041"] } },
            ],
            "routes": [{ "name": "x", "to": "json" }, { "name": "y" }],
            "quarantine": { "originals": true },
            "limits": { "recordBytes": 10, "depth": 1024, "embeddedDepth": 0, "outputBytes": 1 },
        }"#,
    );
    assert_eq!(policy.accept.as_ref().map(|accept| accept.unknown), Some(Unknown::Quarantine));
    let actions: Vec<&Action> = policy.redact.iter().map(|rule| &rule.action).collect();
    let replace = |text: &str| Action::Replace(text.to_owned());
    assert_eq!(actions, [&replace("\"[redacted]\""), &Action::Remove, &replace(r#"[1.0, "x\u0041"]"#)]);
    let paths: Vec<Vec<&str>> =
        policy.redact.iter().map(|rule| rule.paths.iter().map(|p| p.1.as_str()).collect()).collect();
    assert_eq!(paths, [vec!["a.b"], vec!["c", "d[*]"], vec!["e"]]);
    let routes: Vec<(&str, &str)> = policy.routes.iter().map(|route| (route.name.as_str(), route.to.name())).collect();
    assert_eq!(routes, [("x", "json"), ("y", "ndjson")]);
    assert!(policy.originals);
    assert_eq!(policy.limits, Limits { record_bytes: 10, depth: 1024, embedded_depth: 0, output_bytes: 1 });
}

#[test]
fn what_a_policy_leaves_out_has_its_default() {
    let policy = sound(r#"{"logweir":1}"#);
    assert_eq!((policy.accept.is_none(), policy.originals, policy.redact.len()), (true, false, 0));
    assert_eq!(policy.limits, Limits::default());
    assert_eq!((policy.routes.len(), policy.routes[0].name.as_str(), policy.routes[0].to.name()), (1, "out", "ndjson"));
    let empty = sound(r#"{"logweir":1,"accept":{},"redact":[],"limits":{},"quarantine":{}}"#);
    assert_eq!((empty.redact.len(), empty.routes.len(), &empty.limits), (policy.redact.len(), 1, &policy.limits));
    assert_eq!(empty.accept.map(|accept| accept.unknown), Some(Unknown::Pass));
}

#[test]
fn limits_reach_to_their_own() {
    for (name, least, most) in [
        ("recordBytes", 1, MAX_RECORD_BYTES),
        ("depth", 1, MAX_DEPTH),
        ("embeddedDepth", 0, MAX_EMBEDDED_DEPTH),
        ("outputBytes", 1, MAX_RECORD_BYTES),
    ] {
        let with = |limit: i64| read(&json!({"logweir": 1, "limits": {name: limit}}).to_string(), &[]);
        assert!(with(least).is_ok() && with(most as i64).is_ok(), "{name}");
        for beyond in [least - 1, most as i64 + 1] {
            let problems = with(beyond).expect_err("beyond").problems;
            assert_eq!((problems.len(), problems[0].code), (1, "P105"), "{name}: {beyond}");
            assert_eq!(problems[0].expected, format!("a whole number from {least} to {most}"));
        }
    }
    for text in ["1e3", "64.0", "640e-1"] {
        assert!(read(&format!(r#"{{"logweir":1.0,"limits":{{"depth":{text}}}}}"#), &[]).is_ok(), "{text}");
    }
    for text in ["1.5", "1e4", "1e99999", "99999999999999999999999999"] {
        assert_eq!(wrong(&format!(r#"{{"logweir":1,"limits":{{"depth":{text}}}}}"#))[0].0, "P105", "{text}");
    }
}

#[test]
fn no_more_problems_are_told_than_anybody_would_read() {
    let text = format!(r#"{{"logweir":1,"redact":[{}]}}"#, vec!["1"; 250].join(","));
    let codes = wrong(&text);
    assert_eq!(codes.len(), MAX_PROBLEMS + 1);
    assert_eq!(codes[MAX_PROBLEMS].0, "P199");
    assert!(codes[..MAX_PROBLEMS].iter().all(|(code, ..)| *code == "P102"));
}

#[test]
fn there_are_limits_to_a_policy_itself() {
    let code = |text: &str| wrong(text)[0].0;
    assert_eq!(code(&format!(r#"{{"logweir":1}}{}"#, " ".repeat(MAX_POLICY_BYTES))), "P115");
    let routes = |n: usize| {
        format!(
            r#"{{"logweir":1,"routes":[{}]}}"#,
            (0..n).map(|i| format!(r#"{{"name":"{i}"}}"#)).collect::<Vec<_>>().join(",")
        )
    };
    assert_eq!(sound(&routes(MAX_ROUTES)).routes.len(), MAX_ROUTES);
    assert_eq!(code(&routes(MAX_ROUTES + 1)), "P107");
    let paths = |n: usize| format!(r#"{{"logweir":1,"redact":[{{"path":[{}]}}]}}"#, vec!["\"a\""; n].join(","));
    assert_eq!(sound(&paths(MAX_PATHS)).redact[0].paths.len(), MAX_PATHS);
    assert_eq!(code(&paths(MAX_PATHS + 1)), "P115");
    let problems = read(&"[".repeat(MAX_DEPTH + 1), &[]).expect_err("too deep").problems;
    let levels = format!("at most {MAX_DEPTH} levels of objects and arrays");
    assert_eq!(
        (problems[0].code, problems[0].expected.as_str(), problems[0].column),
        ("P100", &*levels, MAX_DEPTH + 1)
    );
}

/// Of the longest policies there are, whatever they are full of: reading goes on behind no limit, and compares nothing
/// with all that stands before it.
#[test]
fn a_policy_full_of_mistakes_is_read_in_linear_time() {
    let fill = |head: &str, part: &dyn Fn(usize) -> String, tail: &str| {
        let mut text = head.to_owned();
        let mut number = 0;
        while text.len() < MAX_POLICY_BYTES - 100 {
            text += &part(number);
            number += 1;
        }
        text + tail
    };
    let texts = [
        fill(r#"{"logweir":1,"routes":["#, &|n| format!(r#"{{"name":"{n}"}},"#), "]}"),
        fill(r#"{"logweir":1,"redact":[{"path":["#, &|n| format!(r#""**.k{n}","#), "]}]}"),
        fill(r#"{"logweir":1,"redact":["#, &|n| format!(r#"{{"path":"{n}"}},"#), "]}"),
        fill(r#"{"logweir":1,"redact":["#, &|n| format!(r#"{{"path":"a","with":"remov{n}"}},"#), "]}"),
        fill(r#"{"logweir":1,"#, &|n| format!(r#""redacted{n}":1,"#), "}"),
        fill("{", &|_| r#""logweir":1,"#.to_owned(), "}"),
        fill(r#"{"logweir":1,"limits":{"#, &|n| format!(r#""recordBytes{n}":1,"#), "}}"),
    ];
    for text in texts {
        let begun = std::time::Instant::now();
        assert!(read(&text, &[]).is_err());
        let took = begun.elapsed();
        assert!(took.as_secs() < 10, "{took:?}: {}…", &text[..60]);
    }
}

#[test]
fn problems_read_well() {
    let problems = read("{\n  \"logweir\": 1,\n  \"redcat\": []\n}", &[]).expect_err("a slip");
    let text = problems.to_string();
    assert!(text.starts_with("3:3 P101 at /redcat: expected a member named \"logweir\""), "{text}");
    assert!(text.ends_with("; did you mean \"redact\"?"), "{text}");
    let none = read("[]", &[]).expect_err("no object").to_string();
    assert!(none.starts_with("1:1 P102 at the top: expected an object with"), "{none}");
}
