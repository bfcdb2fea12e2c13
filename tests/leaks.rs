//! The leak corpus: whatever a detector finds, in every place and form that an event may have it in. None of it is left,
//! and every other byte stays.

mod common;

use common::detectors::{Case, Cases};
use common::encodings::{STD, URL, base64, full_width, percent, quoted, readings, unpercent, zero_width};
use common::{compile, whole};
use logweir::{Format, Run};
use serde_json::json;

const DETECTORS: [&str; 13] = [
    "private_key",
    "secret",
    "jwt",
    "authorization",
    "url_password",
    "card",
    "iban",
    "ssn",
    "email",
    "phone",
    "ip",
    "mac",
    "entropy",
];
const REDACTED: &str = "[redacted]";

/// An object between two members that look like something and are not.
fn object(key: &str, value: &str) -> String {
    let key = if key.is_empty() { "v" } else { key };
    format!(r#"{{ "a" :"\u0061\/b","n":1.50e-06,{}:{value},"z":[1694081235979123457, "{{x}}"]}}"#, quoted(key))
}

/// A JSON text in so many strings.
fn embedded(depth: usize, document: String) -> String {
    (0..depth).fold(document, |document, level| format!(r#"{{"d{level}":{}}}"#, quoted(&document)))
}

/// How a text is put into a record; the same is done to what should come out, where everything found is replaced.
type Form = fn(&Case, &str) -> Option<String>;

const FORMS: [(&str, Form); 22] = [
    ("plain", |case, text| Some(object(&case.key, &quoted(text)))),
    ("number", |case, text| {
        let is_number = case.is_value() && serde_json::from_str::<serde_json::Number>(&case.text).is_ok();
        let value = if text == REDACTED { quoted(text) } else { text.to_owned() };
        is_number.then(|| object(&case.key, &value))
    }),
    ("escaped", |case, text| {
        let escaped: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        // What is left and what is put in are written differently: only for whole values.
        let value = if text == REDACTED { quoted(text) } else { format!("\"{escaped}\"") };
        case.is_value().then(|| object(&case.key, &value))
    }),
    ("object key", |case, text| case.key.is_empty().then(|| format!(r#"{{"a":0,{}:{{"b":1}}}}"#, quoted(text)))),
    ("array", |case, text| Some(object(&case.key, &format!(r#"["x", {0},[{0}]]"#, quoted(text))))),
    ("string at depth 1", |case, text| Some(embedded(1, object(&case.key, &quoted(text))))),
    ("string at depth 2", |case, text| Some(embedded(2, object(&case.key, &quoted(text))))),
    ("string at depth 3", |case, text| Some(embedded(3, object(&case.key, &quoted(text))))),
    ("string at depth 4", |case, text| Some(embedded(4, object(&case.key, &quoted(text))))),
    ("number in a string", |case, text| {
        let is_number = case.is_value() && serde_json::from_str::<serde_json::Number>(&case.text).is_ok();
        let value = if text == REDACTED { quoted(text) } else { text.to_owned() };
        is_number.then(|| embedded(2, object(&case.key, &value)))
    }),
    ("key in a string", |case, text| case.key.is_empty().then(|| embedded(1, format!(r#"{{{}:[]}}"#, quoted(text))))),
    ("percent-encoded", |case, text| Some(object(&case.key, &quoted(&percent(text))))),
    ("percent-encoded in small letters, each byte", |case, text| {
        let every = |text: &str| text.bytes().map(|b| format!("%{b:02x}")).collect::<String>();
        let (mut out, mut rest) = (String::new(), text);
        while let Some((before, behind)) = rest.split_once(REDACTED) {
            out += &(every(before) + &percent(REDACTED));
            rest = behind;
        }
        Some(object(&case.key, &quoted(&(out + &every(rest)))))
    }),
    ("percent-encoded JSON", |case, text| Some(object("q", &quoted(&percent(&object(&case.key, &quoted(text))))))),
    ("base64", |case, text| Some(object(&case.key, &quoted(&base64(text, STD, true))))),
    ("base64url", |case, text| Some(object(&case.key, &quoted(&base64(text, URL, false))))),
    ("base64url in a path", |case, text| {
        // Shorter stretches are looked into only where they are all of a text.
        let is_long = case.text.len() >= 6;
        is_long.then(|| object(&case.key, &quoted(&format!("https://x.example/a_b/{}", base64(text, URL, false)))))
    }),
    ("base64 of JSON", |case, text| Some(object("q", &quoted(&base64(&object(&case.key, &quoted(text)), STD, true))))),
    ("value of a document in its string", |case, text| {
        let is_quoted = !text.starts_with('"');
        is_quoted.then(|| object(&case.key, &quoted(&quoted(text))))
    }),
    ("duplicate key", |case, text| {
        let key = if case.key.is_empty() { "k" } else { &case.key };
        Some(format!(r#"{{{0}:{1},"x":1,{0}:{1},{0}:"last"}}"#, quoted(key), quoted(text)))
    }),
    ("__proto__", |case, text| {
        (case.key.is_empty())
            .then(|| format!(r#"{{"__proto__":{0},"constructor":{{"__proto__":[{0}]}}}}"#, quoted(text)))
    }),
    ("text around JSON", |case, text| {
        Some(object("m", &quoted(&format!("failed with {} at once", object(&case.key, &quoted(text))))))
    }),
];

/// What every character of a value becomes.
type Disguise = fn(char) -> String;

const DISGUISES: [(&str, Disguise); 2] = [("full-width", full_width), ("zero-width", zero_width)];

/// A case with each found value replaced.
fn replaced(case: &Case) -> String {
    let (mut out, mut at) = (String::new(), 0);
    for span in &case.spans {
        out += &case.text[at..span.start];
        out += REDACTED;
        at = span.end;
    }
    out + &case.text[at..]
}

fn redacted(run: &mut Run, record: &str) -> String {
    let outcome = whole(run, record.as_bytes(), Format::Json);
    assert_eq!(outcome.report.quarantined, 0, "{record}");
    outcome.text().trim_end_matches('\n').to_owned()
}

fn detecting(detectors: &[&str]) -> Run {
    compile(&json!({ "logweir": 1, "redact": [{ "detect": detectors, "with": "replace" }] }).to_string()).run()
}

/// Without percent-encoding, be it encoded again or not.
fn plain(text: &str) -> String {
    (0..3).fold(text.to_owned(), |text, _| unpercent(&text))
}

/// A text that can be written as each form wants.
fn all_forms(case: &Case, wrong: &mut Vec<String>, run: &mut Run, name: &str) -> usize {
    let mut count = 0;
    for (form, put) in FORMS {
        let (Some(record), Some(wanted)) = (put(case, &case.text), put(case, &replaced(case))) else { continue };
        // What cannot be told byte by byte: the limit of depths, and percent-encoding in base64.
        if form == "string at depth 4" && case.text.starts_with(['{', '"'])
            || form.starts_with("base64") && case.text.contains('%')
        {
            continue;
        }
        count += 1;
        let found = redacted(run, &record);
        // Where something is percent-encoded, what is put in may be too; base64's padding is optional.
        let same = match form {
            "base64url" | "base64url in a path" => plain(&found.replace('=', "").replace('+', "-")) == plain(&wanted),
            _ => found == wanted || plain(&found) == plain(&wanted),
        };
        if !same {
            wrong.push(format!("{name}, {form}: {}\n  wanted {wanted}\n  found  {found}", case.text));
        }
    }
    count
}

#[test]
fn nothing_found_is_left_and_nothing_else_changes() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for name in DETECTORS {
        let mut run = detecting(&[name]);
        for case in Cases::of(name, 1).finds {
            count += all_forms(&case, &mut wrong, &mut run, name);
            for (form, disguise) in DISGUISES.iter().filter(|_| case.text.is_ascii() && case.is_value()) {
                let text: String = case.text.chars().map(disguise).collect();
                let found = redacted(&mut run, &object(&case.key, &quoted(&text)));
                count += 1;
                if plain(&found) != object(&case.key, &quoted(REDACTED)) {
                    wrong.push(format!("{name}, {form}: {text}\n  found  {found}"));
                }
            }
        }
    }
    let shown: Vec<&str> = wrong.iter().map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} of {count} wrong\n{}", wrong.len(), shown.join("\n"));
}

/// With all detectors at once, whichever of them finds a value.
#[test]
fn together_they_leave_no_value() {
    let mut run = detecting(&DETECTORS);
    let mut wrong = Vec::new();
    for name in DETECTORS {
        for case in Cases::of(name, 2).finds {
            for (form, put) in FORMS {
                let Some(record) = put(&case, &case.text) else { continue };
                let found = redacted(&mut run, &record);
                let hides = |value: &&str| value.len() > 4 && replaced(&case).find(*value).is_none();
                let readings = readings(&found);
                let left = case.values().filter(hides).find(|value| readings.iter().any(|text| text.contains(*value)));
                if left.is_some() {
                    wrong.push(format!("{name}, {form}: {record}\n  found  {found}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
