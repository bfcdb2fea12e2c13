//! The code points as a pattern tells them apart: all that are in the same of its sets are one letter.

use super::set::{LAST, Set};
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
    pub(super) fn new(sets: &[Set], looks: Kind) -> Alphabet {
        let mut kinds = Vec::new();
        if looks & LINE != 0 {
            kinds.push((LINE, Set::line_ends()));
        }
        if looks & WORD != 0 {
            kinds.push((WORD, Set::word()));
        }
        if looks & WORD_ANY_CASE != 0 {
            kinds.push((WORD_ANY_CASE, fold_set(Set::word())));
        }
        let all = || sets.iter().chain(kinds.iter().map(|kind| &kind.1));

        let mut starts: Vec<u32> = all().flat_map(|set| set.ranges()).flat_map(|&(a, b)| [a, b + 1]).collect();
        starts.push(0);
        starts.retain(|&start| start <= LAST);
        starts.sort_unstable();
        starts.dedup();

        let mut runs = Runs { letters: vec![0; starts.len()], sizes: vec![starts.len()] };
        all().for_each(|set| runs.part(&starts, set));
        let Runs { letters, sizes } = runs;

        let count = sizes.len();
        let row = count.div_ceil(64);
        let mut alphabet = Alphabet {
            ascii: [0; ASCII],
            kinds: vec![0; count],
            members: vec![0; row * sets.len()],
            starts,
            letters,
            row,
        };
        let mut known = vec![false; count];
        for (&start, &letter) in alphabet.starts.iter().zip(&alphabet.letters) {
            let letter = usize::from(letter);
            if std::mem::replace(&mut known[letter], true) {
                continue;
            }
            for (set, bits) in sets.iter().zip(alphabet.members.chunks_exact_mut(row)) {
                bits[letter / 64] |= u64::from(set.contains(start)) << (letter % 64);
            }
            for (kind, _) in kinds.iter().filter(|(_, set)| set.contains(start)) {
                alphabet.kinds[letter] |= kind;
            }
        }
        alphabet.ascii = std::array::from_fn(|point| alphabet.find(point as u32));
        alphabet
    }

    /// How many letters there are.
    pub(super) fn len(&self) -> usize {
        self.kinds.len()
    }

    /// The kinds of all letters, in their order.
    pub(super) fn kinds(&self) -> &[Kind] {
        &self.kinds
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
        let (point, len) = match text.get(at..).unwrap_or_default() {
            &[a @ 0xC2..=0xDF, b, ..] => (part(a, 0x1F) << 6 | part(b, 0x3F), 2),
            &[a @ 0xE0..=0xEF, b, c, ..] => (part(a, 0x0F) << 12 | part(b, 0x3F) << 6 | part(c, 0x3F), 3),
            &[a @ 0xF0..=0xF4, b, c, d, ..] => {
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

/// The runs between the ends of all ranges, while they are parted into letters.
struct Runs {
    letters: Vec<u16>,
    /// How many runs each letter has.
    sizes: Vec<usize>,
}

impl Runs {
    /// Parts every letter of which only some runs are in the set.
    fn part(&mut self, starts: &[u32], set: &Set) {
        let spans = || {
            set.ranges().iter().map(|&(first, last)| {
                let from = starts.partition_point(|&start| start < first);
                from..from + starts[from..].partition_point(|&start| start <= last)
            })
        };
        let mut inside = vec![0; self.sizes.len()];
        for letter in spans().flat_map(|span| &self.letters[span]) {
            inside[usize::from(*letter)] += 1;
        }
        let mut new: Vec<Option<u16>> = vec![None; inside.len()];
        for run in spans().flatten() {
            let old = usize::from(self.letters[run]);
            if inside[old] == self.sizes[old] {
                continue;
            }
            let letter = *new[old].get_or_insert_with(|| {
                self.sizes.push(inside[old]);
                self.sizes.len() as u16 - 1
            });
            self.letters[run] = letter;
        }
        for (size, (inside, new)) in self.sizes.iter_mut().zip(inside.iter().zip(&new)) {
            if new.is_some() {
                *size -= inside;
            }
        }
    }
}
