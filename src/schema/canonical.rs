//! Values as bytes that are equal if, and only if, the values are: numbers by value, members in any order.

use crate::tape::{Cursor, Kind, number};

/// Appends the canonical bytes of a value.
///
/// Of members with the same name the last counts. Recursion goes as deep as the value, which its tape bounds.
pub(super) fn append(value: Cursor<'_>, out: &mut Vec<u8>) {
    match value.kind() {
        Kind::Null => out.push(b'n'),
        Kind::True => out.push(b't'),
        Kind::False => out.push(b'f'),
        Kind::Number => number::canonical(value.raw(), out),
        Kind::String | Kind::Key => append_text(&value.text(), out),
        Kind::Array => {
            out.push(b'[');
            for (_, element) in value.children() {
                append(element, out);
            }
            out.push(b']');
        }
        Kind::Object => {
            let mut members: Vec<_> = value.children().filter_map(|(key, value)| Some((key?.text(), value))).collect();
            members.sort_by(|a, b| a.0.cmp(&b.0)); // stable: of equal names the last stays last
            out.push(b'{');
            for (i, (name, value)) in members.iter().enumerate() {
                if members.get(i + 1).is_none_or(|next| next.0 != *name) {
                    append_text(name, out);
                    append(*value, out);
                }
            }
            out.push(b'}');
        }
    }
}

/// Its length stands first, so that no text can look like the end of one.
fn append_text(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend_from_slice(&(text.len() as u32).to_be_bytes());
    out.extend_from_slice(text);
}
