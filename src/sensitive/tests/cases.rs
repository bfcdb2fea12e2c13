//! The cases of `tests/detectors`.

use super::*;
use crate::common::detectors;

/// A text and what is to be found in it.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) key: String,
    pub(super) text: String,
    pub(super) spans: Vec<Span>,
}

pub(super) struct Cases {
    pub(super) kind: Kind,
    pub(super) finds: Vec<Case>,
    pub(super) passes: Vec<Case>,
}

pub(super) fn cases() -> Vec<Cases> {
    cases_drawn(1)
}

fn cases_drawn(seed: u64) -> Vec<Cases> {
    let case = |case: &detectors::Case| {
        let spans = case.spans.iter().map(|span| Span { start: span.start, end: span.end }).collect();
        Case { key: case.key.clone(), text: case.text.clone(), spans }
    };
    let read = |(kind, name): &(Kind, &str)| {
        let cases = detectors::Cases::of(name, seed);
        Cases {
            kind: *kind,
            finds: cases.finds.iter().map(case).collect(),
            passes: cases.passes.iter().map(case).collect(),
        }
    };
    Kind::ALL.iter().map(read).collect()
}

#[test]
fn cases_hold() {
    let mut wrong = Vec::new();
    for Cases { kind, finds, passes } in cases() {
        assert!(finds.len() >= 3 && passes.len() >= 5, "{kind:?} has too few cases");
        for case in finds.iter().chain(&passes) {
            let found = found_by(kind, &case.text, &case.key);
            if found != case.spans {
                let found: Vec<&str> = found.iter().map(|span| &case.text[span.start..span.end]).collect();
                wrong.push(format!("{kind:?}: {} {:?}: {found:?}", case.key, case.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// Places of a value in a text; none of them may keep it from being found whole.
const PLACES: [&str; 24] = [
    "{}",
    " {} ",
    "the value {} stands here",
    "{}, and more",
    "it is {}.",
    "({})",
    "[{}]",
    "<{}>",
    "\"{}\"",
    "'{}'",
    "`{}`",
    "value={}",
    "value: {}",
    "value:{}",
    "a=1&value={}&b=2",
    "https://acme.example/?value={}&b=2",
    "{\"value\":\"{}\"}",
    "{'value': '{}'}",
    "x;{};y",
    "x|{}|y",
    "x,{},y",
    "line\n{}\nline",
    "tab\t{}\ttab",
    "é{}!",
];

#[test]
fn values_are_found_wherever_they_stand() {
    let mut wrong = Vec::new();
    for Cases { kind, finds, .. } in cases() {
        let needs_words = |case: &&Case| case.key.is_empty() && case.text.len() == case.spans[0].len();
        for case in finds.iter().filter(needs_words) {
            for place in PLACES {
                let before = place.find("{}").expect("a place");
                let text = place.replacen("{}", &case.text, 1);
                let found = found_by(kind, &text, "");
                let end = before + case.text.len();
                // Exactly where a character of the value might as well be one of the text around it.
                let covered = found.iter().any(|span| span.start <= before && span.end >= end);
                let exact = found.contains(&Span { start: before, end });
                let greedy = matches!(kind, Kind::Email)
                    && (place.starts_with('é') || case.text.starts_with(['"', '#', '%']))
                    || matches!(kind, Kind::PrivateKey | Kind::Phone | Kind::Ip);
                let odd = kind == Kind::Email && case.text.starts_with('#'); // an address only where it is the whole text
                if !odd && (!covered || !exact && !greedy) {
                    wrong.push(format!("{kind:?}: {text:?}: {found:?} but {before}..{end}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// How a character of a value is written, by its place.
type Disguise = fn(usize, char) -> String;

const DISGUISES: [(&str, Disguise); 7] = [
    ("zero width", |place, c| if place % 3 == 1 { format!("\u{200B}{c}") } else { c.to_string() }),
    ("soft hyphen", |place, c| if place % 4 == 2 { format!("{c}\u{AD}") } else { c.to_string() }),
    ("right to left", |place, c| if place == 1 { format!("\u{202E}{c}\u{202C}") } else { c.to_string() }),
    ("keycap", |_, c| if c.is_ascii_digit() { format!("{c}\u{FE0F}\u{20E3}") } else { c.to_string() }),
    ("full width", |_, c| match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).expect("a form").to_string(),
        c => c.to_string(),
    }),
    ("other digits", |_, c| match c.to_digit(10) {
        Some(digit) => char::from_u32(0x0660 + digit).expect("a digit").to_string(),
        None => c.to_string(),
    }),
    ("other marks", |_, c| match c {
        '-' => '\u{2010}'.to_string(),
        ' ' => '\u{A0}'.to_string(),
        '.' => '\u{2024}'.to_string(),
        c => c.to_string(),
    }),
];

#[test]
fn no_disguise_hides_a_value() {
    let mut wrong = Vec::new();
    for Cases { kind, finds, .. } in cases() {
        for case in finds.iter().filter(|case| case.text.is_ascii()) {
            for (name, disguise) in DISGUISES {
                let mut text = String::new();
                let mut spans = case.spans.clone();
                for (place, (at, c)) in case.text.char_indices().enumerate() {
                    let start = text.len();
                    text += &disguise(place, c);
                    for (new, old) in spans.iter_mut().zip(&case.spans) {
                        if old.start == at {
                            new.start = start;
                        }
                        if old.end == at + 1 {
                            new.end = text.len();
                        }
                    }
                }
                let found = found_by(kind, &text, &case.key);
                let covered = |span: &Span| {
                    // What is invisible before the first character need not be covered.
                    let start = text[span.start..].find(|c: char| !"\u{200B}\u{202E}\u{202C}\u{AD}".contains(c));
                    let start = span.start + start.unwrap_or(0);
                    found.iter().any(|found| found.start <= start && found.end >= span.end)
                };
                if !spans.iter().all(covered) {
                    wrong.push(format!("{kind:?}, {name}: {text:?}: {found:?} but {spans:?}"));
                }
            }
            let encoded: String = case.text.bytes().map(|byte| format!("%{byte:02x}")).collect();
            let spans: Vec<Span> =
                case.spans.iter().map(|span| Span { start: 3 * span.start, end: 3 * span.end }).collect();
            let found = found_by(kind, &encoded, &case.key);
            if !spans.iter().all(|span| found.iter().any(|found| found.start <= span.start && found.end >= span.end)) {
                wrong.push(format!("{kind:?}, percent-encoded: {encoded:?}: {found:?} but {spans:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn drawn_anew_tokens_are_found_as_well() {
    for seed in 2..60 {
        for Cases { kind, finds, .. } in cases_drawn(seed).into_iter().filter(|cases| cases.kind != Kind::Entropy) {
            for case in finds {
                assert_eq!(found_by(kind, &case.text, &case.key), case.spans, "{kind:?} {:?}", case.text);
            }
        }
    }
}

/// All detectors at once leave nothing of what one of them finds.
#[test]
fn together_they_find_no_less() {
    let detectors = all(false);
    for Cases { kind, finds, .. } in cases().into_iter().filter(|cases| cases.kind != Kind::Entropy) {
        for case in finds {
            let found = found(&detectors, &case.text, &case.key);
            for span in &case.spans {
                let covered = found.iter().any(|found| found.span.start <= span.start && found.span.end >= span.end);
                assert!(covered, "{kind:?} {:?}: {found:?}", case.text);
            }
        }
    }
}

#[test]
fn what_overlaps_becomes_one() {
    let detectors = all(false);
    let text = "https://bob:eve@acme.com/ Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0";
    let told: Vec<(&str, &str)> = found(&detectors, text, "")
        .iter()
        .map(|found| (Kind::ALL[usize::from(found.detector)].1, &text[found.span.start..found.span.end]))
        .collect();
    assert_eq!(told, [("email", "eve@acme.com"), ("jwt", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0")]);
}

#[test]
fn a_value_counts_as_what_the_schema_says_only_if_it_is_one() {
    let detectors = all(false);
    let found = |text: &str, known: Known| {
        let mut out = Vec::new();
        let context = Context { known: Some(known), number: true, key: b"" };
        detectors.find(text.as_bytes(), context, &mut Scratch::default(), &mut out);
        out.len()
    };
    for (text, known, expected) in [
        ("1703275739238000", Known::Timestamp, 0),
        ("1703275739", Known::Timestamp, 0),
        ("1703275739.238", Known::Timestamp, 0),
        ("2026-05-01T04:51:01Z", Known::Timestamp, 0),
        ("2026-05-01", Known::Timestamp, 0),
        ("4111111111111111", Known::Timestamp, 1),
        ("2223003122003222", Known::Timestamp, 1),
        ("bob@acme.com", Known::Timestamp, 1),
        ("3f2504e0-4f89-41d3-9a0c-0305e82c3301", Known::Uuid, 0),
        ("4111111111111111", Known::Uuid, 1),
        ("4111111111111111", Known::Id, 1),
        ("4111111111111111", Known::Count, 1),
        ("555-123-4567", Known::Id, 1),
        ("12345678901", Known::Id, 0),
    ] {
        assert_eq!(found(text, known), expected, "{text} as {known:?}");
    }
    assert!(Known::Id.holds(b"507f1f77bcf86cd799439011") && Known::Id.holds(b"01ARZ3NDEKTSV4RRFFQ69G5FAV"));
    assert!(Known::Count.holds(b"-12.5") && !Known::Count.holds(b"1.") && !Known::Count.holds(b""));
}

#[test]
fn cards_are_found_in_numbers_however_they_are_written() {
    let detectors = all(false);
    for (text, expected) in [
        ("4111111111111111", true),
        ("4.111111111111111e15", true),
        ("4.111111111111111E+15", true),
        ("411111111111111.1e1", true),
        ("4111111111111111.0", true),
        ("4.111111111111111e14", false),
        ("1703275739238000", false),
        ("1e400", false),
        ("1.5e-3", false),
    ] {
        let mut out = Vec::new();
        let context = Context { number: true, ..Context::default() };
        detectors.find(text.as_bytes(), context, &mut Scratch::default(), &mut out);
        assert_eq!(!out.is_empty(), expected, "{text}");
    }
}

#[test]
fn own_patterns_find_all_their_matches() {
    let own = |pattern: &str, check| Own { pattern: crate::pattern::Finder::new(pattern).expect("a pattern"), check };
    let told = |own: Own, text: &str| -> Vec<String> {
        let detectors = Detectors::new(Kinds::default(), vec![own]).expect("one");
        let found = found(&detectors, text, "");
        assert!(found.iter().all(|found| usize::from(found.detector) == Kind::ALL.len()));
        found.iter().map(|found| text[found.span.start..found.span.end].to_owned()).collect()
    };
    assert_eq!(told(own(r"CUST-\d{3,6}", None), "CUST-123, xCUST-1234567 CUST-1"), ["CUST-123", "CUST-123456"]);
    assert_eq!(told(own(r"\b\d{5}\b", None), "12345 123456 54321"), ["12345", "54321"]);
    assert_eq!(told(own(r"^a+", None), "aaa aa"), ["aaa"]);
    assert_eq!(told(own(r"a+$", None), "aaa aa"), ["aa"]);
    assert_eq!(told(own(r"a*", None), "baab"), ["aa"]);
    assert_eq!(told(own(r"a|ab|abc", None), "abcab"), ["abc", "ab"]);
    assert_eq!(told(own(r"\d{16}", Some(Check::Luhn)), "1234567812345670 1234567812345678"), ["1234567812345670"]);
    assert_eq!(told(own(r"[A-Z0-9]{22}", Some(Check::Mod97)), "DE89370400440532013000"), ["DE89370400440532013000"]);
    assert_eq!(told(own(r"\d+", None), "１２ 3"), ["１２", "3"]); // as it reads
}

#[test]
fn every_serial_of_a_valid_area_and_group_is_found() {
    for serial in 0..=9999 {
        let text = format!("123-45-{serial:04}");
        assert_eq!(found_by(Kind::Ssn, &text, "").len(), usize::from(serial > 0), "{text}");
    }
    for area in 0..=999 {
        let text = format!("{area:03}-45-6789");
        let valid = area != 0 && area != 666 && area < 900;
        assert_eq!(found_by(Kind::Ssn, &text, "").len(), usize::from(valid), "{text}");
    }
}

#[test]
fn wrapped_texts_are_opened_and_closed_again() {
    let text = r#"{"email":"bob@acme.com","n":"Zoë?>"}"#;
    for alphabet in [(false, true), (true, false), (true, true)].map(|(url, padded)| Alphabet { url, padded }) {
        let mut wrapped = b"data:application/json;base64,".to_vec();
        let start = wrapped.len();
        alphabet.encode(text.as_bytes(), &mut wrapped);
        let end = wrapped.len();
        wrapped.extend(b" and more");
        let mut out = Vec::new();
        let found = next_base64(&wrapped, 0, &mut out).expect("a stretch");
        assert_eq!((found.span, out.as_slice()), (Span { start, end }, text.as_bytes()));
        let mut again = Vec::new();
        found.encode(&wrapped, &out, &mut again);
        assert_eq!(again, wrapped[start..end], "{text}");
        assert_eq!(next_base64(&wrapped, end, &mut out), None);
    }
    for plain in
        ["just words that are long enough", "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "salesforce_search_records"]
    {
        assert_eq!(next_base64(plain.as_bytes(), 0, &mut Vec::new()), None, "{plain}");
    }
    let (mut said, mut again) = (Vec::new(), Vec::new());
    assert!(unescape_percent(b"100%%7B%22a%22%7d%C3%a9%zz", &mut said));
    assert_eq!(said, "100%{\"a\"}é%zz".as_bytes());
    escape_percent("{\"é\"}~".as_bytes(), &mut again);
    assert_eq!(again, b"%7B%22%C3%A9%22%7D~");
    assert!(!unescape_percent(b"100%", &mut said));
}

/// Every stretch of base64 in a text, and what it says.
fn unwrapped(text: &str) -> Vec<(String, String)> {
    let (mut all, mut from, mut said) = (Vec::new(), 0, Vec::new());
    while let Some(wrapped) = next_base64(text.as_bytes(), from, &mut said) {
        from = wrapped.span.end;
        let raw = &text[wrapped.span.start..from];
        let mut again = Vec::new();
        wrapped.encode(text.as_bytes(), &said, &mut again);
        assert_eq!(again, raw.as_bytes(), "{text}");
        all.push((raw.to_owned(), String::from_utf8(said.clone()).expect("a text")));
    }
    all
}

#[test]
fn base64_is_read_between_signs_that_are_letters_of_it() {
    let (ana, key) = ("YW5hLnNjaG1pZHRAZXhhbXBsZS5vcmc", "eyJwYXNzd29yZCI6Imh1bnRlcjIifQ");
    for (wrapped, said) in [(ana, "ana.schmidt@example.org"), (key, r#"{"password":"hunter2"}"#)] {
        for place in [
            "{}",
            "https://x.example/u/{}",
            "/x/{}",
            "/{}/edit",
            "token_{}",
            "user-{}",
            "a_b_{}_c-d",
            "{}/{}",
            "A-{}",
            "3f2504e0-4f89-41d3-9a0c-0305e82c3301/{}",
            "{}_3f2504e0-4f89-41d3-9a0c-0305e82c3301",
            "/{}/z",
            "-{}--{}",
        ] {
            let text = place.replace("{}", wrapped);
            let found: usize = unwrapped(&text).iter().map(|found| found.1.matches(said).count()).sum();
            assert_eq!(found, place.matches("{}").count(), "{text}: {:?}", unwrapped(&text));
        }
    }
    // A sign in it is one of its letters.
    let text = "/u/ew0KPz4_fj8-P35-Pz8_Pj4-Pg/1";
    assert_eq!(unwrapped(text), [("ew0KPz4_fj8-P35-Pz8_Pj4-Pg".to_owned(), "{\r\n?>?~?>?~~???>>>>".to_owned())]);
}

#[test]
fn base64_goes_on_in_the_next_line() {
    let text =
        r#"{"name":"Ana Schmidt","email":"ana.schmidt@example.org","note":"a line of base64 takes 57 of these"}"#;
    let mut letters = Vec::new();
    Alphabet { url: false, padded: true }.encode(text.as_bytes(), &mut letters);
    for (width, end) in [(76, "\r\n"), (76, "\n"), (64, "\n"), (60, "\n")] {
        let lines: Vec<&str> = letters.chunks(width).map(|line| str::from_utf8(line).expect("ASCII")).collect();
        let wrapped = lines.join(end);
        for place in ["{}", "Content:\n\n{}\n\nand more", "{}\n"] {
            let found = unwrapped(&place.replace("{}", &wrapped));
            assert_eq!(found, [(wrapped.clone(), text.to_owned())], "{width}");
        }
    }
    // Shorter lines are texts of their own.
    assert_eq!(unwrapped("YW5hQGV4YW1wbGUub3Jn\nYm9iQGV4YW1wbGUub3Jn").len(), 2);
}

#[test]
fn base64_may_say_utf_16_and_text_with_nul() {
    let said = |text: &str| unwrapped(text).into_iter().map(|(_, said)| said).collect::<Vec<_>>();
    assert_eq!(said("AGFuYUBleGFtcGxlLm9yZwBzM2NyZXRwdw=="), ["\0ana@example.org\0s3cretpw"]);
    for big_endian in [false, true] {
        for text in ["ana@example.org", "\u{FEFF}ana@example.org", "Zoë 😀 ana@example.org", "\u{FEFF}Юрий"] {
            let swap = |unit: u16| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() };
            let bytes: Vec<u8> = text.encode_utf16().flat_map(swap).collect();
            let mut wrapped = Vec::new();
            Alphabet { url: false, padded: true }.encode(&bytes, &mut wrapped);
            assert_eq!(said(str::from_utf8(&wrapped).expect("ASCII")), [text], "{big_endian}");
        }
    }
    assert_eq!(said("AAAAAAAAAAAAAAAA"), [""; 0]);
}
