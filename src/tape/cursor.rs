//! Reading a tape: one value, its members and elements.

use std::borrow::Cow;

use super::{Kind, Node, Tape, decode};

/// A value on a tape.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a> {
    text: &'a [u8],
    nodes: &'a [Node],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// The outermost value; none on an empty tape. `text` is the buffer that was walked.
    pub(crate) fn root(text: &'a [u8], tape: &'a Tape) -> Option<Cursor<'a>> {
        (!tape.nodes.is_empty()).then_some(Cursor { text, nodes: &tape.nodes, at: 0 })
    }

    /// The value of an entry on a tape; none where the tape has no such.
    pub(crate) fn on(text: &'a [u8], nodes: &'a [Node], index: u32) -> Option<Cursor<'a>> {
        nodes.get(index as usize)?;
        Some(Cursor { text, nodes, at: index as usize })
    }

    /// The entries of the tape that it is on.
    pub(crate) fn nodes(self) -> &'a [Node] {
        self.nodes
    }

    /// The buffer that was walked.
    pub(crate) fn buffer(self) -> &'a [u8] {
        self.text
    }

    /// The number of its entry on the tape.
    pub(crate) fn index(self) -> u32 {
        self.at as u32
    }

    /// The value of that entry; none where the tape has no such.
    pub(crate) fn go(self, index: u32) -> Option<Cursor<'a>> {
        Cursor::on(self.text, self.nodes, index)
    }

    pub(crate) fn node(self) -> &'a Node {
        &self.nodes[self.at]
    }

    pub(crate) fn kind(self) -> Kind {
        self.node().kind
    }

    /// The value's bytes, as they stand.
    pub(crate) fn raw(self) -> &'a [u8] {
        self.node().span().of(self.text)
    }

    /// What a string or key says; decoded only if it holds escapes. Of anything else, its bytes.
    #[inline(never)]
    pub(crate) fn text(self) -> Cow<'a, [u8]> {
        let inside = match self.plain() {
            (text, false) => return Cow::Borrowed(text),
            (inside, true) => inside,
        };
        let mut decoded = Vec::with_capacity(inside.len());
        decode(inside, &mut decoded);
        Cow::Owned(decoded)
    }

    /// The same as it stands, and whether it holds escapes.
    #[inline(always)]
    pub(crate) fn plain(self) -> (&'a [u8], bool) {
        let (node, raw) = (self.node(), self.raw());
        if !matches!(node.kind, Kind::String | Kind::Key) {
            return (raw, false);
        }
        let inside = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        (inside, node.escaped && inside.contains(&b'\\'))
    }

    /// Whether a string or key says that.
    pub(crate) fn says(self, text: &str) -> bool {
        let raw = self.raw();
        let inside = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        if self.node().escaped && inside.contains(&b'\\') {
            return *self.text() == *text.as_bytes();
        }
        inside == text.as_bytes()
    }

    /// The values directly below, each with its key in an object. Of a selective tape: those that were asked for.
    pub(crate) fn children(self) -> Children<'a> {
        Children { next: Cursor { at: self.at + 1, ..self }, end: self.node().next as usize }
    }

    /// The member of that name: the last, where there are several.
    #[inline(never)]
    pub(crate) fn member(self, name: &str) -> Option<Cursor<'a>> {
        let (mut at, end, mut found) = (self.at + 1, self.node().next as usize, None);
        while let Some([key, value, ..]) = self.nodes.get(at..end) {
            let is_key = key.kind == Kind::Key;
            let may_be = key.escaped || (key.end - key.start) as usize == name.len() + 2;
            if is_key && may_be && (Cursor { at, ..self }).says(name) {
                found = Some(Cursor { at: at + 1, ..self });
            }
            at = if is_key { value.next } else { key.next } as usize;
        }
        found
    }
}

/// The values directly below one.
#[derive(Clone, Debug)]
pub(crate) struct Children<'a> {
    next: Cursor<'a>,
    end: usize,
}

impl<'a> Iterator for Children<'a> {
    type Item = (Option<Cursor<'a>>, Cursor<'a>);

    #[inline(never)] // for what is read once: documents that somebody wrote
    fn next(&mut self) -> Option<Self::Item> {
        let first = self.next;
        if first.at >= self.end {
            return None;
        }
        let (key, value) = match first.kind() {
            Kind::Key => (Some(first), Cursor { at: first.at + 1, ..first }),
            _ => (None, first),
        };
        self.next.at = value.node().next as usize;
        Some((key, value))
    }
}
