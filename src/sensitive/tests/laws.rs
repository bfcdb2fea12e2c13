//! Laws: on any text what is found is in order, apart and inside it, and takes time in proportion to the text.

use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::*;

use super::cases::cases;
use super::scan::time_end;
use super::*;
use crate::common::seed::config;

/// Texts of pieces that detectors stop at.
fn text() -> impl Strategy<Value = String> {
    let values: Vec<String> = cases().into_iter().flat_map(|cases| cases.finds).map(|case| case.text).collect();
    let piece = prop_oneof![
        2 => prop::sample::select(values),
        3 => "[0-9 .:@+%J_=~-]{1,12}",
        2 => "[a-fA-F0-9:]{1,20}",
        2 => prop::sample::select(vec!["eyJ", "-----BEGIN ", "PRIVATE KEY-----", "://", "sk-", "Bearer ", "%40", "%2B", "%25", "ghp_", "\u{200B}", "１", "é", "\u{301}", "AccountKey=", "apikey="]).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn findings_are_in_order_and_apart(text in text()) {
        let spans: Vec<Span> = found(&all(true), &text, "phone").iter().map(|found| found.span).collect();
        for span in &spans {
            prop_assert!(span.start < span.end && span.end <= text.len());
            prop_assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end), "{:?} in {:?}", span, text);
        }
        prop_assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start), "{:?}", spans);
    }

    #[test]
    fn bytes_that_are_no_text_do_no_harm(bytes in vec(any::<u8>(), 0..80), number in any::<bool>()) {
        let mut out = Vec::new();
        let context = Context { key: b"key", known: None, number };
        all(true).find(&bytes, context, &mut Scratch::default(), &mut out);
        prop_assert!(out.iter().all(|found| found.span.start < found.span.end && found.span.end <= bytes.len()));
        prop_assert!(out.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start));
    }

    #[test]
    fn what_one_finds_no_other_hides(text in text()) {
        let together = found(&all(true), &text, "");
        for (kind, _) in Kind::ALL {
            for span in found_by(kind, &text, "") {
                let covered = together.iter().any(|found| found.span.start <= span.start && found.span.end >= span.end);
                prop_assert!(covered, "{:?} {:?} in {:?}: {:?}", kind, span, text, together);
            }
        }
    }
}

/// Pieces which, said again and again, would make some detector read the same bytes again and again.
#[test]
fn hostile_texts_take_linear_time() {
    let detectors = all(true);
    let pieces = [
        "1",
        "1 ",
        "11-",
        "4",
        "4111 ",
        "4.",
        "@",
        "a@",
        "a@a.",
        "a.",
        "-",
        "--",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----",
        ":",
        "a:",
        "::",
        "1:",
        "eyJ",
        "eyJ-",
        "eyJ.",
        "eyJhbGciOiJI.",
        "sk-",
        "sk-1",
        "ghp_",
        "_",
        "=",
        "apikey=",
        "apikey=a1",
        "Bearer ",
        "Basic ",
        "Basic a",
        "b",
        "://",
        "a://:",
        "a://:@",
        "%",
        "%25",
        "%40",
        "%2B",
        "+1",
        "+",
        "(1",
        "é",
        "\u{200B}",
        "１",
        "１@",
        "DE89",
        "AKIA",
        "\"",
        "\"@",
        "aA1",
        "Q~",
        "NRAL",
        ":AA",
    ];
    let (mut scratch, mut out) = (Scratch::default(), Vec::new());
    let mut slow = Vec::new();
    for piece in pieces {
        // The same bytes as 16 texts and as one: the machine may be busy for both alike.
        let mut time = |bytes: usize, times: usize| {
            let text = piece.repeat(bytes / piece.len());
            let mut once = || {
                let start = Instant::now();
                (0..times).for_each(|_| {
                    detectors.find(text.as_bytes(), Context::default(), &mut scratch, &mut out);
                });
                start.elapsed()
            };
            once().min(once())
        };
        // Quadratic would be 16 times the time, however often it is tried.
        let mut look = || (time(1 << 10, 16), time(16 << 10, 1));
        let is_slow = |(short, long): &(Duration, Duration)| *long > *short * 5 + Duration::from_millis(5);
        if let Some((short, long)) = (0..8).map(|_| look()).take_while(is_slow).nth(7) {
            slow.push(format!("{piece:?}: {short:?} and {long:?}"));
        }
    }
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}

/// Base64 that seems to begin everywhere and to say a text, and in the end says none.
#[test]
fn hostile_base64_takes_linear_time() {
    let line = "YWFh".repeat(16) + "\n";
    let pieces = [
        "YWFh",
        "YWFh/",
        "YWFhYWFh-",
        "4426",
        "4426/",
        "4+6/",
        "YQBuAGEA-",
        "YQBuAGEA",
        "//5hAG4A/",
        "AGFu",
        "-",
        "-YWFh",
        &line,
        "\n",
        "4L+/",
        "4L+/4L+/YWFh/",
        "AAAA",
    ];
    let mut slow = Vec::new();
    for piece in pieces {
        for end in ["", "AQEB", "A", "/AQEB", "////"] {
            let time = |bytes: usize, times: usize| {
                let text = piece.repeat(bytes / piece.len()) + end;
                let once = || {
                    let (start, mut said) = (Instant::now(), Vec::new());
                    for _ in 0..times {
                        let mut from = 0;
                        while let Some(wrapped) = next_base64(text.as_bytes(), from, &mut said) {
                            from = wrapped.span.end;
                        }
                    }
                    start.elapsed()
                };
                once().min(once())
            };
            let look = || (time(1 << 10, 16), time(16 << 10, 1));
            let is_slow = |(short, long): &(Duration, Duration)| *long > *short * 5 + Duration::from_millis(5);
            if let Some((short, long)) = (0..8).map(|_| look()).take_while(is_slow).nth(7) {
                slow.push(format!("{piece:?} {end:?}: {short:?} and {long:?}"));
            }
        }
    }
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}

/// Own patterns whose matches could be sought again and again.
#[test]
fn hostile_patterns_take_linear_time() {
    for (pattern, piece) in [("a|a[^]*b", "a"), ("(a+)+$", "ab"), ("a{1,50}b", "a"), ("x[a-z]{0,100}y", "x")] {
        let own = Own { pattern: crate::pattern::Finder::new(pattern).expect("a pattern"), check: None };
        let detectors = Detectors::new(Kinds::default(), vec![own]).expect("one");
        let time = |bytes: usize, times: usize| {
            let text = piece.repeat(bytes / piece.len());
            let start = Instant::now();
            (0..times).for_each(|_| {
                found(&detectors, &text, "");
            });
            start.elapsed()
        };
        let (short, long) = (time(4 << 10, 16), time(64 << 10, 1));
        assert!(long < short * 5 + Duration::from_millis(20), "{pattern}: {short:?} and {long:?}");
    }
}

/// Texts such as logs are full of, and such as are nearly something.
fn near_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        "20[0-9]{2}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:?[0-9]{2})?",
        "[a-zA-Z0-9 ._-]{1,19}",
        "[bB](earer|asic) [a-zA-Z0-9=]{0,12}",
        "([0-9]{1,3}[.]){2,4}[0-9]{0,3}",
        "[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{10,16}",
        "[0-9 .()-]{5,19}",
        "([0-9a-f]{2}-){4,6}[0-9a-f]{0,2}",
        "[a-f]{4}[.][a-f]{4}[.][a-f]{4}",
        "[A-Za-z0-9_-]{4,24}={0,2}",
    ]
}

proptest! {
    #![proptest_config(config(3000))]

    /// The glance is a shortcut: what it passes over holds nothing for whoever looks closely.
    #[test]
    fn what_is_passed_over_at_a_glance_holds_nothing(text in near_text(), key in "(|phone|ssn|api_key|authorization)") {
        let detectors = all(false);
        let nothing = glance::is_nothing(text.as_bytes(), Some(&detectors));
        let (mut out, mut decoded) = (Vec::new(), Vec::new());
        detectors.scan(text.as_bytes(), Context { key: key.as_bytes(), ..Context::default() }, &mut out);
        prop_assert!(!nothing || out.is_empty(), "{out:?}");
        prop_assert!(!nothing || next_base64(text.as_bytes(), 0, &mut decoded).is_none());
        prop_assert!(!nothing || glance::is_nothing(text.as_bytes(), None));
    }
}

#[test]
fn common_texts_are_passed_over_at_a_glance() {
    let detectors = all(false);
    for text in
        ["", "succeeded", "Salesforce", "2026-05-01T04:51:01.123456Z", "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "v1.2.3"]
    {
        assert!(glance::is_nothing(text.as_bytes(), Some(&detectors)), "{text}");
    }
    for text in ["bob@acme.com", "5551234567", "{}", "a=b", "\\u0040", "%40", "ＡＢ", "Bearer abc", "eyJhIjoxfQ"] {
        assert!(!glance::is_nothing(text.as_bytes(), Some(&detectors)), "{text}");
    }
}

#[test]
fn every_byte_of_a_time_counts() {
    let time = *b"2026-05-04T06:30:59";
    for place in 0..time.len() {
        for byte in 0..=u8::MAX {
            let mut other = time;
            other[place] = byte;
            let wanted = match place {
                4 | 7 => byte == b'-',
                10 => b"Tt ".contains(&byte),
                13 | 16 => byte == b':',
                _ => byte.is_ascii_digit(),
            };
            let found = time_end(&[b"x", &other[..], b".123Z"].concat(), 1);
            assert_eq!(found, wanted.then_some(24), "{place} {byte}");
        }
    }
    assert_eq!(time_end(&time[1..], 0), None);
}
