//! Names that are looked for in texts.

/// A name, ready to be compared with the keys of a text.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    text: Box<[u8]>,
    /// The first and the last eight bytes; of a shorter name, all of it twice.
    ends: (u64, u64),
    /// The bytes of those that count.
    mask: u64,
    /// What both are read from: its length, but at least eight.
    window: usize,
}

impl Name {
    pub(crate) fn new(name: &[u8]) -> Name {
        let mut padded = name.to_vec();
        padded.resize(name.len().max(8), 0);
        let mask = u64::MAX.checked_shr(64 - 8 * name.len().min(8) as u32).unwrap_or(0);
        Name { text: name.into(), ends: ends(&padded).unwrap_or_default(), mask, window: padded.len() }
    }

    /// Its bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.text
    }

    /// Whether it is what stands in `text[start..end]`, behind which at least eight bytes follow.
    #[inline(always)]
    pub(crate) fn is_at(&self, text: &[u8], start: usize, end: usize) -> bool {
        text.get(start..).is_some_and(|text| self.begins(text, end.wrapping_sub(start)))
    }

    /// Whether it is the first `length` bytes of a text, behind which at least eight bytes follow.
    #[inline(always)]
    pub(crate) fn begins(&self, text: &[u8], length: usize) -> bool {
        if length != self.text.len() {
            return false;
        }
        let Some((first, last)) = text.get(..self.window).and_then(ends) else { return false };
        (first ^ self.ends.0 | last ^ self.ends.1) & self.mask == 0 && (length <= 16 || text.starts_with(&self.text))
    }
}

/// The first and the last eight bytes.
#[inline(always)]
fn ends(window: &[u8]) -> Option<(u64, u64)> {
    Some((u64::from_le_bytes(*window.first_chunk()?), u64::from_le_bytes(*window.last_chunk()?)))
}
