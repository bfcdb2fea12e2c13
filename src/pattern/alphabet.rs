//! The code points as a pattern tells them apart: all that are in the same of its sets are one letter.

use super::set::{LAST, Set, merge};
use super::unicode::fold_set;

/// What a condition asks of the code point before or behind a position, as bits.
pub(super) type Kind = u8;
/// None: an end of the text.
pub(super) const EDGE: Kind = 1;
/// A line terminator.
pub(super) const LINE: Kind = 2;
/// A word character.
pub(super) const WORD: Kind = 4;
/// A word character where case is ignored: U+017F and U+212A are some as well, for they fold to s and k.
pub(super) const WORD_ANY_CASE: Kind = 8;
/// How many combinations there are.
pub(super) const KINDS: Kind = 16;

const ASCII: usize = 128;

#[derive(Debug)]
pub(super) struct Alphabet {
    /// The letter of each ASCII character.
    ascii: [u16; ASCII],
    /// Where each run of code points of one letter begins, from 0 on.
    starts: Vec<u32>,
    /// The letter of each run.
    letters: Vec<u16>,
    /// The kind of each letter.
    kinds: Vec<Kind>,
    /// Bits: a row for each set, in it one for each letter.
    members: Vec<u64>,
    row: usize,
}

impl Alphabet {
    /// `looks` are the kinds that are asked for.
    #[inline(never)]
    pub(super) fn new(mut sets: Vec<Set>, looks: Kind) -> Box<Alphabet> {
        let own = sets.len();
        let mut kinds = Vec::new();
        for kind in [LINE, WORD, WORD_ANY_CASE] {
            if looks & kind != 0 {
                kinds.push(kind);
                sets.push(match kind {
                    LINE => Set::line_ends(),
                    WORD => Set::word(),
                    _ => fold_set(Set::word()),
                });
            }
        }
        let mut starts = vec![0];
        for set in &sets {
            starts = merge(&starts, set.turns());
            starts.dedup();
        }
        if starts.last() > Some(&LAST) {
            starts.pop();
        }

        let mut runs = Runs { letters: vec![0; starts.len()], sizes: vec![starts.len() as u32] };
        sets.iter().for_each(|set| runs.part(&starts, set));
        let Runs { letters, sizes } = runs;

        let count = sizes.len();
        let row = count.div_ceil(64);
        let (mut members, mut kind_of) = (vec![0; row * own], vec![0; count]);
        let mut known = vec![false; count];
        for (&start, &letter) in starts.iter().zip(&letters) {
            let letter = usize::from(letter);
            if std::mem::replace(&mut known[letter], true) {
                continue;
            }
            for (set, bits) in sets.iter().zip(members.chunks_exact_mut(row)) {
                bits[letter / 64] |= u64::from(set.contains(start)) << (letter % 64);
            }
            for (&kind, set) in kinds.iter().zip(sets.iter().skip(own)) {
                kind_of[letter] |= if set.contains(start) { kind } else { 0 };
            }
        }
        let mut alphabet = Box::new(Alphabet { ascii: [0; ASCII], starts, letters, kinds: kind_of, members, row });
        for point in 0..ASCII {
            alphabet.ascii[point] = alphabet.find(point as u32);
        }
        alphabet
    }

    /// For who only reads any more: [`Alphabet::has`] is false from here on.
    pub(super) fn forget_sets(&mut self) {
        self.members = Vec::new();
    }

    /// What it holds in memory, in units of 4 bytes.
    pub(super) fn size(&self) -> usize {
        ASCII / 2 + self.starts.len() * 3 / 2 + self.members.len() * 2
    }

    /// How many letters there are.
    pub(super) fn len(&self) -> usize {
        self.kinds.len()
    }

    pub(super) fn kind(&self, letter: u16) -> Kind {
        self.kinds.get(usize::from(letter)).copied().unwrap_or_default()
    }

    pub(super) fn has(&self, set: u16, letter: u16) -> bool {
        let word = self.members.get(usize::from(set) * self.row + usize::from(letter) / 64);
        word.is_some_and(|word| word >> (letter % 64) & 1 != 0)
    }

    /// The letter that begins at a byte of a text, and the byte behind it.
    #[inline]
    pub(super) fn read(&self, text: &[u8], at: usize, byte: u8) -> (u16, usize) {
        match self.ascii.get(usize::from(byte)) {
            Some(&letter) => (letter, at + 1),
            None => self.read_long(text, at),
        }
    }

    /// A code point of two bytes and more. A byte that begins none counts as U+FFFD; so does what is cut off.
    #[inline(never)]
    fn read_long(&self, text: &[u8], at: usize) -> (u16, usize) {
        let (point, len) = match *text.get(at..).unwrap_or_default() {
            [a @ 0xC2..=0xDF, b, ..] => (part(a, 0x1F) << 6 | part(b, 0x3F), 2),
            [a @ 0xE0..=0xEF, b, c, ..] => (part(a, 0x0F) << 12 | part(b, 0x3F) << 6 | part(c, 0x3F), 3),
            [a @ 0xF0..=0xF4, b, c, d, ..] => {
                (part(a, 0x07) << 18 | part(b, 0x3F) << 12 | part(c, 0x3F) << 6 | part(d, 0x3F), 4)
            }
            _ => (0xFFFD, 1),
        };
        (self.find(point), at + len)
    }

    fn find(&self, point: u32) -> u16 {
        let behind = self.starts.partition_point(|&start| start <= point);
        self.letters.get(behind.wrapping_sub(1)).copied().unwrap_or_default()
    }
}

fn part(byte: u8, mask: u8) -> u32 {
    u32::from(byte & mask)
}

/// The runs between all turns, while they are parted into letters.
struct Runs {
    letters: Vec<u16>,
    /// How many runs each letter has.
    sizes: Vec<u32>,
}

impl Runs {
    /// Parts every letter of which only some runs are in the set.
    #[inline(never)]
    fn part(&mut self, starts: &[u32], set: &Set) {
        let mut within = Vec::new();
        let mut turn = 0;
        let mut counts = vec![0; self.sizes.len()];
        for (run, &start) in starts.iter().enumerate() {
            turn += usize::from(set.turns().get(turn) == Some(&start)); // every turn is some run's start
            if turn % 2 == 1 {
                within.push(run);
                counts[usize::from(self.letters[run])] += 1;
            }
        }
        let mut new = vec![0; counts.len()]; // letter 0 is never new
        for run in within {
            let old = usize::from(self.letters[run]);
            if new[old] == 0 {
                if counts[old] == self.sizes[old] {
                    continue;
                }
                self.sizes[old] -= counts[old];
                new[old] = self.sizes.len() as u16;
                self.sizes.push(counts[old]);
            }
            self.letters[run] = new[old];
        }
    }
}
