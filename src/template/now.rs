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
    /// The point in time.
    pub(crate) fn instant(&self) -> EpochNanos {
        self.instant
    }

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
        let rest = text.as_bytes().get(19..)?;
        let begins = rest.iter().position(|b| !matches!(b, b'.' | b' ' | b'0'..=b'9'))?;
        let (mut offset, mut name) = (*b"+0000", rest.get(begins..)?);
        if matches!(name, [b'+' | b'-', ..]) {
            let mut len = 0;
            for (at, byte) in name.iter().enumerate() {
                if *byte != b':' {
                    *offset.get_mut(len)? = *byte;
                    len += 1;
                }
                if len == offset.len() {
                    name = name.get(at + 1..)?.trim_ascii_start();
                    break;
                }
            }
        } else if name.len() == 1 {
            name = b""; // Z
        }
        let digit = |at: usize| i64::from(offset[at] - b'0');
        let minutes = (digit(1) * 10 + digit(2)) * 60 + digit(3) * 10 + digit(4);
        let east = if offset[0] == b'-' { -minutes } else { minutes } * 60;
        let nanos = i64::try_from(instant.0.rem_euclid(SECOND)).ok()?;
        let seconds = i64::try_from(instant.0.div_euclid(SECOND)).ok()?;
        let mut now = time::write(EpochNanos(i128::from(seconds + east) * SECOND)).into_bytes();
        if now.len() != "2023-06-02T05:30:01Z".len() {
            return None; // of no year that this form can write
        }
        now.truncate(19);
        now.extend_from_slice(b".000");
        for (place, unit) in [(20, 100_000_000), (21, 10_000_000), (22, 1_000_000)] {
            now[place] += (nanos / unit % 10) as u8;
        }
        if is_spaced {
            now[10] = b' ';
            now.push(b' ');
        }
        now.extend_from_slice(&offset[..3]);
        now.extend(if is_spaced { None } else { Some(b':') });
        now.extend_from_slice(&offset[3..]);
        if is_spaced && !name.is_empty() {
            now.push(b' ');
            now.extend_from_slice(name);
        }
        let micros = (seconds * 1_000_000 + nanos / 1000).to_string();
        // Whole microseconds and three zeros: as nanoseconds, the times from 2262 on would not fit into 64 bits.
        let mut rounded = (seconds * 1_000_000 + (nanos + 500) / 1000).to_string();
        if rounded != "0" {
            rounded += "000";
        }
        let texts = [String::from_utf8(now).ok()?, time::write_seconds(instant.0 * 1000), micros, rounded];
        Some(Now { instant, texts })
    }
}

impl Default for Now {
    /// The beginning of 1970.
    fn default() -> Now {
        Now { instant: EpochNanos(0), texts: ["1970-01-01T00:00:00.000+00:00", "0", "0", "0"].map(str::to_owned) }
    }
}
