//! All signatures of a catalogue at once: each condition is a bit, each event type a few masks over them.

use super::Ambiguous;
use crate::catalog::{Condition, EventType};
use crate::plan::{Path, Plan, PlanBuilder, State};
use crate::span::Span;
use crate::tape::{Cursor, Kind, Tape};

/// Bits of the conditions that an object meets.
type Bits = Vec<u64>;

/// The compiled signatures of some event types.
#[derive(Clone, Debug, Default)]
pub(crate) struct Detector {
    /// The members that matter, by name.
    members: Vec<Member>,
    signatures: Vec<Masks>,
    words: usize,
}

/// Where a plan knows the members that matter: per state, the member that stands there.
#[derive(Debug, Default)]
pub(crate) struct Places(Vec<Option<u16>>);

#[derive(Clone, Debug)]
struct Member {
    name: String,
    conditions: Vec<(Condition, usize)>,
}

#[derive(Clone, Debug)]
struct Masks {
    need: Bits,
    any_of: Vec<Bits>,
    absent: Bits,
}

impl Detector {
    /// Compiles the signatures; the number of an event type is its place in `types`.
    pub(crate) fn new(types: &[EventType]) -> Detector {
        let mut detector = Detector::default();
        let mut count = 0;
        for signature in types.iter().map(|t| &t.signature) {
            let required = signature.require.iter().map(|(name, condition)| (name, condition));
            let others = signature.any_of.iter().flatten().chain(&signature.absent);
            for (name, condition) in required.chain(others.map(|name| (name, &Condition::Present))) {
                detector.add(name, condition, &mut count);
            }
        }
        detector.words = count / 64 + 1;
        detector.signatures = types.iter().map(|t| detector.masks(t)).collect();
        detector
    }

    fn add(&mut self, name: &str, condition: &Condition, count: &mut usize) {
        let place = self.find(name.as_bytes());
        let place = place.unwrap_or_else(|place| {
            self.members.insert(place, Member { name: name.to_owned(), conditions: Vec::new() });
            place
        });
        let conditions = &mut self.members[place].conditions;
        if conditions.iter().all(|(known, _)| known != condition) {
            conditions.push((condition.clone(), *count));
            *count += 1;
        }
    }

    /// The member of that name, or where it would stand: shorter names first, as most differ in length.
    fn find(&self, name: &[u8]) -> Result<usize, usize> {
        let key = |known: &[u8]| (known.len(), known.first().copied());
        self.members.binary_search_by(|member| {
            let known = member.name.as_bytes();
            key(known).cmp(&key(name)).then_with(|| known.cmp(name))
        })
    }

    fn masks(&self, of: &EventType) -> Masks {
        let present = |names: &[String]| {
            let mut bits = vec![0; self.words];
            names.iter().for_each(|name| self.mark(name, &Condition::Present, &mut bits));
            bits
        };
        let mut need = vec![0; self.words];
        for (name, condition) in &of.signature.require {
            self.mark(name, condition, &mut need);
        }
        Masks {
            need,
            any_of: of.signature.any_of.iter().map(|group| present(group)).collect(),
            absent: present(&of.signature.absent),
        }
    }

    fn mark(&self, name: &str, condition: &Condition, bits: &mut Bits) {
        let member = self.find(name.as_bytes()).ok().and_then(|place| self.members.get(place));
        let conditions = member.into_iter().flat_map(|member| &member.conditions);
        if let Some((_, bit)) = conditions.into_iter().find(|(known, _)| known == condition) {
            bits[bit / 64] |= 1 << (bit % 64);
        }
    }

    /// Asks a plan for the members that matter; gives what the plan calls the first, the others follow.
    pub(crate) fn ask(&self, plan: &mut PlanBuilder) -> usize {
        let asked: Vec<usize> = self.members.iter().map(|member| plan.ask(Path::name(&member.name))).collect();
        asked.first().copied().unwrap_or_default()
    }

    /// In which states of the finished plan they stand.
    pub(crate) fn places(&self, plan: &Plan, asked: usize) -> Places {
        let ours = asked as u32..(asked + self.members.len()) as u32;
        let member = |state| plan.asked(state).iter().find(|n| ours.contains(n)).map(|n| (n - ours.start) as u16);
        Places((0..plan.states()).map(|state| member(state as State)).collect())
    }

    /// The event type of the record at `span` of `text`, whose tape was written for the plan that was asked.
    ///
    /// # Errors
    /// The record could be of several types.
    pub(crate) fn of_tape(
        &self,
        places: &Places,
        text: &[u8],
        span: Span,
        tape: &Tape,
    ) -> Result<Option<usize>, Ambiguous> {
        let Some(first) = Cursor::root(text, tape).filter(|_| span.of(text).first() == Some(&b'{')) else {
            return Ok(None);
        };
        let mut seen = Seen::new(self);
        // A whole tape begins with the record itself, one of what was asked for with what is in it.
        let mut next = u32::from(first.kind() == Kind::Object && first.node().start as usize == span.start);
        while let Some(entry) = first.go(next) {
            if entry.kind() == Kind::Key {
                next += 1;
                continue;
            }
            let member = places.0.get(usize::from(entry.node().state)).copied().flatten();
            // A key, and no element of an array: their states may be the same.
            if let Some(member) =
                member.filter(|_| next > 0 && first.go(next - 1).is_some_and(|e| e.kind() == Kind::Key))
            {
                seen.meet(usize::from(member), entry);
            }
            next = entry.node().next;
        }
        seen.verdict()
    }

    /// The event type of an object, from its whole tape.
    ///
    /// # Errors
    /// It could be of several types.
    pub(crate) fn of_object(&self, object: Cursor<'_>) -> Result<Option<usize>, Ambiguous> {
        let mut seen = Seen::new(self);
        for (key, value) in object.children() {
            let Some(key) = key else { return Ok(None) };
            let name = key.text();
            if let Ok(member) = self.find(&name) {
                seen.meet(member, value);
            }
        }
        seen.verdict()
    }
}

/// What was seen of an object.
struct Seen<'d> {
    detector: &'d Detector,
    /// What the last occurrence of each member meets (it is the one that is read), and behind that, the members seen.
    last: Bits,
    /// Where a member was seen twice: what any of its occurrences meets, and what each of them does.
    other: Option<Box<(Bits, Bits)>>,
}

impl<'d> Seen<'d> {
    fn new(detector: &'d Detector) -> Seen<'d> {
        // One allocation: this is made for every record.
        Seen { detector, last: vec![0; detector.words + detector.members.len() / 64 + 1], other: None }
    }

    fn meet(&mut self, member: usize, value: Cursor<'_>) {
        let (seen, bit) = (self.detector.words + member / 64, 1 << (member % 64));
        let again = self.last[seen] & bit != 0;
        self.last[seen] |= bit;
        if again && self.other.is_none() {
            // Up to here all were seen once.
            self.other = Some(Box::new((self.last.clone(), self.last.clone())));
        }
        for (condition, bit) in &self.detector.members[member].conditions {
            let (word, bit) = (bit / 64, 1 << (bit % 64));
            let holds = if condition.holds(value) { bit } else { 0 };
            self.last[word] = self.last[word] & !bit | holds;
            if let Some((ever, always)) = self.other.as_deref_mut() {
                ever[word] |= holds;
                always[word] = if again { always[word] & (holds | !bit) } else { always[word] | holds };
            }
        }
    }

    fn verdict(&self) -> Result<Option<usize>, Ambiguous> {
        let found = self.only(&self.last, Some(&self.last))?;
        // Whichever occurrence a receiver reads, it must come to the same.
        match self.other.as_deref() {
            Some((ever, always)) if self.only(ever, None)? != found || self.only(always, Some(ever))? != found => {
                Err(Ambiguous)
            }
            _ => Ok(found),
        }
    }

    /// The one type whose needs are among `met` and whose absent members are not among `there`.
    fn only(&self, met: &[u64], there: Option<&[u64]>) -> Result<Option<usize>, Ambiguous> {
        let is = |masks: &&Masks| {
            let all = |of: &Bits| of.iter().zip(met).all(|(need, met)| need & met == *need);
            let any = |of: &Bits| of.iter().zip(met).any(|(any, met)| any & met != 0);
            let none = |there: &[u64]| masks.absent.iter().zip(there).all(|(absent, there)| absent & there == 0);
            all(&masks.need) && masks.any_of.iter().all(any) && there.is_none_or(none)
        };
        let mut found = self.detector.signatures.iter().enumerate().filter(|(_, masks)| is(masks)).map(|(n, _)| n);
        match (found.next(), found.next()) {
            (_, Some(_)) => Err(Ambiguous),
            (first, None) => Ok(first),
        }
    }
}
