//! NDJSON: a record a line, each ended by a line feed.

use crate::redact::Redacted;

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

/// Takes out every line break outside strings from `start` on, and the white space around it.
fn join_lines(text: &mut Vec<u8>, start: usize) {
    let mut kept = start;
    let mut at = start;
    let mut in_string = false;
    while at < text.len() {
        let byte = text[at];
        at += 1;
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string && at < text.len() => {
                text[kept] = byte;
                kept += 1;
                text[kept] = text[at];
                kept += 1;
                at += 1;
                continue;
            }
            b'\n' if !in_string => {
                while kept > start && matches!(text[kept - 1], b' ' | b'\t' | b'\r') {
                    kept -= 1;
                }
                at += text[at..].iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')).count();
                continue;
            }
            _ => {}
        }
        text[kept] = byte;
        kept += 1;
    }
    text.truncate(kept);
}
