//! Datadog: Send Logs, version 2. <https://docs.datadoghq.com/api/latest/logs/send-logs/>
//!
//! An array of at most 1000 items in at most 5 MB uncompressed; an item over 1 MB is cut off although the answer is 2xx,
//! so none is sent. `message` has to be a string, `ddtags` is one string, `timestamp` epoch milliseconds; `status` is the
//! severity. There is no idempotency.

use super::contract::*;

pub(super) const CONTRACT: Contract = Contract {
    name: "datadog",
    options: &[
        ("site", Ask::Text),
        ("url", Ask::Url),
        ("secret", Ask::Secret),
        ("service", Ask::Template(Wants::Anything)),
        ("source", Ask::Template(Wants::Anything)),
        ("hostname", Ask::Template(Wants::Anything)),
        ("tags", Ask::Tags),
        ("gzip", Ask::Flag),
    ],
    content_type: "application/json",
    frame: ARRAY,
    limits: Some(Limits { records: 1000, bytes: 5_000_000, record_bytes: 1_000_000 }),
    make: Some(make),
};

fn make(options: &Options, made: &mut Made) {
    made.post(&["https://http-intake.logs.", options.text("site", "datadoghq.com"), "/api/v2/logs"]);
    if options.has("url") {
        made.post(&[options.text("url", "")]);
    }
    made.header("DD-API-KEY", &[&options.slot("DD_API_KEY")]);
    made.add(&["{\"ddsource\":", options.json("source", "\"{{@platform | default:logweir}}\""), ","]);
    options.member("service", "service", &mut made.envelope);
    options.member("hostname", "hostname", &mut made.envelope);
    options.member("tags", "ddtags", &mut made.envelope);
    made.add(&[
        "{{#@level}}\"status\":\"{{.}}\",{{/@level}}{{#@time}}\"timestamp\":{{. | epoch_ms}},{{/@time}}\"message\":\"",
        MESSAGE,
        // Names that Datadog gives to these attributes.
        "\",\"usr\":{ ",
    ]);
    named(&[("id", "actor.id"), ("email", "actor.email")], MEMBER, &mut made.envelope);
    made.add(&["},\"error\":{ "]);
    named(&[("kind", "error.type"), ("message", "error.message")], MEMBER, &mut made.envelope);
    made.add(&["},{{#@duration}}\"duration_s\":{{.}},{{/@duration}}\"logweir\":{\"id\":\"", EVENT_ID, "\","]);
    each(&FIELDS[..18], MEMBER, &mut made.envelope);
    made.add(&["},\"event\":{{> record}}}"]);
}
