//! Strings as text, and text as strings: on demand, and only where there are escapes.

use crate::scan::hex4;

/// Appends what the inside of a JSON string (without its quotes, known to be valid) says. Faithful to every valid
/// string; of an invalid escape the bytes are copied as they stand.
pub(crate) fn decode(raw: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + raw.len() + ROOM, 0);
    let len = decode_into(raw, &mut out[start..]);
    out.truncate(start + len);
}

/// How many bytes more than a string's raw ones [`decode_into`] wants.
pub(crate) const ROOM: usize = 8;

/// [`decode`] into the start of `out`, [`ROOM`] bytes longer than `raw`; gives the length.
pub(crate) fn decode_into(raw: &[u8], out: &mut [u8]) -> usize {
    // Eight bytes at a time are copied before it is known how many of them are wanted: documents in strings have an
    // escape every few bytes. What is said is never longer than how it is written.
    const STEP: usize = ROOM;
    let (mut at, mut to) = (0, 0);
    while at < raw.len() {
        if let (Some(from), Some(into)) = (raw.get(at..at + STEP), out.get_mut(to..to + STEP)) {
            into.copy_from_slice(from);
            let plain = backslash_at(from);
            at += plain;
            to += plain;
            if plain == STEP {
                continue;
            }
        } else if raw[at] != b'\\' {
            out[to] = raw[at];
            at += 1;
            to += 1;
            continue;
        }
        let simple = raw.get(at + 1).map_or(0, |&letter| SIMPLE[usize::from(letter)]);
        if simple != 0 {
            out[to] = simple;
            at += 2;
            to += 1;
            continue;
        }
        let (len, said) = unescape(&raw[at..]);
        match said {
            Unescaped::Char(c) => to += c.encode_utf8(&mut out[to..]).len(),
            Unescaped::AsIs => {
                out[to..to + len].copy_from_slice(&raw[at..at + len]);
                to += len;
            }
        }
        at += len;
    }
    to
}

/// Place of the first backslash in eight bytes; 8 if there is none.
#[inline(always)]
fn backslash_at(bytes: &[u8]) -> usize {
    const LOW: u64 = 0x0101_0101_0101_0101;
    let word = u64::from_le_bytes(bytes.try_into().unwrap_or_default()) ^ (LOW * b'\\' as u64);
    // The lowest byte that is zero gets its top bit set; higher ones may be wrong, and are not looked at.
    let zero = word.wrapping_sub(LOW) & !word & (LOW << 7);
    zero.trailing_zeros() as usize / 8
}

/// What a two-character escape says, by its letter; 0 for letters that begin none.
const SIMPLE: [u8; 256] = {
    let mut table = [0; 256];
    table[b'"' as usize] = b'"';
    table[b'\\' as usize] = b'\\';
    table[b'/' as usize] = b'/';
    table[b'b' as usize] = 8;
    table[b'f' as usize] = 12;
    table[b'n' as usize] = b'\n';
    table[b'r' as usize] = b'\r';
    table[b't' as usize] = b'\t';
    table
};

/// What an escape says.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unescaped {
    /// A character.
    Char(char),
    /// No escape after all.
    AsIs,
}

/// The escape at the start of `raw` (a backslash): how many bytes it takes, and what it says.
pub(crate) fn unescape(raw: &[u8]) -> (usize, Unescaped) {
    match raw.get(1) {
        Some(&letter) if SIMPLE[usize::from(letter)] != 0 => {
            (2, Unescaped::Char(char::from(SIMPLE[usize::from(letter)])))
        }
        Some(b'u') => {
            let Some(high) = hex4(raw, 2) else {
                return (1, Unescaped::AsIs);
            };
            if let (0xD800..=0xDBFF, Some(b"\\u"), Some(low @ 0xDC00..=0xDFFF)) = (high, raw.get(6..8), hex4(raw, 8)) {
                let scalar = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                return match char::from_u32(scalar) {
                    Some(c) => (12, Unescaped::Char(c)),
                    None => (1, Unescaped::AsIs),
                };
            }
            match char::from_u32(high) {
                Some(c) => (6, Unescaped::Char(c)),
                None => (1, Unescaped::AsIs),
            }
        }
        _ => (1, Unescaped::AsIs),
    }
}

/// Appends `text` as the inside of a JSON string: quotes, backslashes and control bytes escaped, all else as it is.
pub(crate) fn escape_into(text: &[u8], out: &mut Vec<u8>) {
    // Room is made for a part at a time: of a long text it would be as much memory again.
    text.chunks(4096).for_each(|part| escape_part(part, out));
}

fn escape_part(text: &[u8], out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    // As in decoding, eight bytes at a time are copied before it is known how many of them are wanted. There is room for
    // two bytes for each that is left, and a step more.
    const STEP: usize = ROOM;
    let (mut at, mut to) = (0, out.len());
    out.resize(to + text.len() * 2 + STEP, 0);
    while at < text.len() {
        if let (Some(from), Some(into)) = (text.get(at..at + STEP), out.get_mut(to..to + STEP)) {
            into.copy_from_slice(from);
            let plain = special_at(from);
            at += plain;
            to += plain;
            if plain == STEP {
                continue;
            }
        }
        let byte = text[at];
        at += 1;
        let letter = match byte {
            b'"' | b'\\' => byte,
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            ..0x20 => {
                out.resize(out.len() + 4, 0);
                let digits = [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
                out[to..to + 4].copy_from_slice(b"\\u00");
                out[to + 4..to + 6].copy_from_slice(&digits);
                to += 6;
                continue;
            }
            _ => {
                out[to] = byte; // one of the last few
                to += 1;
                continue;
            }
        };
        out[to..to + 2].copy_from_slice(&[b'\\', letter]);
        to += 2;
    }
    out.truncate(to);
}

/// Place of the first of eight bytes that a string cannot hold as it is; 8 if there is none.
#[inline(always)]
fn special_at(bytes: &[u8]) -> usize {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = LOW << 7;
    let word = u64::from_le_bytes(bytes.try_into().unwrap_or_default());
    // Below the lowest byte that is found nothing borrows: the first is right, and later ones are not looked at.
    let zero = |word: u64| word.wrapping_sub(LOW) & !word & HIGH;
    let control = word.wrapping_sub(LOW * 0x20) & !word & HIGH;
    let found = zero(word ^ (LOW * b'"' as u64)) | zero(word ^ (LOW * b'\\' as u64)) | control;
    found.trailing_zeros() as usize / 8
}
