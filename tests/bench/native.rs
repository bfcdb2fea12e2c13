//! The core natively: MB/s of each stage over a corpus file, as a line of JSON for `run.mjs`.
//!
//! `cargo bench --features _probe,store --bench native -- --file F.ndjson --policy P.json [--stage NAME]… [--rounds N]`
//! With `--passes N` the named stages make so many passes and nothing is timed: for profilers.
//!
//! All stages run in turn, round by round; a figure is the median of the rounds. `of_tape` is the median of the rounds'
//! ratios of the time that the stage took to that of the stage `tape`: 1.08 for `detect` is a twelfth for the event type.

use std::hint::black_box;
use std::time::{Duration, Instant};

use logweir::{Catalog, Format, LogStore, Pipeline, probe::Probe};

const CHUNK: usize = 256 << 10;

type Stage<'s> = (&'s str, Box<dyn FnMut(&[u8]) + 's>);

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let option = |name: &str| args.iter().position(|a| a == name).and_then(|i| args.get(i + 1));
    let (Some(file), Some(policy)) = (option("--file"), option("--policy")) else {
        println!("skipped: needs --file and --policy (npm run bench gives them)");
        return;
    };
    let input = std::fs::read(file).expect("the corpus");
    let policy = std::fs::read_to_string(policy).expect("the policy");
    let rounds = option("--rounds").map_or(9, |n| n.parse().expect("a number"));
    let only: Vec<&String> = args.windows(2).filter(|a| a[0] == "--stage").map(|a| &a[1]).collect();
    let chunks = whole_lines(&input);
    let pipeline = Pipeline::compile(&policy).expect("a policy in order");
    let mut run = pipeline.run();

    let mut stages: Vec<Stage<'_>> = [
        ("scan", Probe::scan as fn(&mut Probe, usize) -> usize),
        ("check", Probe::check),
        ("tape", Probe::tape),
        ("detect", Probe::detect),
        ("detect_alone", Probe::detect_alone),
    ]
    .map(|(name, work)| -> Stage<'_> {
        let mut probe = Probe::default();
        let pass = move |chunk: &[u8]| {
            probe.input(chunk.len()).copy_from_slice(chunk);
            assert_ne!(black_box(work(&mut probe, chunk.len())), 0);
        };
        (name, Box::new(pass))
    })
    .into();
    stages.push((
        "pipeline",
        Box::new(|chunk| {
            run.push(chunk);
            black_box(run.output(0));
        }),
    ));
    // A log in memory, put into the index as it comes, or all of it in the end.
    for (name, later) in [("store", false), ("store_later", true)] {
        let (catalog, whole) = (Catalog::built_in(), input.len() as u64);
        let fresh = move || {
            let mut store = LogStore::new(&catalog, Format::Ndjson, true, usize::MAX);
            if later {
                store.index_later();
            }
            store.begin();
            store
        };
        let mut store = fresh();
        stages.push((
            name,
            Box::new(move |chunk| {
                store.push(chunk).expect("memory");
                if store.counts().bytes == whole {
                    while !store.index(u32::MAX).expect("memory") {}
                    store = fresh();
                }
            }),
        ));
    }
    if let Some(passes) = option("--passes") {
        let stages = stages.iter_mut().filter(|(name, _)| only.iter().any(|only| only == name));
        for (_, work) in stages {
            (0..passes.parse().expect("a number")).for_each(|_| chunks.iter().for_each(|chunk| work(chunk)));
        }
        return;
    }
    stages.retain(|(name, _)| *name == "tape" || only.is_empty() || only.iter().any(|only| only == name));

    let mut times: Vec<Vec<f64>> = vec![Vec::new(); stages.len()];
    for _ in 0..rounds {
        for ((_, work), times) in stages.iter_mut().zip(&mut times) {
            times.push(seconds(&chunks, work));
        }
    }
    let tape = stages.iter().position(|(name, _)| *name == "tape").map(|i| times[i].clone()).unwrap_or_default();
    for ((name, _), times) in stages.iter().zip(&times) {
        let rate = input.len() as f64 / median(times) / 1e6;
        let ratios: Vec<f64> = times.iter().zip(&tape).map(|(time, tape)| time / tape).collect();
        println!("{{\"stage\":\"{name}\",\"mbps\":{rate:.1},\"of_tape\":{:.3}}}", median(&ratios));
    }
    drop(stages);
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

/// How long a pass takes, of passes for at least 50 ms.
fn seconds(chunks: &[&[u8]], work: &mut dyn FnMut(&[u8])) -> f64 {
    let (start, mut passes) = (Instant::now(), 0);
    while start.elapsed() < Duration::from_millis(50) {
        chunks.iter().for_each(|chunk| work(chunk));
        passes += 1;
    }
    start.elapsed().as_secs_f64() / f64::from(passes)
}

fn median(of: &[f64]) -> f64 {
    let mut of = of.to_vec();
    of.sort_by(f64::total_cmp);
    of.get(of.len() / 2).copied().unwrap_or_default()
}
