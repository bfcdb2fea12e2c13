//! base64 and base64url (RFC 4648 §4 and §5).

use super::bytes::{STD64, URL64, is};

/// Appends what the text says; false where it says nothing: a character of neither alphabet, or a single one left over.
/// Both alphabets may be mixed, padding may be missing; bits left over are not looked at.
#[inline(never)]
pub(crate) fn decode(text: &[u8], out: &mut Vec<u8>) -> bool {
    let padding = text.iter().rev().take(2).take_while(|byte| **byte == b'=').count();
    let mut letters = Letters::default();
    letters.take(&text[..text.len() - padding], out) && !letters.has_one()
}

/// Letters that were read, whose bits are no whole byte yet.
#[derive(Default)]
pub(super) struct Letters {
    bits: u32,
    held: u32,
}

impl Letters {
    /// Appends what more letters say; false at a character of neither alphabet.
    #[inline(never)]
    pub(super) fn take(&mut self, letters: &[u8], out: &mut Vec<u8>) -> bool {
        for &letter in letters {
            let Some(value) = value(letter) else { return false };
            self.bits = self.bits << 6 | u32::from(value);
            self.held += 6;
            if self.held >= 8 {
                self.held -= 8;
                out.push((self.bits >> self.held) as u8);
            }
        }
        true
    }

    /// Whether a single letter is left over.
    pub(super) fn has_one(&self) -> bool {
        self.held == 6
    }
}

/// The six bits that a letter of either alphabet stands for.
#[inline(always)]
pub(super) fn value(letter: u8) -> Option<u8> {
    Some(VALUES[usize::from(letter)]).filter(|value| *value < 64)
}

const VALUES: [u8; 256] = {
    let mut values = [64; 256];
    let mut letter = 0;
    while letter < 256 {
        values[letter] = match letter as u8 {
            byte @ b'A'..=b'Z' => byte - b'A',
            byte @ b'a'..=b'z' => byte - b'a' + 26,
            byte @ b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => 64,
        };
        letter += 1;
    }
    values
};

/// How a text was written in base64, so that another can be written alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Alphabet {
    /// `-` and `_` instead of `+` and `/`.
    pub(crate) url: bool,
    /// `=` at the end where the length wants it.
    pub(crate) padded: bool,
}

impl Alphabet {
    /// That of a text; where nothing tells, base64 with padding if it has some or would want none.
    pub(crate) fn of(text: &[u8]) -> Alphabet {
        let std = text.iter().all(|byte| is(*byte, STD64) || *byte == b'=');
        let url = !std || text.iter().all(|byte| is(*byte, URL64)) && !text.len().is_multiple_of(4);
        Alphabet { url, padded: text.len().is_multiple_of(4) }
    }

    /// Appends bytes in it.
    #[inline(never)]
    pub(crate) fn encode(self, bytes: &[u8], out: &mut Vec<u8>) {
        for three in bytes.chunks(3) {
            let bits = three.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
            for place in 0..4 {
                let value = (bits >> (18 - 6 * place) & 63) as u8;
                out.push(match value {
                    _ if place > three.len() && self.padded => b'=',
                    _ if place > three.len() => break,
                    0..=25 => b'A' + value,
                    26..=51 => b'a' + value - 26,
                    52..=61 => b'0' + value - 52,
                    62 => {
                        if self.url {
                            b'-'
                        } else {
                            b'+'
                        }
                    }
                    _ => {
                        if self.url {
                            b'_'
                        } else {
                            b'/'
                        }
                    }
                });
            }
        }
    }
}
