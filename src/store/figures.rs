//! Counting: by value, over time, in groups.

use std::cmp::Reverse;

use super::sort::radix;
use super::values::ELSEWHERE;
use super::{LogStore, RowSet, nanos};
use crate::catalog::Field;

/// How the rows of a set divide by the values of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Facet {
    /// Values and how many rows have them, the most frequent first.
    pub values: Vec<(Option<String>, u32)>,
    /// How many different values there are.
    pub distinct: u32,
    /// Rows without a value.
    pub missing: u32,
    /// Rows whose value is not in the index.
    pub unindexed: u32,
}

/// Rows over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Histogram {
    /// Where the first bucket begins, in nanoseconds since 1970, as text.
    pub from: String,
    /// Where the last one ends.
    pub to: String,
    /// A series for each value, the most frequent first, and perhaps one for all others.
    pub series: Vec<Series>,
    /// Rows without a time.
    pub untimed: u32,
    /// Rows with another one.
    pub outside: u32,
}

/// The rows of one value over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Series {
    /// They are those of one value, or of none.
    pub is_one: bool,
    /// That value.
    pub value: Option<String>,
    /// Rows of each bucket.
    pub counts: Vec<u32>,
}

/// Rows that have the same values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Group {
    /// A value for each field.
    pub values: Vec<Option<String>>,
    /// Rows.
    pub count: u32,
    /// How many have a duration.
    pub timed: u32,
    /// The sum of these, in nanoseconds, as text.
    pub sum: String,
    /// Percentiles of these, in nanoseconds, as texts.
    pub percentiles: Vec<String>,
}

impl LogStore {
    /// The rows of a set by the values of a field, which is one of texts; at most so many values.
    pub fn facet(&self, set: &RowSet, field: u8, top: usize) -> Facet {
        let Some(field) = self.field_of(field) else { return Facet::default() };
        let mut counts = self.counted(field, set.iter());
        let mut facet = Facet { missing: counts[0], ..Facet::default() };
        if let Some(unindexed) = counts.get_mut(ELSEWHERE as usize).filter(|_| field != Field::Type) {
            facet.unindexed = std::mem::take(unindexed);
        }
        facet.distinct = counts.iter().skip(1).filter(|count| **count > 0).count() as u32;
        let value = |cell: u32| (self.owned(field, cell), counts[cell as usize]);
        facet.values = self.by_count(field, &counts, top).into_iter().map(value).collect();
        facet
    }

    /// How often each cell of a column stands in some rows.
    fn counted(&self, field: Field, rows: impl Iterator<Item = u32>) -> Vec<u32> {
        let mut counts = vec![0u32; self.cells(field)];
        for row in rows {
            if let Some(count) = counts.get_mut(self.cell(field, row) as usize) {
                *count += 1;
            }
        }
        counts
    }

    /// The cells that were counted, the most frequent first; equals in the order of their values. At most so many.
    fn by_count(&self, field: Field, counts: &[u32], top: usize) -> Vec<u32> {
        let mut cells: Vec<u32> = (0..).zip(counts).filter(|(_, count)| **count > 0).map(|(cell, _)| cell).collect();
        let count = |cell: u32| Reverse(counts[cell as usize]);
        let compare = |a: &u32, b: &u32| count(*a).cmp(&count(*b)).then_with(|| self.compare(field, *a, *b));
        if top < cells.len() {
            cells.select_nth_unstable_by(top, compare);
            cells.truncate(top);
        }
        cells.sort_by(compare);
        cells
    }

    fn owned(&self, field: Field, cell: u32) -> Option<String> {
        self.text(field, cell).map(|text| String::from_utf8_lossy(text).into_owned())
    }

    /// The rows of a set over time, in so many buckets, for at most so many values of a field. Without ends, from the
    /// first row to the last.
    pub fn histogram(
        &self,
        set: &RowSet,
        ends: (Option<i64>, Option<i64>),
        buckets: usize,
        by: Option<(u8, usize)>,
    ) -> Histogram {
        let times = || set.iter().map(|row| (row, nanos(self.rows.time.get(row))));
        // Whole milliseconds, which everybody can write.
        let whole = |nanos: i64| nanos.div_euclid(1_000_000).saturating_mul(1_000_000);
        let from = ends.0.or_else(|| times().filter_map(|(_, time)| time).min().map(whole)).unwrap_or_default();
        let last = || times().filter_map(|(_, time)| time).max();
        let to = ends.1.or_else(|| last().map(|last| whole(last).saturating_add(1_000_000)));
        let to = to.unwrap_or(from).max(from);
        let text = |nanos: i64| crate::time::digits(nanos.into());
        let mut histogram = Histogram { from: text(from), to: text(to), ..Histogram::default() };
        let mut within = Vec::new();
        for (row, time) in times() {
            match time {
                None => histogram.untimed += 1,
                Some(time) if (from..to).contains(&time) => within.push((row, time.wrapping_sub(from) as u64)),
                Some(_) => histogram.outside += 1,
            }
        }
        let width = (to.wrapping_sub(from) as u64).div_ceil(buckets.max(1) as u64).max(1);
        let by = by.and_then(|(field, top)| Some((self.field_of(field)?, top)));
        let series = |is_one, value| Series { is_one, value, counts: vec![0; buckets] };
        // Of each cell, its series.
        let mut place = Vec::new();
        if let Some((field, top)) = by {
            let mut counts = self.counted(field, within.iter().map(|(row, _)| *row));
            let all = counts.iter().filter(|count| **count > 0).count();
            if field != Field::Type {
                counts[ELSEWHERE as usize] = 0; // of any value: that is counted with the others
            }
            place = vec![u32::MAX; self.cells(field)];
            for cell in self.by_count(field, &counts, top) {
                place[cell as usize] = histogram.series.len() as u32;
                histogram.series.push(series(true, self.owned(field, cell)));
            }
            if histogram.series.len() < all {
                histogram.series.push(series(false, None));
            }
        } else {
            histogram.series.push(series(false, None));
        }
        let last = histogram.series.len().saturating_sub(1);
        for (row, since) in within {
            let cell = by.map_or(0, |(field, _)| self.cell(field, row) as usize);
            let at = place.get(cell).map_or(last, |place| (*place as usize).min(last));
            let bucket = (since / width) as usize;
            if let Some(count) = histogram.series.get_mut(at).and_then(|series| series.counts.get_mut(bucket)) {
                *count += 1;
            }
        }
        histogram
    }

    /// The rows of a set in groups that have the same values of some fields, the largest first, at most so many; with
    /// percentiles of their durations by nearest rank.
    pub fn group(&self, set: &RowSet, by: &[u8], percentiles: &[f64], top: usize) -> Vec<Group> {
        let fields: Vec<Field> = by.iter().filter_map(|number| self.field_of(*number)).collect();
        // Rows by their group, which is numbered anew for each field.
        let mut entries: Vec<(u64, u32)> = set.iter().map(|row| (0, row)).collect();
        for field in &fields {
            entries.iter_mut().for_each(|(key, row)| *key = *key << 32 | u64::from(self.cell(*field, *row)));
            radix(&mut entries);
            let (mut last, mut number) = (None, 0);
            for (key, _) in &mut entries {
                if last.is_some_and(|last| last != *key) {
                    number += 1;
                }
                last = Some(*key);
                *key = number;
            }
        }
        let mut groups: Vec<&[(u64, u32)]> = entries.chunk_by(|a, b| a.0 == b.0).collect();
        let values = |group: &[(u64, u32)], field: Field| group.first().map_or(0, |(_, row)| self.cell(field, *row));
        groups.sort_by(|a, b| {
            let compare = |field: &Field| self.compare(*field, values(a, *field), values(b, *field));
            let order = fields.iter().map(compare).find(|order| order.is_ne());
            b.len().cmp(&a.len()).then(order.unwrap_or(std::cmp::Ordering::Equal))
        });
        let told = groups.into_iter().take(top).map(|group| {
            let durations = group.iter().filter_map(|(_, row)| nanos(self.rows.duration.get(*row)));
            let mut durations: Vec<i64> = durations.collect();
            durations.sort_unstable();
            let rank = |percent: &f64| {
                let place = (percent / 100.0 * durations.len() as f64).ceil() as usize;
                let nanos = durations.get(place.clamp(1, durations.len().max(1)) - 1)?;
                Some(crate::time::digits((*nanos).into()))
            };
            Group {
                values: fields.iter().map(|field| self.owned(*field, values(group, *field))).collect(),
                count: group.len() as u32,
                timed: durations.len() as u32,
                sum: crate::time::digits(durations.iter().map(|nanos| i128::from(*nanos)).sum()),
                percentiles: percentiles.iter().filter_map(rank).collect(),
            }
        });
        told.collect()
    }
}
