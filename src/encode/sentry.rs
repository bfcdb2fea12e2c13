//! Sentry: structured logs in an envelope. <https://develop.sentry.dev/sdk/telemetry/logs/>
//!
//! A line for the envelope, a line for its one item with the number of its logs, and the logs: at most 100, each at most
//! 1 MB. Each needs a trace id, here made of the record as its id is. The key of a DSN is public.

use super::contract::*;

pub(super) const CONTRACT: Contract = Contract {
    name: "sentry",
    options: &[("dsn", Ask::Needed), ("environment", Ask::Template), ("release", Ask::Template), ("gzip", Ask::Flag)],
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

fn make(options: &Options) -> Made {
    // https://KEY@HOST/PROJECT
    let dsn = options.text("dsn", "");
    let (scheme, rest) = dsn.split_once("://").unwrap_or(("https", dsn));
    let (key, place) = rest.split_once('@').unwrap_or_default();
    let (host, project) = place.rsplit_once('/').unwrap_or_default();
    let auth = ["Sentry sentry_version=7, sentry_client=logweir/1, sentry_key=", key].concat();
    let mut envelope = String::from(
        "{ {{#@time}}\"timestamp\":{{. | epoch_s}},{{/@time}}{{^@time}}\"timestamp\":{{now_utc | epoch_s}},{{/@time}}\"trace_id\":\"{{log_message_id}}\",\"level\":\"{{@level | default:info}}\",\"body\":\"",
    );
    envelope.push_str(MESSAGE);
    envelope.push_str("\",\"attributes\":{");
    for (option, name) in [("environment", "sentry.environment"), ("release", "sentry.release")] {
        if options.has(option) {
            for part in ["\"", name, "\":{\"value\":", options.json(option, ""), ",\"type\":\"string\"},"] {
                envelope.push_str(part);
            }
        }
    }
    envelope.push(' ');
    each(&FIELDS, ("\"", "\":{\"value\":\"", "\",\"type\":\"string\"}"), &mut envelope);
    envelope.push_str("\"event\":{\"value\":{{> text}},\"type\":\"string\"}}}");
    Made {
        request: Request {
            method: "POST",
            url: [scheme, "://", host, "/api/", project, "/envelope/"].concat(),
            headers: vec![("X-Sentry-Auth".to_owned(), auth)],
            ..Request::default()
        },
        envelope,
        ..Made::default()
    }
}
