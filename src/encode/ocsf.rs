//! Open Cybersecurity Schema Framework 1.8: API Activity (6003), over HTTPS. <https://schema.ocsf.io/1.8.0/classes/api_activity>
//!
//! `type_uid` is the class times 100 and the activity; `time` is in milliseconds. What has no place in the class goes
//! into `unmapped`. Security Lake itself takes Parquet: this is for receivers of OCSF in JSON.

use super::contract::*;

pub(super) const CONTRACT: Contract = Contract {
    name: "ocsf",
    options: &[
        ("url", Ask::NeededUrl),
        ("headers", Ask::Headers),
        ("batch", Ask::OneOf(&["ndjson", "json", "single"])),
        ("gzip", Ask::Flag),
    ],
    content_type: "application/x-ndjson",
    frame: LINES,
    limits: Some(Limits { records: 10_000, bytes: 1_000_000, record_bytes: 1_000_000 }),
    make: Some(make),
};

fn make(options: &Options, made: &mut Made) {
    if let Some(make) = super::http::CONTRACT.make {
        make(options, made);
    }
    made.add(&[
        "{\"category_uid\":6,\"class_uid\":6003,\"activity_id\":99,\"activity_name\":\"{{@operation | default:event}}\",\"type_uid\":600399,\"severity_id\":{{@level | default:none | map:debug=1,info=1,warn=3,error=4,fatal=6,*=0}},{{#@time}}\"time\":{{. | epoch_ms}},{{/@time}}{{^@time}}\"time\":{{now_utc | epoch_ms}},{{/@time}}\"message\":\"",
        MESSAGE,
        "\",\"metadata\":{\"version\":\"1.8.0\",\"uid\":\"{{log_message_id}}\",{{#@type}}\"event_code\":\"{{.}}\",{{/@type}}\"product\":{\"name\":\"{{@platform | default:unknown}}\",\"vendor_name\":\"{{@platform | default:unknown}}\"}}",
        ",\"actor\":{\"user\":{\"uid\":\"{{@actor.id | default:unknown}}\",{{#@actor.email}}\"email_addr\":\"{{.}}\",{{/@actor.email}}{{#@org.id}}\"org\":{\"uid\":\"{{.}}\"},{{/@org.id}}}}",
        ",\"api\":{\"operation\":\"{{@operation | default:event}}\"},\"src_endpoint\":{\"name\":\"{{@platform | default:unknown}}\",{{#@actor.ip}}\"ip\":\"{{.}}\",{{/@actor.ip}}},",
        "{{#@status}}\"status\":\"{{.}}\",{{/@status}}\"unmapped\":{\"event\":{{> record}}}}",
    ]);
}
