//! Percent-encoded stretches of a text, and how they are changed in place.

use crate::edit::Edits;
use crate::sensitive::{escape_percent, percent_octet};
use crate::span::Span;

/// Lifts changes to what a percent-encoded text says to changes of how it is written.
pub(super) fn lift_percent(inner: &Edits, raw: &[u8], outer: &mut Edits) {
    let (mut at, mut said) = (0, 0);
    // How many bytes say so many octets.
    let mut raw_of = |octets: usize| {
        while said < octets && at < raw.len() {
            at += if percent_octet(raw, at).is_some() { 3 } else { 1 };
            said += 1;
        }
        at
    };
    for (span, with) in inner.iter() {
        let (start, end) = (raw_of(span.start), raw_of(span.end));
        outer.replace_with(Span { start, end }, |out| escape_percent(with, out));
    }
}

/// The next stretch of characters that percent-encoding leaves, with something encoded among them.
pub(super) fn next_percent(text: &[u8], from: usize) -> Option<Span> {
    let percent = from + text.get(from..)?.iter().position(|&b| b == b'%')?;
    let is_left = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'%' | b'-' | b'_' | b'.' | b'~' | b'+' | b'*');
    let start = percent - text[from..percent].iter().rev().take_while(|b| is_left(b)).count();
    let end = percent + text[percent..].iter().take_while(|b| is_left(b)).count();
    Some(Span { start, end })
}
