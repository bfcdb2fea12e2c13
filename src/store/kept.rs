//! The bytes of records, one behind the other in segments that never move.

use super::memory::OutOfMemory;
use crate::scan::{PAD, PADDING};
use crate::span::Span;

/// Bytes of a segment.
const SEGMENT: usize = 4 << 20;
/// A record of so many bytes has a segment of its own.
const LARGE: usize = SEGMENT / 16;

/// Records, one behind the other, a line break behind each.
#[derive(Debug)]
pub(super) struct Segment {
    /// The records, and behind them what an index over them needs.
    bytes: Vec<u8>,
    /// Where the padding begins.
    end: usize,
    /// Its first row.
    first: u32,
    /// Where its first byte stood in the source.
    pub(super) base: u64,
    most: usize,
}

impl Segment {
    /// Its records.
    pub(super) fn text(&self) -> &[u8] {
        self.bytes.get(..self.end).unwrap_or_default()
    }

    /// The same with padding behind it.
    pub(super) fn buffer(&self) -> &[u8] {
        &self.bytes
    }
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Kept {
    segments: Vec<Segment>,
    /// Bytes of records.
    pub(super) bytes: u64,
    /// Bytes of memory.
    pub(super) memory: usize,
    /// The next record begins a segment: another source has begun.
    pub(super) fresh: bool,
}

impl Kept {
    /// Appends a record; `offset`: where it stood. Gives its place in its segment, and that segment's base.
    pub(super) fn add(&mut self, row: u32, record: &[u8], offset: u64) -> Result<(u32, u64), OutOfMemory> {
        let need = record.len() + 1 + PADDING;
        if self.fresh || self.segments.last().is_none_or(|segment| segment.most - segment.end < need) {
            self.begin(row, need, offset)?;
        }
        let Some(segment) = self.segments.last_mut() else { return Err(OutOfMemory) };
        let start = segment.end;
        segment.bytes.truncate(start);
        segment.bytes.extend_from_slice(record);
        segment.bytes.push(b'\n');
        segment.end = segment.bytes.len();
        segment.bytes.extend_from_slice(&[PAD; PADDING]);
        self.bytes += record.len() as u64;
        Ok((start as u32, segment.base))
    }

    fn begin(&mut self, first: u32, need: usize, base: u64) -> Result<(), OutOfMemory> {
        if let Some(last) = self.segments.last_mut() {
            // What is left over serves what is smaller.
            self.memory -= last.bytes.capacity();
            last.bytes.shrink_to_fit();
            self.memory += last.bytes.capacity();
        }
        let most = if need > LARGE { need } else { SEGMENT };
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(most).map_err(|_| OutOfMemory)?;
        self.memory += bytes.capacity();
        self.segments.push(Segment { bytes, end: 0, first, base, most });
        self.fresh = false;
        Ok(())
    }

    /// The number of the segment that a row is in.
    pub(super) fn number_of(&self, row: u32) -> usize {
        self.segments.partition_point(|segment| segment.first <= row).saturating_sub(1)
    }

    /// Whether that is it, quicker.
    pub(super) fn holds(&self, number: usize, row: u32) -> bool {
        self.segments.get(number).is_some_and(|segment| segment.first <= row)
            && self.segments.get(number + 1).is_none_or(|next| row < next.first)
    }

    pub(super) fn segment(&self, number: usize) -> Option<&Segment> {
        self.segments.get(number)
    }

    /// A record by its row and its place.
    pub(super) fn record(&self, row: u32, span: Span) -> &[u8] {
        self.segment(self.number_of(row)).map_or(&[], |segment| span.of(segment.text()))
    }
}
