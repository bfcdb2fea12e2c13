//! What comes out is valid JSON, and what a rule names never does, also where it lies in a string.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use logweir::{Format, Pipeline};
use serde_json::Value;

const MARK: &str = "M4rkedV4lue";
const MEMBER: &str = r#"{"secret":"M4rkedV4lue"}"#;

static PIPELINES: LazyLock<Vec<Pipeline>> = LazyLock::new(|| {
    // serde_json reads 127 levels.
    let texts = [
        r#"{"logweir":1,"redact":[{"path":"**.secret"}],"limits":{"depth":100}}"#,
        r#"{"logweir":1,"redact":[{"path":["**.secret","a[1]","*.b"],"with":"remove"}],"limits":{"depth":100}}"#,
        r#"{"logweir":1,"redact":[{"path":"**.secret","with":{"replace":{"\n\"":[]}}},{"path":"a.**","with":"remove"}],"limits":{"depth":100,"embeddedDepth":1}}"#,
    ];
    texts.map(|text| Pipeline::compile(text).expect("a policy")).into()
});

// One byte says the policy and how often the whole is put into a string, one where the marked member goes.
fuzz_target!(|data: &[u8]| {
    let [choice, place, text @ ..] = data else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    if text.contains("M4r") {
        return;
    }
    let pipeline = &PIPELINES[usize::from(*choice) % PIPELINES.len()];
    let mut at = usize::from(*place) * (text.len() + 1) / 256;
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let mut record = [&text[..at], MEMBER, &text[at..]].concat();
    let strings = choice / 64;
    for _ in 0..strings {
        // Text that does not begin as JSON may say what it likes.
        if !record.trim_start_matches([' ', '\t', '\r', '\n']).starts_with(['{', '[', '"']) {
            return;
        }
        record = format!("{{\"log\":{}}}", Value::String(record));
    }
    let mut run = pipeline.run();
    run.input(record.len()).copy_from_slice(record.as_bytes());
    run.process(record.len(), if *choice % 2 == 0 { Format::Auto } else { Format::Json });
    let out = std::str::from_utf8(run.output(0).bytes).expect("UTF-8");
    assert!(!out.contains(MARK), "{out}");
    for line in out.lines() {
        assert!(serde_json::from_str::<Value>(line).is_ok(), "{line}");
    }
    if strings > 0 {
        assert_eq!(run.report().kept + run.report().quarantined, 1);
    }
});
