//! Keys to atoms: a table that answers for a key of the text without copying or decoding it.

/// The number of a key that the plan knows; [`OTHER`] for all that it does not.
pub(crate) type Atom = u16;
/// Any key that nobody asked for by name.
pub(crate) const OTHER: Atom = 0;

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    /// The first eight bytes.
    first: u64,
    /// The last eight, of a longer one.
    last: u64,
    len: u32,
    atom: Atom,
}

/// All known keys. Open addressing, at most a quarter full: an unknown key mostly meets an empty slot at once.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    slots: Vec<Slot>,
    shift: u32,
    names: Vec<Box<[u8]>>,
}

impl Keys {
    /// `names[i]` becomes atom `i + 1`. Names are unique and ascend.
    pub(crate) fn new(names: Vec<Box<[u8]>>) -> Keys {
        let size = (names.len() * 4).next_power_of_two().max(16);
        let mut keys = Keys { slots: vec![Slot::default(); size], shift: 64 - size.trailing_zeros(), names };
        for i in 0..keys.names.len() {
            // Such a name never stands in a text without escapes; only `find_text` can meet it.
            if keys.names[i].iter().any(|&b| b < 0x20 || b == b'"' || b == b'\\') {
                continue;
            }
            let mut padded = keys.names[i].to_vec();
            let len = padded.len();
            padded.extend([0; 8]);
            let first = head(&padded, 0, len);
            let last = tail(&padded, len);
            let mut at = keys.home(first, len);
            while keys.slots[at].atom != OTHER {
                at = (at + 1) % size;
            }
            keys.slots[at] = Slot { first, last, len: len as u32, atom: i as Atom + 1 };
        }
        keys
    }

    /// One of 64 bits for a key, by its first byte and its length: a state's keys, as a set of bits, rule most others out.
    #[inline(always)]
    pub(crate) fn bit(first: u8, len: usize) -> u64 {
        1 << (u32::from(first).wrapping_add(7 * len as u32) % 64)
    }

    /// The bit of an atom's key; all bits for one that never stands in a text without escapes.
    pub(crate) fn bit_of(&self, atom: Atom) -> u64 {
        let name = self.names.get((atom as usize).wrapping_sub(1));
        name.and_then(|name| Some(Keys::bit(*name.first()?, name.len()))).unwrap_or(u64::MAX)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The name of an atom.
    pub(crate) fn name(&self, atom: Atom) -> &[u8] {
        self.names.get(usize::from(atom).wrapping_sub(1)).map_or(b"", |name| name)
    }

    /// The atom of a decoded key.
    pub(crate) fn find_text(&self, key: &[u8]) -> Atom {
        self.names.binary_search_by(|name| (**name).cmp(key)).map_or(OTHER, |i| i as Atom + 1)
    }

    /// The atom of the key that stands in `text[start..end]` without escapes. At least 8 bytes follow in `text`.
    #[inline(always)]
    pub(crate) fn find(&self, text: &[u8], start: usize, end: usize) -> Atom {
        let len = end - start;
        let first = head(text, start, len);
        let mut at = self.home(first, len);
        loop {
            let Some(slot) = self.slots.get(at) else {
                return OTHER;
            };
            if slot.atom == OTHER {
                return OTHER;
            }
            if slot.first == first
                && slot.len as usize == len
                && (len <= 8 || slot.last == tail(text, end) && (len <= 16 || self.same(slot.atom, &text[start..end])))
            {
                return slot.atom;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    #[inline(never)]
    fn same(&self, atom: Atom, key: &[u8]) -> bool {
        self.names.get(atom as usize - 1).is_some_and(|name| **name == *key)
    }

    #[inline(always)]
    fn home(&self, first: u64, len: usize) -> usize {
        (first.wrapping_add(len as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift) as usize
    }
}

/// The first eight bytes of a key, zeros behind a shorter one.
#[inline(always)]
fn head(text: &[u8], start: usize, len: usize) -> u64 {
    let Some(bytes) = text.get(start..start + 8) else {
        return 0;
    };
    let unwanted = 64 - 8 * len.min(8) as u32; // 64 for no key at all: nothing is masked, and no name is empty
    u64::from_le_bytes(bytes.try_into().unwrap_or_default()) & u64::MAX.wrapping_shr(unwanted)
}

/// The last eight bytes of a key that has as many.
#[inline(always)]
fn tail(text: &[u8], end: usize) -> u64 {
    let bytes = end.checked_sub(8).and_then(|at| text.get(at..end)?.try_into().ok());
    bytes.map_or(0, u64::from_le_bytes)
}
