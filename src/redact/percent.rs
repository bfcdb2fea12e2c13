//! Percent-encoded stretches of a text, and how they are changed in place.

use crate::edit::Edits;
use crate::sensitive::{escape_percent, percent_octet};
use crate::span::Span;

/// Appends a percent-encoded text with the changes to what it says; what they do not name stays as it is written.
pub(super) fn splice_percent(edits: &Edits, raw: &[u8], out: &mut Vec<u8>) {
    // How many bytes say so many octets.
    let written = |raw: &[u8], octets: usize| {
        (0..octets).fold(0, |at, _| at + if percent_octet(raw, at).is_some() { 3 } else { 1 }).min(raw.len())
    };
    let (mut rest, mut done) = (raw, 0);
    for (span, with) in edits.iter() {
        let (stays, behind) = rest.split_at(written(rest, span.start - done));
        out.extend_from_slice(stays);
        escape_percent(with, out);
        rest = &behind[written(behind, span.len())..];
        done = span.end;
    }
    out.extend_from_slice(rest);
}

/// The next stretch of characters that percent-encoding leaves, with something encoded among them.
pub(super) fn next_percent(text: &[u8], from: usize) -> Option<Span> {
    let percent = from + text.get(from..)?.iter().position(|&b| b == b'%')?;
    let is_left = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'%' | b'-' | b'_' | b'.' | b'~' | b'+' | b'*');
    let start = percent - text[from..percent].iter().rev().take_while(|b| is_left(b)).count();
    let end = percent + text[percent..].iter().take_while(|b| is_left(b)).count();
    Some(Span { start, end })
}
