//! Any HTTPS endpoint: the records as they are, or as the route's template makes them.
//!
//! `batch` says how: a line each (`ndjson`), one array (`json`), or a request for each (`single`).

use super::contract::*;

pub(super) const CONTRACT: Contract = Contract {
    name: "http",
    options: &[
        ("url", Ask::NeededUrl),
        ("method", Ask::OneOf(&["POST", "PUT"])),
        ("headers", Ask::Headers),
        ("batch", Ask::OneOf(&["ndjson", "json", "single"])),
        ("gzip", Ask::Flag),
    ],
    content_type: "application/x-ndjson",
    frame: LINES,
    limits: Some(Limits { records: 10_000, bytes: 1_000_000, record_bytes: 1_000_000 }),
    make: Some(make),
};

/// A request for each record.
pub(super) const SINGLE: Frame = Frame { open: "", between: "", end: "", close: "", lines: true, counted: false };

fn make(options: &Options) -> Made {
    let (frame, content_type) = match options.text("batch", "ndjson") {
        "json" => (ARRAY, "application/json"),
        "single" => (SINGLE, "application/json"),
        _ => (LINES, "application/x-ndjson"),
    };
    Made { request: request(options), frame: Some(frame), content_type: Some(content_type), ..Made::default() }
}

pub(super) fn request(options: &Options) -> Request {
    let headers = options.texts("headers").chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone()));
    Request {
        method: if options.text("method", "POST") == "PUT" { "PUT" } else { "POST" },
        url: options.text("url", "").to_owned(),
        headers: headers.collect(),
        ..Request::default()
    }
}
