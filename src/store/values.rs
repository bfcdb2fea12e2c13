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
const MAX_PROBES: usize = 64;
/// The bits of a mark that stand in the table; the others hold a number.
const MARK: u32 = !0 << 25;
/// Bytes of a block of texts, as a power of two.
const BLOCK_BITS: u32 = 18;

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
}

impl Values {
    /// One more than the largest number.
    pub(super) fn len(&self) -> usize {
        FIRST as usize + self.places.len()
    }

    /// Looks at where a value would be, so that it is at hand when it is asked for: to wait for several at once takes as
    /// long as to wait for one.
    #[inline(always)]
    pub(super) fn touch(&self, mark: u32) -> u32 {
        let mask = self.table.len().wrapping_sub(1);
        self.table.get(mark as usize & mask).copied().unwrap_or_default()
    }

    /// The number of a value; `mark` is its [`mark`].
    ///
    /// # Errors
    /// There is no memory for it.
    pub(super) fn number(&mut self, sort: Sort, text: &[u8], mark: u32) -> Result<u32, OutOfMemory> {
        if text.len() > MAX_VALUE {
            return Ok(ELSEWHERE);
        }
        if self.places.len() * 3 >= self.table.len() * 2 {
            self.widen()?;
        }
        let mask = self.table.len() - 1;
        for probe in 0..MAX_PROBES {
            let at = (mark as usize + probe) & mask;
            let entry = self.table[at];
            if entry == NONE {
                let number = self.add(sort, text)?;
                if number > ELSEWHERE {
                    self.table[at] = mark & MARK | number;
                }
                return Ok(number);
            }
            if (entry ^ mark) & MARK == 0 && self.get(entry & !MARK) == Some((sort, text)) {
                return Ok(entry & !MARK);
            }
        }
        Ok(ELSEWHERE)
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

    #[inline(never)]
    fn widen(&mut self) -> Result<(), OutOfMemory> {
        let len = (self.table.len() * 2).max(1 << 10);
        let mut table = Vec::new();
        table.try_reserve_exact(len).map_err(|_| OutOfMemory)?;
        table.resize(len, NONE);
        for number in FIRST..self.len() as u32 {
            let Some((sort, text)) = self.get(number) else { continue };
            let mark = mark(sort, text);
            // One that finds no place is taken for a new one when it comes again, with a number of its own.
            let free = (0..MAX_PROBES).map(|probe| (mark as usize + probe) & (len - 1)).find(|at| table[*at] == NONE);
            if let Some(at) = free {
                table[at] = mark & MARK | number;
            }
        }
        self.table = table;
        Ok(())
    }

    /// The number of a value; none where it was never taken in.
    pub(super) fn find(&self, sort: Sort, text: &[u8]) -> Option<u32> {
        let mask = self.table.len().checked_sub(1)?;
        let home = mark(sort, text) as usize;
        let entries = (0..MAX_PROBES).map(|probe| self.table[(home + probe) & mask]);
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
        let at = (place & ((1 << BLOCK_BITS) - 1)) as usize;
        let [sort, len] = *block.get(at..at + 2)? else { return None };
        let text = block.get(at + 2..at + 2 + usize::from(len))?;
        Some((if sort == Sort::Json as u8 { Sort::Json } else { Sort::Text }, text))
    }

    /// Bytes of memory.
    pub(super) fn bytes(&self) -> usize {
        (self.texts.len() << BLOCK_BITS) + self.places.bytes() + self.table.len() * size_of::<u32>()
    }
}

/// A number that tells values apart, as a rule; its last bits are a value's place in the table, and its
/// first ones stand there.
#[inline(always)]
pub(super) fn mark(sort: Sort, text: &[u8]) -> u32 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut hash = (text.len() as u64) << 1 | sort as u64;
    let mut mix = |word: u64| hash = (hash.rotate_left(23) ^ word).wrapping_mul(FACTOR);
    let (words, rest) = text.as_chunks::<8>();
    words.iter().for_each(|word| mix(u64::from_le_bytes(*word)));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    mix(u64::from_le_bytes(last));
    ((hash ^ hash >> 29).wrapping_mul(FACTOR) >> 32) as u32
}
