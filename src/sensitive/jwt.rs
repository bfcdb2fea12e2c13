//! JSON Web Tokens: compact JWS (RFC 7515 §3.1) and JWE (RFC 7516 §3.1), the signature may be missing.
//!
//! The header is base64url of a JSON object in which `alg`, `typ`, `enc` or `kid` is named early.

use super::base64::decode;
use super::bytes::*;

/// Characters of the header that are looked into.
const LOOKED_INTO: usize = 256;

/// The end of a token that begins at a place with `eyJ`; `header` is where the first stretch of base64url ends.
#[inline(never)]
pub(super) fn end(text: &[u8], start: usize, header: usize) -> Option<usize> {
    if byte(text, header) != b'.' {
        return None;
    }
    let looked = text.get(start..header.min(start + LOOKED_INTO))?;
    let mut json = Vec::new();
    decode(&looked[..looked.len() & !3], &mut json).then_some(())?;
    let names: [&[u8]; 4] = [b"\"alg\"", b"\"typ\"", b"\"enc\"", b"\"kid\""];
    json.windows(5).any(|five| names.contains(&five)).then_some(())?;
    let mut end = run(text, header + 1, URL64);
    if end < header + 5 {
        return None;
    }
    for _ in 2..5 {
        let more = run(text, end + 1, URL64);
        if byte(text, end) != b'.' || more == end + 1 {
            break;
        }
        end = more;
    }
    Some(end)
}
