//! Amazon Redshift: `COPY` of objects in S3. <https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-json.html>
//!
//! There is no way in for single rows of logs. An object a line, in S3, whose names in small letters are the columns:
//!
//! ```sql
//! CREATE TABLE logs (id CHAR(32), time TIMESTAMPTZ, platform VARCHAR, type VARCHAR, level VARCHAR, status VARCHAR,
//!   message VARCHAR(65535), org_id VARCHAR, run_id VARCHAR, workflow_id VARCHAR, details SUPER);
//! COPY logs FROM 's3://bucket/prefix' IAM_ROLE '…' FORMAT JSON 'auto' TIMEFORMAT 'auto';
//! ```
//!
//! A row of at most 4 MB. `COPY` tells no repeats apart: load into a table beside, and merge by `id`.

use super::contract::*;
use super::s3::object;

pub(super) const CONTRACT: Contract = Contract {
    name: "redshift",
    options: &[
        ("bucket", Ask::Needed),
        ("region", Ask::Text),
        ("url", Ask::Base),
        ("key", Ask::Template(Wants::Anything)),
        ("gzip", Ask::Flag),
    ],
    limits: Some(Limits { records: 100_000, bytes: 64_000_000, record_bytes: 4_000_000 }),
    make: Some(make),
    ..super::s3::CONTRACT
};

fn make(options: &Options, made: &mut Made) {
    object(options, "logs/dt={{@time | date}}/${batch}.json", made);
    made.add(&["{\"id\":\"{{log_message_id}}\",{{#@time}}\"time\":\"{{. | iso}}\",{{/@time}}"]);
    named(
        &[
            ("platform", "platform"),
            ("type", "type"),
            ("level", "level"),
            ("status", "status"),
            ("org_id", "org.id"),
            ("run_id", "run.id"),
            ("workflow_id", "workflow.id"),
        ],
        MEMBER,
        &mut made.envelope,
    );
    made.add(&["\"message\":\"", MESSAGE, "\",\"details\":{{> record}}}"]);
}
