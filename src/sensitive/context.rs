//! What stands around a value: the key it belongs to, words before it, what a schema says of it.

use super::bytes::{ALNUM, DIGIT, HEX, LETTER, LOWER, UPPER, before, byte, has, is};
use crate::format::{date_time, uuid};
use crate::time::{self, Unit};

/// Bytes before a value in which a word counts as near.
const NEAR: usize = 40;

/// What is known of a text before it is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Context<'a> {
    /// The key whose value the text is, or is in; empty if there is none.
    pub(crate) key: &'a [u8],
    /// What the schema says the value is.
    pub(crate) known: Option<Known>,
    /// The text is that of a JSON number.
    pub(crate) number: bool,
}

/// What a schema may know a value to be, so that no detector takes it for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Known {
    /// A time, as text or as a count since 1970.
    Timestamp,
    Uuid,
    /// What names a thing: a UUID, a number of up to 11 digits, 24, 32, 40 or 64 hexadecimal digits, a ULID.
    Id,
    /// How many: a number of up to 11 digits, with decimals.
    Count,
}

impl Known {
    /// Whether a text is valid as what it is known to be; else it is suspicious like any other.
    pub(crate) fn holds(self, text: &[u8]) -> bool {
        let all = |class| text.iter().all(|byte| is(*byte, class));
        match self {
            Known::Timestamp => time::parse(text).is_some() || date_time::parse_date(text).is_some() || is_epoch(text),
            Known::Uuid => uuid::is_uuid(text),
            Known::Id => match text.len() {
                0 => false,
                1..=11 if all(DIGIT) => true,
                24 | 32 | 40 | 64 => all(HEX),
                26 => byte(text, 0) <= b'7' && all(ALNUM) && !text.iter().any(|byte| b"ILOUilou".contains(byte)),
                _ => Known::Uuid.holds(text),
            },
            Known::Count => {
                let number = text.strip_prefix(b"-").unwrap_or(text);
                let whole = number.iter().position(|byte| *byte == b'.').unwrap_or(number.len());
                let (whole, decimals) = number.split_at(whole);
                matches!(whole.len(), 1..=11)
                    && whole.iter().chain(decimals.iter().skip(1)).all(|byte| is(*byte, DIGIT))
                    && decimals.len() != 1
                    && decimals.len() <= 12
            }
        }
    }
}

/// Whether a number is a count of seconds, milli-, micro- or nanoseconds from 2000-01-01 to 2039-09-18. Within these no
/// number of that many digits is a card's: none of 16 to 19 digits begins with 1, and those of 2.2 stay below.
fn is_epoch(number: &[u8]) -> bool {
    const SECONDS: std::ops::Range<i128> = 946_684_800..2_200_000_000;
    number.len() <= 20
        && byte(number, 0) != b'-'
        && Unit::ALL
            .iter()
            .any(|(unit, _)| unit.nanos(number).is_some_and(|nanos| SECONDS.contains(&(nanos / time::SECOND))))
}

/// Whether the key, or what stands shortly before a place, has one of some words. Words of up to four letters have to
/// stand alone (`userTel` has `tel`, `hotel` has not).
#[inline(never)]
pub(super) fn near(key: &[u8], text: &[u8], at: usize, words: &[&[u8]]) -> bool {
    let close = text.get(at.saturating_sub(NEAR)..at).unwrap_or_default();
    holds(key, words) || holds(close, words)
}

fn holds(text: &[u8], words: &[&[u8]]) -> bool {
    // Most places are told from where a word begins by two letters, in either case.
    let pair = |one: u8, next: u8| 1u64 << ((5 * u32::from(one & 31) + u32::from(next & 31)) % 64);
    let pairs = words.iter().fold(0, |pairs, word| pairs | pair(byte(word, 0), byte(word, 1)));
    let goes_on = |one: u8, next: u8| is(one, LETTER) && is(next, LETTER) && !(is(one, LOWER) && is(next, UPPER));
    text.windows(2).enumerate().any(|(at, two)| {
        let first = &two[0];
        pairs & pair(*first, two[1]) != 0
            && words.iter().any(|word| {
                let end = at + word.len();
                has(text, at, word)
                    && (word.len() > 4
                        || !goes_on(before(text, at, 1), *first) && !goes_on(before(text, end, 1), byte(text, end)))
            })
    })
}

/// Whether a key ends with a word, whatever separates the words in it.
#[inline(never)]
pub(super) fn key_ends(key: &[u8], word: &[u8]) -> bool {
    let mut letters = key.iter().rev().filter(|byte| is(**byte, ALNUM));
    word.iter().rev().all(|letter| letters.next().is_some_and(|byte| byte.eq_ignore_ascii_case(letter)))
}
