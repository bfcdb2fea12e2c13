//! Phone numbers (ITU-T E.164): up to 15 digits behind a `+`, the first of them a country code.
//!
//! Eight digits at least; behind `+1` the ten of the North American Numbering Plan. Without `+` a number of that plan
//! with its separators (`(555) 010-0199`, `555-010-0199`, `1.555.010.0199`), and any 7 to 15 digits where a word or
//! key near by says so.

use super::digits::{DASH, DOT, Digits, OTHER, SPACE};

/// The end of a number whose digits stand behind a `+`. `near`: whether words around speak of one.
#[inline(never)]
pub(super) fn international(digits: &Digits, near: impl FnOnce() -> bool) -> Option<usize> {
    let end = match digits.values(2) {
        // Not assigned (ITU-T, List of country codes).
        [0, _] | [2, 8] | [8, 3] | [8, 9] => None,
        [1, area] => Some(11).filter(|_| *area >= 2).and_then(|len| digits.end(len)),
        _ => longest(digits, 8),
    };
    end.or_else(|| longest(digits, 7).filter(|_| near()))
}

fn longest(digits: &Digits, least: usize) -> Option<usize> {
    (least..=15).rev().find_map(|len| digits.end(len))
}

/// The end of a number without `+`. `open`: a parenthesis stands before it; `near`: whether words around speak of one.
#[inline(never)]
pub(super) fn national(digits: &Digits, open: bool, near: impl FnOnce() -> bool) -> Option<usize> {
    let country = usize::from(digits.values(1) == [1] && digits.behind(0) != 0);
    let len = 10 + country;
    let area = digits.values(country + 1).last();
    let grouped = if country == 1 { digits.grouped(&[1, 3, 3, 4]) } else { digits.grouped(&[3, 3, 4]) };
    let marked = open || digits.between(len) & (DASH | DOT | OTHER) != 0;
    let behind = digits.behind(len - 1) & (DASH | DOT);
    if grouped && marked && behind == 0 && area.is_some_and(|digit| *digit >= 2) {
        return digits.end(len);
    }
    let date = digits.grouped(&[4, 2, 2]) || digits.grouped(&[2, 2, 4]);
    let plain = digits.between(digits.len()) & !(SPACE | DASH | DOT | OTHER) == 0;
    if date || !plain || !near() {
        return None;
    }
    longest(digits, 7)
}
