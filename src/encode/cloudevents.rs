//! CloudEvents 1.0 over HTTP, in batches. <https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/http-protocol-binding.md>
//!
//! `source` and `id` are the identity, so a repeat can be told. Extensions have small letters and digits in their names
//! and plain values.

use super::contract::*;

pub(super) const CONTRACT: Contract = Contract {
    name: "cloudevents",
    options: &[
        ("url", Ask::NeededUrl),
        ("headers", Ask::Headers),
        ("source", Ask::Template(Wants::Something)),
        ("batch", Ask::Flag),
        ("gzip", Ask::Flag),
    ],
    content_type: "application/cloudevents-batch+json",
    frame: ARRAY,
    limits: Some(Limits { records: 1000, bytes: 1_000_000, record_bytes: 1_000_000 }),
    make: Some(make),
};

fn make(options: &Options, made: &mut Made) {
    super::http::request(options, made);
    let source = options.json("source", "\"/logweir/{{@platform | default:unknown}}\"");
    made.add(&[
        "{\"specversion\":\"1.0\",\"id\":\"{{log_message_id}}\",\"source\":",
        source,
        ",\"type\":\"{{@type | default:unknown}}\",{{#@time}}\"time\":\"{{. | iso}}\",{{/@time}}{{#@level}}\"severitytext\":\"{{.}}\",{{/@level}}{{#@run.id}}\"subject\":\"{{.}}\",{{/@run.id}}\"datacontenttype\":\"application/json\",\"data\":{{> record}}}",
    ]);
    if options.text("batch", "true") == "false" {
        made.frame = Some(super::http::SINGLE);
        made.content_type = Some("application/cloudevents+json; charset=utf-8");
    }
}
