//! Amazon S3, and what speaks like it: PutObject. <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html>
//!
//! An object of records, a line each, under a key that its own bytes are part of (`${batch}`): with `If-None-Match: *` a
//! repeat is answered by 412 and nothing is stored twice. Records of different keys go into different objects. The
//! content is gzip without a header that says so, since clients would undo it unasked; the key's ending says it.

use super::contract::*;

pub(super) const CONTRACT: Contract = Contract {
    name: "s3",
    options: &[
        ("bucket", Ask::Needed),
        ("region", Ask::Text),
        ("url", Ask::Url),
        ("key", Ask::Template),
        ("gzip", Ask::Flag),
    ],
    content_type: "application/x-ndjson",
    frame: LINES,
    limits: Some(Limits { records: 100_000, bytes: 64_000_000, record_bytes: 50_000_000 }),
    make: Some(make),
};

fn make(options: &Options) -> Made {
    object(options, "{{@platform | default:unknown}}/dt={{@time | date}}/${batch}.ndjson")
}

/// A put of an object whose key is what this says, if the options do not.
pub(super) fn object(options: &Options, usual: &str) -> Made {
    let (bucket, region) = (options.text("bucket", ""), options.text("region", "us-east-1"));
    let url = match options.text("url", "") {
        "" => ["https://", bucket, ".s3.", region, ".amazonaws.com/${key}"].concat(),
        base => [base.trim_end_matches('/'), "/", bucket, "/${key}"].concat(),
    };
    let mut key = options.text("key", usual).to_owned();
    if !key.contains("${batch}") {
        // Two batches never have the same key: what came first would be lost, or what comes later.
        let dot = key.rfind('.').filter(|dot| !key[*dot..].contains(['/', '}'])).unwrap_or(key.len());
        key.insert_str(dot, "-${batch}");
    }
    if options.text("gzip", "") == "true" && !key.ends_with(".gz") {
        key.push_str(".gz");
    }
    Made {
        request: Request {
            method: "PUT",
            url,
            headers: vec![("If-None-Match".to_owned(), "*".to_owned())],
            sign: Some(("s3", region.to_owned())),
            ..Request::default()
        },
        key,
        ..Made::default()
    }
}
