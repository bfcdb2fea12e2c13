//! Changes to a document inside a string, lifted to changes of the text that the string stands in.

use super::Edits;
use crate::span::Span;
use crate::tape::{Unescaped, escape_into, unescape};

/// Lifts `inner`, changes to the decoded text of the string whose inside stands at `inside` in `text`, into `outer`.
///
/// Escapes outside the changes stay as they were; the replacements are escaped once more.
pub(crate) fn lift(inner: &Edits, text: &[u8], inside: Span, outer: &mut Edits) {
    let mut map = Offsets { raw: inside.of(text), at: 0, decoded: 0 };
    for (span, replacement) in inner.iter() {
        let start = inside.start + map.raw_of(span.start);
        let end = inside.start + map.raw_of(span.end);
        outer.replace_with(Span { start, end }, |out| escape_into(replacement, out));
    }
}

/// Where in the inside of a string a byte of what it says is written.
pub(crate) fn written_at(raw: &[u8], decoded: usize) -> usize {
    Offsets { raw, at: 0, decoded: 0 }.raw_of(decoded)
}

/// Walks the raw and the decoded form of a string side by side.
struct Offsets<'a> {
    raw: &'a [u8],
    at: usize,
    decoded: usize,
}

impl Offsets<'_> {
    /// The raw place of a decoded one, which is not before the last one asked for and not inside a character.
    fn raw_of(&mut self, decoded: usize) -> usize {
        while self.decoded < decoded && self.at < self.raw.len() {
            let rest = &self.raw[self.at..];
            let rest = &rest[..rest.len().min(decoded - self.decoded)];
            let plain = rest.iter().position(|&b| b == b'\\').unwrap_or(rest.len());
            self.at += plain;
            self.decoded += plain;
            if self.decoded < decoded {
                let (len, said) = unescape(&self.raw[self.at..]);
                self.at += len;
                self.decoded += match said {
                    Unescaped::Char(c) => c.len_utf8(),
                    Unescaped::AsIs => len,
                };
            }
        }
        self.at
    }
}
