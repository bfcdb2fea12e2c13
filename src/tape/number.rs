//! Numbers by value, from their text: exact at any size, without a detour through floating point.

use std::cmp::Ordering;

/// A number's parts: `0.DIGITS * 10^exponent`, its first digit not 0; no digits for zero.
struct Parts<'a> {
    negative: bool,
    /// From the first to the last digit that is not 0; there may be a point among them.
    mantissa: &'a [u8],
    /// How many digits that are.
    len: usize,
    exponent: Exponent,
}

impl Parts<'_> {
    fn is_zero(&self) -> bool {
        self.len == 0
    }

    /// The digits as characters.
    fn digits(&self) -> impl Iterator<Item = u8> {
        self.mantissa.iter().copied().filter(u8::is_ascii_digit)
    }

    /// Where the digits end, as a power of ten.
    fn last(&self) -> Exponent {
        self.exponent - self.len as Exponent
    }
}

/// Exponents may be longer than any machine number; beyond this they saturate, in order and never equal by accident
/// to a smaller one.
type Exponent = i128;

/// Compares two JSON numbers (their valid text) by value: `1.0` equals `1`, `1e400` exceeds `1e399`.
///
/// Exponents of more than 30 digits are taken as equally huge.
pub(crate) fn compare(a: &[u8], b: &[u8]) -> Ordering {
    match (small(a), small(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => compare_parts(&parts(a), &parts(b)),
    }
}

/// The value of a plain integer of at most 18 digits: no fraction, no exponent.
pub(crate) fn small(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    if digits.len() > 18 {
        return None;
    }
    let mut value = 0;
    for &byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    Some(if negative { -value } else { value })
}

/// Compares a number with a small one. None if it has an exponent, or more than 18 digits before its point.
pub(crate) fn compare_small(text: &[u8], small: i64) -> Option<Ordering> {
    let negative = text.first() == Some(&b'-');
    let start = usize::from(negative);
    let (mut at, mut whole) = (start, 0i64);
    while let Some(digit @ b'0'..=b'9') = text.get(at) {
        if at == start + 18 {
            return None;
        }
        whole = whole * 10 + i64::from(digit - b'0');
        at += 1;
    }
    let mut rest = Ordering::Equal;
    if let Some((mark, fraction)) = text.get(at..).and_then(<[u8]>::split_first) {
        for digit in fraction {
            match digit {
                b'0' => {}
                b'1'..=b'9' => rest = Ordering::Greater,
                _ => return None,
            }
        }
        if *mark != b'.' {
            return None;
        }
    }
    Some(match negative {
        true => (-whole).cmp(&small).then(rest.reverse()),
        false => whole.cmp(&small).then(rest),
    })
}

/// Whether the value is a whole number: `1.0` and `1e400` are.
pub(crate) fn is_integer(text: &[u8]) -> bool {
    if !text.iter().any(|&b| b == b'.' || b | 0x20 == b'e') {
        return true;
    }
    parts(text).last() >= 0
}

/// The value of a whole number that is not negative; saturated beyond 64 bits.
pub(crate) fn count(text: &[u8]) -> Option<u64> {
    let parts = parts(text);
    if (parts.negative && !parts.is_zero()) || parts.last() < 0 {
        return None;
    }
    let zeros = parts.last().min(20);
    let digits = parts.digits().map(|b| u64::from(b - b'0')).chain((0..zeros).map(|_| 0));
    Some(digits.fold(0u64, |n, digit| n.saturating_mul(10).saturating_add(digit)))
}

/// Appends a form that two numbers share if, and only if, they are of equal value; none begins like another one.
pub(crate) fn canonical(text: &[u8], out: &mut Vec<u8>) {
    let parts = parts(text);
    if parts.is_zero() {
        out.push(b'0');
        return;
    }
    out.push(if parts.negative { b'-' } else { b'+' });
    match u8::try_from(parts.exponent + 100) {
        Ok(near) if near < u8::MAX => out.push(near),
        _ => {
            out.push(u8::MAX);
            out.extend_from_slice(&parts.exponent.to_be_bytes());
        }
    }
    out.extend(parts.digits());
    out.push(0); // no digit
}

/// Appends a number as text that two numbers share if, and only if, they are of equal value: in digits where 40 places
/// are enough (`1.0` and `1e0` are `1`), else as `DIGITSeEXPONENT`.
pub(crate) fn plain(text: &[u8], out: &mut Vec<u8>) {
    const PLACES: Exponent = 40;
    let parts = parts(text);
    if parts.is_zero() {
        return out.push(b'0');
    }
    if parts.negative {
        out.push(b'-');
    }
    if !(-PLACES..=PLACES).contains(&parts.exponent) {
        out.extend(parts.digits());
        out.push(b'e');
        return out.extend_from_slice(parts.last().to_string().as_bytes());
    }
    if parts.exponent <= 0 {
        out.extend_from_slice(b"0.");
        out.extend((parts.exponent..0).map(|_| b'0'));
    }
    for (place, digit) in (0..).zip(parts.digits()) {
        if place > 0 && place == parts.exponent {
            out.push(b'.');
        }
        out.push(digit);
    }
    out.extend((parts.len as Exponent..parts.exponent).map(|_| b'0'));
}

/// A number that others may be a multiple of.
#[derive(Debug)]
pub(crate) struct Divisor {
    small: Option<i64>,
    /// The value is `digits * 10^exponent`.
    digits: u128,
    exponent: Exponent,
}

impl Divisor {
    /// Most digits of a divisor, zeros at either end not counted: sums with one more stay within 128 bits.
    pub(crate) const DIGITS: usize = 37;

    /// None if it is not positive, or has more than [`Divisor::DIGITS`] digits.
    pub(crate) fn new(text: &[u8]) -> Option<Divisor> {
        let parts = parts(text);
        if parts.negative || parts.is_zero() || parts.len > Divisor::DIGITS {
            return None;
        }
        let value = parts.digits().fold(0, |n, b| n * 10 + u128::from(b - b'0'));
        Some(Divisor { small: small(text), digits: value, exponent: parts.last() })
    }

    /// Whether a number is a multiple: `19.99` of `0.01` is. Linear in its text, whatever its exponent.
    pub(crate) fn divides(&self, text: &[u8]) -> bool {
        if let (Some(divisor), Some(value)) = (self.small, small(text)) {
            return value % divisor == 0;
        }
        let parts = parts(text);
        if parts.is_zero() {
            return true;
        }
        // d1 * 10^zeros has to be a multiple of d2. d1 does not end in 0, so fewer than no zeros never do.
        let zeros = parts.last() - self.exponent;
        if zeros < 0 {
            return false;
        }
        let rest = parts.digits().fold(0, |n, b| (n * 10 + u128::from(b - b'0')) % self.digits);
        self.times(rest, self.power_of_ten(zeros)) == 0
    }

    fn power_of_ten(&self, mut exponent: Exponent) -> u128 {
        let (mut power, mut square) = (1 % self.digits, 10 % self.digits);
        while exponent > 0 {
            if exponent & 1 == 1 {
                power = self.times(power, square);
            }
            square = self.times(square, square);
            exponent >>= 1;
        }
        power
    }

    /// `a * b` modulo the divisor's digits, by doubling: no product leaves 128 bits.
    fn times(&self, mut a: u128, mut b: u128) -> u128 {
        let mut product = 0;
        while b > 0 {
            if b & 1 == 1 {
                product = (product + a) % self.digits;
            }
            a = (a * 2) % self.digits;
            b >>= 1;
        }
        product
    }
}

fn compare_parts(a: &Parts<'_>, b: &Parts<'_>) -> Ordering {
    let sign = |p: &Parts<'_>| match p.negative {
        _ if p.is_zero() => 0,
        true => -1,
        false => 1,
    };
    sign(a).cmp(&sign(b)).then_with(|| {
        let magnitude = a.exponent.cmp(&b.exponent).then_with(|| a.digits().cmp(b.digits()));
        if a.negative { magnitude.reverse() } else { magnitude }
    })
}

fn parts(text: &[u8]) -> Parts<'_> {
    let (negative, text) = match text.strip_prefix(b"-") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = match text.iter().position(|b| b | 0x20 == b'e') {
        Some(e) => (&text[..e], integer(&text[e + 1..])),
        None => (text, 0),
    };
    let counts = |b: &u8| (b'1'..=b'9').contains(b);
    let (Some(first), Some(last)) = (mantissa.iter().position(counts), mantissa.iter().rposition(counts)) else {
        return Parts { negative, mantissa: &[], len: 0, exponent: 0 };
    };
    let point = mantissa.iter().position(|&b| b == b'.').unwrap_or(mantissa.len());
    let len = last + 1 - first - usize::from(first < point && point < last);
    // Of the digits before the point as many count as stand behind the zeros; of those behind it, all zeros lower it.
    let whole = point as Exponent - first as Exponent + Exponent::from(first > point);
    Parts { negative, mantissa: &mantissa[first..=last], len, exponent: exponent + whole }
}

fn integer(text: &[u8]) -> Exponent {
    const HUGE: Exponent = 10i128.pow(30);
    let negative = text.first() == Some(&b'-');
    let digits = text.iter().filter(|b| b.is_ascii_digit());
    let size = digits.fold(0i128, |n, b| (n * 10 + i128::from(b - b'0')).min(HUGE));
    if negative { -size } else { size }
}
