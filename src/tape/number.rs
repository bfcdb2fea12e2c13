//! Numbers by value, from their text: exact at any size, without a detour through floating point.

use std::cmp::Ordering;

/// A number's parts: `0.DIGITS * 10^exponent`, its first digit not 0; no digits for zero.
struct Parts {
    negative: bool,
    digits: Vec<u8>,
    exponent: Exponent,
}

/// Exponents may be longer than any machine number; beyond this they saturate, in order and never equal by accident
/// to a smaller one.
type Exponent = i128;

/// Compares two JSON numbers (their valid text) by value: `1.0` equals `1`, `1e400` exceeds `1e399`.
///
/// Exponents of more than 30 digits are taken as equally huge.
pub(crate) fn compare(a: &[u8], b: &[u8]) -> Ordering {
    let (a, b) = (parts(a), parts(b));
    let sign = |p: &Parts| {
        if p.digits.is_empty() {
            0
        } else if p.negative {
            -1
        } else {
            1
        }
    };
    sign(&a).cmp(&sign(&b)).then_with(|| {
        let magnitude = a.exponent.cmp(&b.exponent).then_with(|| a.digits.cmp(&b.digits));
        if a.negative { magnitude.reverse() } else { magnitude }
    })
}

fn parts(text: &[u8]) -> Parts {
    let (negative, text) = match text.strip_prefix(b"-") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = match text.iter().position(|b| b | 0x20 == b'e') {
        Some(e) => (&text[..e], integer(&text[e + 1..])),
        None => (text, 0),
    };
    let whole = mantissa.iter().position(|&b| b == b'.').unwrap_or(mantissa.len());
    let mut digits: Vec<u8> = mantissa.iter().copied().filter(u8::is_ascii_digit).collect();
    let leading = digits.iter().take_while(|&&b| b == b'0').count();
    digits.drain(..leading);
    let trailing = digits.iter().rev().take_while(|&&b| b == b'0').count();
    digits.truncate(digits.len() - trailing);
    let exponent = if digits.is_empty() { 0 } else { exponent + whole as Exponent - leading as Exponent };
    Parts { negative, digits, exponent }
}

fn integer(text: &[u8]) -> Exponent {
    const HUGE: Exponent = 10i128.pow(30);
    let negative = text.first() == Some(&b'-');
    let digits = text.iter().filter(|b| b.is_ascii_digit());
    let size = digits.fold(0i128, |n, b| (n * 10 + i128::from(b - b'0')).min(HUGE));
    if negative { -size } else { size }
}
