//! The members that signatures speak of: found by their names, and held against all their conditions at once.

use crate::catalog::{Condition, SORTS};
use crate::tape::{Name, Node};

/// All of them.
#[derive(Debug)]
pub(super) struct Members {
    members: Vec<Member>,
    /// The first of each bucket of names.
    first: [u32; BUCKETS],
    words: usize,
}

/// A member, and the bits that its values set.
#[derive(Debug)]
pub(super) struct Member {
    name: Name,
    /// The next one of its bucket.
    next: u32,
    /// Its conditions: first those that hold for whole sorts of values, `plain` of them.
    conditions: Vec<(Condition, Bit)>,
    plain: usize,
    /// The bit for having been seen; with those of the plain conditions, in the same word, all of them; and those that a
    /// value of each sort sets.
    seen: Bit,
    bits: u64,
    holds: [u64; SORTS],
}

/// A bit among those of all conditions.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bit {
    pub(super) word: usize,
    pub(super) bit: u64,
}

impl Bit {
    fn of(number: usize) -> Bit {
        Bit { word: number / 64, bit: 1 << (number % 64) }
    }
}

/// How many buckets there are: few of the built-in members share one.
const BUCKETS: usize = 256;
/// No member.
const NONE: u32 = u32::MAX;

impl Members {
    /// Those that some conditions speak of.
    pub(super) fn new<'c>(conditions: impl Iterator<Item = (&'c String, &'c Condition)>) -> Members {
        let mut members = Members { members: Vec::new(), first: [NONE; BUCKETS], words: 0 };
        for (name, condition) in conditions {
            members.add(name.as_bytes(), condition);
        }
        members.settle();
        members
    }

    fn add(&mut self, name: &[u8], condition: &Condition) {
        let place = self.members.iter().position(|member| member.name.bytes() == name).unwrap_or_else(|| {
            let first = &mut self.first[bucket(name)];
            self.members.push(Member::new(name, *first));
            *first = (self.members.len() - 1) as u32;
            self.members.len() - 1
        });
        let conditions = &mut self.members[place].conditions;
        if conditions.iter().all(|(known, _)| known != condition) {
            conditions.push((condition.clone(), Bit::default()));
        }
    }

    /// Gives every condition its bit.
    fn settle(&mut self) {
        let mut next = 0;
        for member in &mut self.members {
            next = member.settle(next);
        }
        for (_, bit) in self.members.iter_mut().flat_map(|member| &mut member.conditions[member.plain..]) {
            *bit = Bit::of(next);
            next += 1;
        }
        self.words = next / 64 + 1;
    }

    /// How many words all bits take.
    pub(super) fn words(&self) -> usize {
        self.words
    }

    /// The names, by their numbers.
    pub(super) fn names(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.members.iter().map(|member| member.name.bytes())
    }

    /// The bit of a condition on a member.
    pub(super) fn bit(&self, name: &str, condition: &Condition) -> Option<Bit> {
        let member = self.named(name.as_bytes()).and_then(|number| self.get(number))?;
        let mut conditions = member.conditions.iter();
        conditions.find(|(known, _)| known == condition).map(|(_, bit)| *bit)
    }

    /// A member by its number.
    #[inline(always)]
    pub(super) fn get(&self, number: u32) -> Option<&Member> {
        self.members.get(number as usize)
    }

    /// The number of the member of that name.
    pub(super) fn named(&self, name: &[u8]) -> Option<u32> {
        self.of_bucket(bucket(name), |member| member.name.bytes() == name)
    }

    /// The number of the member whose name stands in a text, without escapes.
    #[inline(always)]
    pub(super) fn at(&self, text: &[u8], start: usize, end: usize) -> Option<u32> {
        let name = text.get(start..end)?;
        self.of_bucket(bucket(name), |member| member.name.is_at(text, start, end))
    }

    #[inline(always)]
    fn of_bucket(&self, bucket: usize, is: impl Fn(&Member) -> bool) -> Option<u32> {
        let mut number = self.first[bucket];
        while let Some(member) = self.get(number) {
            if is(member) {
                return Some(number);
            }
            number = member.next;
        }
        None
    }
}

impl Member {
    fn new(name: &[u8], next: u32) -> Member {
        Member {
            name: Name::new(name),
            next,
            conditions: Vec::new(),
            plain: 0,
            seen: Bit::default(),
            bits: 0,
            holds: [0; SORTS],
        }
    }

    /// Gives the plain conditions their bits, from number `next` on; gives the next one.
    fn settle(&mut self, mut next: usize) -> usize {
        self.conditions.sort_by_key(|(condition, _)| condition.holds_for(0).is_none());
        let plain = self.conditions.iter().take_while(|(condition, _)| condition.holds_for(0).is_some());
        self.plain = plain.count().min(63); // those beyond, with the bit for having been seen, are looked at one by one
        if next % 64 + self.plain >= 64 {
            next = next.next_multiple_of(64);
        }
        self.seen = Bit::of(next);
        (self.bits, self.holds) = (self.seen.bit, [self.seen.bit; SORTS]);
        for (condition, bit) in &mut self.conditions[..self.plain] {
            next += 1;
            *bit = Bit::of(next);
            self.bits |= bit.bit;
            for (sort, holds) in self.holds.iter_mut().enumerate() {
                *holds |= if condition.holds_for(sort) == Some(true) { bit.bit } else { 0 };
            }
        }
        next + 1
    }

    /// The word of the plain conditions, the bit in it for having been seen, and all of them.
    #[inline(always)]
    pub(super) fn own(&self) -> (Bit, u64) {
        (self.seen, self.bits)
    }

    /// The bits of the plain conditions that a value meets.
    #[inline(always)]
    pub(super) fn holds(&self, text: &[u8], value: &Node) -> u64 {
        self.holds[Condition::sort(text, value)]
    }

    /// Conditions beyond those, each with its bit; of sorts of values too, where a member has very many.
    #[inline(always)]
    pub(super) fn closer(&self) -> &[(Condition, Bit)] {
        self.conditions.get(self.plain..).unwrap_or_default()
    }
}

/// A name's bucket.
#[inline(always)]
fn bucket(name: &[u8]) -> usize {
    let (Some(first), Some(last)) = (name.first(), name.last()) else { return 0 };
    (usize::from(*first) ^ usize::from(*last) << 3).wrapping_add(37 * name.len()) % BUCKETS
}
