//! OpenTelemetry: logs over HTTP, in JSON. <https://opentelemetry.io/docs/specs/otlp/#otlphttp>
//!
//! Enums are numbers, 64-bit integers texts, names in lowerCamelCase; a body is an `AnyValue`. What 200 calls a partial
//! success may not be sent again. `log.record.uid` tells repeats (semantic conventions, general logs attributes). A request stays under 4 MB, far below the 64 MiB that receivers are asked to take.

use super::contract::*;

pub(super) const CONTRACT: Contract = Contract {
    name: "otlp",
    options: &[("url", Ask::NeededBase), ("headers", Ask::Headers), ("service", Ask::Text), ("gzip", Ask::Flag)],
    content_type: "application/json",
    frame: Frame { open: "", between: ",\n", end: "", close: "]}]}]}\n", lines: false, counted: false },
    limits: Some(Limits { records: 5000, bytes: 4_000_000, record_bytes: 4_000_000 }),
    make: Some(make),
};

fn make(options: &Options, made: &mut Made) {
    let base = options.text("url", "").trim_end_matches('/');
    super::http::request(options, made);
    made.post(&[base, if base.ends_with("/logs") { "" } else { "/v1/logs" }]);
    made.add(&["{ \"timeUnixNano\":\"{{@time | epoch_ns | default:0}}\",\"observedTimeUnixNano\":\"{{now_utc | epoch_ns | default:0}}\",\"severityNumber\":{{@level | default:none | map:debug=5,info=9,warn=13,error=17,fatal=21,*=0}},\"severityText\":\"{{@level}}\",\"body\":{{> any}},{{#@trace.id | trace_id}}\"traceId\":\"{{.}}\",{{/@trace.id}}\"attributes\":[{\"key\":\"log.record.uid\",\"value\":{\"stringValue\":\"", EVENT_ID, "\"}},"]);
    let attribute = ("{\"key\":\"", "\",\"value\":{\"stringValue\":\"", "\"}}");
    each(&FIELDS, attribute, &mut made.envelope);
    named(&[("exception.type", "error.type"), ("exception.message", "error.message")], attribute, &mut made.envelope);
    made.add(&["]}"]);
    made.open = [
        "{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":",
        options.json("service", "\"logweir\""),
        "}}]},\"scopeLogs\":[{\"scope\":{\"name\":\"logweir\"},\"logRecords\":[",
    ]
    .concat();
}
