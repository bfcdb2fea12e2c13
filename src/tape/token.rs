//! The pieces that both walks read with.

use super::Kind;
use crate::scan::Index;

/// What a walk reads.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a> {
    /// The buffer; at least [`crate::scan::PADDING`] bytes follow the text.
    pub(crate) bytes: &'a [u8],
    /// Its index.
    pub(crate) index: &'a Index,
    /// Where the text ends.
    pub(crate) end: usize,
    /// A line break ends the text as well (NDJSON).
    pub(crate) lines: bool,
}

/// A place and the byte that stands there: none of the white space before it.
pub(crate) type At = (usize, u8);

/// The three bytes `","`, as [`four`] reads them: the end of a string, and the next one's start.
pub(crate) const NEXT_STRING: u32 = u32::from_le_bytes(*b"\",\"\0");
/// The three bytes `":"`: the end of a key, and its value's start.
const STRING_VALUE: u32 = u32::from_le_bytes(*b"\":\"\0");
/// The two bytes `":`.
const KEY_END: u32 = u32::from_le_bytes(*b"\":\0\0");

/// A place and its byte in one word, for functions that are not inlined: a pair would be returned by way of memory.
/// 0 stands for none; no byte of a token is 0.
pub(super) fn pack(at: Option<At>) -> u64 {
    at.map_or(0, |(pos, c)| (pos as u64) << 8 | u64::from(c))
}

#[inline(always)]
pub(super) fn unpack(word: u64) -> Option<At> {
    if word == 0 { None } else { Some(((word >> 8) as usize, word as u8)) }
}

impl Text<'_> {
    /// The byte at `pos`, or the first behind white space.
    #[inline(always)]
    pub(crate) fn at(self, pos: usize, breaks: &mut bool) -> Option<At> {
        let c = *self.bytes.get(pos)?;
        if c > b' ' { Some((pos, c)) } else { unpack(self.space(pos, breaks)) }
    }

    /// The next byte that is no white space. None where a line break ends the text, or it ends.
    #[inline(never)]
    fn space(&self, mut pos: usize, breaks: &mut bool) -> u64 {
        while let Some(&c) = self.bytes.get(pos) {
            match c {
                b' ' | b'\t' | b'\r' => {}
                b'\n' if !self.lines => *breaks = true,
                c if c > b' ' => return pack(Some((pos, c))),
                _ => break,
            }
            pos += 1;
        }
        0
    }

    /// Four bytes at once; the first is the lowest.
    #[inline(always)]
    pub(crate) fn four(self, pos: usize) -> Option<u32> {
        let bytes: [u8; 4] = self.bytes.get(pos..pos + 4)?.try_into().ok()?;
        Some(u32::from_le_bytes(bytes))
    }

    /// From a key's closing quote to the value behind its colon; and whether that is a string without white space
    /// before it, as most are: a test of its own spares them the dispatch on the value's first byte.
    #[inline(always)]
    pub(crate) fn value_of(self, close: usize, breaks: &mut bool) -> Option<(At, bool)> {
        let tail = self.four(close)?;
        if tail & 0xFF_FFFF == STRING_VALUE {
            return Some(((close + 2, b'"'), true));
        }
        Some((self.other_value(close, tail, breaks)?, false))
    }

    #[inline(always)]
    fn other_value(self, close: usize, tail: u32, breaks: &mut bool) -> Option<At> {
        let c = (tail >> 16) as u8;
        if tail & 0xFFFF == KEY_END && c > b' ' { Some((close + 2, c)) } else { unpack(self.value_far(close, breaks)) }
    }

    #[inline(never)]
    fn value_far(&self, close: usize, breaks: &mut bool) -> u64 {
        let value = |breaks: &mut bool| {
            if *self.bytes.get(close)? != b'"' {
                return None;
            }
            let (pos, c) = self.at(close + 1, breaks)?;
            if c == b':' { self.at(pos + 1, breaks) } else { None }
        };
        pack(value(breaks))
    }
}

// number = [ "-" ] int [ frac ] [ exp ]
#[inline(always)]
pub(super) fn number(bytes: &[u8], start: usize) -> Option<usize> {
    let (pos, whole) = integer(bytes, start)?;
    if whole { Some(pos) } else { found(fraction(bytes, pos)) }
}

/// A number's sign and integer part: the place behind them, and whether that is the whole number.
#[inline(always)]
pub(crate) fn integer(bytes: &[u8], start: usize) -> Option<(usize, bool)> {
    let pos = start + usize::from(*bytes.get(start)? == b'-');
    let first = *bytes.get(pos)?;
    let end = digits(bytes, pos)?;
    if first == b'0' && end != pos + 1 {
        return None;
    }
    let c = *bytes.get(end)?;
    Some((end, c != b'.' && c | 0x20 != b'e'))
}

/// 0 stands for none in what functions return that are not inlined.
#[inline(always)]
pub(crate) fn found(pos: usize) -> Option<usize> {
    if pos == 0 { None } else { Some(pos) }
}

/// What may follow a number's integer part.
#[inline(never)]
pub(crate) fn fraction(bytes: &[u8], pos: usize) -> usize {
    let end = || {
        let mut pos = pos;
        if *bytes.get(pos)? == b'.' {
            pos = digits(bytes, pos + 1)?;
        }
        if *bytes.get(pos)? | 0x20 == b'e' {
            let sign = *bytes.get(pos + 1)?;
            pos = digits(bytes, pos + 1 + usize::from(sign == b'-' || sign == b'+'))?;
        }
        Some(pos)
    };
    end().unwrap_or(0)
}

/// One or more digits; the place behind them. Eight at a time, without a loop for as few: an engine's own checks at
/// the head of every loop cost more than a digit does.
#[inline(always)]
fn digits(bytes: &[u8], start: usize) -> Option<usize> {
    match leading_digits(bytes, start)? {
        0 => None,
        8 => found(digits_far(bytes, start + 8)),
        count => Some(start + count),
    }
}

#[inline(never)]
fn digits_far(bytes: &[u8], mut pos: usize) -> usize {
    while let Some(count) = leading_digits(bytes, pos) {
        pos += count;
        if count < 8 {
            return pos;
        }
    }
    0
}

/// How many of the eight bytes at `pos` are digits before one that is none.
#[inline(always)]
fn leading_digits(bytes: &[u8], pos: usize) -> Option<usize> {
    let eight: [u8; 8] = bytes.get(pos..pos + 8)?.try_into().ok()?;
    // A digit becomes 0 to 9, and stays below 0x80 with 0x76 added; the first byte that does not is right.
    let value = u64::from_le_bytes(eight) ^ 0x3030_3030_3030_3030;
    let other = (value.wrapping_add(0x7676_7676_7676_7676) | value) & 0x8080_8080_8080_8080;
    Some(other.trailing_zeros() as usize / 8)
}

/// The byte that ends a container.
#[inline(always)]
pub(crate) fn closer(object: bool) -> u8 {
    if object { b'}' } else { b']' }
}

#[inline(always)]
pub(crate) fn literal(bytes: &[u8], pos: usize) -> Option<(Kind, usize)> {
    let word: [u8; 4] = bytes.get(pos..pos + 4)?.try_into().ok()?;
    match &word {
        b"true" => Some((Kind::True, pos + 4)),
        b"null" => Some((Kind::Null, pos + 4)),
        b"fals" if *bytes.get(pos + 4)? == b'e' => Some((Kind::False, pos + 5)),
        _ => None,
    }
}
