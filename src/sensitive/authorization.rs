//! Credentials behind their scheme: `Bearer` (RFC 6750 §2.1) and `Basic` (RFC 7617), in either case; and the password of
//! SASL's `PLAIN` (RFC 4616 §2), whose message is base64 in all protocols.
//!
//! What stands behind `Basic` has to decode to a text with a colon; behind `Bearer` eight characters that might have been
//! drawn by lot, any token where the word `authorization` is near.

use super::base64::decode;
use super::bytes::*;

/// Longest name and password that are looked into, as base64.
const LOOKED_INTO: usize = 1024;

/// The credentials behind a scheme that begins at a place: their start and end.
#[inline(never)]
pub(super) fn behind(text: &[u8], scheme: usize, near: impl FnOnce() -> bool) -> Option<(usize, usize)> {
    let (basic, bearer) = (has(text, scheme, b"basic"), has(text, scheme, b"bearer"));
    let name = scheme + if basic { 5 } else { 6 };
    if !basic && !bearer || is(before(text, scheme, 1), ALNUM) {
        return None;
    }
    let start = match byte(text, name) {
        b'%' if has(text, name, b"%20") => name + 3,
        b'+' => name + 1,
        _ => run(text.get(..text.len().min(name + 8))?, name, BLANK),
    };
    if start == name {
        return None;
    }
    if bearer {
        let token = run(text.get(..text.len().min(start + 64))?, start, URL64 | DOT | TILDE | PLUS_SLASH | EQUALS);
        let token = text.get(start..token)?;
        if token.is_empty() || !(near() || token.len() >= 8 && looks_random(token)) {
            return None;
        }
        return Some((start, run(text, start, URL64 | DOT | TILDE | PLUS_SLASH | EQUALS)));
    }
    let end = run(text.get(..text.len().min(start + LOOKED_INTO))?, start, STD64 | DASH | LOW);
    let mut said = Vec::new();
    let decoded = decode(text.get(start..end)?, &mut said);
    // Of a name and password so long that they were cut off the beginning will do.
    let credentials =
        (decoded || end == start + LOOKED_INTO) && said.contains(&b':') && !said.iter().any(|byte| *byte < b' ');
    credentials.then(|| (start, run(text, start, STD64 | DASH | LOW | EQUALS)))
}

/// The password of a text `authorize NUL name NUL password`, behind its second NUL: its start and end.
pub(super) fn sasl(text: &[u8], nul: usize) -> Option<(usize, usize)> {
    let mut parts = Some(text).filter(|text| text.len() <= LOOKED_INTO)?.split(|byte| *byte == 0);
    let (authorize, name, password) = (parts.next()?, parts.next()?, parts.next()?);
    let is_message = authorize.len() + name.len() + 1 == nul && !name.is_empty() && !password.is_empty();
    (is_message && nul + 1 + password.len() == text.len()).then_some((nul + 1, text.len()))
}
