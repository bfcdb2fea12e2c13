//! Where rules were applied: counts by path, of names that the catalogue or the policy has. What else a key says is data,
//! and becomes `*`.

use std::cmp::Ordering;

use crate::limits::MAX_PLACES;
use crate::order::Order;
use crate::plan::State;

/// A way is the steps that lead to a value: a name and this byte behind it, which no text has, or an element.
pub(super) const NAME: u8 = 0xFF;
pub(super) const ELEMENT: u8 = 0xFE;

/// How often a rule was applied at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Placed {
    /// The rule's place in the policy's list.
    pub(crate) rule: usize,
    pub(crate) path: String,
    pub(crate) count: u64,
}

impl Placed {
    fn compare(&self, rule: usize, path: &str) -> Ordering {
        self.rule.cmp(&rule).then_with(|| self.path.as_str().cmp(path))
    }
}

/// The counts of all places.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// All that were ever met, so that the next of many calls knows them; 0 are those that it has not met.
    known: Vec<Placed>,
    /// By rule and path.
    order: Order,
    /// By what is told of a way and a rule by their digest: which place was meant the last time.
    seen: Vec<(u64, u32)>,
    /// Those that were met since counting began, in that order.
    met: Vec<u32>,
}

impl Places {
    const SEEN: usize = 2048;

    /// Where rules were applied since counting began, in the order in which that was first met.
    pub(crate) fn met(&self) -> impl Iterator<Item = &Placed> {
        self.met.iter().filter_map(|number| self.known.get(*number as usize))
    }

    /// Counting begins anew.
    pub(super) fn clear(&mut self) {
        if self.known.len() >= MAX_PLACES {
            *self = Places::default();
        }
        for number in self.met.drain(..) {
            self.known[number as usize].count = 0;
        }
    }

    /// Counts one; `path` is asked where the way is not known yet.
    #[inline]
    pub(super) fn count(
        &mut self,
        (entry, rule, view, state): (usize, u8, usize, State),
        way: &[u8],
        path: impl FnOnce() -> String,
    ) {
        let digest = digest(way, (view as u64) << 40 | u64::from(rule) << 32 | u64::from(state));
        let slot = digest as usize % Places::SEEN;
        let number = match self.seen.get(slot) {
            Some((known, number)) if *known == digest && *number != u32::MAX => *number,
            _ => {
                let number = self.number(entry, path());
                self.seen.resize(Places::SEEN, (0, u32::MAX));
                self.seen[slot] = (digest, number);
                number
            }
        };
        match self.known.get_mut(number as usize) {
            Some(place) if place.count > 0 => place.count += 1,
            _ => self.meet(entry, number),
        }
    }

    /// Counts the first of a place; what is over the limit is told together.
    #[cold]
    #[inline(never)]
    fn meet(&mut self, rule: usize, number: u32) {
        let number = if self.met.len() < MAX_PLACES { number } else { self.number(rule, "**".to_owned()) };
        let place = &mut self.known[number as usize];
        if place.count == 0 {
            self.met.push(number);
        }
        place.count += 1;
    }

    #[cold]
    #[inline(never)]
    fn number(&mut self, rule: usize, path: String) -> u32 {
        let next = self.known.len();
        let path = if next < 2 * MAX_PLACES { path } else { "**".to_owned() };
        let number = self.order.find_or_add(next, &|number| self.known[number].compare(rule, &path));
        if number == next {
            self.known.push(Placed { rule, path, count: 0 });
        }
        number as u32
    }
}

fn digest(way: &[u8], seed: u64) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let (words, rest) = way.as_chunks::<8>();
    let mix = |digest: u64, word: u64| (digest ^ word).wrapping_mul(ODD).rotate_left(29);
    let digest = words.iter().fold(seed, |digest, word| mix(digest, u64::from_le_bytes(*word)));
    let last = rest.iter().fold(0, |last, byte| last << 8 | u64::from(*byte));
    mix(mix(digest, last), way.len() as u64)
}

/// A way as a path, of names that are `known`.
pub(super) fn written(way: &[u8], known: &dyn Fn(&str) -> bool) -> String {
    let mut path = String::new();
    let mut rest = way;
    while let Some((&first, behind)) = rest.split_first() {
        if first == ELEMENT {
            path.push_str("[*]");
            rest = behind;
            continue;
        }
        let len = rest.iter().position(|byte| *byte == NAME).unwrap_or(rest.len());
        let name = std::str::from_utf8(&rest[..len]).ok().filter(|name| known(name));
        if !path.is_empty() {
            path.push('.');
        }
        match name {
            Some(name) => {
                for c in name.chars() {
                    if matches!(c, '.' | '[' | ']' | '*' | '\\') {
                        path.push('\\');
                    }
                    path.push(c);
                }
            }
            None => path.push('*'),
        }
        rest = rest.get(len + 1..).unwrap_or_default();
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_nobody_has_are_stars() {
        let known = |name: &str| ["a.b", "input", "lines"].contains(&name);
        let way = [&b"lines"[..], &[NAME, ELEMENT], b"input", &[NAME], b"ana@example.org", &[NAME], b"a.b", &[NAME]];
        assert_eq!(written(&way.concat(), &known), "lines[*].input.*.a\\.b");
        assert_eq!(written(b"", &known), "");
    }

    #[test]
    fn places_are_counted_up_to_a_limit() {
        let mut places = Places::default();
        for round in 0..2 {
            for number in 0..MAX_PLACES + 10 {
                places.count((0, 0, 0, 1), number.to_string().as_bytes(), || number.to_string());
            }
            let met: Vec<_> = places.met().collect();
            assert_eq!(met.len(), MAX_PLACES + 1);
            assert!(met[..MAX_PLACES].iter().all(|place| place.count == round + 1));
            assert_eq!((met[MAX_PLACES].path.as_str(), met[MAX_PLACES].count), ("**", 10 * (round + 1)));
        }
    }
}
