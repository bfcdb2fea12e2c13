//! `properties`, `patternProperties`, `additionalProperties`, and `required` with them: one walk through an object.

use super::{Name, pattern};
use crate::schema::check::Checker;
use crate::schema::compile::Compiler;
use crate::schema::names::{Key, Spot, may_be};
use crate::schema::node::*;
use crate::tape::Kind;

/// What is demanded of an object's members.
#[derive(Debug)]
pub(in crate::schema) struct Properties {
    /// Runs of words, as they were read: name and schema by turns; an unused word, name and entry; pattern and schema.
    named: (u32, u32),
    required: (u32, u32),
    pub(in crate::schema) by_pattern: (u32, u32),
    pub(in crate::schema) additional: NodeId,
    /// Kinds of values that nothing is said against in members that the schema does not name.
    pub(in crate::schema) of_others: Kinds,
    /// Of each name, ascending.
    pub(in crate::schema) slots: Vec<Slot>,
    /// The bits of all names: most others are ruled out by them.
    bits: u64,
    /// The first of its places in what is learnt: the name that came first, then those that came behind each name.
    pub(in crate::schema) place: usize,
    /// The bits of all required names that have one.
    pub(in crate::schema) all_required: u64,
    /// Some required name has no bit.
    pub(in crate::schema) more_required: bool,
}

#[derive(Debug)]
pub(in crate::schema) struct Slot {
    pub(in crate::schema) spot: Spot,
    pub(in crate::schema) node: NodeId,
    /// Kinds of values that nothing is said against.
    pub(in crate::schema) quick: Kinds,
    /// The bit of a required name; the first 64 have one.
    pub(in crate::schema) required: u64,
    /// Of a required name, where the schema tells it; else [`NONE`].
    entry: u32,
}

pub(in crate::schema) fn finish(c: &mut Compiler<'_>) {
    let run = |c: &Compiler<'_>, name| if c.has(name) { c.operands(name) } else { (0, 0) };
    let rule = Properties {
        named: run(c, Name::Properties),
        required: run(c, Name::Required),
        by_pattern: run(c, Name::PatternProperties),
        additional: c.operands(Name::AdditionalProperties).0,
        of_others: 0,
        slots: Vec::new(),
        bits: 0,
        place: 0,
        all_required: 0,
        more_required: false,
    };
    if rule.named.1 + rule.required.1 + rule.by_pattern.1 > 0 || rule.additional != NONE {
        let number = c.compiled.objects.len() as u32;
        c.compiled.objects.push(rule);
        c.demand(OBJECT, Name::Properties, (number, 0));
    }
}

/// Makes the slots, once texts have numbers and all schemas are known.
pub(in crate::schema) fn settle(compiled: &mut Compiled) {
    let mut objects = std::mem::take(&mut compiled.objects);
    let (words, names) = (&compiled.words, &compiled.names);
    for rule in &mut objects {
        let by_pattern = rule.by_pattern.1 > 0;
        rule.of_others = if by_pattern { 0 } else { compiled.quick(rule.additional) };
        rule.place = compiled.order;
        // Both ascend by name.
        let (mut named, mut required) = (rule.named.0, rule.required.0);
        loop {
            let here = |run: u32, end: u32, at: u32| if run < end { words[(run + at) as usize] } else { NONE };
            let (one, other) = (here(named, rule.named.1, 0), here(required, rule.required.1, 1));
            let name = one.min(other);
            if name == NONE {
                break;
            }
            let (mut node, mut entry, mut bit) = (NONE, NONE, 0);
            if one == name {
                node = words[named as usize + 1];
                named += 2;
            }
            if other == name {
                entry = words[required as usize + 2];
                bit = 1u64.checked_shl((required - rule.required.0) / 3).unwrap_or_default();
                rule.more_required |= bit == 0;
                required += 3;
            }
            rule.all_required |= bit;
            rule.bits |= Key::new(names.text(name)).bit();
            let quick = if node == NONE { rule.of_others } else { compiled.quick(node) };
            rule.slots.push(Slot { spot: Spot::new(names, name), node, quick, required: bit, entry });
        }
        compiled.order += rule.slots.len() + 1;
    }
    compiled.objects = objects;
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, rule: u32, object: u32, track: bool) -> bool {
    let schema = c.schema;
    let Some(rule) = schema.objects.get(rule as usize) else { return true };
    // Of a member that it names, nothing else is asked; of another, nothing at all.
    let alone = rule.by_pattern.1 == 0 && !track && !c.annotates;
    let open = rule.of_others & ANY == ANY && alone;
    let (mut valid, mut seen, mut ordinal) = (true, 0, 0);
    let end = c.view.next(object) as usize;
    let mut key = object as usize + 1;
    // Records are written by machines, in one order: the name that followed the last one last time is tried first.
    let mut place = rule.place;
    while key < end {
        let Some([name, value]) = c.view.tape.get(key..key + 2) else { break };
        let next = (value.next as usize).max(key + 2);
        let guesses = c.scratch.order.get(place).copied().unwrap_or_default();
        let (start, end_of_name) = (name.start as usize + 1, (name.end as usize).wrapping_sub(1));
        let text = c.view.text;
        let is_at = |guess: u32| {
            let slot = rule.slots.get(guess as usize)?;
            slot.spot.is_at(&schema.names, text, start).map(|_| (guess, slot))
        };
        let mut slot = None;
        if let Some((guess, guessed)) = is_at(guesses[0]).or_else(|| is_at(guesses[1])) {
            place = rule.place + 1 + guess as usize;
            slot = Some(guessed);
        } else if name.escaped || rule.may_name(c.view.text, start, end_of_name) {
            slot = look_up(c, rule, key as u32, &mut place);
        }
        let mut node = NONE;
        if let Some(slot) = slot {
            seen |= slot.required;
            let fine = slot.quick & bit(value.kind) != 0
                || (value.kind == Kind::Number && c.is_quick_integer(slot.quick, value));
            if fine && alone {
                key = next;
                continue;
            }
            node = slot.node;
        } else if open {
            key = next;
            continue;
        }
        if node != NONE {
            valid &= c.member(node, object, key as u32 + 1);
        }
        if (!alone || node == NONE) && (valid || c.trace.is_some()) {
            valid &= others(c, rule, object, (key as u32 + 1, node != NONE), (track, ordinal));
        }
        if !valid && c.trace.is_none() {
            return false;
        }
        ordinal += 1;
        key = next;
    }
    (seen == rule.all_required && !rule.more_required || missing_members(c, rule, object)) && valid
}

/// The slot of a key's name, if it has one; notes that this name came here.
#[inline(never)]
fn look_up<'r>(c: &mut Checker<'_>, rule: &'r Properties, key: u32, place: &mut usize) -> Option<&'r Slot> {
    let name = c.find(key)?;
    rule.learn(name, place, &mut c.scratch.order)
}

#[inline(never)]
fn slot_of(c: &mut Checker<'_>, rule: &Properties, key: u32) -> Option<usize> {
    rule.number(c.find(key)?)
}

impl Properties {
    /// The number of a name's slot.
    fn number(&self, name: u32) -> Option<usize> {
        self.slots.binary_search_by_key(&name, |slot| slot.spot.name).ok()
    }

    /// A name's slot, if it has one; notes that it came here.
    #[inline(never)]
    pub(in crate::schema) fn learn(&self, name: u32, place: &mut usize, order: &mut [[u32; 2]]) -> Option<&Slot> {
        let number = self.number(name)?;
        if let Some(guesses) = order.get_mut(*place) {
            *guesses = [number as u32, guesses[0]];
        }
        *place = self.place + 1 + number;
        self.slots.get(number)
    }

    /// Whether a key without escapes at `text[start..end]` may be one of the names.
    #[inline(always)]
    pub(in crate::schema) fn may_name(&self, text: &[u8], start: usize, end: usize) -> bool {
        may_be(self.bits, text, start, end)
    }
}

/// What is demanded of a member besides what its name does.
#[inline(never)]
fn others(
    c: &mut Checker<'_>,
    rule: &Properties,
    object: u32,
    (value, mut known): (u32, bool),
    (track, ordinal): (bool, u32),
) -> bool {
    let mut valid = true;
    let schema = c.schema;
    for by_pattern in schema.run(rule.by_pattern.0, rule.by_pattern.1).chunks_exact(2) {
        if pattern::matches(c, by_pattern[0], value - 1) {
            valid &= c.member(by_pattern[1], object, value);
            known = true;
            if !valid && c.trace.is_none() {
                return false;
            }
        }
    }
    if !known && rule.additional != NONE {
        known = true;
        valid = c.member(rule.additional, object, value);
    }
    if track && known {
        c.scratch.marks.push(ordinal);
    }
    valid
}

/// Notes the required members that are missing; whether none is.
#[inline(never)]
fn missing_members(c: &mut Checker<'_>, rule: &Properties, object: u32) -> bool {
    let mut there = vec![false; rule.slots.len()];
    let steps = u64::from(c.view.next(object) - object) / 16;
    c.spend(steps);
    for value in c.view.below(object) {
        if let Some(there) = slot_of(c, rule, value - 1).and_then(|slot| there.get_mut(slot)) {
            *there = true;
        }
    }
    let mut all = true;
    for (slot, there) in rule.slots.iter().zip(there) {
        if slot.entry != NONE && !there {
            all = c.fail(Name::Required, object, slot.entry);
        }
    }
    all
}
