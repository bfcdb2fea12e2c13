//! OpenTelemetry: logs over HTTP, in JSON. <https://opentelemetry.io/docs/specs/otlp/#otlphttp>
//!
//! Enums are numbers, 64-bit integers texts, names in lowerCamelCase; a body is an `AnyValue`. What 200 calls a partial
//! success may not be sent again. A request stays under 4 MB, far below the 64 MiB that receivers are asked to take.

use super::contract::*;

pub(super) const CONTRACT: Contract = Contract {
    name: "otlp",
    options: &[("url", Ask::NeededUrl), ("headers", Ask::Headers), ("service", Ask::Text), ("gzip", Ask::Flag)],
    content_type: "application/json",
    frame: Frame { open: "", between: ",\n", end: "", close: "]}]}]}\n", lines: false, counted: false },
    limits: Some(Limits { records: 5000, bytes: 4_000_000, record_bytes: 4_000_000 }),
    make: Some(make),
};

fn make(options: &Options) -> Made {
    let mut envelope = "{ {{#@time}}\"timeUnixNano\":\"{{. | epoch_ns}}\",{{/@time}}\"observedTimeUnixNano\":\"{{now_utc | epoch_ns}}\",\"severityNumber\":{{@level | default:none | map:debug=5,info=9,warn=13,error=17,fatal=21,*=0}},\"severityText\":\"{{@level}}\",\"body\":{{> any}},\"attributes\":[".to_owned();
    let attribute = ("{\"key\":\"", "\",\"value\":{\"stringValue\":\"", "\"}}");
    each(&FIELDS, attribute, &mut envelope);
    named(&[("exception.type", "error.type"), ("exception.message", "error.message")], attribute, &mut envelope);
    envelope.push_str("]}");
    let base = options.text("url", "").trim_end_matches('/');
    let path = if base.ends_with("/logs") { "" } else { "/v1/logs" };
    let headers = options.texts("headers").chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone()));
    Made {
        request: Request {
            method: "POST",
            url: [base, path].concat(),
            headers: headers.collect(),
            ..Request::default()
        },
        envelope,
        open: [
            "{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":",
            options.json("service", "\"logweir\""),
            "}}]},\"scopeLogs\":[{\"scope\":{\"name\":\"logweir\"},\"logRecords\":[",
        ]
        .concat(),
        ..Made::default()
    }
}
