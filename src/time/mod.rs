//! Points in time, from all the forms in which the platforms write them.

#[cfg(test)]
mod tests;
mod text;

pub(crate) use text::{digits, parse, parts, write, write_seconds};

/// Nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct EpochNanos(pub(crate) i128);

/// Nanoseconds of a second.
pub(crate) const SECOND: i128 = 1_000_000_000;

/// In what a count of time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Seconds,
    Millis,
    Micros,
    Nanos,
}

impl Unit {
    /// All, with the catalogue's words for them.
    pub(crate) const ALL: [(Unit, &'static str); 4] =
        [(Unit::Seconds, "s"), (Unit::Millis, "ms"), (Unit::Micros, "us"), (Unit::Nanos, "ns")];

    /// Decimal places of a nanosecond in it.
    fn places(self) -> i32 {
        match self {
            Unit::Seconds => 9,
            Unit::Millis => 6,
            Unit::Micros => 3,
            Unit::Nanos => 0,
        }
    }

    /// A count as nanoseconds: a JSON number's text, its fraction and exponent exact; what is finer than a nanosecond
    /// is cut off. None for what is no number, or beyond 10^30 nanoseconds.
    pub(crate) fn nanos(self, number: &[u8]) -> Option<i128> {
        let (negative, number) = match number.strip_prefix(b"-") {
            Some(rest) => (true, rest),
            None => (false, number),
        };
        let (mantissa, exponent) = match number.iter().position(|b| b | 0x20 == b'e') {
            Some(e) => (&number[..e], std::str::from_utf8(&number[e + 1..]).ok()?.parse::<i32>().ok()?),
            None => (number, 0),
        };
        let (whole, fraction) = match mantissa.iter().position(|&b| b == b'.') {
            Some(point) => (&mantissa[..point], &mantissa[point + 1..]),
            None => (mantissa, &[][..]),
        };
        if whole.is_empty() {
            return None;
        }
        // As many digits behind the point's new place as there are; zeros for those that are missing.
        let point = i64::try_from(whole.len()).ok()? + i64::from(exponent) + i64::from(self.places());
        let mut nanos = 0i128;
        for (place, digit) in whole.iter().chain(fraction).enumerate() {
            if !digit.is_ascii_digit() {
                return None;
            }
            if (place as i64) < point {
                nanos = nanos * 10 + i128::from(digit - b'0');
            }
            if nanos > LARGEST {
                return None;
            }
        }
        let missing = point - (whole.len() + fraction.len()) as i64;
        for _ in 0..missing.max(0) {
            if nanos == 0 {
                break;
            }
            nanos *= 10;
            if nanos > LARGEST {
                return None;
            }
        }
        Some(if negative { -nanos } else { nanos })
    }
}

/// Beyond this no count of time means one.
const LARGEST: i128 = 10i128.pow(30);
