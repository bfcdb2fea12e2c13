//! What the fields of some rows say, before it is in the columns.

use super::column::Column;
use super::memory::OutOfMemory;
use super::values::{self, ELSEWHERE, NONE, Sort, Values};
use crate::catalog::Field;
use crate::span::Span;

/// So many values get their numbers together: where each of them is in memory is asked for before any is waited for.
const TOGETHER: usize = 512;

/// Values of rows, in their order.
#[derive(Debug)]
pub(super) struct Said {
    text: Vec<u8>,
    values: Vec<Value>,
    /// Of each common field, one more than the place of its last value.
    last: [usize; Field::ALL.len()],
}

#[derive(Debug)]
struct Value {
    row: u32,
    /// The common field's number.
    field: u8,
    sort: Sort,
    span: Span,
    mark: u32,
    /// What may be its number, and then is.
    number: u32,
    /// One more than the place of the value before it of the same field, where that is the same.
    same: usize,
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
        let (span, same, mark) = match self.before(field, sort, text) {
            Some((span, place)) => (span, place + 1, 0),
            None => {
                let start = self.text.len();
                self.text.extend_from_slice(text);
                (Span { start, end: self.text.len() }, 0, values::mark(sort, text))
            }
        };
        self.push(Value { row, field: field as u8, sort, span, mark, number: NONE, same });
    }

    /// Takes note that what a row has is not among the values.
    #[cold]
    pub(super) fn elsewhere(&mut self, row: u32, field: Field) {
        let span = Span { start: 0, end: 0 };
        self.push(Value { row, field: field as u8, sort: Sort::Json, span, mark: 0, number: ELSEWHERE, same: 0 });
    }

    /// The last value of that field, if it is the same: mostly it is.
    #[inline(always)]
    fn before(&self, field: Field, sort: Sort, text: &[u8]) -> Option<(Span, usize)> {
        let place = self.last.get(field as usize)?.checked_sub(1)?;
        let Value { span, sort: known, number, .. } = self.values.get(place)?;
        let is = *known == sort && *number != ELSEWHERE && values::same(span.of(&self.text), text);
        is.then_some((*span, place))
    }

    #[inline(always)]
    fn push(&mut self, value: Value) {
        let field = usize::from(value.field);
        self.values.push(value);
        self.last[field] = self.values.len();
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
            let Value { row, field, sort, span, mark, number, same } = self.values[at];
            let number = match same.checked_sub(1) {
                Some(before) => self.values[before].number,
                None if number == ELSEWHERE => number,
                None => values.number(sort, span.of(&self.text), mark)?,
            };
            self.values[at].number = number;
            if let Some(column) = columns.get_mut(usize::from(field)) {
                column.set(row, number);
            }
        }
        self.text.clear();
        self.values.clear();
        self.last = [0; Field::ALL.len()];
        Ok(())
    }
}
