//! JSON as OpenTelemetry's `AnyValue` writes it in JSON (opentelemetry-proto, `common/v1/common.proto`).

use crate::document::Document;
use crate::tape::{Cursor, Kind, number};

/// Any JSON, without white space around it. Integers beyond 64 bits become text, which has all of their digits; null is the empty value.
pub(super) fn of(json: &[u8]) -> Vec<u8> {
    let document = Document::of_bytes(json);
    let mut out = Vec::with_capacity(json.len() * 2);
    match document.root() {
        Some(root) => write(root, &mut out),
        None => scalar(json, &mut out),
    }
    out
}

fn write(value: Cursor<'_>, out: &mut Vec<u8>) {
    match value.kind() {
        Kind::Object | Kind::Array => {
            let is_object = value.kind() == Kind::Object;
            out.extend_from_slice(if is_object {
                b"{\"kvlistValue\":{\"values\":["
            } else {
                b"{\"arrayValue\":{\"values\":["
            });
            for (number, (key, value)) in value.children().enumerate() {
                if number > 0 {
                    out.push(b',');
                }
                if let Some(key) = key {
                    out.extend_from_slice(b"{\"key\":");
                    out.extend_from_slice(key.raw());
                    out.extend_from_slice(b",\"value\":");
                }
                write(value, out);
                if key.is_some() {
                    out.push(b'}');
                }
            }
            out.extend_from_slice(b"]}}");
        }
        _ => scalar(value.raw(), out),
    }
}

fn scalar(raw: &[u8], out: &mut Vec<u8>) {
    let (name, quote) = match raw.first() {
        Some(b'"') => ("stringValue\":", ""),
        Some(b't' | b'f') => ("boolValue\":", ""),
        Some(b'-' | b'0'..=b'9') if number::small(raw).is_some() => ("intValue\":", "\""),
        Some(b'-' | b'0'..=b'9') if is_double(raw) => ("doubleValue\":", ""),
        Some(b'-' | b'0'..=b'9') => ("stringValue\":", "\""),
        _ => return out.extend_from_slice(b"{}"),
    };
    [b"{\"", name.as_bytes(), quote.as_bytes(), raw, quote.as_bytes(), b"}"]
        .iter()
        .for_each(|part| out.extend_from_slice(part));
}

/// Whether a number is none that a double would make infinite, or an integer that it would round.
fn is_double(number: &[u8]) -> bool {
    let exponent = number.iter().rposition(|byte| byte | 0x20 == b'e').and_then(|at| number.get(at + 1..));
    let is_far = |digits: &[u8]| digits.iter().filter(|digit| digit.is_ascii_digit()).count() > 2;
    number.len() < 100 && (number.contains(&b'.') || exponent.is_some()) && !exponent.is_some_and(is_far)
}
