//! Keys that were met, and what was found out about them: few keys are new.

use super::key::{Keys, Known};

/// What was found out about keys, for the next time.
#[derive(Debug, Default)]
pub(super) struct Seen {
    slots: Vec<Slot>,
    /// Of each slot, its key if that is longer than its print tells.
    rest: Vec<Vec<u8>>,
    /// All that is known of any key; nothing comes first.
    known: Vec<Known>,
}

/// A key; small, as many slots are looked at.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    print: Print,
    /// What is known of it, by its place.
    known: u32,
}

/// A key's first and last eight bytes and its length, which are all of it up to 16 bytes.
type Print = (u64, u64, u32);

impl Seen {
    const SLOTS: usize = 1024;
    /// Keys longer than this are looked at each time.
    const LONGEST: usize = 64;

    /// What is known of a key, by its text; none where there is nothing to know.
    #[inline(always)]
    pub(super) fn know(
        &mut self,
        keys: &Keys,
        key: &[u8],
        is_sensitive: &mut dyn FnMut(&[u8]) -> bool,
    ) -> Option<Known> {
        let print = print(key);
        let home = home(print);
        for place in [home, home ^ 1] {
            if let Some(slot) = self.slots.get(place)
                && slot.print == print
                && (key.len() <= 16 || self.rest.get(place).is_some_and(|rest| rest == key))
                && !key.is_empty()
            {
                return if slot.known == 0 { None } else { self.known.get(slot.known as usize).copied() };
            }
        }
        self.look(keys, key, print, is_sensitive)
    }

    #[cold]
    #[inline(never)]
    fn look(
        &mut self,
        keys: &Keys,
        key: &[u8],
        print: Print,
        is_sensitive: &mut dyn FnMut(&[u8]) -> bool,
    ) -> Option<Known> {
        let known = Known { is_sensitive: is_sensitive(key), ..keys.know(key) };
        let is_something = known != Known::default();
        if key.len() <= Seen::LONGEST {
            if self.known.len().is_multiple_of(Seen::SLOTS) {
                self.slots.clear();
                self.slots.resize(Seen::SLOTS, Slot::default());
                self.rest.resize(Seen::SLOTS, Vec::new());
                self.known.clear();
                self.known.push(Known::default());
            }
            // Of two places the free one, or that of the key that has been there longer.
            let home = home(print);
            if self.slots[home].print.2 > 0 {
                self.slots.swap(home, home ^ 1);
                self.rest.swap(home, home ^ 1);
            }
            let place = self.known.iter().position(|other| *other == known).unwrap_or_else(|| {
                self.known.push(known);
                self.known.len() - 1
            });
            self.slots[home] = Slot { print, known: place as u32 };
            self.rest[home].clear();
            self.rest[home].extend_from_slice(if key.len() > 16 { key } else { b"" });
        }
        is_something.then_some(known)
    }
}

#[inline(always)]
fn print(key: &[u8]) -> Print {
    let word = |at: usize| key.get(at..at + 8).and_then(|eight| eight.try_into().ok()).map_or(0, u64::from_le_bytes);
    let half = |at: usize| key.get(at..at + 4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_le_bytes);
    match key.len() {
        0 => (0, 0, 0),
        len @ 1..=3 => {
            let [first, middle, last] = [0, len / 2, len - 1].map(|at| u64::from(key[at]));
            (first | middle << 8 | last << 16, 0, len as u32)
        }
        len @ 4..=7 => (u64::from(half(0)), u64::from(half(len - 4)), len as u32),
        len => (word(0), word(len - 8), len as u32),
    }
}

#[inline(always)]
fn home((first, last, len): Print) -> usize {
    let mixed = (first ^ last.rotate_left(32)).wrapping_add(u64::from(len)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 40) as usize % Seen::SLOTS
}
