//! What the values of a query mean, and whether a value of a record is one of them.

use std::cmp::Ordering;

use super::date::{self, NoTime};
use super::mistake::Mistake;
use super::plain::{LONG, Plain};
use super::syntax::{Bound, Glyph, Test, Value, glyphs};
use crate::catalog::Field;
use crate::format::ip;
use crate::pattern::Pattern;
use crate::tape::number;
use crate::time::{self, EpochNanos, Unit};

/// A value of a record, as a test sees it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject<'a> {
    Text(&'a [u8]),
    /// A number's text.
    Number(&'a [u8]),
    /// `true`, `false` or `null`.
    Literal(&'a [u8]),
    Time(EpochNanos),
    /// A length of time, in nanoseconds.
    Length(i128),
    /// Something with values in it.
    Container,
}

/// A compiled test: one of both holds. Without either: anything but null.
#[derive(Debug, Default)]
pub(super) struct Check {
    text: Option<Text>,
    range: Option<Range>,
}

#[derive(Debug)]
enum Text {
    Pattern(Pattern),
    Plain(Plain),
}

impl Text {
    fn is_match(&self, text: &[u8]) -> bool {
        match self {
            Text::Pattern(pattern) => pattern.is_match(text),
            Text::Plain(plain) => plain.is_match(text),
        }
    }
}

#[derive(Debug)]
enum Range {
    /// Numbers by value; or texts code point by code point, ASCII letters as small ones.
    Between { numbers: bool, low: End, high: End },
    /// First and last of what has a place in an order.
    Ordered(Order, i128, i128),
}

/// Where a range ends, and whether that is one of those meant.
type End = Option<(String, bool)>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Time,
    Length,
    Address,
    Level,
}

/// The levels of `@level`, the mildest first.
pub(super) const LEVELS: [&str; 5] = ["debug", "info", "warn", "error", "fatal"];

impl Check {
    /// Compiles a test. `within`: a text is looked for in the value, and need not be all of it.
    pub(super) fn new(
        test: &Test,
        field: Option<Field>,
        now: Option<EpochNanos>,
        within: bool,
    ) -> Result<Check, Mistake> {
        match test {
            Test::Exists => Ok(Check::default()),
            Test::Regex { pattern, ignore_case } => {
                let compiled =
                    if *ignore_case { Pattern::ignoring_case(&pattern.text) } else { Pattern::new(&pattern.text) };
                let mistake = |error: crate::pattern::PatternError| {
                    Mistake::of("Q104", pattern.span.start + error.at, error.expected)
                };
                Ok(Check { text: Some(Text::Pattern(compiled.map_err(mistake)?)), range: None })
            }
            Test::Value(value) => {
                let range = if within || value.has_wildcard() { None } else { equal(value, field, now)? };
                let form = if within { Form::Within } else { Form::Whole };
                let text = if value.text.len() < LONG || value.has_wildcard() {
                    Text::Pattern(text_pattern(&value.text, form, value.span.start)?)
                } else {
                    Text::Plain(Plain::new(&value.plain(), !within))
                };
                Ok(Check { text: Some(text), range })
            }
            Test::Range { low, high } => {
                Ok(Check { text: None, range: Some(range([low.as_ref(), high.as_ref()], field, now)?) })
            }
        }
    }

    /// The most steps that one byte of a value may take.
    pub(super) fn steps(&self) -> usize {
        if let Some(Text::Pattern(pattern)) = &self.text { pattern.steps(1) } else { 1 }
    }

    /// Whether it wants a text, and nothing that equals it otherwise.
    pub(super) fn is_text_alone(&self) -> bool {
        self.text.is_some() && self.range.is_none()
    }

    /// Whether it wants what lies in a range in which there is nothing.
    pub(super) fn is_empty(&self) -> bool {
        let ends = |low: &End, high: &End, numbers| {
            low.as_ref().is_some_and(|(text, _)| !within(text.as_bytes(), numbers, &None, high))
                || high.as_ref().is_some_and(|(text, _)| !within(text.as_bytes(), numbers, low, &None))
        };
        match &self.range {
            _ if self.text.is_some() => false,
            Some(Range::Between { numbers, low, high }) => ends(low, high, *numbers),
            Some(Range::Ordered(_, first, last)) => first > last,
            None => false,
        }
    }

    /// Whether nothing of one order lies in its range and in that of another.
    pub(super) fn lies_beside(&self, other: &Check) -> bool {
        match (&self.range, &other.range) {
            (Some(Range::Ordered(order, first, last)), Some(Range::Ordered(its, from, to))) => {
                self.text.is_none() && other.text.is_none() && order == its && (first > to || from > last)
            }
            _ => false,
        }
    }

    pub(super) fn holds(&self, subject: Subject<'_>) -> bool {
        if self.text.is_none() && self.range.is_none() {
            return !matches!(subject, Subject::Literal(b"null"));
        }
        let text = match subject {
            Subject::Text(text) | Subject::Number(text) | Subject::Literal(text) => Some(text),
            _ => None,
        };
        let reads = |wanted: &Text| text.is_some_and(|text| wanted.is_match(text));
        self.text.as_ref().is_some_and(reads) || self.range.as_ref().is_some_and(|range| range.holds(subject))
    }
}

impl Range {
    fn holds(&self, subject: Subject<'_>) -> bool {
        match (self, subject) {
            (Range::Between { numbers: true, low, high }, Subject::Number(text)) => within(text, true, low, high),
            (Range::Between { numbers, low, high }, Subject::Text(text)) => {
                (!numbers || is_number(text)) && within(text, *numbers, low, high)
            }
            (Range::Ordered(order, low, high), _) => {
                order.place(subject).is_some_and(|place| (*low..=*high).contains(&place))
            }
            _ => false,
        }
    }
}

fn within(text: &[u8], numbers: bool, low: &End, high: &End) -> bool {
    let is_beyond = |end: &End, wrong: Ordering| {
        let Some((bound, inclusive)) = end else { return false };
        let order = match numbers {
            true => number::compare(text, bound.as_bytes()),
            false => text.iter().map(u8::to_ascii_lowercase).cmp(bound.bytes()),
        };
        order == wrong || order.is_eq() && !inclusive
    };
    !is_beyond(low, Ordering::Less) && !is_beyond(high, Ordering::Greater)
}

impl Order {
    /// A value's place in the order; none if it has none.
    fn place(self, subject: Subject<'_>) -> Option<i128> {
        match (self, subject) {
            (Order::Time, Subject::Time(instant)) => Some(instant.0),
            (Order::Time, Subject::Text(text)) => time::parse(text).map(|instant| instant.0),
            (Order::Length, Subject::Length(nanos)) => Some(nanos),
            (Order::Address, Subject::Text(text)) => address(text).map(signed),
            (Order::Level, Subject::Text(text)) => level(text),
            _ => None,
        }
    }

    /// What a value of a query means in it: from, and the last of it.
    fn read(self, text: &str, now: Option<EpochNanos>) -> Result<(i128, i128), NoTime> {
        let one = |place: Option<i128>| place.map(|place| (place, place));
        let read = match self {
            Order::Time => return date::read(text, now).map(|(from, to)| (from, to - 1)),
            Order::Length => one(length(text)),
            Order::Address => block(text.as_bytes()),
            Order::Level => one(level(text.as_bytes())),
        };
        read.ok_or(NoTime::Other)
    }

    /// What the values of its own field have to be.
    fn expected(self) -> &'static str {
        match self {
            Order::Time => "a time, such as 2026-05-01, now-1h or 2026-05-01T10:00:00Z",
            Order::Length => "a length of time: seconds, or a number and ns, us, ms, s, m, h or d",
            Order::Address => "an address",
            Order::Level => "a level: debug, info, warn, error or fatal",
        }
    }
}

fn level(text: &[u8]) -> Option<i128> {
    LEVELS.iter().position(|level| level.as_bytes().eq_ignore_ascii_case(text)).map(|rank| rank as i128)
}

/// A length of time: seconds, or a number and `ns`, `us`, `ms`, `s`, `m`, `h` or `d`.
fn length(text: &str) -> Option<i128> {
    let end = text.len() - text.bytes().rev().take_while(u8::is_ascii_alphabetic).count();
    let (number, unit) = text.split_at(end);
    let of = |unit: Unit| unit.nanos(number.as_bytes()).filter(|_| is_number(number.as_bytes()));
    let seconds = |count: i128| of(Unit::Seconds).and_then(|nanos| nanos.checked_mul(count));
    match unit {
        "" => seconds(1),
        "m" => seconds(60),
        "h" => seconds(3600),
        "d" => seconds(86_400),
        _ => Unit::ALL.iter().find(|(_, word)| *word == unit).and_then(|(unit, _)| of(*unit)),
    }
}

/// Whether a text is a number by JSON's grammar (RFC 8259 §6).
pub(super) fn is_number(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|b| b.is_ascii_digit()).count();
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(text);
    if whole == 0 || whole > 1 && text[0] == b'0' {
        return false;
    }
    let mut rest = &text[whole..];
    if let [b'.', behind @ ..] = rest {
        let count = digits(behind);
        if count == 0 {
            return false;
        }
        rest = &behind[count..];
    }
    if let [b'e' | b'E', behind @ ..] = rest {
        let behind = behind.strip_prefix(b"-").or(behind.strip_prefix(b"+")).unwrap_or(behind);
        let count = digits(behind);
        return count > 0 && count == behind.len();
    }
    rest.is_empty()
}

/// An address's place in the order of all: those of version 4 as RFC 4291 §2.5.5.2 maps them.
fn address(text: &[u8]) -> Option<u128> {
    let octets = match ip::parse_v4(text) {
        Some([a, b, c, d]) => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, a, b, c, d],
        None => ip::parse_v6(text)?,
    };
    Some(u128::from_be_bytes(octets))
}

/// The same order in signed numbers: the first half becomes the negative ones.
fn signed(address: u128) -> i128 {
    (address ^ 1 << 127) as i128
}

/// An address, or a block of them (RFC 4632 §3.1): the first and the last.
fn block(text: &[u8]) -> Option<(i128, i128)> {
    let Some(slash) = text.iter().position(|b| *b == b'/') else {
        return address(text).map(signed).map(|address| (address, address));
    };
    let (base, bits) = (&text[..slash], &text[slash + 1..]);
    if bits.len() > 3 || !bits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let bits: u32 = std::str::from_utf8(bits).ok()?.parse().ok()?;
    let first = address(base)?;
    let width = if base.contains(&b':') { 128 } else { 32 };
    let free = u128::MAX.checked_shr(bits + 128 - width).unwrap_or(0);
    if bits > width {
        return None;
    }
    Some((signed(first & !free), signed(first | free)))
}

/// What a value of a query is.
enum Meaning {
    Number,
    /// From, and the last of it.
    Ordered(Order, i128, i128),
    Text,
}

/// `as_bound`: it ends a range; then `now` alone is a time, and what begins like date math has to be some.
fn meaning(value: &Value, own: Option<Order>, now: Option<EpochNanos>, as_bound: bool) -> Result<Meaning, Mistake> {
    let text = value.plain();
    if own.is_none() && is_number(text.as_bytes()) {
        return Ok(Meaning::Number);
    }
    if !as_bound && text.starts_with("now") && !text.contains('/') {
        return Ok(Meaning::Text);
    }
    for order in [own.unwrap_or(Order::Address), own.unwrap_or(Order::Time)] {
        let expected = match order.read(&text, now) {
            Ok((first, last)) => return Ok(Meaning::Ordered(order, first, last)),
            Err(NoTime::NoNow) => {
                let mistake = of_value(value, "a fixed time: now is not known here");
                return Err(mistake.help("say what time it is where the query is made, or write the time out"));
            }
            Err(NoTime::Broken) => "date math: now or a date and ||, then +1d, -1h or /d (units y M w d h m s)",
            Err(NoTime::Other) if own.is_some() => order.expected(),
            Err(NoTime::Other) => continue,
        };
        if as_bound {
            return Err(of_value(value, expected));
        }
    }
    Ok(Meaning::Text)
}

/// The order in which the values of a field stand.
fn own(field: Option<Field>) -> Option<Order> {
    match field? {
        Field::Time => Some(Order::Time),
        Field::Duration => Some(Order::Length),
        Field::Level => Some(Order::Level),
        _ => None,
    }
}

/// What a value equals besides its own text.
fn equal(value: &Value, field: Option<Field>, now: Option<EpochNanos>) -> Result<Option<Range>, Mistake> {
    Ok(match meaning(value, own(field), now, false)? {
        Meaning::Number => {
            let end = Some((value.plain(), true));
            Some(Range::Between { numbers: true, low: end.clone(), high: end })
        }
        Meaning::Ordered(order, first, last) => Some(Range::Ordered(order, first, last)),
        Meaning::Text => None,
    })
}

/// Whether a value equals nothing but texts like itself.
pub(super) fn is_text_alone(value: &Value) -> bool {
    matches!(meaning(value, None, Some(EpochNanos(0)), false), Ok(Meaning::Text))
}

fn of_value(value: &Value, expected: &'static str) -> Mistake {
    Mistake::of("Q105", value.span.start, expected)
}

fn range(ends: [Option<&Bound>; 2], field: Option<Field>, now: Option<EpochNanos>) -> Result<Range, Mistake> {
    let (mut first, mut last, mut of) = (i128::MIN, i128::MAX, None);
    let (mut numbers, mut texts) = (0, 0);
    for (is_high, end) in [false, true].into_iter().zip(ends) {
        let Some(Bound { value, inclusive }) = end else { continue };
        if value.has_wildcard() {
            return Err(of_value(value, "a value without wildcards (write \\* for the character)"));
        }
        match meaning(value, own(field), now, true)? {
            Meaning::Number => numbers += 1,
            Meaning::Text => texts += 1,
            Meaning::Ordered(order, from, to) => {
                match (is_high, inclusive) {
                    (false, true) => first = from,
                    (false, false) => first = to.saturating_add(1),
                    (true, true) => last = to,
                    (true, false) => last = from.saturating_sub(1),
                }
                if of.is_some_and(|other| other != order) {
                    texts += 1;
                }
                of = Some(order);
            }
        }
        if of.is_some() && numbers + texts > 0 || numbers > 0 && texts > 0 {
            return Err(Mistake::of("Q106", value.span.start, "a range whose ends are of one kind"));
        }
    }
    if let Some(order) = of {
        return Ok(Range::Ordered(order, first, last));
    }
    let [low, high] = ends.map(|end| end.map(|end| (end.value.plain().to_ascii_lowercase(), end.inclusive)));
    Ok(Range::Between { numbers: texts == 0, low, high })
}

/// How a text has to stand in a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// It is the value, case and all.
    Exact,
    /// It is the value, but for case.
    Whole,
    /// It is part of the value, but for case.
    Within,
}

/// A text with wildcards as a regular expression. ASCII letters are written out both ways where case does not matter, and
/// all ways that there are: U+017F folds to s, and U+212A to k.
pub(super) fn text_pattern(wanted: &str, form: Form, at: usize) -> Result<Pattern, Mistake> {
    let mut text = String::new();
    if form != Form::Within {
        text.push('^');
    }
    for glyph in glyphs(wanted) {
        match glyph {
            Glyph::Any if text.ends_with("[^]*") => {}
            Glyph::Any => text += "[^]*",
            Glyph::One => text += "[^]",
            Glyph::Char(c) if c.is_ascii_alphabetic() && form != Form::Exact => {
                text.extend(['[', c.to_ascii_lowercase(), c.to_ascii_uppercase()]);
                text += match c {
                    's' | 'S' => "\u{17F}]",
                    'k' | 'K' => "\u{212A}]",
                    _ => "]",
                };
            }
            Glyph::Char(c) if c.is_ascii_alphanumeric() || c == ' ' || c == '_' => text.push(c),
            Glyph::Char(c) if c.is_ascii() => text += &format!("\\x{:02x}", c as u32),
            Glyph::Char(c) if form == Form::Exact => text.push(c),
            Glyph::Char(c) => text.extend(["(?i:", c.encode_utf8(&mut [0; 4]), ")"]),
        }
    }
    if form != Form::Within {
        text.push('$');
    }
    Pattern::new(&text).map_err(|_| Mistake::of("Q101", at, "a shorter text"))
}
