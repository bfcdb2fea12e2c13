//! A program as a deterministic automaton, made in full when the pattern is compiled (the subset construction of
//! M. O. Rabin and D. Scott, 1959): one step by table for each code point of a text. Where it would grow too large
//! there is none, and the program is simulated.

use std::collections::BTreeMap;

use super::alphabet::{Alphabet, EDGE, Kind};
use super::program::Program;
use super::threads::Threads;
use crate::limits::{MAX_AUTOMATON_CELLS, MAX_AUTOMATON_WORK};

/// A row of the table, where it begins: no match any more.
const DEAD: u32 = 0;

#[derive(Debug)]
pub(super) struct Automaton {
    alphabet: Alphabet,
    /// Rows of states: in each the next state for each letter, and one for the end of the text. States are the cells
    /// where their rows begin.
    table: Vec<u32>,
    start: u32,
    /// The state in which a match was found; the row behind [`DEAD`].
    found: u32,
    /// The column of the text's end.
    end: u32,
}

impl Automaton {
    /// Gives the program back where it has too many states.
    pub(super) fn new(program: Program) -> Result<Automaton, Program> {
        let Some((table, start)) = Builder::new(&program).build() else { return Err(program) };
        let end = program.alphabet.len() as u32;
        Ok(Automaton { alphabet: program.alphabet, table, start, found: end + 1, end })
    }

    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        let (mut state, mut at) = (self.start, 0);
        while state > self.found {
            let Some(&byte) = text.get(at) else { return self.next(state, self.end) == self.found };
            let (letter, end) = self.alphabet.read(text, at, byte);
            state = self.next(state, u32::from(letter));
            at = end;
        }
        state == self.found
    }

    /// Cells of the table.
    pub(super) fn size(&self) -> usize {
        self.table.len()
    }

    #[inline]
    fn next(&self, state: u32, column: u32) -> u32 {
        self.table.get((state + column) as usize).copied().unwrap_or(DEAD)
    }
}

/// What waits, and the kind of what was taken last as far as conditions ask.
type State = (Kind, Vec<u32>);

struct Builder<'a> {
    program: &'a Program,
    columns: usize,
    table: Vec<u32>,
    /// The row of each state.
    rows: BTreeMap<State, u32>,
    /// States whose rows are not filled yet, the next one last.
    open: Vec<(State, u32)>,
    work: usize,
}

impl Builder<'_> {
    fn new(program: &Program) -> Builder<'_> {
        let columns = program.alphabet.len() + 1;
        let mut table = vec![DEAD; columns];
        table.resize(2 * columns, columns as u32);
        Builder { program, columns, table, rows: BTreeMap::new(), open: Vec::new(), work: 0 }
    }

    /// The table and the first state.
    fn build(mut self) -> Option<(Vec<u32>, u32)> {
        let program = self.program;
        let [mut now, mut settled, mut next] = [(); 3].map(|()| Threads::new(program));
        let mut kinds = program.alphabet.kinds().to_vec();
        kinds.push(EDGE);
        kinds.sort_unstable();
        kinds.dedup();

        now.add(program, program.start, None);
        let start = self.state(EDGE, &now)?;
        while let Some(((before, list), row)) = self.open.pop() {
            now.list = list;
            for &behind in &kinds {
                now.settle(program, (before, behind), &mut settled);
                self.work += now.list.len();
                if behind == EDGE {
                    let end = if settled.matched { self.found() } else { DEAD };
                    self.set(row, self.columns - 1, end);
                    continue;
                }
                for (letter, _) in program.alphabet.kinds().iter().enumerate().filter(|kind| *kind.1 == behind) {
                    let to = if settled.matched {
                        self.found()
                    } else {
                        settled.take(program, letter as u16, &mut next);
                        self.work += settled.list.len() + next.list.len();
                        self.state(behind, &next)?
                    };
                    self.set(row, letter, to);
                }
            }
            if self.work > MAX_AUTOMATON_WORK {
                return None;
            }
        }
        let start = self.prune(start);
        Some((self.table, start))
    }

    fn found(&self) -> u32 {
        self.columns as u32
    }

    fn set(&mut self, row: u32, column: usize, to: u32) {
        if let Some(cell) = self.table.get_mut(row as usize + column) {
            *cell = to;
        }
    }

    /// The row of a state; none where there are too many.
    fn state(&mut self, before: Kind, threads: &Threads) -> Option<u32> {
        if threads.matched {
            return Some(self.found());
        }
        if threads.list.is_empty() {
            return Some(DEAD);
        }
        let mut list = threads.list.clone();
        list.sort_unstable();
        let key = (before & self.program.looks, list);
        if let Some(&row) = self.rows.get(&key) {
            return Some(row);
        }
        let row = self.table.len();
        if row + self.columns > MAX_AUTOMATON_CELLS {
            return None;
        }
        self.table.resize(row + self.columns, DEAD);
        self.open.push((key.clone(), row as u32));
        self.rows.insert(key, row as u32);
        Some(row as u32)
    }

    /// Takes states from which nothing is found for dead, so that a search ends there.
    fn prune(&mut self, start: u32) -> u32 {
        let mut live = vec![false; self.table.len() / self.columns];
        let row_of = |state: u32| state as usize / self.columns;
        live[1] = true;
        loop {
            let mut grew = false;
            for (row, cells) in self.table.chunks_exact(self.columns).enumerate().rev() {
                if !live[row] && cells.iter().any(|&to| live[row_of(to)]) {
                    (live[row], grew) = (true, true);
                }
            }
            if !grew {
                break;
            }
        }
        for cell in &mut self.table {
            if !live[row_of(*cell)] {
                *cell = DEAD;
            }
        }
        if live[row_of(start)] { start } else { DEAD }
    }
}
