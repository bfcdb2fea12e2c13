//! Internationalised domain names (IDNA 2008, RFC 5890 to 5893): names as they are registered, without the mappings
//! that a browser applies before it looks one up. The tables are Unicode 17's.

mod label;
mod punycode;
#[rustfmt::skip]
mod tables;
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
    for part in text.split(DOTS) {
        let Some(label) = Label::read(part) else { return false };
        octets += label.octets + 1;
        if octets > MAX_NAME + 1 {
            return false;
        }
        bidi |= label.goes_from_right_to_left();
    }
    !bidi || text.split(DOTS).filter_map(Label::read).all(|label| label.keeps_bidi_rule())
}

/// The code points of a label; there are never more of them than there are octets in its ASCII form.
struct Points<const MAX: usize> {
    buffer: [u32; MAX],
    length: usize,
}

impl<const MAX: usize> Points<MAX> {
    fn new() -> Self {
        Points { buffer: [0; MAX], length: 0 }
    }

    fn of(points: impl Iterator<Item = u32>) -> Option<Self> {
        let mut list = Points::new();
        for point in points {
            list.insert(list.length, point)?;
        }
        Some(list)
    }

    /// None where there is no room, or no such place.
    fn insert(&mut self, at: usize, point: u32) -> Option<()> {
        self.buffer.get_mut(at..=self.length)?.rotate_right(1);
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
