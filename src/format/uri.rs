//! `uri`, `uri-reference` (RFC 3986), `iri`, `iri-reference` (RFC 3987 §2.2), and how a reference is divided.

use super::class::{self, COLON, LETTER, PATH, REG_NAME, SCHEME};
use super::ip;

/// The parts of a reference, divided as RFC 3986 appendix B does it: any text can be, whether it is one or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parts<'a> {
    /// Before the `:`.
    pub(crate) scheme: Option<&'a [u8]>,
    /// Behind the `//`.
    pub(crate) authority: Option<&'a [u8]>,
    pub(crate) path: &'a [u8],
    /// Behind the `?`.
    pub(crate) query: Option<&'a [u8]>,
    /// Behind the `#`.
    pub(crate) fragment: Option<&'a [u8]>,
}

impl<'a> Parts<'a> {
    pub(crate) fn of(text: &'a [u8]) -> Parts<'a> {
        let (text, fragment) = cut(text, b'#');
        let (text, query) = cut(text, b'?');
        let (scheme, text) = match text.iter().position(|byte| matches!(byte, b':' | b'/')) {
            Some(end) if text.get(end) == Some(&b':') => (text.get(..end), text.split_at(end + 1).1),
            _ => (None, text),
        };
        let (authority, path) = match text {
            [b'/', b'/', rest @ ..] => {
                let (authority, path) = rest.split_at(rest.iter().position(|b| *b == b'/').unwrap_or(rest.len()));
                (Some(authority), path)
            }
            _ => (None, text),
        };
        Parts { scheme, authority, path, query, fragment }
    }
}

/// `uri` if it has to be absolute, else `uri-reference`.
pub(crate) fn is_uri(text: &[u8], absolute: bool) -> bool {
    holds(Parts::of(text), absolute, false)
}

/// `iri` if it has to be absolute, else `iri-reference`. Of RFC 3987 the grammar counts; what it says about direction
/// (§4) does not.
pub(crate) fn is_iri(text: &str, absolute: bool) -> bool {
    holds(Parts::of(text.as_bytes()), absolute, true)
}

/// `beyond_ascii` only for what is valid UTF-8.
fn holds(parts: Parts<'_>, absolute: bool, beyond_ascii: bool) -> bool {
    let beyond = if beyond_ascii { Beyond::Characters } else { Beyond::Nothing };
    let in_query = if beyond_ascii { Beyond::PrivateToo } else { Beyond::Nothing };
    parts.scheme.map_or(!absolute, is_scheme)
        && parts.authority.is_none_or(|authority| is_authority(authority, beyond))
        && consists_of(parts.path, PATH, beyond)
        && parts.query.is_none_or(|query| consists_of(query, PATH, in_query))
        && parts.fragment.is_none_or(|fragment| consists_of(fragment, PATH, beyond))
}

fn is_scheme(text: &[u8]) -> bool {
    matches!(text, [first, rest @ ..] if class::is(*first, LETTER) && rest.iter().all(|byte| class::is(*byte, SCHEME)))
}

/// RFC 3986 §3.2.
fn is_authority(text: &[u8], beyond: Beyond) -> bool {
    let (user, server) = match cut(text, b'@') {
        (user, Some(server)) => (user, server),
        (server, None) => (&[][..], server),
    };
    let port = match server {
        [b'[', rest @ ..] => match cut(rest, b']') {
            (literal, Some(port)) if is_literal(literal) => port.strip_prefix(b":").or(port.is_empty().then_some(port)),
            _ => None,
        },
        _ => {
            let (name, port) = cut(server, b':');
            consists_of(name, REG_NAME, beyond).then_some(port.unwrap_or_default())
        }
    };
    consists_of(user, REG_NAME | COLON, beyond) && port.is_some_and(|port| port.iter().all(u8::is_ascii_digit))
}

/// Between brackets: an IPv6 address, or `v`, a version and an address of the future (RFC 3986 §3.2.2).
fn is_literal(text: &[u8]) -> bool {
    let [b'v' | b'V', rest @ ..] = text else { return ip::parse_v6(text).is_some() };
    let (version, address) = cut(rest, b'.');
    !version.is_empty()
        && version.iter().all(u8::is_ascii_hexdigit)
        && address.is_some_and(|text| !text.is_empty() && text.iter().all(|byte| class::is(*byte, REG_NAME | COLON)))
}

/// What is before the first of a byte, and what is behind it.
fn cut(text: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|byte| *byte == at) {
        Some(end) => (text.split_at(end).0, text.get(end + 1..)),
        None => (text, None),
    }
}

/// Which characters above U+007F may stand somewhere.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beyond {
    Nothing,
    Characters,
    PrivateToo,
}

/// Nothing but characters of these classes, octets that are percent-encoded, and what is allowed beyond ASCII.
fn consists_of(mut text: &[u8], classes: u8, beyond: Beyond) -> bool {
    while let [first, rest @ ..] = text {
        text = if class::is(*first, classes) {
            rest
        } else if *first == b'%' {
            let Some(rest) = class::skip_hex(rest) else { return false };
            rest
        } else {
            let Some((character, rest)) = split_character(text).filter(|_| beyond != Beyond::Nothing) else {
                return false;
            };
            let private = beyond == Beyond::PrivateToo && is_private(character);
            if !private && !is_ucschar(character) {
                return false;
            }
            rest
        };
    }
    true
}

/// The code point at the front of text that is valid UTF-8, if it is above U+007F.
fn split_character(text: &[u8]) -> Option<(u32, &[u8])> {
    let low = |byte: &u8| u32::from(byte & 0x3F);
    match text {
        [a @ 0xC0..=0xDF, b, rest @ ..] => Some((u32::from(a & 0x1F) << 6 | low(b), rest)),
        [a @ 0xE0..=0xEF, b, c, rest @ ..] => Some((u32::from(a & 0xF) << 12 | low(b) << 6 | low(c), rest)),
        [a @ 0xF0..=0xFF, b, c, d, rest @ ..] => {
            Some((u32::from(a & 7) << 18 | low(b) << 12 | low(c) << 6 | low(d), rest))
        }
        _ => None,
    }
}

/// RFC 3987 §2.2: what is assigned to characters of the world's scripts, now or later.
pub(super) fn is_ucschar(character: u32) -> bool {
    match character {
        0xA0..=0xD7FF | 0xF900..=0xFDCF | 0xFDF0..=0xFFEF => true,
        0x1_0000..=0xE_FFFF => character & 0xFFFF <= 0xFFFD && !(0xE_0000..=0xE_0FFF).contains(&character),
        _ => false,
    }
}

/// RFC 3987 §2.2, `iprivate`.
pub(super) fn is_private(character: u32) -> bool {
    matches!(character, 0xE000..=0xF8FF | 0xF_0000..=0xF_FFFD | 0x10_0000..=0x10_FFFD)
}
