//! The time of rendering, as the caller gives it.

use crate::time::{self, EpochNanos, SECOND};

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
    /// What `now`, `now_utc`, `now_utc_micro` and `now_utc_nano` are: the first a text, the others JSON numbers.
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
        let instant = time::parse(text.as_bytes())?;
        let is_spaced = match text.as_bytes().get(10)? {
            b'T' | b't' => false,
            b' ' if text.as_bytes().get(4) == Some(&b'-') => true,
            _ => return None,
        };
        // Behind the seconds and their decimals: an offset, perhaps a zone's name; or a name of UTC.
        let zone = text.get(19..)?.trim_start_matches(|c: char| matches!(c, '.' | ' ' | '0'..='9'));
        let (offset, name) = match zone.bytes().position(|b| b == b' ') {
            Some(space) => (zone.get(..space)?, zone.get(space..)?),
            None => (zone, ""),
        };
        let (offset, name) = match offset {
            "UTC" | "GMT" => ("+0000", [" ", offset].concat()),
            "Z" | "z" => ("+0000", String::new()),
            _ => (offset, name.to_owned()),
        };
        let digits = |range| offset.get::<std::ops::Range<usize>>(range)?.parse::<i128>().ok();
        let (hours, minutes) = (digits(1..3)?, digits(offset.len() - 2..offset.len())?);
        let east = (hours * 60 + minutes) * 60 * if offset.starts_with('-') { -1 } else { 1 };
        let EpochNanos(nanos) = instant;
        let local = time::write(EpochNanos((nanos.div_euclid(SECOND) + east) * SECOND));
        let millis = number(nanos.rem_euclid(SECOND) / 1_000_000 + 1000);
        let mut now = local.get(..19)?.to_owned() + "." + millis.get(1..)?;
        if !now.is_char_boundary(10) || now.as_bytes()[10] != b'T' {
            return None; // of no year that this form can write
        }
        if is_spaced {
            now.replace_range(10..11, " ");
            now.push(' ');
        }
        now += offset.get(..3)?;
        if !is_spaced {
            now.push(':');
        }
        now += offset.get(offset.len() - 2..)?;
        if is_spaced {
            now += &name;
        }
        let utc = time::write_seconds(nanos * 1000);
        let micros = number(nanos.div_euclid(1000));
        Some(Now { instant, texts: [now, utc, micros, number((nanos + 500).div_euclid(1000) * 1000)] })
    }
}

fn number(whole: i128) -> String {
    time::write_seconds(whole * SECOND)
}

impl Default for Now {
    /// The beginning of 1970.
    fn default() -> Now {
        Now { instant: EpochNanos(0), texts: ["1970-01-01T00:00:00.000+00:00", "0", "0", "0"].map(str::to_owned) }
    }
}
