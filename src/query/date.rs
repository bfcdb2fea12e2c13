//! Points in time and stretches of it, as a query writes them: `2026-05-01`, `now-1h`, `2026-05-01||+1M/M`.
//!
//! The date math is Elasticsearch's. Calendar steps are taken on the text, so that there is one calendar: that of
//! [`time`].

use crate::time::{self, EpochNanos, SECOND};

/// A stretch of time: from, and one behind its last nanosecond.
pub(super) type Stretch = (i128, i128);

/// A unit by its letter: nanoseconds, or months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Nanos(i128),
    Week,
    Months(i32),
}

const DAY: Unit = Unit::Nanos(86_400 * SECOND);

/// The first point in time of the year 0, and the last of the year 9999: what is moved further stays there, so that a
/// query that is one stays one whatever time it is.
const YEARS: (i128, i128) = (-719_528 * 86_400 * SECOND, 2_932_897 * 86_400 * SECOND - 1);

fn unit(letter: u8) -> Option<Unit> {
    Some(match letter {
        b's' => Unit::Nanos(SECOND),
        b'm' => Unit::Nanos(60 * SECOND),
        b'h' | b'H' => Unit::Nanos(3600 * SECOND),
        b'd' => DAY,
        b'w' => Unit::Week,
        b'M' => Unit::Months(1),
        b'y' => Unit::Months(12),
        _ => return None,
    })
}

/// Why a text is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoTime {
    /// It does not look like one.
    Other,
    /// It begins like one: `now` with something behind it, or a date with `||`.
    Broken,
    /// It needs `now`, and nobody said when that is.
    NoNow,
}

/// Reads a time. A date is a day long, `2026-05` a month, a time without seconds a minute, what was rounded (`/d`) its
/// unit; all others are a point. Without a zone they are UTC.
pub(super) fn read(text: &str, now: Option<EpochNanos>) -> Result<Stretch, NoTime> {
    let (anchor, math) = match text.strip_prefix("now") {
        Some(math) if math.is_empty() || math.starts_with(['+', '-', '/']) => (None, math),
        _ => match text.split_once("||") {
            Some((date, math)) => (Some(date), math),
            None => return date(text.as_bytes()).and_then(stretch).ok_or(NoTime::Other),
        },
    };
    let (mut at, mut precision) = match anchor {
        None => (now.ok_or(NoTime::NoNow)?.0.clamp(YEARS.0, YEARS.1), None),
        Some(text) => date(text.as_bytes()).ok_or(NoTime::Broken)?,
    };
    let mut rest = math.as_bytes();
    while let Some((&sign, behind)) = rest.split_first() {
        let digits = behind.iter().take_while(|b| b.is_ascii_digit()).count();
        let number = match &behind[..digits] {
            b"" => 1,
            // More than there are seconds between the first year and the last is as much.
            text => text.iter().fold(0, |number, digit| (number * 10 + i64::from(digit - b'0')).min(1 << 40)),
        };
        let unit = behind.get(digits).and_then(|letter| unit(*letter)).ok_or(NoTime::Broken)?;
        let moved = match sign {
            b'+' => add(at, number, unit),
            b'-' => add(at, -number, unit),
            b'/' if digits == 0 => {
                precision = Some(unit);
                floor(at, unit)
            }
            _ => None,
        };
        at = moved.ok_or(NoTime::Broken)?.clamp(YEARS.0, YEARS.1);
        rest = &behind[digits + 1..];
    }
    stretch((at, precision)).ok_or(NoTime::Broken)
}

fn stretch((from, precision): (i128, Option<Unit>)) -> Option<Stretch> {
    let to = match precision {
        Some(unit) => add(from, 1, unit)?,
        None => from + 1,
    };
    Some((from, to))
}

/// A date or time, and how long it is.
fn date(text: &[u8]) -> Option<(i128, Option<Unit>)> {
    const FULL: &[u8] = b"-01T00:00:00Z";
    let zone = |from: usize| if text.len() == from { b"Z" } else { text.get(from..).unwrap_or_default() };
    let read = |parts: &[&[u8]]| time::parse(&parts.concat()).map(|instant| instant.0);
    let is_like = |form: &[u8]| {
        let same =
            |(b, f): (&u8, &u8)| if *f == b'0' { b.is_ascii_digit() } else { b == f || *f == b'T' && *b == b' ' };
        text.len() >= form.len() && text.iter().zip(form).all(same)
    };
    match text.len() {
        7 if is_like(b"0000-00") => Some((read(&[text, FULL])?, Some(Unit::Months(1)))),
        10 if is_like(b"0000-00-00") => Some((read(&[text, &FULL[3..]])?, Some(DAY))),
        19.. if is_like(b"0000-00-00T00:00:00") && text[19..].iter().all(|b| b.is_ascii_digit() || *b == b'.') => {
            Some((read(&[text, b"Z"])?, None))
        }
        16.. if is_like(b"0000-00-00T00:00") && text.get(16) != Some(&b':') => {
            Some((read(&[&text[..16], b":00", zone(16)])?, Some(Unit::Nanos(60 * SECOND))))
        }
        _ => Some((time::parse(text)?.0, None)),
    }
}

fn add(at: i128, number: i64, unit: Unit) -> Option<i128> {
    let months = match unit {
        Unit::Nanos(nanos) => return Some(at + nanos * i128::from(number)),
        Unit::Week => return Some(at + 7 * 86_400 * SECOND * i128::from(number)),
        Unit::Months(months) => number * i64::from(months),
    };
    let text = time::write(EpochNanos(at));
    let year: i64 = text.get(..4)?.parse().ok()?;
    let month: i64 = text.get(5..7)?.parse().ok()?;
    let month = year * 12 + month - 1 + months;
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
    if !(0..=9999).contains(&year) {
        return Some(if year < 0 { YEARS.0 } else { YEARS.1 });
    }
    let day: u32 = text.get(8..10)?.parse().ok()?;
    // The 31st of a shorter month is its last day.
    let on = |day: u32| time::parse(format!("{year:04}-{month:02}-{day:02}{}", text.get(10..)?).as_bytes());
    (0..4).find_map(|back| on(day.checked_sub(back)?)).map(|instant| instant.0)
}

fn floor(at: i128, unit: Unit) -> Option<i128> {
    const MONDAY: i128 = 4 * 86_400 * SECOND; // 1970-01-05
    let whole = |from: i128, length: i128| at - (at - from).rem_euclid(length);
    let text = time::write(EpochNanos(at));
    let parts = match unit {
        Unit::Nanos(nanos) => return Some(whole(0, nanos)),
        Unit::Week => return Some(whole(MONDAY, 7 * 86_400 * SECOND)),
        Unit::Months(1) => format!("{}-01T00:00:00Z", text.get(..7)?),
        Unit::Months(_) => format!("{}-01-01T00:00:00Z", text.get(..4)?),
    };
    time::parse(parts.as_bytes()).map(|instant| instant.0)
}
