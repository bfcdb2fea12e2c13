//! The time of rendering, as the caller gives it.

use crate::time::{self, EpochNanos, SECOND};

/// How `now`, `now_utc`, `now_utc_micro` and `now_utc_nano` are written: as text, or as JSON numbers.
pub(super) const FORMS: [bool; 4] = [true, false, false, false];

/// The time of rendering.
///
/// ```
/// use logweir::Now;
/// assert!(Now::parse("2023-06-02T01:30:01.0022139-04:00").is_some());
/// assert!(Now::parse("2023-09-07 02:07:15.979 -0800 AKDT").is_some());
/// assert!(Now::parse("half past nine").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Now {
    pub(super) instant: EpochNanos,
    pub(super) texts: [String; 4],
}

impl Now {
    /// Reads a time with its offset: `now` is written with that offset, and in the same form.
    ///
    /// ```text
    /// 2023-06-02T01:30:01.0022139-04:00    RFC 3339: now is 2023-06-02T01:30:01.002-04:00
    /// 2023-09-07 02:07:15.979 -0800 AKDT   with a zone's name: the same, with three decimals
    /// ```
    ///
    /// None if it is no point in time. As Workato has them, `now_utc` counts milliseconds with as many decimals as there
    /// are, `now_utc_micro` is cut off, and `now_utc_nano` is rounded to whole microseconds.
    pub fn parse(text: &str) -> Option<Now> {
        let text = text.trim_ascii();
        let instant = time::parse(text.as_bytes()).filter(|_| text.as_bytes()[4] == b'-')?;
        let zone = text.get(19..).unwrap_or_default();
        let zone = zone.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit()).trim_ascii();
        let (offset, name) = match zone.as_bytes() {
            [b'+' | b'-', ..] => zone.split_once(' ').unwrap_or((zone, "")),
            _ => ("+0000", zone.trim_matches(['Z', 'z'])),
        };
        let digits: Vec<i128> = offset.bytes().filter(u8::is_ascii_digit).map(|b| i128::from(b - b'0')).collect();
        let &[h1, h2, m1, m2] = digits.as_slice() else { return None };
        let minutes = (h1 * 10 + h2) * 60 + m1 * 10 + m2;
        let east = if offset.starts_with('-') { -minutes } else { minutes };
        let EpochNanos(nanos) = instant;
        let local = EpochNanos((nanos.div_euclid(SECOND) + east * 60) * SECOND);
        let local = Some(time::write(local)).filter(|local| local.as_bytes()[10] == b'T')?;
        let (date, clock) = (local.get(..10)?, local.get(11..19)?);
        let millis = time::write_seconds((nanos.rem_euclid(SECOND) / 1_000_000 + 1000) * SECOND);
        let (sign, hour, minute) = (offset.get(..1)?, h1 * 10 + h2, m1 * 10 + m2);
        let two = |n: i128| time::write_seconds((n + 100) * SECOND)[1..].to_owned();
        let spaced = text.as_bytes().get(10) == Some(&b' ');
        let (between, before, colon) = if spaced { (" ", " ", "") } else { ("T", "", ":") };
        let mut now = [date, between, clock, ".", &millis[1..], before, sign, &two(hour), colon, &two(minute)].concat();
        if spaced && !name.is_empty() {
            now = [&now, " ", name].concat();
        }
        let micros = |micros: i128| time::write_seconds(micros * SECOND);
        let texts = [
            now,
            time::write_seconds(nanos * 1000),
            micros(nanos.div_euclid(1000)),
            micros((nanos + 500).div_euclid(1000) * 1000),
        ];
        Some(Now { instant, texts })
    }
}

impl Default for Now {
    /// The beginning of 1970.
    fn default() -> Now {
        Now { instant: EpochNanos(0), texts: ["1970-01-01T00:00:00.000+00:00", "0", "0", "0"].map(str::to_owned) }
    }
}
