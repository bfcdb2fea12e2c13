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
        ("secret", Ask::Text),
        ("service", Ask::Template),
        ("source", Ask::Template),
        ("hostname", Ask::Template),
        ("tags", Ask::Templates),
        ("gzip", Ask::Flag),
    ],
    content_type: "application/json",
    frame: ARRAY,
    limits: Some(Limits { records: 1000, bytes: 5_000_000, record_bytes: 1_000_000 }),
    make: Some(make),
};

fn make(options: &Options) -> Made {
    let host = ["https://http-intake.logs.", options.text("site", "datadoghq.com"), "/api/v2/logs"].concat();
    let mut envelope = ["{\"ddsource\":", options.json("source", "\"{{@platform | default:logweir}}\""), ","].concat();
    options.member("service", "service", &mut envelope);
    options.member("hostname", "hostname", &mut envelope);
    options.member("tags", "ddtags", &mut envelope);
    envelope.push_str(
        "{{#@level}}\"status\":\"{{.}}\",{{/@level}}{{#@time}}\"timestamp\":{{. | epoch_ms}},{{/@time}}\"message\":\"",
    );
    envelope.push_str(MESSAGE);
    // Names that Datadog gives to these attributes.
    envelope.push_str("\",\"usr\":{ ");
    named(&[("id", "actor.id"), ("email", "actor.email")], MEMBER, &mut envelope);
    envelope.push_str("},\"error\":{ ");
    named(&[("kind", "error.type"), ("message", "error.message")], MEMBER, &mut envelope);
    envelope.push_str("},{{#@duration}}\"duration_s\":{{.}},{{/@duration}}\"logweir\":{ ");
    each(&FIELDS[..19], MEMBER, &mut envelope);
    envelope.push_str("},\"event\":{{> record}}}");
    Made {
        request: Request {
            method: "POST",
            url: options.text("url", &host).to_owned(),
            headers: vec![("DD-API-KEY".to_owned(), options.slot("DD_API_KEY"))],
            ..Request::default()
        },
        envelope,
        ..Made::default()
    }
}
