//! Formatters: `{{@time | epoch_s}}`. The list is closed: there is one for what a receiver may ask for, and no code.

use std::borrow::Cow;

use super::compile::Fault;
use super::value::Value;
use super::{Wants, any_value, code};
use crate::document::did_you_mean;
use crate::hash::{Hmac, hex, key_of};
use crate::scan::check;
use crate::tape::{Kind, decode, number};
use crate::time::{self, EpochNanos};

/// What is done with a value before it is written.
#[derive(Clone, Debug)]
pub(super) enum Format {
    /// Seconds since 1970, with as many decimals as there are.
    EpochSeconds,
    /// Whole milliseconds since 1970.
    EpochMillis,
    /// Whole nanoseconds since 1970, in 64 bits without a sign, as OpenTelemetry has them.
    EpochNanos,
    /// A value in a tag: `_` for commas.
    Tag,
    /// A value in the name of an index.
    Index,
    /// 32 hexadecimal digits of a trace: of a UUID too, and of 16 digits with zeros before them. Anything else is none.
    TraceId,
    /// RFC 3339, in UTC.
    Iso,
    /// The day of it.
    Date,
    /// So many digits of it: `20260504`, `20260504060000`.
    Digits(usize),
    /// ASCII letters in capitals.
    Upper,
    Lower,
    /// What stands in for no value, null and the empty string.
    Default(Word),
    /// The value as OpenTelemetry's `AnyValue`, in JSON.
    AnyValue,
    /// The JSON of null and of what is empty as text; anything else as it is.
    NotBlank,
    /// The JSON of the value, as text.
    Json,
    /// The same of anything but a string.
    Text,
    /// HMAC-SHA-256 of the text with a key, in hexadecimal letters.
    Hash(Box<Hmac>),
    /// Words and what is said for them; `*` for all others, which stay as they are without it.
    Map(Vec<(Word, Word)>),
}

/// A text, or a number, true, false or null.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    text: String,
    is_json: bool,
}

impl Word {
    fn value(&self) -> Value<'_> {
        Value::of_word(&self.text, self.is_json)
    }
}

const NAMES: [&str; 16] = [
    "epoch_s",
    "epoch_ms",
    "epoch_ns",
    "any_value",
    "not_blank",
    "trace_id",
    "iso",
    "date",
    "yyyymmdd",
    "yyyymmddhhmmss",
    "upper",
    "lower",
    "json",
    "default",
    "hash",
    "map",
];

/// Least bytes of a key: the digest's own length (RFC 2104, section 3).
const LEAST_KEY: usize = 32;

/// Reads a formatter that stands at a byte of the template.
pub(super) fn read(text: &str, at: usize, keys: &[(String, Vec<u8>)]) -> Result<Format, Fault> {
    let colon = text.bytes().position(|b| b == b':').unwrap_or(text.len());
    let name = text.get(..colon).unwrap_or_default().trim_ascii();
    let said = text.get(colon + 1..).map(str::trim_ascii);
    Ok(match (name, said) {
        ("epoch_s", None) => Format::EpochSeconds,
        ("epoch_ms", None) => Format::EpochMillis,
        ("epoch_ns", None) => Format::EpochNanos,
        ("any_value", None) => Format::AnyValue,
        ("not_blank", None) => Format::NotBlank,
        ("trace_id", None) => Format::TraceId,
        ("iso", None) => Format::Iso,
        ("date", None) => Format::Date,
        ("yyyymmdd" | "yyyymmddhhmmss", None) => Format::Digits(name.len()),
        ("upper", None) => Format::Upper,
        ("lower", None) => Format::Lower,
        ("json", None) => Format::Json,
        ("default", Some(said)) => match words(said).as_deref() {
            Some([(word, None)]) => Format::Default(word.clone()),
            _ => return Err(Fault::new(code::FORMAT, at, "a word or a text in double quotes behind default:")),
        },
        ("hash", Some(said)) => match key_of(keys, said) {
            Some((_, key)) if key.len() >= LEAST_KEY => Format::Hash(Box::new(Hmac::new(key))),
            Some(_) => return Err(Fault::new(code::KEY, at, "a key of at least 32 bytes")),
            None => return Err(Fault::new(code::KEY, at, "the name of a key that was given")),
        },
        ("map", Some(said)) => {
            let mut pairs = Vec::new();
            for (from, to) in words(said).unwrap_or_default() {
                let Some(to) = to else { return Err(Fault::new(code::FORMAT, at, PAIRS)) };
                pairs.push((from, to));
            }
            if pairs.is_empty() {
                return Err(Fault::new(code::FORMAT, at, PAIRS));
            }
            Format::Map(pairs)
        }
        _ => {
            let expected = "a formatter: epoch_s, epoch_ms, epoch_ns, iso, date, yyyymmdd, yyyymmddhhmmss, upper, lower, json, any_value, not_blank, trace_id, default:X, hash:KEY, map:A=X,*=Y";
            let help = if NAMES.contains(&name) { String::new() } else { did_you_mean(name, &NAMES) };
            return Err(Fault { help, ..Fault::new(code::FORMAT, at, expected) });
        }
    })
}

/// Whether a byte may not stand in the name of an index of Elasticsearch (Create index API: "Path parameters").
pub(super) fn is_no_index(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte <= b' ' || byte == 0x7f || b"\\/*?\"<>|,#:".contains(&byte)
}

/// Most bytes of a value in such a name, which has 255 at most.
const LONGEST_INDEX: usize = 100;

const PAIRS: &str = "pairs behind map:, such as map:failed=error,*=info";

/// Words, each perhaps with `=` and another, with commas between them.
fn words(mut text: &str) -> Option<Vec<(Word, Option<Word>)>> {
    let mut words = Vec::new();
    loop {
        let first = word(&mut text)?;
        let mut second = None;
        if text.starts_with('=') {
            text = text.get(1..)?;
            second = Some(word(&mut text)?);
        }
        words.push((first, second));
        if !text.starts_with(',') {
            return text.is_empty().then_some(words);
        }
        text = text.get(1..)?;
    }
}

/// Takes a word from a text: a JSON string, or anything up to a comma or an equals sign.
fn word(text: &mut &str) -> Option<Word> {
    let all = text.trim_ascii_start();
    let in_quotes = all.starts_with('"');
    let end = if in_quotes {
        check(all.as_bytes(), 0).ok()?
    } else {
        all.bytes().position(|b| matches!(b, b',' | b'=')).unwrap_or(all.len())
    };
    let word = all.get(..end)?.trim_ascii_end();
    *text = all.get(end..)?.trim_ascii_start();
    if in_quotes {
        let mut said = Vec::new();
        decode(word.as_bytes().get(1..end - 1)?, &mut said);
        return Some(Word { text: String::from_utf8(said).ok()?, is_json: false });
    }
    Some(Word { text: word.to_owned(), is_json: check(word.as_bytes(), 0) == Ok(word.len()) })
}

impl Format {
    /// In which form an envelope's partial of this name gives what a route's template makes.
    pub(super) fn of_partial(name: &str) -> Option<Format> {
        [("text", Format::Text), ("any", Format::AnyValue), ("event", Format::NotBlank)]
            .into_iter()
            .find_map(|(known, format)| (known == name).then_some(format))
    }

    /// What makes of a value what a receiver wants.
    pub(super) fn wanted(wants: Wants) -> Option<Format> {
        match wants {
            Wants::Anything => None,
            Wants::Tag => Some(Format::Tag),
            Wants::Index => Some(Format::Index),
            Wants::Something => Some(Format::Default(Word { text: "unknown".to_owned(), is_json: false })),
        }
    }

    /// What formatters make of a value, one behind the other; none where that is longer than `most` bytes.
    pub(super) fn all<'a>(formats: &'a [Format], mut value: Value<'a>, most: usize) -> Option<Value<'a>> {
        for format in formats {
            value = format.apply(value);
            if matches!(&value, Value::Text(text) | Value::Json(text) if text.len() > most) {
                return None;
            }
        }
        Some(value)
    }

    /// What it makes of a value. Where it can make nothing of it there is no value.
    pub(super) fn apply<'a>(&'a self, value: Value<'a>) -> Value<'a> {
        match self {
            Format::Text if matches!(&value, Value::Json(json) if json.starts_with(b"\"")) => value,
            Format::Default(word) if value.text().is_empty() => word.value(),
            Format::Default(_) => value,
            Format::Json | Format::Text => Value::Text(value.json()),
            Format::NotBlank => {
                let json = value.json();
                let inside = json.get(1..json.len() - 1).unwrap_or_default().trim_ascii();
                let is_blank =
                    *json == *b"null" || (inside.is_empty() && matches!(json.first(), Some(b'{' | b'[' | b'"')));
                if is_blank { Value::Text(json) } else { value }
            }
            Format::Index => {
                let text = value.text();
                let text = std::str::from_utf8(&text).unwrap_or_default();
                let mut name = String::new();
                for c in text.trim_start_matches(['-', '_', '+', '.']).chars().flat_map(char::to_lowercase) {
                    if name.len() < LONGEST_INDEX {
                        name.push(if c.is_ascii() && is_no_index(c as u8) { '_' } else { c });
                    }
                }
                Value::Text(if name.is_empty() { b"unknown".into() } else { name.into_bytes().into() })
            }
            Format::AnyValue => Value::Json(any_value::of(&value.json()).into()),
            _ if value.is_nothing() => Value::Nothing,
            Format::EpochSeconds => instant(&value).map_or(Value::Nothing, Value::Length),
            Format::EpochMillis => whole(instant(&value).map(|nanos| time::parts(nanos, 1_000_000).0)),
            Format::EpochNanos => whole(instant(&value).filter(|nanos| u64::try_from(*nanos).is_ok())),
            Format::Iso | Format::Date | Format::Digits(_) => {
                let text = instant(&value).map(|nanos| time::write(EpochNanos(nanos)).into_bytes());
                // An instant of no year that RFC 3339 knows is written otherwise, and has no date.
                let Some(mut text) = text.filter(|text| text.get(10) == Some(&b'T')) else { return Value::Nothing };
                match self {
                    Format::Date => text.truncate(10),
                    Format::Digits(count) => {
                        text.retain(u8::is_ascii_digit);
                        text.truncate(*count);
                    }
                    _ => {}
                }
                Value::Text(Cow::Owned(text))
            }
            Format::TraceId => {
                let mut digits = value.text().to_ascii_lowercase();
                digits.retain(|byte| *byte != b'-');
                if digits.len() == 16 {
                    digits.splice(..0, [b'0'; 16]);
                }
                let is_id = digits.len() == 32
                    && digits.iter().all(u8::is_ascii_hexdigit)
                    && digits.iter().any(|digit| *digit != b'0');
                if is_id { Value::Text(digits.into()) } else { Value::Nothing }
            }
            Format::Tag => {
                let mut text = value.text().into_owned();
                text.iter_mut().filter(|byte| **byte == b',').for_each(|byte| *byte = b'_');
                Value::Text(text.into())
            }
            Format::Upper => Value::Text(Cow::Owned(value.text().to_ascii_uppercase())),
            Format::Lower => Value::Text(Cow::Owned(value.text().to_ascii_lowercase())),
            Format::Hash(key) => {
                let mut text = value.text();
                if value.is_number() {
                    // Equal numbers stay joinable, however they are written; redaction does the same.
                    let mut plain = Vec::new();
                    number::plain(&text, &mut plain);
                    text = Cow::Owned(plain);
                }
                Value::Text(Cow::Owned(hex(&key.of(&text)).to_vec()))
            }
            Format::Map(pairs) => {
                let text = value.text();
                let is = |word: &str| word.as_bytes() == &*text || word == "*";
                pairs.iter().find(|(from, _)| is(&from.text)).map_or(value, |(_, to)| to.value())
            }
        }
    }
}

fn whole(number: Option<i128>) -> Value<'static> {
    number.map_or(Value::Nothing, |number| Value::Json(Cow::Owned(time::digits(number).into_bytes())))
}

/// The point in time that a value is, in nanoseconds: a common field, or text. Numbers are none: nothing tells their unit.
fn instant(value: &Value<'_>) -> Option<i128> {
    match value {
        Value::Time(EpochNanos(nanos)) => Some(*nanos),
        Value::Here(cursor) if cursor.kind() == Kind::Number => None,
        value => time::parse(&value.text()).map(|EpochNanos(nanos)| nanos),
    }
}
