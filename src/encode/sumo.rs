//! Sumo Logic: HTTP source. <https://help.sumologic.com/docs/send-data/hosted-collectors/http-source/logs-metrics/upload-logs/>
//!
//! A line for each message, at most 1 MB before compression; the address is the credential. The time is found in the
//! text, so it stands first. What the `X-Sumo-` headers say goes for a whole request.

use super::contract::*;

pub(super) const CONTRACT: Contract = Contract {
    name: "sumo",
    options: &[
        ("secret", Ask::Secret),
        ("name", Ask::Header),
        ("host", Ask::Header),
        ("category", Ask::Header),
        ("fields", Ask::Headers),
        ("gzip", Ask::Flag),
    ],
    content_type: "text/plain; charset=utf-8",
    frame: LINES,
    limits: Some(Limits { records: 10_000, bytes: 1_000_000, record_bytes: 64 * 1024 }),
    make: Some(make),
};

fn make(options: &Options, made: &mut Made) {
    made.post(&[&options.slot("SUMO_URL")]);
    for (option, header) in [("name", "X-Sumo-Name"), ("host", "X-Sumo-Host"), ("category", "X-Sumo-Category")] {
        if options.has(option) {
            made.header(header, &[options.text(option, "")]);
        }
    }
    let mut fields = String::new();
    for pair in options.texts("fields").chunks_exact(2) {
        let between = if fields.is_empty() { "" } else { "," };
        [between, &pair[0], "=", &pair[1]].iter().for_each(|part| fields.push_str(part));
    }
    if !fields.is_empty() {
        made.header("X-Sumo-Fields", &[&fields]);
    }
    made.add(&["{ {{#@time}}\"timestamp\":\"{{. | iso}}\",{{/@time}}{{#@level}}\"level\":\"{{.}}\",{{/@level}}"]);
    made.add(&["\"id\":\"", EVENT_ID, "\","]);
    each(&["platform", "type", "status", "run.id", "workflow.id"], MEMBER, &mut made.envelope);
    made.add(&["\"message\":\"", MESSAGE, "\",\"event\":{{> record}}}"]);
}
