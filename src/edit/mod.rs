//! Changes to a text as a list, and one splice that applies them. What no edit names keeps its bytes.

mod join;
mod lift;
#[cfg(test)]
mod tests;

pub(crate) use join::join_lines;
pub(crate) use lift::{lift, written_at};

use crate::span::Span;

/// One change: the bytes of `span` become `text`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Edit {
    span: Span,
    text: Span,
}

/// Changes to one text: in its order, never overlapping.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    list: Vec<Edit>,
    texts: Vec<u8>,
}

impl Edits {
    pub(crate) fn clear(&mut self) {
        self.list.clear();
        self.texts.clear();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many bytes the changes put in.
    pub(crate) fn added(&self) -> usize {
        self.texts.len()
    }

    /// Where the last change ends.
    fn done(&self) -> usize {
        self.list.last().map_or(0, |edit| edit.span.end)
    }

    /// Replaces `span`, which lies behind all earlier changes.
    pub(crate) fn replace(&mut self, span: Span, text: &[u8]) {
        self.replace_with(span, |out| out.extend_from_slice(text));
    }

    /// Replaces `span` by what `write` appends.
    pub(crate) fn replace_with(&mut self, span: Span, write: impl FnOnce(&mut Vec<u8>)) {
        debug_assert!(self.done() <= span.start && span.start <= span.end, "edits out of order");
        let start = self.texts.len();
        write(&mut self.texts);
        self.list.push(Edit { span, text: Span { start, end: self.texts.len() } });
    }

    /// Adds changes to a text that begins at a place of this one, all behind earlier changes.
    pub(crate) fn append(&mut self, inner: &Edits, start: usize) {
        for (span, text) in inner.iter() {
            self.replace(Span { start: start + span.start, end: start + span.end }, text);
        }
    }

    /// Removes a member (from its key to its value's end) or an element of a valid document, and one comma with it:
    /// the one before, where it still stands, else the one behind.
    pub(crate) fn remove(&mut self, text: &[u8], entry: Span) {
        let before = text[..entry.start].trim_ascii_end();
        let comma = before.len().wrapping_sub(1);
        if before.last() == Some(&b',') && comma >= self.done() {
            return self.replace(Span { start: comma, end: entry.end }, b"");
        }
        let behind = text[entry.end..].trim_ascii_start();
        let mut end = entry.end;
        if behind.first() == Some(&b',') {
            end = text.len() - behind[1..].trim_ascii_start().len();
        }
        self.replace(Span { start: entry.start, end }, b"");
    }

    /// Length of `span` after the changes in it.
    pub(crate) fn spliced_len(&self, span: Span) -> usize {
        self.list.iter().fold(span.len(), |len, edit| len - edit.span.len() + edit.text.len())
    }

    /// Appends the bytes of `text` in `span`, changed. Without changes it is a copy.
    pub(crate) fn splice(&self, text: &[u8], span: Span, out: &mut Vec<u8>) {
        let mut at = span.start;
        for edit in &self.list {
            out.extend_from_slice(&text[at..edit.span.start]);
            out.extend_from_slice(edit.text.of(&self.texts));
            at = edit.span.end;
        }
        out.extend_from_slice(&text[at..span.end]);
    }

    /// Each change: where it was, and how long its replacement is.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Span, &[u8])> {
        self.list.iter().map(|edit| (edit.span, edit.text.of(&self.texts)))
    }
}
