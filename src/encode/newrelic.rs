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
        ("secret", Ask::Text),
        ("service", Ask::Template),
        ("logtype", Ask::Template),
        ("gzip", Ask::Flag),
    ],
    content_type: "application/json",
    frame: Frame { open: "[{\"logs\":[", between: ",\n", end: "", close: "]}]\n", lines: false, counted: false },
    limits: Some(Limits { records: 10_000, bytes: 1_000_000, record_bytes: 128 * 1024 }),
    make: Some(make),
};

fn make(options: &Options) -> Made {
    let url = match options.text("region", "us") {
        "eu" => "https://log-api.eu.newrelic.com/log/v1",
        "gov" => "https://gov-log-api.newrelic.com/log/v1",
        _ => "https://log-api.newrelic.com/log/v1",
    };
    let mut envelope = "{ {{#@time}}\"timestamp\":{{. | epoch_ms}},{{/@time}}\"message\":\"".to_owned();
    envelope.push_str(MESSAGE);
    envelope.push_str("\",\"attributes\":{ {{#@level}}\"level\":\"{{.}}\",{{/@level}}");
    options.member("service", "service", &mut envelope);
    options.member("logtype", "logtype", &mut envelope);
    each(&FIELDS, MEMBER, &mut envelope);
    envelope.push_str("\"event\":{{> text}}}}");
    Made {
        request: Request {
            method: "POST",
            url: options.text("url", url).to_owned(),
            headers: vec![("Api-Key".to_owned(), options.slot("NEW_RELIC_LICENSE_KEY"))],
            ..Request::default()
        },
        envelope,
        ..Made::default()
    }
}
