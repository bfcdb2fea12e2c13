//! Texts wrapped in others: stretches of base64 that decode to text, and percent-encoding. What was changed inside can
//! be wrapped again.

use super::base64;
use super::bytes::*;
use crate::span::Span;

pub(crate) use super::base64::Alphabet;

/// Shortest stretch of base64 that is looked into: the shortest values of all, `a@b.co` and `::1`, take 8 letters and 4.
const SHORTEST: usize = 8;

/// A stretch of base64 in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wrapped {
    pub(crate) span: Span,
    pub(crate) alphabet: Alphabet,
}

/// The next stretch of base64 from a place on that says a text; `out` is set to what it says.
///
/// Text is UTF-8 without control characters but tabs and line ends. Stretches of less than 8 letters are not looked into
/// where they are not all of the text. Base64 that is broken into lines is seen line by line.
pub(crate) fn next_base64(text: &[u8], from: usize, out: &mut Vec<u8>) -> Option<Wrapped> {
    const LETTER64: u16 = URL64 | PLUS_SLASH;
    // What is all of a text may be shorter.
    let shortest = if from == 0 && run(text, run(text, 0, LETTER64), EQUALS) == text.len() { 4 } else { SHORTEST };
    let mut floor = from;
    loop {
        // One letter in so many is of each stretch that is long enough.
        let mut at = floor + shortest - 1;
        while !is(*text.get(at)?, LETTER64) {
            at += shortest;
        }
        let start = at - text[floor..at].iter().rev().take_while(|byte| is(**byte, LETTER64)).count();
        let letters = run(text, at, LETTER64);
        floor = run(text, letters, EQUALS);
        let end = floor.min(letters + 2);
        let stretch = text.get(start..end)?;
        if letters - start < shortest || !may_be_text(stretch) {
            continue;
        }
        out.clear();
        if base64::decode(stretch, out) && is_text(out) {
            return Some(Wrapped { span: Span { start, end }, alphabet: Alphabet::of(stretch) });
        }
    }
}

/// Whether the first bytes that a stretch says might begin a text: of words and identifiers, few do.
fn may_be_text(stretch: &[u8]) -> bool {
    let &[a, b, c, _, ..] = stretch else { return false };
    let (Some(a), Some(b), Some(c)) = (base64::value(a), base64::value(b), base64::value(c)) else { return false };
    let (first, second) = (a << 2 | b >> 4, b << 4 | c >> 2);
    match first {
        ..0x80 => !is_control(&first) && !is_control(&second),
        0x80..=0xC1 => false,
        0xC2.. => matches!(second, 0x80..=0xBF),
    }
}

fn is_control(byte: &u8) -> bool {
    *byte < b' ' && !is(*byte, BLANK) || *byte == 0x7F
}

fn is_text(bytes: &[u8]) -> bool {
    !bytes.iter().any(is_control) && std::str::from_utf8(bytes).is_ok()
}

/// Appends a text with its percent-encoding (RFC 3986 §2.1) undone once; whether there was any.
#[inline(never)]
pub(crate) fn unescape_percent(text: &[u8], out: &mut Vec<u8>) -> bool {
    let before = out.len();
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let octet = octet(text, at);
        out.push(octet.unwrap_or(byte));
        at += if octet.is_some() { 3 } else { 1 };
    }
    out.len() - before < text.len()
}

/// The octet that is percent-encoded at a place.
pub(crate) fn octet(text: &[u8], at: usize) -> Option<u8> {
    let [b'%', high, low] = text.get(at..at + 3)? else { return None };
    (is(*high, HEX) && is(*low, HEX)).then(|| hex(*high) << 4 | hex(*low))
}

/// Appends bytes percent-encoded, but for what RFC 3986 §2.3 does not reserve.
#[inline(never)]
pub(crate) fn escape_percent(bytes: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in bytes {
        if is(byte, URL64 | DOT | TILDE) {
            out.push(byte);
        } else {
            out.extend([b'%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
    }
}
