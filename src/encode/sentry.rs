//! Sentry: structured logs in an envelope. <https://develop.sentry.dev/sdk/telemetry/logs/>
//!
//! A line for the envelope, a line for its one item with the number of its logs, and the logs: at most 100, each at most
//! 1 MB. Each needs a trace id: without one of its own it is made of the record. The key of a DSN is public.

use super::contract::*;

pub(super) const CONTRACT: Contract = Contract {
    name: "sentry",
    options: &[
        ("dsn", Ask::Dsn),
        ("environment", Ask::Template(Wants::Anything)),
        ("release", Ask::Template(Wants::Anything)),
        ("gzip", Ask::Flag),
    ],
    content_type: "application/x-sentry-envelope",
    frame: Frame {
        open: "{}\n{\"type\":\"log\",\"item_count\":   ,\"content_type\":\"application/vnd.sentry.items.log+json\"}\n{\"items\":[",
        between: ",",
        end: "",
        close: "]}\n",
        lines: true,
        counted: true,
    },
    limits: Some(Limits { records: 100, bytes: 20_000_000, record_bytes: 1_000_000 }),
    make: Some(make),
};

fn make(options: &Options, made: &mut Made) {
    let [scheme, key, host, project] = dsn(options.text("dsn", "")).unwrap_or_default();
    made.post(&[scheme, "://", host, "/api/", project, "/envelope/"]);
    made.header("X-Sentry-Auth", &["Sentry sentry_version=7, sentry_client=logweir/1, sentry_key=", key]);
    made.add(&[
        "{ {{#@time}}\"timestamp\":{{. | epoch_s}},{{/@time}}{{^@time}}\"timestamp\":{{now_utc | epoch_s}},{{/@time}}{{#@trace.id | trace_id}}\"trace_id\":\"{{.}}\",{{/@trace.id}}{{^@trace.id | trace_id}}\"trace_id\":\"{{log_message_id}}\",{{/@trace.id}}\"level\":\"{{@level | default:info}}\",\"body\":\"",
        MESSAGE,
        "\",\"attributes\":{\"id\":{\"value\":\"",
        EVENT_ID,
        "\",\"type\":\"string\"},",
    ]);
    for (option, name) in [("environment", "sentry.environment"), ("release", "sentry.release")] {
        if options.has(option) {
            made.add(&["\"", name, "\":{\"value\":", options.json(option, ""), ",\"type\":\"string\"},"]);
        }
    }
    each(&FIELDS, ("\"", "\":{\"value\":\"", "\",\"type\":\"string\"}"), &mut made.envelope);
    made.add(&["\"event\":{\"value\":{{> text}},\"type\":\"string\"}}}"]);
}

/// Scheme, key, host and project of `https://KEY@HOST/PROJECT`; a path may stand before the project.
pub(crate) fn dsn(text: &str) -> Option<[&str; 4]> {
    let (scheme, rest) = text.split_once("://").filter(|(scheme, _)| matches!(*scheme, "https" | "http"))?;
    let (key, place) = rest.split_once('@')?;
    let (host, project) = place.rsplit_once('/')?;
    let is_word = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let is_host = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_:/[]".contains(&b));
    (is_word(key) && is_word(project) && is_host).then_some([scheme, key, host, project])
}
