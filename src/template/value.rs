//! A value on its way into the output: as JSON, inside a JSON string, or as text.

use std::borrow::Cow;

use crate::detect::Said;
use crate::tape::{Cursor, Kind, escape_into, number};
use crate::time::{self, EpochNanos};

/// What a tag stands for.
#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    /// There is none.
    Nothing,
    /// A value of the record, or of a document in one of its strings.
    Here(Cursor<'a>),
    Text(Cow<'a, [u8]>),
    /// Text that stands in a JSON string without escapes.
    Plain(&'a [u8]),
    /// A number, true or false; or any JSON.
    Json(Cow<'a, [u8]>),
    Time(EpochNanos),
    /// A length of time, in nanoseconds.
    Length(i128),
}

/// Where a value is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Where JSON wants a value.
    Json,
    /// In a JSON string.
    Inside,
    /// In text, HTML's own characters escaped as the specification of Mustache asks.
    Html,
    /// In text, as it is.
    Plain,
    /// In a path, percent-encoded, so that no value brings a part of its own (RFC 3986, section 2.3).
    Part,
}

impl<'a> From<Said<'a>> for Value<'a> {
    fn from(said: Said<'a>) -> Self {
        match said {
            Said::Text(text) => Value::Text(text),
            Said::Plain(text) => Value::Plain(text),
            Said::Json(json) => Value::Json(json),
            Said::Time(instant) => Value::Time(instant),
            Said::Length(nanos) => Value::Length(nanos),
        }
    }
}

impl<'a> Value<'a> {
    /// A JSON literal: a number, true, false or null.
    pub(super) fn of_word(word: &'a str, is_json: bool) -> Value<'a> {
        match word {
            "null" if is_json => Value::Nothing,
            _ if is_json => Value::Json(Cow::Borrowed(word.as_bytes())),
            _ => Value::Text(Cow::Borrowed(word.as_bytes())),
        }
    }

    /// Whether there is no value: none at all, or null.
    pub(super) fn is_nothing(&self) -> bool {
        match self {
            Value::Nothing => true,
            Value::Here(cursor) => cursor.kind() == Kind::Null,
            _ => false,
        }
    }

    pub(super) fn is_number(&self) -> bool {
        match self {
            Value::Here(cursor) => cursor.kind() == Kind::Number,
            Value::Json(json) => matches!(json.first(), Some(b'-' | b'0'..=b'9')),
            Value::Length(_) => true,
            _ => false,
        }
    }

    /// Whether a section that is at this value is rendered: as JavaScript has it, null, false, zero and the empty string
    /// are not; an empty array is not, either.
    pub(super) fn is_truthy(&self) -> bool {
        match self {
            Value::Nothing => false,
            Value::Here(cursor) => match cursor.kind() {
                Kind::Null | Kind::False => false,
                Kind::Number => !is_zero(cursor.raw()),
                Kind::String => cursor.raw().len() > 2,
                Kind::Array => cursor.children().next().is_some(),
                _ => true,
            },
            Value::Text(text) => !text.is_empty(),
            Value::Plain(text) => !text.is_empty(),
            Value::Json(json) => **json != *b"false" && !is_zero(json),
            Value::Time(_) => true,
            Value::Length(nanos) => *nanos != 0,
        }
    }

    /// What it says: a string's text, anything else's JSON; nothing for null.
    pub(super) fn text(&self) -> Cow<'a, [u8]> {
        match self {
            _ if self.is_nothing() => Cow::Borrowed(b""),
            Value::Nothing => Cow::Borrowed(b""),
            Value::Here(cursor) => cursor.text(),
            Value::Text(text) | Value::Json(text) => text.clone(),
            Value::Plain(text) => Cow::Borrowed(text),
            Value::Time(instant) => Cow::Owned(time::write(*instant).into_bytes()),
            Value::Length(nanos) => Cow::Owned(time::write_seconds(*nanos).into_bytes()),
        }
    }

    /// Its JSON; null where there is no value.
    pub(super) fn json(&self) -> Cow<'a, [u8]> {
        match self {
            Value::Nothing => Cow::Borrowed(b"null"),
            Value::Here(cursor) => Cow::Borrowed(cursor.raw()),
            Value::Json(json) => json.clone(),
            Value::Length(_) => self.text(),
            Value::Text(_) | Value::Plain(_) | Value::Time(_) => {
                let mut json = b"\"".to_vec();
                escape_into(&self.text(), &mut json);
                json.push(b'"');
                Cow::Owned(json)
            }
        }
    }

    /// Appends it.
    pub(super) fn write(&self, place: Place, out: &mut Vec<u8>) {
        match (place, self) {
            (Place::Json, Value::Json(json)) => out.extend_from_slice(json),
            (Place::Inside, Value::Plain(text)) => out.extend_from_slice(text),
            (Place::Inside, Value::Text(text) | Value::Json(text)) => escape_into(text, out),
            (Place::Json, _) => out.extend_from_slice(&self.json()),
            // As it stands: its escapes stay what they are.
            (Place::Inside, Value::Here(cursor)) if cursor.kind() == Kind::String => {
                let raw = cursor.raw();
                out.extend_from_slice(raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default());
            }
            (Place::Inside, _) => escape_into(&self.text(), out),
            (Place::Html, _) => escape_html(&self.text(), out),
            (Place::Plain, _) => out.extend_from_slice(&self.text()),
            (Place::Part, _) => escape_part(&self.text(), out),
        }
    }
}

fn is_zero(json: &[u8]) -> bool {
    number::count(json) == Some(0) && matches!(json.first(), Some(b'-' | b'0'))
}

fn escape_part(text: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in text {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'~' => out.push(byte),
            b'.' if text.len() > 2 => out.push(byte),
            byte => out.extend([b'%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]),
        }
    }
}

fn escape_html(text: &[u8], out: &mut Vec<u8>) {
    for &byte in text {
        match byte {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            b'"' => out.extend_from_slice(b"&quot;"),
            byte => out.push(byte),
        }
    }
}
