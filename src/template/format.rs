//! Formatters: `{{@time | epoch_s}}`. The list is closed: there is one for what a receiver may ask for, and no code.

use std::borrow::Cow;

use super::value::Value;
use super::{Fault, code};
use crate::document::{did_you_mean, list};
use crate::hash::{Hmac, hex};
use crate::limits::MAX_DEPTH;
use crate::scan::check;
use crate::tape::{Kind, decode, number};
use crate::time::{self, EpochNanos, SECOND};

/// What is done with a value before it is written.
#[derive(Clone, Debug)]
pub(super) enum Format {
    /// Seconds since 1970, with as many decimals as there are.
    EpochSeconds,
    /// Whole milliseconds since 1970.
    EpochMillis,
    /// RFC 3339, in UTC.
    Iso,
    /// The day of it.
    Date,
    /// ASCII letters in capitals.
    Upper,
    Lower,
    /// What stands in for no value, null and the empty string.
    Default(Word),
    /// The JSON of the value, as text.
    Json,
    /// HMAC-SHA-256 of the text with a key, in hexadecimal letters.
    Hash(Hmac),
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

const NAMES: [&str; 10] = ["epoch_s", "epoch_ms", "iso", "date", "upper", "lower", "json", "default", "hash", "map"];
/// The first so many take nothing behind a colon.
const PLAIN: usize = 7;

/// Least bytes of a key (DESIGN: the digest's own length; RFC 2104, section 3).
const LEAST_KEY: usize = 32;

/// Reads a formatter that stands at a byte of the template.
pub(super) fn read(text: &str, at: usize, keys: &[(String, Vec<u8>)]) -> Result<Format, Fault> {
    let (name, said) =
        text.split_once(':').map_or((text, None), |(name, said)| (name.trim_ascii(), Some(said.trim_ascii())));
    let Some(number) = NAMES.iter().position(|known| *known == name) else {
        let help = did_you_mean(name, &NAMES);
        let fault = Fault::new(code::FORMAT, at, &["a formatter: ", &list(&NAMES)].concat());
        return Err(Fault { help, ..fault });
    };
    let wrong = |expected| Err(Fault::new(code::FORMAT, at, expected));
    let said = match said {
        Some(said) if number >= PLAIN => said,
        None if number < PLAIN => "",
        _ if number < PLAIN => return wrong("nothing behind this formatter's name"),
        _ => return wrong("a colon and more: default:\"none\", hash:NAME, map:failed=error,*=info"),
    };
    Ok(match number {
        0 => Format::EpochSeconds,
        1 => Format::EpochMillis,
        2 => Format::Iso,
        3 => Format::Date,
        4 => Format::Upper,
        5 => Format::Lower,
        6 => Format::Json,
        7 => match words(said).as_deref() {
            Some([(word, None)]) => Format::Default(word.clone()),
            _ => return wrong("a word or a text in double quotes behind default:"),
        },
        8 => match keys.iter().find(|(name, _)| name == said) {
            Some((_, key)) if key.len() >= LEAST_KEY => Format::Hash(Hmac::new(key)),
            Some(_) => return Err(Fault::new(code::KEY, at, "a key of at least 32 bytes")),
            None => return Err(Fault::new(code::KEY, at, "the name of a key that was given")),
        },
        _ => {
            let pairs = words(said).into_iter().flatten().map(|(from, to)| Some((from, to?)));
            match pairs.collect::<Option<Vec<_>>>() {
                Some(pairs) if !pairs.is_empty() => Format::Map(pairs),
                _ => return wrong("pairs behind map:, such as map:failed=error,*=info"),
            }
        }
    })
}

/// Words, each perhaps with `=` and another, with commas between them.
fn words(mut text: &str) -> Option<Vec<(Word, Option<Word>)>> {
    let mut words = Vec::new();
    loop {
        let (first, rest) = word(text)?;
        let (second, rest) = match rest.strip_prefix('=') {
            Some(rest) => word(rest).map(|(word, rest)| (Some(word), rest))?,
            None => (None, rest),
        };
        words.push((first, second));
        match rest.strip_prefix(',') {
            Some(rest) => text = rest,
            None => return rest.is_empty().then_some(words),
        }
    }
}

/// A word and what follows it: a JSON string, or anything up to a comma or an equals sign.
fn word(text: &str) -> Option<(Word, &str)> {
    let text = text.trim_ascii_start();
    let (word, rest) = if text.starts_with('"') {
        let end = check(text.as_bytes(), MAX_DEPTH).ok()?;
        let mut said = Vec::new();
        decode(text.as_bytes().get(1..end - 1)?, &mut said);
        (Word { text: String::from_utf8(said).ok()?, is_json: false }, text.get(end..)?)
    } else {
        let end = text.find([',', '=']).unwrap_or(text.len());
        let word = text[..end].trim_ascii_end();
        let is_json = check(word.as_bytes(), 0) == Ok(word.len());
        (Word { text: word.to_owned(), is_json }, &text[end..])
    };
    Some((word, rest.trim_ascii_start()))
}

impl Format {
    /// What it makes of a value. Where it can make nothing of it there is no value.
    pub(super) fn apply<'a>(&'a self, value: Value<'a>) -> Value<'a> {
        match self {
            Format::Default(word) if value.text().is_empty() => word.value(),
            Format::Default(_) => value,
            Format::Json => Value::Text(value.json()),
            _ if value.is_nothing() => Value::Nothing,
            Format::EpochSeconds => instant(&value).map_or(Value::Nothing, Value::Length),
            Format::EpochMillis => {
                instant(&value).map_or(Value::Nothing, |nanos| Value::Length(nanos.div_euclid(1_000_000) * SECOND))
            }
            Format::Iso | Format::Date => {
                let text = instant(&value).map(|nanos| time::write(EpochNanos(nanos)).into_bytes());
                // An instant of no year that RFC 3339 knows is written otherwise, and has no date.
                let Some(mut text) = text.filter(|text| text.get(10) == Some(&b'T')) else { return Value::Nothing };
                text.truncate(if matches!(self, Format::Date) { 10 } else { text.len() });
                Value::Text(Cow::Owned(text))
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

/// The point in time that a value is, in nanoseconds: a common field, or text. Numbers are none: nothing tells their unit.
fn instant(value: &Value<'_>) -> Option<i128> {
    match value {
        Value::Time(EpochNanos(nanos)) => Some(*nanos),
        Value::Here(cursor) if cursor.kind() == Kind::Number => None,
        value => time::parse(&value.text()).map(|EpochNanos(nanos)| nanos),
    }
}
