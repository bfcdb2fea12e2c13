//! Names to numbers: the members that a schema names, found by a key's bytes in the text.

/// A table of names. Open addressing, at most a third full; names that crowd together are searched in order instead.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Numbers and one; 0 where a slot is free.
    pub(super) slots: Vec<u32>,
    shift: u32,
    /// [`bit`] of every name: most others are ruled out by it.
    bits: u64,
    heads: Vec<Head>,
    /// Ascending.
    names: Vec<Box<[u8]>>,
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

    fn bit(&self) -> u64 {
        bit(self.head.first as u8, self.head.len)
    }
}

/// A name to be recognised where it stands in a text.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    /// The first sixteen bytes, zeros behind a shorter name.
    bytes: [u64; 2],
    /// Which of them count.
    mask: [u64; 2],
    len: usize,
    name: Box<[u8]>,
}

impl Spot {
    /// A name that needs escapes never stands in a text as it is, so it is found nowhere.
    pub(super) fn new(name: &[u8]) -> Spot {
        let plain = !name.iter().any(|&b| b < 0x20 || b == b'"' || b == b'\\');
        let len = if plain { name.len() } else { usize::MAX };
        let (mut bytes, mut mask) = ([0; 16], [0; 16]);
        for ((byte, bits), of_name) in bytes.iter_mut().zip(&mut mask).zip(name) {
            (*byte, *bits) = (*of_name, 0xFF);
        }
        Spot { bytes: halves(&bytes), mask: halves(&mask), len, name: name.into() }
    }

    /// Whether `text[start..end]` is the name. No, too, where fewer than sixteen bytes follow its start.
    #[inline(always)]
    pub(super) fn is_at(&self, text: &[u8], start: usize, end: usize) -> bool {
        let Some(bytes) = text.get(start..).and_then(|rest| rest.first_chunk()) else { return false };
        let [first, second] = halves(bytes);
        let differ = (first ^ self.bytes[0]) & self.mask[0] | (second ^ self.bytes[1]) & self.mask[1];
        let len = end.wrapping_sub(start);
        differ == 0 && len == self.len && (len <= 16 || self.is_long(text, start, end))
    }

    #[inline(never)]
    fn is_long(&self, text: &[u8], start: usize, end: usize) -> bool {
        text.get(start..end) == Some(&self.name)
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

impl Names {
    /// A table of names that are unique and ascend: the number of a name is its place.
    pub(super) fn new(names: Vec<Box<[u8]>>) -> Names {
        let size = (names.len() * 3).next_power_of_two().max(4);
        let mut table = Names { slots: vec![0; size], shift: 64 - size.trailing_zeros(), ..Names::default() };
        for (name, number) in names.iter().zip(1..) {
            let key = Key::new(name);
            table.bits |= key.bit();
            table.heads.push(key.head);
            if table.slots.is_empty() {
                continue;
            }
            let home = table.home(&key);
            let free = (0..LONGEST).map(|step| (home + step) & (size - 1)).find(|at| table.slots[*at] == 0);
            match free {
                Some(at) => table.slots[at] = number,
                None => table.slots.clear(),
            }
        }
        table.names = names;
        table
    }

    /// Whether `text[start..end]`, which holds no escape, may be one of the names.
    #[inline(always)]
    pub(super) fn may_hold(&self, text: &[u8], start: usize, end: usize) -> bool {
        let first = text.get(start).copied().unwrap_or_default();
        start == end || self.bits & bit(first, end.wrapping_sub(start)) != 0
    }

    /// Whether a key is the name of that number.
    #[inline(always)]
    pub(super) fn is(&self, number: u32, key: &Key<'_>) -> bool {
        self.heads.get(number as usize) == Some(&key.head) && (key.head.len <= 16 || self.is_long(number, key))
    }

    /// The number of a name.
    #[inline(always)]
    pub(super) fn find(&self, key: &Key<'_>) -> Option<u32> {
        if self.bits & key.bit() == 0 { None } else { self.look_up(key) }
    }

    #[inline(never)]
    fn look_up(&self, key: &Key<'_>) -> Option<u32> {
        if self.slots.is_empty() {
            return self.names.binary_search_by(|known| (**known).cmp(key.name)).ok().map(|number| number as u32);
        }
        let mut at = self.home(key);
        loop {
            let number = self.slots.get(at)?.checked_sub(1)?;
            if self.is(number, key) {
                return Some(number);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    #[inline(never)]
    fn is_long(&self, number: u32, key: &Key<'_>) -> bool {
        self.names.get(number as usize).is_some_and(|name| **name == *key.name)
    }

    #[inline(always)]
    fn home(&self, key: &Key<'_>) -> usize {
        const MIX: u64 = 0x9E37_79B9_7F4A_7C15;
        let Head { first, last, len } = key.head;
        let hash = (first.wrapping_add(len as u64).wrapping_mul(MIX) ^ last).wrapping_mul(MIX);
        (hash >> self.shift) as usize
    }
}
