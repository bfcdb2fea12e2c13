//! The index over a stretch of text: where strings can end, and which blocks need a second look.

use std::cell::Cell;

use super::kernel::{self, BLOCK, Marks};

/// Bytes that must follow the indexed text in its buffer.
pub(crate) const PADDING: usize = 2 * BLOCK;
/// What they hold: a newline can neither continue a string nor a number nor a literal.
pub(crate) const PAD: u8 = b'\n';

/// What stands behind the last block: a search always ends.
const END: [u8; 16] = [0xFF; 16];

/// Where a string may end, a bit per byte, and three bits per block of 64 bytes.
///
/// Positions are those of the buffer the index was built over.
#[derive(Debug, Default)]
pub(crate) struct Index {
    stops: Vec<u8>,
    backslash: Vec<u64>,
    unicode: Vec<u64>,
    suspect: Vec<u64>,
    any_suspect: bool,
    /// A stretch without any backslash, as far as somebody looked.
    clear: Cell<(usize, usize)>,
}

impl Index {
    /// Indexes `bytes[start..end]`. `start` is the start of a record (or white space before one).
    ///
    /// # Panics
    /// If fewer than [`PADDING`] bytes follow `end`.
    pub(crate) fn build(&mut self, bytes: &[u8], start: usize, end: usize) {
        assert!(end + PADDING <= bytes.len());
        let first = start / BLOCK;
        let last = end / BLOCK + 1; // one more than holds text, so that what is cut off at the end shows
        // Memory only grows: what stands behind the end of this text is of no text, and never looked at.
        if self.stops.len() < last * 8 + END.len() {
            self.stops.resize(last * 8 + END.len(), 0);
            self.backslash.resize(last / 64 + 1, 0);
            self.unicode.resize(last / 64 + 1, 0);
            self.suspect.resize(last / 64 + 1, 0);
        }
        let words = first / 64..last / 64 + 1;
        self.backslash[words.clone()].fill(0);
        self.unicode[words.clone()].fill(0);
        self.suspect[words].fill(0);
        self.any_suspect = false;
        self.clear.set((0, 0));
        let mut blocks = self.stops[first * 8..last * 8].chunks_exact_mut(8);
        let (backslash, unicode) = (&mut self.backslash, &mut self.unicode);
        let (suspect, any) = (&mut self.suspect, &mut self.any_suspect);
        kernel::mark_blocks(&bytes[first * BLOCK..], last - first, |i, marks: Marks| {
            if let Some(out) = blocks.next() {
                out.copy_from_slice(&marks.stops.to_le_bytes());
            }
            if marks.backslash | marks.unicode | marks.suspect {
                let block = first + i;
                backslash[block / 64] |= u64::from(marks.backslash) << (block % 64);
                unicode[block / 64] |= u64::from(marks.unicode) << (block % 64);
                suspect[block / 64] |= u64::from(marks.suspect) << (block % 64);
                *any |= marks.suspect;
            }
        });
        self.stops[last * 8..last * 8 + END.len()].copy_from_slice(&END);
    }

    /// Where strings can end.
    #[inline(always)]
    pub(crate) fn stops(&self) -> Stops<'_> {
        Stops(&self.stops)
    }

    /// [`Stops::next`].
    #[inline(always)]
    pub(crate) fn stop(&self, from: usize) -> usize {
        self.stops().next(from)
    }

    /// Whether `start..=end` may hold a backslash: false only if none is near. Quickest for places that only grow.
    #[inline(always)]
    pub(crate) fn may_escape(&self, start: usize, end: usize) -> bool {
        let (from, to) = self.clear.get();
        (start < from || end >= to) && self.look_on(start, end)
    }

    /// Finds out how far from `start` on there is no backslash: up to the next block that holds one, or to the end of
    /// this stretch of 4 KiB at least.
    #[inline(never)]
    fn look_on(&self, start: usize, end: usize) -> bool {
        let block = start / BLOCK;
        let word = self.backslash.get(block / 64).map_or(1, |word| word >> (block % 64));
        let blocks = if word == 0 { 64 - block % 64 } else { word.trailing_zeros() as usize };
        let to = (block + blocks) * BLOCK;
        self.clear.set((start, to));
        end >= to && is_set(&self.backslash, start, end)
    }

    /// Whether an escape by number may stand in `start..end`, be it in a document in a string.
    pub(crate) fn may_hold_unicode(&self, start: usize, end: usize) -> bool {
        is_set(&self.unicode, start, end)
    }

    /// Whether something in `start..=end` needs the reference's judgement.
    #[inline(always)]
    pub(crate) fn is_suspect(&self, start: usize, end: usize) -> bool {
        self.any_suspect && is_set(&self.suspect, start, end)
    }
}

/// Whether a bit is set of any block from that of `start` to that of `end`.
#[inline(never)]
fn is_set(bits: &[u64], start: usize, end: usize) -> bool {
    let (first, last) = (start / BLOCK, end / BLOCK);
    let word = |at: usize| bits.get(at).copied().unwrap_or(u64::MAX);
    (first / 64..=last / 64).any(|at| {
        let from = if at == first / 64 { first % 64 } else { 0 };
        let to = if at == last / 64 { last % 64 } else { 63 };
        word(at) >> from << from << (63 - to) != 0
    })
}

/// Where strings can end, for loops that keep it at hand.
#[derive(Clone, Copy)]
pub(crate) struct Stops<'a>(&'a [u8]);

impl Stops<'_> {
    /// The first `"` that is not escaped, or control byte, at `from` or after. Beyond the text: some position in the padding.
    #[inline(always)]
    pub(crate) fn next(self, from: usize) -> usize {
        let at = from >> 3;
        if let Some(window) = self.0.get(at..at + 8) {
            let word = u64::from_le_bytes(window.try_into().unwrap_or_default()) >> (from & 7);
            if word != 0 {
                return from + word.trailing_zeros() as usize;
            }
        }
        self.far(from)
    }

    #[inline(never)]
    fn far(self, from: usize) -> usize {
        let mut at = (from >> 3) + 7;
        while let Some(window) = self.0.get(at..at + 8) {
            let word = u64::from_le_bytes(window.try_into().unwrap_or_default());
            if word != 0 {
                return at * 8 + word.trailing_zeros() as usize;
            }
            at += 8;
        }
        self.0.len() * 8 // behind every text
    }
}
