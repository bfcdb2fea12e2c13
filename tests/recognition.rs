//! Catalogues through the public API: every sample of the catalogue, and of the platforms where somebody has put them.

use std::fs;
use std::path::{Path, PathBuf};

use logweir::{Catalog, CatalogReader, Detection, Format, Reason, Wanted};
use serde_json::{Value, json};

const ALL: Wanted = Wanted { fields: true, findings: Some(usize::MAX) };

fn one(reader: &mut CatalogReader, record: &[u8]) -> Detection {
    reader.input(record.len()).copy_from_slice(record);
    reader.one(record.len()).clone()
}

fn reader(catalog: &Catalog) -> CatalogReader {
    let mut reader = CatalogReader::new(catalog);
    reader.want(ALL);
    reader
}

fn name(catalog: &Catalog, found: &Detection) -> Option<String> {
    found.event_type.and_then(|number| catalog.name(number)).map(str::to_owned)
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// Event type, file, text and expected common fields of each sample of the catalogue.
fn samples() -> Vec<(String, PathBuf, String, Value)> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/catalog");
    let mut samples = Vec::new();
    for platform in below(&home).iter().filter(|path| path.is_dir()) {
        for folder in below(platform) {
            let part = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let event_type = format!("{}.{}", part(platform), part(&folder));
            for path in below(&folder.join("samples")) {
                if part(&path).ends_with(".fields.json") {
                    continue;
                }
                let fields = fs::read_to_string(path.with_extension("fields.json")).expect("expected fields");
                let fields = serde_json::from_str(&fields).expect("JSON");
                let text = fs::read_to_string(&path).expect("a sample");
                samples.push((event_type.clone(), path, text, fields));
            }
        }
    }
    assert!(samples.len() > 50, "{} samples", samples.len());
    samples
}

#[test]
fn every_sample_has_its_type_and_fields_and_is_valid() {
    let catalog = Catalog::built_in();
    let mut reader = reader(&catalog);
    for (event_type, path, text, fields) in samples() {
        let path = path.display();
        let found = one(&mut reader, text.as_bytes());
        assert_eq!(name(&catalog, &found).as_deref(), Some(&*event_type), "{path}");
        assert_eq!((found.at.as_str(), found.valid, found.reason), ("", Some(true), None), "{path}: {found:?}");
        assert_eq!(serde_json::from_str::<Value>(&found.fields).expect("JSON"), fields, "{path}");
        let twice = json!(text).to_string();
        for (record, at) in [
            (format!("{{\"a/b~c\":{text}}}"), "/a~1b~0c"),
            (format!("{{\"x\":1,\"log\":{{\"inner\":{twice}}}}}"), "/log/inner"),
            (twice, ""),
        ] {
            let again = one(&mut reader, record.as_bytes());
            assert_eq!(again, Detection { at: at.to_owned(), ..found.clone() }, "{path}");
        }
    }
}

#[test]
fn where_chunks_are_cut_changes_nothing() {
    let catalog = Catalog::built_in();
    let lines: Vec<String> = samples()
        .iter()
        .map(|(.., text, _)| serde_json::from_str::<Value>(text).expect("JSON").to_string())
        .chain(["{".to_owned(), "7".to_owned(), r#"{"log":{"logType":"execution_event","eventType":1}}"#.to_owned()])
        .collect();
    let input = lines.join("\n");
    let mut reader = reader(&catalog);
    let mut read = |size: usize| {
        let mut all = Vec::new();
        reader.begin(Format::Ndjson);
        for chunk in input.as_bytes().chunks(size) {
            reader.push(chunk);
            all.extend_from_slice(reader.detections());
        }
        reader.end();
        all.extend_from_slice(reader.detections());
        all
    };
    let whole = read(usize::MAX);
    assert_eq!(whole.len(), lines.len());
    let mut offset = 0;
    for (number, (found, line)) in whole.iter().zip(&lines).enumerate() {
        assert_eq!((found.record, found.offset, found.line), (number as u64, offset, Some(number as u64 + 1)));
        offset += line.len() as u64 + 1;
    }
    let last = &whole[whole.len() - 3..];
    assert_eq!(last[0].reason, Some(Reason::UnexpectedEnd));
    assert_eq!((last[1].event_type, last[1].valid), (None, None));
    assert_eq!((last[2].event_type, last[2].valid), (None, None));
    for size in [1, 7, 100, 4096] {
        assert_eq!(read(size), whole, "chunks of {size}");
    }
}

#[test]
fn only_what_is_wanted_is_told() {
    let catalog = Catalog::built_in();
    let mut reader = CatalogReader::new(&catalog);
    let record = br#"{"logType":"execution_event","eventType":"failed"}"#;
    let plain = one(&mut reader, record);
    assert_eq!((plain.fields.as_str(), plain.valid, plain.findings.len()), ("", None, 0));
    for (most, told) in [(0, 0), (1, 1), (3, 3)] {
        reader.want(Wanted { fields: false, findings: Some(most) });
        let found = one(&mut reader, record);
        assert_eq!((found.valid, found.findings.len(), found.fields.as_str()), (Some(false), told, ""));
    }
    reader.want(Wanted::default());
    assert_eq!(one(&mut reader, record), plain);
    for nothing in ["", " ", "\n"] {
        let found = one(&mut reader, nothing.as_bytes());
        assert_eq!((found.event_type, found.reason), (None, Some(Reason::UnexpectedEnd)), "{nothing:?}");
    }
}

/// Paragon writes names into some messages: they say nothing of what became of the event.
#[test]
fn a_name_in_a_message_is_no_verdict() {
    let catalog = Catalog::built_in();
    let mut reader = reader(&catalog);
    for (message, level) in [
        ("App Event Trigger No workflow configured with event payment_failed", "warn"),
        ("Webhook Trigger processing record for app Failover", "info"),
        ("Webhook trigger failed to process record", "error"),
    ] {
        let event = json!({ "projectId": "p", "type": "Webhook", "personaId": "x", "message": message });
        let found = one(&mut reader, event.to_string().as_bytes());
        let fields: Value = serde_json::from_str(&found.fields).expect("JSON");
        assert_eq!(fields["@level"], level, "{message}");
        assert_eq!(fields["@status"], if level == "error" { json!("failed") } else { Value::Null }, "{message}");
    }
}

/// Places are counted from where the event begins, in its own text.
#[test]
fn findings_count_from_the_event() {
    let catalog = Catalog::built_in();
    let mut reader = reader(&catalog);
    let event = r#"{"logType":"execution_event","eventType":"failed","workflowId":7}"#;
    let alone = one(&mut reader, event.as_bytes());
    let wrong = alone.findings.iter().find(|finding| finding.instance == "/workflowId").expect("a finding");
    assert_eq!(&event[wrong.span.start..wrong.span.end], "7");
    for wrapped in [format!(r#"{{"before":[1,2],"log":{event}}}"#), format!("{{\"log\":{}}}", json!(event))] {
        assert_eq!(one(&mut reader, wrapped.as_bytes()).findings, alone.findings);
    }
}

#[test]
fn what_could_be_two_events_says_so() {
    let catalog = Catalog::built_in();
    let mut reader = reader(&catalog);
    let found = one(&mut reader, br#"{"logType":"execution_event","eventType":"x","logType":"y"}"#);
    assert_eq!((found.event_type, found.reason, found.valid), (None, Some(Reason::AmbiguousEvent), Some(false)));
    assert_eq!(found.findings.iter().map(|f| f.code).collect::<Vec<_>>(), ["D102"]);
}

#[test]
fn numbers_stay_exact() {
    let own = json!({
        "type": "acme.order", "title": "Order", "recognise": { "require": { "acme": {} } },
        "fields": {
            "@platform": { "const": "acme" }, "@id": { "path": "id" }, "@time": { "path": "at", "time": "us" },
            "@duration": { "path": "took", "unit": "ms" }, "@message": { "path": "text" }
        }
    });
    let catalog = Catalog::with_own(&own.to_string()).expect("in order");
    let mut reader = reader(&catalog);
    for (id, said) in [
        ("999999999999999", "999999999999999"),
        ("-7", "-7"),
        ("-0", r#""-0""#),
        ("1000000000000000", r#""1000000000000000""#),
        ("1694081235979123457", r#""1694081235979123457""#),
        ("70000.0", r#""70000.0""#),
        ("1e3", r#""1e3""#),
        ("true", "true"),
        (r#""a\"\u0001\n""#, r#""a\"\u0001\n""#),
    ] {
        let record = format!(r#"{{"acme":1,"id":{id},"at":1703275739238000.5,"took":1.5}}"#);
        let found = one(&mut reader, record.as_bytes());
        let expected = format!(
            r#"{{"@time":"2023-12-22T20:08:59.2380005Z","@platform":"acme","@type":"acme.order","@id":{said},"@duration":"0.0015"}}"#
        );
        assert_eq!(found.fields, expected, "{id}");
    }
}

#[test]
fn own_types_are_one_or_a_list_and_their_mistakes_have_places() {
    let entry =
        r#"{"type":"acme.a","title":"A","recognise":{"require":{"acme":{}}},"fields":{"@platform":{"const":"acme"}}}"#;
    let built_in = Catalog::built_in().types().count();
    for text in [entry.to_owned(), format!("[{entry}]"), format!("[ // mine\n{entry},\n]")] {
        let catalog = Catalog::with_own(&text).unwrap_or_else(|problems| panic!("{problems}\n{text}"));
        assert_eq!(catalog.types().nth(built_in), Some(("acme.a", "A")));
    }
    let wrong = |text: &str| {
        let problems = Catalog::with_own(text).expect_err(text).problems;
        problems.into_iter().map(|p| (p.code, p.pointer, p.line)).collect::<Vec<_>>()
    };
    let at = |code, pointer: &str, line| (code, pointer.to_owned(), line);
    assert_eq!(wrong("7"), [at("P102", "", 1)]);
    assert_eq!(wrong("[\n{"), [at("P100", "", 2)]);
    assert_eq!(wrong(&format!("[{entry},\n{entry}]")), [at("P108", "/1/type", 2)]);
    assert_eq!(wrong("{\"type\":\"acme.a\"}"), [at("P104", "", 1)]);
    let schema = entry.replacen('{', "{\"schema\":{\n\"type\":1},", 1);
    assert_eq!(wrong(&schema), [at("S202", "/schema/type", 2)]);
    let many = format!("[{}]", vec!["{}"; logweir::limits::MAX_EVENT_TYPES + 1].join(","));
    assert_eq!(wrong(&many), [at("P107", "", 1)]);
}

/// The platforms' own samples, beside the project or where LOGWEIR_SAMPLES says.
#[test]
fn samples_of_the_platforms_are_known_and_valid() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples");
    let folder = std::env::var_os("LOGWEIR_SAMPLES").map_or(beside, Into::into);
    if !folder.is_dir() {
        println!("skipped: no samples in {}", folder.display());
        return;
    }
    let catalog = Catalog::built_in();
    let mut reader = reader(&catalog);
    let mut seen = 0;
    for path in below(&folder).iter().filter(|path| path.extension().is_some_and(|e| e == "ndjson")) {
        reader.begin(Format::Auto);
        reader.push(&fs::read(path).expect("a readable sample"));
        let mut found = reader.detections().to_vec();
        reader.end();
        found.extend_from_slice(reader.detections());
        for found in &found {
            assert!(found.event_type.is_some() && found.valid == Some(true), "{}: {found:?}", path.display());
        }
        seen += found.len();
    }
    assert_eq!(seen, 82);
    for path in below(&folder.join("broken")) {
        let found = one(&mut reader, &fs::read(&path).expect("a readable sample"));
        assert!(found.reason.is_some() && found.valid == Some(false), "{}: {found:?}", path.display());
    }
}
