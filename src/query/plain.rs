//! Long texts without wildcards: a step for each character of a value, however long they are (Knuth, Morris and Pratt,
//! "Fast Pattern Matching in Strings", SIAM J. Comput. 6, 1977).

use crate::pattern::alike;

/// From this many bytes on, a text is looked for in this way; shorter ones are quicker found as patterns.
pub(super) const LONG: usize = 256;

/// A text that values are compared with but for case, by Unicode's simple case folding.
#[derive(Debug)]
pub(super) struct Plain {
    /// Each character as one of those that fold alike.
    wanted: Vec<char>,
    /// Of each beginning of it, how long the longest other beginning is that it ends with.
    borders: Vec<usize>,
    /// Characters that fold as one of it does, and which; ascending.
    folds: Vec<(char, char)>,
    /// A value is it as a whole.
    whole: bool,
}

impl Plain {
    pub(super) fn new(text: &str, whole: bool) -> Plain {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters.dedup();
        let mut folds: Vec<(char, char)> = Vec::new();
        for letter in letters {
            if !folds.iter().any(|(known, _)| *known == letter) {
                folds.extend(alike(letter).into_iter().map(|other| (other, letter)));
            }
        }
        folds.sort_unstable();
        let mut plain = Plain { wanted: Vec::new(), borders: vec![0], folds, whole };
        plain.wanted = text.chars().map(|c| plain.folded(c)).collect();
        for at in 1..plain.wanted.len() {
            plain.borders.push(plain.step(plain.borders[at - 1], plain.wanted[at]));
        }
        plain
    }

    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        // Bytes that are no UTF-8 are part of no query's text.
        let chars = text.utf8_chunks().flat_map(|chunk| {
            let broken = if chunk.invalid().is_empty() { None } else { Some(None) };
            chunk.valid().chars().map(Some).chain(broken)
        });
        let mut folded = chars.map(|c| c.map(|c| self.folded(c)));
        if self.whole {
            return folded.eq(self.wanted.iter().map(|c| Some(*c)));
        }
        let mut length = 0;
        folded.any(|c| {
            length = c.map_or(0, |c| self.step(length, c));
            length == self.wanted.len()
        })
    }

    /// How much of it a text ends with, behind which one more character stands.
    fn step(&self, mut length: usize, c: char) -> usize {
        loop {
            match self.wanted.get(length) {
                Some(wanted) if *wanted == c => return length + 1,
                _ if length == 0 => return 0,
                _ => length = self.borders[length - 1],
            }
        }
    }

    fn folded(&self, c: char) -> char {
        self.folds.binary_search_by_key(&c, |(known, _)| *known).map_or(c, |at| self.folds[at].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::value::{Form, text_pattern};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_says_what_a_pattern_says(wanted in "[abAkK\u{212A}sſẞßéÉ]{1,6}", text in "[abAkK\u{212A}sSſẞßéÉ]{0,24}") {
            for form in [Form::Whole, Form::Within] {
                let pattern = text_pattern(&wanted, form, 0).unwrap();
                let plain = Plain::new(&wanted, form == Form::Whole);
                prop_assert_eq!(plain.is_match(text.as_bytes()), pattern.is_match(text.as_bytes()));
            }
        }
    }
}
