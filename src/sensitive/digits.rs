//! A number as people write it: digits, with one separator between groups of them.

use super::bytes::{ALNUM, DIGIT, byte, is};

/// Most digits that are read: one more than any number sought has.
const MOST: usize = 20;

/// What stands behind a digit, as bits; 0: the next digit. A plus sign is a form-encoded space.
pub(super) type Behind = u8;
pub(super) const SPACE: Behind = 1;
pub(super) const DASH: Behind = 2;
pub(super) const DOT: Behind = 4;
/// A parenthesis or slash.
pub(super) const OTHER: Behind = 8;
/// No more digits.
const END: Behind = 0x40;
/// A letter, which makes the number part of a word.
const WORD: Behind = 0x80;

/// The digits from one place on.
#[derive(Debug)]
pub(super) struct Digits {
    values: [u8; MOST],
    start: usize,
    /// Behind each digit, from the start on.
    ends: [u8; MOST],
    behind: [Behind; MOST],
    len: usize,
}

impl Digits {
    /// Reads up to [`MOST`] digits; separators between two of them have up to three characters.
    #[inline(never)]
    pub(super) fn read(text: &[u8], start: usize) -> Digits {
        let mut digits = Digits { values: [0; MOST], start, ends: [0; MOST], behind: [0; MOST], len: 0 };
        let mut at = start;
        let places = digits.values.iter_mut().zip(&mut digits.ends).zip(&mut digits.behind);
        for ((value, end), behind) in places {
            *value = byte(text, at).wrapping_sub(b'0');
            at += 1;
            *end = (at - start) as u8;
            digits.len += 1;
            let first = at;
            while at < first + 3 {
                *behind |= match byte(text, at) {
                    b' ' | b'+' => SPACE,
                    b'-' => DASH,
                    b'.' => DOT,
                    b'(' | b')' | b'/' => OTHER,
                    _ => break,
                };
                at += 1;
            }
            if !is(byte(text, at), DIGIT) {
                *behind = if is(byte(text, first), ALNUM) { WORD } else { END };
                break;
            }
        }
        digits
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The first digits, each as its value.
    pub(super) fn values(&self, len: usize) -> &[u8] {
        self.values.get(..len.min(self.len)).unwrap_or_default()
    }

    /// Where so many digits end, if a group ends there.
    pub(super) fn end(&self, len: usize) -> Option<usize> {
        let last = len.checked_sub(1).filter(|_| len <= self.len)?;
        (!matches!(self.behind[last], 0 | WORD)).then(|| self.start + usize::from(self.ends[last]))
    }

    /// What stands behind the digit with a number.
    pub(super) fn behind(&self, digit: usize) -> Behind {
        self.behind.get(digit).copied().unwrap_or(END)
    }

    /// All that stands between the first digits.
    pub(super) fn between(&self, len: usize) -> Behind {
        self.behind.iter().take(len.saturating_sub(1)).fold(0, |all, behind| all | behind)
    }

    /// Whether the first digits stand in groups of these lengths.
    pub(super) fn grouped(&self, groups: &[usize]) -> bool {
        let mut len = 0;
        groups.iter().all(|group| {
            let inside = len..len + group - 1;
            len += group;
            len <= self.len && self.behind[inside].iter().all(|behind| *behind == 0) && self.behind[len - 1] != 0
        })
    }
}
