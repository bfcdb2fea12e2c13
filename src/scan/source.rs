//! The buffer in which chunks meet.

use super::{PAD, PADDING};
use crate::limits::WINDOW;

/// The bytes at hand: what is left of earlier chunks, and the newest.
#[derive(Debug, Default)]
pub(crate) struct Source {
    pub(super) bytes: Vec<u8>,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Offset in the input of `bytes[0]`.
    pub(super) base: u64,
}

impl Source {
    /// Room for `len` more bytes, to be written by the caller; [`Source::add`] then makes them part of the text.
    pub(crate) fn room(&mut self, len: usize) -> &mut [u8] {
        if self.start > 0 {
            self.bytes.copy_within(self.start..self.end, 0);
            self.base += self.start as u64;
            self.end -= self.start;
            self.start = 0;
        }
        let need = self.end + len + PADDING;
        if self.bytes.len() < need {
            // Once the text outgrows a window, grow by half more than needed: appending stays linear.
            let more = if self.end > WINDOW { need / 2 } else { 0 };
            self.bytes.resize(need + more, PAD);
        }
        &mut self.bytes[self.end..self.end + len]
    }

    /// Takes over `len` bytes that were written to the start of the [`Source::room`].
    ///
    /// # Panics
    /// If there was no such room.
    pub(crate) fn add(&mut self, len: usize) {
        self.end += len;
        self.bytes[self.end..self.end + PADDING].fill(PAD);
    }

    /// Forgets everything but the memory.
    pub(crate) fn clear(&mut self) {
        (self.start, self.end, self.base) = (0, 0, 0);
    }

    /// Makes the `len` bytes written to the [`Source::room`] the first of a new input. Where nothing is left of the last
    /// one, the room is at the front and stays there: what was made for one text does for the next that is no longer.
    ///
    /// # Panics
    /// If there was no such room.
    pub(crate) fn restart_with(&mut self, len: usize) {
        if self.start < self.end {
            self.bytes.copy_within(self.end..self.end + len, 0);
        }
        self.clear();
        self.add(len);
    }

    /// The buffer that spans point into.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// All that is at hand, from the buffer's first byte on.
    pub(crate) fn text(&self) -> &[u8] {
        &self.bytes[..self.end]
    }

    pub(super) fn left(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    pub(super) fn offset(&self, at: usize) -> u64 {
        self.base + at as u64
    }

    /// Drops leading white space; counts its line breaks.
    pub(super) fn skip_space(&mut self) -> u64 {
        let mut breaks = 0;
        while self.start < self.end {
            match self.bytes[self.start] {
                b'\n' => breaks += 1,
                b' ' | b'\t' | b'\r' => {}
                _ => break,
            }
            self.start += 1;
        }
        breaks
    }
}
