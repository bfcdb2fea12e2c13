//! Values as bytes that are equal if, and only if, the values are: numbers by value, members in any order.

use std::borrow::Cow;

use crate::tape::{Cursor, Kind, number};

/// What is still to be written.
enum Rest<'a> {
    Value(Cursor<'a>),
    Name(Cow<'a, [u8]>),
    End(u8),
}

/// Appends the canonical bytes of a value. Of members with the same name the last counts.
pub(super) fn append(value: Cursor<'_>, out: &mut Vec<u8>) {
    let mut rest = vec![Rest::Value(value)];
    while let Some(next) = rest.pop() {
        match next {
            Rest::Value(value) => append_one(value, out, &mut rest),
            Rest::Name(name) => append_text(&name, out),
            Rest::End(byte) => out.push(byte),
        }
    }
}

/// Appends a value, or the start of one and leaves the rest for later.
fn append_one<'a>(value: Cursor<'a>, out: &mut Vec<u8>, rest: &mut Vec<Rest<'a>>) {
    match value.kind() {
        Kind::Null => out.push(b'n'),
        Kind::True => out.push(b't'),
        Kind::False => out.push(b'f'),
        Kind::Number => number::canonical(value.raw(), out),
        Kind::String | Kind::Key => append_text(&value.text(), out),
        Kind::Array => {
            out.push(b'[');
            rest.push(Rest::End(b']'));
            let first = rest.len();
            rest.extend(value.children().map(|(_, element)| Rest::Value(element)));
            rest[first..].reverse();
        }
        Kind::Object => {
            let mut members: Vec<_> = value.children().filter_map(|(key, value)| Some((key?.text(), value))).collect();
            members.sort_by(|a, b| b.0.cmp(&a.0)); // the last first, as it is written last; stable
            out.push(b'{');
            rest.push(Rest::End(b'}'));
            let mut members = members.into_iter().peekable();
            while let Some((name, value)) = members.next() {
                if members.peek().is_none_or(|next| next.0 != name) {
                    rest.push(Rest::Value(value));
                    rest.push(Rest::Name(name));
                }
            }
        }
    }
}

/// Its length stands first, so that no text can look like the end of one.
fn append_text(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend_from_slice(&(text.len() as u32).to_be_bytes());
    out.extend_from_slice(text);
}
