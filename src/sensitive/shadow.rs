//! A text as it reads, beside the text as it stands: without what is invisible, in ASCII where a character is but a
//! form of one, percent-encoding undone; with the way back from every place of the one to the other.

mod forms;

use super::bytes::character;
use super::wrapped::octet;
use crate::span::Span;
use crate::tape::number;

/// What is found in a shadow is told in places of the text.
#[derive(Debug, Default)]
pub(crate) struct Shadow {
    pub(crate) text: Vec<u8>,
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
        if bytes.is_empty() {
            return;
        }
        let here = self.text.len();
        if self.joints.last().is_none_or(|(there, text)| here - there != at.wrapping_sub(*text)) {
            self.joints.push((here, at));
        }
        self.text.extend_from_slice(bytes);
    }

    /// Reads a text without its tricks; false if there are none.
    #[inline(never)]
    pub(crate) fn fold(&mut self, text: &[u8]) -> bool {
        self.begin(text.len());
        let (mut done, mut at) = (0, 0);
        loop {
            let rest = text.get(at..).unwrap_or_default();
            at += rest.iter().position(|byte| !is_plain(*byte)).unwrap_or(rest.len());
            // What is no character is itself.
            let Some((c, len)) = character(text, at) else {
                if at >= text.len() {
                    break;
                }
                at += 1;
                continue;
            };
            let reads = forms::ascii(c);
            if reads != forms::Reads::Itself {
                self.push(done, text.get(done..at).unwrap_or_default());
                if let forms::Reads::As(ascii) = reads {
                    self.push(at, &[ascii]);
                }
                done = at + len;
            }
            at += len;
        }
        if done > 0 {
            self.push(done, text.get(done..).unwrap_or_default());
        }
        done > 0
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

    /// Takes the digits of a JSON number with an exponent: `4.1e3` reads as `4100`. False if it has none, or is no whole
    /// number below 2^64.
    #[inline(never)]
    pub(super) fn write_out(&mut self, number: &[u8]) -> bool {
        let has_exponent = number.iter().any(|byte| byte | 0x20 == b'e');
        let Some(mut value) = Some(number).filter(|_| has_exponent).and_then(number::count) else { return false };
        self.begin(number.len());
        while value > 0 {
            self.text.push(b'0' + (value % 10) as u8);
            value /= 10;
        }
        self.text.reverse();
        true
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
    pub(crate) fn span(&self, span: Span) -> Span {
        Span { start: self.place(span.start), end: self.place(span.end) }
    }
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r')
}
