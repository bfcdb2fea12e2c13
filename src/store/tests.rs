//! What holds for every log: however it is cut, whichever way a query is answered, however rows are counted.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use super::*;
use crate::common::seed::config;
use crate::query::QueryReader;
use crate::recognition::{CatalogReader, Wanted};

/// The sample events of the catalogue.
fn samples() -> Vec<Value> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("the catalogue").flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() {
                walk(&path, found);
            } else if path.parent().is_some_and(|folder| folder.ends_with("samples"))
                && name.ends_with(".json")
                && !name.ends_with(".fields.json")
            {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/catalog"), &mut found);
    found.sort();
    let read = |path: &PathBuf| serde_json::from_slice(&std::fs::read(path).expect("a sample")).ok();
    let events: Vec<Value> = found.iter().filter_map(read).collect();
    assert!(events.len() > 20, "the catalogue has moved");
    events
}

/// Values that an event may have in place of its own.
fn odd_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        select(vec!["", "error", "Error", "failed", "success", "7", "é", "日本", "a b", "9999-12-31T23:59:59Z"])
            .prop_map(|text| json!(text)),
        Just(json!("x".repeat(MAX_TEXT + 40))),
        Just(json!("x".repeat(MAX_TEXT))),
        Just(json!(null)),
        Just(json!(true)),
        Just(json!(7)),
        Just(json!(12345678901234567_u64)),
        Just(serde_json::from_str("1e30").unwrap()),
        Just(json!(["error"])),
        Just(json!({"a": "error"})),
    ]
}

const MAX_TEXT: usize = values::MAX_VALUE;

/// A line of a log: an event, in a wrapper perhaps, with other values perhaps, or something else.
fn line(samples: Vec<Value>) -> impl Strategy<Value = String> {
    let event = (select(samples), vec((any::<Index>(), odd_value()), 0..3)).prop_map(|(mut event, changes)| {
        for (place, value) in changes {
            if let Some(members) = event.as_object_mut() {
                let place = place.index(members.len());
                if let Some((_, member)) = members.iter_mut().nth(place) {
                    *member = value;
                }
            }
        }
        event
    });
    // What stands in objects may as well stand in arrays of them.
    let listed = |mut event: Value, twice: bool| {
        let members = event.as_object_mut().into_iter().flatten();
        for (_, member) in members.filter(|(_, member)| member.is_object()) {
            *member = if twice { json!([7, member, [member]]) } else { json!([member]) };
        }
        event
    };
    let wrapped = (event, 0..13u8).prop_map(move |(event, how)| {
        let text = event.to_string();
        let packed = || {
            let mut event = event.clone();
            let members = event.as_object_mut().into_iter().flatten();
            for (_, member) in members.filter(|(_, member)| member.is_object() || member.is_array()) {
                *member = json!(member.to_string());
            }
            event
        };
        match how {
            0 => json!({ "log": event }).to_string(),
            1 => json!({ "source": "w", "log_message": text }).to_string(),
            2 => serde_json::to_string(&text).unwrap(),
            3 => text.replacen('{', r#"{"id":"first","#, 1), // a member twice
            4 => text.replace('e', "\\u0065"),
            5 => packed().to_string(),
            6 => json!({ "n": 1, "log": packed() }).to_string(),
            7 => listed(event, false).to_string(),
            8 => listed(event, true).to_string(),
            _ => text,
        }
    });
    let other = select(vec![
        "{\"a\":1}",
        "7",
        "\"error\"",
        "[1,\"error\"]",
        "{\"a\":",
        "{\"error\" 1}",
        "nul",
        "{}",
        "{\"log\":{\"logType\":\"execution_event\",\"eventType\":\"failed\"},\"Log\":{\"event_type\":\"x\"}}",
        "\"\\ud800\"",
    ]);
    prop_oneof![9 => wrapped, 2 => other.prop_map(str::to_owned)]
}

fn store(input: &[u8], cuts: &[Index], format: Format, keeps: bool) -> LogStore {
    let mut store = LogStore::new(&Catalog::built_in(), format, keeps, usize::MAX);
    let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(input.len() + 1)).collect();
    places.extend([0, input.len()]);
    places.sort_unstable();
    store.begin();
    for cut in places.windows(2) {
        store.push(&input[cut[0]..cut[1]]).unwrap();
    }
    store.end().unwrap();
    store
}

/// All that a store tells of its rows.
fn told(store: &mut LogStore) -> (Counts, Vec<Option<Vec<u8>>>, Value) {
    let rows: Vec<u32> = store.all().iter().collect();
    let records = rows.iter().map(|row| store.record(*row).map(<[u8]>::to_vec)).collect();
    let counts = Counts { index: 0, ..store.counts() };
    (counts, records, serde_json::from_str(&store.write(&rows, u32::MAX)).unwrap())
}

fn found(store: &LogStore, query: &str, step: u32) -> Vec<u32> {
    let mut search = store.search(query, Some(1_780_000_000_000), None).unwrap_or_else(|e| panic!("{query}: {e:?}"));
    while !search.step(store, step).done {}
    assert_eq!(search.found().count(), search.progress().found);
    search.found().iter().collect()
}

/// The rows that a query selects of the records themselves.
fn selected(store: &LogStore, query: &str) -> Vec<u32> {
    let query = Query::compile(query, &Catalog::built_in(), Some(1_780_000_000_000)).unwrap();
    let mut reader = QueryReader::new(&query);
    let holds = |row: &u32| {
        let record = store.record(*row).unwrap_or_default().to_vec();
        reader.input(record.len()).copy_from_slice(&record);
        reader.one(record.len())
    };
    store.all().iter().filter(|row| !store.is_broken(*row)).filter(holds).collect()
}

/// Terms that ask for what the rows say, and for something near.
fn term(rows: &Value, field: Index, row: Index, how: u8) -> String {
    let (field, name) = Field::ALL[field.index(Field::ALL.len())];
    let rows = rows.as_array().map_or(&[][..], Vec::as_slice);
    let value = rows.get(row.index(rows.len().max(1))).map_or(&Value::Null, |row| &row["fields"][name]);
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let quoted = format!("{name}:{}", serde_json::to_string(&text).unwrap());
    match (how, field) {
        (0..3, Field::Time) if value.is_string() => format!("{name}:[{text} TO *]"),
        (0..3, Field::Duration) if value.is_string() => format!("{name}:<={text}"),
        (0..2, Field::Level) => format!("{name}:>=warn"),
        (0, _) => format!("_exists_:{name}"),
        (1, _) => {
            let start: String = text.chars().take_while(|c| c.is_ascii_alphanumeric()).take(4).collect();
            format!("{name}:{start}*")
        }
        (2, _) => format!("{name}:/[a-m]+/"),
        (3, _) => "error".to_owned(),
        (4, _) => "status:success".to_owned(),
        (5, _) => format!("{name}:>5"),
        _ => quoted,
    }
}

fn a_log() -> impl Strategy<Value = Vec<String>> {
    vec(line(samples()), 0..24)
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn where_it_is_cut_changes_nothing(lines in a_log(), cuts in vec(any::<Index>(), 0..12), form in 0..3u8) {
        let whole: Vec<&String> = lines.iter().filter(|line| serde_json::from_str::<Value>(line).is_ok()).collect();
        let (input, format) = match form {
            0 => (lines.join("\n"), Format::Ndjson),
            1 => (format!("[{}]", whole.iter().map(|line| line.as_str()).collect::<Vec<_>>().join(" , ")), Format::Array),
            _ => (whole.iter().map(|line| line.as_str()).collect::<Vec<_>>().join("\n\n "), Format::Concat),
        };
        let expected = told(&mut store(input.as_bytes(), &[], format, true));
        prop_assert_eq!(told(&mut store(input.as_bytes(), &cuts, format, true)), expected);
    }

    #[test]
    fn rows_say_what_the_catalogue_says(lines in a_log()) {
        let input = lines.join("\n");
        let mut store = store(input.as_bytes(), &[], Format::Ndjson, true);
        let mut reader = CatalogReader::new(&Catalog::built_in());
        reader.want(Wanted { fields: true, findings: None });
        reader.begin(Format::Ndjson);
        reader.push(input.as_bytes());
        let mut found = reader.detections().to_vec();
        reader.end();
        found.extend(reader.detections().to_vec());
        let (counts, records, rows) = told(&mut store);
        prop_assert_eq!(counts.rows as usize, found.len());
        for (detection, (row, record)) in found.iter().zip(rows.as_array().unwrap().iter().zip(&records)) {
            prop_assert_eq!(row["offset"].as_u64(), Some(detection.offset));
            prop_assert_eq!(row["line"].as_u64(), detection.line);
            prop_assert_eq!(row["code"].as_str(), detection.reason.map(Reason::code));
            prop_assert_eq!(row["type"].as_str(), detection.event_type.and_then(|n| store.catalog.name(n)));
            let fields: Value = serde_json::from_str(&detection.fields).unwrap_or(json!({}));
            prop_assert_eq!(&row["fields"], &fields);
            let start = detection.offset as usize;
            let record = record.as_deref().unwrap();
            prop_assert_eq!(&input.as_bytes()[start..start + record.len()], record);
        }
    }

    #[test]
    fn a_search_finds_what_the_query_selects(
        lines in a_log(),
        terms in vec((any::<Index>(), any::<Index>(), 0..9u8, 0..6u8), 1..5),
        step in 1..40u32,
    ) {
        let input = lines.join("\n");
        let mut store = store(input.as_bytes(), &[], Format::Ndjson, true);
        let rows = told(&mut store).2;
        let mut query = String::new();
        for (field, row, how, join) in terms {
            if !query.is_empty() {
                query += if join % 2 == 0 { " OR " } else { " AND " };
            }
            let term = term(&rows, field, row, how);
            query += &if join == 5 { format!("NOT ({term})") } else { term };
        }
        prop_assume!(Query::compile(&query, &Catalog::built_in(), Some(0)).is_ok());
        prop_assert_eq!(found(&store, &query, step), selected(&store, &query), "{}", query);
    }

    #[test]
    fn a_store_without_bytes_finds_the_same(lines in a_log(), word in select(vec!["error", "_exists_:id", "@message:*e*", "@id:x* OR 7", "NOT @status:failed"])) {
        let input = lines.join("\n");
        let kept = store(input.as_bytes(), &[], Format::Ndjson, true);
        let mut asked = store(input.as_bytes(), &[], Format::Ndjson, false);
        let mut search = asked.search(word, Some(0), None).unwrap();
        loop {
            let progress = search.step(&asked, 5);
            if let Some(Slice { start, end, source }) = progress.wants {
                prop_assert_eq!(source, 0);
                search.give().unwrap().copy_from_slice(&input.as_bytes()[start as usize..end as usize]);
                search.given();
            } else if progress.done {
                break;
            }
        }
        prop_assert_eq!(search.found().iter().collect::<Vec<_>>(), found(&kept, word, 1000));
        prop_assert_eq!(asked.counts().kept, 0);
        let (rows, places) = (told(&mut asked).2, told(&mut { kept }).2);
        for (row, other) in rows.as_array().unwrap().iter().zip(places.as_array().unwrap()) {
            prop_assert_eq!((&row["offset"], &row["length"], &row["line"]), (&other["offset"], &other["length"], &other["line"]));
        }
    }

    #[test]
    fn what_is_indexed_later_is_the_same(lines in a_log(), first in 1..9u32, word in select(vec!["error", "@status:failed", "NOT @level:info", "_exists_:@id OR 7"])) {
        let input = lines.join("\n");
        let mut now = store(input.as_bytes(), &[], Format::Ndjson, true);
        let mut later = LogStore::new(&Catalog::built_in(), Format::Ndjson, true, usize::MAX);
        later.index_later();
        later.begin();
        later.push(input.as_bytes()).unwrap();
        later.end().unwrap();
        prop_assert_eq!(later.counts().indexed, 0);
        let expected = told(&mut now);
        loop {
            prop_assert_eq!(&told(&mut later).2, &expected.2);
            prop_assert_eq!(found(&later, word, 5), found(&now, word, 1000));
            if later.index(first).unwrap() {
                break;
            }
        }
        prop_assert_eq!(told(&mut later), expected);
        prop_assert_eq!(later.facet(&later.all(), Field::Type as u8, 99), now.facet(&now.all(), Field::Type as u8, 99));
    }

    #[test]
    fn counts_are_those_of_the_rows(lines in a_log(), field in any::<Index>(), top in 0..5usize) {
        let (field, name) = Field::ALL[field.index(Field::ALL.len())];
        prop_assume!(!matches!(field, Field::Time | Field::Duration | Field::Message));
        let mut store = store(lines.join("\n").as_bytes(), &[], Format::Ndjson, true);
        let rows = told(&mut store).2;
        let mut expected = BTreeMap::<Option<String>, u32>::new();
        let mut long = 0;
        for row in rows.as_array().unwrap() {
            let value = &row["fields"][name];
            let text = value.as_str().map(str::to_owned).or_else(|| (!value.is_null()).then(|| value.to_string()));
            match text {
                Some(text) if text.len() > MAX_TEXT => long += 1,
                text => *expected.entry(text).or_default() += 1,
            }
        }
        let facet = store.facet(&store.all(), field as u8, usize::MAX);
        let mut counted = BTreeMap::<Option<String>, u32>::new();
        for (value, count) in &facet.values {
            // A number and a text may look alike.
            *counted.entry(value.clone()).or_default() += count;
        }
        prop_assert_eq!(&counted, &expected);
        prop_assert_eq!(facet.unindexed, long);
        prop_assert!(facet.values.is_sorted_by_key(|(_, count)| std::cmp::Reverse(*count)));
        prop_assert_eq!(&store.facet(&store.all(), field as u8, top).values[..], &facet.values[..top.min(facet.values.len())]);
        let groups = store.group(&store.all(), &[field as u8], &[50.0], usize::MAX);
        prop_assert_eq!(groups.iter().map(|group| group.count).sum::<u32>(), store.counts().rows);
        for (value, count) in &expected {
            prop_assert_eq!(store.rows_where(field as u8, value.as_deref()).count(), *count);
        }
        let histogram = store.histogram(&store.all(), (None, None), 7, Some((field as u8, top)));
        let within: u32 = histogram.series.iter().flat_map(|series| &series.counts).sum();
        prop_assert_eq!(within + histogram.untimed + histogram.outside, store.counts().rows);
    }

    #[test]
    fn sorted_rows_are_in_order(lines in a_log(), descending in any::<bool>()) {
        let mut store = store(lines.join("\n").as_bytes(), &[], Format::Ndjson, true);
        let rows = told(&mut store).2;
        let all = store.all();
        let keys = (0..Field::ALL.len() as u8).map(SortKey::Field).chain([SortKey::Size, SortKey::Row]);
        for key in keys {
            let sorted = store.sorted(&all, key, descending);
            let mut once = sorted.clone();
            once.sort_unstable();
            prop_assert_eq!(once, all.iter().collect::<Vec<_>>());
        }
        for (field, name) in Field::ALL.into_iter().filter(|(field, _)| store.field_of(*field as u8).is_some()) {
            if matches!(field, Field::Time | Field::Duration) {
                continue;
            }
            let sorted = store.sorted(&all, SortKey::Field(field as u8), descending);
            let cells: Vec<u32> = sorted.iter().map(|row| store.cell(field, *row)).filter(|cell| store.text(field, *cell).is_some()).collect();
            let in_order = |a: &u32, b: &u32| if descending { store.compare(field, *a, *b).is_ge() } else { store.compare(field, *a, *b).is_le() };
            prop_assert!(cells.is_sorted_by(in_order), "{}", name);
        }
        let time = |row: u32| rows[row as usize]["time"].as_f64();
        let sorted = store.sorted(&all, SortKey::Field(Field::Time as u8), descending);
        for pair in sorted.windows(2) {
            match (time(pair[0]), time(pair[1])) {
                (None, some) => prop_assert!(some.is_none() && pair[0] < pair[1]),
                (Some(_), None) => {}
                (Some(one), Some(other)) if one == other => {}
                (Some(one), Some(other)) => prop_assert_eq!(one < other, !descending),
            }
        }
    }
}

#[test]
fn the_platforms_own_samples_are_searched_alike() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples");
    let folder = std::env::var_os("LOGWEIR_SAMPLES").map_or(beside, Into::into);
    let Ok(files) = std::fs::read_dir(&folder) else {
        println!("skipped: no samples in {}", folder.display());
        return;
    };
    for path in files.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "ndjson"))
    {
        let store = store(&std::fs::read(&path).unwrap(), &[], Format::Auto, true);
        assert!(store.counts().rows > 10);
        for query in [
            "*:*",
            "@level:>=warn",
            "@type:workato.job",
            "-@status:*",
            "@status:failed OR recipe",
            "@time:[2023-01-01 TO 2026-03-01]",
            "_exists_:@duration AND @duration:>1",
            "@actor.email:*example*",
            "details.request.ip_address:*",
        ] {
            assert_eq!(found(&store, query, 7), selected(&store, query), "{query}");
        }
    }
}

#[test]
fn runs_and_their_traces() {
    let lines = [
        r#"{"logType":"execution_event","eventType":"created","executionId":"r1","created":"2026-05-01T10:00:00Z"}"#,
        r#"{"logType":"execution_event","eventType":"failed","executionId":"r1","created":"2026-05-01T10:00:09Z"}"#,
        r#"{"logType":"execution_event","eventType":"created","executionId":"r2","created":"2026-05-01T09:00:00Z"}"#,
        r#"{"a":1}"#,
    ];
    let store = store(lines.join("\n").as_bytes(), &[], Format::Ndjson, true);
    let runs = store.runs(&store.all(), 0, usize::MAX);
    assert_eq!(runs.len(), 2, "{runs:?}");
    assert_eq!((runs[0].run.as_str(), runs[0].rows, runs[0].first), ("r2", 1, 2));
    assert_eq!((runs[1].run.as_str(), runs[1].first, runs[1].last), ("r1", 0, 1));
    assert_eq!(runs[1].level.as_deref(), Some("error"));
    assert_eq!(store.trace(0).iter().collect::<Vec<_>>(), [0, 1]);
    assert_eq!(store.trace(3).iter().collect::<Vec<_>>(), [3]);
    assert_eq!(store.same(2, Field::RunId as u8).iter().collect::<Vec<_>>(), [2]);
    assert_eq!(store.runs(&store.all(), 1, 5).len(), 1);
}

#[test]
fn a_full_store_says_so_and_stays() {
    let mut store = LogStore::new(&Catalog::built_in(), Format::Ndjson, true, 5 << 20);
    store.begin();
    let line = [b"{\"a\":\"".as_slice(), &[b'x'; 1 << 20], b"\"}\n"].concat();
    let mut taken = 0;
    while store.push(&line).is_ok() {
        taken += 1;
        assert!(taken < 20);
    }
    assert!(taken >= 3);
    assert_eq!(store.counts().rows, taken);
    assert_eq!(store.record(0).map(<[u8]>::len), Some(line.len() - 1));
    assert_eq!(found(&store, "xxx", 10).len(), taken as usize);
}
