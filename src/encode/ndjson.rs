//! NDJSON: a record a line, each ended by a line feed.

use super::contract::{Contract, LINES};
use crate::edit::join_lines;
use crate::redact::Redacted;

pub(super) const CONTRACT: Contract = Contract {
    name: "ndjson",
    options: &[],
    content_type: "application/x-ndjson",
    frame: LINES,
    limits: None,
    make: None,
};

/// Appends a record and a line feed. A record that was written over several lines is joined into one: line breaks
/// between its tokens go, with the indentation behind them; all other bytes stay.
pub fn ndjson(record: &Redacted<'_>, out: &mut Vec<u8>) {
    let start = out.len();
    record.append_to(out);
    if record.has_breaks() {
        join_lines(out, start);
    }
    out.push(b'\n');
}
