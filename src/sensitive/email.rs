//! Mail addresses (RFC 5321 §4.1.2, beyond ASCII RFC 6531 §3.3), in text and where the `@` is percent-encoded.
//!
//! In text an address is letters, digits, `._+-`, what goes beyond ASCII but for its punctuation, percent-encoded
//! octets, and `'!$*~` between two letters; or a quoted string. Characters that the RFC allows and that divide text
//! (`=`, `/`, `?`, `&`, `#`, `{`, `|` …) end one, but where the whole text is an address. The domain has two labels and
//! more, the last of letters, or is an address in brackets. Longer ones than the RFC's 64 octets before the `@` are in
//! use.

use super::bytes::*;
use crate::format::email::is_email;
use crate::format::ip::{parse_v4, parse_v6};

/// Longest local part, in bytes.
const MOST_LOCAL: usize = 128;
/// Longest domain (RFC 5321 §4.5.3.1.2).
const MOST_DOMAIN: usize = 255;

/// Names of files that stand where no top-level domain of these names is: `logo@2x.png`.
const FILES: [&[u8]; 10] = [b"png", b"jpg", b"jpeg", b"gif", b"svg", b"webp", b"css", b"js", b"json", b"html"];

/// An address around an `@`, which stands from `at` to `behind`: its start and end.
#[inline(never)]
pub(super) fn around(text: &[u8], at: usize, behind: usize) -> Option<(usize, usize)> {
    let divided = || text.iter().any(|byte| b"=/?&".contains(byte));
    if text.len() <= MOST_LOCAL + MOST_DOMAIN && is_email(text) && !divided() {
        let domain = text.iter().rposition(|byte| *byte == b'@').map_or(0, |at| at + 1);
        return domain_end(text, domain).map(|_| (0, text.len()));
    }
    let end = domain_end(text, behind)?;
    let start = if before(text, at, 1) == b'"' { quoted_start(text, at)? } else { local_start(text, at) };
    (start < at).then_some((start, end))
}

fn local_start(text: &[u8], at: usize) -> usize {
    let floor = at.saturating_sub(MOST_LOCAL);
    let mut start = at;
    while start > floor {
        let last = before(text, start, 1);
        let escaped = before(text, start, 3) == b'%' && is(last, HEX) && is(before(text, start, 2), HEX);
        if escaped {
            let octet = hex(before(text, start, 2)) << 4 | hex(last);
            if !is(octet, URL64 | DOT | PLUS | HIGH) {
                break;
            }
            start = start.saturating_sub(3);
        } else if is(last, URL64 | DOT | PLUS) {
            start -= 1;
        } else if is(last, HIGH) {
            let Some((_, len)) = last_character(text, start).filter(|(letter, _)| !divides(*letter)) else { break };
            start -= len;
        } else if b"'!$*~%".contains(&last) && is(before(text, start, 2), ALNUM) && is(byte(text, start), ALNUM) {
            start -= 1;
        } else {
            break;
        }
    }
    while start < at && matches!(byte(text, start), b'.' | b'-') {
        start += 1;
    }
    start
}

fn quoted_start(text: &[u8], at: usize) -> Option<usize> {
    let floor = at.saturating_sub(MOST_LOCAL);
    let inside = text.get(floor..at.checked_sub(1)?)?;
    let quote = inside.iter().rposition(|byte| *byte == b'"')? + floor;
    (quote + 2 < at && before(text, quote, 1) != b'\\').then_some(quote)
}

/// The end of the longest domain from a place on.
fn domain_end(text: &[u8], start: usize) -> Option<usize> {
    if byte(text, start) == b'[' {
        let len = text.get(start..)?.iter().take(64).position(|byte| *byte == b']')?;
        let address = text.get(start + 1..start + len)?;
        let known =
            if has(address, 0, b"IPv6:") { parse_v6(&address[5..]).is_some() } else { parse_v4(address).is_some() };
        return known.then_some(start + len + 1);
    }
    let most = text.len().min(start + MOST_DOMAIN);
    let mut end = start;
    while end < most {
        if is(byte(text, end), ALNUM | DASH | DOT) {
            end += 1;
        } else {
            match character(text, end).filter(|(letter, _)| !letter.is_ascii() && !divides(*letter)) {
                Some((_, len)) => end += len,
                None => break,
            }
        }
    }
    let domain = text.get(start..end)?;
    let mut labels = domain.split(|byte| *byte == b'.');
    let number = |label: Option<&[u8]>| label.is_some_and(|label| label.iter().all(|byte| is(*byte, DIGIT)));
    if number(labels.next()) && number(labels.next()) {
        return None; // a version: `name@1.2.3`
    }
    // Whatever the last label goes on with that no top-level domain has, and labels that are none, fall away.
    let (mut from, mut longest) = (0, None);
    for (number, label) in domain.split(|byte| *byte == b'.').enumerate() {
        let letters = run(label, 0, LETTER);
        let name = match label {
            [] => break,
            [b'-', ..] => break,
            [b'x' | b'X', b'n' | b'N', b'-', b'-', ..] => label.len(),
            _ if letters == label.len() && FILES.iter().any(|file| label.eq_ignore_ascii_case(file)) => 0,
            _ if letters >= 2 && (letters == label.len() || label[letters] >= 0x80 || label[letters] == b'-') => {
                letters
            }
            _ if label[0] >= 0x80 => run(label, 0, HIGH),
            _ => 0,
        };
        if number > 0 && name > 0 {
            longest = Some(start + from + name);
        }
        from += label.len() + 1;
    }
    longest
}

/// Whether a character beyond ASCII is one that stands between words: punctuation, blanks, symbols, forms of ASCII's own.
fn divides(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{A9}' | '\u{AB}'..='\u{B4}' | '\u{B6}'..='\u{B9}' | '\u{BB}'..='\u{BF}' | '\u{2000}'..='\u{206F}')
        || matches!(c, '\u{2190}'..='\u{2BFF}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{FE00}'..='\u{FE6F}')
        || matches!(c, '\u{FEFF}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}' | '\u{FF3B}'..='\u{FF40}' | '\u{FF5B}'..='\u{FF65}')
        || c >= '\u{1F000}'
}

fn last_character(text: &[u8], end: usize) -> Option<(char, usize)> {
    let lead = (1..=4).filter_map(|len| end.checked_sub(len)).find(|&at| !matches!(byte(text, at), 0x80..=0xBF))?;
    character(text, lead).filter(|(_, len)| lead + len == end)
}
