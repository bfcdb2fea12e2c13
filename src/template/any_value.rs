//! JSON as OpenTelemetry's `AnyValue` writes it in JSON (opentelemetry-proto, `common/v1/common.proto`).

use crate::document::Document;
use crate::tape::{Cursor, Kind, number};

/// Any JSON. Integers beyond 64 bits become text, which has all of their digits; null is the empty value.
pub(super) fn of(json: &[u8]) -> Vec<u8> {
    let document = Document::of_bytes(json);
    let mut out = Vec::with_capacity(json.len() * 2);
    match document.root() {
        Some(root) => write(root, &mut out),
        None => out.extend_from_slice(b"{}"),
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
        Kind::Null => out.extend_from_slice(b"{}"),
        kind => {
            let raw = value.raw();
            let (name, quoted): (&[u8], bool) = match kind {
                Kind::Number if number::small(raw).is_some() => (b"intValue", true),
                Kind::Number if is_double(raw) => (b"doubleValue", false),
                Kind::Number => (b"stringValue", true),
                Kind::String => (b"stringValue", false),
                _ => (b"boolValue", false),
            };
            out.extend_from_slice(b"{\"");
            out.extend_from_slice(name);
            out.extend_from_slice(b"\":");
            out.extend(quoted.then_some(b'"'));
            out.extend_from_slice(raw);
            out.extend(quoted.then_some(b'"'));
            out.push(b'}');
        }
    }
}

/// Whether a number is none that a double would make infinite, or an integer that it would round.
fn is_double(number: &[u8]) -> bool {
    const SAFE: usize = 3; // a sign and two digits
    let exponent = number.iter().rposition(|byte| byte | 0x20 == b'e').map(|at| number.len() - at - 1);
    number.len() < 100 && (number.contains(&b'.') || exponent.is_some()) && exponent.is_none_or(|digits| digits <= SAFE)
}
