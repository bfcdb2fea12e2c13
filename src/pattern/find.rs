//! Where a pattern matches: the simulation of `threads`, in which every place knows where its match began.

use super::alphabet::EDGE;
use super::program::{Program, Step};
use super::syntax::Parser;
use super::{Pattern, PatternError};
use crate::span::Span;

/// Code points that are read for each of the text's, and some more; then what is left of the text counts as a match.
const MOST_READ: usize = 4;
const READ_ANYHOW: usize = 1 << 12;

/// A compiled pattern that tells where it matches.
#[derive(Debug)]
pub(crate) struct Finder {
    pattern: Pattern,
    program: Program,
    /// The pattern's first step, behind those that pass over what stands before a match.
    first: u32,
}

/// A step that waits, and where its match began.
type Thread = (u32, usize);

impl Finder {
    pub(crate) fn new(text: &str) -> Result<Finder, PatternError> {
        let program = Program::new(Parser::new(text, false).read()??);
        let first = match program.steps.get(program.start as usize) {
            Some(Step::Split(first, skip)) if matches!(program.steps.get(*skip as usize), Some(Step::Take { next, .. }) if *next == program.start) => {
                *first
            }
            _ => program.start,
        };
        Ok(Finder { pattern: Pattern::new(text)?, program, first })
    }

    /// What compiling it took, as [`Pattern::cost`] counts.
    pub(crate) fn cost(&self) -> usize {
        self.pattern.cost() + self.program.steps.len() * 4
    }

    /// The most steps that a code point of a text may take, whenever it is read.
    pub(crate) fn steps(&self) -> usize {
        self.program.steps.len()
    }

    /// Tells every match that is not empty: the leftmost, of those the longest, then on behind it.
    ///
    /// Time is linear in the text times the size of the pattern: where matches are sought again and again in what was
    /// read before, all that is left of the text is told as one.
    pub(crate) fn find(&self, text: &[u8], mut found: impl FnMut(Span)) {
        if !self.pattern.is_match(text) {
            return;
        }
        let mut left = text.len() * MOST_READ + READ_ANYHOW;
        let mut search = Search { finder: self, now: Vec::new(), next: Vec::new(), added: Vec::new() };
        let mut at = 0;
        while at < text.len() {
            match search.first(text, at, &mut left) {
                Some(span) => {
                    at = span.end;
                    found(span);
                }
                None => break,
            }
        }
    }
}

struct Search<'a> {
    finder: &'a Finder,
    now: Vec<Thread>,
    next: Vec<Thread>,
    /// Behind which place of the text a step was added last.
    added: Vec<usize>,
}

impl Search<'_> {
    /// The first match from a place on.
    #[inline(never)]
    fn first(&mut self, text: &[u8], from: usize, left: &mut usize) -> Option<Span> {
        let Finder { program, first, .. } = self.finder;
        let alphabet = &program.alphabet;
        let (mut best, mut at): (Option<Span>, usize) = (None, from);
        let mut before = kind_before(program, text, from);
        self.now.clear();
        self.added.clear();
        self.added.resize(program.steps.len(), usize::MAX);
        loop {
            let byte = text.get(at).copied();
            let (letter, end) = byte.map_or((0, at + 1), |byte| alphabet.read(text, at, byte));
            let behind = if byte.is_some() { alphabet.kind(letter) } else { EDGE };
            // Those that began earlier stand first, and are the ones that a step is kept for.
            if best.is_none() {
                self.now.push((*first, at));
            }
            let mut waiting = std::mem::take(&mut self.now);
            self.next.clear();
            for (step, start) in waiting.drain(..) {
                if best.is_some_and(|best| best.start < start) {
                    break;
                }
                if self.settle((step, start), at, (before, behind)) && at > start {
                    best = Some(Span { start, end: at });
                }
            }
            self.now = waiting;
            for &(step, start) in &self.next {
                if byte.is_some()
                    && best.is_none_or(|best| start <= best.start)
                    && let Some(&Step::Take { set, next }) = program.steps.get(step as usize)
                    && alphabet.has(set, letter)
                {
                    self.now.push((next, start));
                }
            }
            if byte.is_none() || best.is_some() && self.now.is_empty() {
                return best;
            }
            *left = match left.checked_sub(1) {
                Some(left) => left,
                None => return Some(Span { start: best.map_or(from, |best| best.start), end: text.len() }),
            };
            (before, at) = (behind, end);
        }
    }

    /// Adds the steps that take something and are reached from one; whether the pattern's end is reached.
    fn settle(&mut self, (step, start): Thread, at: usize, (before, behind): (u8, u8)) -> bool {
        let (mut stack, mut matched) = (vec![step], false);
        while let Some(step) = stack.pop() {
            match self.added.get_mut(step as usize) {
                Some(added) if *added != at => *added = at,
                _ => continue,
            }
            match self.finder.program.steps.get(step as usize) {
                Some(Step::Split(a, b)) => stack.extend([*b, *a]),
                Some(Step::Look(look, next)) if look.holds(before, behind) => stack.push(*next),
                Some(Step::Take { .. }) => self.next.push((step, start)),
                Some(Step::Match) => matched = true,
                _ => {}
            }
        }
        matched
    }
}

/// The kind of the code point that ends at a place.
fn kind_before(program: &Program, text: &[u8], at: usize) -> u8 {
    let lead = (1..=4).filter_map(|len| at.checked_sub(len)).find(|&lead| !matches!(text.get(lead), Some(0x80..=0xBF)));
    let letter = lead.and_then(|lead| Some(program.alphabet.read(text, lead, *text.get(lead)?).0));
    letter.map_or(EDGE, |letter| program.alphabet.kind(letter))
}
