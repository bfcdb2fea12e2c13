//! The core natively: MB/s of each stage over a corpus file, as a line of JSON for `run.mjs`.
//!
//! `cargo bench --features _probe --bench native -- --file F.ndjson --policy P.json [--stage NAME]`

use std::hint::black_box;
use std::time::{Duration, Instant};

use logweir::{Pipeline, probe::Probe};

const CHUNK: usize = 256 << 10;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let option = |name: &str| args.iter().position(|a| a == name).and_then(|i| args.get(i + 1));
    let (Some(file), Some(policy)) = (option("--file"), option("--policy")) else {
        println!("skipped: needs --file and --policy (npm run bench gives them)");
        return;
    };
    let input = std::fs::read(file).expect("the corpus");
    let policy = std::fs::read_to_string(policy).expect("the policy");
    let chunks = whole_lines(&input);
    let pipeline = Pipeline::compile(&policy).expect("a policy in order");

    let mut probe = Probe::default();
    let mut run = pipeline.run();
    let only = option("--stage");
    let stage = |name: &str, work: &mut dyn FnMut(&[u8])| {
        if only.is_some_and(|only| only != name) {
            return;
        }
        let rate = rate(&chunks, input.len(), work);
        println!("{{\"stage\":\"{name}\",\"mbps\":{rate:.1}}}");
    };
    stage("scan", &mut |chunk| {
        probe.input(chunk.len()).copy_from_slice(chunk);
        black_box(probe.scan(chunk.len()));
    });
    stage("check", &mut |chunk| {
        probe.input(chunk.len()).copy_from_slice(chunk);
        assert_ne!(black_box(probe.check(chunk.len())), 0);
    });
    stage("tape", &mut |chunk| {
        probe.input(chunk.len()).copy_from_slice(chunk);
        assert_ne!(black_box(probe.tape(chunk.len())), 0);
    });
    stage("detect", &mut |chunk| {
        probe.input(chunk.len()).copy_from_slice(chunk);
        black_box(probe.detect(chunk.len()));
    });
    stage("pipeline", &mut |chunk| {
        run.push(chunk);
        black_box(run.output(0));
    });
    run.end();
    let report = run.report();
    assert_eq!(report.records, report.kept, "every record of the corpus is valid");
}

/// The input in pieces of about [`CHUNK`] bytes, cut after line feeds.
fn whole_lines(mut input: &[u8]) -> Vec<&[u8]> {
    let mut chunks = Vec::new();
    while !input.is_empty() {
        let near = &input[..CHUNK.min(input.len())];
        let end = near.iter().rposition(|&b| b == b'\n').map_or(near.len(), |i| i + 1);
        let (chunk, rest) = input.split_at(end);
        chunks.push(chunk);
        input = rest;
    }
    chunks
}

/// Megabytes a second: median over rounds of at least 100 ms.
fn rate(chunks: &[&[u8]], bytes: usize, work: &mut dyn FnMut(&[u8])) -> f64 {
    let mut rates: Vec<f64> = (0..9)
        .map(|_| {
            let (start, mut passes) = (Instant::now(), 0);
            while start.elapsed() < Duration::from_millis(100) {
                chunks.iter().for_each(|chunk| work(chunk));
                passes += 1;
            }
            bytes as f64 * f64::from(passes) / start.elapsed().as_secs_f64() / 1e6
        })
        .collect();
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}
