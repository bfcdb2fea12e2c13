//! What a reader sees as one character: what masks and truncation count, and never split.
//!
//! That is an extended grapheme cluster of Unicode (UAX #29, §3.1.1) as far as it takes no more than the general category:
//! a code point with the marks behind it (variation selectors and key caps among them), a Hangul syllable of its letters,
//! a flag of two regional indicators, pictographs that zero-width joiners tie together, each with its skin tone.

use crate::pattern::Marks;

/// Code points of one character; more would be a place to hide in. The longest emoji have ten.
const MOST: usize = 16;

/// The characters of a text.
pub(super) fn characters<'t>(text: &'t str, marks: &Marks) -> impl Iterator<Item = &'t str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (first, behind) = rest.split_at(first(rest, marks)?);
        rest = behind;
        Some(first)
    })
}

/// How long the first character is.
fn first(text: &str, marks: &Marks) -> Option<usize> {
    let mut points = text.char_indices();
    let mut last = points.next()?.1;
    let mut is_half_flag = is_regional(last);
    for (number, (at, c)) in points.enumerate() {
        let joins = match c {
            '\0'..='\u{2FF}' => false,
            '\u{200C}' | '\u{200D}' | '\u{1F3FB}'..='\u{1F3FF}' => true,
            '\u{1160}'..='\u{11FF}' | '\u{D7B0}'..='\u{D7FB}' => true,
            c if is_regional(c) => std::mem::take(&mut is_half_flag),
            c => last == '\u{200D}' && is_pictograph(c) || marks.has(c),
        };
        if !joins || number + 1 == MOST {
            return Some(at);
        }
        last = c;
    }
    Some(text.len())
}

fn is_regional(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}')
}

/// What joiners tie to what stands before: neither letters nor digits, so that none hides behind another.
fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21FF}' | '\u{2600}'..='\u{2775}' | '\u{2794}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}')
        || matches!(c, '\u{1F300}'..='\u{1FAFF}')
}
