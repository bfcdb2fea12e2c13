//! Internationalised domain names (IDNA 2008, RFC 5890 to 5893): names as they are registered, without the mappings
//! that a browser applies before it looks one up. The tables are Unicode 17's.

mod label;
mod punycode;
#[rustfmt::skip]
mod tables;
#[cfg(test)]
mod tests;
mod unicode;

use label::Label;

/// Octets of a name in ASCII, and of a label.
const MAX_NAME: usize = 253;
const MAX_LABEL: usize = 63;

/// What ends a label (RFC 3490 §3.1).
const DOTS: [char; 4] = ['.', '\u{3002}', '\u{FF0E}', '\u{FF61}'];

/// Whether all labels are valid, in a name of valid length. Where one is written from right to left, all have to keep
/// the Bidi rule (RFC 5893 §1.4).
pub(super) fn is_name(text: &str) -> bool {
    let mut octets = 0;
    let mut bidi = false;
    let valid = every_label(text, &mut |text| {
        let Some(label) = Label::read(text) else { return false };
        octets += label.octets() + 1;
        bidi |= label.goes_from_right_to_left();
        octets <= MAX_NAME + 1
    });
    valid && (!bidi || every_label(text, &mut |text| Label::read(text).is_some_and(|label| label.keeps_bidi_rule())))
}

/// As a function of its own, the code is there once.
fn every_label(text: &str, check: &mut dyn FnMut(&str) -> bool) -> bool {
    text.split(DOTS).all(check)
}

/// Code points, of a label or of what it is made of.
struct Points {
    buffer: [u32; Points::MAX],
    length: usize,
}

impl Points {
    /// A label has no more code points than octets in its ASCII form, and each decomposes into four at most.
    const MAX: usize = 4 * MAX_LABEL;

    fn new() -> Points {
        Points { buffer: [0; Points::MAX], length: 0 }
    }

    fn push(&mut self, point: u32) -> Option<()> {
        self.insert(self.length, point)
    }

    /// None where there is no room, or no such place.
    fn insert(&mut self, at: usize, point: u32) -> Option<()> {
        if self.length == Points::MAX || at > self.length {
            return None;
        }
        self.buffer.copy_within(at..self.length, at + 1);
        *self.buffer.get_mut(at)? = point;
        self.length += 1;
        Some(())
    }

    fn get(&self) -> &[u32] {
        self.buffer.get(..self.length).unwrap_or_default()
    }

    fn get_mut(&mut self) -> &mut [u32] {
        self.buffer.get_mut(..self.length).unwrap_or_default()
    }
}
