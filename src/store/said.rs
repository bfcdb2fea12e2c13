//! What the fields of some rows say, before it is in the columns.

use super::column::Column;
use super::memory::OutOfMemory;
use super::values::{self, ELSEWHERE, NONE, Sort, Values};
use crate::catalog::Field;

/// So many values get their numbers together: where each of them is in memory is asked for before any is waited for.
const TOGETHER: usize = 512;

/// Values of rows, in their order.
#[derive(Debug)]
pub(super) struct Said {
    text: Vec<u8>,
    values: Vec<Value>,
    /// Of each common field, one more than the place of its last value.
    last: [u32; Field::ALL.len()],
}

#[derive(Clone, Copy, Debug)]
struct Value {
    row: u32,
    /// The common field's number.
    field: u8,
    sort: Sort,
    /// Its text.
    length: u16,
    start: u32,
    mark: u32,
    /// What may be its number, and then is.
    number: u32,
    /// One more than the place of the value before it of the same field, where that is the same.
    same: u32,
}

impl Value {
    #[inline(always)]
    fn text<'t>(&self, of: &'t [u8]) -> &'t [u8] {
        let start = self.start as usize;
        of.get(start..start + usize::from(self.length)).unwrap_or_default()
    }
}

impl Default for Said {
    fn default() -> Said {
        Said { text: Vec::new(), values: Vec::new(), last: [0; Field::ALL.len()] }
    }
}

impl Said {
    /// Takes a value of a row.
    #[inline(always)]
    pub(super) fn add(&mut self, (row, field): (u32, Field), sort: Sort, text: &[u8]) {
        // Of what is too long, as much as shows that.
        let text = &text[..text.len().min(values::MAX_VALUE + 1)];
        let (start, same, mark) = match self.before(field, sort, text) {
            Some((start, place)) => (start, place + 1, 0),
            None => {
                let start = self.text.len();
                self.text.extend_from_slice(text);
                (start as u32, 0, values::mark(sort, text))
            }
        };
        let length = text.len() as u16;
        self.push(Value { row, field: field as u8, sort, length, start, mark, number: NONE, same });
    }

    /// Takes note that what a row has is not among the values.
    #[cold]
    pub(super) fn elsewhere(&mut self, row: u32, field: Field) {
        let (sort, field, number) = (Sort::Json, field as u8, ELSEWHERE);
        self.push(Value { row, field, sort, length: 0, start: 0, mark: 0, number, same: 0 });
    }

    /// The last value of that field, if it is the same: mostly it is.
    #[inline(always)]
    fn before(&self, field: Field, sort: Sort, text: &[u8]) -> Option<(u32, u32)> {
        let place = self.last.get(field as usize)?.checked_sub(1)?;
        let value = self.values.get(place as usize)?;
        let is = value.sort == sort && value.number != ELSEWHERE && values::same(value.text(&self.text), text);
        is.then_some((value.start, place))
    }

    #[inline(always)]
    fn push(&mut self, value: Value) {
        let field = usize::from(value.field);
        self.values.push(value);
        self.last[field] = self.values.len() as u32;
    }

    /// The first row of which something is here.
    pub(super) fn first_row(&self) -> Option<u32> {
        self.values.first().map(|value| value.row)
    }

    /// Whether so many are there that they want to be settled.
    pub(super) fn is_full(&self) -> bool {
        self.values.len() >= TOGETHER
    }

    /// Gives all their numbers, and writes them into the columns.
    pub(super) fn settle(&mut self, columns: &mut [Column<u32>], values: &mut Values) -> Result<(), OutOfMemory> {
        let mut touched = 0;
        for value in self.values.iter_mut().filter(|value| value.same == 0 && value.number == NONE) {
            value.number = values.touch(value.mark);
        }
        for value in &self.values {
            touched ^= values.touch_text(value.number);
        }
        std::hint::black_box(touched);
        for at in 0..self.values.len() {
            let value = self.values[at];
            let number = match value.same.checked_sub(1) {
                Some(before) => self.values[before as usize].number,
                None if value.number == ELSEWHERE => ELSEWHERE,
                None => values.number(value.sort, value.text(&self.text), value.mark)?,
            };
            self.values[at].number = number;
            if let Some(column) = columns.get_mut(usize::from(value.field)) {
                column.set(value.row, number);
            }
        }
        self.text.clear();
        self.values.clear();
        self.last = [0; Field::ALL.len()];
        Ok(())
    }
}
