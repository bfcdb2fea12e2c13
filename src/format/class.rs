//! Classes of ASCII characters that several grammars share (RFC 5234 appendix B.1, RFC 3986 §2 and §3).

pub(super) const LETTER: u8 = 1;
pub(super) const DIGIT: u8 = 1 << 1;
/// `-` `.` `_` `~`, which RFC 3986 §2.3 does not reserve.
const MARK: u8 = 1 << 2;
/// RFC 3986 §2.2.
const SUB_DELIM: u8 = 1 << 3;
pub(super) const COLON: u8 = 1 << 4;
const AT: u8 = 1 << 5;
/// `/` and `?`.
const SLASH: u8 = 1 << 6;
/// `+` `-` `.`, which a scheme may hold.
const SCHEME_MARK: u8 = 1 << 7;

/// A name that is no IP address (RFC 3986 §3.2.2), but for percent-encoding.
pub(super) const REG_NAME: u8 = LETTER | DIGIT | MARK | SUB_DELIM;
/// A query, a fragment, and as these were cut off at `?` and `#`: also a path (RFC 3986 §3.3, §3.4).
pub(super) const PATH: u8 = REG_NAME | COLON | AT | SLASH;
/// Behind the first letter of a scheme (RFC 3986 §3.1).
pub(super) const SCHEME: u8 = LETTER | DIGIT | SCHEME_MARK;

/// Whether a byte is in one of these classes; none above 0x7F is.
pub(super) fn is(byte: u8, classes: u8) -> bool {
    CLASSES.get(usize::from(byte)).is_some_and(|own| own & classes != 0)
}

const CLASSES: [u8; 128] = {
    let mut table = [0; 128];
    let mut byte = 0;
    while byte < 128 {
        table[byte as usize] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'0'..=b'9' => DIGIT,
            b'-' | b'.' => MARK | SCHEME_MARK,
            b'_' | b'~' => MARK,
            b'+' => SUB_DELIM | SCHEME_MARK,
            b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b',' | b';' | b'=' => SUB_DELIM,
            b':' => COLON,
            b'@' => AT,
            b'/' | b'?' => SLASH,
            _ => 0,
        };
        byte += 1;
    }
    table
};

/// What is behind the two digits of an octet that is percent-encoded (RFC 3986 §2.1).
pub(super) fn skip_hex(text: &[u8]) -> Option<&[u8]> {
    match text {
        [high, low, rest @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => Some(rest),
        _ => None,
    }
}

/// A number of nothing but digits; none where it has none, or is beyond 32 bits.
pub(super) fn number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0u32, |number, digit| {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 { None } else { number.checked_mul(10)?.checked_add(u32::from(digit)) }
    })
}

/// Divides a text behind its leading digits.
pub(super) fn split_digits(text: &[u8]) -> (&[u8], &[u8]) {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    text.split_at(digits)
}
