//! The type of what may pass on.

use crate::edit::Edits;
use crate::span::Span;

/// A record after redaction: all that a template or an encoder ever gets to see.
///
/// The original's bytes are reached through the edits alone, and only this room makes one:
///
/// ```compile_fail
/// // A raw record is not a redacted one.
/// let raw: &[u8] = br#"{"email":"ana@example.org"}"#;
/// let mut out = Vec::new();
/// logweir::encode::ndjson(raw, &mut out);
/// ```
///
/// ```compile_fail
/// // And cannot be dressed up as one.
/// let redacted = logweir::Redacted { bytes: b"{}", span: Default::default(), edits: todo!(), len: 2, breaks: false };
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Redacted<'a> {
    bytes: &'a [u8],
    span: Span,
    edits: &'a Edits,
    len: usize,
    breaks: bool,
}

impl<'a> Redacted<'a> {
    pub(super) fn new(bytes: &'a [u8], span: Span, edits: &'a Edits, breaks: bool) -> Self {
        Redacted { bytes, span, edits, len: edits.spliced_len(span), breaks }
    }

    /// A record that nobody has rules for: where a room is used by itself, and what goes in belongs to the caller.
    pub(crate) fn without_rules(bytes: &'a [u8], span: Span, no_edits: &'a Edits, breaks: bool) -> Self {
        debug_assert!(no_edits.is_empty());
        Redacted::new(bytes, span, no_edits, breaks)
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Never: a record is a value, and a value has bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether no rule changed it: its bytes are the original's.
    pub fn is_unchanged(&self) -> bool {
        self.edits.is_empty()
    }

    /// Whether line breaks stand between its tokens (they never do inside its strings).
    pub fn has_breaks(&self) -> bool {
        self.breaks
    }

    /// Appends its bytes: valid JSON.
    pub fn append_to(&self, out: &mut Vec<u8>) {
        if self.edits.is_empty() {
            out.extend_from_slice(self.span.of(self.bytes));
        } else {
            self.edits.splice(self.bytes, self.span, out);
        }
    }
}
