//! A program as a deterministic automaton, made in full when the pattern is compiled (the subset construction of
//! M. O. Rabin and D. Scott, 1959): one step by table for each code point of a text. Where it would grow too large
//! there is none, and the program is simulated.

use super::alphabet::{Alphabet, EDGE, KINDS, Kind};
use super::distinct::Distinct;
use super::program::Program;
use super::set::sort;
use super::threads::Threads;
use crate::limits::{MAX_AUTOMATON_CELLS, MAX_AUTOMATON_WORK};

/// A row of the table, where it begins: no match any more.
const DEAD: u32 = 0;

#[derive(Debug)]
pub(super) struct Automaton {
    alphabet: Box<Alphabet>,
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
        let mut alphabet = program.alphabet;
        alphabet.forget_sets();
        Ok(Automaton { alphabet, table, start, found: end + 1, end })
    }

    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        let (mut state, mut at) = (self.start, 0);
        while let Some(&byte) = text.get(at) {
            let (letter, end) = self.alphabet.read(text, at, byte);
            state = self.next(state, u32::from(letter));
            at = end;
            if state <= self.found {
                return state == self.found;
            }
        }
        self.next(state, self.end) == self.found
    }

    /// What it holds in memory, in units of 4 bytes.
    pub(super) fn size(&self) -> usize {
        self.table.len() + self.alphabet.size()
    }

    #[inline]
    fn next(&self, state: u32, column: u32) -> u32 {
        self.table.get((state + column) as usize).copied().unwrap_or(DEAD)
    }
}

struct Builder<'a> {
    program: &'a Program,
    columns: usize,
    table: Vec<u32>,
    /// Each state: the kind of what was taken last as far as conditions ask, and the steps that wait. The rows of the
    /// table come in the same order, behind those of the two states that have no such list.
    states: Distinct,
    work: usize,
}

impl Builder<'_> {
    fn new(program: &Program) -> Builder<'_> {
        let columns = program.alphabet.len() + 1;
        let mut table = vec![DEAD; columns];
        table.resize(2 * columns, columns as u32);
        Builder { program, columns, table, states: Distinct::default(), work: 0 }
    }

    /// The table and the first state.
    #[inline(never)]
    fn build(mut self) -> Option<(Vec<u32>, u32)> {
        let program = self.program;
        let mut now = Threads::new(program);
        let mut settled = Threads::new(program);
        let mut next = Threads::new(program);
        now.add(program, program.start, None);
        let start = self.state(EDGE, &now)?;
        let mut done = 0;
        while let Some((&before, steps)) = self.states.lists().get(done).and_then(|state| state.split_first()) {
            now.list = steps.to_vec();
            done += 1;
            let row = (done + 1) * self.columns;
            for behind in 0..KINDS {
                let mut of_kind = (0..program.alphabet.len())
                    .filter(|&letter| program.alphabet.kind(letter as u16) == behind)
                    .peekable();
                if behind != EDGE && of_kind.peek().is_none() {
                    continue;
                }
                now.settle(program, (before as Kind, behind), &mut settled);
                self.work += now.list.len();
                if behind == EDGE {
                    self.set(row + self.columns - 1, if settled.matched { self.found() } else { DEAD });
                }
                for letter in of_kind {
                    let mut to = self.found();
                    if !settled.matched {
                        settled.take(program, letter as u16, &mut next);
                        self.work += settled.list.len() + next.list.len();
                        to = self.state(behind, &next)?;
                    }
                    self.set(row + letter, to);
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

    fn set(&mut self, cell: usize, to: u32) {
        if let Some(cell) = self.table.get_mut(cell) {
            *cell = to;
        }
    }

    /// The row of a state; none where there are too many.
    #[inline(never)]
    fn state(&mut self, before: Kind, threads: &Threads) -> Option<u32> {
        if threads.matched {
            return Some(self.found());
        }
        if threads.list.is_empty() {
            return Some(DEAD);
        }
        let mut key = vec![u32::from(before & self.program.looks)];
        key.extend_from_slice(&threads.list);
        sort(&mut key[1..]);
        let row = (self.states.number(&key) as usize + 2) * self.columns;
        if row == self.table.len() {
            self.table.resize(row + self.columns, DEAD);
        }
        (self.table.len() <= MAX_AUTOMATON_CELLS).then_some(row as u32)
    }

    /// Takes states from which nothing is found for dead, so that a search ends there.
    #[inline(never)]
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
