//! One splice, and what it must never touch.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use super::{Edits, lift};
use crate::common::doc::{Doc, dice};
use crate::common::seed::config;
use crate::span::Span;
use crate::tape::decode;

fn spliced(edits: &Edits, text: &[u8], span: Span) -> Vec<u8> {
    let mut out = b"before".to_vec();
    edits.splice(text, span, &mut out);
    assert_eq!(edits.spliced_len(span), out.len() - 6, "the length is known beforehand");
    out.split_off(6)
}

/// Places in order, in pairs.
fn spans(len: usize, places: &[prop::sample::Index]) -> Vec<Span> {
    let mut places: Vec<usize> = places.iter().map(|place| place.index(len + 1)).collect();
    places.sort_unstable();
    places.chunks_exact(2).map(|pair| Span { start: pair[0], end: pair[1] }).collect()
}

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn splicing_nothing_is_the_identity(text: Vec<u8>, places in vec(any::<prop::sample::Index>(), 2)) {
        for span in spans(text.len(), &places) {
            prop_assert_eq!(spliced(&Edits::default(), &text, span), span.of(&text));
        }
    }

    #[test]
    fn a_splice_changes_its_spans_and_nothing_else(text: Vec<u8>, places in vec(any::<prop::sample::Index>(), 0..9), with in vec("[a-z]{0,5}", 5)) {
        let mut edits = Edits::default();
        let mut wanted = Vec::new();
        let mut at = 0;
        for (span, with) in spans(text.len(), &places).into_iter().zip(&with) {
            edits.replace(span, with.as_bytes());
            wanted.extend_from_slice(&text[at..span.start]);
            wanted.extend_from_slice(with.as_bytes());
            at = span.end;
        }
        wanted.extend_from_slice(&text[at..]);
        prop_assert_eq!(spliced(&edits, &text, Span { start: 0, end: text.len() }), wanted);
    }

    /// Changes of what a string says, lifted to changes of how it is written, say the same.
    #[test]
    fn lifted_changes_say_what_the_inner_ones_say(said in vec(any::<char>(), 0..20), mut dice in dice(false), places in vec(any::<prop::sample::Index>(), 0..7), with in vec("[a\"\\\\\n\u{1}é😀]{0,3}", 4)) {
        let said: String = said.into_iter().collect();
        let text = format!("  {},", Doc::Text(said.clone()).write(&mut dice));
        let inside = Span { start: 3, end: text.len() - 2 };
        let mut decoded = Vec::new();
        decode(inside.of(text.as_bytes()), &mut decoded);
        prop_assert_eq!(&decoded, said.as_bytes());
        // Documents are cut between characters only.
        let ends: Vec<usize> = said.char_indices().map(|(i, _)| i).chain([said.len()]).collect();
        let (mut inner, mut outer) = (Edits::default(), Edits::default());
        for (span, with) in spans(ends.len() - 1, &places).into_iter().zip(&with) {
            inner.replace(Span { start: ends[span.start], end: ends[span.end] }, with.as_bytes());
        }
        lift(&inner, text.as_bytes(), inside, &mut outer);
        let out = spliced(&outer, text.as_bytes(), inside);
        let mut out_says = Vec::new();
        decode(&out, &mut out_says);
        prop_assert_eq!(out_says, spliced(&inner, said.as_bytes(), Span { start: 0, end: said.len() }));
        let quoted = [b"\"", &out[..], b"\""].concat();
        prop_assert!(serde_json::from_slice::<String>(&quoted).is_ok(), "no string: {}", quoted.escape_ascii());
    }

    /// Whichever members or elements go, what is left is the rest, and valid.
    #[test]
    fn what_remains_after_removals_is_the_rest(values in vec(("[a-c,{}\\[\\]]{0,3}", 0u8..6), 0..7), gone in vec(any::<bool>(), 7), gap in "[ \t]{0,2}", object: bool) {
        let mut text = String::from(if object { "{" } else { "[" });
        let mut entries = Vec::new();
        for (i, (name, kind)) in values.iter().enumerate() {
            text.push_str(if i == 0 { &gap } else { "," });
            text.push_str(&gap);
            let start = text.len();
            if object {
                text.push_str(&format!("\"{i}{name}\"{gap}:{gap}"));
            }
            text.push_str(["1", "\",\"", "[]", "{\"a\":[1,2]}", "null", "\"\\\"\""][usize::from(*kind)]);
            entries.push(Span { start, end: text.len() });
            text.push_str(&gap);
        }
        text.push(if object { '}' } else { ']' });
        let all: Value = serde_json::from_str(&text).expect("what was written");
        let mut edits = Edits::default();
        for (entry, _) in entries.iter().zip(&gone).filter(|(_, gone)| **gone) {
            edits.remove(text.as_bytes(), *entry);
        }
        let out = spliced(&edits, text.as_bytes(), Span { start: 0, end: text.len() });
        let rest: Value = serde_json::from_slice(&out).map_err(|e| TestCaseError::fail(format!("{e}: {}", out.escape_ascii())))?;
        let mut stays = gone.iter().map(|gone| !gone);
        let mut keep = || stays.next().unwrap_or(true);
        let wanted = match all {
            Value::Object(members) => Value::Object(members.into_iter().filter(|_| keep()).collect()),
            Value::Array(elements) => Value::Array(elements.into_iter().filter(|_| keep()).collect()),
            other => other,
        };
        prop_assert_eq!(rest, wanted);
    }
}

#[test]
fn edits_are_told_in_order_with_what_they_become() {
    let mut edits = Edits::default();
    assert!(edits.is_empty());
    edits.replace(Span { start: 1, end: 2 }, b"xyz");
    edits.replace_with(Span { start: 4, end: 4 }, |out| out.push(b'!'));
    let told: Vec<(Span, &[u8])> = edits.iter().collect();
    assert_eq!(told, [(Span { start: 1, end: 2 }, &b"xyz"[..]), (Span { start: 4, end: 4 }, &b"!"[..])]);
    edits.clear();
    assert!(edits.is_empty());
    assert_eq!(spliced(&edits, b"abcdef", Span { start: 2, end: 4 }), b"cd");
}
