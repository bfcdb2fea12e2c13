//! Texts of a destination's options, which may hold tags.

use super::compile::{Fault, named};
use super::parse::{What, parse};
use super::token::Form;
use super::{code, format};
use crate::document::{Notes, start};
use crate::tape::Cursor;

/// A text of a destination's options that may hold tags.
#[derive(Debug)]
pub(crate) struct OptionText<'v> {
    /// By which what goes around records names it.
    pub(crate) name: String,
    /// A string of the policy.
    pub(crate) value: Cursor<'v>,
    /// What the receiver wants of values in it.
    pub(crate) wants: Wants,
}

/// What a receiver wants of values that stand in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wants {
    Anything,
    /// A tag: commas would make several.
    Tag,
    /// The name of an index of Elasticsearch.
    Index,
    /// Never nothing.
    Something,
}

impl<'v> OptionText<'v> {
    /// What stands between the quotes.
    pub(super) fn inside(&self) -> &'v str {
        let raw = std::str::from_utf8(self.value.raw()).unwrap_or_default();
        raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default()
    }

    /// Looks at it alone: what is wrong is noted at its place. Gives the places that it names, as of
    /// [`Template::named`]; none where something is wrong.
    pub(crate) fn check(&self, keys: &[(String, Vec<u8>)], notes: &mut Notes<'_>) -> Option<Vec<(usize, Vec<String>)>> {
        let mut faults = Vec::new();
        let nodes = parse(self.inside(), Form::Inside, keys, &mut faults).unwrap_or_else(|fault| {
            faults.push(fault);
            Vec::new()
        });
        let first = start(self.value) + 1; // what is read is the text as it is written, escapes and all
        for Fault { code, at, expected, help, .. } in &faults {
            notes.add(code, first + at, expected, help);
        }
        let texts = nodes.iter().filter_map(|node| match &node.what {
            What::Text { text, .. } => Some((node.at, &text[..])),
            _ => None,
        });
        let mut is_sound = faults.is_empty();
        for (at, text) in texts.filter(|_| self.wants == Wants::Index) {
            if let Some(wrong) = text.iter().position(|byte| format::is_no_index(*byte)) {
                notes.add(
                    code::RECEIVER,
                    first + at + wrong,
                    "a name in small letters, without \\ / * ? \" < > | , # : and spaces",
                    "",
                );
                is_sound = false;
            }
        }
        let holds = nodes.iter().any(|node| matches!(node.what, What::Text { .. } | What::Value { .. }));
        if self.wants == Wants::Something && !holds {
            notes.add(code::RECEIVER, first, "a text that is never empty", "");
            is_sound = false;
        }
        let mut found = Vec::new();
        named(&nodes, "", &mut found);
        is_sound.then(|| found.into_iter().map(|(at, paths)| (first + at, paths)).collect())
    }
}
