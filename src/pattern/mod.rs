//! Regular expressions, ECMA-262's syntax with the flag `u`, matched in time linear in the text.
//!
//! Look-around and back references have no such matching: they are errors that name their place. So is what would grow
//! beyond the limits. Why this is no library: `PATTERN.md`.

mod alphabet;
mod automaton;
mod distinct;
mod escape;
mod find;
mod group;
#[cfg(test)]
mod law_tests;
mod names;
mod program;
mod set;
mod syntax;
#[cfg(test)]
mod tests;
mod threads;
mod unicode;

use crate::limits::MAX_AUTOMATON_CELLS;
use automaton::Automaton;
pub(crate) use find::Finder;
use program::Program;
use syntax::Parser;
pub(crate) use unicode::Marks;

/// What keeps a text from being a pattern, or a pattern from being matched in linear time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PatternError {
    /// The byte of the pattern where it shows.
    pub(crate) at: usize,
    /// What would have been right there.
    pub(crate) expected: &'static str,
}

/// A compiled pattern.
#[derive(Debug)]
pub(crate) struct Pattern(Engine);

#[derive(Debug)]
enum Engine {
    Automaton(Automaton),
    Program(Program),
}

/// The characters that fold as one does, itself included (Unicode, simple case folding).
pub(crate) fn alike(c: char) -> Vec<char> {
    let ranges = unicode::fold_set(set::Set::of(&[(c as u32, c as u32)]));
    ranges.ranges().flat_map(|(first, last)| first..=last).filter_map(char::from_u32).collect()
}

impl Pattern {
    pub(crate) fn new(text: &str) -> Result<Pattern, PatternError> {
        Pattern::compile(text, false)
    }

    /// The same as with the flag `i`: Unicode's simple case folding.
    pub(crate) fn ignoring_case(text: &str) -> Result<Pattern, PatternError> {
        Pattern::compile(text, true)
    }

    /// Whether the text is a regular expression of ECMA-262, be it one that cannot be matched here.
    pub(crate) fn is_syntax(text: &str) -> bool {
        Parser::new(text, false).read().is_ok()
    }

    /// Whether the pattern is found anywhere in a text in UTF-8. Bytes that are none count as U+FFFD.
    pub(crate) fn is_match(&self, text: &[u8]) -> bool {
        match &self.0 {
            Engine::Automaton(automaton) => automaton.is_match(text),
            Engine::Program(program) => threads::is_match(program, text),
        }
    }

    /// What compiling it took, in units of 4 bytes of memory and at most a microsecond each: what a limit on many patterns
    /// adds up. One that is simulated has cost the vain making of a table, too.
    pub(crate) fn cost(&self) -> usize {
        match &self.0 {
            Engine::Automaton(automaton) => automaton.size(),
            Engine::Program(program) => MAX_AUTOMATON_CELLS + program.steps.len() * 4 + program.alphabet.size(),
        }
    }

    /// The most steps that matching a text of so many bytes may take, each of some nanoseconds: what a limit on a document
    /// adds up.
    pub(crate) fn steps(&self, text_bytes: usize) -> usize {
        match &self.0 {
            Engine::Automaton(_) => text_bytes,
            Engine::Program(program) => text_bytes.saturating_mul(program.steps.len()),
        }
    }

    fn compile(text: &str, ignore_case: bool) -> Result<Pattern, PatternError> {
        let syntax = Parser::new(text, ignore_case).read()??;
        Ok(Pattern(match Automaton::new(Program::new(syntax)) {
            Ok(automaton) => Engine::Automaton(automaton),
            Err(program) => Engine::Program(program),
        }))
    }
}
