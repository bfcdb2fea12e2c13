//! The block of counters: numbers that JavaScript reads out of memory after each call, without another crossing.

use logweir::{DriftChange, Finding, Pipeline, Quota, Reason, Run};
use serde::Serialize;

/// Numbers at the head of the block: records, kept, filtered, quarantined, bytes in, quarantined by the last call, sampled,
/// and how many numbers follow it that have a place of their own.
const HEAD: usize = 8;
/// Numbers of each route: records, bytes, too large ones, those that sampling left out, and of the last call: address, length, records, bodies.
const PER_ROUTE: usize = 8;
/// Numbers of each event type: records, those of them that are invalid, and differences of each kind. They and those of
/// findings are mostly nought: what is not stands behind the others with its place before it, counted from the block's start.
const PER_EVENT: usize = 2 + DriftChange::ALL.len();

/// The names behind the numbers.
#[derive(Serialize)]
pub(crate) struct Layout {
    /// How many numbers always stand in the block; behind them, the others.
    always: usize,
    length: usize,
    routes: Vec<RouteLayout>,
    rules: Vec<String>,
    reasons: Vec<&'static str>,
    other: [&'static str; 2],
    events: Vec<String>,
    findings: Vec<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RouteLayout {
    name: String,
    to: &'static str,
    content_type: &'static str,
    request: Option<RequestLayout>,
    quota: Quota,
}

#[derive(Serialize)]
struct RequestLayout {
    method: &'static str,
    url: String,
    headers: Vec<(String, String)>,
    gzip: bool,
    sign: Option<(&'static str, String)>,
}

pub(crate) fn layout(pipeline: &Pipeline) -> Layout {
    let routes = pipeline.routes().iter().map(|route| RouteLayout {
        name: route.name.clone(),
        to: route.to.name(),
        content_type: route.to.content_type(),
        quota: route.quota,
        request: route.to.request().map(|request| RequestLayout {
            method: request.method,
            url: request.url.clone(),
            headers: request.headers.clone(),
            gzip: request.gzip,
            sign: request.sign.clone(),
        }),
    });
    let routes: Vec<_> = routes.collect();
    let reasons = Reason::ALL.map(Reason::code).to_vec();
    let events: Vec<String> = pipeline.event_types().map(str::to_owned).collect();
    let findings: Vec<_> = Finding::codes().filter(|_| !events.is_empty()).collect();
    let always = always(pipeline);
    Layout {
        always,
        length: always + PER_EVENT * events.len() + findings.len(),
        routes,
        rules: (0..pipeline.rules()).map(|rule| format!("/redact/{rule}")).collect(),
        reasons,
        other: ["embedded.entered", "embedded.withheld"],
        events,
        findings,
    }
}

fn always(pipeline: &Pipeline) -> usize {
    HEAD + PER_ROUTE * pipeline.routes().len() + 2 * pipeline.rules() + Reason::ALL.len() + 2
}

pub(crate) fn write(run: &Run, block: &mut Vec<f64>) {
    block.clear();
    let counts = run.counts();
    let head = [counts.records, counts.kept, counts.filtered, counts.quarantined, counts.bytes_in];
    block.extend(head.map(|n| n as f64));
    block.extend([run.quarantined().len() as f64, counts.sampled as f64, 0.0]);
    for (number, totals) in run.route_totals().enumerate() {
        let batch = run.output(number);
        let output =
            [batch.bytes.as_ptr() as u64, batch.bytes.len() as u64, batch.records, run.parts(number).len() as u64];
        block.extend(totals.into_iter().chain(output).map(|n| n as f64));
    }
    let (fired, depths, entered, withheld) = run.redactions();
    block.extend(fired.iter().chain(depths).map(|&n| n as f64));
    block.extend(counts.reasons.map(|n| n as f64));
    block.extend([entered as f64, withheld as f64]);
    let always = block.len();
    let mut put = |place: usize, count: u64| {
        if count > 0 {
            block.extend([(always + place) as f64, count as f64]);
        }
    };
    for (number, &(records, invalid)) in run.events().iter().enumerate().filter(|(_, counts)| counts.0 > 0) {
        put(number * PER_EVENT, records);
        put(number * PER_EVENT + 1, invalid);
        for (kind, count) in run.drift_counts().get(number).into_iter().flatten().enumerate() {
            put(number * PER_EVENT + 2 + kind, *count);
        }
    }
    for (code, count) in run.findings().iter().enumerate() {
        put(run.events().len() * PER_EVENT + code, *count);
    }
    let more = block.len() - always;
    if let Some(told) = block.get_mut(HEAD - 1) {
        *told = more as f64;
    }
}
