//! Passwords in URLs: `scheme://user:password@host` (RFC 3986 §3.2.1). The password is found, not the user.

use super::bytes::*;

/// The password of a URL whose `://` begins at a place: its start and end.
#[inline(never)]
pub(super) fn behind(text: &[u8], colon: usize) -> Option<(usize, usize)> {
    let rest = text.get(colon..)?.strip_prefix(b"://")?;
    if !is(before(text, colon, 1), ALNUM | PLUS | DASH | DOT) {
        return None;
    }
    let ends = |byte: &u8| matches!(byte, 0..=b' ' | b'"' | b'#' | b'(' | b')' | b',' | b'/' | b';' | b'<' | b'>' | b'?' | b'\\' | b'^' | b'`' | b'{'..=b'}');
    let authority = &rest[..rest.iter().position(ends).unwrap_or(rest.len())];
    let at = authority.iter().rposition(|byte| *byte == b'@')?;
    let password = authority[..at].iter().position(|byte| *byte == b':')? + 1;
    (password < at).then_some((colon + 3 + password, colon + 3 + at))
}
