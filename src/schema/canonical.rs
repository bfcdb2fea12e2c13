//! Values as bytes that are equal if, and only if, the values are: numbers by value, members in any order.

use super::view::View;
use crate::tape::{Kind, number};

/// An array or object that is being written.
struct Open {
    /// What is still to be written of it: entries, or places among the members.
    next: u32,
    end: u32,
    close: u8,
    /// How many members were there before.
    first: usize,
}

/// Appends the canonical bytes of a value: hardly more than it has in the text. Of members with the same name the last counts.
pub(super) fn append(view: &View<'_>, value: u32, out: &mut Vec<u8>) {
    // The members of all objects that are open, each object's by name.
    let mut members: Vec<u32> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut text = Vec::new();
    let mut at = value;
    loop {
        match view.kind(at) {
            Kind::Null => out.push(b'n'),
            Kind::True => out.push(b't'),
            Kind::False => out.push(b'f'),
            Kind::Number => number::canonical(view.raw(at), out),
            Kind::String | Kind::Key => append_text(view.string(at, &mut text), out),
            Kind::Array => {
                out.push(b'[');
                open.push(Open { next: at + 1, end: view.next(at), close: b']', first: members.len() });
            }
            Kind::Object => {
                out.push(b'{');
                let first = members.len();
                members.append(&mut view.sorted(at));
                open.push(Open { next: first as u32, end: members.len() as u32, close: b'}', first });
            }
        }
        // On to the next value, out of everything that ends before it.
        at = loop {
            let Some(inner) = open.last_mut() else { return };
            if inner.next >= inner.end {
                out.push(inner.close);
                members.truncate(inner.first);
                open.pop();
            } else if inner.close == b']' {
                let element = inner.next;
                inner.next = view.next(element);
                break element;
            } else {
                let member = members.get(inner.next as usize).copied().unwrap_or_default();
                inner.next += 1;
                let later = members.get(inner.next as usize).filter(|_| inner.next < inner.end);
                if later.is_none_or(|later| view.compare(later - 1, member - 1).is_ne()) {
                    append_text(view.string(member - 1, &mut text), out);
                    break member;
                }
            }
        };
    }
}

/// Its length stands first, so that no text can look like the end of one.
fn append_text(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    let mut len = text.len();
    while len > 127 {
        out.push(len as u8 | 128);
        len >>= 7;
    }
    out.push(len as u8);
    out.extend_from_slice(text);
}
