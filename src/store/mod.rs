//! A log in memory, for whoever looks at one: the records as they are, and beside them an index of their common fields.
//!
//! A record is a row, a broken one too. Each common field is a [`Column`](column::Column) of numbers, behind which the
//! different [`values`] stand once; times and lengths of time are columns of nanoseconds. A query is answered from the
//! columns as far as they tell, and by the record itself where they do not ([`search`]).

mod column;
mod figures;
mod kept;
mod load;
mod look;
mod memory;
mod rows;
mod runs;
mod said;
mod search;
mod sort;
#[cfg(test)]
mod tests;
mod values;
mod write;

pub use figures::{Facet, Group, Histogram, Series};
pub use memory::OutOfMemory;
pub use rows::RowSet;
pub use runs::RunSummary;
pub use search::{Progress, Search, Slice};
pub use sort::SortKey;

use crate::catalog::Field;
use crate::document::Problems;
use crate::limits::Limits;
use crate::query::Query;
use crate::recognition::Catalog;
use crate::scan::{Format, Frames, Reason, Source};
use crate::span::Span;
use crate::tape::Tape;
use column::Column;
use kept::Kept;
use look::Look;
use said::Said;
use values::Values;

/// Fields that are not in the index: free text that hardly comes twice.
const UNINDEXED: [Field; 1] = [Field::Message];

/// A point or length of time that does not fit in 64 bits of nanoseconds: the record tells.
const FAR: u64 = 1;

/// What keeps a row on a line apart from one on none.
const LINES: u32 = 1 << 31;

/// Nanoseconds as a column holds them: 0 is no value, and the order is theirs.
fn packed(nanos: i128) -> u64 {
    match i64::try_from(nanos) {
        Ok(nanos) if nanos > i64::MIN + 1 => (nanos as u64) ^ 1 << 63,
        _ => FAR,
    }
}

/// The nanoseconds of a cell; none where it holds none.
fn nanos(cell: u64) -> Option<i64> {
    (cell > FAR).then_some((cell ^ 1 << 63) as i64)
}

/// How much a store holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows.
    pub rows: u32,
    /// Those that are no JSON, or over a limit.
    pub broken: u32,
    /// Rows that are in the index, the first ones.
    pub indexed: u32,
    /// Those of them that are JSON and no event of the catalogue.
    pub unknown: u32,
    /// Bytes taken in.
    pub bytes: u64,
    /// Bytes of records that are kept.
    pub kept: u64,
    /// Bytes of memory that the index takes.
    pub index: usize,
}

/// A log in memory.
///
/// ```
/// use logweir::{Catalog, Format, LogStore};
/// let mut store = LogStore::new(&Catalog::built_in(), Format::Auto, true, usize::MAX);
/// store.begin();
/// store.push(b"{\"logType\":\"execution_event\",\"eventType\":\"failed\"}\n{\"a\":1}\n{\"a\":")?;
/// store.end()?;
/// let counts = store.counts();
/// assert_eq!((counts.rows, counts.broken, counts.unknown), (3, 1, 1));
/// let mut search = store.search("@status:failed", None, None).unwrap();
/// while !search.step(&store, 1000).done {}
/// assert_eq!(search.found().page(0, 10), [0]);
/// # Ok::<(), logweir::OutOfMemory>(())
/// ```
#[derive(Debug)]
pub struct LogStore {
    catalog: Catalog,
    format: Format,
    /// The records' bytes are kept.
    keeps: bool,
    /// Records are put into the index when somebody says so.
    later: bool,
    /// Bytes that it may take.
    most: usize,
    /// There was no memory in the middle of something: nothing more is taken in.
    full: bool,

    // What reads.
    limits: Limits,
    source: Source,
    frames: Frames,
    tape: Tape,
    look: Look,
    said: Said,
    indexed: Vec<Field>,
    /// The same, a bit for each.
    bits: u32,

    // What there is.
    counts: Counts,
    /// The first row of each source.
    begun: Vec<u32>,
    kept: Kept,
    values: Values,
    rows: Rows,
}

/// The columns.
#[derive(Debug, Default)]
struct Rows {
    /// The place of the record in its segment.
    start: Column<u32>,
    length: Column<u32>,
    /// How much further in the source it stood than its place in its segment tells.
    drift: Column<u64>,
    /// How many more lines there were up to it than rows before it, and [`LINES`]; 0: nobody counts lines.
    line: Column<u32>,
    /// The event type's number, from 1 on; behind the last: it could be several.
    event_type: Column<u32>,
    /// Why nothing can be said: the place among all reasons, from 1 on.
    reason: Column<u32>,
    time: Column<u64>,
    duration: Column<u64>,
    /// By the number of the common field.
    fields: Vec<Column<u32>>,
    /// Of broken rows, ascending, where the fault is.
    faults: Vec<(u32, u64)>,
}

impl Rows {
    fn seal_places(&mut self) {
        [&mut self.start, &mut self.length, &mut self.line, &mut self.reason].into_iter().for_each(Column::seal);
        self.drift.seal();
    }

    fn seal_fields(&mut self) {
        std::iter::once(&mut self.event_type).chain(&mut self.fields).for_each(Column::seal);
        [&mut self.time, &mut self.duration].into_iter().for_each(Column::seal);
    }

    fn bytes(&self) -> usize {
        let small = [&self.start, &self.length, &self.line, &self.event_type, &self.reason].into_iter();
        let wide = [&self.drift, &self.time, &self.duration].into_iter();
        let small = small.chain(&self.fields).map(Column::bytes).sum::<usize>();
        small + wide.map(Column::bytes).sum::<usize>() + self.faults.capacity() * size_of::<(u32, u64)>()
    }
}

impl LogStore {
    /// Records are put into the index by [`LogStore::index`], no longer as they come. Of a store that keeps no bytes,
    /// they are as before.
    pub fn index_later(&mut self) {
        self.later = self.keeps;
    }

    /// An empty store. `keeps`: it keeps the records' bytes, else its index alone. `most`: the bytes of memory that it may
    /// take.
    pub fn new(catalog: &Catalog, format: Format, keeps: bool, most: usize) -> LogStore {
        let indexed: Vec<Field> = Field::ALL
            .iter()
            .map(|(field, _)| *field)
            .filter(|field| *field != Field::Type && !UNINDEXED.contains(field))
            .collect();
        let columns = Field::ALL.iter().map(|_| Column::default()).collect();
        LogStore {
            look: Look::new(catalog, &indexed),
            catalog: catalog.clone(),
            format,
            keeps,
            later: false,
            most,
            full: false,
            limits: Limits::default(),
            source: Source::default(),
            frames: Frames::default(),
            tape: Tape::default(),
            said: Said::default(),
            bits: indexed.iter().fold(0, |bits, field| bits | 1 << *field as u32),
            indexed,
            counts: Counts::default(),
            begun: Vec::new(),
            kept: Kept::default(),
            values: Values::default(),
            rows: Rows { fields: columns, ..Rows::default() },
        }
    }

    /// How much it holds.
    pub fn counts(&self) -> Counts {
        Counts { kept: self.kept.bytes, ..self.counts }
    }

    /// The first row of each source.
    pub fn sources(&self) -> impl Iterator<Item = u32> + '_ {
        self.begun.iter().copied()
    }

    /// Where a kept record stands in its segment.
    fn span(&self, row: u32) -> Option<Span> {
        let start = self.rows.start.get(row).checked_sub(1)? as usize;
        Some(Span { start, end: start + self.rows.length.get(row) as usize })
    }

    /// A record as it was; none where its bytes are not kept.
    pub fn record(&self, row: u32) -> Option<&[u8]> {
        self.span(row).map(|span| self.kept.record(row, span))
    }

    /// Where in its source a row begins.
    pub fn offset(&self, row: u32) -> u64 {
        let drift = self.rows.drift.get(row);
        match self.rows.start.get(row).checked_sub(1) {
            Some(start) => {
                let base = self.kept.segment(self.kept.number_of(row)).map_or(0, |segment| segment.base);
                drift.wrapping_add(base + u64::from(start))
            }
            None => drift,
        }
    }

    /// The length of a row in its source, in bytes.
    pub fn length(&self, row: u32) -> u32 {
        self.rows.length.get(row)
    }

    /// The source of a row.
    pub fn source_of(&self, row: u32) -> usize {
        self.begun.partition_point(|first| *first <= row).saturating_sub(1)
    }

    /// A row's line in its source, from 1; none where the format does not go by lines.
    pub fn line(&self, row: u32) -> Option<u32> {
        let rows = row - self.begun.get(self.source_of(row)).copied().unwrap_or_default();
        Some(self.rows.line.get(row)).filter(|line| *line > 0).map(|line| (line ^ LINES).wrapping_add(rows))
    }

    /// Why nothing can be said of a row.
    pub fn reason(&self, row: u32) -> Option<Reason> {
        match (self.rows.reason.get(row) as usize).checked_sub(1) {
            Some(number) => Reason::ALL.get(number).copied(),
            None => (self.rows.event_type.get(row) == self.ambiguous()).then_some(Reason::AmbiguousEvent),
        }
    }

    /// Whether a row is no record.
    fn is_broken(&self, row: u32) -> bool {
        self.rows.reason.get(row) != 0
    }

    /// The event type of a row: the place in [`Catalog::types`].
    pub fn event_type(&self, row: u32) -> Option<usize> {
        let number = (self.rows.event_type.get(row) as usize).checked_sub(1)?;
        (number < self.catalog.event_types().len()).then_some(number)
    }

    /// In place of an event type: it could be several.
    fn ambiguous(&self) -> u32 {
        self.catalog.event_types().len() as u32 + 1
    }

    fn column(&self, field: Field) -> &Column<u32> {
        match field {
            Field::Type => &self.rows.event_type,
            field => &self.rows.fields[field as usize],
        }
    }

    /// The cell of a row in the column of a field.
    #[inline(always)]
    fn cell(&self, field: Field, row: u32) -> u32 {
        let cell = self.column(field).get(row);
        let is_ambiguous = field == Field::Type && cell == self.ambiguous();
        if is_ambiguous { 0 } else { cell }
    }

    /// The value of a cell of a column of a field.
    fn text(&self, field: Field, cell: u32) -> Option<&[u8]> {
        match field {
            Field::Type => self.catalog.name((cell as usize).checked_sub(1)?).map(str::as_bytes),
            _ => self.values.get(cell).map(|(_, text)| text),
        }
    }

    /// All rows.
    pub fn all(&self) -> RowSet {
        RowSet::all(self.counts.rows)
    }

    /// The rows of which nothing can be said.
    pub fn broken(&self) -> RowSet {
        RowSet::which(self.counts.rows, |row| self.reason(row).is_some())
    }

    /// The rows from one point in time up to, not including, another, in nanoseconds since 1970.
    pub fn during(&self, from: i64, to: i64) -> RowSet {
        let within = |row| nanos(self.rows.time.get(row)).is_some_and(|time| (from..to).contains(&time));
        RowSet::which(self.counts.rows, within)
    }

    /// Begins a search among some rows; see [`Query::compile`].
    ///
    /// # Errors
    /// What is wrong with the query.
    pub fn search(&self, text: &str, now: Option<i64>, within: Option<RowSet>) -> Result<Search, Problems> {
        let query = Query::compile(text, &self.catalog, now)?;
        Ok(Search::new(self, query, within.unwrap_or_else(|| self.all())))
    }
}
