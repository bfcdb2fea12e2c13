//! Dates and times (RFC 3339 §5.6): the checks behind `date-time`, `date` and `time`, and exact readings of them.

use super::class::{number, split_digits};

/// A day of the proleptic Gregorian calendar, years 0 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Date {
    pub(crate) year: u16,
    pub(crate) month: u8,
    pub(crate) day: u8,
}

/// A time of day and its offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Time {
    pub(crate) hour: u8,
    pub(crate) minute: u8,
    /// 60 in a leap second.
    pub(crate) second: u8,
    /// Of the fraction, the first nine digits.
    pub(crate) nanos: u32,
    /// Minutes east of UTC; none for `-00:00`: the time is UTC's, the place unknown (§4.3).
    pub(crate) offset: Option<i16>,
}

/// A point in time. Ordered as time goes: first by `seconds`, then by `nanos`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Timestamp {
    /// Since 1970-01-01T00:00:00Z, without leap seconds: within one, those of the second before it.
    pub(crate) seconds: i64,
    /// Below 1,000,000,000; from there on, within the leap second that follows on `seconds`.
    pub(crate) nanos: u32,
    /// As in [`Time`].
    pub(crate) offset: Option<i16>,
}

const MINUTES_OF_DAY: i16 = 24 * 60;
const NANOS: u32 = 1_000_000_000;

/// `date-time`: reads a timestamp. A second 60 is one only where UTC ends a month (§5.7): whether that month had one
/// is for its announcement to say, which a program cannot know.
pub(crate) fn parse(text: &[u8]) -> Option<Timestamp> {
    let (date, rest) = text.split_at_checked(10)?;
    let (&(b'T' | b't'), time) = rest.split_first()? else { return None };
    let date = parse_date(date)?;
    let time = parse_time(time)?;
    let leap = time.second == 60;
    if leap {
        let day = i16::from(date.day) + time.utc_minute().div_euclid(MINUTES_OF_DAY);
        if day != 0 && day != i16::from(date.days_of_month()) {
            return None;
        }
    }
    let minutes = i64::from(date.days_since_1970()) * i64::from(MINUTES_OF_DAY) + i64::from(time.utc_minute());
    Some(Timestamp {
        seconds: minutes * 60 + i64::from(time.second) - i64::from(leap),
        nanos: time.nanos + if leap { NANOS } else { 0 },
        offset: time.offset,
    })
}

/// `date`: reads a full date.
pub(crate) fn parse_date(text: &[u8]) -> Option<Date> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
    let date = Date { year: number(&[y1, y2, y3, y4])? as u16, month: two(m1, m2)?, day: two(d1, d2)? };
    ((1..=12).contains(&date.month) && (1..=date.days_of_month()).contains(&date.day)).then_some(date)
}

/// `time`: reads a full time. A second 60 is one only where UTC's clock shows 23:59.
pub(crate) fn parse_time(text: &[u8]) -> Option<Time> {
    let &[h1, h2, b':', m1, m2, b':', s1, s2, ref rest @ ..] = text else { return None };
    let (nanos, rest) = match rest {
        [b'.', rest @ ..] => fraction(rest)?,
        _ => (0, rest),
    };
    let time = Time { hour: two(h1, h2)?, minute: two(m1, m2)?, second: two(s1, s2)?, nanos, offset: offset(rest)? };
    let leap = time.second == 60 && time.utc_minute().rem_euclid(MINUTES_OF_DAY) == MINUTES_OF_DAY - 1;
    (time.hour < 24 && time.minute < 60 && (time.second < 60 || leap)).then_some(time)
}

/// One digit or more; what is beyond nanoseconds is read over. And what is behind.
fn fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    let (digits, rest) = split_digits(text);
    let known = number(&digits[..digits.len().min(9)])?;
    Some((known * 10u32.pow(9u32.saturating_sub(digits.len() as u32)), rest))
}

/// Minutes, none for `-00:00`; nothing at all where there is no offset.
fn offset(text: &[u8]) -> Option<Option<i16>> {
    let &[sign, h1, h2, b':', m1, m2] = text else {
        return matches!(text, b"Z" | b"z").then_some(Some(0));
    };
    let (hours, minutes) = (two(h1, h2)?, two(m1, m2)?);
    let offset = i16::from(hours) * 60 + i16::from(minutes);
    if hours > 23 || minutes > 59 {
        return None;
    }
    match sign {
        b'+' => Some(Some(offset)),
        b'-' => Some((offset != 0).then_some(-offset)),
        _ => None,
    }
}

fn two(tens: u8, ones: u8) -> Option<u8> {
    number(&[tens, ones]).map(|number| number as u8)
}

impl Time {
    /// The minute of UTC's day; outside 0 to 1439 it is on the day before or after.
    fn utc_minute(self) -> i16 {
        i16::from(self.hour) * 60 + i16::from(self.minute) - self.offset.unwrap_or(0)
    }
}

impl Date {
    fn days_of_month(self) -> u8 {
        match self.month {
            4 | 6 | 9 | 11 => 30,
            2 if self.year.is_multiple_of(if self.year.is_multiple_of(100) { 400 } else { 4 }) => 29,
            2 => 28,
            _ => 31,
        }
    }

    /// Counted in years that begin in March, whose leap day is their last: the months before one then have
    /// (153 × months + 2) ÷ 5 days.
    fn days_since_1970(self) -> i32 {
        let month = i32::from(self.month);
        let year = i32::from(self.year) - i32::from(month < 3);
        let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i32::from(self.day) - 1;
        365 * year + leap_days + day_of_year - 719_468
    }
}
