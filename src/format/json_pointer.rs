//! `json-pointer` (RFC 6901 §3) and `relative-json-pointer`.

use super::class::split_digits;

/// Reference tokens, each behind a `/`; `~` only as `~0` and `~1`.
pub(crate) fn is_pointer(text: &[u8]) -> bool {
    let Some(first) = text.first() else { return true };
    let mut tildes = text.split(|byte| *byte == b'~');
    tildes.next();
    *first == b'/' && tildes.all(|behind| matches!(behind, [b'0' | b'1', ..]))
}

/// How far up, then a pointer or `#` (draft-handrews-relative-json-pointer-01 §3). With `moves`, an index moves in
/// between, as in `0-1` (draft-bhutton-relative-json-pointer-00 §3), before `#` too: its ABNF leaves that out, its
/// examples (§5.1) have it.
pub(crate) fn is_relative(text: &[u8], moves: bool) -> bool {
    let Some(mut rest) = skip_number(text) else { return false };
    if let (true, [b'+' | b'-', behind @ ..]) = (moves, rest) {
        let Some(behind) = skip_number(behind) else { return false };
        rest = behind;
    }
    rest == b"#" || is_pointer(rest)
}

/// What is behind a number that has no zeros in front.
fn skip_number(text: &[u8]) -> Option<&[u8]> {
    match split_digits(text) {
        ([b'0'] | [b'1'..=b'9', ..], rest) => Some(rest),
        _ => None,
    }
}
