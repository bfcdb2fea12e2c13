//! JSON: one array of all records.

use crate::redact::Redacted;

/// Appends a record as the array's next element, on a line of its own.
pub(super) fn element(record: &Redacted<'_>, first: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(if first { b"[" } else { b",\n" });
    record.append_to(out);
}

/// Ends the array.
pub(super) fn finish(first: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(if first { b"[]\n" } else { b"]\n" });
}
