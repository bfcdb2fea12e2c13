//! The vector kernel against the scalar one, and both against the reference.
#![no_main]

use libfuzzer_sys::fuzz_target;
use logweir::probe::{is_value, marks};

fuzz_target!(|text: &[u8]| {
    same(text);
    // As the inside of a string: quotes that end it left out, a last backslash given its fellow.
    let mut string = vec![b'"'];
    let mut escaped = false;
    for &byte in text {
        if byte >= b' ' && (byte != b'"' || escaped) {
            string.push(byte);
            escaped = byte == b'\\' && !escaped;
        }
    }
    string.extend_from_slice(if escaped { b"\\\"" } else { b"\"" });
    let doubted = same(&string);
    assert_eq!(doubted, !is_value(&string), "doubted and sound, or the other way round");
});

/// Whether both doubt the text.
fn same(text: &[u8]) -> bool {
    let (at_hand, reference) = (marks(text, false), marks(text, true));
    assert_eq!(at_hand.len(), reference.len());
    for (block, (a, b)) in at_hand.iter().zip(&reference).enumerate() {
        assert_eq!((a.stops, a.backslash), (b.stops, b.backslash), "block {block}");
    }
    // Of a wrong sequence they may doubt different bytes, a block apart.
    let (a, b) = (at_hand.iter().position(|m| m.suspect), reference.iter().position(|m| m.suspect));
    assert!(a.is_some() == b.is_some() && a.unwrap_or(0).abs_diff(b.unwrap_or(0)) <= 1, "{a:?} {b:?}");
    a.is_some()
}
