//! Destinations: every body is what its contract asks for, whatever comes in and wherever it is cut.

use logweir::{Format, Pipeline};
use serde_json::Value;

const POLICIES: [(&str, &str); 12] = [
    ("datadog", r#"{"datadog":{"service":"x","tags":["env:prod","team:{{@platform}}"]}}"#),
    ("splunk", r#"{"splunk":{"url":"https://splunk.example:8088","index":"audit"}}"#),
    ("sumo", r#"{"sumo":{"category":"logs"}}"#),
    ("newrelic", r#"{"newrelic":{"region":"eu"}}"#),
    ("elastic", r#"{"elastic":{"url":"https://es.example"}}"#),
    ("otlp", r#"{"otlp":{"url":"https://otel.example"}}"#),
    ("sentry", r#"{"sentry":{"dsn":"https://abc@o1.ingest.sentry.io/42","environment":"prod"}}"#),
    ("s3", r#"{"s3":{"bucket":"logs"}}"#),
    ("redshift", r#"{"redshift":{"bucket":"logs"}}"#),
    ("cloudevents", r#"{"cloudevents":{"url":"https://ce.example"}}"#),
    ("ocsf", r#"{"ocsf":{"url":"https://ocsf.example"}}"#),
    ("http", r#"{"http":{"url":"https://any.example","batch":"single"}}"#),
];

/// Events of the catalogue, and JSON that is none; hostile texts in places that encoders read.
fn input() -> String {
    let mut lines = vec![
        r#"{"logType":"execution_event","eventType":"failed","executionId":"e-1","created":"2026-05-04T06:00:00.123Z","workflowName":"a \"quoted\" \u0000 \ud83d\ude00 }} name","errorMessage":"</script>","n":12345678901234567890,"f":1.5e-7,"x":[null,true,{"é":""}]}"#.to_owned(),
        r#"{"id":"j-1","flow_id":7,"status":"succeeded","started_at":"2026-05-04T06:00:00Z"}"#.to_owned(),
        r#"{"log":"{\"logType\":\"execution_event\",\"eventType\":\"started\",\"created\":1777874400123}"}"#.to_owned(),
        "\"text\"".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        "-0.0".to_owned(),
    ];
    for n in 0..230 {
        lines.push(format!(
            r#"{{"logType":"execution_event","eventType":"failed","created":"2026-05-04T06:00:00Z","n":{n}}}"#
        ));
    }
    lines.join("\n")
}

fn policy(to: &str) -> String {
    format!(r#"{{"logweir":1,"accept":{{}},"routes":[{{"name":"out","to":{to}}}]}}"#)
}

/// The JSON values of a body, one by one.
fn values(body: &[u8]) -> Vec<Value> {
    serde_json::Deserializer::from_slice(body).into_iter().collect::<Result<_, _>>().expect("JSON")
}

/// The records of a body, as its framing has them.
fn records(name: &str, body: &[u8]) -> Vec<Value> {
    let mut values = values(body);
    match name {
        "datadog" | "cloudevents" => values.remove(0).as_array().expect("an array").clone(),
        "newrelic" => values[0][0]["logs"].as_array().expect("logs").clone(),
        "otlp" => values[0]["resourceLogs"][0]["scopeLogs"][0]["logRecords"].as_array().expect("records").clone(),
        "sentry" => {
            assert_eq!((values.len(), &values[0]), (3, &serde_json::json!({})));
            let items = values[2]["items"].as_array().expect("items").clone();
            assert_eq!(values[1]["item_count"], items.len());
            assert_eq!(body.iter().filter(|byte| **byte == b'\n').count(), 3, "each part on a line of its own");
            items
        }
        "elastic" => {
            assert!(values.chunks(2).all(|pair| pair[0]["create"]["_id"].as_str().is_some_and(|id| id.len() == 32)));
            values.into_iter().skip(1).step_by(2).collect()
        }
        _ => values,
    }
}

#[test]
fn every_destination_frames_every_record_within_its_limits() {
    let text = input();
    for (name, to) in POLICIES {
        let pipeline = Pipeline::compile(&policy(to)).unwrap_or_else(|problems| panic!("{name}: {problems}"));
        for size in [text.len(), 1000] {
            let mut run = pipeline.run();
            run.begin(Format::Ndjson);
            let (mut sum, mut bodies, mut all) = (0, 0, Vec::new());
            let mut gather = |run: &logweir::Run| {
                let batch = run.output(0);
                let mut start = 0;
                for part in run.parts(0) {
                    let body = &batch.bytes[start..part.end];
                    let records = records(name, body);
                    assert_eq!(records.len() as u64, part.records, "{name}");
                    all.extend(records);
                    sum += part.records;
                    bodies += 1;
                    start = part.end;
                    assert_eq!(part.key.is_empty(), !matches!(name, "s3" | "redshift"), "{name}: {}", part.key);
                }
                assert_eq!(start, batch.bytes.len(), "{name}: nothing stands outside of a body");
            };
            for chunk in text.as_bytes().chunks(size) {
                run.push(chunk);
                gather(&run);
            }
            run.end();
            gather(&run);
            run.finish();
            gather(&run);
            let report = run.report();
            assert_eq!((report.kept, report.quarantined), (sum, 0), "{name}");
            assert_eq!(report.routes[0].records, sum, "{name}");
            let most = match name {
                "sentry" => 100,
                "http" => 1,
                _ => 1000,
            };
            assert!(bodies >= sum / most, "{name}: {bodies} bodies");
            assert_eq!(all.len(), 237, "{name}");
        }
    }
}

#[test]
fn bodies_go_on_through_the_pieces_of_a_chunk() {
    let text = input() + "\n";
    for (name, to) in POLICIES {
        let to = to.replace("\"batch\":\"single\"", "\"batch\":\"json\"");
        let pipeline = Pipeline::compile(&policy(&to)).unwrap_or_else(|problems| panic!("{name}: {problems}"));
        let bodies = |size: usize| {
            let (mut run, mut bodies) = (pipeline.run(), Vec::new());
            run.begin(Format::Ndjson);
            for piece in text.as_bytes().chunks(size) {
                run.input(piece.len()).copy_from_slice(piece);
                run.take_part(piece.len());
                bodies.extend(run.parts(0).to_vec());
                assert_eq!(run.output(0).bytes.len(), run.parts(0).last().map_or(0, |part| part.end), "{name}");
            }
            run.end();
            bodies.extend(run.parts(0).to_vec());
            assert_eq!(run.report().routes[0].records, bodies.iter().map(|body| body.records).sum::<u64>());
            bodies.into_iter().map(|body| (body.records, body.key)).collect::<Vec<_>>()
        };
        assert_eq!(bodies(1000), bodies(text.len()), "{name}");
    }
}

#[test]
fn common_fields_go_where_the_receiver_looks_for_them() {
    let event = |to: &str| {
        let (name, to) = POLICIES.iter().find(|(name, _)| *name == to).expect("a destination");
        let mut run = Pipeline::compile(&policy(to)).expect("a policy").run();
        run.push(input().lines().next().expect("a line").as_bytes());
        run.end();
        records(name, run.output(0).bytes).remove(0)
    };
    let datadog = event("datadog");
    assert_eq!((&datadog["status"], &datadog["timestamp"]), (&"error".into(), &1_777_874_400_123_u64.into()));
    assert_eq!((&datadog["ddsource"], &datadog["ddtags"]), (&"tray".into(), &"env:prod,team:tray".into()));
    assert_eq!(datadog["event"]["n"].to_string(), "12345678901234567890");
    assert!(datadog["message"].as_str().is_some_and(|message| !message.is_empty()));
    let splunk = event("splunk");
    assert_eq!((splunk["time"].to_string(), &splunk["index"]), ("1777874400.123".to_owned(), &"audit".into()));
    assert_eq!(event("newrelic")["timestamp"], 1_777_874_400_123_u64);
    assert!(event("newrelic")["attributes"]["event"].is_string(), "arrays are no attributes");
    assert_eq!(event("elastic")["@timestamp"], "2026-05-04T06:00:00.123Z");
    let otlp = event("otlp");
    assert_eq!((&otlp["timeUnixNano"], &otlp["severityNumber"]), (&"1777874400123000000".into(), &17.into()));
    let body = otlp["body"]["kvlistValue"]["values"].as_array().expect("a body");
    let of = |key: &str| body.iter().find(|pair| pair["key"] == key).map(|pair| pair["value"].to_string());
    assert_eq!(of("n").as_deref(), Some(r#"{"stringValue":"12345678901234567890"}"#));
    assert_eq!(of("f").as_deref(), Some(r#"{"doubleValue":1.5e-7}"#));
    let sentry = event("sentry");
    assert_eq!((&sentry["level"], sentry["timestamp"].to_string()), (&"error".into(), "1777874400.123".to_owned()));
    assert_eq!(sentry["trace_id"].as_str().map(str::len), Some(32));
    let ocsf = event("ocsf");
    assert_eq!(
        (&ocsf["severity_id"], &ocsf["type_uid"], &ocsf["time"]),
        (&4.into(), &600_399.into(), &1_777_874_400_123_u64.into())
    );
    let cloud = event("cloudevents");
    assert_eq!((&cloud["specversion"], &cloud["type"]), (&"1.0".into(), &"tray.execution".into()));
}

#[test]
fn the_same_event_has_the_same_id_and_another_has_another() {
    let to = POLICIES[7].1;
    let keys = |text: &str| {
        let mut run = Pipeline::compile(&policy(to)).expect("a policy").run();
        run.push(text.as_bytes());
        run.end();
        run.parts(0).iter().map(|part| part.key.clone()).collect::<Vec<_>>()
    };
    let event = r#"{"logType":"execution_event","eventType":"failed","created":"2026-05-04T06:00:00Z"}"#;
    assert_eq!(keys(event), keys(event));
    assert!(keys(event)[0].starts_with("tray/dt=2026-05-04/"));
    assert_ne!(keys(event), keys(&event.replace("06:00:00", "06:00:01")));
    // A value brings no part of its own into a path.
    let to = r#"{"s3":{"bucket":"b","key":"{{a}}/x.json"}}"#;
    let mut run = Pipeline::compile(&policy(to)).expect("a policy").run();
    run.push(b"{\"a\":\"../../etc/${batch}\"}\n{\"a\":\"..\"}\n{\"a\":\"p q\"}\n{\"a\":\"p q\",\"b\":1}\n");
    let keys: Vec<_> = run.parts(0).iter().map(|part| part.key.rsplit_once('-').expect("a digest").0).collect();
    assert_eq!(keys, ["..%2F..%2Fetc%2F%24%7Bbatch%7D/x", "%2E%2E/x", "p%20q/x"]);
}

#[test]
fn objects_may_be_named_as_workato_names_them() {
    let job = r#"{"id":"j-KGAKfhsz-GYoLeD","recipe_id":456,"flow_id":456,"status":"succeeded","started_at":"2022-06-13T22:30:46-07:00","completed_at":"2022-06-13T22:30:47.5-07:00","context":{"user_id":1234}}"#;
    let keys = |options: &str, input: &str| {
        let to = [r#"{"s3":{"bucket":"b","#, options, "}}"].concat();
        let mut run = Pipeline::compile(&policy(&to)).unwrap_or_else(|problems| panic!("{problems}")).run();
        run.push(input.as_bytes());
        let mut parts = run.parts(0).to_vec();
        run.end();
        parts.extend_from_slice(run.parts(0));
        parts.into_iter().map(|part| (part.key, part.records)).collect::<Vec<_>>()
    };
    let path = "1234/jobs/456/20220614/j-KGAKfhsz-GYoLeD/1234-456-j-KGAKfhsz-GYoLeD-20220614";
    let named = |end: &str| vec![([path, end].concat(), 1)];
    assert_eq!(keys(r#""layout":"workato-day""#, job), named("-succeeded.json"), "as in Workato's example");
    assert_eq!(keys(r#""layout":"workato""#, job), named("053047-succeeded.json"));
    assert_eq!(keys(r#""layout":"workato","gzip":true"#, job), named("053047-succeeded.json.gz"));
    // Events that are no jobs never share a name.
    let other = r#"{"logType":"execution_event","eventType":"failed","executionId":"e","created":"2026-05-04T06:00:00Z","n":1}"#;
    let odd = r#"{"flow_id":7,"started_at":"2026-05-04T06:00:00Z"}"#;
    let input = [other, &other.replace("\"n\":1", "\"n\":2"), "{}", "[]", odd].join("\n");
    let mut keys: Vec<String> = keys(r#""layout":"workato""#, &input).into_iter().map(|(key, _)| key).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 5, "{keys:?}");
    assert!(keys.iter().all(|key| key.split('/').count() == 6 && !key.contains("//")), "{keys:?}");
    assert!(keys[4].starts_with("unknown/jobs/unknown/undated/"));
}

/// What a destination makes of a record that a template makes, if there is one.
fn one(to: &str, template: &str, record: &str) -> Value {
    let name = to.split('"').nth(1).expect("a name");
    let template = if template.is_empty() { String::new() } else { format!(r#""template":{template},"#) };
    let policy = format!(r#"{{"logweir":1,"routes":[{{"name":"out",{template}"to":{to}}}]}}"#);
    let mut run = Pipeline::compile(&policy).unwrap_or_else(|problems| panic!("{to}: {problems}")).run();
    run.push(record.as_bytes());
    let out = if run.output(0).bytes.is_empty() { None } else { Some(run.output(0).bytes.to_vec()) };
    run.end();
    records(name, &out.unwrap_or_else(|| run.output(0).bytes.to_vec())).remove(0)
}

const OTLP: &str = r#"{"otlp":{"url":"https://otel.example"}}"#;
const SPLUNK: &str = r#"{"splunk":{"url":"https://s.example"}}"#;
const NEWRELIC: &str = r#"{"newrelic":{}}"#;
const SENTRY: &str = r#"{"sentry":{"dsn":"https://abc@o1.ingest.sentry.io/42"}}"#;

#[test]
fn what_a_template_makes_goes_in_the_form_that_the_receiver_wants() {
    let object = r#"{"a":"{{n}}"}"#;
    let twelve = serde_json::json!({"kvlistValue":{"values":[{"key":"a","value":{"intValue":"12"}}]}});
    for (to, template, record, pointer, wanted) in [
        (OTLP, object, r#"{"n":12}"#, "/body", twelve),
        (OTLP, r#""{{n}}""#, r#"{"n":12}"#, "/body", serde_json::json!({"intValue":"12"})),
        (OTLP, r#""[ {{#l}}{{.}},{{/l}} ]""#, r#"{"l":[]}"#, "/body", serde_json::json!({"arrayValue":{"values":[]}})),
        (NEWRELIC, object, r#"{"n":12}"#, "/attributes/event", r#"{"a":12}"#.into()),
        (NEWRELIC, r#""\"{{n}}\"""#, r#"{"n":"x\ny"}"#, "/attributes/event", "x\ny".into()),
        (
            SENTRY,
            object,
            r#"{"n":12}"#,
            "/attributes/event",
            serde_json::json!({"value":r#"{"a":12}"#,"type":"string"}),
        ),
        (SPLUNK, r#""{ {{#z}}\"z\":1{{/z}} }""#, "{}", "/event", "{}".into()),
        (SPLUNK, r#""{{z}}""#, "{}", "/event", "null".into()),
        (SPLUNK, r#""{{z}}""#, r#"{"z":7}"#, "/event", 7.into()),
        // Records that are no objects.
        (OTLP, "", "12", "/body", serde_json::json!({"intValue":"12"})),
        (OTLP, "", "true", "/body", serde_json::json!({"boolValue":true})),
        (OTLP, "", "1.5", "/body", serde_json::json!({"doubleValue":1.5})),
        (OTLP, "", "1e400", "/body", serde_json::json!({"stringValue":"1e400"})),
        (OTLP, "", "1e-7", "/body", serde_json::json!({"doubleValue":1e-7})),
        (OTLP, "", "null", "/body", serde_json::json!({})),
        (OTLP, "", "\"x\"", "/body", serde_json::json!({"stringValue":"x"})),
    ] {
        let record = one(to, template, &[record, "\n"].concat());
        assert_eq!(record.pointer(pointer), Some(&wanted), "{to} {template}: {record}");
    }
}

#[test]
fn no_time_makes_a_receiver_refuse_a_body() {
    for (created, nanos) in [
        ("1969-12-31T23:59:59.5Z", "0"),
        ("0000-01-01T00:00:00Z", "0"),
        ("9999-12-31T23:59:59Z", "0"),
        ("1970-01-01T00:00:01Z", "1000000000"),
        ("2554-07-21T23:34:33.709551615Z", "18446744073709551615"),
    ] {
        let event = format!(r#"{{"logType":"execution_event","eventType":"failed","created":"{created}"}}"#);
        let record = one(OTLP, "", &event);
        assert_eq!(record["timeUnixNano"], nanos, "{created}");
    }
}

#[test]
fn audit_events_are_of_the_classes_that_ocsf_has_for_them() {
    let ocsf = r#"{"ocsf":{"url":"https://ocsf.example"}}"#;
    let tray = |name: &str| {
        format!(
            r#"{{"eventType":"{name}","timestamp":"2026-05-04T06:00:00Z","organizationId":"o","details":{{}},"calledBy":{{"userId":"u"}}}}"#
        )
    };
    let workato = |name: &str| {
        format!(
            r#"{{"event":"{name}","user":{{"id":1}},"team":{{"id":2}},"timestamp":"2026-05-04 06:00:00 UTC","resource":{{"id":3,"type":"User"}}}}"#
        )
    };
    for (event, class, activity, needs, user) in [
        (tray("UserLoginFailed"), 3002, 1, "service", "u"),
        (tray("2FALoginFailed"), 3002, 1, "service", "u"),
        (workato("user_login"), 3002, 1, "service", "1"),
        (workato("user_logout"), 3002, 2, "service", "1"),
        (workato("team_invitation_created"), 3001, 1, "user", "3"),
        (tray("UserDeleted"), 3001, 6, "user", "unknown"),
        (tray("2FAEnabled"), 3001, 10, "user", "u"),
        (tray("2FADisabled"), 3001, 11, "user", "u"),
        (tray("WorkflowUpdated"), 6003, 99, "api", ""),
        (workato("recipe_started"), 6003, 99, "api", ""),
        ("{}".to_owned(), 6003, 99, "api", ""),
    ] {
        let made = one(ocsf, "", &event);
        assert_eq!(made["class_uid"], class, "{made}");
        assert_eq!(made["category_uid"], class / 1000);
        assert_eq!(made["activity_id"], activity);
        assert_eq!(made["type_uid"], class * 100 + activity);
        assert!(made.get(needs).is_some() && made.get("api").is_some() == (class == 6003), "{made}");
        assert_eq!(made["user"]["uid"].as_str().unwrap_or_default(), user, "{made}");
    }
}

#[test]
fn an_event_that_comes_again_can_be_told() {
    let events = [
        (r#"{"logType":"execution_event","eventType":"failed","created":"2026-05-04T06:00:00Z"}"#, 32),
        (
            r#"{"event_id":"e-1","genie_id":"g","workspace_id":1,"event_type":"run_start","timestamp":"2026-05-04T06:00:00Z"}"#,
            32,
        ),
        ("7", 32),
    ];
    for (to, pointer) in [
        (r#"{"datadog":{}}"#, "/logweir/id"),
        (SPLUNK, "/fields/event_id"),
        (r#"{"sumo":{}}"#, "/id"),
        (NEWRELIC, "/attributes/id"),
        (OTLP, "/attributes/0/value/stringValue"),
        (SENTRY, "/attributes/id/value"),
    ] {
        for (event, len) in events {
            let (once, again) = (one(to, "", event), one(to, "", event));
            let id = once.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            assert_eq!(id.len(), len, "{to} {once}");
            assert_eq!(once.pointer(pointer), again.pointer(pointer));
        }
    }
}

#[test]
fn traces_keep_their_ids() {
    let uuid = "9F01c6d1-4e0a-4b87-a5f3-6d18e2b0c794";
    let event = |trace: &str| {
        include_str!("../src/catalog/paragon/event_log/samples/app_event_trigger_started.json")
            .replace("9f01c6d1-4e0a-4b87-a5f3-6d18e2b0c794", trace)
            .replace('\n', "")
    };
    for (trace, wanted) in [
        (uuid, "9f01c6d14e0a4b87a5f36d18e2b0c794"),
        ("9f01c6d14e0a4b87a5f36d18e2b0c794", "9f01c6d14e0a4b87a5f36d18e2b0c794"),
        ("9f01c6d14e0a4b87", "00000000000000009f01c6d14e0a4b87"),
        ("[redacted]", ""),
        ("00000000000000000000000000000000", ""),
    ] {
        let otlp = one(OTLP, "", &event(trace));
        assert_eq!(otlp["traceId"].as_str().unwrap_or_default(), wanted, "{otlp}");
        let sentry = one(SENTRY, "", &event(trace));
        let id = sentry["trace_id"].as_str().unwrap_or_default();
        assert!(id.len() == 32 && (wanted.is_empty() || id == wanted), "{sentry}");
    }
}

#[test]
fn a_template_stands_for_the_record() {
    let policy = r#"{"logweir":1,"routes":[{"name":"out","template":{"a":"{{email}}"},"to":{"splunk":{"url":"https://s.example"}}}]}"#;
    let mut run = Pipeline::compile(policy).expect("a policy").run();
    run.push(b"{\"email\":\"x\",\"b\":1}");
    run.end();
    assert_eq!(values(run.output(0).bytes)[0]["event"], serde_json::json!({"a":"x"}));
}

#[test]
fn what_is_too_large_for_a_receiver_is_withheld() {
    let mut run = Pipeline::compile(&policy(POLICIES[2].1)).expect("a policy").run();
    run.push(format!("{{\"a\":\"{}\"}}\n{{}}\n", "x".repeat(70_000)).as_bytes());
    let report = run.report();
    assert_eq!((report.kept, report.quarantined), (1, 1));
    assert_eq!(records("sumo", run.output(0).bytes).len(), 1);
}

#[test]
fn mistakes_in_destinations_are_told_where_they_stand() {
    for (to, code, pointer) in [
        (r#""datadog""#, "P102", "/routes/0/to"),
        (r#"{"datadgo":{}}"#, "P101", "/routes/0/to/datadgo"),
        (r#"{"datadog":{},"splunk":{"url":"https://x"}}"#, "P107", "/routes/0/to"),
        (r#"{"splunk":{}}"#, "P104", "/routes/0/to/splunk"),
        (r#"{"splunk":{"url":"ftp://x"}}"#, "P102", "/routes/0/to/splunk/url"),
        (r#"{"http":{"url":"https://x","headers":{"a b":"c"}}}"#, "P102", "/routes/0/to/http/headers/a b"),
        (r#"{"http":{"url":"https://x","headers":{"a":"c\r\nd: e"}}}"#, "P102", "/routes/0/to/http/headers/a"),
        (r#"{"newrelic":{"region":"mars"}}"#, "P103", "/routes/0/to/newrelic/region"),
        (r#"{"datadog":{"service":"{{#a}}"}}"#, "T302", "/routes/0/to/datadog/service"),
        (r#"{"datadog":{"service":"{{"}}"#, "T301", "/routes/0/to/datadog/service"),
        (r#"{"datadog":{"service":"{{> x}}"}}"#, "T306", "/routes/0/to/datadog/service"),
        (r#"{"datadog":{"service":"x","tags":["a:b","{{@tim}}"]}}"#, "T304", "/routes/0/to/datadog/tags/1"),
        (r#"{"s3":{"bucket":"b","key":"{{a | uper}}"}}"#, "T305", "/routes/0/to/s3/key"),
        (r#"{"datadog":{"secret":"DD-KEY"}}"#, "P102", "/routes/0/to/datadog/secret"),
        (r#"{"datadog":{"secret":"1KEY"}}"#, "P102", "/routes/0/to/datadog/secret"),
        (r#"{"sentry":{"dsn":"foo"}}"#, "P102", "/routes/0/to/sentry/dsn"),
        (r#"{"sentry":{"dsn":"${DSN}"}}"#, "P102", "/routes/0/to/sentry/dsn"),
        (r#"{"sentry":{"dsn":"https://k:s@sentry.example/1"}}"#, "P102", "/routes/0/to/sentry/dsn"),
        (r#"{"sentry":{"dsn":"https://k@sentry.example/1/"}}"#, "P102", "/routes/0/to/sentry/dsn"),
        (r#"{"sentry":{"dsn":"https://k@sentry.example/1?x=y"}}"#, "P102", "/routes/0/to/sentry/dsn"),
        (r#"{"sentry":{}}"#, "P104", "/routes/0/to/sentry"),
        (r#"{"http":{"url":"https://x","headers":{"a":"€"}}}"#, "P102", "/routes/0/to/http/headers/a"),
        (r#"{"http":{"url":"https://x","headers":{"a":"b","A":"c"}}}"#, "P106", "/routes/0/to/http/headers/A"),
        (
            r#"{"http":{"url":"https://x","headers":{"content-encoding":"gzip"}}}"#,
            "P102",
            "/routes/0/to/http/headers/content-encoding",
        ),
        (r#"{"sumo":{"category":"€"}}"#, "P102", "/routes/0/to/sumo/category"),
        (r#"{"otlp":{"url":"https://x/v1/logs?a=b"}}"#, "P102", "/routes/0/to/otlp/url"),
        (r#"{"elastic":{"url":"https://x","index":"Logs-{{a}}"}}"#, "T313", "/routes/0/to/elastic/index"),
        (r#"{"cloudevents":{"url":"https://x","source":"{{#a}}b{{/a}}"}}"#, "T313", "/routes/0/to/cloudevents/source"),
        (r#"{"datadog":{"gzip":1}}"#, "P102", "/routes/0/to/datadog/gzip"),
    ] {
        let problems = Pipeline::compile(&policy(to)).expect_err(to).problems;
        let told: Vec<_> = problems.iter().map(|problem| (problem.code, problem.pointer.as_str())).collect();
        assert_eq!(told, [(code, pointer)], "{to}");
    }
    // Neither closes what the other opens.
    let to = r#"{"datadog":{"service":"x{{#u}}","hostname":"{{/u}}y"}}"#;
    let problems = Pipeline::compile(&policy(to)).expect_err(to).problems;
    let told: Vec<_> = problems.iter().map(|p| (p.code, p.pointer.as_str(), p.column)).collect();
    let column = |text: &str| policy(to).find(text).map_or(0, |at| at + 1);
    let pointer = |name: &str| ["/routes/0/to/datadog/", name].concat();
    let wanted = [("service", "{{#u}}"), ("hostname", "{{/u}}")];
    assert_eq!(told, wanted.map(|(name, text)| ("T302", &*pointer(name).leak(), column(text))));
    // A name that is nearly one is told wherever it stands.
    let to = r#"{"datadog":{"service":"é {{executionIdd}}","tags":["a","b:{{executionIdd}}"]}}"#;
    let pipeline = Pipeline::compile(&policy(to)).expect("a policy");
    let told: Vec<_> = pipeline.warnings().iter().map(|p| (p.code, p.pointer.as_str())).collect();
    assert_eq!(told, [("T382", "/routes/0/to/datadog/service"), ("T382", "/routes/0/to/datadog/tags/1")]);
    let to = r#"{"s3":{"bucket":"b","key":"{{executionIdd}}"}}"#;
    let pipeline = Pipeline::compile(&policy(to)).expect("a policy");
    assert_eq!(pipeline.warnings()[0].pointer, "/routes/0/to/s3/key");
}

#[test]
fn values_in_options_stay_what_the_receiver_takes() {
    for (to, record, pointer, wanted) in [
        (r#"{"datadog":{"tags":["u:{{u}}","a:b,c"]}}"#, r#"{"u":"a,env:prod"}"#, "/ddtags", "u:a_env:prod,a:b,c"),
        (r#"{"datadog":{"tags":["u:{{$b}}{{u}}{{/b}}"]}}"#, r#"{"u":"a,b"}"#, "/ddtags", "u:a_b"),
        (r#"{"datadog":{"tags":["u:{{#u}}{{.}}{{/u}}"]}}"#, r#"{"u":"a,b"}"#, "/ddtags", "u:a_b"),
        (r#"{"datadog":{"tags":[]}}"#, "{}", "/ddtags", ""),
        (r#"{"datadog":{"service":" {{a}} "}}"#, r#"{"a":1}"#, "/service", " 1 "),
        (r#"{"datadog":{"service":"{{a\\.b}}"}}"#, r#"{"a.b":1}"#, "/service", "1"),
        (r#"{"datadog":{"service":"\"{{a}}\""}}"#, r#"{"a":"\""}"#, "/service", "\"\"\""),
        (r#"{"splunk":{"url":"https://s","index":"{{a | default:\"x\"}}"}}"#, "{}", "/index", "x"),
        (r#"{"cloudevents":{"url":"https://c","source":"{{a}}"}}"#, "{}", "/source", "unknown"),
        (r#"{"cloudevents":{"url":"https://c","source":"{{a}}"}}"#, r#"{"a":"/x"}"#, "/source", "/x"),
    ] {
        let record = one(to, "", record);
        assert_eq!(record.pointer(pointer), Some(&wanted.into()), "{to}: {record}");
    }
    let index = |record: &str| {
        let to = r#"{"elastic":{"url":"https://e","index":"{{a}}-x"}}"#;
        let mut run = Pipeline::compile(&policy(to)).expect("a policy").run();
        run.push(record.as_bytes());
        run.end();
        values(run.output(0).bytes)[0]["create"]["_index"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(index(r#"{"a":"Ana Ä/*?\"<>|,#:\\"}"#), "ana_ä___________-x");
    assert_eq!([index("{}"), index(r#"{"a":"_-.b"}"#)], ["unknown-x", "b-x"]);
    assert!(index(&format!(r#"{{"a":"{}"}}"#, "é".repeat(400))).len() <= 255);
    // A key that S3 would not take.
    let to = r#"{"s3":{"bucket":"b","key":"{{a}}/x.json"}}"#;
    let mut run = Pipeline::compile(&policy(to)).expect("a policy").run();
    run.push(format!("{{\"a\":\"{}\"}}\n{{\"a\":\"{}\"}}\n", "x".repeat(900), "é".repeat(200)).as_bytes());
    assert_eq!((run.parts(0).len(), run.quarantined().len()), (1, 1));
}

#[test]
fn headers_of_ones_own_are_sent_once() {
    for (name, others) in [("Content-Type", ""), ("content-type", r#","gzip":true"#)] {
        let to =
            format!(r#"{{"http":{{"url":"https://x","headers":{{"{name}":"application/vnd.my+json"}}{others}}}}}"#);
        let pipeline = Pipeline::compile(&policy(&to)).expect("a policy");
        let headers = &pipeline.routes()[0].to.request().expect("a request").headers;
        let types: Vec<_> = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-type")).collect();
        assert_eq!(types, [&(name.to_owned(), "application/vnd.my+json".to_owned())]);
    }
}

/// A Workato job whose lines hold so many bytes each.
fn job(lines: &[usize]) -> String {
    let lines: Vec<Value> = lines
        .iter()
        .enumerate()
        .map(|(n, len)| serde_json::json!({ "recipe_line_number": n, "output": { "text": "x".repeat(*len) } }))
        .collect();
    serde_json::json!({
        "id": "j-1", "flow_id": 7, "recipe_id": 7, "status": "succeeded", "started_at": "2026-05-04T06:00:00Z",
        "completed_at": "2026-05-04T06:00:01Z", "title": "t".repeat(300), "part": 3,
        "context": { "user_email": "ana@example.org" }, "lines": lines,
    })
    .to_string()
}

/// What comes of an input over one route: its records, and the report.
fn through(route: &str, input: &str) -> (Vec<Value>, logweir::Report) {
    let policy = format!(
        r#"{{"logweir":1,"redact":[{{"path":"context.user_email"}}],"routes":[{{"name":"out",{route}}},{{"name":"all"}}]}}"#
    );
    let mut run = Pipeline::compile(&policy).unwrap_or_else(|problems| panic!("{problems}")).run();
    run.begin(Format::Ndjson);
    run.push(input.as_bytes());
    let mut records = values(run.output(0).bytes);
    run.end();
    records.extend(values(run.output(0).bytes));
    let report = run.report();
    assert_eq!(report.records, report.kept + report.filtered + report.quarantined);
    assert_eq!(report.routes[0].records, records.len() as u64);
    assert!(!format!("{records:?}").contains("ana@example"), "redacted in every form");
    (records, report)
}

#[test]
fn too_large_a_run_goes_without_its_steps() {
    let http = r#""to":{"http":{"url":"https://any.example"}}"#;
    let job = job(&[600_000, 600_000]);
    let wrapped = serde_json::json!({ "log": job }).to_string();
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(1_000_001));
    let input = [&*job, &wrapped, "{\"a\":1}", &long, &job].join("\n");
    let (records, report) = through(&[http, r#","oversize":"summary""#].concat(), &input);
    assert_eq!((report.kept, report.quarantined, report.routes[0].oversize), (4, 1, 3));
    assert_eq!(report.reasons, [("R202", 1)]);
    assert_eq!(report.routes[1].records, 4, "all routes or none");
    assert_eq!(report.rules, [3], "what was applied twice is told once");
    assert_eq!(records[0]["lines"], "Log lines exceed size limit");
    assert_eq!(records[0]["context"], serde_json::json!({ "user_email": "[redacted]" }));
    let inner: Value = serde_json::from_str(records[1]["log"].as_str().expect("a string")).expect("JSON");
    assert_eq!(inner, records[0]);
    assert_eq!(records[2], serde_json::json!({ "a": 1 }));
    assert_eq!(records.len(), 4);
    // Workato's own limit, where the receiver has none.
    let (records, report) = through(r#""oversize":{"summary":{"above":1000000}}"#, &job);
    assert_eq!((&records[0]["lines"], report.routes[0].oversize), (&"Log lines exceed size limit".into(), 1));
    let (records, report) = through(r#""oversize":"summary""#, &job);
    assert_eq!((records[0]["lines"].as_array().map(Vec::len), report.routes[0].oversize), (Some(2), 0));
}

#[test]
fn too_large_a_run_is_split_into_itself_and_its_steps() {
    let input = [&job(&[600_000, 10, 600_000]) as &str, "{\"a\":1}"].join("\n");
    let (records, report) = through(r#""to":{"http":{"url":"https://any.example"}},"oversize":"split""#, &input);
    assert_eq!((report.kept, report.quarantined), (2, 0));
    assert_eq!((report.routes[0].oversize, report.routes[0].records), (1, 5));
    assert_eq!((records[0].get("lines"), &records[0]["part"]), (None, &3.into()));
    for (number, step) in records[1..4].iter().enumerate() {
        assert_eq!(step["lines"][0]["recipe_line_number"], number);
        assert_eq!(step["part"], serde_json::json!({ "step": number + 1, "of": 3 }));
        assert_eq!((&step["id"], &step["flow_id"], step.get("title")), (&"j-1".into(), &7.into(), None));
    }
    assert_eq!(records[4], serde_json::json!({ "a": 1 }));
    // The pieces are events of their own for the destination.
    let (records, _) = through(r#""to":{"sumo":{}},"oversize":"split""#, &job(&[40_000, 40_000]));
    assert_eq!(records.len(), 3);
    assert!(records.iter().all(|record| record["run.id"] == "j-1" && record["type"] == "workato.job"));
    // All of the pieces, or none.
    let (records, report) = through(r#""to":{"sumo":{}},"oversize":"split""#, &job(&[10, 70_000]));
    assert_eq!((records.len(), report.kept, report.quarantined, report.routes[0].oversize), (0, 0, 1, 0));
    let (records, report) =
        through(r#""to":{"sumo":{}},"oversize":"split""#, &["{}", &job(&[10, 70_000]), "{}"].join("\n"));
    assert_eq!((records.len(), report.kept, report.quarantined), (2, 2, 1));
}

#[test]
fn what_is_split_and_then_withheld_leaves_no_trace_in_bodies() {
    let job = job(&[20_000, 20_000, 20_000, 70_000]);
    let policy = r#"{"logweir":1,"routes":[{"name":"out","to":{"sumo":{}},"oversize":"split"}]}"#;
    let with =
        [&"{\"a\":1}\n".repeat(30), &[&job, "\n"].concat(), "{\"b\":2}\n"].map(|s| s as &str).concat().repeat(40);
    let without = with.replace(&[&job, "\n"].concat(), "");
    let [one, other] = [with, without].map(|input| {
        let mut run = Pipeline::compile(policy).expect("a policy").run();
        run.push(input.as_bytes());
        run.end();
        (
            run.output(0).bytes.to_vec(),
            run.parts(0).to_vec(),
            run.report().routes[0].records,
            run.report().routes[0].bytes,
        )
    });
    assert!(one == other);
}

#[test]
fn named_texts_of_too_large_records_are_cut() {
    let route = r#""to":{"sumo":{}},"oversize":{"truncate":{"path":["lines[*].output","title"],"to":100}}"#;
    let (records, report) = through(route, &[job(&[70_000, 10]), job(&[10])].join("\n"));
    assert_eq!((report.kept, report.routes[0].oversize), (2, 1));
    let text = records[0]["event"]["lines"][0]["output"]["text"].as_str().expect("a text");
    assert_eq!((text.chars().count(), text.ends_with('…')), (100, true));
    assert_eq!(records[0]["event"]["lines"][1]["output"]["text"], "x".repeat(10));
    assert_eq!(records[1]["event"]["title"], "t".repeat(300), "what fits stays as it is");
    let (records, report) = through(r#""to":{"sumo":{}},"oversize":{"truncate":{"path":"title"}}"#, &job(&[70_000]));
    assert_eq!((records.len(), report.quarantined), (0, 1));
}

#[test]
fn what_is_asked_of_too_large_records_is_checked() {
    for (oversize, code, pointer) in [
        (r#""cut""#, "P103", ""),
        (r#"7"#, "P102", ""),
        (r#"{}"#, "P107", ""),
        (r#"{"summary":{},"truncate":{"path":"a"}}"#, "P107", ""),
        (r#"{"split":{}}"#, "P101", "/split"),
        (r#"{"summary":{"above":0}}"#, "P105", "/summary/above"),
        (r#"{"truncate":{"to":7}}"#, "P104", "/truncate"),
        (r#"{"truncate":{"path":"a..b"}}"#, "P110", "/truncate/path"),
        (r#"{"truncate":{"path":7}}"#, "P102", "/truncate/path"),
    ] {
        let policy = format!(r#"{{"logweir":1,"routes":[{{"name":"out","oversize":{oversize}}}]}}"#);
        let problems = Pipeline::compile(&policy).expect_err("a mistake").problems;
        let found: Vec<_> = problems.iter().map(|p| (p.code, p.pointer.as_str())).collect();
        assert_eq!(found, [(code, &*["/routes/0/oversize", pointer].concat())], "{oversize}");
    }
}

/// Every two of what might end a string, a tag, a line or a framing: 784 texts.
fn hostile() -> Vec<String> {
    let pieces = [
        "",
        "\"",
        "\\",
        "\\\"",
        "\\u0022",
        "\\ud83d",
        "\u{0}",
        "\u{1f}",
        "\u{7f}",
        "\n",
        "\r\n",
        "\t",
        "\u{2028}",
        "\u{202e}",
        "\u{feff}",
        "\u{ffff}",
        "\u{10ffff}",
        "😀",
        "}}",
        "{{{log_message}}}",
        "{{/a}}",
        "]}]}",
        "}\n{\"create\":{}}\n",
        ",\n",
        "${batch}",
        "${DD_API_KEY}",
        "</script>",
        "null",
    ];
    pieces.iter().flat_map(|first| pieces.iter().map(move |second| [*first, *second].concat())).collect()
}

#[test]
fn no_text_breaks_out_of_what_a_destination_or_template_puts_around_it() {
    let texts = hostile();
    assert!(texts.len() > 500);
    let events: Vec<String> = texts
        .iter()
        .map(|text| {
            let inner = serde_json::json!({ text.as_str(): [text] }).to_string();
            serde_json::json!({
                "id": text, "flow_id": 7, "status": text, "started_at": "2026-05-04T06:00:00Z", "completed_at": text,
                "title": text, "error": inner, "error_type": text, "context": { "user_id": text, "recipe_name": text },
                "lines": [{ text.as_str(): text }, text],
            })
            .to_string()
        })
        .collect();
    let own = r#""template":"{\"{{title}}\":[{{#lines}}{{.}},\"{{.}}\"{{/lines}}],\"s\":\"{{#title}}<{{.}}>{{/title}}{{error}}\",\"m\":{{{log_message_str}}},\"d\":{{error_type | default:\"}\"}},\"e\":[{{@message | upper}},\"{{status | map:a=b,*=c}}\"]}","#;
    for (name, to) in POLICIES.iter().filter(|(name, _)| *name != "http") {
        for template in ["", own].into_iter().take(if matches!(*name, "elastic" | "sentry") { 2 } else { 1 }) {
            let policy = format!(
                r#"{{"logweir":1,"accept":{{}},"redact":[{{"path":"title","with":{{"truncate":3}}}}],"routes":[{{{template}"name":"out","to":{to}}}]}}"#
            );
            let mut run = Pipeline::compile(&policy).unwrap_or_else(|problems| panic!("{name}: {problems}")).run();
            run.begin(Format::Ndjson);
            let mut seen = 0;
            let mut gather = |run: &logweir::Run| {
                let mut start = 0;
                for part in run.parts(0) {
                    seen += records(name, &run.output(0).bytes[start..part.end]).len();
                    assert!(!part.key.contains(['\n', '"', '{', '\\']) && !part.key.contains(".."), "{}", part.key);
                    start = part.end;
                }
            };
            run.push(events.join("\n").as_bytes());
            gather(&run);
            run.end();
            gather(&run);
            assert_eq!(run.report().quarantined, 0, "{name}");
            assert_eq!(seen, events.len(), "{name}");
        }
    }
}
