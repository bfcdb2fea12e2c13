//! `properties`, `patternProperties`, `additionalProperties`, and `required` with them: one walk through an object.

use super::{Name, pattern};
use crate::document::text;
use crate::pattern::Pattern;
use crate::schema::check::Checker;
use crate::schema::compile::{Builder, Compiler};
use crate::schema::finding::{Why, cut};
use crate::schema::names::{Names, Spot};
use crate::schema::node::*;
use crate::tape::Cursor;

/// What is demanded of an object's members.
#[derive(Debug, Default)]
pub(in crate::schema) struct Properties {
    names: Names,
    /// Of each name.
    slots: Vec<Slot>,
    /// The first of its places in what is learnt: the name that came first, then those that came behind each name.
    place: usize,
    patterns: Vec<(Pattern, NodeId)>,
    additional: NodeId,
    /// Of members that the schema does not name, anything is valid.
    open: bool,
    /// The required names: text, and where the schema tells it.
    required: Vec<(Box<[u8]>, u32)>,
    /// The bits of all that have one.
    all_required: u64,
}

#[derive(Debug)]
struct Slot {
    spot: Spot,
    node: NodeId,
    /// Kinds of values that the schema has nothing against.
    quick: Kinds,
    /// The bit of a required name; the first 64 have one.
    required: u64,
    /// The place of a required name among them.
    place: Option<usize>,
}

/// What has been read of it.
#[derive(Debug, Default)]
pub(in crate::schema) struct Parts {
    properties: Vec<(Box<[u8]>, NodeId)>,
    patterns: Vec<(Pattern, NodeId)>,
    additional: Option<NodeId>,
    pub(super) required: Vec<(Box<[u8]>, u32)>,
}

pub(in crate::schema) fn properties<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    for (key, member) in c.members(builder, value, "an object whose members are schemas") {
        let node = c.schema(builder, member);
        builder.properties.properties.push((key.text().into(), node));
    }
}

pub(in crate::schema) fn patterns<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    for (key, member) in c.members(builder, value, "an object whose members are schemas") {
        let node = c.schema(builder, member);
        let pattern = text(key).and_then(|text| pattern::read(c, builder, key, &text));
        builder.properties.patterns.extend(pattern.map(|pattern| (pattern, node)));
    }
}

pub(in crate::schema) fn additional<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    builder.properties.additional = Some(c.schema(builder, value));
}

pub(in crate::schema) fn finish(c: &mut Compiler<'_>, builder: &mut Builder) {
    let Parts { properties, patterns, additional, required } = std::mem::take(&mut builder.properties);
    if properties.is_empty() && patterns.is_empty() && additional.is_none() && required.is_empty() {
        return;
    }
    c.names.extend(properties.iter().map(|(name, _)| name.clone()));
    let mut names: Vec<Box<[u8]>> = properties.iter().map(|(name, _)| name.clone()).collect();
    names.extend(required.iter().map(|(name, _)| name.clone()));
    names.sort_unstable();
    names.dedup();
    let slot = |name: &[u8]| {
        // Both lists ascend.
        let node = properties.binary_search_by(|(other, _)| (**other).cmp(name)).map_or(NONE, |i| properties[i].1);
        let place = required.binary_search_by(|(other, _)| (**other).cmp(name)).ok();
        let bit = place.and_then(|place| 1u64.checked_shl(place as u32)).unwrap_or_default();
        Slot { spot: Spot::new(name), node, quick: 0, required: bit, place }
    };
    let slots = names.iter().map(|name| slot(name)).collect::<Vec<_>>();
    let all_required = slots.iter().fold(0, |all, slot| all | slot.required);
    let additional = additional.unwrap_or(NONE);
    let place = c.order;
    c.order += slots.len() + 1;
    let names = Names::new(names);
    let rule = Properties { names, slots, place, patterns, additional, open: false, required, all_required };
    builder.name = Name::Properties;
    builder.demand(OBJECT, Check::Properties(Box::new(rule)));
}

impl Properties {
    /// Takes over what is known of the schemas once all are.
    pub(in crate::schema) fn settle(&mut self, quick: impl Fn(NodeId) -> Kinds) {
        for slot in &mut self.slots {
            slot.quick = if slot.node == NONE { Kinds::MAX } else { quick(slot.node) };
        }
        self.open = self.patterns.is_empty() && (self.additional == NONE || quick(self.additional) & ANY == ANY);
    }
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, rule: &Properties, object: u32, track: bool) -> bool {
    let alone = rule.open && !track && !c.annotates;
    let (mut valid, mut seen, mut ordinal) = (true, 0, 0);
    let end = c.next(object) as usize;
    let mut key = object as usize + 1;
    // Records are written by machines, in one order: the name that followed the last one last time is tried first.
    let mut place = rule.place;
    while key < end {
        let Some([name, value]) = c.tape.get(key..key + 2) else { break };
        let next = (value.next as usize).max(key + 2);
        let guess = c.order.get(place).copied().unwrap_or_default();
        let (start, end_of_name) = (name.start as usize + 1, (name.end as usize).wrapping_sub(1));
        let mut slot = rule.slots.get(guess as usize);
        if slot.is_some_and(|slot| slot.spot.is_at(c.text, start, end_of_name)) {
            place = rule.place + 1 + guess as usize;
        } else if name.escaped || rule.names.may_hold(c.text, start, end_of_name) {
            slot = look_up(c, rule, key as u32, &mut place);
        } else {
            slot = None;
        }
        let mut node = NONE;
        if let Some(slot) = slot {
            seen |= slot.required;
            let fine = slot.quick & bit(value.kind) != 0 || (slot.quick & INTEGER != 0 && c.is_plain_integer(value));
            if fine && alone {
                key = next;
                continue;
            }
            node = slot.node;
        } else if alone {
            key = next;
            continue;
        }
        if node != NONE {
            valid &= c.member(node, object, key as u32 + 1);
        }
        if !alone {
            valid &= others(c, rule, object, (key as u32, node != NONE), (track, ordinal));
        }
        if !valid && c.trace.is_none() {
            return false;
        }
        ordinal += 1;
        key = next;
    }
    let complete = seen == rule.all_required && rule.required.len() <= 64;
    (complete || missing_members(c, rule, object)) && valid
}

/// The slot of a key's name, if it has one; notes that this name came here.
#[inline(never)]
fn look_up<'r>(c: &mut Checker<'_>, rule: &'r Properties, key: u32, place: &mut usize) -> Option<&'r Slot> {
    let number = c.find(&rule.names, key)?;
    if let Some(guess) = c.order.get_mut(*place) {
        *guess = number;
    }
    *place = rule.place + 1 + number as usize;
    rule.slots.get(number as usize)
}

/// What is demanded of a member besides what its name does.
#[inline(never)]
fn others(
    c: &mut Checker<'_>,
    rule: &Properties,
    object: u32,
    member: (u32, bool),
    (track, ordinal): (bool, u32),
) -> bool {
    let (key, mut known) = member;
    let mut valid = true;
    if !rule.patterns.is_empty() {
        let fits = fitting(c, rule, object, key);
        known |= fits.is_some();
        valid = fits.unwrap_or(true);
    }
    if !known && rule.additional != NONE {
        known = true;
        valid = c.member(rule.additional, object, key + 1);
    }
    if track && known {
        c.scratch.marks.push(ordinal);
    }
    valid
}

/// Whether a member is valid by the patterns that its name matches; none if it matches none.
#[inline(never)]
fn fitting(c: &mut Checker<'_>, rule: &Properties, object: u32, key: u32) -> Option<bool> {
    let mut fits = None;
    for (by_name, node) in &rule.patterns {
        if pattern::matches(c, by_name, key) {
            let valid = c.member(*node, object, key + 1);
            fits = Some(fits.unwrap_or(true) && valid);
        }
    }
    fits
}

/// Notes the required members that are missing; whether none is.
#[inline(never)]
fn missing_members(c: &mut Checker<'_>, rule: &Properties, object: u32) -> bool {
    let mut there = vec![false; rule.required.len()];
    let steps = u64::from(c.next(object) - object) / 16;
    c.spend(steps);
    for key in c.keys(object) {
        let slot = c.find(&rule.names, key).and_then(|name| rule.slots.get(name as usize));
        if let Some(there) = slot.and_then(|slot| slot.place).and_then(|place| there.get_mut(place)) {
            *there = true;
        }
    }
    let mut all = true;
    for ((_, entry), _) in rule.required.iter().zip(&there).filter(|(_, there)| !**there) {
        all = c.fail(Name::Required, object, *entry);
    }
    all
}

/// Of members that are forbidden altogether.
pub(in crate::schema) fn expected(_: &Why<'_>) -> String {
    "no such member".to_owned()
}

/// Of members that the schema does not tell.
pub(in crate::schema) fn expected_known(why: &Why<'_>) -> String {
    const MOST: usize = 10;
    let names: Vec<String> = why.siblings().into_iter().map(|name| format!("\"{}\"", cut(&name))).collect();
    match names.len() {
        0 => "no such member".to_owned(),
        1 => format!("no member but {}", names.concat()),
        2..=MOST => format!("no member but {}", names.join(", ")),
        all => format!("no member but {}, … ({all} in all)", names[..MOST].join(", ")),
    }
}
