//! What Unicode says about code points, unpacked from tables of few bytes. `tests/unicode_tables.rs` makes and checks them.

use super::names::{CATEGORIES, CATEGORY_COUNT, PROPERTIES};
use super::set::Set;

/// Runs of one category, from 0 to the last code point: in the low 5 bits of a byte the category, in the others the
/// run's length less 1; 7 there: the rest of the length follows as a number.
const CATEGORY_RUNS: &[u8] = include_bytes!("tables/category.bin");
/// For each property the number of its ranges, and of each the gap before it and its length less 1: of the code points
/// in which it differs from the categories it is told by.
const PROPERTY_RANGES: &[u8] = include_bytes!("tables/property.bin");
/// Simple case folding: runs of code points that fold alike. Of each: the gap behind the start of the last one; its
/// length, doubled, and 1 more where only every second code point is meant; where they fold to, as a distance.
const FOLDS: &[u8] = include_bytes!("tables/fold.bin");

/// Why a property is not there.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    /// ECMA-262 knows none of that name.
    Name,
    /// It is behind the feature `unicode`.
    #[cfg_attr(feature = "unicode", allow(dead_code))]
    NotBuiltIn,
}

/// The code points of `name` or `name=value`, ECMA-262's tables 66 to 68.
pub(super) fn property(text: &str) -> Result<Set, Unknown> {
    match halves(text) {
        (name, None) => category(name).map_or_else(|| binary(name), Ok),
        ("General_Category" | "gc", Some(value)) => category(value).ok_or(Unknown::Name),
        ("Script" | "sc", Some(value)) => more::script(value, false),
        ("Script_Extensions" | "scx", Some(value)) => more::script(value, true),
        _ => Err(Unknown::Name),
    }
}

fn binary(name: &str) -> Result<Set, Unknown> {
    match name {
        "Any" => Ok(Set::everything()),
        "ASCII" => Ok(Set::of(&[(0, 0x7F)])),
        "Assigned" => category("Cn").map(|set| set.complement()).ok_or(Unknown::Name),
        _ => listed(name, PROPERTIES, PROPERTY_RANGES).map_or_else(|| more::binary(name), Ok),
    }
}

/// What stands before and behind the first `=`.
#[inline(never)]
fn halves(text: &str) -> (&str, Option<&str>) {
    let at = text.bytes().position(|byte| byte == b'=').unwrap_or(text.len());
    (text.get(..at).unwrap_or_default(), text.get(at + 1..))
}

/// The next part of a text, up to a separator; taken from it. Nothing is left: none.
#[inline(never)]
fn next_part<'a>(text: &mut &'a str, separator: u8) -> Option<&'a str> {
    let at = text.bytes().position(|byte| byte == separator).unwrap_or(text.len());
    let part = text.get(..at).filter(|_| !text.is_empty());
    *text = text.get(at + 1..).unwrap_or_default();
    part
}

#[inline(never)]
fn has_word(mut line: &str, word: &str) -> bool {
    while let Some(other) = next_part(&mut line, b' ') {
        if other == word {
            return true;
        }
    }
    false
}

/// A property out of a list of names and the table beside it.
#[inline(never)]
fn listed(name: &str, mut names: &str, table: &'static [u8]) -> Option<Set> {
    let mut numbers = Numbers(table);
    while let Some(line) = next_part(&mut names, b'\n') {
        let (aliases, categories) = halves(line);
        let mut differs = Vec::new();
        let mut next = 0;
        for _ in 0..numbers.read() {
            let first = next + numbers.read();
            next = first + numbers.read() + 1;
            differs.push((first, next - 1));
        }
        if has_word(aliases, name) {
            let (mut kinds, mut categories) = (0, categories.unwrap_or_default());
            while let Some(category) = next_part(&mut categories, b' ') {
                kinds |= kinds_of(category).unwrap_or_default();
            }
            return Some(with_kinds(kinds).symmetric_difference(&Set::of(&differs)));
        }
    }
    None
}

fn category(name: &str) -> Option<Set> {
    kinds_of(name).map(with_kinds)
}

/// The categories that a name means, as bits.
#[inline(never)]
fn kinds_of(name: &str) -> Option<u32> {
    let (mut lines, mut number) = (CATEGORIES, 0);
    let short = loop {
        let mut line = next_part(&mut lines, b'\n')?;
        if has_word(line, name) {
            break next_part(&mut line, b' ')?;
        }
        number += 1;
    };
    if number < CATEGORY_COUNT {
        return Some(1 << number);
    }
    if short == "LC" {
        return Some(0b111);
    }
    let (mut lines, mut kinds) = (CATEGORIES, 0);
    for kind in 0..CATEGORY_COUNT {
        kinds |= u32::from(next_part(&mut lines, b'\n')?.starts_with(short)) << kind;
    }
    Some(kinds)
}

#[inline(never)]
fn with_kinds(kinds: u32) -> Set {
    let mut ranges = Vec::new();
    for (first, last, _) in Runs::new().filter(|run| kinds >> run.2 & 1 != 0) {
        ranges.push((first, last));
    }
    Set::of(&ranges)
}

/// Whether a character may stand in the name of a group: ID_Start and ID_Continue but for a handful of exceptions.
pub(super) fn is_of_name(c: char, first: bool) -> bool {
    let mut kinds = 0;
    for name in ["L", "Nl", "Nd", "Mn", "Mc", "Pc"].iter().take(if first { 2 } else { 6 }) {
        kinds |= kinds_of(name).unwrap_or_default();
    }
    let joiner = matches!(c, '\u{200C}' | '\u{200D}') && !first;
    c == '_' || joiner || Runs::new().find(|run| run.1 >= c as u32).is_some_and(|run| kinds >> run.2 & 1 != 0)
}

/// The code points of general category M: what combines with what stands before. None where nobody asks for them.
#[derive(Debug, Default)]
pub(crate) struct Marks(Option<Set>);

impl Marks {
    pub(crate) fn new() -> Marks {
        Marks(category("M"))
    }

    pub(crate) fn has(&self, c: char) -> bool {
        self.0.as_ref().is_some_and(|set| set.contains(c as u32))
    }
}

/// First, last, category.
struct Runs {
    numbers: Numbers,
    next: u32,
}

impl Runs {
    fn new() -> Runs {
        Runs { numbers: Numbers(CATEGORY_RUNS), next: 0 }
    }
}

impl Iterator for Runs {
    type Item = (u32, u32, u8);

    fn next(&mut self) -> Option<Self::Item> {
        let byte = self.numbers.byte()?;
        let first = self.next;
        self.next += u32::from(byte >> 5) + 1;
        if byte >> 5 == 7 {
            self.next += self.numbers.read();
        }
        Some((first, self.next - 1, byte & 0x1F))
    }
}

/// The set with all that any code point in it folds to, or that folds to the same.
pub(super) fn fold_set(set: Set) -> Set {
    let mut set = set;
    for back in [false, true] {
        let mut ranges: Vec<(u32, u32)> = set.ranges().collect();
        let mut numbers = Numbers(FOLDS);
        let mut start = 0;
        while !numbers.0.is_empty() {
            start += numbers.read();
            let (form, distance) = (numbers.read(), numbers.read());
            let stride = 1 + (form & 1);
            let distance = (distance >> 1) as i32 ^ -((distance & 1) as i32);
            let first = if back { start.wrapping_add_signed(distance) } else { start };
            let last = first + ((form >> 1) - 1) * stride;
            let moved = if back { -distance } else { distance };
            let behind = set.turns().partition_point(|&turn| turn <= first) & !1; // the turns of ranges that end before it
            for turns in set.turns().get(behind..).unwrap_or_default().chunks_exact(2) {
                let (from, to) = (turns[0], turns[1] - 1);
                if from > last {
                    break;
                }
                let mut move_on = |from: u32, to: u32| {
                    ranges.push((from.wrapping_add_signed(moved), to.wrapping_add_signed(moved)));
                };
                let (from, to) = (from.max(first), to.min(last));
                if stride == 1 {
                    move_on(from, to);
                } else {
                    (from + (from - first) % 2..=to).step_by(2).for_each(|point| move_on(point, point));
                }
            }
        }
        set = Set::of(&ranges);
    }
    set
}

/// Numbers written in 7 bits a byte, the low ones first; 0 where the table ends.
#[derive(Clone, Copy)]
struct Numbers(&'static [u8]);

impl Numbers {
    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(byte)
    }

    #[inline(never)]
    fn read(&mut self) -> u32 {
        let (mut number, mut shift) = (0, 0);
        while let Some(byte) = self.byte() {
            number |= u32::from(byte & 0x7F) << shift;
            shift += 7;
            if byte < 0x80 || shift > 28 {
                break;
            }
        }
        number
    }
}

#[cfg(feature = "unicode")]
mod more {
    use super::super::names::{MORE_PROPERTIES, SCRIPTS};
    use super::{Set, Unknown, listed};

    pub(super) fn binary(name: &str) -> Result<Set, Unknown> {
        listed(name, MORE_PROPERTIES, include_bytes!("tables/more.bin")).ok_or(Unknown::Name)
    }

    pub(super) fn script(name: &str, extensions: bool) -> Result<Set, Unknown> {
        let set = listed(name, SCRIPTS, include_bytes!("tables/script.bin")).ok_or(Unknown::Name)?;
        let others = listed(name, SCRIPTS, include_bytes!("tables/extension.bin")).filter(|_| extensions);
        Ok(set.symmetric_difference(&others.unwrap_or_default()))
    }
}

#[cfg(not(feature = "unicode"))]
mod more {
    use super::{Set, Unknown};

    pub(super) fn binary(name: &str) -> Result<Set, Unknown> {
        let written = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        Err(if written { Unknown::NotBuiltIn } else { Unknown::Name })
    }

    pub(super) fn script(name: &str, _: bool) -> Result<Set, Unknown> {
        binary(name)
    }
}
