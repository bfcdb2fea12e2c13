//! Splunk: HTTP Event Collector.
//! <https://help.splunk.com/splunk-enterprise/get-data-in/collect-http-event-data/format-events-for-http-event-collector>
//!
//! Objects one behind the other; `time` is epoch seconds (an ISO text is refused), `event` may not be blank, `fields` is
//! flat. An index that the token may not write to refuses the whole request. Bodies stay under 1 MB, which Splunk Cloud
//! takes.

use super::contract::*;

pub(super) const CONTRACT: Contract = Contract {
    name: "splunk",
    options: &[
        ("url", Ask::NeededBase),
        ("secret", Ask::Secret),
        ("index", Ask::Template(Wants::Anything)),
        ("host", Ask::Template(Wants::Anything)),
        ("source", Ask::Template(Wants::Anything)),
        ("sourcetype", Ask::Template(Wants::Anything)),
        ("gzip", Ask::Flag),
    ],
    content_type: "application/json",
    frame: LINES,
    limits: Some(Limits { records: 10_000, bytes: 1_000_000, record_bytes: 1_000_000 }),
    make: Some(make),
};

fn make(options: &Options, made: &mut Made) {
    let base = options.text("url", "").trim_end_matches('/');
    made.post(&[base, if base.contains("/services/collector") { "" } else { "/services/collector/event" }]);
    made.header("Authorization", &["Splunk ", &options.slot("SPLUNK_TOKEN")]);
    made.add(&["{ {{#@time}}\"time\":{{. | epoch_s}},{{/@time}}"]);
    options.member("host", "host", &mut made.envelope);
    options.member("index", "index", &mut made.envelope);
    made.add(&[
        "\"source\":",
        options.json("source", "\"{{@platform | default:logweir}}\""),
        ",\"sourcetype\":",
        options.json("sourcetype", "\"_json\""),
        ",\"event\":{{> event}},\"fields\":{\"event_id\":\"",
        EVENT_ID,
        "\",{{#@level}}\"severity\":\"{{.}}\",{{/@level}}",
    ]);
    each(&["platform", "type", "status", "run.id", "workflow.id", "connector"], MEMBER, &mut made.envelope);
    made.add(&["}}"]);
}
