//! Tokens that look drawn by lot, whatever they are. Off unless a policy names it: ids look so, too.
//!
//! 20 characters and more of base64url and `+`, with a digit and letters of both cases, or 32 and more of hexadecimal digits; with
//! 3.5 bits a character at least (of hexadecimal 3.0), as C. E. Shannon counts them ("A Mathematical Theory of
//! Communication", 1948, §6) in the token itself. No UUIDs.

use super::bytes::*;
use super::{Found, Kind};
use crate::span::Span;

const SHORTEST: usize = 20;
/// Of a longer token the beginning tells.
const LONGEST: usize = 128;

pub(super) fn find(text: &[u8], out: &mut Vec<Found>) {
    let mut at = 0;
    while at < text.len() {
        let end = run(text, run(text, at, URL64 | PLUS), EQUALS);
        if text.get(at..end).is_some_and(is_random) {
            out.push(Found { detector: Kind::Entropy as u16, span: Span { start: at, end } });
        }
        at = end.max(at + 1);
    }
}

fn is_random(token: &[u8]) -> bool {
    let token = &token[..token.len().min(LONGEST)];
    let any = |class| token.iter().any(|&byte| is(byte, class));
    let hexadecimal = token.iter().all(|&byte| is(byte, HEX));
    let (shaped, bits) = if hexadecimal {
        (token.len() >= 32 && any(LETTER), 3 << 8)
    } else {
        (token.len() >= SHORTEST && any(DIGIT) && any(UPPER) && any(LOWER), 7 << 7)
    };
    if !shaped || crate::format::uuid::is_uuid(token) {
        return false;
    }
    let mut counts = [0u32; 128];
    token.iter().for_each(|byte| counts[usize::from(byte & 127)] += 1);
    let len = token.len() as u32;
    // n * H = n * log2 n - sum of count * log2 count
    let certain: u32 = counts.iter().map(|count| count * log2(*count)).sum();
    len * log2(len) >= certain + len * bits
}

/// The logarithm in 256ths, between powers of two as if they lay on a line: at most 22 too small.
fn log2(number: u32) -> u32 {
    let whole = number.checked_ilog2().unwrap_or(0);
    (whole << 8) + (((number << 8) >> whole) & 255) * u32::from(number > 0)
}
