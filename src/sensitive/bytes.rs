//! Bytes by class, and stretches of one class: what all detectors read texts with.

/// Classes as bits.
pub(super) type Class = u16;
pub(super) const DIGIT: Class = 1;
/// `a` to `f`.
const LOWER_HEX: Class = 1 << 1;
/// `g` to `z`.
const LOWER_REST: Class = 1 << 2;
const UPPER_HEX: Class = 1 << 3;
const UPPER_REST: Class = 1 << 4;
pub(super) const DASH: Class = 1 << 5;
pub(super) const LOW: Class = 1 << 6;
pub(super) const DOT: Class = 1 << 7;
/// `+` and `/`.
pub(super) const PLUS_SLASH: Class = 1 << 8;
pub(super) const EQUALS: Class = 1 << 9;
pub(super) const PERCENT: Class = 1 << 10;
pub(super) const TILDE: Class = 1 << 11;
pub(super) const BLANK: Class = 1 << 12;
pub(super) const COLON: Class = 1 << 13;
/// Of a character beyond ASCII.
pub(super) const HIGH: Class = 1 << 14;
pub(super) const PLUS: Class = 1 << 15;

pub(super) const LOWER: Class = LOWER_HEX | LOWER_REST;
pub(super) const UPPER: Class = UPPER_HEX | UPPER_REST;
pub(super) const LETTER: Class = LOWER | UPPER;
pub(super) const ALNUM: Class = LETTER | DIGIT;
pub(super) const HEX: Class = DIGIT | LOWER_HEX | UPPER_HEX;
/// base64url without padding (RFC 4648 §5).
pub(super) const URL64: Class = ALNUM | DASH | LOW;
/// base64 without padding (RFC 4648 §4).
pub(super) const STD64: Class = ALNUM | PLUS_SLASH;

const CLASSES: [Class; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'f' => LOWER_HEX,
            b'g'..=b'z' => LOWER_REST,
            b'A'..=b'F' => UPPER_HEX,
            b'G'..=b'Z' => UPPER_REST,
            b'-' => DASH,
            b'_' => LOW,
            b'.' => DOT,
            b'+' => PLUS_SLASH | PLUS,
            b'/' => PLUS_SLASH,
            b'=' => EQUALS,
            b'%' => PERCENT,
            b'~' => TILDE,
            b' ' | b'\t' | b'\n' | b'\r' => BLANK,
            b':' => COLON,
            0x80.. => HIGH,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

/// Whether a byte is of one of some classes.
#[inline(always)]
pub(super) fn is(byte: u8, classes: Class) -> bool {
    CLASSES[usize::from(byte)] & classes != 0
}

/// The byte at a place; 0, which is of no class, where the text has ended.
#[inline(always)]
pub(super) fn byte(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(0)
}

/// The byte so many places before one; 0 before the text.
#[inline(always)]
pub(super) fn before(text: &[u8], at: usize, places: usize) -> u8 {
    byte(text, at.wrapping_sub(places))
}

/// The end of a stretch of some classes.
#[inline(never)]
pub(super) fn run(text: &[u8], from: usize, classes: Class) -> usize {
    let mut from = from;
    while let Some(four) = text.get(from..from + 4)
        && four.iter().all(|&byte| is(byte, classes))
    {
        from += 4;
    }
    let rest = text.get(from..).unwrap_or_default();
    from + rest.iter().position(|&byte| !is(byte, classes)).unwrap_or(rest.len())
}

/// The start of a stretch of some classes that ends at `end`, of at most so many bytes.
#[inline(never)]
pub(super) fn run_back(text: &[u8], end: usize, classes: Class, most: usize) -> usize {
    let before = text.get(end.saturating_sub(most)..end).unwrap_or_default();
    end - before.iter().rev().position(|&byte| !is(byte, classes)).unwrap_or(before.len())
}

/// Whether a text has a word at a place, in either case.
#[inline(never)]
pub(super) fn has(text: &[u8], at: usize, word: &[u8]) -> bool {
    text.get(at..at.wrapping_add(word.len())).is_some_and(|there| there.eq_ignore_ascii_case(word))
}

/// Whether something that begins at a place does not go on a word, and ends none if it ends at `end`.
pub(super) fn alone(text: &[u8], at: usize, end: usize) -> bool {
    !is(before(text, at, 1), ALNUM) && !is(byte(text, end), ALNUM)
}

/// The value of a hexadecimal digit; 0 of what is none.
pub(super) fn hex(byte: u8) -> u8 {
    char::from(byte).to_digit(16).unwrap_or(0) as u8
}

/// Whether a token might have been drawn by lot: it has a digit, or letters of both cases.
#[inline(never)]
pub(super) fn looks_random(token: &[u8]) -> bool {
    let any = |class| token.iter().any(|&byte| is(byte, class));
    any(DIGIT) || any(UPPER) && any(LOWER)
}

/// The character that begins at a place, and its length; none where no UTF-8 stands.
#[inline(never)]
pub(super) fn character(text: &[u8], at: usize) -> Option<(char, usize)> {
    let len = match byte(text, at) {
        0..0x80 => 1,
        0xC0..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    };
    let c = std::str::from_utf8(text.get(at..at + len)?).ok()?.chars().next()?;
    Some((c, len))
}
