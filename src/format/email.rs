//! `email` (RFC 5321 §4.1.2, `Mailbox`) and `idn-email` (RFC 6531 §3.3).
//!
//! Lengths are those of RFC 5321 §4.5.3.1: 64 octets before the `@`, 255 behind it. In
//! brackets stands an IPv4 address, or an IPv6 address behind `IPv6:`, the only tag that IANA has registered; both as
//! [`ip`] reads them.

use super::{host, ip};

pub(crate) fn is_email(text: &[u8]) -> bool {
    is_mailbox(text, false)
}

pub(crate) fn is_idn_email(text: &[u8]) -> bool {
    is_mailbox(text, true)
}

fn is_mailbox(text: &[u8], beyond_ascii: bool) -> bool {
    let end = match text {
        [b'"', rest @ ..] => quoted(rest, beyond_ascii).map(|inside| inside + 2),
        _ => dotted(text, beyond_ascii),
    };
    let Some(end) = end.filter(|end| *end <= 64) else { return false };
    match text.split_at(end).1 {
        [b'@', b'[', b'I' | b'i', b'P' | b'p', b'v' | b'V', b'6', b':', address @ .., b']'] => {
            ip::parse_v6(address).is_some()
        }
        [b'@', b'[', address @ .., b']'] => ip::parse_v4(address).is_some(),
        [b'@', domain @ ..] => host::is_domain(domain, beyond_ascii),
        _ => false,
    }
}

/// `Dot-string`: the length of atoms with a dot between each two.
fn dotted(text: &[u8], beyond_ascii: bool) -> Option<usize> {
    let mut end = 0;
    loop {
        let atom = text.split_at(end).1.iter().take_while(|byte| is_atext(**byte, beyond_ascii)).count();
        end += atom;
        if atom == 0 {
            return None;
        }
        if text.get(end) != Some(&b'.') {
            return Some(end);
        }
        end += 1;
    }
}

/// `Quoted-string`: the length of what stands before the quote that ends it.
fn quoted(text: &[u8], beyond_ascii: bool) -> Option<usize> {
    let mut bytes = text.iter();
    loop {
        match bytes.next()? {
            b'"' => return Some(text.len() - bytes.len() - 1),
            b'\\' if matches!(bytes.next()?, b' '..=b'~') => {}
            b' '..=b'[' | b']'..=b'~' => {}
            0x80.. if beyond_ascii => {}
            _ => return None,
        }
    }
}

/// RFC 5322 §3.2.3.
fn is_atext(byte: u8, beyond_ascii: bool) -> bool {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'/' | b'=' | b'?' | b'^'..=b'`' | b'{'..=b'~' => true,
        b'!' | b'#'..=b'\'' | b'*' | b'+' => true,
        _ => beyond_ascii && byte >= 0x80,
    }
}
