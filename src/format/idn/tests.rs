//! Punycode, normalization and the packed tables, each against a law or a plainer way to say the same.

use proptest::collection::vec;
use proptest::prelude::*;

use super::tables::{CLASSES, COMPOSITIONS, MARKS, VALID};
use super::{Points, is_name, punycode, unicode};
use crate::common::seed::config;

fn numbers(bytes: &[u8]) -> Vec<u32> {
    let ends = bytes.split_inclusive(|byte| *byte < 0x80);
    ends.map(|bytes| bytes.iter().rev().fold(0, |number, byte| number << 7 | u32::from(byte & 0x7F))).collect()
}

/// The value of each code point, one after the other.
fn unpacked(bytes: &[u8], bits: u32) -> Vec<u32> {
    let runs = numbers(bytes).into_iter();
    runs.flat_map(|run| std::iter::repeat_n(run & ((1 << bits) - 1), (run >> bits) as usize)).collect()
}

fn text(points: &[u32]) -> String {
    points.iter().filter_map(|point| char::from_u32(*point)).collect()
}

fn a_label(points: &[u32]) -> Option<String> {
    Some(format!("xn--{}", text(punycode::encode(points)?.get())))
}

/// What is composed, what it is composed of, and others that are valid.
fn point() -> impl Strategy<Value = u32> {
    let parts: Vec<u32> = numbers(COMPOSITIONS)
        .chunks(3)
        .scan([0i64; 3], |last, pair| {
            let signed =
                |number: u32| if number % 2 == 1 { -i64::from(number.div_ceil(2)) } else { i64::from(number / 2) };
            *last = [last[0] + i64::from(pair[0]), last[1] + signed(pair[1]), last[2] + signed(pair[2])];
            Some(last.map(|point| point as u32))
        })
        .flatten()
        .collect();
    let valid: Vec<u32> = (0..=0xFFFF).filter(|point| unicode::is_valid(*point)).collect();
    prop_oneof![prop::sample::select(parts), prop::sample::select(valid), 0x300u32..0x370, 0x61u32..0x7B]
        .prop_filter("valid", |point| unicode::is_valid(*point))
}

#[test]
fn tables_are_read_from_any_place_as_from_the_front() {
    check(&unpacked(VALID, 1), |point| u32::from(unicode::is_valid(point)));
    check(&unpacked(CLASSES, 4), unicode::class);
    check(&unpacked(MARKS, 7).iter().map(|mark| mark >> 1).collect::<Vec<_>>(), unicode::rank);

    fn check(values: &[u32], value: impl Fn(u32) -> u32) {
        assert_eq!(values.len(), 0x11_0000);
        let edges = (1..values.len()).filter(|at| values[*at] != values[*at - 1]).flat_map(|at| [at - 1, at]);
        for point in edges.chain((0..values.len()).step_by(97)) {
            assert_eq!(value(point as u32), values[point], "U+{point:04X}");
        }
        assert_eq!(value(0x11_0000), 0);
        assert_eq!(value(u32::MAX), 0);
    }
}

#[test]
fn punycode_is_that_of_the_rfc() {
    let encoded = |label: &str| a_label(&label.chars().map(u32::from).collect::<Vec<_>>());
    assert_eq!(encoded("b\u{fc}cher").as_deref(), Some("xn--bcher-kva"));
    assert_eq!(encoded("\u{2603}").as_deref(), Some("xn--n3h"));
    assert_eq!(encoded("a\u{10ffff}").as_deref(), Some("xn--a-h023p"));
    for wrong in ["z", "a-z", "\u{e9}", "a-!", "a-99999999999999"] {
        assert!(punycode::decode(wrong.as_bytes()).is_none(), "{wrong}");
    }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn punycode_comes_back(points in vec(prop_oneof![0x61u32..0x7B, 0x80u32..0x3000, any::<char>().prop_map(u32::from)], 1..59)) {
        let lower: Vec<u32> = points.iter().map(|p| if *p < 0x80 { u32::from((*p as u8).to_ascii_lowercase()) } else { *p }).collect();
        let encoded = punycode::encode(&lower).expect("no label is too long for it");
        let decoded = punycode::decode(text(encoded.get()).as_bytes());
        prop_assert_eq!(decoded.map(|points| points.get().to_vec()), Some(lower));
    }

    #[test]
    fn an_a_label_is_judged_as_its_u_label(points in vec(point(), 1..12)) {
        let points = if points.iter().any(|point| *point > 0x7F) { points } else { [&points[..], &[0xE9]].concat() };
        let u = text(&points);
        let a = a_label(&points).expect("a short label");
        prop_assert_eq!(is_name(&u), is_name(&a), "{} {}", u, a);
        prop_assert_eq!(is_name(&a), is_name(&a.to_ascii_uppercase()));
    }

    #[test]
    fn what_is_normalized_is_normal(points in vec(point(), 1..16)) {
        let normal = unicode::normalize(&points).expect("short");
        prop_assert!(unicode::is_nfc(normal.get()));
        prop_assert_eq!(unicode::normalize(normal.get()).map(|again| again.get().to_vec()), Some(normal.get().to_vec()));
        prop_assert_eq!(unicode::is_nfc(&points), normal.get() == points, "the short way and the long way agree");
        let mut decomposed = Points::new();
        points.iter().try_for_each(|point| unicode::decompose(*point, &mut decomposed)).expect("short");
        prop_assert_eq!(unicode::normalize(decomposed.get()).map(|again| again.get().to_vec()), Some(normal.get().to_vec()));
    }
}
