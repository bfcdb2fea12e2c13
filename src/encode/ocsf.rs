//! Open Cybersecurity Schema Framework 1.8, over HTTPS. <https://schema.ocsf.io/1.8.0/>
//!
//! Logins are Authentication (3002), what is done to accounts is Account Change (3001), all else API Activity (6003).
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
    // Each of the class, its category, the activity and both as a type, by the operation; then what the class needs.
    let (mut words, mut known) = ([const { String::new() }; 4], [const { String::new() }; 4]);
    for (class, activity, of_actor, names) in ACTIVITIES {
        let is_login = class == AUTHENTICATION;
        for name in names.split(' ') {
            let numbers = [class, "3", activity.trim_start_matches('0'), &[class, activity].concat()];
            for (word, number) in words.iter_mut().zip(numbers) {
                [name, "=", number, ","].iter().for_each(|part| word.push_str(part));
            }
            for (known, _) in known.iter_mut().zip([of_actor, !of_actor, is_login, true]).filter(|(_, is)| *is) {
                [name, "=true,"].iter().for_each(|part| known.push_str(part));
            }
        }
    }
    made.add(&["{ "]);
    let members = ["class_uid", "category_uid", "activity_id", "type_uid"];
    for ((member, word), usual) in members.into_iter().zip(words).zip(["6003", "6", "99", "600399"]) {
        made.add(&["\"", member, "\":{{@operation | default:event | map:", &word, "*=", usual, "}},"]);
    }
    made.add(&[
        "\"activity_name\":\"{{@operation | default:event}}\",\"severity_id\":{{@level | default:none | map:debug=1,info=1,warn=3,error=4,fatal=6,*=0}},{{#@time}}\"time\":{{. | epoch_ms}},{{/@time}}{{^@time}}\"time\":{{now_utc | epoch_ms}},{{/@time}}\"message\":\"",
        MESSAGE,
        "\",\"metadata\":{\"version\":\"1.8.0\",\"uid\":\"{{log_message_id}}\",{{#@type}}\"event_code\":\"{{.}}\",{{/@type}}\"product\":{\"name\":\"{{@platform | default:unknown}}\",\"vendor_name\":\"{{@platform | default:unknown}}\"}}",
        ",\"actor\":{\"user\":", ACTOR, "},\"src_endpoint\":{\"name\":\"{{@platform | default:unknown}}\",{{#@actor.ip}}\"ip\":\"{{.}}\",{{/@actor.ip}}},",
        "{{#@operation | map:", &known[0], "*=false}}\"user\":", ACTOR, ",{{/@operation}}",
        "{{#@operation | map:", &known[1], "*=false}}\"user\":{\"uid\":\"{{@resource.id | default:unknown}}\"},{{/@operation}}",
        "{{#@operation | map:", &known[2], "*=false}}\"service\":{\"name\":\"{{@platform | default:unknown}}\"},{{/@operation}}",
        "{{^@operation | map:", &known[3], "*=false}}\"api\":{\"operation\":\"{{@operation | default:event}}\"},{{/@operation}}",
        "{{#@status}}\"status\":\"{{.}}\",\"status_id\":{{. | map:succeeded=1,success=1,failed=2,failure=2,*=99}},{{/@status}}\"unmapped\":{\"event\":{{> record}}}}",
    ]);
}

const AUTHENTICATION: &str = "3002";
const ACCOUNT_CHANGE: &str = "3001";

/// Class and activity of audit events, whether the account is the actor's own or the thing that it was done to, and the
/// events' names on Tray and Workato.
const ACTIVITIES: [(&str, &str, bool, &str); 6] = [
    (AUTHENTICATION, "01", true, "UserLoginSucceeded UserLoginFailed 2FALoginFailed user_login"),
    (AUTHENTICATION, "02", true, "user_logout"),
    (ACCOUNT_CHANGE, "01", false, "OrganizationUserInvited team_invitation_created team_invitation_accept"),
    (ACCOUNT_CHANGE, "06", false, "UserDeleted team_membership_deleted"),
    (ACCOUNT_CHANGE, "10", true, "2FAEnabled"),
    (ACCOUNT_CHANGE, "11", true, "2FADisabled"),
];

/// Who did it.
const ACTOR: &str = "{\"uid\":\"{{@actor.id | default:unknown}}\",{{#@actor.email}}\"email_addr\":\"{{.}}\",{{/@actor.email}}{{#@org.id}}\"org\":{\"uid\":\"{{.}}\"},{{/@org.id}}}";
