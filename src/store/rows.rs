//! Sets of rows.

/// A set of rows: a bit for each that there was when it was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowSet {
    /// A bit for each row, the first the lowest.
    words: Vec<u64>,
    /// How many rows could be in it.
    rows: u32,
}

impl RowSet {
    /// None of so many rows.
    pub fn none(rows: u32) -> RowSet {
        RowSet { words: vec![0; (rows as usize).div_ceil(64)], rows }
    }

    /// All of so many rows.
    pub fn all(rows: u32) -> RowSet {
        let mut set = RowSet { words: vec![u64::MAX; (rows as usize).div_ceil(64)], rows };
        if let Some(last) = set.words.last_mut().filter(|_| !rows.is_multiple_of(64)) {
            *last = (1 << (rows % 64)) - 1;
        }
        set
    }

    /// Those of so many rows for which something holds.
    pub(super) fn which(rows: u32, mut holds: impl FnMut(u32) -> bool) -> RowSet {
        let mut set = RowSet::none(rows);
        (0..rows).filter(|row| holds(*row)).for_each(|row| set.add(row));
        set
    }

    /// Puts a row in it; one that there is not, not.
    #[inline(always)]
    pub fn add(&mut self, row: u32) {
        if row < self.rows
            && let Some(word) = self.words.get_mut(row as usize / 64)
        {
            *word |= 1 << (row % 64);
        }
    }

    /// Whether a row is in it.
    #[inline(always)]
    pub fn has(&self, row: u32) -> bool {
        self.words.get(row as usize / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// How many rows are in it.
    pub fn count(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }

    /// The rows that are in both.
    pub fn and(&self, other: &RowSet) -> RowSet {
        self.with(other, |a, b| a & b)
    }

    /// The rows that are in either.
    pub fn or(&self, other: &RowSet) -> RowSet {
        self.with(other, |a, b| a | b)
    }

    /// The rows that are in this and not in the other.
    pub fn minus(&self, other: &RowSet) -> RowSet {
        self.with(other, |a, b| a & !b)
    }

    #[inline(always)]
    fn with(&self, other: &RowSet, both: impl Fn(u64, u64) -> u64) -> RowSet {
        let len = self.words.len().max(other.words.len());
        let word = |set: &RowSet, at: usize| set.words.get(at).copied().unwrap_or_default();
        let words = (0..len).map(|at| both(word(self, at), word(other, at))).collect();
        RowSet { words, rows: self.rows.max(other.rows) }
    }

    /// The rows that are in it, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.iter_from(0)
    }

    /// The same from a row on.
    pub(super) fn iter_from(&self, row: u32) -> impl Iterator<Item = u32> + '_ {
        let first = row as usize / 64;
        let words = self.words.iter().enumerate().skip(first);
        words.flat_map(move |(at, word)| {
            let mut left = if at == first { word >> (row % 64) << (row % 64) } else { *word };
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros())?;
                left &= left - 1;
                Some(at as u32 * 64 + bit)
            })
        })
    }

    /// Some of the rows in it: those from a place on, ascending.
    pub fn page(&self, from: usize, count: usize) -> Vec<u32> {
        let mut left = from;
        for (at, word) in self.words.iter().enumerate() {
            let here = word.count_ones() as usize;
            if left < here {
                return self.iter_from(at as u32 * 64).skip(left).take(count).collect();
            }
            left -= here;
        }
        Vec::new()
    }

    /// How many rows before this one are in it.
    pub fn rank(&self, row: u32) -> usize {
        let at = row as usize / 64;
        let before: u32 = self.words.iter().take(at).map(|word| word.count_ones()).sum();
        let here = self.words.get(at).map_or(0, |word| (word & ((1 << (row % 64)) - 1)).count_ones());
        (before + here) as usize
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn set(rows: u32, of: &BTreeSet<u32>) -> RowSet {
        RowSet::which(rows, |row| of.contains(&row))
    }

    proptest! {
        #[test]
        fn sets_are_sets(rows in 0..300u32, a in prop::collection::btree_set(0..300u32, 0..80), b in prop::collection::btree_set(0..300u32, 0..80), row in 0..320u32) {
            let a: BTreeSet<u32> = a.into_iter().filter(|row| *row < rows).collect();
            let b: BTreeSet<u32> = b.into_iter().filter(|row| *row < rows).collect();
            let (one, other) = (set(rows, &a), set(rows, &b));
            prop_assert_eq!(one.and(&other), set(rows, &(&a & &b)));
            prop_assert_eq!(one.or(&other), set(rows, &(&a | &b)));
            prop_assert_eq!(one.minus(&other), set(rows, &(&a - &b)));
            prop_assert_eq!(RowSet::all(rows).minus(&one).count() as usize, rows as usize - a.len());
            prop_assert_eq!(one.count() as usize, a.len());
            prop_assert_eq!(one.has(row), a.contains(&row));
            prop_assert_eq!(one.rank(row), a.range(..row).count());
            prop_assert_eq!(one.iter().collect::<Vec<_>>(), a.iter().copied().collect::<Vec<_>>());
            for from in 0..a.len() + 1 {
                prop_assert_eq!(one.page(from, 3), a.iter().copied().skip(from).take(3).collect::<Vec<_>>());
            }
        }
    }
}
