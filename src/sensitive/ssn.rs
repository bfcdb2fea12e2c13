//! Social Security numbers of the United States.
//!
//! No area 000, 666 or 900 to 999, no group 00, no serial 0000 (SSA, "Social Security Number Randomization", POMS RM
//! 10201.035). Written 3-2-4 with hyphens or spaces; nine digits in a row only where a word or key near by says so.

use super::digits::{DASH, Digits, SPACE};

/// The end of a number that begins with the first of the digits. `near`: whether words around speak of one.
#[inline(never)]
pub(super) fn end(digits: &Digits, near: impl FnOnce() -> bool) -> Option<usize> {
    let end = digits.end(9)?;
    let between = digits.between(9);
    let written = match between {
        0 => near(),
        DASH | SPACE => digits.grouped(&[3, 2, 4]) && (between == SPACE || digits.behind(8) & DASH == 0),
        _ => false,
    };
    let invalid =
        matches!(digits.values(9), [0, 0, 0, ..] | [6, 6, 6, ..] | [9, ..] | [_, _, _, 0, 0, ..] | [.., 0, 0, 0, 0]);
    (written && !invalid).then_some(end)
}
