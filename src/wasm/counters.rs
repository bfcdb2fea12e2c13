//! The block of counters: numbers that JavaScript reads out of memory after each call, without another crossing.

use logweir::{Pipeline, Quota, Reason, Run};
use serde::Serialize;

/// Numbers at the head of the block: records, kept, filtered, quarantined, bytes in, quarantined by the last call, sampled.
const HEAD: usize = 7;
/// Numbers of each route: records, bytes, too large ones, those that sampling left out, and of the last call: address, length, records, bodies.
const PER_ROUTE: usize = 8;
/// Numbers of each event type: records, and those of them that are invalid.
const PER_EVENT: usize = 2;

/// The names behind the numbers.
#[derive(Serialize)]
pub(crate) struct Layout {
    length: usize,
    routes: Vec<RouteLayout>,
    rules: Vec<String>,
    reasons: Vec<&'static str>,
    other: [&'static str; 2],
    events: Vec<String>,
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
    Layout {
        length: HEAD + PER_ROUTE * routes.len() + 2 * pipeline.rules() + reasons.len() + 2 + PER_EVENT * events.len(),
        routes,
        rules: (0..pipeline.rules()).map(|rule| format!("/redact/{rule}")).collect(),
        reasons,
        other: ["embedded.entered", "embedded.withheld"],
        events,
    }
}

pub(crate) fn write(run: &Run, block: &mut Vec<f64>) {
    block.clear();
    let counts = run.counts();
    let head = [counts.records, counts.kept, counts.filtered, counts.quarantined, counts.bytes_in];
    block.extend(head.map(|n| n as f64));
    block.extend([run.quarantined().len() as f64, counts.sampled as f64]);
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
    block.extend(run.events().iter().flat_map(|&(records, invalid)| [records as f64, invalid as f64]));
}
