//! The walk against the reference, and what is read off a tape against serde_json.

use std::cmp::Ordering;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use super::number::{Divisor, canonical, compare, compare_small, count, is_integer, small};
use super::{Cursor, Kind, Tape, Text, Walk, decode, escape_into, walk};
use crate::common::doc::{self, dice};
use crate::common::seed::config;
use crate::limits::MAX_DEPTH;
use crate::plan::{DEAD, Path, Plan, PlanBuilder, START, State};
use crate::scan::{Index, PAD, PADDING, check};

fn plan(paths: &[&str]) -> Plan {
    let mut plan = PlanBuilder::default();
    for path in paths {
        plan.ask(Path::parse(path).expect("a path"));
    }
    plan.build().expect("a small plan")
}

fn everything() -> Plan {
    let mut plan = PlanBuilder::default();
    plan.ask(Path::everything());
    plan.build().expect("a small plan")
}

struct Read {
    bytes: Vec<u8>,
    tape: Tape,
    walk: Walk,
    suspect: bool,
}

/// Walks over `text` as it would stand in a buffer, some other record before it.
fn read(before: &str, text: &[u8], (plan, root): (&Plan, State), depth: usize, lines: bool) -> Read {
    let (start, end) = (before.len(), before.len() + text.len());
    let mut bytes = [before.as_bytes(), text].concat();
    bytes.resize(end + PADDING, PAD);
    let mut index = Index::default();
    index.build(&bytes, start, end);
    let mut tape = Tape::default();
    let walk = walk(Text { bytes: &bytes, index: &index, end, lines }, plan, root, depth, start, &mut tape);
    let suspect = index.is_suspect(start, end);
    Read { bytes, tape, walk, suspect }
}

/// What a tape of everything says, as serde_json would.
fn value(cursor: Cursor<'_>) -> Value {
    let text = |cursor: Cursor<'_>| String::from_utf8(cursor.text().into_owned()).expect("UTF-8");
    match cursor.kind() {
        Kind::Null => Value::Null,
        Kind::True => Value::Bool(true),
        Kind::False => Value::Bool(false),
        Kind::Number => serde_json::from_slice(cursor.raw()).expect("a number"),
        Kind::String => Value::String(text(cursor)),
        Kind::Array => Value::Array(
            cursor
                .children()
                .map(|(key, element)| {
                    assert!(key.is_none(), "elements have no key");
                    value(element)
                })
                .collect(),
        ),
        Kind::Object => {
            Value::Object(cursor.children().map(|(key, member)| (text(key.expect("a key")), value(member))).collect())
        }
        Kind::Key => panic!("a key is no value"),
    }
}

/// Texts of documents, some of them damaged.
fn some_text() -> impl Strategy<Value = Vec<u8>> {
    let odd: Vec<&[u8]> = vec![
        b"\"", b"\\", b"\\u0041", b",", b":", b"{", b"}", b"[", b"]", b"0", b"-", b".", b"e", b"E+", b"\n", b" ",
        b"\0", b"tru", b"null", b"x", b"\xFF",
    ];
    let change = (any::<prop::sample::Index>(), prop::sample::select(odd), 0usize..3);
    (doc::doc(true), dice(true), vec(change, 0..3)).prop_map(|(doc, mut dice, changes)| {
        let mut text = doc.write(&mut dice).into_bytes();
        for (at, put, out) in changes {
            let at = at.index(text.len());
            let end = (at + out).min(text.len());
            text.splice(at..end, put.iter().copied());
        }
        text
    })
}

proptest! {
    #![proptest_config(config(1500))]

    #[test]
    fn a_walk_is_whole_where_the_reference_reads_a_value(text in some_text(), before in "(\"[a-z]{0,70}\"\n)?", lines: bool, depth in 1usize..9) {
        let judged = check(&text, depth);
        prop_assume!(!text.is_empty() && !text[0].is_ascii_whitespace()); // the framing skips what stands before
        let paths = plan(&["a.b", "lines[1].*", "**.email", "b[*]", "a.lines.a"]);
        for (plan, root) in [(&plan(&[]), DEAD), (&everything(), START), (&paths, START)] {
            let read = read(&before, &text, (plan, root), depth, lines);
            let whole = match judged {
                Ok(end) if !(lines && text[..end].contains(&b'\n')) => {
                    Walk::Whole { end: before.len() + end, breaks: text[..end].contains(&b'\n') }
                }
                _ => Walk::Broken,
            };
            if !read.suspect {
                prop_assert_eq!(read.walk, whole, "{:?}", judged);
            } else if let Walk::Whole { .. } = whole {
                prop_assert_eq!(read.walk, whole, "a doubt about another record must not change what this one is");
            }
        }
    }

    #[test]
    fn a_tape_of_everything_says_what_serde_json_says(doc in doc::doc(true), mut dice in dice(true), before in "(\"[a-z]{0,70}\"\n)?") {
        let text = doc.write(&mut dice);
        let read = read(&before, text.as_bytes(), (&everything(), START), MAX_DEPTH, false);
        let root = Cursor::root(&read.bytes, &read.tape).expect("a value");
        let whole = matches!(read.walk, Walk::Whole { end, .. } if end == before.len() + text.len());
        prop_assert!(whole);
        prop_assert_eq!(root.raw(), text.as_bytes());
        prop_assert_eq!(value(root), serde_json::from_str::<Value>(&text).expect("JSON"));
        for node in &read.tape.nodes {
let escapes = node.span().of(&read.bytes).contains(&b'\\');
            prop_assert!(node.escaped || !escapes || !matches!(node.kind, Kind::String | Kind::Key));
        }
    }

    #[test]
    fn strings_say_what_serde_json_says(said: String, mut dice in dice(false)) {
        let text = doc::Doc::Text(said.clone()).write(&mut dice);
        let mut decoded = b"kept".to_vec();
        decode(&text.as_bytes()[1..text.len() - 1], &mut decoded);
        prop_assert_eq!(&decoded[4..], said.as_bytes());
        prop_assert_eq!(serde_json::from_str::<String>(&text).expect("a string"), said);
    }

    #[test]
    fn escaped_text_says_itself(said: String) {
        let mut out = b"\"".to_vec();
        escape_into(said.as_bytes(), &mut out);
        out.push(b'"');
        prop_assert_eq!(serde_json::from_slice::<String>(&out).expect("a string"), said);
    }

    #[test]
    fn decoding_never_grows_and_never_panics(raw: Vec<u8>) {
        let mut out = Vec::new();
        decode(&raw, &mut out);
        prop_assert!(out.len() <= raw.len());
    }

    #[test]
    fn numbers_compare_as_they_do_written_out(a in number(), b in number()) {
        prop_assert_eq!(compare(a.as_bytes(), b.as_bytes()), written_out(&a).cmp(&written_out(&b)), "{} {}", a, b);
        prop_assert_eq!(compare(a.as_bytes(), a.as_bytes()), Ordering::Equal);
        if let Some(order) = small(b.as_bytes()).and_then(|b| compare_small(a.as_bytes(), b)) {
            prop_assert_eq!(order, compare(a.as_bytes(), b.as_bytes()), "{} {}", a, b);
        }
    }

    #[test]
    fn a_number_equals_its_other_spellings(digits in "[1-9][0-9]{0,30}", point in 0usize..30, zeros in 0usize..4) {
        let point = point.min(digits.len() - 1);
        let (whole, part) = digits.split_at(digits.len() - point);
        let nought = "0".repeat(zeros);
        let spellings = [
            format!("{digits}e-{point}"),
            format!("{whole}.{part}{nought}0e0"),
            format!("0.{digits}{nought}E+{}", digits.len() - point),
            format!("{digits}{nought}e-{}", point + zeros),
        ];
        for a in &spellings {
            for b in &spellings {
                prop_assert_eq!(compare(a.as_bytes(), b.as_bytes()), Ordering::Equal, "{} {}", a, b);
            }
        }
    }
}

proptest! {
    #![proptest_config(config(1500))]

    /// Against whole numbers of 128 bits, in billionths.
    #[test]
    fn multiples_are_exact(value in small_number(), by in small_number()) {
        let units = |(digits, exponent): (i64, i32)| i128::from(digits) * 10i128.pow((exponent + 9) as u32);
        let divisor = Divisor::new(written(by).as_bytes());
        prop_assert_eq!(divisor.is_some(), by.0 > 0);
        if let Some(divisor) = divisor {
            prop_assert_eq!(divisor.divides(written(value).as_bytes()), units(value) % units(by) == 0, "{:?} {:?}", value, by);
        }
        let whole = units(value) % 1_000_000_000 == 0;
        prop_assert_eq!(is_integer(written(value).as_bytes()), whole);
        let expected = (whole && value.0 >= 0).then(|| (units(value) / 1_000_000_000) as u64);
        prop_assert_eq!(count(written(value).as_bytes()), expected);
    }

    #[test]
    fn canonical_numbers_are_equal_where_numbers_are(a in number(), b in number()) {
        let bytes = |text: &str| {
            let mut out = Vec::new();
            canonical(text.as_bytes(), &mut out);
            out
        };
        prop_assert_eq!(bytes(&a) == bytes(&b), compare(a.as_bytes(), b.as_bytes()) == Ordering::Equal, "{} {}", a, b);
        prop_assert_eq!(bytes(&a), bytes(&format!("{a}{}", if a.contains(['e', 'E']) { "" } else { "e+00" })));
    }
}

#[test]
fn huge_divisors_and_exponents_cost_nothing() {
    let divides = |by: &str, value: &str| Divisor::new(by.as_bytes()).expect("a divisor").divides(value.as_bytes());
    assert!(divides("1e-1000000000", "1e1000000000") && !divides("1e1000000000", "1e999999999"));
    assert!(divides("1234567890123456789012345678901234567", "2469135780246913578024691357802469134"));
    assert!(!divides("1234567890123456789012345678901234567", "2469135780246913578024691357802469135e5"));
    assert!(divides("7", "7000000000000000000000000000000000000000000000") && !divides("7", "1e46"));
    assert!(Divisor::new("1".repeat(38).as_bytes()).is_none() && Divisor::new(b"-1").is_none());
    assert_eq!(
        (count(b"1e30"), count(b"-0.0"), count(b"18446744073709551615")),
        (Some(u64::MAX), Some(0), Some(u64::MAX))
    );
}

fn small_number() -> impl Strategy<Value = (i64, i32)> {
    (prop_oneof![-30i64..30, any::<i32>().prop_map(i64::from)], -9i32..9)
}

fn written((digits, exponent): (i64, i32)) -> String {
    format!("{digits}e{exponent}")
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?(0|[1-9][0-9]{0,22})(\\.[0-9]{1,22})?([eE][+-]?[0-4]?[0-9])?",
        "-?[0-2](\\.0{0,3}[0-2]0{0,3})?(e[+-]?[0-3])?",
        prop::sample::select(vec![
            "0",
            "-0",
            "0e7",
            "9007199254740993",
            "9007199254740992",
            "1694081235979123457",
            "1694081235979123456"
        ])
        .prop_map(str::to_owned),
    ]
}

/// A number as its sign and a row of digits with the point in a fixed place; of a negative one the nines' complement,
/// so that rows compare as the numbers do. Exponents are small here.
fn written_out(number: &str) -> (bool, Vec<u8>) {
    const SIDE: usize = 120;
    let positive = !number.starts_with('-');
    let (mantissa, exponent) =
        number.trim_start_matches('-').split_once(['e', 'E']).unwrap_or((number.trim_start_matches('-'), "0"));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let point = SIDE as i64 - exponent.parse::<i64>().expect("an exponent");
    let mut row = vec![0u8; 2 * SIDE];
    for (i, digit) in whole.bytes().chain(part.bytes()).enumerate() {
        row[(point - whole.len() as i64) as usize + i] = digit - b'0';
    }
    if row.iter().all(|digit| *digit == 0) {
        return (true, row); // minus nought is nought
    }
    if !positive {
        row.iter_mut().for_each(|digit| *digit = 9 - *digit);
    }
    (positive, row)
}

#[test]
fn exponents_beyond_any_machine_number_still_compare() {
    let pairs = [
        ("1e400", "1e399"),
        ("1e99999999999999999999", "1e400"),
        ("1", "1e-99999999999999999999"),
        ("-1e-400", "-1e400"),
        ("1e400", "-1e400"),
    ];
    for (more, less) in pairs {
        assert_eq!(compare(more.as_bytes(), less.as_bytes()), Ordering::Greater, "{more} {less}");
        assert_eq!(compare(less.as_bytes(), more.as_bytes()), Ordering::Less, "{less} {more}");
    }
    assert_eq!(compare(b"0e99999999999999999999999", b"-0"), Ordering::Equal);
}

/// Levels are kept 64 to a word where nobody asks for anything.
#[test]
fn nesting_of_any_depth_and_kind_is_read_right() {
    let nothing = plan(&[]);
    let paths = plan(&["a.a.a", "[0][0]", "**.b"]);
    for levels in (1..200).chain([255, 256, 257, 511, 512, 513, 1023, 1024]) {
        for pattern in 0..4u32 {
            let object = |level: usize| match pattern {
                0 => false,
                1 => true,
                2 => level.is_multiple_of(2),
                _ => (level * level / 7).is_multiple_of(3),
            };
            let mut text = String::new();
            (0..levels).for_each(|level| text.push_str(if object(level) { "{\"a\":" } else { "[" }));
            let inner = text.len();
            text.push('1');
            (0..levels).rev().for_each(|level| text.push(if object(level) { '}' } else { ']' }));
            for (plan, root) in [(&nothing, DEAD), (&paths, START)] {
                let sound = read("", text.as_bytes(), (plan, root), levels, false);
                assert_eq!(
                    sound.walk,
                    Walk::Whole { end: text.len(), breaks: false },
                    "{levels} levels, pattern {pattern}"
                );
                let deep = read("", text.as_bytes(), (plan, root), levels - 1, false);
                assert_eq!(deep.walk, Walk::Broken, "{levels} levels, one fewer allowed");
                // Each closing bracket of the wrong kind is seen.
                for at in [inner + 1, inner + 1 + levels / 2, text.len() - 1] {
                    let mut wrong = text.clone().into_bytes();
                    wrong[at] = if wrong[at] == b'}' { b']' } else { b'}' };
                    assert_eq!(
                        read("", &wrong, (plan, root), levels, false).walk,
                        Walk::Broken,
                        "{levels} levels, byte {at}"
                    );
                }
                let open = &text.as_bytes()[..text.len() - 1];
                assert_eq!(
                    read("", open, (plan, root), levels, false).walk,
                    Walk::Broken,
                    "{levels} levels, not closed"
                );
            }
        }
    }
}

#[test]
fn a_selective_tape_holds_what_was_asked_for() {
    let text = br#"{"a":{"x":1,"b":[2,{"c":"\n"}]},"skip":{"b":3},"d":[4,5,{"e":null}]}"#;
    let read = read("", text, (&plan(&["a.b", "d[1]", "d[2].e", "skip.nothing"]), START), 9, false);
    let found: Vec<(Kind, &[u8])> = read.tape.nodes.iter().map(|n| (n.kind, n.span().of(text))).collect();
    let wanted: [(Kind, &[u8]); 5] = [
        (Kind::Key, b"\"b\""),
        (Kind::Array, br#"[2,{"c":"\n"}]"#),
        (Kind::Number, b"5"),
        (Kind::Key, b"\"e\""),
        (Kind::Null, b"null"),
    ];
    assert_eq!(found, wanted);
}

#[test]
fn of_members_with_one_name_the_last_is_read() {
    let text = br#"{"a":1,"b":{},"\u0061":2}"#;
    let read = read("", text, (&everything(), START), 9, false);
    let root = Cursor::root(&read.bytes, &read.tape).expect("a value");
    assert_eq!(root.member("a").expect("a member").raw(), b"2");
    assert!(root.member("c").is_none());
    assert_eq!(root.children().count(), 3);
}
