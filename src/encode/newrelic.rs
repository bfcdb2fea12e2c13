//! New Relic: Log API. <https://docs.newrelic.com/docs/logs/log-api/introduction-log-api/>
//!
//! One array with one object of `logs`; 10^6 bytes a request (said of no form, so kept before and after compression).
//! Nested objects become dotted attributes and arrays are not supported, so the event goes along as text. 255 attributes,
//! a value of at most 128 KB; validation comes after the answer.

use super::contract::*;

pub(super) const CONTRACT: Contract = Contract {
    name: "newrelic",
    options: &[
        ("region", Ask::OneOf(&["us", "eu", "gov"])),
        ("url", Ask::Url),
        ("secret", Ask::Secret),
        ("service", Ask::Template(Wants::Anything)),
        ("logtype", Ask::Template(Wants::Anything)),
        ("gzip", Ask::Flag),
    ],
    content_type: "application/json",
    frame: Frame { open: "[{\"logs\":[", between: ",\n", end: "", close: "]}]\n", lines: false, counted: false },
    limits: Some(Limits { records: 10_000, bytes: 1_000_000, record_bytes: 128 * 1024 }),
    make: Some(make),
};

fn make(options: &Options, made: &mut Made) {
    let url = match options.text("region", "us") {
        "eu" => "https://log-api.eu.newrelic.com/log/v1",
        "gov" => "https://gov-log-api.newrelic.com/log/v1",
        _ => "https://log-api.newrelic.com/log/v1",
    };
    made.post(&[options.text("url", url)]);
    made.header("Api-Key", &[&options.slot("NEW_RELIC_LICENSE_KEY")]);
    made.add(&[
        "{ {{#@time}}\"timestamp\":{{. | epoch_ms}},{{/@time}}\"message\":\"",
        MESSAGE,
        "\",\"attributes\":{\"id\":\"",
        EVENT_ID,
        "\",{{#@level}}\"level\":\"{{.}}\",{{/@level}}",
    ]);
    options.member("service", "service", &mut made.envelope);
    options.member("logtype", "logtype", &mut made.envelope);
    each(&FIELDS, MEMBER, &mut made.envelope);
    made.add(&["\"event\":{{> text}}}}"]);
}
