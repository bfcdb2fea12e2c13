//! Texts to numbers: what a schema tells (names of members, values of `enum`), found by a key's bytes in the text.

/// A table of texts. Open addressing, at most a third full; texts that crowd together are searched in order instead.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Numbers and one; 0 where a slot is free.
    pub(super) slots: Vec<u32>,
    shift: u32,
    heads: Vec<Head>,
    /// The texts, ascending, one behind the other; and where each ends.
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

/// What tells a name from most others; all, if it has up to 16 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Head {
    /// The first eight bytes, zeros behind a shorter name.
    first: u64,
    /// The last eight bytes; of a shorter name the first.
    last: u64,
    len: usize,
}

/// A name to be found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key<'k> {
    name: &'k [u8],
    head: Head,
}

/// Longest way through taken slots. There is no randomness to fall back on, so crowds are not hashed at all.
const LONGEST: usize = 16;

impl<'k> Key<'k> {
    pub(super) fn new(name: &'k [u8]) -> Key<'k> {
        let mut first = [0; 8];
        let len = name.len().min(8);
        first[..len].copy_from_slice(&name[..len]);
        Key::with_first(name, u64::from_le_bytes(first))
    }

    /// The name at `text[start..end]`. Quickest where eight bytes follow its start.
    #[inline(always)]
    pub(super) fn at(text: &'k [u8], start: usize, end: usize) -> Key<'k> {
        let name = text.get(start..end).unwrap_or_default();
        match text.get(start..start + 8) {
            Some(first) if !name.is_empty() => {
                let unwanted = 64 - 8 * name.len().min(8) as u32;
                let first = u64::from_le_bytes(first.try_into().unwrap_or_default());
                Key::with_first(name, first & u64::MAX >> unwanted)
            }
            _ => Key::new(name),
        }
    }

    #[inline(always)]
    fn with_first(name: &'k [u8], first: u64) -> Key<'k> {
        let last = name.last_chunk().map_or(first, |last| u64::from_le_bytes(*last));
        Key { name, head: Head { first, last, len: name.len() } }
    }

    pub(super) fn bit(&self) -> u64 {
        bit(self.head.first as u8, self.head.len)
    }
}

/// A key to be recognised where it stands in a text: a name, the quote and the colon behind it.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    /// The first sixteen bytes, zeros behind a shorter key.
    head: [u64; 2],
    /// Which of them count.
    mask: [u64; 2],
    /// The last sixteen of a longer one.
    tail: [u64; 2],
    len: usize,
    /// The number of the name.
    pub(super) name: u32,
}

impl Spot {
    /// A name that needs escapes never stands in a text as it is, so it is found nowhere.
    pub(super) fn new(names: &Names, name: u32) -> Spot {
        let mut key = names.text(name).to_vec();
        let plain = !key.iter().any(|&b| b < 0x20 || b == b'"' || b == b'\\');
        if !plain {
            // A head beyond the mask.
            return Spot { head: [1; 2], mask: [0; 2], tail: [0; 2], len: 0, name };
        }
        key.extend(b"\":");
        let (mut head, mut mask) = ([0; 16], [0; 16]);
        for ((byte, bits), of_key) in head.iter_mut().zip(&mut mask).zip(&key) {
            (*byte, *bits) = (*of_key, 0xFF);
        }
        let tail = key.last_chunk().unwrap_or(&head);
        Spot { head: halves(&head), mask: halves(&mask), tail: halves(tail), len: key.len(), name }
    }

    /// Whether the key stands in the text from `start` on, without white space before its colon: one behind the colon.
    /// No, too, where fewer than sixteen bytes follow.
    #[inline(always)]
    pub(super) fn is_at(&self, names: &Names, text: &[u8], start: usize) -> Option<usize> {
        let [first, second] = halves(text.get(start..start + 16)?.first_chunk()?);
        if first & self.mask[0] != self.head[0] || second & self.mask[1] != self.head[1] {
            return None;
        }
        let end = start + self.len;
        if self.len > 16 {
            let is_tail = halves(text.get(end - 16..end)?.first_chunk()?) == self.tail;
            if !is_tail || (self.len > 32 && !names.is_text(self.name, text.get(start..end - 2))) {
                return None;
            }
        }
        Some(end)
    }
}

#[inline(always)]
fn halves(bytes: &[u8; 16]) -> [u64; 2] {
    let both = u128::from_le_bytes(*bytes);
    [both as u64, (both >> 64) as u64]
}

/// One of 64 bits for a name, by its first byte (0 if it is empty) and its length.
#[inline(always)]
fn bit(first: u8, len: usize) -> u64 {
    1 << (usize::from(first).wrapping_add(7 * len) % 64)
}

/// Whether `text[start..end]`, which holds no escape, may be a name of those whose bits these are.
#[inline(always)]
pub(super) fn may_be(bits: u64, text: &[u8], start: usize, end: usize) -> bool {
    let first = text.get(start).copied().unwrap_or_default();
    start == end || bits & bit(first, end.wrapping_sub(start)) != 0
}

impl Names {
    /// Adds a text above all others, as the next number; it is found once [`Names::close`] was called.
    pub(super) fn add(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
        self.heads.push(Key::new(text).head);
    }

    pub(super) fn close(&mut self) {
        let size = (self.heads.len() * 3).next_power_of_two().max(4);
        self.shift = 64 - size.trailing_zeros();
        self.slots = vec![0; size];
        for (head, number) in self.heads.iter().zip(1..) {
            let (mut at, mut steps) = (self.home(head), 0);
            while let Some(slot) = self.slots.get_mut(at) {
                if *slot == 0 {
                    *slot = number;
                    break;
                }
                (at, steps) = ((at + 1) & (size - 1), steps + 1);
                if steps == LONGEST {
                    self.slots.clear();
                }
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.heads.len()
    }

    pub(super) fn text(&self, number: u32) -> &[u8] {
        let ends = |number: u32| self.ends.get(number as usize).map_or(0, |end| *end);
        let start = number.checked_sub(1).map_or(0, ends);
        self.bytes.get(start..ends(number)).unwrap_or_default()
    }

    /// The number of a text.
    #[inline(never)]
    pub(super) fn find(&self, key: &Key<'_>) -> Option<u32> {
        if self.slots.is_empty() {
            return self.search(key.name);
        }
        let mut at = self.home(&key.head);
        loop {
            let number = self.slots.get(at)?.checked_sub(1)?;
            if self.heads.get(number as usize) == Some(&key.head)
                && (key.head.len <= 16 || self.is_text(number, Some(key.name)))
            {
                return Some(number);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    #[cold]
    fn search(&self, text: &[u8]) -> Option<u32> {
        let (mut from, mut to) = (0, self.ends.len() as u32);
        while from < to {
            let middle = from.midpoint(to);
            if self.text(middle) < text {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        self.is_text(from, Some(text)).then_some(from)
    }

    #[inline(never)]
    fn is_text(&self, number: u32, text: Option<&[u8]>) -> bool {
        (number as usize) < self.len() && text == Some(self.text(number))
    }

    #[inline(always)]
    fn home(&self, head: &Head) -> usize {
        const MIX: u64 = 0x9E37_79B9_7F4A_7C15;
        let hash = (head.first.wrapping_add(head.len as u64).wrapping_mul(MIX) ^ head.last).wrapping_mul(MIX);
        (hash >> self.shift) as usize
    }
}
