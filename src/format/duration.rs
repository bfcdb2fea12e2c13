//! `duration` (RFC 3339 appendix A): units in order, and none left out between two.

use super::class::split_digits;

pub(crate) fn is_duration(text: &[u8]) -> bool {
    let [b'P', rest @ ..] = text else { return false };
    if let Some(behind) = component(rest, b'W') {
        return behind.is_empty();
    }
    let time = components(rest, b"YMD");
    match time {
        [b'T', rest @ ..] => components(rest, b"HMS").is_empty() && !rest.is_empty(),
        _ => time.is_empty() && !rest.is_empty(),
    }
}

/// What is behind components of these units: each may begin, and is followed by the next of them or by none.
fn components<'a>(mut text: &'a [u8], units: &[u8]) -> &'a [u8] {
    let mut begun = false;
    for unit in units {
        match component(text, *unit) {
            Some(rest) => (text, begun) = (rest, true),
            None if begun => break,
            None => {}
        }
    }
    text
}

/// What is behind digits and this unit.
fn component(text: &[u8], unit: u8) -> Option<&[u8]> {
    match split_digits(text) {
        ([_, ..], [found, rest @ ..]) if *found == unit => Some(rest),
        _ => None,
    }
}
