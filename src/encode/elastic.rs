//! Elasticsearch: bulk. <https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk>
//!
//! Two lines for each record: `create` with an id of ours, which makes a repeat harmless (409), and the document, named
//! by the Elastic Common Schema; the body ends in a line feed. A data stream takes nothing but `create` and wants
//! `@timestamp`. 5 MB a request is what Elastic's own senders aim at.

use super::contract::*;

pub(super) const CONTRACT: Contract = Contract {
    name: "elastic",
    options: &[
        ("url", Ask::NeededBase),
        ("secret", Ask::Secret),
        ("index", Ask::Template(Wants::Index)),
        ("dataset", Ask::Template(Wants::Anything)),
        ("gzip", Ask::Flag),
    ],
    content_type: "application/x-ndjson",
    frame: LINES,
    limits: Some(Limits { records: 5000, bytes: 5_000_000, record_bytes: 5_000_000 }),
    make: Some(make),
};

/// Names of the Elastic Common Schema, version 9.
const ECS: [(&str, &str); 14] = [
    ("service.name", "workflow.name"),
    ("event.action", "operation"),
    ("event.id", "id"),
    ("trace.id", "trace.id"),
    ("organization.id", "org.id"),
    ("user.id", "actor.id"),
    ("user.email", "actor.email"),
    ("client.address", "actor.ip"),
    ("error.type", "error.type"),
    ("error.message", "error.message"),
    ("labels.platform", "platform"),
    ("labels.run_id", "run.id"),
    ("labels.connector", "connector"),
    ("labels.status", "status"),
];

fn make(options: &Options, made: &mut Made) {
    let base = options.text("url", "").trim_end_matches('/');
    made.post(&[base, "/_bulk?filter_path=errors,items.*.status,items.*.error.type"]);
    made.header("Authorization", &["ApiKey ", &options.slot("ELASTIC_API_KEY")]);
    let index = options.json("index", "\"logs-logweir-default\"");
    made.head = ["{\"create\":{\"_index\":", index, ",\"_id\":\"{{log_message_id}}\"}}"].concat();
    made.add(&[
        "{ {{#@time}}\"@timestamp\":\"{{. | iso}}\",{{/@time}}{{^@time}}\"@timestamp\":\"{{now_utc | iso}}\",{{/@time}}\"ecs.version\":\"9.0.0\",\"message\":\"",
        MESSAGE,
        "\",{{#@level}}\"log.level\":\"{{.}}\",{{/@level}}",
    ]);
    named(&ECS, MEMBER, &mut made.envelope);
    made.add(&[
        "\"event.dataset\":",
        options.json("dataset", "\"{{@type | default:logweir}}\""),
        ",\"event.kind\":\"event\",\"logweir\":{{> record}}}",
    ]);
}
