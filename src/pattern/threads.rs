//! All places of a program at once: the simulation of a nondeterministic automaton, linear in the text whatever the
//! pattern (R. Cox, "Regular Expression Matching Can Be Simple And Fast", 2007).

use super::alphabet::{EDGE, Kind};
use super::program::{Program, Step};

/// A set of steps that wait: such as take a code point, and conditions that are not looked at yet.
#[derive(Debug)]
pub(super) struct Threads {
    pub(super) list: Vec<u32>,
    /// The round in which a step was added last.
    added: Vec<u32>,
    round: u32,
    stack: Vec<u32>,
    /// Whether the end of the pattern is among them.
    pub(super) matched: bool,
}

impl Threads {
    #[inline(never)]
    pub(super) fn new(program: &Program) -> Threads {
        let added = vec![0; program.steps.len()];
        Threads { list: Vec::new(), added, round: 1, stack: Vec::new(), matched: false }
    }

    pub(super) fn clear(&mut self) {
        self.list.clear();
        self.matched = false;
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.added.fill(0); // the rounds begin anew
            self.round = 1;
        }
    }

    /// Adds a step and all that is reached from it without taking anything; through conditions only where the kinds
    /// around the position are told.
    #[inline(never)]
    pub(super) fn add(&mut self, program: &Program, step: u32, around: Option<(Kind, Kind)>) {
        self.stack.push(step);
        while let Some(id) = self.stack.pop() {
            match self.added.get_mut(id as usize) {
                Some(added) if *added != self.round => *added = self.round,
                _ => continue,
            }
            match (program.steps.get(id as usize), around) {
                (Some(Step::Split(a, b)), _) => self.stack.extend([*b, *a]),
                (Some(Step::Look(look, next)), Some((before, behind))) => {
                    if look.holds(before, behind) {
                        self.stack.push(*next);
                    }
                }
                (Some(Step::Take { .. } | Step::Look(..)), _) => self.list.push(id),
                (Some(Step::Match), _) => self.matched = true,
                (None, _) => {}
            }
        }
    }

    /// The same with all conditions looked at.
    #[inline(never)]
    pub(super) fn settle(&self, program: &Program, around: (Kind, Kind), settled: &mut Threads) {
        settled.clear();
        for &id in &self.list {
            settled.add(program, id, Some(around));
        }
        settled.matched |= self.matched;
    }

    /// What waits when a letter was taken.
    #[inline(never)]
    pub(super) fn take(&self, program: &Program, letter: u16, next: &mut Threads) {
        next.clear();
        for &id in &self.list {
            if let Some(&Step::Take { set, next: behind }) = program.steps.get(id as usize)
                && program.alphabet.has(set, letter)
            {
                next.add(program, behind, None);
            }
        }
    }
}

/// Whether the program matches somewhere in the text.
#[inline(never)]
pub(super) fn is_match(program: &Program, text: &[u8]) -> bool {
    let mut threads = [(); 3].map(|()| Threads::new(program));
    let [now, settled, next] = &mut threads;
    let (mut now, mut settled, mut next) = (now, settled, next);
    now.add(program, program.start, None);
    let (mut before, mut at) = (EDGE, 0);
    while let Some(&byte) = text.get(at) {
        let (letter, end) = program.alphabet.read(text, at, byte);
        let behind = program.alphabet.kind(letter);
        if program.looks != 0 {
            now.settle(program, (before, behind), settled);
            std::mem::swap(&mut now, &mut settled);
        }
        if now.matched || now.list.is_empty() {
            return now.matched;
        }
        now.take(program, letter, next);
        std::mem::swap(&mut now, &mut next);
        (before, at) = (behind, end);
    }
    now.settle(program, (before, EDGE), settled);
    settled.matched
}
