//! A value for each row, in blocks: one that is all alike takes nothing, one of few values a byte a row.

/// Rows of a block.
pub(super) const BLOCK_ROWS: usize = 1 << 14;

/// What a column holds.
pub(super) trait Cell: Copy + Eq {
    /// What a row has of which nothing was said.
    const NONE: Self;
    /// Any number that is mostly another for another value.
    fn spread(self) -> usize;
}

impl Cell for u32 {
    const NONE: u32 = 0;
    fn spread(self) -> usize {
        (self.wrapping_mul(0x9E37_79B1) >> 16) as usize
    }
}

impl Cell for u64 {
    const NONE: u64 = 0;
    fn spread(self) -> usize {
        (self.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48) as usize
    }
}

#[derive(Debug)]
enum Block<T> {
    Same(T),
    /// At most 256 values, and for each row the place of its own among them.
    Few(Box<[u8]>, Box<[T]>),
    Many(Box<[T]>),
}

/// A value for each row.
#[derive(Debug)]
pub(super) struct Column<T> {
    blocks: Vec<Block<T>>,
    /// The last block, as far as something was said of its rows.
    open: Vec<T>,
}

impl<T> Default for Column<T> {
    fn default() -> Column<T> {
        Column { blocks: Vec::new(), open: Vec::new() }
    }
}

impl<T: Cell> Column<T> {
    /// Says what a row has. Rows come in their order, each once at most.
    #[inline(always)]
    pub(super) fn set(&mut self, row: u32, value: T) {
        if value == T::NONE {
            return;
        }
        let at = row as usize % BLOCK_ROWS;
        if self.open.len() < at {
            self.skip_to(at);
        }
        self.open.push(value);
    }

    #[inline(never)]
    fn skip_to(&mut self, at: usize) {
        if self.open.capacity() == 0 {
            self.open.reserve_exact(BLOCK_ROWS);
        }
        self.open.resize(at, T::NONE);
    }

    /// Ends a block: `BLOCK_ROWS` more rows are there.
    pub(super) fn seal(&mut self) {
        if self.open.is_empty() {
            return self.blocks.push(Block::Same(T::NONE));
        }
        self.open.resize(BLOCK_ROWS, T::NONE);
        let block = match few(&self.open) {
            Some((_, values)) if values.len() == 1 => Block::Same(values[0]),
            Some((codes, values)) => Block::Few(codes.into(), values.into()),
            None => Block::Many(self.open.as_slice().into()),
        };
        self.blocks.push(block);
        self.open.clear();
    }

    /// What a row has.
    #[inline(always)]
    pub(super) fn get(&self, row: u32) -> T {
        let at = row as usize % BLOCK_ROWS;
        match self.blocks.get(row as usize / BLOCK_ROWS) {
            Some(Block::Same(value)) => *value,
            Some(Block::Few(codes, values)) => {
                let code = codes.get(at).copied().unwrap_or_default();
                values.get(usize::from(code)).copied().unwrap_or(T::NONE)
            }
            Some(Block::Many(values)) => values.get(at).copied().unwrap_or(T::NONE),
            None => self.open.get(at).copied().unwrap_or(T::NONE),
        }
    }

    /// Bytes of memory.
    pub(super) fn bytes(&self) -> usize {
        let blocks = self.blocks.iter().map(|block| match block {
            Block::Same(_) => 0,
            Block::Few(codes, values) => codes.len() + size_of_val(&values[..]),
            Block::Many(values) => size_of_val(&values[..]),
        });
        blocks.sum::<usize>() + self.blocks.capacity() * size_of::<Block<T>>() + self.open.capacity() * size_of::<T>()
    }
}

/// The different ones of some values, if there are no more than 256, and for each its place among them.
fn few<T: Cell>(all: &[T]) -> Option<(Vec<u8>, Vec<T>)> {
    const SLOTS: usize = 1024;
    const EMPTY: u16 = u16::MAX;
    let (mut slots, mut values, mut codes) = ([EMPTY; SLOTS], Vec::new(), Vec::with_capacity(all.len()));
    for value in all {
        let mut at = value.spread() % SLOTS;
        let code = loop {
            match slots[at] {
                EMPTY if values.len() == 256 => return None,
                EMPTY => {
                    slots[at] = values.len() as u16;
                    values.push(*value);
                    break slots[at];
                }
                code if values.get(usize::from(code)) == Some(value) => break code,
                _ => at = (at + 1) % SLOTS,
            }
        };
        codes.push(code as u8);
    }
    Some((codes, values))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_row_has_what_was_said(many in 1..600u32, gaps in 1..5u32, rows in 1..40_000u32) {
            let mut column = Column::<u32>::default();
            let said = |row: u32| if row.is_multiple_of(gaps) { row.wrapping_mul(2_654_435_761) % many } else { 0 };
            for row in 0..rows {
                column.set(row, said(row));
                if (row as usize + 1).is_multiple_of(BLOCK_ROWS) {
                    column.seal();
                }
            }
            for row in 0..rows {
                prop_assert_eq!(column.get(row), said(row));
            }
            prop_assert_eq!(column.get(rows), 0);
        }
    }
}
