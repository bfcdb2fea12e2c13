//! Keys that were met, and what was found out about them: few keys are new.

use super::key::{Keys, Known};

/// What was found out about keys, for the next time.
#[derive(Debug, Default)]
pub(super) struct Seen {
    slots: Vec<Slot>,
}

#[derive(Clone, Debug, Default)]
struct Slot {
    /// The key's first and last eight bytes and its length, which are all of it up to 16 bytes.
    print: Print,
    /// A longer key.
    rest: Vec<u8>,
    /// There is anything to know.
    is_something: bool,
    known: Known,
}

type Print = (u64, u64, usize);

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
        for place in [home(print), home(print) ^ 1] {
            if let Some(slot) = self.slots.get(place)
                && slot.print == print
                && (key.len() <= 16 || slot.rest == key)
                && !key.is_empty()
            {
                return slot.is_something.then_some(slot.known);
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
        if key.len() <= Seen::LONGEST {
            self.slots.resize_with(Seen::SLOTS, Slot::default);
            // Of two places the free one, or that of the key that has been there longer.
            let home = home(print);
            let is_free = self.slots.get(home).is_some_and(|slot| slot.print.2 == 0);
            if !is_free {
                self.slots.swap(home, home ^ 1);
            }
            if let Some(slot) = self.slots.get_mut(home) {
                slot.rest.clear();
                slot.rest.extend_from_slice(if key.len() > 16 { key } else { b"" });
                (slot.print, slot.is_something, slot.known) = (print, known.is_something(), known);
            }
        }
        known.is_something().then_some(known)
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
            (first | middle << 8 | last << 16, 0, len)
        }
        len @ 4..=7 => (u64::from(half(0)), u64::from(half(len - 4)), len),
        len => (word(0), word(len - 8), len),
    }
}

#[inline(always)]
fn home((first, last, len): Print) -> usize {
    let mixed = (first ^ last.rotate_left(32)).wrapping_add(len as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 40) as usize % Seen::SLOTS
}
