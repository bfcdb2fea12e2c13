//! Names that are looked for in texts.

/// A name, ready to be compared with the keys of a text.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    text: Box<[u8]>,
    ends: (u64, u64),
}

impl Name {
    pub(crate) fn new(name: &[u8]) -> Name {
        let mut padded = name.to_vec();
        padded.resize(name.len() + 8, 0);
        Name { text: name.into(), ends: ends(&padded, 0, name.len()) }
    }

    /// Its bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.text
    }

    /// Whether it is what stands in `text[start..end]`, behind which at least eight bytes follow.
    #[inline(always)]
    pub(crate) fn is_at(&self, text: &[u8], start: usize, end: usize) -> bool {
        end.wrapping_sub(start) == self.text.len()
            && ends(text, start, end) == self.ends
            && (self.text.len() <= 16 || text.get(start..end).is_some_and(|name| *name == *self.text))
    }
}

/// The first and the last eight bytes of a name; of one shorter than that, all and zeros behind.
#[inline(always)]
fn ends(text: &[u8], start: usize, end: usize) -> (u64, u64) {
    let eight = |at: usize| {
        let bytes = text.get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u64::from_le_bytes)
    };
    match end - start {
        0 => (0, 0),
        len @ 1..8 => (eight(start) & u64::MAX >> (64 - 8 * len), 0),
        _ => (eight(start), eight(end - 8)),
    }
}
