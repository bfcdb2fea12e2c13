//! Names to numbers: the members that a schema names, found by a key's bytes in the text.

/// A table of names. Open addressing, at most half full; names that crowd together are searched in order instead.
#[derive(Debug, Default)]
pub(super) struct Names {
    slots: Vec<Slot>,
    shift: u32,
    /// Ascending.
    names: Vec<Box<[u8]>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// The first eight bytes, zeros behind a shorter name.
    first: u64,
    len: u32,
    /// The name's number and one; 0 if the slot is free.
    name: u32,
}

/// Longest way through taken slots. There is no randomness to fall back on, so crowds are not hashed at all.
const LONGEST: usize = 16;

impl Names {
    /// A table of names that are unique and ascend: the number of a name is its place.
    pub(super) fn new(names: Vec<Box<[u8]>>) -> Names {
        let size = (names.len() * 3).next_power_of_two().max(4);
        let mut table = Names { slots: vec![Slot::default(); size], shift: 64 - size.trailing_zeros(), names };
        for i in 0..table.names.len() {
            let name = &table.names[i];
            let slot = Slot { first: head(name), len: name.len() as u32, name: i as u32 + 1 };
            let home = table.home(slot.first, name);
            let free = (0..LONGEST).map(|step| (home + step) & (size - 1)).find(|at| table.slots[*at].name == 0);
            match free {
                Some(at) => table.slots[at] = slot,
                None => {
                    table.slots.clear();
                    break;
                }
            }
        }
        table
    }

    /// The number of a name.
    #[inline(always)]
    pub(super) fn find(&self, name: &[u8]) -> Option<u32> {
        if self.slots.is_empty() {
            return self.search(name);
        }
        let first = head(name);
        let mut at = self.home(first, name);
        loop {
            let slot = self.slots.get(at)?;
            if slot.name == 0 {
                return None;
            }
            if slot.first == first && slot.len as usize == name.len() && (name.len() <= 8 || self.is(slot.name, name)) {
                return Some(slot.name - 1);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    pub(super) fn get(&self, number: u32) -> Option<&[u8]> {
        self.names.get(number as usize).map(|name| &**name)
    }

    #[inline(never)]
    fn is(&self, number: u32, name: &[u8]) -> bool {
        self.get(number - 1) == Some(name)
    }

    #[cold]
    #[inline(never)]
    fn search(&self, name: &[u8]) -> Option<u32> {
        self.names.binary_search_by(|known| (**known).cmp(name)).ok().map(|i| i as u32)
    }

    #[inline(always)]
    fn home(&self, first: u64, name: &[u8]) -> usize {
        const MIX: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut hash = first.wrapping_add(name.len() as u64).wrapping_mul(MIX);
        if let Some(last) = name.last_chunk::<8>() {
            hash = (hash ^ u64::from_le_bytes(*last)).wrapping_mul(MIX);
        }
        (hash >> self.shift) as usize
    }
}

/// The first eight bytes of a name, zeros behind a shorter one.
#[inline(always)]
fn head(name: &[u8]) -> u64 {
    if let Some(first) = name.first_chunk::<8>() {
        return u64::from_le_bytes(*first);
    }
    // At most seven: two overlapping halves, then what is left.
    let at = |i: usize| u64::from(name.get(i).copied().unwrap_or_default());
    if let (Some(low), Some(high)) = (name.first_chunk::<4>(), name.last_chunk::<4>()) {
        let high = u64::from(u32::from_le_bytes(*high)) << (8 * (name.len() - 4));
        return u64::from(u32::from_le_bytes(*low)) | high;
    }
    at(0) | at(1) << 8 | at(2) << 16
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::common::seed::config;

    proptest! {
        #![proptest_config(config(400))]

        #[test]
        fn every_name_is_found_and_no_other(names in proptest::collection::btree_set("[ab\\x00]{0,12}|property_[0-9]{5}", 0..300), others in proptest::collection::vec("[ab\\x00]{0,12}|property_[0-9]{5}", 20)) {
            let all: Vec<Box<[u8]>> = names.iter().map(|name| name.as_bytes().into()).collect();
            let table = Names::new(all);
            for (i, name) in names.iter().enumerate() {
                prop_assert_eq!(table.find(name.as_bytes()), Some(i as u32));
            }
            for other in others {
                prop_assert_eq!(table.find(other.as_bytes()).is_some(), names.contains(&other));
            }
        }
    }

    /// Names that all hash alike are found all the same.
    #[test]
    fn crowds_are_searched() {
        let names: BTreeSet<String> = (0..3000).map(|i| format!("12345678{i:05}12345678")).collect();
        let table = Names::new(names.iter().map(|name| name.as_bytes().into()).collect());
        assert!(table.slots.is_empty(), "they were to crowd");
        assert_eq!(table.find(b"123456780020012345678"), Some(200));
        assert_eq!(table.find(b"123456789999912345678"), None);
    }
}
