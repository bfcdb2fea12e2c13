//! JSON: one array of all records.

/// What stands before the array's next element, which has a line of its own.
pub(super) fn begin_element(first: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(if first { b"[" } else { b",\n" });
}

/// Ends the array.
pub(super) fn finish(first: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(if first { b"[]\n" } else { b"]\n" });
}
