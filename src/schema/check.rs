//! A compiled schema against a tape.
//!
//! Two ways through the same code: for yes or no, with nothing noted and the first fault the last step; and with a
//! [`Trace`], which notes everything that findings and output are made of.

use std::collections::BTreeMap;

use super::keyword::*;
use super::node::*;
use super::trace::Trace;
use crate::limits::{MAX_CHECK_DEPTH, MAX_CHECK_STEPS, MAX_CHECK_STEPS_PER_VALUE};
use crate::tape::{self, Cursor};

/// Memory that is used again from document to document.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// Members and elements (by ordinal) of the values at hand that some keyword has evaluated, where somebody asks.
    pub(super) marks: Vec<u32>,
    /// The resources on the way to the schema at hand, where a `$dynamicRef` depends on them.
    pub(super) scope: Vec<u32>,
    order: Vec<u32>,
    /// A decoded text.
    pub(super) text: Vec<u8>,
    /// Of objects that somebody asked it for: the keys that come again later.
    shadowed: BTreeMap<u32, Vec<u32>>,
}

/// The mark of all members or elements at once.
pub(super) const ALL: u32 = u32::MAX;

/// How a schema came to be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Via {
    /// It stands below the one that applies it.
    Below,
    /// By `$ref`.
    Ref,
    /// By `$dynamicRef`.
    DynamicRef,
}

/// A check of one document.
pub(super) struct Checker<'a> {
    pub(super) schema: &'a Compiled,
    pub(super) text: &'a [u8],
    pub(super) tape: &'a [tape::Node],
    pub(super) scratch: &'a mut Scratch,
    /// What is learnt about the order of members: which name came behind which.
    pub(super) order: Vec<u32>,
    pub(super) trace: Option<&'a mut Trace>,
    /// Annotations are wanted: no schema may be passed over that is known to be fulfilled.
    pub(super) annotates: bool,
    steps: u64,
    depth: usize,
    /// A limit was met: whatever else is said, the document is not valid.
    pub(super) stopped: bool,
}

/// Whether a value is valid. With a trace: whatever was noted on the way is in it.
pub(super) fn check<'a>(
    schema: &'a Compiled,
    value: Cursor<'a>,
    scratch: &'a mut Scratch,
    trace: Option<&'a mut Trace>,
) -> bool {
    scratch.marks.clear();
    scratch.scope.clear();
    scratch.shadowed.clear();
    scratch.order.resize(schema.order, 0);
    let values = u64::from(value.node().next.saturating_sub(value.index()));
    let steps = MAX_CHECK_STEPS + values * MAX_CHECK_STEPS_PER_VALUE + value.raw().len() as u64;
    let (text, tape) = (value.buffer(), value.nodes());
    let annotates = trace.as_ref().is_some_and(|trace| trace.annotations);
    let (order, depth, stopped) = (std::mem::take(&mut scratch.order), 0, false);
    let mut checker = Checker { schema, text, tape, scratch, order, trace, annotates, steps, depth, stopped };
    let valid = checker.value(0, value.index(), Via::Below, false);
    let stopped = checker.stopped;
    checker.scratch.order = checker.order;
    valid && !stopped
}

impl<'a> Checker<'a> {
    /// Applies a schema to a value. `track`: somebody will ask which members or elements of it were evaluated.
    #[inline(always)]
    pub(super) fn value(&mut self, id: NodeId, at: u32, via: Via, track: bool) -> bool {
        let schema = self.schema;
        let Some(node) = schema.nodes.get(id as usize) else { return true };
        if node.quick & bit(self.kind(at)) != 0 && !self.annotates {
            return true;
        }
        self.look(id, node, at, via, track)
    }

    #[inline(never)]
    fn look(&mut self, id: NodeId, node: &'a Node, at: u32, via: Via, track: bool) -> bool {
        if self.trace.is_some() {
            return self.look_closely(id, node, at, via, track);
        }
        let kind = self.kind(at);
        if !self.spend(1) || !self.is_type(node.types, kind, at) {
            return false;
        }
        if self.schema.dynamic || track || node.unevaluated || self.depth == MAX_CHECK_DEPTH {
            return self.apply(node, at, track);
        }
        self.depth += 1;
        let kinds = bit(kind);
        let mut all = self.schema.keywords(node).iter();
        let valid = all.all(|keyword| keyword.kinds & kinds == 0 || self.keyword(keyword, at, 0, false));
        self.depth -= 1;
        valid
    }

    #[cold]
    #[inline(never)]
    fn look_closely(&mut self, id: NodeId, node: &'a Node, at: u32, via: Via, track: bool) -> bool {
        let unit = self.trace.as_mut().and_then(|trace| trace.open_schema(id, at, via));
        let Some(unit) = unit.filter(|_| self.spend(1)) else { return self.stop() };
        let fits = self.is_type(node.types, self.kind(at), at) || self.fail(Name::Type, at, 0);
        let valid = self.apply(node, at, track) && fits;
        if let Some(trace) = &mut self.trace {
            if valid {
                node_annotations(trace, self.schema, node, at);
            }
            trace.close(unit, valid);
        }
        valid
    }

    /// Applies the keywords of a schema, whatever has to be kept for them.
    #[inline(never)]
    fn apply(&mut self, node: &'a Node, at: u32, track: bool) -> bool {
        if self.depth == MAX_CHECK_DEPTH {
            return self.stop();
        }
        self.depth += 1;
        let kind = self.kind(at);
        let scoped = self.schema.dynamic && self.scratch.scope.last() != Some(&node.resource);
        if scoped {
            self.scratch.scope.push(node.resource);
        }
        let first_mark = self.scratch.marks.len();
        let inner = track || node.unevaluated;
        let mut valid = true;
        for keyword in self.schema.keywords(node) {
            if keyword.kinds & bit(kind) == 0 {
                continue;
            }
            // What has been evaluated is not known of a schema with a fault elsewhere.
            let skip = !valid && matches!(keyword.check, Check::UnevaluatedItems(_) | Check::UnevaluatedProperties(_));
            if !skip && !self.keyword(keyword, at, first_mark, inner) {
                valid = false;
                if self.trace.is_none() {
                    break;
                }
            }
        }
        if inner && !(valid && track) {
            self.scratch.marks.truncate(first_mark);
        }
        if scoped {
            self.scratch.scope.pop();
        }
        self.depth -= 1;
        valid
    }

    fn keyword(&mut self, keyword: &'a Keyword, at: u32, first_mark: usize, track: bool) -> bool {
        let name = keyword.name;
        match &keyword.check {
            Check::Values(rule) => values::check(self, rule, name, at),
            Check::Bound(rule) => bounds::check(self, rule, name, at),
            Check::MultipleOf(rule) => multiple_of::check(self, rule, at),
            Check::MinLength(least) => length::check(self, *least, u64::MAX, name, at),
            Check::MaxLength(most) => length::check(self, 0, *most, name, at),
            Check::Pattern(rule) => pattern::check(self, rule, at),
            Check::Format(rule) => format::check(self, *rule, at),
            Check::MinItems(least) => size::at_least(self, *least, name, at),
            Check::MaxItems(most) => size::at_most(self, *most, name, at),
            Check::UniqueItems => unique_items::check(self, at),
            Check::Items(rule) => items::check(self, rule, at, track),
            Check::Contains(rule) => contains::check(self, rule, at, track),
            Check::UnevaluatedItems(node) => unevaluated::check_items(self, *node, at, first_mark),
            Check::MinProperties(least) => size::at_least(self, *least, name, at),
            Check::MaxProperties(most) => size::at_most(self, *most, name, at),
            Check::Properties(rule) => properties::check(self, rule, at, track),
            Check::PropertyNames(node) => property_names::check(self, *node, at),
            Check::DependentRequired(rules) => dependent::check_required(self, rules, name, at),
            Check::DependentSchemas(rules) => dependent::check_schemas(self, rules, at, track),
            Check::UnevaluatedProperties(node) => unevaluated::check_properties(self, *node, at, first_mark),
            Check::Ref(node) => self.value(*node, at, Via::Ref, track),
            Check::DynamicRef(rule) => reference::check(self, rule, at, track),
            Check::AllOf(nodes) => all_of::check(self, nodes, at, track),
            Check::AnyOf(nodes) => any_of::check(self, nodes, at, track),
            Check::OneOf(nodes) => one_of::check(self, nodes, at, track),
            Check::Not(node) => not::check(self, *node, at),
            Check::If(rule) => conditional::check(self, rule, at, track),
        }
    }

    /// Applies a schema to a member. A member counts only if none of the same name comes later.
    #[inline(always)]
    pub(super) fn member(&mut self, node: NodeId, object: u32, value: u32) -> bool {
        let units = self.noted();
        self.value(node, value, Via::Below, false) || self.is_shadowed(object, value - 1, units)
    }

    /// Whether a later member of the object has the same name; what was noted about this one is dropped then.
    #[cold]
    #[inline(never)]
    fn is_shadowed(&mut self, object: u32, key: u32, noted: usize) -> bool {
        if !self.scratch.shadowed.contains_key(&object) {
            let shadowed = self.repeated(object);
            self.scratch.shadowed.insert(object, shadowed);
        }
        let shadowed = self.scratch.shadowed.get(&object).is_some_and(|keys| keys.binary_search(&key).is_ok());
        if shadowed {
            self.forget(noted);
        }
        shadowed
    }

    /// The keys of an object that come again later, ascending.
    fn repeated(&mut self, object: u32) -> Vec<u32> {
        let keys: Vec<u32> = self.keys(object).collect();
        self.spend(keys.len() as u64 / 16);
        let mut names: Vec<(Vec<u8>, u32)> = Vec::with_capacity(keys.len());
        for key in keys {
            let mut name = Vec::new();
            names.push((self.string(key, &mut name).to_vec(), key));
        }
        names.sort_unstable();
        let again = names.windows(2).filter(|pair| pair[0].0 == pair[1].0);
        let mut again: Vec<u32> = again.map(|pair| pair[0].1).collect();
        again.sort_unstable();
        again
    }

    /// Applies a schema to an element of an array, by its place.
    #[inline(always)]
    pub(super) fn element(&mut self, node: NodeId, at: u32, ordinal: u32) -> bool {
        if let Some(trace) = &mut self.trace {
            trace.ordinal = ordinal;
        }
        self.value(node, at, Via::Below, false)
    }

    /// Notes a fault; `detail` is the keyword's own business. Always false.
    #[inline(always)]
    pub(super) fn fail(&mut self, name: Name, at: u32, detail: u32) -> bool {
        if let Some(trace) = &mut self.trace {
            trace.fault(name, at, detail);
        }
        false
    }

    /// How much has been noted so far.
    pub(super) fn noted(&self) -> usize {
        self.trace.as_ref().map_or(0, |trace| trace.len())
    }

    /// Drops what has been noted since.
    pub(super) fn forget(&mut self, noted: usize) {
        if let Some(trace) = &mut self.trace {
            trace.truncate(noted);
        }
    }

    /// Begins what several schemas say of a value; none where nothing is noted.
    pub(super) fn open_group(&mut self, name: Name, at: u32) -> Option<u32> {
        self.trace.as_mut()?.open_group(name, at)
    }

    /// Ends it: whether the keyword is content, and what it has to say if not.
    pub(super) fn close_group(&mut self, group: Option<u32>, valid: bool, name: Name, detail: u32) {
        if let (Some(trace), Some(group)) = (&mut self.trace, group) {
            trace.close_group(group, valid, name, detail);
        }
    }

    /// Counts steps; false once there are none left.
    #[inline(always)]
    pub(super) fn spend(&mut self, steps: u64) -> bool {
        match self.steps.checked_sub(steps) {
            Some(left) if !self.stopped => {
                self.steps = left;
                true
            }
            _ => self.stop(),
        }
    }

    /// Meets a limit: the check is over, and whatever comes of it, the document is not valid. Always false.
    #[cold]
    fn stop(&mut self) -> bool {
        self.stopped = true;
        if let Some(trace) = &mut self.trace {
            trace.stopped = true;
        }
        false
    }

    /// Counts the work on a text.
    pub(super) fn spend_on(&mut self, at: u32) -> bool {
        let len = self.raw(at).len() as u64;
        self.spend(len / 64)
    }

    /// Counts the work on a whole value.
    pub(super) fn spend_on_value(&mut self, at: u32) -> bool {
        let (len, entries) = (self.raw(at).len() as u64, u64::from(self.next(at) - at));
        self.spend(len / 64 + entries)
    }
}

#[cold]
fn node_annotations(trace: &mut Trace, schema: &Compiled, node: &Node, at: u32) {
    let names = schema.annotations.get(node.annotations.0 as usize..node.annotations.1 as usize);
    for name in names.unwrap_or_default() {
        trace.annotation(*name, at);
    }
}
