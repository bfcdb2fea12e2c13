//! Rows in an order, equals in the order in which they came, those without a value last.

use std::cmp::Ordering;

use super::values::Sort;
use super::{LogStore, RowSet, nanos};
use crate::catalog::Field;
use crate::tape::number;

/// By what rows are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortKey {
    /// A common field of the index, by its number in the catalogue.
    Field(u8),
    /// The record's bytes.
    Size,
    /// The order in which they came.
    Row,
}

/// The levels, the mildest first.
const LEVELS: [&[u8]; 5] = [b"debug", b"info", b"warn", b"error", b"fatal"];

/// How grave a level is, from 1 on; 0 for a text that is none.
pub(super) fn gravity(text: &[u8]) -> u64 {
    LEVELS.iter().position(|level| *level == text).map_or(0, |at| at as u64 + 1)
}

impl LogStore {
    /// The rows of a set in an order.
    pub fn sorted(&self, set: &RowSet, key: SortKey, descending: bool) -> Vec<u32> {
        let mut keyed: Vec<(u64, u32)> = Vec::new();
        let mut without = Vec::new();
        let ranks = self.ranks(set, key);
        let field = if let SortKey::Field(number) = key { self.field_of(number) } else { None };
        for row in set.iter() {
            let value = match (key, field) {
                (SortKey::Size, _) => Some(u64::from(self.rows.length.get(row))),
                (SortKey::Row, _) => Some(u64::from(row)),
                (_, Some(Field::Time)) => Some(self.rows.time.get(row)).filter(|cell| nanos(*cell).is_some()),
                (_, Some(Field::Duration)) => Some(self.rows.duration.get(row)).filter(|cell| nanos(*cell).is_some()),
                (_, Some(field)) => ranks.get(self.column(field).get(row) as usize).copied().filter(|rank| *rank > 0),
                (_, None) => None,
            };
            match value {
                Some(value) => keyed.push((if descending { !value } else { value }, row)),
                None => without.push(row),
            }
        }
        radix(&mut keyed);
        keyed.into_iter().map(|(_, row)| row).chain(without).collect()
    }

    /// Of each cell of the column that is sorted by, its rank, from 1 on; 0 has none.
    fn ranks(&self, set: &RowSet, key: SortKey) -> Vec<u64> {
        let SortKey::Field(number) = key else { return Vec::new() };
        let Some(field) = self.field_of(number).filter(|field| !matches!(field, Field::Time | Field::Duration)) else {
            return Vec::new();
        };
        let column = self.column(field);
        let mut ranks = vec![0u64; self.cells(field)];
        let mut cells = Vec::new();
        for row in set.iter() {
            let cell = column.get(row);
            if self.text(field, cell).is_some()
                && let Some(rank @ 0) = ranks.get_mut(cell as usize)
            {
                *rank = 1;
                cells.push(cell);
            }
        }
        for (rank, cell) in (1..).zip(self.in_order(field, cells)) {
            ranks[cell as usize] = rank;
        }
        ranks
    }

    /// Cells in the order of their values: by their first letters, and where these are alike, by all.
    fn in_order(&self, field: Field, cells: Vec<u32>) -> Vec<u32> {
        let mut keyed: Vec<(u64, u32)> =
            cells.into_iter().map(|cell| (self.first_letters(field, cell), cell)).collect();
        radix(&mut keyed);
        for alike in keyed.chunk_by_mut(|a, b| a.0 == b.0) {
            alike.sort_by(|a, b| self.compare(field, a.1, b.1));
        }
        keyed.into_iter().map(|(_, cell)| cell).collect()
    }

    /// A number in the order of [`LogStore::compare`], alike for values that begin alike; for all numbers and levels.
    fn first_letters(&self, field: Field, cell: u32) -> u64 {
        match self.text(field, cell) {
            Some(text) if field != Field::Level && !self.is_number(field, cell) => {
                let mut first = [0; 8];
                first.iter_mut().zip(text).for_each(|(to, letter)| *to = letter.to_ascii_lowercase());
                u64::from_be_bytes(first).max(1)
            }
            _ => 0,
        }
    }

    fn is_number(&self, field: Field, cell: u32) -> bool {
        field != Field::Type
            && self.values.get(cell).is_some_and(|(sort, text)| {
                sort == Sort::Json && text.first().is_some_and(|b| b.is_ascii_digit() || *b == b'-')
            })
    }

    /// Numbers by value, before texts; levels by gravity; other texts but for case, then by their bytes.
    pub(super) fn compare(&self, field: Field, a: u32, b: u32) -> Ordering {
        let (Some(one), Some(other)) = (self.text(field, a), self.text(field, b)) else { return a.cmp(&b) };
        match (self.is_number(field, a), self.is_number(field, b)) {
            (true, true) => number::compare(one, other).then_with(|| one.cmp(other)),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            _ if field == Field::Level => gravity(one).cmp(&gravity(other)).then_with(|| one.cmp(other)),
            _ => {
                let but_for_case = one.iter().map(u8::to_ascii_lowercase).cmp(other.iter().map(u8::to_ascii_lowercase));
                but_for_case.then_with(|| one.cmp(other))
            }
        }
    }

    /// One more than the largest cell of a column.
    pub(super) fn cells(&self, field: Field) -> usize {
        match field {
            Field::Type => self.catalog.event_types().len() + 2,
            _ => self.values.len(),
        }
    }

    /// A common field that is in the index, by its number.
    pub(super) fn field_of(&self, number: u8) -> Option<Field> {
        let field = Field::ALL.get(usize::from(number)).map(|(field, _)| *field)?;
        (field == Field::Type || self.indexed.contains(&field)).then_some(field)
    }
}

/// Sorts by key, byte by byte from the last one; bytes that are all alike are passed over.
pub(super) fn radix(entries: &mut Vec<(u64, u32)>) {
    if entries.is_sorted_by_key(|(key, _)| *key) {
        return;
    }
    let mut other = entries.clone();
    for shift in (0..64).step_by(8) {
        let mut counts = [0usize; 256];
        let byte = |key: u64| (key >> shift) as u8 as usize;
        entries.iter().for_each(|(key, _)| counts[byte(*key)] += 1);
        if counts.contains(&entries.len()) {
            continue;
        }
        let mut next = 0;
        for count in &mut counts {
            next += std::mem::replace(count, next);
        }
        for entry in entries.iter() {
            let place = &mut counts[byte(entry.0)];
            if let Some(to) = other.get_mut(*place) {
                *to = *entry;
            }
            *place += 1;
        }
        std::mem::swap(entries, &mut other);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::radix;

    proptest! {
        #[test]
        fn entries_are_sorted_and_equals_stay(keys in prop::collection::vec(prop_oneof![0..5u64, any::<u64>()], 0..200)) {
            let mut entries: Vec<(u64, u32)> = keys.into_iter().zip(0..).collect();
            let mut expected = entries.clone();
            expected.sort_by_key(|(key, _)| *key);
            radix(&mut entries);
            prop_assert_eq!(entries, expected);
        }
    }
}
