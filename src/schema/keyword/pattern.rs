//! `pattern`: a regular expression somewhere in a string.

use super::Name;
use crate::limits::MAX_SCHEMA_PATTERNS;
use crate::pattern::Pattern;
use crate::schema::check::Checker;
use crate::schema::code;
use crate::schema::compile::Compiler;

/// The number of the pattern that a string or key says; the same text is compiled once.
pub(in crate::schema) fn read(c: &mut Compiler<'_>, value: u32) -> Option<u32> {
    /// What a pattern may have cost that has come to nothing, as one beyond a limit does only in the end.
    const VAIN: usize = 8 << 10;
    let text = c.view.words(value);
    let place = match c.known_patterns.binary_search_by(|(known, _)| known.as_str().cmp(&text)) {
        Ok(known) => return Some(c.known_patterns[known].1),
        Err(place) => place,
    };
    if c.patterns > MAX_SCHEMA_PATTERNS {
        return None;
    }
    let compiled = Pattern::new(&text);
    c.patterns += text.len() / 4 + compiled.as_ref().map_or(VAIN, Pattern::cost);
    if c.patterns > MAX_SCHEMA_PATTERNS {
        c.note(value, code::LIMIT, "fewer or smaller patterns in one schema", "");
    }
    match compiled {
        Ok(pattern) => {
            let number = c.compiled.patterns.len() as u32;
            c.compiled.patterns.push(pattern);
            c.known_patterns.insert(place, (text, number));
            Some(number)
        }
        Err(error) => {
            // The place inside the string, as long as nothing in it is escaped.
            let raw = c.view.raw(value);
            let inside = if raw.len() == text.len() + 2 { 1 + error.at } else { 0 };
            c.note_byte(c.start(value) + inside, code::PATTERN, error.expected, "");
            None
        }
    }
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, rule: u32, at: u32) -> bool {
    matches(c, rule, at) || c.fail(Name::Pattern, at, 0)
}

/// Whether a pattern is found in what a string or key says.
#[inline(never)]
pub(super) fn matches(c: &mut Checker<'_>, rule: u32, at: u32) -> bool {
    let Some(pattern) = c.schema.patterns.get(rule as usize) else { return true };
    let steps = pattern.steps(c.view.raw(at).len()) as u64 / 64;
    c.spend(steps) && c.with_string(at, |text| pattern.is_match(text))
}
