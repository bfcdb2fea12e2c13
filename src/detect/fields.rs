//! The common fields of an event.

use std::borrow::Cow;

use super::reach::{Strings, reach};
use super::spots::{Spot, Spots};
use crate::catalog::{EventType, Field, From, Place, Source, is_present};
use crate::tape::{Cursor, Kind};
use crate::time::{self, EpochNanos, SECOND, Unit};

/// What a common field says of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said<'s> {
    Text(Cow<'s, [u8]>),
    /// Text that means itself in a JSON string: it stands in one without escapes.
    Plain(&'s [u8]),
    /// A number, true or false: its JSON, as it stands.
    Json(Cow<'s, [u8]>),
    Time(EpochNanos),
    /// A length of time, in nanoseconds.
    Length(i128),
}

impl Said<'_> {
    fn into_owned(self) -> Said<'static> {
        match self {
            Said::Text(text) => Said::Text(Cow::Owned(text.into_owned())),
            Said::Plain(text) => Said::Text(Cow::Owned(text.to_vec())),
            Said::Json(json) => Said::Json(Cow::Owned(json.into_owned())),
            Said::Time(instant) => Said::Time(instant),
            Said::Length(nanos) => Said::Length(nanos),
        }
    }
}

/// All common fields of an event that have a value, with their names. `strings` is memory.
pub(crate) fn fields<'e>(
    of: &'e EventType,
    event: Cursor<'e>,
    strings: &'e mut Strings,
) -> impl Iterator<Item = (&'static str, Said<'e>)> {
    strings.forget();
    Field::ALL.into_iter().filter_map(move |(field, name)| Some((name, self::field(of, field, event, strings)?)))
}

/// A common field of an event; none if it has no value. `strings` is memory: of this event, or forgotten.
pub(crate) fn field<'e>(of: &'e EventType, field: Field, event: Cursor<'e>, strings: &mut Strings) -> Option<Said<'e>> {
    if field == Field::Type {
        return Some(Said::Text(of.name.as_bytes().into()));
    }
    said(of.sources(field)?, event, (None, strings))
}

/// What some sources say of an event that was looked over, or of any. `strings` as for [`field`].
pub(crate) fn said<'e>(
    sources: &'e [Source],
    event: Cursor<'e>,
    (spots, strings): (Option<&Spots>, &mut Strings),
) -> Option<Said<'e>> {
    let mut values = Values { event, strings, spots };
    sources.iter().find_map(|source| values.say(source))
}

/// How the values at a path are found: by the names on it, unless they are known to stand somewhere.
struct Values<'v, 'e> {
    event: Cursor<'e>,
    strings: &'v mut Strings,
    spots: Option<&'v Spots>,
}

impl<'e> Values<'_, 'e> {
    fn say(&mut self, source: &'e Source) -> Option<Said<'e>> {
        // All conditions hold, each of any value at its path.
        let mut number = source.number;
        for (place, condition) in &source.when {
            if !self.any((place, number), &mut |value| condition.holds(value)) {
                return None;
            }
            number += 1;
        }
        match &source.from {
            From::Const(text) => Some(Said::Text(text.as_bytes().into())),
            From::Value(place) | From::Mapped(place, _) | From::Time(place, _) | From::Length(place, _) => {
                self.first((place, number), &source.from)
            }
            From::Between(from, to) => {
                let Some(Said::Time(to)) = self.first((to, number + 1), &source.from) else { return None };
                let Some(Said::Time(from)) = self.first((from, number), &source.from) else { return None };
                let length = to.0 - from.0;
                (length >= 0).then_some(Said::Length(length))
            }
        }
    }

    /// Shows `visit` the values at a path, which has that number, until it says that it has seen enough.
    fn any(&mut self, (place, number): (&Place, usize), visit: &mut dyn FnMut(Cursor<'_>) -> bool) -> bool {
        match self.spots.map_or(Spot::Anywhere, |spots| spots.value(number, self.event)) {
            Spot::Nowhere => false,
            Spot::Here(value) => visit(value),
            Spot::Anywhere => reach(self.event, &place.path, self.strings, visit),
        }
    }

    /// What the first value on a path that says anything comes to; objects and arrays do not.
    fn first(&mut self, place: (&Place, usize), from: &'e From) -> Option<Said<'e>> {
        let says = |value: Cursor<'_>| is_present(value) && !matches!(value.kind(), Kind::Object | Kind::Array);
        if let Some(spots) = self.spots {
            match spots.value(place.1, self.event) {
                Spot::Nowhere => return None,
                Spot::Here(value) => return if says(value) { read(from, value) } else { None },
                Spot::Anywhere => {}
            }
        }
        let mut said = None;
        self.any(place, &mut |value| {
            let says = says(value);
            if says {
                said = read(from, value).map(Said::into_owned);
            }
            says
        });
        said
    }
}

/// What a value comes to: of a length between two times, either of them.
#[inline(always)]
fn read<'v>(from: &'v From, value: Cursor<'v>) -> Option<Said<'v>> {
    // Most fields are the text that stands there.
    match (from, value.plain()) {
        (From::Value(_), (text, false)) if value.kind() == Kind::String => Some(Said::Plain(text)),
        (From::Value(_), (json, false)) => Some(Said::Json(json.into())),
        _ => read_closely(from, value.text()),
    }
}

#[inline(never)]
fn read_closely<'v>(from: &'v From, text: Cow<'v, [u8]>) -> Option<Said<'v>> {
    match from {
        From::Const(_) => None,
        From::Value(_) => Some(Said::Text(text)),
        From::Mapped(_, map) => Some(Said::Text(match text {
            Cow::Borrowed(text) => map.say(text)?,
            Cow::Owned(text) => map.say(&text)?.into_owned().into(),
        })),
        From::Time(_, unit) => moment(&text, *unit).map(Said::Time),
        From::Length(_, unit) => unit.nanos(&text).map(Said::Length),
        From::Between(..) => moment(&text, None).map(Said::Time),
    }
}

fn moment(text: &[u8], unit: Option<Unit>) -> Option<EpochNanos> {
    // The years 0 to 9999, which RFC 3339 can write.
    const KNOWN: std::ops::Range<i128> = -62_167_219_200 * SECOND..253_402_300_800 * SECOND;
    let moment = match unit {
        None => time::parse(text),
        Some(unit) => unit.nanos(text).map(EpochNanos),
    };
    moment.filter(|EpochNanos(nanos)| KNOWN.contains(nanos))
}
