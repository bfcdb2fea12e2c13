//! Texts wrapped in others: stretches of base64 that decode to text, and percent-encoding. What was changed inside can
//! be wrapped again.

use super::base64::{Letters, value};
use super::bytes::*;
use crate::format::uuid;
use crate::span::Span;

pub(crate) use super::base64::Alphabet;

/// Shortest stretch of base64 that is looked into: the shortest values of all, `a@b.co` and `::1`, take 8 letters and 4.
const SHORTEST: usize = 8;
/// Shortest line behind which base64 may go on in the next: RFC 7468 §2 breaks lines at 64 columns, RFC 2045 §6.8 at 76.
const LINE: usize = 60;
/// Letters that are read before what they say is looked at.
const PIECE: usize = 64;

const LETTER64: Class = URL64 | PLUS_SLASH;
/// Letters that stand between words, too: base64 may begin and end at each.
const SIGN: Class = DASH | LOW | PLUS_SLASH;

/// How the bytes that base64 says are a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Utf8,
    Utf16 { big_endian: bool },
}

/// A stretch of base64 in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wrapped {
    pub(crate) span: Span,
    alphabet: Alphabet,
    form: Form,
}

/// The next stretch of base64 from a place on that says a text; `out` is set to what it says.
///
/// Text is UTF-8 or UTF-16 without control characters but tabs, line ends and NUL. A stretch goes on over line ends. Where
/// it says no text as a whole, it may do so from one of `/`, `_`, `-` and `+` to another. Stretches of less than 8 letters
/// are not looked into where they are not all of the text, nor are UUIDs. Time is linear: what is read in vain ends at the
/// next of these signs.
pub(crate) fn next_base64(text: &[u8], from: usize, out: &mut Vec<u8>) -> Option<Wrapped> {
    let mut floor = from;
    loop {
        let (start, form) = next_stretch(text, floor)?;
        out.clear();
        let end = read(text, start, form, out);
        let padded = run(text.get(..text.len().min(end + 2))?, end, EQUALS);
        let span = Span { start, end: padded };
        let raw = span.of(text);
        if end < start + SHORTEST && raw.len() < text.len() {
            floor = run(text, start, ALNUM) + 1;
        } else if !raw.iter().rev().skip(1).any(u8::is_ascii_alphabetic) {
            // Digits alone are a number, or the decimals of a time, with `Z` behind.
            floor = padded;
        } else {
            if let Form::Utf16 { big_endian } = form {
                let unit =
                    |two: &[u8]| if big_endian { u16::from_be_bytes } else { u16::from_le_bytes }([two[0], two[1]]);
                let units = char::decode_utf16(out.chunks_exact(2).map(unit));
                *out = units.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>().into_bytes();
            }
            return Some(Wrapped { span, alphabet: alphabet(text, span), form });
        }
    }
}

/// Where base64 may begin next, by what it says first: behind what is no letter of it, or behind a sign.
#[inline(never)]
pub(super) fn next_stretch(text: &[u8], from: usize) -> Option<(usize, Form)> {
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
        let mut start = at;
        while start > floor && is(before(text, start, 1), LETTER64) {
            start -= 1;
        }
        // Most words are shorter.
        let first = text.get(start..start + shortest)?;
        if let Some(len) = first.iter().position(|byte| !is(*byte, LETTER64)) {
            floor = start + len + 1;
            continue;
        }
        let part = run(text, start, ALNUM);
        if part == start + 8 && is_uuid(text, start) {
            floor = start + 36;
            continue;
        }
        if let Some(form) = form(first) {
            return Some((start, form));
        }
        floor = part + 1;
    }
}

fn is_uuid(text: &[u8], start: usize) -> bool {
    let end = start + 36;
    !is(byte(text, end), ALNUM) && text.get(start..end).is_some_and(uuid::is_uuid)
}

/// Of which form the text might be that a stretch begins with: of words and identifiers, few are of any.
#[inline(always)]
fn form(stretch: &[u8]) -> Option<Form> {
    // Control characters, what goes on a character, and what is no UTF-8 nor byte order mark.
    let lead = value(byte(stretch, 0)).unwrap_or_default();
    if matches!(lead, 1 | 4..=7 | 32..=47 | 62) { None } else { form_of(stretch) }
}

#[inline(never)]
fn form_of(stretch: &[u8]) -> Option<Form> {
    let (mut first, mut len) = ([0; 6], 0);
    for four in stretch.chunks_exact(4).take(2) {
        let bits = four.iter().fold(0, |bits, &letter| bits << 6 | u32::from(value(letter).unwrap_or_default()));
        first[len..len + 3].copy_from_slice(&bits.to_be_bytes()[1..]);
        len += 3;
        // Behind what is ASCII no character goes on.
        if bits & 0x80_C0_00 == 0x80_00 {
            return None;
        }
    }
    let first = &first[..len];
    match *first {
        [0xFF, 0xFE, ..] | [1..=255, 0, 1..=255, 0, ..] => Some(Form::Utf16 { big_endian: false }),
        [0xFE, 0xFF, ..] | [0, 1..=255, 0, 1..=255, ..] => Some(Form::Utf16 { big_endian: true }),
        [0, 0, ..] => None,
        _ => check(Form::Utf8, first, 0).map(|_| Form::Utf8),
    }
}

/// Reads what base64 says from a place on, as far as it is text: to the end of the letters, or to the last sign or line end
/// behind which it is none; where that is.
#[inline(never)]
fn read(text: &[u8], start: usize, form: Form, out: &mut Vec<u8>) -> usize {
    let mut letters = Letters::default();
    let (mut at, mut checked) = (start, 0);
    // Best ends where a character does; else wherever, as the same would be read again from the next sign.
    let (mut best, mut is_cut) = ((start, 0), true);
    let head = text.get(start.saturating_sub(LINE)..start).unwrap_or_default();
    let mut line = start - head.iter().rev().take_while(|byte| **byte != b'\n').count();
    loop {
        let first = at + usize::from(is(byte(text, at), SIGN));
        let end = run(text.get(..text.len().min(first + PIECE)).unwrap_or_default(), first, ALNUM);
        letters.take(text.get(at..end).unwrap_or_default(), out);
        let Some(good) = check(form, out, checked) else { break };
        checked = good;
        at = end;
        if is(byte(text, at), ALNUM) {
            continue;
        }
        if checked == out.len() || is_cut {
            // A single letter says nothing.
            best = (at - usize::from(letters.has_one()), checked);
            is_cut = checked < out.len();
        }
        if !is(byte(text, at), SIGN) {
            let Some(next) = next_line(text, line, at) else { break };
            (line, at) = (next, next);
        }
    }
    out.truncate(best.1);
    best.0
}

/// Where base64 goes on behind a line's end.
fn next_line(text: &[u8], line: usize, end: usize) -> Option<usize> {
    let ends: &[u8] = if byte(text, end) == b'\r' { b"\r\n" } else { b"\n" };
    let next = end + ends.len();
    let goes_on = end >= line + LINE && text.get(end..next) == Some(ends) && is(byte(text, next), LETTER64);
    goes_on.then_some(next)
}

/// Up to where bytes are text from a place on, which may end within a character; none where they are no text.
fn check(form: Form, bytes: &[u8], from: usize) -> Option<usize> {
    let new = bytes.get(from..)?;
    match form {
        Form::Utf8 if new.iter().any(is_control) => None,
        Form::Utf8 => match std::str::from_utf8(new) {
            Ok(_) => Some(bytes.len()),
            Err(error) => error.error_len().is_none().then_some(from + error.valid_up_to()),
        },
        Form::Utf16 { big_endian } => {
            let is_control = |two: &[u8]| {
                let (high, low) = if big_endian { (two[0], two[1]) } else { (two[1], two[0]) };
                high == 0 && is_control(&low)
            };
            (!new.chunks_exact(2).any(is_control)).then_some(from + (new.len() & !1))
        }
    }
}

fn is_control(byte: &u8) -> bool {
    *byte < b' ' && *byte > 0 && !is(*byte, BLANK) || *byte == 0x7F
}

/// How a stretch of base64 is written.
fn alphabet(text: &[u8], span: Span) -> Alphabet {
    let mut letters = span.of(text).to_vec();
    letters.retain(|byte| !is(*byte, BLANK));
    // A part of a JSON Web Token has no padding (RFC 7515 §2), nor needs one of a path it.
    let is_part = |byte: u8| is(byte, SIGN | DOT);
    if is_part(before(text, span.start, 1)) || is_part(byte(text, span.end)) {
        let url = !letters.iter().any(|byte| is(*byte, PLUS_SLASH));
        return Alphabet { url, padded: letters.ends_with(b"=") };
    }
    Alphabet::of(&letters)
}

impl Wrapped {
    /// Appends a text written as the stretch is, which stands in `text`.
    #[inline(never)]
    pub(crate) fn encode(&self, text: &[u8], with: &[u8], out: &mut Vec<u8>) {
        let mut letters = Vec::new();
        match self.form {
            Form::Utf8 => self.alphabet.encode(with, &mut letters),
            Form::Utf16 { big_endian } => {
                let swap = |unit: u16| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() };
                let bytes: Vec<u8> = String::from_utf8_lossy(with).encode_utf16().flat_map(swap).collect();
                self.alphabet.encode(&bytes, &mut letters);
            }
        }
        let raw = self.span.of(text);
        let line = run(raw, 0, LETTER64 | EQUALS);
        let end = raw.get(line..run(raw, line, BLANK)).unwrap_or_default();
        let width = if end.is_empty() { letters.len() } else { line };
        for (number, line) in letters.chunks(width.max(1)).enumerate() {
            out.extend_from_slice(if number > 0 { end } else { b"" });
            out.extend_from_slice(line);
        }
    }
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
