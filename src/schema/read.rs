//! What keywords read their values with; what is wrong with them is noted where they stand.

use super::code;
use super::compile::{Builder, Compiler};
use super::node::NodeId;
use crate::document::{start, text};
use crate::tape::{Cursor, Kind, number};

impl<'a> Compiler<'a> {
    /// The schema that a value is.
    pub(super) fn schema(&mut self, builder: &Builder, value: Cursor<'a>) -> NodeId {
        self.node(builder.document, value)
    }

    /// The schemas in an array that must not be empty.
    #[inline(never)]
    pub(super) fn schemas(&mut self, builder: &Builder, value: Cursor<'a>) -> Vec<NodeId> {
        if value.kind() != Kind::Array || value.children().next().is_none() {
            self.wrong(builder, value, "a non-empty array of schemas");
            return Vec::new();
        }
        value.children().map(|(_, element)| self.node(builder.document, element)).collect()
    }

    /// The members of an object, each with its name as the schema writes it; of equal names the last.
    #[inline(never)]
    pub(super) fn members(&mut self, builder: &Builder, value: Cursor<'a>, of: &str) -> Vec<(Cursor<'a>, Cursor<'a>)> {
        if value.kind() != Kind::Object {
            self.wrong(builder, value, of);
            return Vec::new();
        }
        let mut members: Vec<_> = value.children().filter_map(|(key, member)| Some((key?, member))).collect();
        members.sort_by(|(a, _), (b, _)| a.text().cmp(&b.text())); // stable: the last of equals stays last
        for pair in members.windows(2) {
            if pair[0].0.text() == pair[1].0.text() {
                self.warn(builder.document, pair[1].0, code::REPEATED, "each name once; the last one counts");
            }
        }
        members.dedup_by(|next, first| {
            let same = next.0.text() == first.0.text();
            if same {
                *first = *next;
            }
            same
        });
        members
    }

    /// The names in an array of strings without repetition: text, and where it stands.
    #[inline(never)]
    pub(super) fn strings(&mut self, builder: &Builder, value: Cursor<'a>) -> Vec<(Box<[u8]>, u32)> {
        let elements: Vec<Cursor<'a>> = value.children().map(|(_, element)| element).collect();
        if value.kind() != Kind::Array || elements.iter().any(|element| element.kind() != Kind::String) {
            self.wrong(builder, value, "an array of strings");
            return Vec::new();
        }
        let mut names: Vec<(Box<[u8]>, u32)> = elements.iter().map(|e| (e.text().into(), e.index())).collect();
        names.sort_by(|a, b| a.0.cmp(&b.0));
        for pair in names.windows(2) {
            if pair[0].0 == pair[1].0
                && let Some(value) = self.registry.cursor(builder.document, pair[1].1)
            {
                self.wrong(builder, value, "each name once");
            }
        }
        names.dedup_by(|next, first| next.0 == first.0);
        self.names.extend(names.iter().map(|(name, _)| name.clone()));
        names
    }

    /// A whole number that is not negative.
    #[inline(never)]
    pub(super) fn count(&mut self, builder: &Builder, value: Cursor<'a>) -> Option<u64> {
        let count = (value.kind() == Kind::Number).then(|| number::count(value.raw())).flatten();
        if count.is_none() {
            self.wrong(builder, value, "a whole number from 0");
        }
        count
    }

    #[inline(never)]
    pub(super) fn text(&mut self, builder: &Builder, value: Cursor<'a>, of: &str) -> Option<String> {
        let text = text(value);
        if text.is_none() {
            self.wrong(builder, value, of);
        }
        text
    }

    /// Notes that a keyword's value is not what it must be.
    #[cold]
    #[inline(never)]
    pub(super) fn wrong(&mut self, builder: &Builder, value: Cursor<'a>, expected: &str) {
        self.note(builder.document, value, code::VALUE, expected, None);
    }

    #[cold]
    #[inline(never)]
    pub(super) fn note(
        &mut self,
        document: u32,
        at: Cursor<'a>,
        code: &'static str,
        expected: &str,
        help: Option<String>,
    ) {
        if let Some(notes) = self.notes.get_mut(document as usize) {
            notes.add_at(code, at, expected, help);
        }
    }

    /// Notes a problem inside a string, at a byte of what it says, where its escapes allow to tell.
    #[cold]
    #[inline(never)]
    pub(super) fn note_inside(
        &mut self,
        builder: &Builder,
        value: Cursor<'a>,
        at: usize,
        code: &'static str,
        expected: &str,
    ) {
        let plain = value.raw().len() == value.text().len() + 2;
        let at = start(value) + if plain { 1 + at } else { 0 };
        if let Some(notes) = self.notes.get_mut(builder.document as usize) {
            notes.add(code, at, expected, None);
        }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn warn(&mut self, document: u32, at: Cursor<'a>, code: &'static str, expected: &str) {
        self.warn_with(document, at, code, expected, None);
    }

    #[cold]
    #[inline(never)]
    pub(super) fn warn_with(
        &mut self,
        document: u32,
        at: Cursor<'a>,
        code: &'static str,
        expected: &str,
        help: Option<String>,
    ) {
        if let Some(notes) = self.notes.get_mut(document as usize) {
            notes.warn_at(code, at, expected, help);
        }
    }
}
