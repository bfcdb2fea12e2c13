//! The laws of the core as properties, natively. A failure prints its seed: LOGWEIR_SEED replays it.

mod common;

use common::doc::{Doc, dice, doc};
use common::seed::config;
use common::slow::{policy, rules};
use common::{Outcome, compile, pieces, whole};
use logweir::{Format, Now, Pipeline, Show};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

const FORMATS: [Format; 5] = [Format::Auto, Format::Ndjson, Format::Array, Format::Json, Format::Concat];
const LINES_AND_LIST: &str = r#"{"logweir":1,"routes":[{"name":"lines"},{"name":"list","to":"json"}]}"#;

/// Writes documents down, each with dice of its own.
fn texts(breaks: bool) -> impl Strategy<Value = Vec<String>> {
    vec((doc(true), dice(breaks)), 0..6)
        .prop_map(|docs| docs.into_iter().map(|(doc, mut dice)| doc.write(&mut dice)).collect())
}

// ---- 2 byte-faithful

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn without_rules_each_line_comes_back_byte_for_byte(texts in texts(false), crlf: bool) {
        let pipeline = compile(LINES_AND_LIST);
        let end = if crlf { "\r\n" } else { "\n" };
        let input: String = texts.iter().map(|text| format!("{text}{end}")).collect();
        let outcome = whole(&mut pipeline.run(), input.as_bytes(), Format::Ndjson);
        let lines: String = texts.iter().map(|text| format!("{text}\n")).collect();
        prop_assert_eq!(String::from_utf8_lossy(&outcome.routes[0]), lines);
        prop_assert_eq!(String::from_utf8_lossy(&outcome.routes[1]), format!("[{}]\n", texts.join(",\n")));
    }

    #[test]
    fn without_rules_records_over_many_lines_come_back_too(texts in texts(true), array: bool, gap in "[ \n\t]{1,3}") {
        let pipeline = compile(LINES_AND_LIST);
        let (input, format) = match array {
            true => (format!("{gap}[{gap}{}{gap}]{gap}", texts.join(&format!("{gap},{gap}"))), Format::Array),
            false => (texts.join(&gap), Format::Concat),
        };
        let outcome = whole(&mut pipeline.run(), input.as_bytes(), format);
        prop_assert_eq!(String::from_utf8_lossy(&outcome.routes[1]), format!("[{}]\n", texts.join(",\n")));
        // On one line, only line breaks and the white space around them may go: all that is told stays.
        let lines: Vec<&[u8]> = outcome.routes[0].split_inclusive(|&b| b == b'\n').collect();
        prop_assert_eq!(lines.len(), texts.len());
        for (line, text) in lines.iter().zip(&texts) {
            let (line, text): (Value, Value) = (serde_json::from_slice(line).unwrap(), serde_json::from_str(text).unwrap());
            prop_assert_eq!(line, text);
        }
    }

    #[test]
    fn rules_that_reach_nothing_change_nothing(docs in vec((doc(true).prop_map(Doc::tidy), dice(false)), 0..6)) {
        let rules = compile(
            r#"{"logweir":1,"redact":[{"path":"**.nobody has this"},{"path":"a.b.*[77].nor this","with":"remove"}],"limits":{"embeddedDepth":16}}"#,
        );
        let texts: Vec<String> = docs.into_iter().map(|(doc, mut dice)| doc.write(&mut dice) + "\n").collect();
        let outcome = whole(&mut rules.run(), texts.concat().as_bytes(), Format::Ndjson);
        prop_assert_eq!(outcome.text(), texts.concat());
    }
}

// ---- 3 closed on failure, 5 silent about values

const MARK: &str = "M4rkedV4lue";

/// A document with marked values, all under the name `secret`, at any depth and in strings.
fn marked() -> impl Strategy<Value = Doc> {
    let secret = |way: u8, doc: Doc| match way % 4 {
        0 => Doc::Text(MARK.to_owned()),
        1 => Doc::Array(vec![doc, Doc::Text(MARK.to_owned())]),
        2 => Doc::Object(vec![(MARK.to_owned(), doc)]),
        _ => Doc::Inside(Box::new(Doc::Array(vec![Doc::Text(MARK.to_owned())]))),
    };
    let leaf = doc(false).prop_map(|doc| Doc::Array(vec![doc]));
    leaf.prop_recursive(5, 12, 1, move |inner| {
        (inner, any::<u8>(), any::<u8>(), any::<u8>()).prop_map(move |(doc, place, way, at)| {
            let member = ("secret".to_owned(), secret(way, Doc::Raw("1".to_owned())));
            let around = Doc::Object(match place % 3 {
                0 => vec![member, ("a".to_owned(), doc)],
                1 => vec![("a".to_owned(), doc), member],
                _ => vec![("a".to_owned(), doc.clone()), member, ("b".to_owned(), doc)],
            });
            match place / 3 % 5 {
                0 => Doc::Inside(Box::new(around)),
                1 => Doc::Object(vec![("log".to_owned(), Doc::Inside(Box::new(around)))]),
                2 => Doc::Object(vec![("log".to_owned(), Doc::Cut(Box::new(around), at))]),
                3 => Doc::Array(vec![around]),
                _ => around,
            }
        })
    })
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn marked_values_never_pass_whole_or_cut_off(doc in marked(), mut dice in dice(false), cut: Index, strings in 0usize..6) {
        let rule = if strings % 2 == 0 { r#"{"path":"**.secret"}"# } else { r#"{"path":"**.secret","with":"remove"}"# };
        let policy = format!(r#"{{"logweir":1,"redact":[{rule}],"limits":{{"embeddedDepth":{strings}}}}}"#);
        let pipeline = compile(&policy);
        let text = doc.write(&mut dice);
        let broken = &text.as_bytes()[..cut.index(text.len())];
        let input = [text.as_bytes(), b"\n", broken, b"\n", text.as_bytes()].concat();
        let outcome = whole(&mut pipeline.run(), &input, Format::Ndjson);
        outcome.assert_accounted();
        prop_assert!(!outcome.text().contains(MARK), "{}\nfrom {text}", outcome.text());
    }

    #[test]
    fn nothing_that_is_told_holds_a_value(doc in marked(), mut dice in dice(true), noise: Vec<u8>, cut: Index, format in prop::sample::select(&FORMATS)) {
        let text = doc.write(&mut dice);
        let mut input = text.clone().into_bytes();
        let at = cut.index(input.len());
        input.splice(at..at, noise);
        input.extend_from_slice(format!("\n{{\"{MARK}\":\"{MARK}\"\n\"{MARK}\\ud800\"\n{text}{MARK}").as_bytes());
        let pipeline = compile(r#"{"logweir":1,"redact":[{"path":"**.secret"},{"path":"a.*","with":"remove"}],"limits":{"recordBytes":200,"depth":9}}"#);
        let outcome = whole(&mut pipeline.run(), &input, format);
        let trips = pipeline.explain(&input, format, Now::default(), Show::default());
        let told = format!("{:?} {:?} {trips:?} {:?}", outcome.quarantined, outcome.report, pipeline.warnings());
        prop_assert!(!told.contains(MARK), "{told}");
    }
}

// ---- 1 accounted, 6 valid out, 7 split-invariant

/// Any input at all: sound and broken records, strange separators, stray bytes.
fn input() -> impl Strategy<Value = Vec<u8>> {
    let stray = prop::sample::select(vec![
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "\"",
        "\\",
        "\n",
        "\r\n",
        " ",
        "\t",
        "\n\n",
        "1",
        "-",
        "nul",
        "null",
        "0",
        "{\"a\":",
        "[1,",
        "\"\\ud800\"",
        "\"x",
        "{\"email\":1}",
        "[]",
        "{}",
        "{\n\"a\": 1\n}",
        "\u{feff}",
        "😀",
        "\0",
        "{\"a\":1\n",
    ]);
    let piece = prop_oneof![
        4 => (doc(true), dice(true)).prop_map(|(doc, mut dice)| doc.write(&mut dice).into_bytes()),
        4 => stray.prop_map(|text| text.as_bytes().to_vec()),
        2 => (doc(true), dice(false), any::<Index>(), any::<u8>()).prop_map(|(doc, mut dice, at, byte)| {
            let mut text = doc.write(&mut dice).into_bytes();
            let at = at.index(text.len());
            text[at] = byte;
            text
        }),
        1 => vec(any::<u8>(), 0..6),
        4 => Just(b"\n".to_vec()),
    ];
    vec(piece, 0..9).prop_map(|pieces| pieces.concat())
}

fn any_policy() -> impl Strategy<Value = String> {
    let unknown = prop_oneof![1 => Just("drop"), 1 => Just("quarantine"), 8 => Just("pass")];
    let limits = (1usize..60, 1usize..7, 0usize..3, 5usize..90);
    (rules(), limits, any::<bool>(), any::<bool>(), unknown).prop_map(
        |(rules, (record, depth, strings, output), tight, originals, unknown)| {
            let mut more = json!({
                "accept": {"unknown": unknown},
                "quarantine": {"originals": originals},
                "routes": [{"name": "lines"}, {"name": "list", "to": "json"}],
            });
            if tight {
                more["limits"] =
                    json!({"recordBytes": record, "depth": depth, "embeddedDepth": strings, "outputBytes": output});
            }
            policy(&rules, more)
        },
    )
}

fn assert_valid_out(outcome: &Outcome) -> Result<(), TestCaseError> {
    let [lines, list] = &outcome.routes[..] else { return Err(TestCaseError::fail("two routes")) };
    prop_assert!(lines.is_empty() || lines.ends_with(b"\n"));
    let mut values = Vec::new();
    for line in lines.split_inclusive(|&b| b == b'\n') {
        let value: Value =
            serde_json::from_slice(line).map_err(|e| TestCaseError::fail(format!("{e}: {}", line.escape_ascii())))?;
        values.push(value);
    }
    prop_assert_eq!(values.len() as u64, outcome.report.kept);
    let list: Value =
        serde_json::from_slice(list).map_err(|e| TestCaseError::fail(format!("{e}: {}", list.escape_ascii())))?;
    prop_assert_eq!(list, Value::Array(values));
    Ok(())
}

proptest! {
    #![proptest_config(config(1500))]

    #[test]
    fn any_input_is_accounted_for_and_gives_valid_output_wherever_it_is_cut(
        input in input(),
        policy in any_policy(),
        format in prop::sample::select(&FORMATS),
        cuts in vec(any::<Index>(), 0..6),
    ) {
        let Ok(pipeline) = Pipeline::compile(&policy) else { return Ok(()) };
        let mut run = pipeline.run();
        let once = whole(&mut run, &input, format);
        once.assert_accounted();
        assert_valid_out(&once)?;
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(input.len() + 1)).collect();
        cuts.sort_unstable();
        let chunks = cuts.iter().copied().chain([input.len()]).scan(0, |from, to| Some(&input[std::mem::replace(from, to)..to]));
        prop_assert_eq!(&pieces(&mut run, chunks, format), &once);
        prop_assert_eq!(&pieces(&mut run, input.chunks(1), format), &once);
    }

    #[test]
    fn a_run_keeps_its_inputs_apart(inputs in vec(input(), 0..4), format in prop::sample::select(&FORMATS)) {
        let pipeline = compile(LINES_AND_LIST);
        let mut run = pipeline.run();
        let (mut lines, mut records) = (Vec::new(), 0);
        for input in &inputs {
            run.begin(format);
            run.push(input);
            lines.extend_from_slice(run.output(0).bytes);
            run.end();
            lines.extend_from_slice(run.output(0).bytes);
            records += whole(&mut pipeline.run(), input, format).report.records;
        }
        let alone = inputs.iter().flat_map(|input| whole(&mut pipeline.run(), input, format).routes.swap_remove(0));
        prop_assert_eq!(lines, alone.collect::<Vec<u8>>());
        prop_assert_eq!(run.report().records, records);
        prop_assert_eq!(run.report().bytes_in, inputs.iter().map(|input| input.len() as u64).sum::<u64>());
    }
}

// ---- the grammar is JSON's

proptest! {
    #![proptest_config(config(1500))]

    /// serde_json differs in depth (128 for both here) and in nothing else that these documents hold.
    #[test]
    fn what_serde_json_reads_is_kept_and_nothing_else(doc in doc(true), mut dice in dice(true), changes in vec((any::<Index>(), changed()), 0..4)) {
        let mut text = doc.write(&mut dice).into_bytes();
        for (at, change) in changes {
            let at = at.index(text.len().max(1));
            match change {
                Change::Put(bytes) => drop(text.splice(at..at, bytes)),
                Change::Set(byte) => text[at] = byte,
                Change::Cut if text.len() > 1 => drop(text.remove(at)),
                Change::Cut => {}
            }
        }
        prop_assume!(!text.starts_with(b"\xEF\xBB\xBF"));
        let blank = text.iter().all(|b| b" \t\r\n".contains(b));
        let sound = serde_json::from_slice::<Value>(&text).is_ok();
        let outcome = whole(&mut compile(r#"{"logweir":1}"#).run(), &text, Format::Json);
        prop_assert_eq!((outcome.report.kept, outcome.report.quarantined), (u64::from(sound), u64::from(!sound && !blank)), "{:?}", outcome.quarantined);
        if !text.contains(&b'\n') {
            let line = whole(&mut compile(r#"{"logweir":1}"#).run(), &text, Format::Ndjson);
            prop_assert_eq!(line.report.kept, u64::from(sound));
        }
    }
}

#[derive(Clone, Debug)]
enum Change {
    Put(Vec<u8>),
    Set(u8),
    Cut,
}

fn changed() -> impl Strategy<Value = Change> {
    let put: Vec<&[u8]> = vec![
        b"\"",
        b"\\",
        b"\\u",
        b"\\ud800",
        b"\\udc00",
        b"\\ud83d\\ude00",
        b",",
        b":",
        b"{",
        b"}",
        b"[",
        b"]",
        b"0",
        b"-",
        b".",
        b"e",
        b"\n",
        b" ",
        b"\0",
        b"\x1f",
        b"\x7f",
        b"\x80",
        b"\xc3",
        b"\xc3\xa9",
        b"\xe2\x82",
        b"\xed\xa0\x80",
        b"\xf0\x9f\x98\x80",
        b"\xf4\x90\x80\x80",
        b"\xff",
        b"\\/",
        b"\\x",
        b"true",
        b"null",
        b"\xc0\xaf",
    ];
    prop_oneof![
        3 => prop::sample::select(put).prop_map(|bytes| Change::Put(bytes.to_vec())),
        1 => any::<u8>().prop_map(Change::Set),
        1 => Just(Change::Cut),
    ]
}
