//! The different values of all fields, each once, by numbers.

use super::memory::{Blocks, OutOfMemory};

/// The longest value that is taken in, in bytes.
pub(super) const MAX_VALUE: usize = 255;
/// The number of no value.
pub(super) const NONE: u32 = 0;
/// The number of every value that was not taken in: what it is, the record tells.
pub(super) const ELSEWHERE: u32 = 1;
/// The first number of a value.
const FIRST: u32 = 2;
/// Places of the table that are looked at for a value: however a log's values are chosen, the time is bounded.
const MAX_PROBES: usize = 128;
/// The bits of a mark that stand in the table; the others hold a number.
const MARK: u32 = !0 << 25;
/// Bytes of a block of texts, as a power of two.
const BLOCK_BITS: u32 = 18;
/// The bits of a place in a block.
const IN_BLOCK: u32 = (1 << BLOCK_BITS) - 1;

/// What a value is besides its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Sort {
    Text,
    /// A number, true or false, as JSON has it.
    Json,
}

/// Different values.
#[derive(Debug, Default)]
pub(super) struct Values {
    /// Sort, length and text of each, in blocks that no value crosses.
    texts: Vec<Vec<u8>>,
    /// Of each number, the block and the place in it.
    places: Blocks<u32>,
    /// Numbers by what is made of their text, each with some bits of that in front; 0: free.
    table: Vec<u32>,
    /// A table twice as large, while it is made: a little with each new value, so that none of them waits long.
    next: Vec<u32>,
    /// The first number that is not in it.
    moved: u32,
}

/// Entries of the next table that are made free with a new value, and numbers that are put into it.
const FREED: usize = 1 << 12;
const MOVED: u32 = 32;

impl Values {
    /// One more than the largest number.
    pub(super) fn len(&self) -> usize {
        FIRST as usize + self.places.len()
    }

    /// Looks at where a value would be, so that it is at hand when it is asked for: to wait for several at once takes as
    /// long as to wait for one. Gives what may be its number.
    #[inline(always)]
    pub(super) fn touch(&self, mark: u32) -> u32 {
        let entry = self.table.get(mark as usize & self.table.len().wrapping_sub(1)).copied().unwrap_or_default();
        if (entry ^ mark) & MARK == 0 { entry & !MARK } else { NONE }
    }

    /// The same for what may be a value's number.
    #[inline(always)]
    pub(super) fn touch_text(&self, number: u32) -> u8 {
        let place = number.checked_sub(FIRST).and_then(|number| self.places.get(number as usize)).unwrap_or_default();
        let block = self.texts.get((place >> BLOCK_BITS) as usize);
        block.and_then(|block| block.get((place & IN_BLOCK) as usize)).copied().unwrap_or_default()
    }

    /// The number of a value; `mark` is its [`mark`].
    ///
    /// # Errors
    /// There is no memory for it.
    pub(super) fn number(&mut self, sort: Sort, text: &[u8], mark: u32) -> Result<u32, OutOfMemory> {
        if text.len() > MAX_VALUE {
            return Ok(ELSEWHERE);
        }
        let mask = self.table.len().wrapping_sub(1);
        for probe in 0..MAX_PROBES {
            let at = (mark as usize).wrapping_add(probe) & mask;
            match self.table.get(at) {
                None | Some(&NONE) => return self.take_in(sort, text, mark, at),
                Some(entry) if (entry ^ mark) & MARK == 0 && self.is(entry & !MARK, sort, text) => {
                    return Ok(entry & !MARK);
                }
                Some(_) => {}
            }
        }
        Ok(ELSEWHERE)
    }

    /// Whether that is the value of a number.
    #[inline(always)]
    fn is(&self, number: u32, sort: Sort, text: &[u8]) -> bool {
        self.get(number).is_some_and(|(known, said)| known == sort && same(said, text))
    }

    /// Takes in a new value, for which the table has room at `at`.
    #[inline(never)]
    fn take_in(&mut self, sort: Sort, text: &[u8], mark: u32, at: usize) -> Result<u32, OutOfMemory> {
        let number = self.add(sort, text)?;
        if number > ELSEWHERE {
            match self.table.get_mut(at) {
                Some(entry) => *entry = mark & MARK | number,
                None => self.begin()?,
            }
            self.widen()?;
        }
        Ok(number)
    }

    fn add(&mut self, sort: Sort, text: &[u8]) -> Result<u32, OutOfMemory> {
        let need = text.len() + 2;
        if self.len() as u32 > !MARK {
            return Ok(ELSEWHERE); // 33 million different values
        }
        if self.texts.last().is_none_or(|block| block.capacity() - block.len() < need) {
            let mut block = Vec::new();
            block.try_reserve_exact(1 << BLOCK_BITS).map_err(|_| OutOfMemory)?;
            self.texts.push(block);
        }
        let number = self.texts.len() - 1;
        let Some(block) = self.texts.last_mut() else { return Err(OutOfMemory) };
        let place = number << BLOCK_BITS | block.len();
        block.extend_from_slice(&[sort as u8, text.len() as u8]);
        block.extend_from_slice(text);
        self.places.push(place as u32)?;
        Ok(FIRST + self.places.len() as u32 - 1)
    }

    /// The first table, with the first value.
    #[cold]
    fn begin(&mut self) -> Result<(), OutOfMemory> {
        self.table = fresh(1 << 11)?;
        self.table.resize(1 << 11, NONE);
        let mark = self.mark_of(FIRST);
        insert(&mut self.table, FIRST, mark);
        Ok(())
    }

    /// Goes on with the next table, once five eighths of this one are full; it is done by two thirds.
    fn widen(&mut self) -> Result<(), OutOfMemory> {
        let (len, target) = (self.len() as u32, self.table.len() * 2);
        if self.next.capacity() == 0 {
            if len as usize * 8 < self.table.len() * 5 {
                return Ok(());
            }
            (self.next, self.moved) = (fresh(target)?, FIRST);
        }
        if self.next.len() < target {
            let more = FREED.min(target - self.next.len());
            self.next.resize(self.next.len() + more, NONE);
            return Ok(());
        }
        let upto = len.min(self.moved + MOVED);
        // All of their places are asked for before any is waited for, as in [`Values::touch`].
        let (mut marks, mut touched) = ([0; MOVED as usize], 0);
        for (mark, number) in marks.iter_mut().zip(self.moved..upto) {
            *mark = self.mark_of(number);
            touched ^= self.next.get(*mark as usize & (target - 1)).copied().unwrap_or_default();
        }
        std::hint::black_box(touched);
        for (mark, number) in marks.into_iter().zip(self.moved..upto) {
            insert(&mut self.next, number, mark);
        }
        self.moved = upto;
        if upto == len {
            self.table = std::mem::take(&mut self.next);
        }
        Ok(())
    }

    #[inline(always)]
    fn mark_of(&self, number: u32) -> u32 {
        self.get(number).map_or(0, |(sort, text)| mark(sort, text))
    }

    /// The number of a value; none where it was never taken in.
    pub(super) fn find(&self, sort: Sort, text: &[u8]) -> Option<u32> {
        let mask = self.table.len().checked_sub(1)?;
        let home = mark(sort, text) as usize;
        let entries = (0..MAX_PROBES).map(|probe| self.table[home.wrapping_add(probe) & mask]);
        let mut numbers = entries.take_while(|entry| *entry != NONE).map(|entry| entry & !MARK);
        numbers.find(|number| self.get(*number) == Some((sort, text)))
    }

    /// The numbers of the values that look like that, be they texts or not.
    pub(super) fn alike(&self, text: &[u8]) -> [Option<u32>; 2] {
        [self.find(Sort::Text, text), self.find(Sort::Json, text)]
    }

    /// The value of a number.
    #[inline(always)]
    pub(super) fn get(&self, number: u32) -> Option<(Sort, &[u8])> {
        let place = self.places.get(number.checked_sub(FIRST)? as usize)?;
        let block = self.texts.get((place >> BLOCK_BITS) as usize)?;
        let at = (place & IN_BLOCK) as usize;
        let [sort, len] = *block.get(at..at + 2)? else { return None };
        let text = block.get(at + 2..at + 2 + usize::from(len))?;
        Some((if sort == Sort::Json as u8 { Sort::Json } else { Sort::Text }, text))
    }

    /// Bytes of memory.
    pub(super) fn bytes(&self) -> usize {
        (self.texts.len() << BLOCK_BITS)
            + self.places.bytes()
            + (self.table.len() + self.next.capacity()) * size_of::<u32>()
    }
}

/// Memory of a table, nothing in it yet.
fn fresh(len: usize) -> Result<Vec<u32>, OutOfMemory> {
    let mut table = Vec::new();
    table.try_reserve_exact(len).map_err(|_| OutOfMemory)?;
    Ok(table)
}

/// Puts a number into a table that is half empty. One that finds no place is taken for a new one when it comes again, with
/// a number of its own.
#[inline(always)]
fn insert(table: &mut [u32], number: u32, mark: u32) {
    let mask = table.len().wrapping_sub(1);
    let places = (0..MAX_PROBES).map(|probe| (mark as usize).wrapping_add(probe) & mask);
    for at in places {
        if let Some(free @ &mut NONE) = table.get_mut(at) {
            *free = mark & MARK | number;
            return;
        }
    }
}

/// Whether two texts are the same: values are short, and for those a call takes longer than the look.
#[inline(always)]
pub(super) fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let (ones, rest) = one.as_chunks::<8>();
    let (others, other_rest) = other.as_chunks::<8>();
    ones.iter().zip(others).all(|(one, other)| u64::from_le_bytes(*one) == u64::from_le_bytes(*other))
        && match (one.last_chunk::<8>(), other.last_chunk::<8>()) {
            (Some(one), Some(other)) => u64::from_le_bytes(*one) == u64::from_le_bytes(*other),
            _ => short(rest) == short(other_rest),
        }
}

/// Fewer than eight bytes in one.
#[inline(always)]
fn short(bytes: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        return u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last));
    }
    let at = |at| bytes.get(at).copied().map_or(0, u64::from);
    at(0) | at(1) << 8 | at(2) << 16
}

/// A number that tells values apart, as a rule; its last bits are a value's place in the table, and its
/// first ones stand there.
#[inline(always)]
pub(super) fn mark(sort: Sort, text: &[u8]) -> u32 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    const OTHER: u64 = 0xBF58_476D_1CE4_E5B9;
    let mut hash = (text.len() as u64) << 1 | sort as u64;
    let mut mix = |word: u64| hash = (hash.rotate_left(23) ^ word).wrapping_mul(FACTOR);
    let (words, rest) = text.as_chunks::<8>();
    words.iter().for_each(|word| mix(u64::from_le_bytes(*word)));
    // Of what is behind them, the last eight bytes: those that count twice do no harm.
    match text.last_chunk::<8>() {
        Some(last) if !rest.is_empty() => mix(u64::from_le_bytes(*last)),
        Some(_) => {}
        None => mix(short(rest)),
    }
    // Numbers are texts whose last digits differ, the highest bits of a word: those have to come to the lowest.
    let hash = (hash ^ hash >> 32).wrapping_mul(FACTOR);
    ((hash ^ hash >> 29).wrapping_mul(OTHER) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_value_has_one_number(count in 1..9000u32, spread in 1..9000u32, width in 1..40usize, step in 1..5000u32) {
            let mut values = Values::default();
            let (mut known, mut different) = (BTreeMap::new(), BTreeSet::new());
            for n in 0..count {
                let value = n.wrapping_mul(step) % spread;
                let text = format!("{value:0width$}").into_bytes();
                different.insert(value);
                let sort = if value % 3 == 0 { Sort::Json } else { Sort::Text };
                let number = values.number(sort, &text, mark(sort, &text)).unwrap();
                if number == ELSEWHERE {
                    continue; // one of thousands finds no place
                }
                let fresh = known.len() as u32 + FIRST;
                prop_assert_eq!(number, *known.entry((value, width)).or_insert(fresh));
                prop_assert_eq!(values.get(number), Some((sort, &text[..])));
                prop_assert_eq!(values.find(sort, &text), Some(number));
            }
            prop_assert_eq!(values.len(), known.len() + FIRST as usize);
            prop_assert!(known.len() + 3 > different.len());
            prop_assert!(values.table.len() * 2 >= values.places.len().saturating_sub(2) * 3);
        }

        #[test]
        fn texts_are_the_same_byte_by_byte(text in prop::collection::vec(0..3u8, 0..40), other in prop::collection::vec(0..3u8, 0..40), at in 0..40usize) {
            prop_assert_eq!(same(&text, &other), text == other);
            let mut changed = text.clone();
            prop_assert!(same(&changed, &text));
            prop_assert_eq!(mark(Sort::Text, &changed), mark(Sort::Text, &text));
            if let Some(byte) = changed.get_mut(at) {
                *byte ^= 1;
                prop_assert!(!same(&changed, &text));
            }
        }
    }
}
