//! Where a common field's value comes from.

use std::borrow::Cow;

use super::Condition;
use super::Place;
use super::condition::Glob;
use crate::time::Unit;

/// One source of a common field; it counts where its conditions hold.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) from: From,
    pub(crate) when: When,
    /// The number of its first path among those of all sources of its event type.
    pub(crate) number: usize,
}

impl Source {
    /// Its paths: those of its conditions, and where its value comes from.
    pub(crate) fn places(&self) -> impl Iterator<Item = &Place> {
        let (first, second) = match &self.from {
            From::Const(_) => (None, None),
            From::Value(place) | From::Mapped(place, _) | From::Time(place, _) | From::Length(place, _) => {
                (Some(place), None)
            }
            From::Between(from, to) => (Some(from), Some(to)),
        };
        self.when.iter().map(|(place, _)| place).chain(first).chain(second)
    }
}

/// Conditions on fields of the event; all must hold.
pub(crate) type When = Vec<(Place, Condition)>;

/// What a source says.
#[derive(Clone, Debug)]
pub(crate) enum From {
    /// Always the same.
    Const(String),
    /// The value at a path, as it stands.
    Value(Place),
    /// The text at a path, translated.
    Mapped(Place, Map),
    /// The time at a path: text, or a count since 1970.
    Time(Place, Option<Unit>),
    /// The time from one point to another.
    Between(Place, Place),
    /// A length of time at a path.
    Length(Place, Unit),
}

/// A translation of texts.
#[derive(Clone, Debug)]
pub(crate) struct Map {
    /// Forms and what is said for them (none: no value), the most exact first. A star in what is said stands for what
    /// the form's star stood for.
    pub(crate) pairs: Vec<(Glob, Option<String>)>,
    pub(crate) other: Other,
}

/// What is said for texts that a translation does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Other {
    /// The text itself.
    Itself,
    /// Nothing.
    Nothing,
    Text(String),
}

impl Map {
    /// Whether anything of a text may be in what is said for it.
    pub(crate) fn passes_on(&self) -> bool {
        self.other == Other::Itself || self.pairs.iter().any(|(_, said)| said.as_ref().is_some_and(|s| s.contains('*')))
    }

    /// The texts that it says, but for those that are passed on.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        let other = if let Other::Text(text) = &self.other { Some(text) } else { None };
        self.pairs.iter().filter_map(|(_, said)| said.as_ref()).chain(other).map(String::as_str)
    }

    /// What is said for a text; none: there is no value.
    pub(crate) fn say<'t>(&'t self, text: &'t [u8]) -> Option<Cow<'t, [u8]>> {
        for (glob, said) in &self.pairs {
            if let Some(star) = glob.find(text) {
                let said = said.as_ref()?;
                return Some(match said.split_once('*') {
                    Some((before, after)) => [before.as_bytes(), star, after.as_bytes()].concat().into(),
                    None => said.as_bytes().into(),
                });
            }
        }
        match &self.other {
            Other::Itself => Some(text.into()),
            Other::Nothing => None,
            Other::Text(said) => Some(said.as_bytes().into()),
        }
    }
}
