//! Times as text: read in every form that the platforms use, written in one.

use super::{EpochNanos, SECOND};
use crate::format::date_time::{self, Timestamp};

/// Reads a point in time:
///
/// ```text
/// 2026-05-01T04:51:01.123456Z   2026-05-01T04:51:01+09:00   RFC 3339 §5.6, any number of decimals
/// 2026-05-01 04:51:01 UTC                                   a space for the T; UTC or GMT for Z
/// 2026-05-01 04:51:01.123 -0800 AKDT                        an offset without colon; a zone's name behind it
/// Wed, 19 Oct 2022 07:00:21 GMT                             RFC 9110 §5.6.7, RFC 5322 §3.3
/// ```
///
/// What is finer than a nanosecond is cut off. A time without a zone is none: it is no point in time.
pub(crate) fn parse(text: &[u8]) -> Option<EpochNanos> {
    let text = text.trim_ascii();
    let instant = |read: Timestamp| EpochNanos(i128::from(read.seconds) * SECOND + i128::from(read.nanos));
    // Nearly all are written in UTC, in the form that others are brought into.
    if matches!(text, [.., b'Z'])
        && text.get(10) == Some(&b'T')
        && text.len() <= 30
        && let Some(read) = date_time::parse(text)
    {
        return Some(instant(read));
    }
    let mut plain = Plain { bytes: [0; 40], len: 0 };
    match text {
        [_, _, _, _, b'-', ..] => {
            let (date, rest) = text.split_at_checked(10)?;
            let (&(b'T' | b't' | b' '), rest) = rest.split_first()? else { return None };
            plain.add(date)?;
            time_and_zone(rest, &mut plain)?;
        }
        _ => {
            // day-name "," day month year time zone
            let comma = text.iter().position(|&b| b == b',')?;
            if !DAYS.iter().any(|day| day.eq_ignore_ascii_case(&text[..comma])) {
                return None;
            }
            let mut words = text[comma + 1..].trim_ascii_start().splitn(4, |&b| b == b' ');
            let (day, month, year) = (words.next()?, words.next()?, words.next()?);
            let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))? + 1;
            plain.add(year)?;
            plain.add(&[b'-', b'0' + (month / 10) as u8, b'0' + (month % 10) as u8, b'-'])?;
            plain.add(if day.len() == 1 { b"0" } else { b"" })?;
            plain.add(day)?;
            time_and_zone(words.next()?, &mut plain)?;
        }
    }
    date_time::parse(plain.text()).map(instant)
}

/// Writes `T`, the time and the zone as RFC 3339 wants them.
fn time_and_zone(text: &[u8], plain: &mut Plain) -> Option<()> {
    let end = text.iter().position(|b| !matches!(b, b'0'..=b'9' | b':' | b'.')).unwrap_or(text.len());
    let (time, zone) = text.split_at(end);
    plain.add(b"T")?;
    plain.add(&time[..time.len().min("00:00:00.000000000".len())])?;
    if !time.iter().skip(9).all(u8::is_ascii_digit) {
        return None;
    }
    match zone.trim_ascii_start() {
        b"Z" | b"z" | b"UTC" | b"GMT" => plain.add(b"Z"),
        [sign @ (b'+' | b'-'), h1, h2, rest @ ..] => {
            let (minutes, name) = match rest {
                [b':', m1, m2, name @ ..] | [m1, m2, name @ ..] => ([*m1, *m2], name),
                _ => return None,
            };
            let named = name.is_empty() || name.strip_prefix(b" ").is_some_and(|n| n.iter().all(zone_letter));
            plain.add(&[*sign, *h1, *h2, b':', minutes[0], minutes[1]]).filter(|()| named)
        }
        _ => None,
    }
}

/// What the names of zones are made of: `AKDT`, `(PST)`, `America/Anchorage`.
fn zone_letter(byte: &u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'(' | b')' | b'/' | b'_')
}

const DAYS: [&[u8]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];
const MONTHS: [&[u8]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// A text of RFC 3339, as long as one can be.
struct Plain {
    bytes: [u8; 40],
    len: usize,
}

impl Plain {
    fn add(&mut self, more: &[u8]) -> Option<()> {
        self.bytes.get_mut(self.len..self.len + more.len())?.copy_from_slice(more);
        self.len += more.len();
        Some(())
    }

    fn text(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// Writes an instant of the years 0 to 9999 in RFC 3339, in UTC, with as many decimals as it needs; others by their
/// nanoseconds.
pub(crate) fn write(instant: EpochNanos) -> String {
    let (days, of_day) = parts(instant.0, 86_400 * SECOND as i64);
    let Some((year, month, day)) = i64::try_from(days).ok().and_then(civil) else {
        return digits(instant.0);
    };
    let (seconds, nanos) = (of_day / SECOND as u64, of_day % SECOND as u64);
    let mut text = String::with_capacity("2026-05-04T06:00:00.123456789Z".len());
    let numbers = [year as u64, month as u64, day as u64, seconds / 3600, seconds / 60 % 60, seconds % 60];
    for (number, behind) in numbers.into_iter().zip(['-', '-', 'T', ':', ':', '.']) {
        push(number, if text.is_empty() { 4 } else { 2 }, &mut text);
        text.push(behind);
    }
    push_fraction(nanos, &mut text);
    text.push('Z');
    text
}

/// Writes a length of time as decimal seconds, with as many decimals as it needs.
pub(crate) fn write_seconds(nanos: i128) -> String {
    let (seconds, rest) = parts(nanos.saturating_abs(), SECOND as i64);
    let mut text = digits(if nanos < 0 { -seconds } else { seconds });
    if nanos < 0 && seconds == 0 {
        text.insert(0, '-');
    }
    text.push('.');
    push_fraction(rest, &mut text);
    text
}

/// Appends a fraction of a second behind the point, or takes that away where there is none.
fn push_fraction(nanos: u64, text: &mut String) {
    push(nanos, 9, text);
    let len = text.trim_end_matches('0').trim_end_matches('.').len();
    text.truncate(len);
}

/// How often a length of time goes into another, and what is left. Dividing 128 bits is slow: few times need it.
pub(crate) fn parts(nanos: i128, unit: i64) -> (i128, u64) {
    match i64::try_from(nanos) {
        Ok(nanos) => (nanos.div_euclid(unit).into(), nanos.rem_euclid(unit) as u64),
        Err(_) => (nanos.div_euclid(unit.into()), nanos.rem_euclid(unit.into()) as u64),
    }
}

/// A whole number's digits.
pub(crate) fn digits(number: i128) -> String {
    const LIMB: i64 = 1_000_000_000_000_000;
    if let Ok(number) = u64::try_from(number) {
        let mut text = String::with_capacity(20);
        push(number, 1, &mut text);
        return text;
    }
    let mut limbs = [0; 3];
    let mut rest = number.saturating_abs();
    for limb in limbs.iter_mut().rev() {
        (rest, *limb) = parts(rest, LIMB);
    }
    let mut text = String::with_capacity(20);
    if number < 0 {
        text.push('-');
    }
    let first = limbs.iter().position(|limb| *limb > 0).unwrap_or(2);
    for (place, limb) in limbs.into_iter().enumerate().skip(first) {
        push(limb, if place == first { 1 } else { 15 }, &mut text);
    }
    text
}

/// Appends a number in so many digits, or more.
fn push(mut number: u64, width: usize, text: &mut String) {
    let mut digits = [b'0'; 20];
    let mut first = digits.len();
    while first > 0 && (number > 0 || digits.len() - first < width) {
        first -= 1;
        digits[first] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    text.push_str(std::str::from_utf8(&digits[first..]).unwrap_or_default());
}

/// The civil date of a day since 1970-01-01, years 0 to 9999 (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
fn civil(days: i64) -> Option<(i64, i64, i64)> {
    const FIRST: i64 = -719_528; // 0000-01-01
    const LAST: i64 = 2_932_896; // 9999-12-31
    if !(FIRST..=LAST).contains(&days) {
        return None;
    }
    let shifted = days + 719_468; // from 0000-03-01
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    Some((year_of_era + era * 400 + i64::from(month <= 2), month, day))
}
