//! The common fields of an event as JSON.

use crate::catalog::EventType;
use crate::detect::{self, Said, Strings};
use crate::tape::{Cursor, escape_into};
use crate::time;

/// Digits of a whole number that every reader of JSON keeps (RFC 8259, section 6).
const EXACT_DIGITS: usize = 15;

/// All common fields that have a value, as a JSON object: instants in RFC 3339, lengths of time as decimal seconds in
/// text; numbers as numbers where every reader keeps them exact, else as text.
pub(super) fn fields(of: &EventType, event: Cursor<'_>, strings: &mut Strings) -> String {
    let mut json = b"{".to_vec();
    for (name, said) in detect::fields(of, event, strings) {
        if json.len() > 1 {
            json.push(b',');
        }
        append(name, said, &mut json);
    }
    json.push(b'}');
    String::from_utf8(json).unwrap_or_default()
}

/// Appends a member of an object.
#[inline(always)]
pub(crate) fn append(name: &str, said: Said<'_>, json: &mut Vec<u8>) {
    append_text(name.as_bytes(), json);
    json.push(b':');
    match said {
        Said::Json(plain) if is_exact(&plain) => json.extend_from_slice(&plain),
        Said::Json(text) | Said::Text(text) => append_text(&text, json),
        Said::Plain(text) => append_text(text, json),
        Said::Time(instant) => append_text(time::write(instant).as_bytes(), json),
        Said::Length(nanos) => append_text(time::write_seconds(nanos).as_bytes(), json),
    }
}

fn append_text(text: &[u8], json: &mut Vec<u8>) {
    json.push(b'"');
    escape_into(text, json);
    json.push(b'"');
}

/// `true`, `false`, or a whole number that is not too long.
fn is_exact(json: &[u8]) -> bool {
    let digits = json.strip_prefix(b"-").unwrap_or(json);
    let is_number = digits.len() <= EXACT_DIGITS && digits.iter().all(u8::is_ascii_digit);
    matches!(json, b"true" | b"false") || is_number && json != b"-0"
}
