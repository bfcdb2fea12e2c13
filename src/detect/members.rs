//! The members that signatures speak of: found by their names, and held against all their conditions at once.

use crate::catalog::{Condition, SORTS};
use crate::tape::{Cursor, Kind, Name, Node};

/// All of them.
#[derive(Debug)]
pub(super) struct Members {
    /// By name.
    members: Vec<Member>,
    /// The first of those whose names have that [home].
    homes: [u32; HOMES],
    words: usize,
}

impl Default for Members {
    /// None at all.
    fn default() -> Members {
        Members { members: Vec::new(), homes: [NONE; HOMES], words: 0 }
    }
}

/// A member, and the bits that its values set.
#[derive(Debug)]
pub(super) struct Member {
    name: Name,
    /// The next one of its home.
    next: u32,
    /// Its conditions: first those that hold for whole sorts of values, `plain` of them.
    conditions: Vec<(Condition, Bit)>,
    plain: usize,
    /// The conditions behind those hold for one text alone, each for one of these; else there are none.
    texts: Vec<(Name, Bit)>,
    /// The bit for having been seen; in the same word, it and those of the plain conditions that a value of each sort sets.
    seen: Bit,
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

impl Members {
    /// Those that some conditions speak of.
    pub(super) fn new<'c>(conditions: impl Iterator<Item = (&'c String, &'c Condition)>) -> Members {
        let mut all: Vec<_> = conditions.collect();
        all.sort_by_key(|(name, _)| name.as_bytes()); // stable: every catalogue has its bits in one order
        let (mut members, mut homes) = (Vec::<Member>::new(), [NONE; HOMES]);
        for (name, condition) in all {
            if members.last().is_none_or(|last| last.name.bytes() != name.as_bytes()) {
                let home = &mut homes[home(name.as_bytes())];
                let number = std::mem::replace(home, members.len() as u32);
                members.push(Member::new(name, number));
            }
            members.last_mut().into_iter().for_each(|member| member.add(condition));
        }
        let mut next = 0;
        for member in &mut members {
            next = member.settle(next);
        }
        for member in &mut members {
            for (_, bit) in &mut member.conditions[member.plain..] {
                *bit = Bit::of(next);
                next += 1;
            }
            let texts = member.conditions[member.plain..].iter();
            let texts = texts.map(|(condition, bit)| Some((Name::new(condition.text()?.as_bytes()), *bit)));
            member.texts = texts.collect::<Option<_>>().unwrap_or_default();
        }
        Members { members, homes, words: next / 64 + 1 }
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
        let mut conditions = self.named(name.as_bytes())?.conditions.iter();
        conditions.find(|(known, _)| known == condition).map(|(_, bit)| *bit)
    }

    /// A member by its number.
    #[inline(always)]
    pub(super) fn get(&self, number: usize) -> Option<&Member> {
        self.members.get(number)
    }

    /// The member of that name.
    #[inline(never)]
    pub(super) fn named(&self, name: &[u8]) -> Option<&Member> {
        let place = self.members.binary_search_by(|member| member.name.bytes().cmp(name)).ok()?;
        self.get(place)
    }

    /// The member whose name stands in `text[start..start + length]`, behind which at least eight bytes follow.
    #[inline(always)]
    pub(super) fn at(&self, text: &[u8], start: usize, length: usize) -> Option<&Member> {
        if length == 0 {
            return self.named(b"");
        }
        let (Some(second), Some(first)) = (text.get(start + 1), text.get(start)) else { return None };
        let member = self.get(self.homes[home_of(*first, *second, length)] as usize)?;
        let is = member.name.is_at(text, start, start + length);
        if is { Some(member) } else { self.behind(member, text.get(start..)?, length) }
    }

    #[cold]
    #[inline(never)]
    fn behind<'m>(&'m self, mut member: &'m Member, text: &[u8], length: usize) -> Option<&'m Member> {
        loop {
            member = self.get(member.next as usize)?;
            if member.name.begins(text, length) {
                return Some(member);
            }
        }
    }
}

impl Member {
    fn new(name: &str, next: u32) -> Member {
        let (conditions, texts) = (Vec::new(), Vec::new());
        Member {
            name: Name::new(name.as_bytes()),
            next,
            conditions,
            plain: 0,
            texts,
            seen: Bit::default(),
            holds: [0; SORTS],
        }
    }

    fn add(&mut self, condition: &Condition) {
        if self.conditions.iter().all(|(known, _)| known != condition) {
            self.conditions.push((condition.clone(), Bit::default()));
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
        self.holds = [self.seen.bit; SORTS];
        for (condition, bit) in &mut self.conditions[..self.plain] {
            next += 1;
            *bit = Bit::of(next);
            for (sort, holds) in self.holds.iter_mut().enumerate() {
                *holds |= if condition.holds_for(sort) == Some(true) { bit.bit } else { 0 };
            }
        }
        next + 1
    }

    /// The bit for having been seen.
    #[inline(always)]
    pub(super) fn seen(&self) -> Bit {
        self.seen
    }

    /// Sets the bits of the conditions that a value, at `at` on the tape of its object, meets. Whether it is the member's
    /// first, as far as the bits tell.
    #[inline(always)]
    pub(super) fn meet(&self, object: Cursor<'_>, (value, at): (&Node, u32), met: &mut [u64]) -> bool {
        let Some(word) = met.get_mut(self.seen.word) else { return false };
        let is_first = *word & self.seen.bit == 0;
        *word |= self.holds[Condition::sort(object.buffer(), value)];
        if self.conditions.len() > self.plain {
            self.meet_closely(object, (value, at), met);
        }
        is_first
    }

    /// The same for the conditions for which the value's sort is not enough, and where there are very many, for others.
    #[inline(never)]
    fn meet_closely(&self, object: Cursor<'_>, (value, at): (&Node, u32), met: &mut [u64]) {
        let (start, length) = (value.start as usize + 1, value.span().len().wrapping_sub(2));
        if !self.texts.is_empty() && !value.escaped {
            if let Some(text) = object.buffer().get(start..).filter(|_| value.kind == Kind::String && length > 0) {
                let texts = self.texts.iter().filter(|(name, _)| name.begins(text, length));
                texts.for_each(|(_, Bit { word, bit })| met[*word] |= bit);
            }
            return;
        }
        let Some(value) = object.go(at) else { return };
        for (condition, Bit { word, bit }) in &self.conditions[self.plain..] {
            met[*word] |= if condition.holds(value) { *bit } else { 0 };
        }
    }

    /// Sets all its bits.
    pub(super) fn all(&self, bits: &mut [u64]) {
        bits[self.seen.word] |= self.seen.bit;
        self.conditions.iter().for_each(|(_, Bit { word, bit })| bits[*word] |= bit);
    }
}

/// How many homes there are: few of the built-in members share one, and hardly any other key comes to one.
const HOMES: usize = 512;
/// No member.
const NONE: u32 = u32::MAX;

/// The home of a name that is not empty.
fn home(name: &[u8]) -> usize {
    let byte = |at| name.get(at).copied().unwrap_or(b'"'); // its quote is what stands behind a name
    home_of(byte(0), byte(1), name.len())
}

/// The same by its first two bytes and its length.
#[inline(always)]
fn home_of(first: u8, second: u8, length: usize) -> usize {
    (usize::from(first) + 24 * usize::from(second) + 9 * length) % HOMES
}
