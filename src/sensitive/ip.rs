//! Addresses of the Internet Protocol: IPv4 as four decimal numbers, IPv6 in all forms of RFC 4291 §2.2, with the zone
//! of RFC 4007 §11 (`%eth0`, in URIs `%25eth0`).
//!
//! Four numbers are a version behind `Product/` (RFC 9110 §10.1.5), behind `product/` in what is called a user agent or
//! begins as one, and behind the word itself: else `host/10.0.0.1` is an address.

use super::bytes::*;
use super::context::near;
use crate::format::ip::parse_v6;

/// The end of an IPv4 address that begins at a place. Numbers may have zeros in front.
#[inline(never)]
pub(super) fn v4_end(key: &[u8], text: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    for part in 0..4 {
        if part > 0 {
            if byte(text, at) != b'.' {
                return None;
            }
            at += 1;
        }
        let first = at;
        let mut number = 0;
        while is(byte(text, at), DIGIT) && at < first + 4 {
            number = number * 10 + u32::from(byte(text, at) - b'0');
            at += 1;
        }
        if at == first || at > first + 3 || number > 255 {
            return None;
        }
    }
    let longer = byte(text, at) == b'.' && is(byte(text, at + 1), DIGIT)
        || before(text, start, 1) == b'.' && is(before(text, start, 2), DIGIT);
    (alone(text, start, at) && !longer && !is_version(key, text, start)).then_some(at)
}

/// Whether the key, or what stands before a place, tells that a version follows.
fn is_version(key: &[u8], text: &[u8], at: usize) -> bool {
    if near(key, b"", 0, &[b"version"]) {
        return true;
    }
    if before(text, at, 1) == b'/' {
        let name = run_back(text, at - 1, URL64 | DOT, 40);
        let path = matches!(before(text, name, 1), b'/' | b':' | b'@');
        return !path
            && (is(byte(text, name), UPPER) || is(byte(text, name), LETTER) && is_user_agent(key, text, name));
    }
    let word = run_back(text, at, BLANK | EQUALS | COLON, 3);
    has(text, word.wrapping_sub(7), b"version")
}

/// Whether a name at a place may be a product's: behind words that say so, or in a text that begins with a product.
fn is_user_agent(key: &[u8], text: &[u8], at: usize) -> bool {
    let first = run(text.get(..text.len().min(40)).unwrap_or_default(), 0, ALNUM);
    near(key, b"", 0, &[b"ua"])
        || near(key, text, at, &[b"user-agent", b"user_agent", b"useragent", b"user agent"])
        || is(byte(text, 0), UPPER) && byte(text, first) == b'/' && is(byte(text, first + 1), DIGIT)
}

/// An IPv6 address around its first colon: its start and end.
#[inline(never)]
pub(super) fn v6(text: &[u8], colon: usize) -> Option<(usize, usize)> {
    let first = run_back(text, colon, HEX, 5);
    if matches!(before(text, first, 1), b':' | b'.') {
        return None; // not the first colon
    }
    let rest = text.get(first..text.len().min(first + 48))?;
    let mut end = first + run(rest, 0, HEX | COLON | DOT);
    while before(text, end, 1) == b'.' || before(text, end, 1) == b':' && before(text, end, 2) != b':' {
        end -= 1;
    }
    // A short key of letters may stand before the address, a port behind it: `add:2001:db8::1`.
    let behind_key = if first == colon && byte(text, colon + 1) != b':' || !is(byte(text, first), DIGIT) {
        colon + 1
    } else {
        first
    };
    let before_port = run_back(text, end, DIGIT, 5).saturating_sub(1);
    [(first, end), (behind_key, end), (first, before_port), (behind_key, before_port)].into_iter().find_map(
        |(start, end)| {
            let address = text.get(start..end).filter(|address| address.len() > 2 && alone(text, start, end))?;
            parse_v6(address)?;
            // `abc::def` is rather a name in a program.
            let groups = address.split(|byte| *byte == b':').filter(|group| !group.is_empty());
            let telling = groups.clone().count() > 2
                || address.iter().any(|byte| is(*byte, DIGIT))
                || groups.clone().all(|group| group.len() == 4);
            telling.then(|| (start, zone_end(text, end)))
        },
    )
}

fn zone_end(text: &[u8], end: usize) -> usize {
    if byte(text, end) != b'%' {
        return end;
    }
    let name = if has(text, end + 1, b"25") { end + 3 } else { end + 1 };
    let zone = run(text.get(..text.len().min(name + 32)).unwrap_or_default(), name, URL64 | TILDE);
    if zone > name { zone } else { end }
}
