//! A search that goes on step by step: by the index as far as that tells, by the record where it does not.

use super::values::{ELSEWHERE, Sort};
use super::{FAR, LogStore, RowSet, nanos};
use crate::catalog::Field;
use crate::detect::Said;
use crate::query::{Judge, Query};
use crate::scan::{PAD, PADDING};
use crate::span::Span;
use crate::time::EpochNanos;

/// Bytes of records that one step looks at, about.
const STEP_BYTES: u64 = 8 << 20;
/// Bytes that are asked for at a time, about.
const SLICE_BYTES: u64 = 4 << 20;

/// What a test says of a value.
const UNKNOWN: u8 = 0;
const NO: u8 = 1;
const YES: u8 = 2;

/// A stretch of a source's bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    /// The number of the source.
    pub source: usize,
    /// The first byte.
    pub start: u64,
    /// One behind the last.
    pub end: u64,
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows that are settled.
    pub scanned: u32,
    /// Rows to be looked at in all.
    pub total: u32,
    /// Those that match.
    pub found: u32,
    /// Nothing is left to do.
    pub done: bool,
    /// What has to be [handed in](Search::give) before it goes on.
    pub wants: Option<Slice>,
}

/// A search over the rows that a [`LogStore`] had when it was begun.
#[derive(Debug)]
pub struct Search {
    query: Query,
    tests: Vec<Test>,
    within: RowSet,
    found: RowSet,
    progress: Progress,
    /// The first row that is not settled.
    next: u32,
    judge: Judge,
    /// The segment at hand, and up to where it holds nothing that is looked for.
    segment: usize,
    clear: usize,
    /// What was handed in, with what an index needs behind it.
    slice: Slice,
    given: Vec<u8>,
}

/// A test of the query.
#[derive(Debug)]
struct Test {
    /// The common field that it asks for.
    field: Option<Field>,
    /// What it says of each value, as far as somebody asked.
    said: Vec<u8>,
}

/// What the bytes of a row say.
enum Told {
    Matches(bool),
    /// They are not at hand.
    Wanted,
}

impl Search {
    pub(super) fn new(store: &LogStore, query: Query, within: RowSet) -> Search {
        let rows = store.counts.rows;
        let progress = Progress { total: within.count(), done: within.count() == 0, ..Progress::default() };
        let test = |field: Option<Field>| {
            let len = match field {
                None | Some(Field::Time | Field::Duration | Field::Message) => 0,
                Some(Field::Type) => store.cells(Field::Type),
                Some(_) => store.values.len(),
            };
            Test { field, said: vec![UNKNOWN; len] }
        };
        Search {
            tests: query.fields().map(test).collect(),
            query,
            within,
            found: RowSet::none(rows),
            progress,
            next: 0,
            judge: Judge::default(),
            segment: usize::MAX,
            clear: 0,
            slice: Slice::default(),
            given: Vec::new(),
        }
    }

    /// Whether the index alone is asked, but for values that are not in it.
    pub fn is_indexed(&self) -> bool {
        self.tests.iter().all(|test| !matches!(test.field, None | Some(Field::Message)))
    }

    /// Where it stands.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// What was found so far.
    pub fn found(&self) -> &RowSet {
        &self.found
    }

    /// Goes on over at most so many rows, or so many as lie in some megabytes; `store` is the one that it was begun on.
    pub fn step(&mut self, store: &LogStore, most: u32) -> Progress {
        let (mut rows, mut bytes) = (0, 0);
        let within = std::mem::take(&mut self.within);
        let mut left = within.iter_from(self.next);
        self.progress.wants = None;
        while rows < most && bytes < STEP_BYTES {
            let Some(row) = left.next() else {
                self.progress.done = true;
                break;
            };
            let told = self.by_index(store, row).map_or_else(|| self.by_bytes(store, row, &mut bytes), Told::Matches);
            match told {
                Told::Matches(true) => {
                    self.found.add(row);
                    self.progress.found += 1;
                }
                Told::Matches(false) => {}
                Told::Wanted => {
                    self.progress.wants = Some(wanted(store, row));
                    self.next = row;
                    break;
                }
            }
            rows += 1;
            self.next = row + 1;
        }
        drop(left);
        self.within = within;
        self.progress.scanned += rows;
        self.progress.done |= self.progress.scanned == self.progress.total;
        self.progress
    }

    /// Whether a row matches, as far as the index tells.
    fn by_index(&mut self, store: &LogStore, row: u32) -> Option<bool> {
        if store.is_broken(row) {
            return Some(false);
        }
        let is_indexed = row < store.counts.indexed;
        let (query, tests) = (&self.query, &mut self.tests);
        query.tells(&mut |number| {
            let Test { field, said } = tests.get_mut(number)?;
            let field = (*field).filter(|_| is_indexed)?;
            let Some(event_type) = store.event_type(row) else { return Some(false) };
            match field {
                Field::Message => None,
                Field::Time | Field::Duration => {
                    let column = if field == Field::Time { &store.rows.time } else { &store.rows.duration };
                    let cell = column.get(row);
                    if cell == FAR {
                        return None;
                    }
                    let Some(nanos) = nanos(cell).map(i128::from) else { return Some(false) };
                    let (time, length) = (Said::Time(EpochNanos(nanos)), Said::Length(nanos));
                    Some(query.says(number, if field == Field::Time { time } else { length }))
                }
                _ => {
                    let cell = store.column(field).get(row);
                    match said.get_mut(cell as usize)? {
                        known @ &mut UNKNOWN => {
                            let holds = match (field, store.values.get(cell)) {
                                (Field::Type, _) => {
                                    let name = store.catalog.name(event_type).unwrap_or_default();
                                    query.says(number, Said::Plain(name.as_bytes()))
                                }
                                (_, Some((Sort::Text, text))) => query.says(number, Said::Plain(text)),
                                (_, Some((Sort::Json, text))) => query.says(number, Said::Json(text.into())),
                                _ if cell == ELSEWHERE => return None,
                                _ => false,
                            };
                            *known = if holds { YES } else { NO };
                            Some(holds)
                        }
                        known => Some(*known == YES),
                    }
                }
            }
        })
    }

    /// Whether a row matches, by its bytes.
    fn by_bytes(&mut self, store: &LogStore, row: u32, bytes: &mut u64) -> Told {
        let Some(span) = store.span(row) else { return self.by_given(store, row, bytes) };
        if !store.kept.holds(self.segment, row) {
            self.segment = store.kept.number_of(row);
            self.clear = 0;
        }
        let Some(segment) = store.kept.segment(self.segment) else { return Told::Matches(false) };
        if self.clear <= span.start {
            let text = segment.text();
            self.clear = self.query.next_hit(text, span.start).unwrap_or(text.len());
            *bytes += (self.clear - span.start) as u64 / 4; // looking for something is quicker than reading
        }
        if self.clear >= span.end {
            return Told::Matches(false);
        }
        *bytes += span.len() as u64;
        Told::Matches(self.query.matches_hit(&mut self.judge, segment.buffer(), span))
    }

    /// The same by what was handed in.
    fn by_given(&mut self, store: &LogStore, row: u32, bytes: &mut u64) -> Told {
        if store.keeps {
            return Told::Matches(false);
        }
        let (offset, length) = (store.offset(row), store.length(row));
        let end = offset + u64::from(length);
        let Slice { source, start, end: to } = self.slice;
        if source != store.source_of(row) || offset < start || end > to {
            return Told::Wanted;
        }
        let span = Span { start: (offset - start) as usize, end: (end - start) as usize };
        *bytes += u64::from(length);
        if span.end + PADDING > self.given.len() {
            return Told::Matches(false);
        }
        Told::Matches(self.judge.matches(&self.query, &self.given, span))
    }

    /// Room for the bytes that are wanted, to be written by the caller, who then says so by [`Search::given`]; none where
    /// nothing is wanted.
    pub fn give(&mut self) -> Option<&mut [u8]> {
        let Slice { start, end, .. } = self.progress.wants?;
        let len = (end - start) as usize;
        self.given.clear();
        self.given.try_reserve_exact(len + PADDING).ok()?;
        self.given.resize(len + PADDING, PAD);
        self.slice = Slice::default();
        self.given.get_mut(..len)
    }

    /// The bytes that are wanted stand in the room.
    pub fn given(&mut self) {
        self.slice = self.progress.wants.take().unwrap_or_default();
    }
}

/// The bytes of a row and of those behind it.
fn wanted(store: &LogStore, row: u32) -> Slice {
    let source = store.source_of(row);
    let ends = store.begun.get(source + 1).copied().unwrap_or(store.counts.rows);
    let start = store.offset(row);
    let mut end = start;
    for next in row..ends {
        let behind = store.offset(next) + u64::from(store.length(next));
        if end > start && behind > start + SLICE_BYTES {
            break;
        }
        end = behind;
    }
    Slice { source, start, end }
}
