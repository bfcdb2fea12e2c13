//! All signatures of a catalogue at once: each condition is a bit, each event type a few masks over them.

use super::Ambiguous;
use super::members::{Bit, Member, Members};
use crate::catalog::{Condition, EventType};
use crate::plan::{Path, Plan, PlanBuilder, Segment, State};
use crate::tape::{Cursor, Kind, Node};

/// Bits of the conditions that an object meets.
type Bits = Vec<u64>;

/// The compiled signatures of some event types.
#[derive(Debug, Default)]
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
        places: (usize, Option<&Places>),
        seen: &mut Seen,
    ) -> Result<Option<usize>, Ambiguous> {
        if seen.met.len() != self.members.words() {
            seen.met.resize(self.members.words(), 0);
        }
        seen.met.iter_mut().for_each(|met| *met = 0);
        let met = &mut seen.met[..];
        let mut meet = |member: &Member, value: (&Node, u32)| member.meet(object, value, met);
        let is_plain = match places {
            (_, None) => self.each(object, &mut meet),
            (keys, Some(places)) => self.each_of_places(object, (keys, places), &mut meet),
        };
        if is_plain { seen.verdict(self) } else { self.of_twins(object, places) }
    }

    /// Shows `meet` the members of an object that matter, and where the value of each is on its whole tape, until it has
    /// seen enough; whether it has seen all.
    #[inline(always)]
    fn each<'d>(&'d self, object: Cursor<'_>, meet: &mut impl FnMut(&'d Member, (&Node, u32)) -> bool) -> bool {
        let (text, mut at) = (object.buffer(), object.index() as usize + 1);
        let nodes = object.nodes().get(..object.node().next as usize).unwrap_or_default();
        while let Some([key, value]) = nodes.get(at..at + 2) {
            let (start, length) = (key.start as usize + 1, key.end.wrapping_sub(key.start).wrapping_sub(2) as usize);
            let found = match key.escaped && key.span().of(text).contains(&b'\\') {
                false => self.members.at(text, start, length),
                true => object.go(at as u32).and_then(|key| self.members.named(&key.text())),
            };
            if found.is_some_and(|member| !meet(member, (value, at as u32 + 1))) {
                return false;
            }
            at = value.next as usize;
        }
        true
    }

    /// The same on a selective tape, for an object below `keys` keys.
    #[inline(always)]
    fn each_of_places<'d>(
        &'d self,
        object: Cursor<'_>,
        (keys, places): (usize, &Places),
        meet: &mut impl FnMut(&'d Member, (&Node, u32)) -> bool,
    ) -> bool {
        let nodes = object.nodes();
        let (mut at, end) = (object.index() + 1, object.node().next);
        while let Some(node) = nodes.get(at as usize).filter(|_| at < end) {
            // What was asked for deeper stands here too, elements without a key.
            if node.kind != Kind::Key {
                at = node.next;
                continue;
            }
            at += 1;
            let Some(value) = nodes.get(at as usize) else { break };
            let place = places.0.get(usize::from(node.state)).copied().flatten();
            let member = place.filter(|(above, _)| usize::from(*above) == keys);
            if let Some(member) = member.and_then(|(_, member)| self.members.get(member as usize))
                && !meet(member, (value, at))
            {
                return false;
            }
            at = value.next;
        }
        true
    }

    /// The event type of an object that has members of one name.
    #[cold]
    #[inline(never)]
    fn of_twins(
        &self,
        object: Cursor<'_>,
        (keys, places): (usize, Option<&Places>),
    ) -> Result<Option<usize>, Ambiguous> {
        // What the last occurrence of each member meets: it is the one that is read. Then what any of them meets, and
        // what each of them does.
        let none = vec![0; self.members.words()];
        let (mut last, mut ever, mut always) = (none.clone(), none.clone(), none.clone());
        let mut meet = |member: &Member, value: (&Node, u32)| {
            let (mut holds, mut all) = (none.clone(), none.clone());
            member.meet(object, value, &mut holds);
            member.all(&mut all);
            let again = last[member.seen().word] & member.seen().bit != 0;
            for word in 0..none.len() {
                let (holds, all) = (holds[word], all[word]);
                last[word] = last[word] & !all | holds;
                ever[word] |= holds;
                always[word] = if again { always[word] & (holds | !all) } else { always[word] | holds };
            }
            true
        };
        match places {
            None => self.each(object, &mut meet),
            Some(places) => self.each_of_places(object, (keys, places), &mut meet),
        };
        let found = self.only(&last, Some(&last))?;
        // Whichever occurrence a receiver reads, it must come to the same.
        let same = self.only(&ever, None)? == found && self.only(&always, Some(&ever))? == found;
        if same { Ok(found) } else { Err(Ambiguous) }
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

/// What an object meets, and what those before it came to: memory.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    met: Bits,
    /// What objects before met, and which event type that made each.
    before: Vec<(Bits, Option<usize>)>,
}

/// How many verdicts are kept: streams mix a few dozen shapes of objects.
const BEFORE: usize = 256;

impl Seen {
    fn verdict(&mut self, detector: &Detector) -> Result<Option<usize>, Ambiguous> {
        let all = self.met.iter().fold(0u64, |all, word| all.rotate_left(7) ^ word);
        let place = all.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - BEFORE.ilog2());
        if let Some((before, was)) = self.before.get(place as usize)
            && before.len() == self.met.len()
            && before.iter().zip(&self.met).all(|(before, met)| before == met)
        {
            return Ok(*was);
        }
        let found = detector.only(&self.met, Some(&self.met))?;
        self.before.resize_with(BEFORE, Default::default);
        self.before[place as usize] = (self.met.clone(), found);
        Ok(found)
    }
}
