//! The common fields of an event.

use super::reach::{Strings, reach};
use crate::catalog::{Condition, EventType, Field, From, Place, Source, When, is_present};
use crate::tape::{Cursor, Kind};
use crate::time::{self, EpochNanos, SECOND, Unit};

/// What a common field says of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Text(Vec<u8>),
    /// A number, true or false: its JSON, as it stands.
    Json(Vec<u8>),
    Time(EpochNanos),
    /// A length of time, in nanoseconds.
    Length(i128),
}

/// All common fields of an event that have a value, with their names. `strings` is memory.
pub(crate) fn fields<'e>(
    of: &'e EventType,
    event: Cursor<'e>,
    strings: &'e mut Strings,
) -> impl Iterator<Item = (&'static str, Said)> + 'e {
    strings.forget();
    Field::ALL.into_iter().filter_map(move |(field, name)| Some((name, self::field(of, field, event, strings)?)))
}

/// A common field of an event; none if it has no value. `strings` is memory: of this event, or forgotten.
pub(crate) fn field(of: &EventType, field: Field, event: Cursor<'_>, strings: &mut Strings) -> Option<Said> {
    if field == Field::Type {
        return Some(Said::Text(of.name.clone().into_bytes()));
    }
    let place = of.fields.binary_search_by_key(&field, |(known, _)| *known).ok()?;
    of.fields[place].1.iter().find_map(|source| say(source, event, strings))
}

fn say(source: &Source, event: Cursor<'_>, strings: &mut Strings) -> Option<Said> {
    if !holds(&source.when, event, strings) {
        return None;
    }
    match &source.from {
        From::Const(text) => Some(Said::Text(text.clone().into_bytes())),
        From::Value(place) => first(event, place, strings, |value| match value.kind() {
            Kind::String => Some(Said::Text(value.text().into_owned())),
            _ => Some(Said::Json(value.raw().to_vec())),
        }),
        From::Mapped(place, map) => first(event, place, strings, |value| map.say(&value.text()).map(Said::Text)),
        From::Time(place, unit) => first(event, place, strings, |value| moment(&value.text(), *unit).map(Said::Time)),
        From::Length(place, unit) => first(event, place, strings, |value| unit.nanos(&value.text()).map(Said::Length)),
        From::Between(from, to) => {
            let mut read = |place| first(event, place, strings, |value| moment(&value.text(), None));
            let length = read(to)?.0 - read(from)?.0;
            (length >= 0).then_some(Said::Length(length))
        }
    }
}

/// Whether all conditions hold, each of any value at its path.
fn holds(when: &When, event: Cursor<'_>, strings: &mut Strings) -> bool {
    let holds = |(place, condition): &(Place, Condition)| {
        reach(event, &place.path, strings, &mut |value| condition.holds(value))
    };
    when.iter().all(holds)
}

/// What `read` makes of the first value on a path that says anything; objects and arrays do not.
fn first<T>(
    event: Cursor<'_>,
    place: &Place,
    strings: &mut Strings,
    read: impl Fn(Cursor<'_>) -> Option<T>,
) -> Option<T> {
    let mut said = None;
    reach(event, &place.path, strings, &mut |value| {
        let says = is_present(value) && !matches!(value.kind(), Kind::Object | Kind::Array);
        if says {
            said = read(value);
        }
        says
    });
    said
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
