//! Records in: framed, kept, and put into the index.

use super::column::BLOCK_ROWS;
use super::look::Is;
use super::memory::{OutOfMemory, headroom};
use super::values::Sort;
use super::{FAR, LINES, LogStore, packed};
use crate::catalog::Field;
use crate::detect::Said;
use crate::scan::{Found, Place, Reading, Reason};
use crate::span::Span;
use crate::tape::{Grammar, Reader};

/// Bytes that must be free before a piece is taken in: what its records may add to the index, and more.
const HEADROOM: usize = 16 << 20;

/// Bytes of records that one step puts into the index, about.
const INDEX_BYTES: usize = 4 << 20;

impl LogStore {
    /// Begins a source.
    pub fn begin(&mut self) {
        self.source.clear();
        self.frames.begin(self.format);
        self.begun.push(self.counts.rows);
        self.kept.fresh = true;
    }

    /// Room for the next `len` bytes of the source, to be written by the caller.
    ///
    /// # Errors
    /// There is no memory, of the engine or of what the store may take.
    pub fn input(&mut self, len: usize) -> Result<&mut [u8], OutOfMemory> {
        self.fits(len)?;
        headroom(len.saturating_mul(2).saturating_add(HEADROOM))?;
        Ok(self.source.room(len))
    }

    /// Takes in the `len` bytes written to [`LogStore::input`], which may be cut anywhere.
    ///
    /// # Errors
    /// There is no memory; rows that are there stay.
    ///
    /// # Panics
    /// If there was no room for them.
    pub fn take(&mut self, len: usize) -> Result<(), OutOfMemory> {
        self.source.add(len);
        self.counts.bytes += len as u64;
        self.drain(false)
    }

    /// [`LogStore::input`] and [`LogStore::take`] in one.
    ///
    /// # Errors
    /// There is no memory; rows that are there stay.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), OutOfMemory> {
        self.input(chunk.len())?.copy_from_slice(chunk);
        self.take(chunk.len())
    }

    /// Ends the source: what is still buffered is its last record.
    ///
    /// # Errors
    /// There is no memory.
    pub fn end(&mut self) -> Result<(), OutOfMemory> {
        let done = self.drain(true);
        self.source.clear();
        self.frames.begin(self.format);
        done
    }

    /// Whether so many bytes more would be within what the store may take.
    fn fits(&self, len: usize) -> Result<(), OutOfMemory> {
        let taken = self.kept.memory.saturating_add(self.counts.index);
        if self.full || taken.saturating_add(len) > self.most { Err(OutOfMemory) } else { Ok(()) }
    }

    fn drain(&mut self, last: bool) -> Result<(), OutOfMemory> {
        if self.full {
            return Err(OutOfMemory);
        }
        let done = self.read(last);
        self.full = done.is_err();
        self.counts.index = self.rows.bytes() + self.values.bytes();
        done
    }

    fn read(&mut self, last: bool) -> Result<(), OutOfMemory> {
        self.frames.more();
        loop {
            let reading = Reading { plan: self.look.plan(), limits: &self.limits, last };
            let reader: &mut dyn Reader = if self.later { &mut Grammar } else { &mut self.tape };
            let Some(found) = self.frames.next(&mut self.source, &reading, reader) else { break };
            if self.counts.rows >= u32::MAX - 1 {
                return Err(OutOfMemory);
            }
            let record = match found {
                Found::Record { span, at, .. } => {
                    self.place(Some(span), span.len() as u64, at)?;
                    Some(span)
                }
                Found::Broken { reason, fault, length, text, at } => {
                    self.add_broken(reason, fault, length, text, at)?;
                    None
                }
            };
            self.counts.rows += 1;
            if (self.counts.rows as usize).is_multiple_of(BLOCK_ROWS) {
                self.rows.seal_places();
            }
            if !self.later {
                if let Some(span) = record {
                    self.add_fields(None, span)?;
                }
                self.count_indexed()?;
            }
        }
        self.settle()
    }

    /// Puts at most so many more rows into the index, or so many as lie in some megabytes. Whether all are.
    ///
    /// # Errors
    /// There is no memory.
    pub fn index(&mut self, most: u32) -> Result<bool, OutOfMemory> {
        self.fits(0)?;
        headroom(HEADROOM)?;
        let done = self.index_rows(most);
        self.full = done.is_err();
        self.counts.index = self.rows.bytes() + self.values.bytes();
        done.map(|()| self.counts.indexed == self.counts.rows)
    }

    fn index_rows(&mut self, most: u32) -> Result<(), OutOfMemory> {
        let (mut number, mut bytes) = (usize::MAX, 0);
        for _ in 0..most {
            let row = self.counts.indexed;
            if row >= self.counts.rows || bytes > INDEX_BYTES {
                break;
            }
            if let Some(span) = self.span(row).filter(|_| !self.is_broken(row)) {
                if !self.kept.holds(number, row) {
                    number = self.kept.number_of(row);
                }
                bytes += span.len();
                self.add_fields(Some(number), span)?;
            }
            self.count_indexed()?;
        }
        self.settle()
    }

    fn count_indexed(&mut self) -> Result<(), OutOfMemory> {
        self.counts.indexed += 1;
        if (self.counts.indexed as usize).is_multiple_of(BLOCK_ROWS) {
            self.settle()?;
            self.rows.seal_fields();
        }
        Ok(())
    }

    /// Puts the next row into the index: the record at `span` of a segment, or of the source, where it has just been read.
    fn add_fields(&mut self, segment: Option<usize>, span: Span) -> Result<(), OutOfMemory> {
        let row = self.counts.indexed;
        let bytes = match segment {
            None => self.source.bytes(),
            Some(number) => {
                let Some(segment) = self.kept.segment(number) else { return Ok(()) };
                self.look.read_for((number, segment.buffer()), span, &mut self.tape);
                segment.buffer()
            }
        };
        let (rows, said) = (&mut self.rows, &mut self.said);
        let is =
            self.look.at(
                bytes,
                (span, segment.is_some()),
                &mut self.tape,
                self.bits,
                &mut |field, value| match value {
                    Said::Time(instant) if field == Field::Time => rows.time.set(row, packed(instant.0)),
                    Said::Length(nanos) if field == Field::Duration => rows.duration.set(row, packed(nanos)),
                    _ if field == Field::Time => rows.time.set(row, FAR),
                    _ if field == Field::Duration => rows.duration.set(row, FAR),
                    Said::Text(text) => said.add((row, field), Sort::Text, &text),
                    Said::Plain(text) => said.add((row, field), Sort::Text, text),
                    Said::Json(json) => said.add((row, field), Sort::Json, &json),
                    Said::Time(_) | Said::Length(_) => said.elsewhere(row, field),
                },
            );
        match is {
            Is::Event(number) => self.rows.event_type.set(row, number as u32 + 1),
            Is::Ambiguous => self.rows.event_type.set(row, self.ambiguous()),
            Is::Unknown => self.counts.unknown += 1,
        }
        if self.said.is_full() { self.settle() } else { Ok(()) }
    }

    /// Puts into the columns what the last rows' fields say. Where there is no memory, those rows are not in the index.
    fn settle(&mut self) -> Result<(), OutOfMemory> {
        let done = self.said.settle(&mut self.rows.fields, &mut self.values);
        if done.is_err() {
            self.counts.indexed = self.said.first_row().unwrap_or(self.counts.indexed);
        }
        done
    }

    #[cold]
    fn add_broken(
        &mut self,
        reason: Reason,
        fault: u64,
        length: u64,
        text: Option<Span>,
        at: Place,
    ) -> Result<(), OutOfMemory> {
        self.place(text, length, at)?;
        self.rows.faults.try_reserve(1).map_err(|_| OutOfMemory)?;
        self.rows.faults.push((self.counts.rows, fault));
        self.rows.reason.set(self.counts.rows, number_of(reason));
        self.counts.broken += 1;
        Ok(())
    }

    /// Notes where the next row stood, and keeps its bytes.
    fn place(&mut self, text: Option<Span>, length: u64, at: Place) -> Result<(), OutOfMemory> {
        let row = self.counts.rows;
        let mut base = 0;
        if let Some(span) = text.filter(|_| self.keeps) {
            let (start, of) = self.kept.add(row, span.of(self.source.bytes()), at.offset)?;
            self.rows.start.set(row, start + 1);
            base = of + u64::from(start);
        }
        self.rows.length.set(row, length.min(u64::from(u32::MAX)) as u32);
        self.rows.drift.set(row, at.offset.wrapping_sub(base));
        let rows = row - self.begun.last().copied().unwrap_or_default();
        self.rows.line.set(row, if at.line == 0 { 0 } else { (at.line as u32).wrapping_sub(rows) ^ LINES });
        Ok(())
    }
}

fn number_of(reason: Reason) -> u32 {
    1 + Reason::ALL.iter().position(|known| *known == reason).unwrap_or_default() as u32
}
