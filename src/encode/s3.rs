//! Amazon S3, and what speaks like it: PutObject. <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html>
//!
//! An object of records, a line each, under a key that its own bytes are part of (`${batch}`): with `If-None-Match: *` a
//! repeat is answered by 412 and nothing is stored twice. Records of different keys go into different objects. The
//! content is gzip without a header that says so, since clients would undo it unasked; the key's ending says it.
//!
//! `layout` names objects as Workato does (*Activity audit log file details and sample data*), a record each:
//! `user_id/jobs/recipe_id/YYYYMMDD/job_id/user_id-recipe_id-job_id-YYYYMMDDHHMMSS-status.json`, or with `YYYYMMDD` in the
//! name, as its example has it; here in UTC, of the end of the job. What is no job has a digest in its id, so that no two
//! events are one object; a job that comes again is.

use super::contract::*;

pub(super) const CONTRACT: Contract = Contract {
    name: "s3",
    options: &[
        ("bucket", Ask::Needed),
        ("region", Ask::Text),
        ("url", Ask::Base),
        ("key", Ask::Template(Wants::Anything)),
        ("layout", Ask::OneOf(&["workato", "workato-day"])),
        ("gzip", Ask::Flag),
    ],
    content_type: "application/x-ndjson",
    frame: LINES,
    limits: Some(Limits { records: 100_000, bytes: 64_000_000, record_bytes: 50_000_000 }),
    make: Some(make),
};

fn make(options: &Options, made: &mut Made) {
    object(options, "{{@platform | default:unknown}}/dt={{@time | date}}/${batch}.ndjson", made);
    if options.has("key") || !options.has("layout") {
        return;
    }
    let form = if options.text("layout", "") == "workato" { "yyyymmddhhmmss" } else { "yyyymmdd" };
    let path = WORKATO.replace("JOB", JOB).replace("DAY", TIME).replace("FORM", "yyyymmdd");
    let end = if options.text("gzip", "") == "true" { ".json.gz" } else { ".json" };
    made.key = [&path, &TIME.replace("FORM", form), "-{{@status | default:unknown}}", end].concat();
    (made.frame, made.content_type) = (Some(super::http::SINGLE), Some("application/json"));
}

const WORKATO: &str = "{{context.user_id | default:unknown}}/jobs/{{@workflow.id | default:unknown}}/DAY/JOB/{{context.user_id | default:unknown}}-{{@workflow.id | default:unknown}}-JOB-";
const TIME: &str = "{{#@time}}{{. | FORM}}{{/@time}}{{^@time}}undated{{/@time}}";
/// The id of a job, which alone has all three; else with a digest. Steps that were [split](super::oversize) from a job
/// are objects beside it.
const JOB: &str = "{{@run.id | default:event}}{{#@run.id}}{{#flow_id}}{{^started_at}}-{{log_message_id}}{{/started_at}}{{/flow_id}}{{^flow_id}}-{{log_message_id}}{{/flow_id}}{{/@run.id}}{{^@run.id}}-{{log_message_id}}{{/@run.id}}{{#part.step}}-{{.}}{{/part.step}}";

/// A put of an object whose key is what this says, if the options do not.
pub(super) fn object(options: &Options, usual: &str, made: &mut Made) {
    let (bucket, region) = (options.text("bucket", ""), options.text("region", "us-east-1"));
    match options.text("url", "") {
        "" => made.post(&["https://", bucket, ".s3.", region, ".amazonaws.com/${key}"]),
        base => made.post(&[base.trim_end_matches('/'), "/", bucket, "/${key}"]),
    }
    made.request.method = "PUT";
    made.request.sign = Some(("s3", region.to_owned()));
    made.header("If-None-Match", &["*"]);
    made.key.push_str(options.text("key", usual));
    let key = &mut made.key;
    if !key.contains("${batch}") {
        // Two batches never have the same key: what came first would be lost, or what comes later.
        let dot = key.rfind('.').filter(|dot| !key[*dot..].contains(['/', '}'])).unwrap_or(key.len());
        key.insert_str(dot, "-${batch}");
    }
    if options.text("gzip", "") == "true" && !key.ends_with(".gz") {
        key.push_str(".gz");
    }
}
