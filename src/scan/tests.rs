//! The kernels against each other, and the pieces of the framing against plainer ways to say the same.

use proptest::collection::vec;
use proptest::prelude::*;

use super::extent::Extent;
use super::frame::judge;
use super::kernel::{self, BLOCK, Marks, scalar};
use super::sniff::Sniff;
use super::{Fault, Format, Found, Index, PAD, PADDING, Place, Reading, Reason, Source, check};
use crate::common::doc::{self, Doc, dice};
use crate::common::seed::config;
use crate::limits::{Limits, MAX_DEPTH, SNIFF_ARRAY_BYTES};
use crate::plan::Plan;

/// What the inside of a string may hold, right and wrong, without a quote or control byte that would end it.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let odd: Vec<&[u8]> = vec![
        b"\\\"",
        b"\\\\",
        b"\\/",
        b"\\b",
        b"\\n",
        b"\\u0041",
        b"\\u00e9",
        b"\\ud83d\\ude00",
        b"\\ud83d",
        b"\\ude00",
        b"\\uD800\\uDBFF",
        b"\\u12",
        b"\\uXYZW",
        b"\\x",
        b"\\'",
        b"\\",
        b"u",
        b"d83d",
        b"\\\\ude00",
        "é".as_bytes(),
        "€".as_bytes(),
        "😀".as_bytes(),
        b"\x80",
        b"\xBF",
        b"\xC0\x80",
        b"\xC1\xBF",
        b"\xC2",
        b"\xE0\x80\x80",
        b"\xE0\x9F\xBF",
        b"\xE0\xA0\x80",
        b"\xED\x9F\xBF",
        b"\xED\xA0\x80",
        b"\xEF\xBF\xBF",
        b"\xE2\x82",
        b"\xF0\x8F\xBF\xBF",
        b"\xF0\x90\x80\x80",
        b"\xF4\x8F\xBF\xBF",
        b"\xF4\x90\x80\x80",
        b"\xF5\x80\x80\x80",
        b"\xF0\x9F",
        b"\xF0\x9F\x98",
        b"\xFF",
        b"\x7F",
    ];
    prop_oneof![
        5 => prop::sample::select(odd).prop_map(<[u8]>::to_vec),
        2 => (0usize..70).prop_map(|n| vec![b'x'; n]),
        1 => (0usize..9).prop_map(|n| vec![b'\\'; n]),
        1 => any::<char>().prop_map(|c| c.to_string().trim_start_matches(|c| c < ' ').as_bytes().to_vec()),
    ]
}

/// A string of such pieces: quotes that no backslash escapes are left out, and a last backslash gets its fellow.
fn string() -> impl Strategy<Value = Vec<u8>> {
    vec(piece(), 0..14).prop_map(|pieces| {
        let mut text = vec![b'"'];
        let mut escaped = false;
        for byte in pieces.concat() {
            if byte != b'"' || escaped {
                text.push(byte);
                escaped = byte == b'\\' && !escaped;
            }
        }
        text.extend_from_slice(if escaped { b"\\\"" } else { b"\"" });
        text
    })
}

/// Anything, with much of what the kernels look for.
fn region() -> impl Strategy<Value = Vec<u8>> {
    let any = prop_oneof![
        3 => piece(),
        1 => prop::sample::select(vec![b'"', b'\n', b'\0', 0x1F, b' ', b'!', b'#', b'{', b',']).prop_map(|b| vec![b]),
        1 => vec(any::<u8>(), 0..8),
    ];
    vec(any, 0..40).prop_map(|pieces| pieces.concat())
}

fn marks(kernel: impl Fn(&[u8], usize, &mut dyn FnMut(usize, Marks)), text: &[u8]) -> Vec<(usize, Marks)> {
    let blocks = text.len() / BLOCK + 1;
    let mut bytes = text.to_vec();
    bytes.resize(blocks * BLOCK + BLOCK, PAD);
    let mut marks = Vec::new();
    kernel(&bytes, blocks, &mut |block, found| marks.push((block, found)));
    marks
}

fn indexed(index: &mut Index, before: &[u8], text: &[u8]) -> (Vec<u8>, usize, usize) {
    let (start, end) = (before.len(), before.len() + text.len());
    let mut bytes = [before, text].concat();
    bytes.resize(end + PADDING, PAD);
    index.build(&bytes, start, end);
    (bytes, start, end)
}

proptest! {
    #![proptest_config(config(1000))]

    /// Of a wrong sequence they may doubt different bytes, a block apart; never may one doubt what the other clears.
    #[test]
    fn the_kernel_at_hand_is_the_scalar_one(text in region()) {
        let at_hand = marks(|bytes, blocks, sink| kernel::mark_blocks(bytes, blocks, sink), &text);
        let reference = marks(|bytes, blocks, sink| scalar::mark_blocks(bytes, blocks, sink), &text);
        let plain = |marks: &[(usize, Marks)]| marks.iter().map(|(block, m)| (*block, m.stops, m.backslash)).collect::<Vec<_>>();
        prop_assert_eq!(plain(&at_hand), plain(&reference));
        let doubt = |marks: &[(usize, Marks)]| marks.iter().position(|(_, m)| m.suspect);
        match (doubt(&at_hand), doubt(&reference)) {
            (None, None) => {}
            (Some(a), Some(b)) => prop_assert!(a.abs_diff(b) <= 1, "first doubt in block {a}, the reference's in {b}"),
            doubts => prop_assert!(false, "{doubts:?}"),
        }
    }

    #[test]
    fn a_string_is_suspect_if_and_only_if_the_reference_finds_a_fault(text in string()) {
        let mut index = Index::default();
        let (_, start, end) = indexed(&mut index, b"", &text);
        prop_assert_eq!(index.is_suspect(start, end), check(&text, 1).is_err(), "{:?}", check(&text, 1));
    }

    #[test]
    fn no_fault_goes_unseen_whatever_was_indexed_before(first in string(), earlier in region(), before in string(), text in string()) {
        let mut index = Index::default();
        indexed(&mut index, &first, &earlier); // what the index still holds of it must not matter
        let before = if check(&before, 1).is_ok() { [&before[..], b"\n"].concat() } else { Vec::new() };
        let (bytes, start, end) = indexed(&mut index, &before, &text);
        prop_assert!(index.is_suspect(start, end) || check(&text, 1).is_ok());
        prop_assert_eq!(index.stop(start), start, "the opening quote");
        prop_assert_eq!(index.stop(start + 1), end - 1, "the closing quote");
        prop_assert!(index.stop(end) >= end, "what lies behind the text");
        for (at, _) in bytes[..end].iter().enumerate().skip(start).filter(|(_, byte)| **byte == b'\\') {
            prop_assert!(index.may_escape(at, at));
        }
    }

    #[test]
    fn stops_are_the_quotes_that_no_backslash_escapes_and_control_bytes(text in region()) {
        let mut index = Index::default();
        let (_, _, end) = indexed(&mut index, b"", &text);
        let mut escaped = false;
        let mut stops = Vec::new();
        for (at, &byte) in text.iter().enumerate() {
            if byte < b' ' || (byte == b'"' && !escaped) {
                stops.push(at);
            }
            escaped = byte == b'\\' && !escaped;
        }
        let mut at = 0;
        for stop in stops {
            prop_assert_eq!(index.stop(at), stop);
            at = stop + 1;
        }
        prop_assert!(index.stop(at) >= end);
    }

    #[test]
    fn a_fault_lies_where_the_text_stops_being_the_beginning_of_a_value(doc in doc::doc(true), mut dice in dice(true), at: prop::sample::Index, put in piece()) {
        let mut text = doc.write(&mut dice).into_bytes();
        let at = at.index(text.len());
        text.splice(at..at, put);
        if let Err(fault) = check(&text, MAX_DEPTH) {
            prop_assert!(fault.at <= text.len());
            let before = check(&text[..fault.at], MAX_DEPTH);
            let open = matches!(before, Ok(_) | Err(Fault { reason: Reason::UnexpectedEnd, .. }));
            prop_assert!(open, "{fault:?}, but before it {before:?}");
            prop_assert_eq!(fault.reason == Reason::UnexpectedEnd && fault.at < text.len(), false, "{:?}", fault);
        }
    }

    #[test]
    fn the_depth_of_a_text_is_the_depth_of_its_tree(doc in doc::doc(false), mut dice in dice(true)) {
        let (text, depth) = (doc.write(&mut dice), depth(&doc));
        prop_assert_eq!(check(text.as_bytes(), depth), Ok(text.len()));
        if depth > 0 {
            prop_assert_eq!(check(text.as_bytes(), depth - 1).map_err(|fault| fault.reason), Err(Reason::TooDeep));
        }
    }

    #[test]
    fn an_extent_ends_where_the_value_does(doc in doc::doc(true), mut dice in dice(true), behind in "[ ,\n\\[\"{]x", cuts in vec(any::<prop::sample::Index>(), 0..4)) {
        let text = doc.write(&mut dice);
        let all = text.clone() + &behind;
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len())).collect();
        cuts.sort_unstable();
        let (mut extent, mut from) = (Extent::default(), 0);
        for to in cuts {
            prop_assert_eq!(extent.feed(&all.as_bytes()[from..to]), None);
            from = to;
        }
        prop_assert_eq!(extent.feed(&all.as_bytes()[from..]), Some(text.len() - from));
    }

    #[test]
    fn a_format_is_found_out_alike_however_the_bytes_arrive(parts in vec(prop_oneof![
        (doc::doc(false), dice(true)).prop_map(|(doc, mut dice)| doc.write(&mut dice)),
        "[\\[\\]{},:\"\\\\\n a1\r]{0,6}",
        Just("\n".to_owned()),
        Just("{\"a\":1\n".to_owned()),
    ], 0..6)) {
        let text = parts.concat().trim_start().to_owned();
        let limits = Limits { depth: 64, ..Limits::default() };
        let at_once = Sniff::default().look(text.as_bytes(), &limits, true);
        prop_assert!(at_once.is_some());
        let mut sniff = Sniff::default();
        let early = (1..=text.len()).find_map(|end| sniff.look(&text.as_bytes()[..end], &limits, false));
        prop_assert_eq!(early.or_else(|| sniff.look(text.as_bytes(), &limits, true)), at_once);
    }
}

#[test]
fn an_array_of_megabytes_on_one_line_is_one_of_records() {
    let look = |text: &[u8]| {
        let limits = Limits::default();
        let mut sniff = Sniff::default();
        let early = (1..text.len()).step_by(1 << 20).find_map(|end| sniff.look(&text[..end], &limits, false));
        let at_once = Sniff::default().look(text, &limits, false);
        (early.or_else(|| sniff.look(text, &limits, false)), at_once)
    };
    let array = |len: usize, behind: &str| [b"[".as_slice(), &vec![b'1'; len - 2], b"]", behind.as_bytes()].concat();
    let (ndjson, of_records) = (Some(Format::Ndjson), Some(Format::Array));
    assert_eq!(look(&array(SNIFF_ARRAY_BYTES, "\n[2]")), (ndjson, ndjson));
    assert_eq!(look(&array(SNIFF_ARRAY_BYTES + 1, "\n[2]")), (of_records, of_records));
    assert_eq!(look(&array(SNIFF_ARRAY_BYTES + 1, "")[..SNIFF_ARRAY_BYTES - 1]), (None, None));
    assert_eq!(look(&array(SNIFF_ARRAY_BYTES + 1, "")[..SNIFF_ARRAY_BYTES]), (of_records, of_records));
}

fn depth(doc: &Doc) -> usize {
    match doc {
        Doc::Array(elements) => 1 + elements.iter().map(depth).max().unwrap_or(0),
        Doc::Object(members) => 1 + members.iter().map(|(_, value)| depth(value)).max().unwrap_or(0),
        _ => 0,
    }
}

#[test]
fn every_character_is_read_right_at_every_place_in_a_block() {
    let mut index = Index::default();
    for c in ['é', '߿', 'ࠀ', '퟿', '\u{E000}', '\u{FFFF}', '𐀀', '\u{10FFFF}'] {
        let mut bytes = [0; 4];
        let whole = c.encode_utf8(&mut bytes).as_bytes();
        for before in 0..BLOCK + 1 {
            let text = [b"\"", &vec![b' '; before][..], whole, b"\""].concat();
            let (_, start, end) = indexed(&mut index, b"", &text);
            assert!(!index.is_suspect(start, end), "{c:?} behind {before} blanks");
            let cut = [b"\"", &vec![b' '; before][..], &whole[..whole.len() - 1], b"\""].concat();
            let (_, start, end) = indexed(&mut index, b"", &cut);
            assert!(index.is_suspect(start, end), "{c:?} cut off behind {before} blanks");
        }
    }
}

#[test]
fn codes_are_unique_and_their_texts_fixed() {
    let mut codes: Vec<&str> = Reason::ALL.map(Reason::code).to_vec();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), Reason::ALL.len());
    for (i, reason) in Reason::ALL.into_iter().enumerate() {
        assert_eq!(reason as usize, i, "the counters go by this order");
        assert!(!reason.expected().is_empty() && !reason.expected().ends_with('.'));
    }
    let fault = Fault { reason: Reason::Utf8, at: 7 };
    assert_eq!(fault.to_string(), "S110 at byte 7: expected UTF-8");
}

/// What is asked here comes with a record that the walk over it found broken; no record is known at which the two differ.
#[test]
fn a_record_that_only_one_reading_finds_broken_is_withheld() {
    let bytes = b"{\"a\":1}".to_vec();
    let source = Source { start: 0, end: bytes.len(), bytes, base: 0 };
    let (plan, limits) = (Plan::everything(), Limits::default());
    let reading = Reading { plan: &plan, limits: &limits, last: true };
    let found = judge(&source, 0, source.end, &reading, Place { offset: 0, line: 1 });
    assert!(matches!(found, Found::Broken { reason, .. } if reason.code() == "S901"));
}
