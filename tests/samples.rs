//! The platforms' own sample events, where somebody has put them: beside the project, or where LOGWEIR_SAMPLES says.

mod common;

use common::{compile, pieces, whole};
use logweir::Format;
use serde_json::Value;

#[test]
fn samples_of_the_platforms_go_through() {
    let beside = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples");
    let folder = std::env::var_os("LOGWEIR_SAMPLES").map_or(beside, Into::into);
    let Ok(files) = std::fs::read_dir(&folder) else {
        println!("skipped: no samples in {}", folder.display());
        return;
    };
    let plain = compile(r#"{"logweir":1}"#);
    let rules = compile(
        r#"{"logweir":1,"redact":[{"path":["**.user_email","**.email","**.ip_address"]},{"path":"**.lines[*].input","with":"remove"},{"path":"**.user.name"}]}"#,
    );
    let mut seen = 0;
    for path in files.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "ndjson"))
    {
        let input = std::fs::read(&path).expect("a readable sample");
        let lines: Vec<&[u8]> = input.split(|&b| b == b'\n').filter(|line| !line.trim_ascii().is_empty()).collect();
        seen += lines.len();
        let same = whole(&mut plain.run(), &input, Format::Auto);
        assert_eq!(same.report.kept, lines.len() as u64, "{}: {:?}", path.display(), same.quarantined);
        assert_eq!(same.routes[0], lines.iter().flat_map(|l| [l.trim_ascii(), b"\n"].concat()).collect::<Vec<u8>>());
        let out = whole(&mut rules.run(), &input, Format::Auto);
        assert_eq!(out.report.kept, lines.len() as u64);
        assert!(out.report.rules[0] > 0);
        for (before, after) in lines.iter().zip(out.routes[0].split(|&b| b == b'\n')) {
            let (before, after): (Value, Value) =
                (serde_json::from_slice(before).unwrap(), serde_json::from_slice(after).unwrap());
            assert_redacted(&before, &after, "");
        }
        assert_eq!(pieces(&mut rules.run(), input.chunks(777), Format::Auto), out);
    }
    println!("{seen} samples");
}

/// What the rules name has gone, what they do not name is as it was.
fn assert_redacted(before: &Value, after: &Value, way: &str) {
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in old {
                let gone = way == "lines" && key == "input";
                match new.get(key) {
                    None => assert!(gone, "{key} has gone"),
                    Some(found) => {
                        assert!(!gone, "{key} is still there");
                        let marked = matches!(key.as_str(), "user_email" | "email" | "ip_address")
                            || (way == "user" && key == "name");
                        match marked {
                            true => assert_eq!(found, "[redacted]"),
                            false => assert_redacted(value, found, key),
                        }
                    }
                }
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            assert_eq!(old.len(), new.len());
            for (old, new) in old.iter().zip(new) {
                assert_redacted(old, new, way);
            }
        }
        (Value::String(old), Value::String(new)) if old != new => {
            let inner = (serde_json::from_str::<Value>(old), serde_json::from_str::<Value>(new));
            match inner {
                (Ok(old), Ok(new)) => assert_redacted(&old, &new, way),
                _ => assert_eq!(new, "[withheld]"),
            }
        }
        _ => assert_eq!(before, after),
    }
}
