//! The index over a stretch of text: where strings can end, and which blocks need a second look.

use std::cell::Cell;

use super::kernel::{self, BLOCK, Marks};

/// Bytes that must follow the indexed text in its buffer.
pub(crate) const PADDING: usize = 2 * BLOCK;
/// What they hold: a newline can neither continue a string nor a number nor a literal.
pub(crate) const PAD: u8 = b'\n';

/// What stands behind the last block: a search always ends.
const END: [u8; 16] = [0xFF; 16];

/// Where a string may end, a bit per byte, and two bits per block of 64 bytes.
///
/// Positions are those of the buffer the index was built over.
#[derive(Debug, Default)]
pub(crate) struct Index {
    stops: Vec<u8>,
    backslash: Vec<u64>,
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
            self.suspect.resize(last / 64 + 1, 0);
        }
        let words = first / 64..last / 64 + 1;
        self.backslash[words.clone()].fill(0);
        self.suspect[words].fill(0);
        self.any_suspect = false;
        self.clear.set((0, 0));
        let mut blocks = self.stops[first * 8..last * 8].chunks_exact_mut(8);
        let (backslash, suspect, any) = (&mut self.backslash, &mut self.suspect, &mut self.any_suspect);
        kernel::mark_blocks(&bytes[first * BLOCK..], last - first, |i, marks: Marks| {
            if let Some(out) = blocks.next() {
                out.copy_from_slice(&marks.stops.to_le_bytes());
            }
            if marks.backslash | marks.suspect {
                let block = first + i;
                backslash[block / 64] |= u64::from(marks.backslash) << (block % 64);
                suspect[block / 64] |= u64::from(marks.suspect) << (block % 64);
                *any |= marks.suspect;
            }
        });
        self.stops[last * 8..last * 8 + END.len()].copy_from_slice(&END);
    }

    /// The first `"` that is not escaped, or control byte, at `from` or after. Beyond the text: some position in the padding.
    #[inline(always)]
    pub(crate) fn stop(&self, from: usize) -> usize {
        let at = from >> 3;
        if let Some(window) = self.stops.get(at..at + 8) {
            let word = u64::from_le_bytes(window.try_into().unwrap_or_default()) >> (from & 7);
            if word != 0 {
                return from + word.trailing_zeros() as usize;
            }
        }
        self.stop_far(from)
    }

    #[inline(never)]
    fn stop_far(&self, from: usize) -> usize {
        let mut at = (from >> 3) + 7;
        while let Some(window) = self.stops.get(at..at + 8) {
            let word = u64::from_le_bytes(window.try_into().unwrap_or_default());
            if word != 0 {
                return at * 8 + word.trailing_zeros() as usize;
            }
            at += 8;
        }
        self.stops.len() * 8 // behind every text
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
        end >= to && (start..=end).step_by(BLOCK).chain([end]).any(|at| self.holds_backslash(at / BLOCK))
    }

    fn holds_backslash(&self, block: usize) -> bool {
        self.backslash.get(block / 64).is_none_or(|word| word >> (block % 64) & 1 == 1)
    }

    /// Whether something in `start..=end` needs the reference's judgement.
    #[inline(always)]
    pub(crate) fn is_suspect(&self, start: usize, end: usize) -> bool {
        self.any_suspect && self.any_suspect_in(start, end)
    }

    #[inline(never)]
    fn any_suspect_in(&self, start: usize, end: usize) -> bool {
        let suspect = |block: usize| self.suspect.get(block / 64).is_none_or(|word| word >> (block % 64) & 1 == 1);
        (start / BLOCK..=end / BLOCK).any(suspect)
    }
}
