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

fn make(options: &Options, made: &mut Made) {
    let (frame, content_type) = match options.text("batch", "ndjson") {
        "json" => (ARRAY, "application/json"),
        "single" => (SINGLE, "application/json"),
        _ => (LINES, "application/x-ndjson"),
    };
    request(options, made);
    (made.frame, made.content_type) = (Some(frame), Some(content_type));
}

/// Address and headers as the options have them.
pub(super) fn request(options: &Options, made: &mut Made) {
    made.post(&[options.text("url", "")]);
    if options.text("method", "POST") == "PUT" {
        made.request.method = "PUT";
    }
    for pair in options.texts("headers").chunks_exact(2) {
        made.header(&pair[0], &[&pair[1]]);
    }
}
