//! The index over a stretch of text: where strings can end, and which blocks need a second look.

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

    /// Whether `start..=end` may hold a backslash: false only if none is near.
    pub(crate) fn may_escape(&self, start: usize, end: usize) -> bool {
        self.clear_from(start) <= end
    }

    /// Up to where, from `at` on, no backslash stands: the start of the next block that holds one, or a place before
    /// it, at least at the end of this stretch of 4 KiB.
    #[inline(never)]
    pub(crate) fn clear_from(&self, at: usize) -> usize {
        let block = at / BLOCK;
        let word = self.backslash.get(block / 64).map_or(1, |word| word >> (block % 64));
        let blocks = if word == 0 { 64 - block % 64 } else { word.trailing_zeros() as usize };
        (block + blocks) * BLOCK
    }

    /// Whether something in `start..=end` needs the reference's judgement.
    #[inline(always)]
    pub(crate) fn is_suspect(&self, start: usize, end: usize) -> bool {
        self.any_suspect && Self::any(&self.suspect, start, end)
    }

    #[inline(never)]
    fn any(blocks: &[u64], start: usize, end: usize) -> bool {
        (start / BLOCK..=end / BLOCK).any(|b| blocks.get(b / 64).is_none_or(|word| word >> (b % 64) & 1 == 1))
    }
}
