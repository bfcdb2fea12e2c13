//! Rules that look everywhere: what comes out is JSON, redacting it again changes nothing, and a value that detectors find
//! is gone, wherever in a record it stands and whatever stands around it.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use logweir::{Format, Pipeline};
use serde_json::Value;

const MAIL: &str = "m4rked.kx93@v4lue.example.net";

static PIPELINES: LazyLock<Vec<Pipeline>> = LazyLock::new(|| {
    // serde_json reads 127 levels.
    let texts = [
        r#"{"logweir":1,"redact":[{"detect":["email","card","ip","phone","secret","jwt"]}],"limits":{"depth":100}}"#,
        r#"{"logweir":1,"redact":[{"use":["personal","secrets"]}],"limits":{"depth":100}}"#,
        r#"{"logweir":1,"redact":[{"use":["personal","secrets"],"with":"mask"}],"limits":{"depth":100,"embeddedDepth":1}}"#,
        r#"{"logweir":1,"redact":[{"key":["*token","password","a"],"with":"remove"},{"detect":"email"}],"limits":{"depth":100}}"#,
    ];
    texts.map(|text| Pipeline::compile(text).expect("a policy")).into()
});

fn redacted(pipeline: &Pipeline, record: &str) -> Option<String> {
    let mut run = pipeline.run();
    run.input(record.len()).copy_from_slice(record.as_bytes());
    run.process(record.len(), Format::Json);
    let out = std::str::from_utf8(run.output(0).bytes).expect("UTF-8").to_owned();
    (run.report().kept == 1).then_some(out)
}

// One byte says the policy, one where in the text the address goes.
fuzz_target!(|data: &[u8]| {
    let [choice, place, text @ ..] = data else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let pipeline = &PIPELINES[usize::from(*choice) % PIPELINES.len()];
    let mut at = usize::from(*place) * (text.len() + 1) / 256;
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    // Beside a separator: what goes on a word belongs to it.
    let marked = format!("{} {MAIL} {}", &text[..at], &text[at..]);
    let record = serde_json::json!({ "text": marked, "list": [text, { "deep": marked }], "name": MAIL }).to_string();
    for record in [record.as_str(), text] {
        let Some(out) = redacted(pipeline, record) else { continue };
        assert!(serde_json::from_str::<Value>(&out).is_ok(), "{out}");
        assert!(record == text || !out.contains(MAIL), "{out}");
        assert_eq!(redacted(pipeline, &out).as_deref(), Some(&*out));
    }
});
