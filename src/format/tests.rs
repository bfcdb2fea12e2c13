//! The formats against their grammars taken literally, cases, and the official suite.

mod abnf;

use std::fs;
use std::path::{Path, PathBuf};

use proptest::collection::vec;
use proptest::prelude::*;

use self::abnf::Grammar;
use super::date_time::{self, Timestamp};
use super::{Draft, Format, NAMES, ip, uri, uuid};
use crate::common::seed::config;

/// Formats whose grammar says all, and those of which it says the shape.
const GRAMMAR: &str = include_str!("tests/grammar.abnf");

/// A text on a line: `+` before a valid one, `-` before one that is not, behind a line with the format's name.
const CASES: &str = include_str!("tests/cases.txt");

fn formats() -> impl Iterator<Item = Format> {
    NAMES
        .iter()
        .map(|(_, format)| *format)
        .chain([Format::RelativeJsonPointer07])
        .filter(|format| format.is_supported())
}

fn rule(format: Format) -> &'static str {
    if format == Format::RelativeJsonPointer07 { "relative-json-pointer-07" } else { format.name() }
}

/// What the RFC says, said slowly; none where only cases tell.
fn slowly(grammar: &Grammar, format: Format, text: &str) -> Option<bool> {
    let labels = || text.split('.').map(str::to_ascii_lowercase);
    let shape = |format| grammar.matches(rule(format), text);
    Some(match format {
        Format::IdnHostname => return None,
        Format::Hostname if labels().any(|label| label.starts_with("xn--")) => return None,
        Format::Hostname => shape(format) && text.len() <= 253,
        Format::Email | Format::IdnEmail => {
            let short = text.rsplit_once('@').is_some_and(|(local, domain)| {
                let long_label = domain.split('.').any(|label| label.is_ascii() && label.len() > 63);
                local.len() <= 64 && (domain.starts_with('[') || domain.len() <= 255 && !long_label)
            });
            shape(format) && short
        }
        Format::Date => shape(format) && day_exists(text),
        Format::Time => shape(format) && time_exists(text, None),
        Format::DateTime => shape(format) && day_exists(&text[..10]) && time_exists(&text[11..], Some(&text[..10])),
        _ => shape(format),
    })
}

fn days_of_month(year: u32, month: u32) -> u32 {
    let divides = |by| year.is_multiple_of(by);
    let leap = divides(400) || divides(4) && !divides(100);
    [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month as usize - 1]
}

fn numbers(text: &str) -> Vec<u32> {
    text.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect()
}

fn day_exists(date: &str) -> bool {
    let [year, month, day] = numbers(date)[..] else { unreachable!("the shape of a date") };
    (1..=12).contains(&month) && (1..=days_of_month(year, month)).contains(&day)
}

fn time_exists(time: &str, date: Option<&str>) -> bool {
    let [hour, minute, second] = numbers(&time[..8])[..] else { unreachable!("the shape of a time") };
    let (east, hours, minutes) = match time.rsplit_once(['+', '-']) {
        Some((before, offset)) => (time[before.len()..].starts_with('+'), numbers(offset)[0], numbers(offset)[1]),
        None => (true, 0, 0),
    };
    if hour > 23 || minute > 59 || second > 60 || hours > 23 || minutes > 59 {
        return false;
    }
    if second < 60 {
        return true;
    }
    // A minute at a time to where UTC is.
    let (mut utc_hour, mut utc_minute, mut days) = (hour, minute, 0);
    for _ in 0..hours * 60 + minutes {
        if east {
            (utc_hour, utc_minute, days) = match (utc_hour, utc_minute) {
                (0, 0) => (23, 59, days - 1),
                (_, 0) => (utc_hour - 1, 59, days),
                _ => (utc_hour, utc_minute - 1, days),
            };
        } else {
            (utc_hour, utc_minute, days) = match (utc_hour, utc_minute) {
                (23, 59) => (0, 0, days + 1),
                (_, 59) => (utc_hour + 1, 0, days),
                _ => (utc_hour, utc_minute + 1, days),
            };
        }
    }
    let month_ends = date.is_none_or(|date| {
        let [year, month, day] = numbers(date)[..] else { unreachable!("the shape of a date") };
        let utc_day = day as i32 + days;
        utc_day == 0 || utc_day == days_of_month(year, month) as i32
    });
    utc_hour == 23 && utc_minute == 59 && month_ends
}

/// Valid by its shape; numbers are another matter, and dates are made of such as are valid as often as not.
fn made(grammar: &Grammar, format: Format, entropy: &[u32]) -> String {
    let mut entropy = entropy.iter().cycle();
    let mut dice = |sides: usize| *entropy.next().unwrap_or(&0) as usize % sides;
    let date = |dice: &mut dyn FnMut(usize) -> usize| {
        let years = [0, 1, 4, 100, 400, 1900, 1970, 1999, 2000, 2016, 2024, 9999];
        format!("{:04}-{:02}-{:02}", years[dice(years.len())], dice(14), [0, 1, 2, 27, 28, 29, 30, 31, 32][dice(9)])
    };
    let time = |dice: &mut dyn FnMut(usize) -> usize| {
        let hours = [0, 1, 15, 16, 22, 23, 24];
        let minutes = [0, 1, 29, 30, 31, 58, 59, 60];
        let offset = match dice(3) {
            0 => "Z".to_owned(),
            sign => format!("{}{:02}:{:02}", ["+", "-"][sign - 1], hours[dice(7)], minutes[dice(8)]),
        };
        let seconds = ["00", "59", "60", "60", "60.5", "61", "30.123456789012", "07.000"];
        format!("{:02}:{:02}:{}{offset}", hours[dice(7)], minutes[dice(8)], seconds[dice(8)])
    };
    match format {
        Format::Date => date(&mut dice),
        Format::Time => time(&mut dice),
        Format::DateTime => format!("{}T{}", date(&mut dice), time(&mut dice)),
        Format::IdnHostname => grammar.make("hostname", &mut dice),
        _ => grammar.make(rule(format), &mut dice),
    }
}

/// Texts with a little of what gives grammars trouble done to them.
fn changed(text: &str, changes: &[(u32, u32, u32)]) -> String {
    const ODD: &[&str] = &[
        ".",
        ":",
        "/",
        "@",
        "-",
        "+",
        "%",
        "%4",
        "%41",
        "[",
        "]",
        "{",
        "}",
        "~",
        "~0",
        "\"",
        "\\",
        "#",
        "?",
        "0",
        "9",
        "01",
        "256",
        "a",
        "F",
        "g",
        "x",
        "::",
        "//",
        " ",
        "\n",
        "\0",
        "\u{7f}",
        "\u{80}",
        "\u{e9}",
        "\u{301}",
        "\u{9ea}",
        "\u{3002}",
        "\u{d7ff}",
        "\u{e000}",
        "\u{fdd0}",
        "\u{fffd}",
        "\u{1f600}",
        "\u{f0000}",
        "T",
        "Z",
        "P",
        "1.2.3.4",
        "60",
        ",",
        "*",
        "xn--",
        "",
    ];
    let mut characters: Vec<String> = text.chars().map(String::from).collect();
    for (kind, place, what) in changes {
        let at = *place as usize % (characters.len() + 1);
        let odd = ODD[*what as usize % ODD.len()].to_owned();
        match kind % 4 {
            0 => characters.insert(at, odd),
            1 if at < characters.len() => drop(characters.remove(at)),
            2 if at < characters.len() => characters[at] = odd,
            _ if at < characters.len() => characters.insert(at, characters[at].clone()),
            _ => {}
        }
    }
    characters.concat()
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn texts_made_from_a_grammar_hold(entropy in vec(any::<u32>(), 1..40)) {
        let grammar = Grammar::new(GRAMMAR);
        for format in formats() {
            let text = made(&grammar, format, &entropy);
            let shaped = matches!(format, Format::Date | Format::Time | Format::DateTime | Format::Hostname);
            if shaped || text.len() > 60 {
                if let Some(expected) = slowly(&grammar, format, &text) {
                    prop_assert_eq!(format.holds(&text), expected, "{:?} {:?}", format, text);
                }
            } else {
                prop_assert!(format.holds(&text), "{:?} {:?}", format, text);
            }
        }
    }

    #[test]
    fn changed_texts_are_judged_as_the_grammar_does(
        entropy in vec(any::<u32>(), 1..40),
        changes in vec(any::<(u32, u32, u32)>(), 1..4),
    ) {
        let grammar = Grammar::new(GRAMMAR);
        for format in formats() {
            let text = changed(&made(&grammar, format, &entropy), &changes);
            for judge in formats() {
                if let Some(expected) = slowly(&grammar, judge, &text).filter(|_| judge == format || text.len() < 12) {
                    prop_assert_eq!(judge.holds(&text), expected, "{:?} {:?}", judge, text);
                }
            }
        }
    }

    #[test]
    fn no_text_is_too_odd(text in any::<String>(), tail in "xn--[a-zA-Z0-9-]{0,60}") {
        for format in formats() {
            format.holds(&text);
            format.holds(&tail);
            format.holds(&format!("{text}.{tail}"));
        }
    }

    #[test]
    fn addresses_are_read_as_the_standard_library_does(entropy in vec(any::<u32>(), 1..40)) {
        let grammar = Grammar::new(GRAMMAR);
        let text = made(&grammar, Format::Ipv6, &entropy);
        let expected: std::net::Ipv6Addr = text.parse().expect("the grammar made it");
        prop_assert_eq!(ip::parse_v6(text.as_bytes()), Some(expected.octets()), "{}", text);
        let text = made(&grammar, Format::Ipv4, &entropy);
        let expected: std::net::Ipv4Addr = text.parse().expect("the grammar made it");
        prop_assert_eq!(ip::parse_v4(text.as_bytes()), Some(expected.octets()), "{}", text);
    }

    #[test]
    fn ipv6_takes_what_the_standard_library_takes(text in "[0-9a-fA-F:.]{0,24}|(1:|::|1.2.3.4|abcd){1,9}") {
        let expected = text.parse::<std::net::Ipv6Addr>().ok().map(|address| address.octets());
        prop_assert_eq!(ip::parse_v6(text.as_bytes()), expected);
    }

    #[test]
    fn uuids_are_read(octets in any::<[u8; 16]>()) {
        let hex: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
        let text = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-");
        prop_assert!(uuid::is_uuid(text.as_bytes()));
        prop_assert!(uuid::is_uuid(text.to_uppercase().as_bytes()));
    }

    #[test]
    fn timestamps_count_seconds(days in 0u32..3_652_425, second in 0u32..86_400, offset in -1439i16..1440) {
        // A day at a time would be slow; a year at a time is not.
        let (mut year, mut rest) = (0, days);
        let length = |year: u32| (1..=12).map(|month| days_of_month(year, month)).sum::<u32>();
        while rest >= length(year) {
            rest -= length(year);
            year += 1;
        }
        let mut month = 1;
        while rest >= days_of_month(year, month) {
            rest -= days_of_month(year, month);
            month += 1;
        }
        let time = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
        let sign = if offset < 0 { '-' } else { '+' };
        let zone = format!("{sign}{:02}:{:02}", offset.abs() / 60, offset.abs() % 60);
        let text = format!("{year:04}-{month:02}-{:02}T{time}.25{zone}", rest + 1);
        let seconds = i64::from(days) * 86_400 + i64::from(second) - i64::from(offset) * 60 - 719_528 * 86_400;
        let expected = Timestamp { seconds, nanos: 250_000_000, offset: Some(offset) };
        prop_assert_eq!(date_time::parse(text.as_bytes()), Some(expected), "{}", text);
    }
}

#[test]
fn timestamps_are_exact() {
    let read = |text: &str| date_time::parse(text.as_bytes()).map(|time| (time.seconds, time.nanos, time.offset));
    assert_eq!(read("1970-01-01T00:00:00Z"), Some((0, 0, Some(0))));
    assert_eq!(read("2024-05-01T10:00:00.123456789999+02:00"), Some((1_714_550_400, 123_456_789, Some(120))));
    assert_eq!(read("1969-12-31t23:59:59.5z"), Some((-1, 500_000_000, Some(0))));
    assert_eq!(read("2024-05-01T10:00:00-00:00"), Some((1_714_557_600, 0, None)), "an unknown offset");
    assert_eq!(read("2024-05-01T10:00:00+00:00"), Some((1_714_557_600, 0, Some(0))));
    // A leap second is later than the second before it and earlier than the one behind it.
    let order =
        ["2016-12-31T23:59:59.9Z", "2016-12-31T23:59:60Z", "2017-01-01T00:59:60.5+01:00", "2017-01-01T00:00:00Z"];
    let times: Vec<_> = order.iter().map(|text| date_time::parse(text.as_bytes()).expect("valid")).collect();
    assert!(times.is_sorted() && times.windows(2).all(|pair| pair[0] < pair[1]), "{times:?}");
}

#[test]
fn references_are_divided() {
    let all = uri::Parts::of(b"http://user@host:80/a/b?c?d#e?f");
    assert_eq!(all.scheme, Some(&b"http"[..]));
    assert_eq!(all.authority, Some(&b"user@host:80"[..]));
    assert_eq!((all.path, all.query, all.fragment), (&b"/a/b"[..], Some(&b"c?d"[..]), Some(&b"e?f"[..])));
    let none = uri::Parts::of(b"a/b:c");
    assert_eq!((none.scheme, none.authority, none.path, none.query), (None, None, &b"a/b:c"[..], None));
    assert_eq!(uri::Parts::of(b"//h").authority, Some(&b"h"[..]));
    assert_eq!(uri::Parts::of(b"#").fragment, Some(&b""[..]));
}

#[test]
fn names_are_those_of_the_drafts() {
    for (name, format) in NAMES {
        assert_eq!(Format::named(name, Draft::Draft202012), Some(format));
        assert_eq!(format.name(), name);
        let old = Format::named(name, Draft::Draft07);
        assert_eq!(old.is_none(), matches!(name, "duration" | "uuid"));
        assert!(old.is_none_or(|old| old.name() == name));
    }
    assert_eq!(Format::named("colour", Draft::Draft202012), None);
    let moved = |draft| Format::named("relative-json-pointer", draft).map(|format| format.holds("0+1/a"));
    assert_eq!((moved(Draft::Draft202012), moved(Draft::Draft07)), (Some(true), Some(false)));
}

#[test]
fn cases_are_judged_as_they_say() {
    let (mut format, mut count) = (None, 0);
    for line in CASES.lines().filter(|line| !line.is_empty() && !line.starts_with("//")) {
        let Some((mark, text)) = line.split_at_checked(1).filter(|(mark, _)| matches!(*mark, "+" | "-")) else {
            format = Format::named(line, Draft::Draft202012);
            assert!(format.is_some(), "{line} is no format");
            continue;
        };
        let text: String = serde_json::from_str(text.trim()).unwrap_or_else(|error| panic!("{line}: {error}"));
        let format = format.expect("a format before its cases");
        if !format.is_supported() {
            continue;
        }
        assert_eq!(format.holds(&text), mark == "+", "{}: {line}", format.name());
        count += 1;
    }
    assert!(count > 100, "{count} cases");
}

/// The official suite, where it lies beside the repository or where LOGWEIR_SUITES says.
#[test]
fn the_official_suite_agrees() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/suites");
    let suites = std::env::var_os("LOGWEIR_SUITES").map_or(beside, PathBuf::from).join("json-schema");
    for (folder, draft) in [("draft2020-12", Draft::Draft202012), ("draft7", Draft::Draft07)] {
        let Ok(files) = fs::read_dir(suites.join(folder).join("optional/format")) else {
            println!("skipped: the official suite is not beside the repository");
            return;
        };
        let (mut passed, mut wrong) = (0, Vec::new());
        for file in files.flatten() {
            let text = fs::read_to_string(file.path()).expect("a file of the suite");
            let groups: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            for group in groups.as_array().into_iter().flatten() {
                let name = group["schema"]["format"].as_str().unwrap_or_default();
                if name == "regex" {
                    continue; // the patterns' own tests have it
                }
                let format = Format::named(name, draft);
                assert!(format.is_some() || name == "unknown", "{name}");
                for test in group["tests"].as_array().into_iter().flatten() {
                    let text = test["data"].as_str();
                    let a_label = text.is_some_and(|text| text.to_ascii_lowercase().contains("xn--"));
                    if format.is_some_and(|format| !format.is_supported()) || cfg!(not(feature = "idn")) && a_label {
                        continue;
                    }
                    let holds = match (format, text) {
                        (Some(format), Some(text)) => format.holds(text),
                        _ => true,
                    };
                    if Some(holds) == test["valid"].as_bool() {
                        passed += 1;
                    } else {
                        wrong.push(format!("{name}: {}", test["description"]));
                    }
                }
            }
        }
        println!("{folder}: {passed} of {} cases of formats", passed + wrong.len());
        assert!(wrong.is_empty(), "{folder}:\n{}", wrong.join("\n"));
    }
}
