//! MB/s from bytes to verdicts, as lines of JSON for `schema.mjs`: `native-schema WORKLOAD.json [STAGE [SECONDS]]`.
//!
//! The workload: `{ "formats": false, "parts": [{ "schema": {}, "lines": ["{}"] }] }`. With a stage only that one runs,
//! for a profiler.

use std::hint::black_box;
use std::time::{Duration, Instant};

use logweir::{Format, Schema, SchemaOptions, Validator, probe::Probe};
use serde_json::Value;

const CHUNK: usize = 256 << 10;
const ROUNDS: usize = 7;

struct Part {
    lines: Vec<String>,
    /// The lines again, in pieces of about [`CHUNK`] bytes.
    chunks: Vec<String>,
    ours: Validator,
    theirs: jsonschema::Validator,
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let text = std::fs::read_to_string(args.get(1).expect("a workload")).expect("the workload");
    let workload: Value = serde_json::from_str(&text).expect("JSON");
    let formats = workload["formats"] == true;
    let parts = workload["parts"].as_array().expect("parts");
    let mut parts: Vec<Part> = parts.iter().map(|part| read(part, formats)).collect();
    let bytes: usize = parts.iter().flat_map(|part| &part.chunks).map(String::len).sum();

    for part in &mut parts {
        for line in &part.lines {
            assert!(is_valid(&mut part.ours, line), "ours refuses a sound document");
            assert!(part.theirs.is_valid(&serde_json::from_str(line).expect("JSON")), "theirs refuses one");
        }
    }

    let mut probe = Probe::default();
    let mut tape = |part: &mut Part| {
        for chunk in &part.chunks {
            probe.input(chunk.len()).copy_from_slice(chunk.as_bytes());
            black_box(probe.tape(chunk.len()));
        }
    };
    let mut run = |part: &mut Part| {
        part.ours.begin(Format::Ndjson);
        for chunk in &part.chunks {
            part.ours.push(chunk.as_bytes());
            black_box(part.ours.verdicts());
        }
    };
    let mut single = |part: &mut Part| {
        for line in &part.lines {
            black_box(is_valid(&mut part.ours, line));
        }
    };
    let mut parse = |part: &mut Part| {
        for line in &part.lines {
            black_box(serde_json::from_slice::<Value>(line.as_bytes()).ok());
        }
    };
    let mut theirs = |part: &mut Part| {
        for line in &part.lines {
            let value = serde_json::from_slice(line.as_bytes());
            black_box(value.is_ok_and(|value| part.theirs.is_valid(&value)));
        }
    };
    let mut stages: [(&str, &mut dyn FnMut(&mut Part)); 5] = [
        ("scan + tape", &mut tape),
        ("scan + tape + check (run)", &mut run),
        ("is_valid, one document per call", &mut single),
        ("serde_json", &mut parse),
        ("serde_json + jsonschema", &mut theirs),
    ];
    if let Some((name, work)) = args.get(2).and_then(|only| stages.iter_mut().find(|(name, _)| name == only)) {
        let seconds = args.get(3).and_then(|text| text.parse().ok()).unwrap_or(5);
        println!("{name}: {:.0} MB/s", rate(&mut parts, bytes, Duration::from_secs(seconds), work));
        return;
    }
    // One after the other in each round: what disturbs one disturbs its neighbours.
    let mut rates = vec![Vec::new(); stages.len()];
    for _ in 0..ROUNDS {
        for ((_, work), rates) in stages.iter_mut().zip(&mut rates) {
            rates.push(rate(&mut parts, bytes, Duration::from_millis(100), work));
        }
    }
    for ((name, _), mut rates) in stages.into_iter().zip(rates) {
        rates.sort_by(f64::total_cmp);
        println!("{{\"stage\":\"{name}\",\"mbps\":{:.1}}}", rates[ROUNDS / 2]);
    }
}

fn read(part: &Value, formats: bool) -> Part {
    let options = SchemaOptions { assert_formats: formats, ..SchemaOptions::default() };
    let schema = Schema::compile(&part["schema"].to_string(), &options).expect("a schema in order");
    let mut ours = Validator::new(&schema);
    ours.tell_findings(0);
    let lines: Vec<String> =
        part["lines"].as_array().expect("lines").iter().map(|line| line.as_str().expect("text").to_owned()).collect();
    let mut chunks = vec![String::new()];
    for line in &lines {
        if chunks.last().is_some_and(|chunk| chunk.len() >= CHUNK) {
            chunks.push(String::new());
        }
        if let Some(chunk) = chunks.last_mut() {
            chunk.push_str(line);
            chunk.push('\n');
        }
    }
    let theirs = jsonschema::options().should_validate_formats(formats).build(&part["schema"]).expect("a schema");
    Part { lines, chunks, ours, theirs }
}

fn is_valid(validator: &mut Validator, line: &str) -> bool {
    validator.input(line.len()).copy_from_slice(line.as_bytes());
    validator.is_valid(line.len())
}

/// Megabytes a second.
fn rate(parts: &mut [Part], bytes: usize, time: Duration, work: &mut dyn FnMut(&mut Part)) -> f64 {
    let (start, mut passes) = (Instant::now(), 0);
    while start.elapsed() < time {
        parts.iter_mut().for_each(&mut *work);
        passes += 1;
    }
    bytes as f64 * f64::from(passes) / start.elapsed().as_secs_f64() / 1e6
}
