//! Texts wrapped in others: stretches of base64 that decode to text, and percent-encoding. What was changed inside can
//! be wrapped again.

use super::base64;
use super::bytes::*;
use crate::format::uuid;
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
/// where they are not all of the text, nor are UUIDs. Base64 that is broken into lines is seen line by line.
pub(crate) fn next_base64(text: &[u8], from: usize, out: &mut Vec<u8>) -> Option<Wrapped> {
    let mut floor = from;
    loop {
        let span = next_stretch(text, floor)?;
        let stretch = span.of(text);
        out.clear();
        // Digits alone are a number, or the decimals of a time.
        let has_letter = stretch.iter().any(u8::is_ascii_alphabetic);
        if has_letter && base64::decode(stretch, out) && is_text(out) {
            // A part of a JSON Web Token has no padding (RFC 7515 §2).
            let is_part = before(text, span.start, 1) == b'.' || byte(text, span.end) == b'.';
            let alphabet = if is_part { Alphabet { url: true, padded: false } } else { Alphabet::of(stretch) };
            return Some(Wrapped { span, alphabet });
        }
        floor = run(text, span.end, EQUALS);
    }
}

/// The next stretch of base64, by what it says first.
#[inline(never)]
pub(super) fn next_stretch(text: &[u8], from: usize) -> Option<Span> {
    const LETTER64: u16 = URL64 | PLUS_SLASH;
    let mut shortest = SHORTEST;
    if text.len() < SHORTEST {
        // What is all of a text may be shorter.
        if from > 0 || run(text, run(text, 0, LETTER64), EQUALS) < text.len() {
            return None;
        }
        shortest = 4;
    }
    let mut floor = from;
    loop {
        // One letter in so many is of each stretch that is long enough.
        let mut at = floor + shortest - 1;
        while !is(*text.get(at)?, LETTER64) {
            at += shortest;
        }
        let start = at - text[floor..at].iter().rev().take_while(|byte| is(**byte, LETTER64)).count();
        // Most words are shorter.
        let first = text.get(start..start + shortest)?;
        if let Some(len) = first.iter().position(|byte| !is(*byte, LETTER64)) {
            floor = start + len + 1;
            continue;
        }
        let letters = run(text, start + shortest, LETTER64);
        floor = run(text, letters, EQUALS);
        if may_be_text(first) && !is_uuid(text.get(start..letters)?) {
            return Some(Span { start, end: floor.min(letters + 2) });
        }
    }
}

fn is_uuid(text: &[u8]) -> bool {
    text.len() == 36 && uuid::is_uuid(text)
}

/// Whether the first bytes that a stretch says might begin a text: of words and identifiers, few do.
fn may_be_text(stretch: &[u8]) -> bool {
    let mut first = [0; 6];
    let mut len = 0;
    for four in stretch.chunks_exact(4).take(2) {
        let bits =
            four.iter().fold(0, |bits, &letter| bits << 6 | u32::from(base64::value(letter).unwrap_or_default()));
        first[len..len + 3].copy_from_slice(&bits.to_be_bytes()[1..]);
        len += 3;
        if first[len - 3..len].iter().any(is_control) {
            return false;
        }
    }
    let first = &first[..len];
    // The last character may go on.
    first.is_ascii() || std::str::from_utf8(first).err().is_none_or(|error| error.error_len().is_none())
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
