//! Rows that belong together: of one value, of one run, of runs that called each other.

use super::sort::{gravity, radix};
use super::values::{ELSEWHERE, Sort};
use super::{LogStore, RowSet, nanos};
use crate::catalog::Field;

/// One execution, job or conversation: the rows that share `@run.id`.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RunSummary {
    /// Its `@run.id`.
    pub run: String,
    /// The first `@parent.id` that its rows name.
    pub parent: Option<String>,
    /// The first `@trace.id`.
    pub trace: Option<String>,
    /// How many rows of the set it has.
    pub rows: u32,
    /// The first of them in time; without times, as they came.
    pub first: u32,
    /// The last of them.
    pub last: u32,
    /// When it began, in nanoseconds since 1970, as text.
    pub from: Option<String>,
    /// When its last row was.
    pub to: Option<String>,
    /// The gravest `@level`.
    pub level: Option<String>,
    /// The `@status` of the last row that has one.
    pub status: Option<String>,
}

impl LogStore {
    /// The rows of which a field is that text; without one, those of which it has no value.
    pub fn rows_where(&self, field: u8, text: Option<&str>) -> RowSet {
        let Some(field) = self.field_of(field) else { return RowSet::none(self.counts.rows) };
        let cells = match (text, field) {
            (None, _) => [Some(0), None],
            (Some(text), Field::Type) => {
                let number = self.catalog.types().position(|(name, _)| name == text);
                [number.map(|number| number as u32 + 1), None]
            }
            (Some(text), _) => self.values.alike(text.as_bytes()),
        };
        RowSet::which(self.counts.rows, |row| cells.contains(&Some(self.cell(field, row))))
    }

    /// The rows that share a row's value of a field; itself alone where it has none, or one that is not in the index.
    pub fn same(&self, row: u32, field: u8) -> RowSet {
        let mut set = RowSet::none(self.counts.rows);
        set.add(row);
        let Some(field) = self.field_of(field) else { return set };
        match self.text(field, self.column(field).get(row)) {
            Some(text) => self.rows_where(field as u8, std::str::from_utf8(text).ok()).or(&set),
            None => set,
        }
    }

    /// The rows of a row's run, of all runs that called each other with it, and of their traces.
    pub fn trace(&self, row: u32) -> RowSet {
        let columns = [Field::RunId, Field::ParentId, Field::TraceId].map(|field| self.column(field));
        // Values that belong together have one root.
        let mut roots: Vec<u32> = (0..self.values.len() as u32).collect();
        let cells = |row: u32| columns.map(|column| column.get(row)).into_iter().filter(|cell| *cell > ELSEWHERE);
        for row in 0..self.counts.rows {
            let mut first = None;
            for cell in cells(row) {
                if let Some((Sort::Json, text)) = self.values.get(cell)
                    && let Some(other) = self.values.find(Sort::Text, text)
                {
                    join(&mut roots, cell, other);
                }
                join(&mut roots, *first.get_or_insert(cell), cell);
            }
        }
        let Some(own) = cells(row).next().map(|cell| root(&mut roots, cell)) else {
            return RowSet::which(self.counts.rows, |other| other == row);
        };
        RowSet::which(self.counts.rows, |row| cells(row).next().is_some_and(|cell| root(&mut roots, cell) == own))
    }

    /// The runs that have rows in a set, the earliest first, those without a time last: `count` of them from a place on.
    pub fn runs(&self, set: &RowSet, from: usize, count: usize) -> Vec<RunSummary> {
        let column = self.column(Field::RunId);
        let mut entries: Vec<(u64, u32)> = Vec::new();
        for row in set.iter() {
            let cell = column.get(row);
            if cell > ELSEWHERE {
                entries.push((cell.into(), row));
            }
        }
        radix(&mut entries);
        let mut runs: Vec<(u64, &[(u64, u32)])> = Vec::new();
        for run in entries.chunk_by(|a, b| a.0 == b.0) {
            let times = run.iter().map(|(_, row)| self.rows.time.get(*row)).filter(|cell| nanos(*cell).is_some());
            runs.push((times.min().unwrap_or(u64::MAX), run));
        }
        runs.sort_by_key(|(begun, run)| (*begun, run.first().map(|(_, row)| *row)));
        runs.into_iter().skip(from).take(count).map(|(_, run)| self.summary(run)).collect()
    }

    fn summary(&self, run: &[(u64, u32)]) -> RunSummary {
        let mut rows: Vec<(u64, u32)> = run.iter().map(|(_, row)| (self.rows.time.get(*row), *row)).collect();
        radix(&mut rows);
        let said = |field: Field, row: u32| {
            let text = self.text(field, self.column(field).get(row))?;
            Some(String::from_utf8_lossy(text).into_owned())
        };
        let first = |field: Field| rows.iter().find_map(|(_, row)| said(field, *row));
        let levels = rows.iter().filter_map(|(_, row)| said(Field::Level, *row));
        let time = |cell: u64| nanos(cell).map(|nanos| crate::time::digits(nanos.into()));
        let timed = || rows.iter().filter(|(cell, _)| nanos(*cell).is_some());
        let (start, end) = (timed().next().or(rows.first()), rows.last());
        RunSummary {
            run: first(Field::RunId).unwrap_or_default(),
            parent: first(Field::ParentId),
            trace: first(Field::TraceId),
            rows: rows.len() as u32,
            first: start.map_or(0, |(_, row)| *row),
            last: end.map_or(0, |(_, row)| *row),
            from: start.and_then(|(cell, _)| time(*cell)),
            to: end.and_then(|(cell, _)| time(*cell)),
            level: levels.max_by_key(|level| gravity(level.as_bytes())),
            status: rows.iter().rev().find_map(|(_, row)| said(Field::Status, *row)),
        }
    }
}

/// The root of what a value belongs to; ways there are halved as they are gone.
fn root(roots: &mut [u32], mut at: u32) -> u32 {
    loop {
        let Some(&next) = roots.get(at as usize) else { return at };
        let Some(&beyond) = roots.get(next as usize) else { return next };
        if next == beyond {
            return next;
        }
        roots[at as usize] = beyond;
        at = beyond;
    }
}

fn join(roots: &mut [u32], a: u32, b: u32) {
    let (a, b) = (root(roots, a), root(roots, b));
    if let Some(root) = roots.get_mut(a.max(b) as usize) {
        *root = a.min(b);
    }
}
