//! NDJSON: a record a line, each ended by a line feed.

use crate::edit::join_lines;
use crate::redact::Redacted;

/// Appends a record and a line feed. A record that was written over several lines is joined into one: line breaks
/// between its tokens go, with the indentation behind them; all other bytes stay.
pub fn ndjson(record: &Redacted<'_>, out: &mut Vec<u8>) {
    let start = out.len();
    record.append_to(out);
    end_line(start, record.has_breaks(), out);
}

/// Makes one line of what stands from `start` on; `breaks`: it may be several.
pub(super) fn end_line(start: usize, breaks: bool, out: &mut Vec<u8>) {
    if breaks {
        join_lines(out, start);
    }
    out.push(b'\n');
}
