//! All signatures of a catalogue at once: each condition is a bit, each event type a few masks over them.

use super::Ambiguous;
use super::members::{Bit, Member, Members};
use crate::catalog::{Condition, EventType};
use crate::plan::{Path, Plan, PlanBuilder, Segment, State};
use crate::tape::{Cursor, Kind};

/// Bits of the conditions that an object meets.
type Bits = Vec<u64>;

/// The compiled signatures of some event types.
#[derive(Debug)]
pub(crate) struct Detector {
    members: Members,
    signatures: Vec<Masks>,
    /// What asks for an object and the members of it that matter.
    alone: Plan,
}

#[derive(Debug)]
struct Masks {
    need: Bits,
    any_of: Vec<Bits>,
    absent: Bits,
}

/// Where a plan knows the members that matter: per state, how many keys lead to the object that the member is of, and
/// which it is.
#[derive(Debug, Default)]
pub(crate) struct Places(Vec<Option<(u8, u32)>>);

impl Detector {
    /// Compiles the signatures; the number of an event type is its place in `types`.
    pub(crate) fn new(types: &[EventType]) -> Detector {
        let conditions = types.iter().flat_map(|EventType { signature, .. }| {
            let required = signature.require.iter().map(|(name, condition)| (name, condition));
            let others = signature.any_of.iter().flatten().chain(&signature.absent);
            required.chain(others.map(|name| (name, &Condition::Present)))
        });
        let members = Members::new(conditions);
        let mask = |required: &mut dyn Iterator<Item = (&String, &Condition)>| {
            let mut mask = vec![0; members.words()];
            let bits = required.filter_map(|(name, condition)| members.bit(name, condition));
            bits.for_each(|Bit { word, bit }| mask[word] |= bit);
            mask
        };
        let present = |names: &Vec<String>| mask(&mut names.iter().map(|name| (name, &Condition::Present)));
        let masks = |EventType { signature, .. }: &EventType| Masks {
            need: mask(&mut signature.require.iter().map(|(name, condition)| (name, condition))),
            any_of: signature.any_of.iter().map(present).collect(),
            absent: present(&signature.absent),
        };
        let signatures = types.iter().map(masks).collect();
        let mut detector = Detector { members, signatures, alone: Plan::default() };
        let mut alone = PlanBuilder::default();
        detector.ask(0, &mut alone);
        detector.alone = alone.build().unwrap_or_default();
        detector
    }

    /// The plan of an object alone.
    pub(super) fn alone(&self) -> &Plan {
        &self.alone
    }

    /// Asks a plan for what the search has to see of a record, down to objects below `keys` keys. The number given is
    /// for [`Detector::places`].
    pub(crate) fn ask(&self, keys: usize, plan: &mut PlanBuilder) -> usize {
        let mut first = None;
        for keys in 0..=keys {
            for name in self.members.names() {
                let asked = plan.ask(Path::name(&String::from_utf8_lossy(name)).below(keys));
                first = first.or(Some(asked));
            }
            plan.ask(Path { segments: vec![Segment::Any; keys] });
        }
        first.unwrap_or_default()
    }

    /// In which states of the finished plan there is something for the search.
    pub(crate) fn places(&self, keys: usize, plan: &Plan, asked: usize) -> Places {
        let members = self.members.names().len();
        let each = members + 1;
        let member = |state| {
            let numbers = plan.asked(state).iter().filter_map(|n| (*n as usize).checked_sub(asked));
            let mut ours = numbers.filter(|n| *n < (keys + 1) * each).map(|n| (n / each, n % each));
            ours.find(|(_, member)| *member < members).map(|(keys, member)| (keys as u8, member as u32))
        };
        Places((0..plan.states()).map(|state| member(state as State)).collect())
    }

    /// The event type of an object below `keys` keys, if it is an event. Without `places`, its whole tape is there.
    ///
    /// # Errors
    /// It could be of several types.
    pub(crate) fn of_object(
        &self,
        object: Cursor<'_>,
        (keys, places): (usize, Option<&Places>),
        seen: &mut Seen,
    ) -> Result<Option<usize>, Ambiguous> {
        let mut hits = std::mem::take(&mut seen.hits);
        match places {
            None => self.hits(object, &mut hits),
            Some(places) => self.hits_of_places(object, (keys, places), &mut hits),
        }
        seen.begin(self);
        for (member, at) in hits.drain(..) {
            if let (Some(member), Some(value)) = (self.members.get(member), object.nodes().get(at as usize)) {
                seen.meet(member, member.holds(object.buffer(), value), object, at);
            }
        }
        seen.hits = hits;
        seen.verdict(self)
    }

    /// The members of an object that matter, and where the value of each is on its whole tape.
    fn hits(&self, object: Cursor<'_>, hits: &mut Vec<(u32, u32)>) {
        let (text, nodes) = (object.buffer(), object.nodes());
        let (mut at, end) = (object.index() + 1, object.node().next);
        while let Some([key, value, ..]) = nodes.get(at as usize..end as usize) {
            let found = if key.escaped {
                object.go(at).and_then(|key| self.members.named(&key.text()))
            } else {
                self.members.at(text, key.start as usize + 1, key.end as usize - 1)
            };
            if let Some(found) = found {
                hits.push((found, at + 1));
            }
            at = value.next;
        }
    }

    /// The same on a selective tape, for an object below `keys` keys.
    fn hits_of_places(&self, object: Cursor<'_>, (keys, places): (usize, &Places), hits: &mut Vec<(u32, u32)>) {
        let nodes = object.nodes();
        let (mut at, end) = (object.index() + 1, object.node().next);
        while let Some(node) = nodes.get(at as usize).filter(|_| at < end) {
            // What was asked for deeper stands here too, elements without a key.
            if node.kind != Kind::Key {
                at = node.next;
                continue;
            }
            if let Some((above, member)) = places.0.get(usize::from(node.state)).copied().flatten()
                && usize::from(above) == keys
            {
                hits.push((member, at + 1));
            }
            at += 1;
            at = nodes.get(at as usize).map_or(end, |value| value.next);
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
        let mut found = self.signatures.iter().enumerate().filter(|(_, masks)| is(masks)).map(|(n, _)| n);
        match (found.next(), found.next()) {
            (_, Some(_)) => Err(Ambiguous),
            (first, None) => Ok(first),
        }
    }
}

/// What was seen of an object; its memory, and the last object's verdict, serve the next one.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The members that matter, and where their values are on the tape.
    hits: Vec<(u32, u32)>,
    /// What the last occurrence of each member meets: it is the one that is read.
    last: Bits,
    /// Where a member was seen twice: what any of its occurrences meets, and what each of them does.
    other: Option<Box<(Bits, Bits)>>,
    /// What objects before met, and which event type that made each.
    before: [(Bits, Option<usize>); 4],
}

impl Seen {
    fn begin(&mut self, detector: &Detector) {
        self.last.clear();
        self.last.resize(detector.members.words(), 0);
        self.other = None;
    }

    /// Takes a member's value, at `at` on the tape, into account; `holds` are the bits that go without saying more.
    #[inline(always)]
    fn meet(&mut self, member: &Member, holds: u64, object: Cursor<'_>, at: u32) {
        let (seen, _) = member.own();
        let Some(word) = self.last.get_mut(seen.word) else { return };
        if *word & seen.bit != 0 || self.other.is_some() {
            return self.meet_again(member, holds, object.go(at));
        }
        *word |= holds;
        for (condition, Bit { word, bit }) in member.closer() {
            let holds = object.go(at).is_some_and(|value| condition.holds(value));
            self.last[*word] |= if holds { *bit } else { 0 };
        }
    }

    /// Of a member that was seen before, or after another one was seen twice.
    #[cold]
    #[inline(never)]
    fn meet_again(&mut self, member: &Member, holds: u64, value: Option<Cursor<'_>>) {
        let (seen, bits) = member.own();
        let last = &mut self.last;
        let again = last[seen.word] & seen.bit != 0;
        // Up to here all were seen once.
        let (ever, always) = &mut **self.other.get_or_insert_with(|| Box::new((last.clone(), last.clone())));
        let mut note = |word: usize, bits: u64, holds: u64| {
            last[word] = last[word] & !bits | holds;
            ever[word] |= holds;
            always[word] = if again { always[word] & (holds | !bits) } else { always[word] | holds };
        };
        note(seen.word, bits, holds);
        for (condition, Bit { word, bit }) in member.closer() {
            let holds = value.is_some_and(|value| condition.holds(value));
            note(*word, *bit, if holds { *bit } else { 0 });
        }
    }

    fn verdict(&mut self, detector: &Detector) -> Result<Option<usize>, Ambiguous> {
        if let Some(other) = self.other.take() {
            let (ever, always) = *other;
            let found = detector.only(&self.last, Some(&self.last))?;
            // Whichever occurrence a receiver reads, it must come to the same.
            let same = detector.only(&ever, None)? == found && detector.only(&always, Some(&ever))? == found;
            return if same { Ok(found) } else { Err(Ambiguous) };
        }
        let all = self.last.iter().fold(0, |all, word| all ^ word);
        let (before, was) = &mut self.before[(all.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 62) as usize];
        if self.last != *before {
            before.clear(); // where the object is ambiguous, the next one is looked at anew
            *was = detector.only(&self.last, Some(&self.last))?;
            before.extend_from_slice(&self.last);
        }
        Ok(*was)
    }
}
