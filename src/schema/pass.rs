//! Yes in one pass over the text: most documents fit, and of a schema of plain keywords that shows while they are read.
//!
//! What this does not tell it leaves to the check of a tape: a value by itself where keywords look at it together, and
//! the whole document where something does not fit, as a later member of the same name might make up for it.

use super::check::{Checker, Scratch, Via};
use super::keyword::Name;
use super::keyword::properties::{Properties, Slot};
use super::names::Key;
use super::node::*;
use super::view::View;
use crate::limits::{MAX_CHECK_DEPTH, MAX_CHECK_STEPS, MAX_CHECK_STEPS_PER_VALUE};
use crate::plan::{Plan, START};
use crate::tape::{
    self, At, Kind, NEXT_STRING, Tape, Text, Walk, closer, found, fraction, integer, literal, skip, walk,
};

/// A pass over one document.
pub(super) struct Pass<'a> {
    schema: &'a Compiled,
    text: Text<'a>,
    /// How many levels the document may have.
    depth: usize,
    breaks: bool,
    /// What is learnt about the order of members, for the time being not among the rest that is kept.
    order: Vec<[u32; 2]>,
    scratch: &'a mut Scratch,
    steps: u64,
    /// For values that are checked on a tape.
    tape: &'a mut Tape,
    everything: &'a Plan,
}

/// Where the value that begins at `start` ends, if it fits. `tape` is for values that are checked by themselves.
pub(super) fn pass(
    schema: &Compiled,
    (text, start, depth): (Text<'_>, usize, usize),
    everything: &Plan,
    (scratch, tape): (&mut Scratch, &mut Tape),
) -> Option<Walk> {
    if schema.dynamic {
        return None;
    }
    let mut order = std::mem::take(&mut scratch.order);
    order.resize(schema.order, [0; 2]);
    let (depth, breaks, steps) = (depth.min(MAX_CHECK_DEPTH), false, MAX_CHECK_STEPS);
    let mut pass = Pass { schema, text, depth, breaks, order, scratch, steps, tape, everything };
    let end = pass.container(0, start, depth);
    pass.scratch.order = pass.order;
    (end > 0 && end <= text.end).then_some(Walk::Whole { end, breaks: pass.breaks })
}

impl Pass<'_> {
    /// Goes through the object or array that begins at `start` and may have `levels` levels; gives the place behind it,
    /// or 0 where it may not fit.
    #[inline(never)]
    fn container(&mut self, schema: NodeId, start: usize, levels: usize) -> usize {
        self.within(schema, start, levels).unwrap_or(0)
    }

    #[inline(always)]
    fn within(&mut self, id: NodeId, start: usize, levels: usize) -> Option<usize> {
        let (schema, text) = (self.schema, self.text);
        let (bytes, index) = (text.bytes, text.index);
        let Quickly { types, unevaluated, keywords, object: rule } = schema.node(id)?.quickly;
        let below = levels.checked_sub(1)?;
        let first = *bytes.get(start)?;
        let mut rule = schema.objects.get(rule as usize);
        let (mut node, mut least, mut most) = (NONE, 0, NONE);
        let kind = match first {
            b'{' => Kind::Object,
            b'[' => Kind::Array,
            _ => return None,
        };
        if types & bit(kind) == 0 {
            return None;
        }
        let mut plain = !unevaluated;
        if kind == Kind::Object {
            plain &= rule.is_some_and(|rule| rule.by_pattern.1 == 0 && !rule.more_required);
        } else {
            rule = None;
            for keyword in schema.keywords.get(keywords.0 as usize..keywords.1 as usize)? {
                match keyword.name {
                    Name::Items if keyword.b - keyword.a == 1 => node = schema.word(keyword.a),
                    Name::MinItems => least = keyword.a,
                    Name::MaxItems => most = keyword.a,
                    _ => plain &= keyword.kinds & ARRAY == 0,
                }
            }
        }
        if !plain {
            return self.aside(id, start, levels);
        }
        let mut quick = schema.quick(node);
        let (mut count, mut seen) = (0, 0);
        let mut place = rule.map_or(0, |rule| rule.place);
        let (mut pos, mut c) = text.at(start + 1, &mut self.breaks)?;
        let mut is_open = c != closer(rule.is_some());
        while is_open {
            if let Some(rule) = rule {
                if c != b'"' {
                    return None;
                }
                let [guess, _] = self.order.get(place).copied().unwrap_or_default();
                let mut slot = rule.slots.get(guess as usize);
                match slot.and_then(|slot| slot.spot.is_at(&schema.names, bytes, pos + 1)) {
                    Some(end) => {
                        place = rule.place + 1 + guess as usize;
                        (pos, c) = text.at(end, &mut self.breaks)?;
                    }
                    None => ((pos, c), slot) = self.other_key(rule, pos, &mut place)?,
                }
                (node, quick) = (rule.additional, rule.of_others);
                if let Some(slot) = slot {
                    seen |= slot.required;
                    quick = slot.quick;
                    node = if slot.node == NONE { rule.additional } else { slot.node };
                }
            }
            count += 1;
            match c {
                b'"' => {
                    let close = index.stop(pos + 1);
                    let tail = text.four(close)?;
                    if tail as u8 != b'"'
                        || (quick & bit(Kind::String) == 0 && !self.holds(node, Kind::String, pos, close + 1, below))
                    {
                        return None;
                    }
                    if tail & 0xFF_FFFF == NEXT_STRING {
                        (pos, c) = (close + 2, b'"');
                        continue;
                    }
                    pos = close + 1;
                }
                b'{' | b'[' => {
                    let kind = if c == b'{' { Kind::Object } else { Kind::Array };
                    pos = match quick & bit(kind) {
                        0 => found(self.container(node, pos, below))?,
                        _ => skip(&text, pos, below, &mut self.breaks)?,
                    };
                }
                b'-' | b'0'..=b'9' => {
                    let (mut end, whole) = integer(bytes, pos)?;
                    let mut kinds = NUMBER;
                    if !whole {
                        end = found(fraction(bytes, end))?;
                    } else if c != b'-' {
                        kinds |= INTEGER | NATURAL;
                    } else {
                        kinds |= INTEGER;
                    }
                    if quick & kinds == 0 && !self.holds(node, Kind::Number, pos, end, below) {
                        return None;
                    }
                    pos = end;
                }
                _ => {
                    let (kind, end) = literal(bytes, pos)?;
                    if quick & bit(kind) == 0 && !self.holds(node, kind, pos, end, below) {
                        return None;
                    }
                    pos = end;
                }
            }
            (pos, c) = text.at(pos, &mut self.breaks)?;
            is_open = c == b',';
            if is_open {
                (pos, c) = text.at(pos + 1, &mut self.breaks)?;
            }
        }
        let fits = match rule {
            Some(rule) => seen == rule.all_required,
            None => (least..=most).contains(&count),
        };
        (fits && c == closer(rule.is_some())).then_some(pos + 1)
    }

    /// From a key that was not expected to its value, and its name's slot, if it has one.
    #[inline(never)]
    fn other_key<'r>(
        &mut self,
        rule: &'r Properties,
        start: usize,
        place: &mut usize,
    ) -> Option<(At, Option<&'r Slot>)> {
        let (names, text) = (&self.schema.names, self.text);
        // What came before the last time, often by turns.
        if let Some([last, before]) = self.order.get_mut(*place)
            && let Some(slot) = rule.slots.get(*before as usize)
            && let Some(end) = slot.spot.is_at(names, text.bytes, start + 1)
        {
            *place = rule.place + 1 + *before as usize;
            std::mem::swap(last, before);
            return Some((text.at(end, &mut self.breaks)?, Some(slot)));
        }
        let close = text.index.stop(start + 1);
        if text.index.may_escape(start, close) && text.bytes.get(start..close)?.contains(&b'\\') {
            return None;
        }
        let (value, _) = text.value_of(close, &mut self.breaks)?;
        let known = rule.may_name(text.bytes, start + 1, close);
        let name = if known { names.find(&Key::at(text.bytes, start + 1, close)) } else { None };
        Some((value, name.and_then(|name| rule.learn(name, place, &mut self.order))))
    }

    /// Whether a value without values within it fits.
    #[inline(never)]
    fn holds(&mut self, schema: NodeId, kind: Kind, start: usize, end: usize, levels: usize) -> bool {
        let Some(node) = self.schema.node(schema) else { return true };
        let escaped = kind == Kind::String && self.text.index.may_escape(start, end);
        self.steps += MAX_CHECK_STEPS_PER_VALUE + (end - start) as u64;
        let (start, end) = (start as u32, end as u32);
        let entry = tape::Node { start, end, next: 1, state: START, kind, escaped };
        let view = View { text: self.text.bytes, tape: &[entry] };
        let mut checker = Checker::new(self.schema, view, self.scratch, (self.steps, self.depth - levels));
        let holds = checker.plainly(&node.quickly, kind, 0) && !checker.stopped;
        self.steps = checker.steps;
        holds
    }

    /// Checks a value on a tape of its own; gives the place behind it.
    #[inline(never)]
    fn aside(&mut self, schema: NodeId, start: usize, levels: usize) -> Option<usize> {
        // All of the document is no value by itself: what does not fit would be checked twice.
        if levels == self.depth {
            return None;
        }
        self.tape.clear();
        let walked = walk(self.text, self.everything, START, levels, start, self.tape);
        let Walk::Whole { end, breaks } = walked else { return None };
        self.breaks |= breaks;
        self.steps += self.tape.nodes.len() as u64 * MAX_CHECK_STEPS_PER_VALUE + (end - start) as u64;
        std::mem::swap(&mut self.order, &mut self.scratch.order);
        let view = View { text: self.text.bytes, tape: &self.tape.nodes };
        let mut checker = Checker::new(self.schema, view, self.scratch, (self.steps, self.depth - levels));
        let holds = checker.value(schema, 0, Via::Below, false) && !checker.stopped;
        self.steps = checker.steps;
        std::mem::swap(&mut self.order, &mut self.scratch.order);
        holds.then_some(end)
    }
}
