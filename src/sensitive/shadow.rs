//! A text as it reads, beside the text as it stands: without what is invisible, in ASCII where a character is but a
//! form of one, percent-encoding undone; with the way back from every place of the one to the other.

mod forms;

use super::wrapped::octet;
use crate::span::Span;

/// What is found in a shadow is told in places of the text.
#[derive(Debug, Default)]
pub(super) struct Shadow {
    pub(super) text: Vec<u8>,
    /// Where the distance between both changes: the place in the shadow, and in the text.
    joints: Vec<(usize, usize)>,
    /// How long the text is.
    len: usize,
}

impl Shadow {
    fn begin(&mut self, len: usize) {
        self.text.clear();
        self.joints.clear();
        self.len = len;
    }

    /// Takes what stands at a place of the text.
    fn push(&mut self, at: usize, bytes: &[u8]) {
        let here = self.text.len();
        if self.joints.last().is_none_or(|(there, text)| here - there != at.wrapping_sub(*text)) {
            self.joints.push((here, at));
        }
        self.text.extend_from_slice(bytes);
    }

    /// Reads a text without its tricks; whether there are any.
    #[inline(never)]
    pub(super) fn fold(&mut self, text: &[u8]) -> bool {
        self.begin(text.len());
        let (mut at, mut tricks) = (0, false);
        for chunk in text.utf8_chunks() {
            let mut rest = chunk.valid();
            while !rest.is_empty() {
                let plain = rest.bytes().position(|byte| !is_plain(byte)).unwrap_or(rest.len());
                if plain > 0 {
                    let (bytes, behind) = rest.split_at(plain);
                    self.push(at, bytes.as_bytes());
                    (at, rest) = (at + plain, behind);
                }
                let mut characters = rest.chars();
                let Some(c) = characters.next() else { break };
                match forms::ascii(c) {
                    forms::Reads::Itself => self.push(at, &rest.as_bytes()[..c.len_utf8()]),
                    forms::Reads::As(ascii) => {
                        self.push(at, &[ascii]);
                        tricks = true;
                    }
                    forms::Reads::Nothing => tricks = true,
                }
                at += c.len_utf8();
                rest = characters.as_str();
            }
            if !chunk.invalid().is_empty() {
                self.push(at, chunk.invalid());
                at += chunk.invalid().len();
            }
        }
        tricks
    }

    /// Undoes percent-encoding (RFC 3986 §2.1) once; whether there is any.
    #[inline(never)]
    pub(super) fn unescape(&mut self, text: &[u8]) -> bool {
        self.begin(text.len());
        let mut at = 0;
        while let Some(plain) = text.get(at..) {
            let plain = plain.iter().position(|byte| *byte == b'%').unwrap_or(plain.len());
            if plain > 0 {
                self.push(at, &text[at..at + plain]);
                at += plain;
            }
            if at >= text.len() {
                break;
            }
            match octet(text, at) {
                Some(octet) => {
                    self.push(at, &[octet]);
                    at += 3;
                }
                None => {
                    self.push(at, b"%");
                    at += 1;
                }
            }
        }
        self.text.len() < text.len()
    }

    /// A place of the shadow in the text.
    fn place(&self, at: usize) -> usize {
        if at >= self.text.len() {
            return self.len;
        }
        let joint = self.joints.partition_point(|(here, _)| *here <= at).wrapping_sub(1);
        self.joints.get(joint).map_or(at, |(here, text)| text + (at - here))
    }

    /// A stretch of the shadow in the text, with what is invisible in it and at its end.
    pub(super) fn span(&self, span: Span) -> Span {
        Span { start: self.place(span.start), end: self.place(span.end) }
    }
}

/// Whether a text reads as it stands.
pub(super) fn is_plain_text(text: &[u8]) -> bool {
    text.iter().fold(true, |plain, byte| plain & is_plain(*byte))
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r')
}
