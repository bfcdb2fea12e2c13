//! Sumo Logic: HTTP source. <https://help.sumologic.com/docs/send-data/hosted-collectors/http-source/logs-metrics/upload-logs/>
//!
//! A line for each message, at most 1 MB before compression; the address is the credential. The time is found in the
//! text, so it stands first. What the `X-Sumo-` headers say goes for a whole request.

use super::contract::*;

pub(super) const CONTRACT: Contract = Contract {
    name: "sumo",
    options: &[
        ("secret", Ask::Text),
        ("name", Ask::Text),
        ("host", Ask::Text),
        ("category", Ask::Text),
        ("fields", Ask::Headers),
        ("gzip", Ask::Flag),
    ],
    content_type: "text/plain; charset=utf-8",
    frame: LINES,
    limits: Some(Limits { records: 10_000, bytes: 1_000_000, record_bytes: 64 * 1024 }),
    make: Some(make),
};

fn make(options: &Options) -> Made {
    let mut headers = Vec::new();
    for (option, header) in [("name", "X-Sumo-Name"), ("host", "X-Sumo-Host"), ("category", "X-Sumo-Category")] {
        if options.has(option) {
            headers.push((header.to_owned(), options.text(option, "").to_owned()));
        }
    }
    let fields: Vec<String> = options.texts("fields").chunks_exact(2).map(|pair| pair.join("=")).collect();
    if !fields.is_empty() {
        headers.push(("X-Sumo-Fields".to_owned(), fields.join(",")));
    }
    let mut envelope =
        "{ {{#@time}}\"timestamp\":\"{{. | iso}}\",{{/@time}}{{#@level}}\"level\":\"{{.}}\",{{/@level}}".to_owned();
    each(&["platform", "type", "status", "run.id", "workflow.id"], MEMBER, &mut envelope);
    for part in ["\"message\":\"", MESSAGE, "\",\"event\":{{> record}}}"] {
        envelope.push_str(part);
    }
    Made {
        request: Request { method: "POST", url: options.slot("SUMO_URL"), headers, ..Request::default() },
        envelope,
        ..Made::default()
    }
}
