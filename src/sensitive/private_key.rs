//! Private keys in PEM (RFC 7468 §10 and §11, RFC 1421 §4.4's headers, OpenSSH's and OpenPGP's armour): from `-----BEGIN`
//! to the end of `-----END … -----`, or as far as base64 goes where the end is cut off. Line feeds may be written `\n`.

use super::bytes::*;

/// Longest label.
const LABEL: usize = 40;

/// The end of a key that begins at a place.
#[inline(never)]
pub(super) fn end(text: &[u8], start: usize) -> Option<usize> {
    if !text.get(start..)?.starts_with(b"-----BEGIN ") {
        return None;
    }
    let label = start + 11;
    let body = run(text.get(..text.len().min(label + LABEL))?, label, UPPER | DIGIT | BLANK);
    let private = text.get(label..body)?.windows(11).any(|words| words == b"PRIVATE KEY");
    if !private || !text.get(body..)?.starts_with(b"-----") {
        return None;
    }
    let (mut at, mut longest) = (body + 5, 0);
    loop {
        let stretch = run(text, at, STD64 | EQUALS);
        longest = longest.max(stretch - at);
        at = stretch;
        match byte(text, at) {
            b'-' if has(text, at, b"-----END ") => {
                let dashes = run(text, at + 9, UPPER | DIGIT | BLANK);
                return Some(run(text, dashes, DASH));
            }
            b'-' if has(text, at, b"-----") => break,
            b'\\' | b' ' | b'\t' | b'\r' | b'\n' | b':' | b',' | b'-' | b'.' | b'(' | b')' => at += 1,
            _ => break,
        }
    }
    (longest >= 16).then_some(at)
}
