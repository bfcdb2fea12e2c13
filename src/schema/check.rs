//! A compiled schema against a tape.
//!
//! Two ways through the same code: for yes or no, with nothing noted and the first fault the last step; and with a
//! [`Trace`], which notes everything that findings and output are made of.

use super::keyword::*;
use super::names::Names;
use super::node::*;
use super::trace::Trace;
use crate::limits::{MAX_CHECK_DEPTH, MAX_CHECK_STEPS, MAX_CHECK_STEPS_PER_VALUE};
use crate::tape::{self, Cursor, Kind, number};

/// Memory that is used again from document to document.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// Members and elements (by ordinal) of the values at hand that some keyword has evaluated, where somebody asks.
    pub(super) marks: Vec<u32>,
    /// The resources on the way to the schema at hand, where a `$dynamicRef` depends on them.
    pub(super) scope: Vec<u32>,
    /// A decoded text.
    text: Vec<u8>,
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
    let values = u64::from(value.node().next.saturating_sub(value.index()));
    let steps = MAX_CHECK_STEPS + values * MAX_CHECK_STEPS_PER_VALUE;
    let (text, tape) = (value.buffer(), value.nodes());
    let annotates = trace.as_ref().is_some_and(|trace| trace.annotations);
    let mut checker = Checker { schema, text, tape, scratch, trace, annotates, steps, depth: 0, stopped: false };
    let valid = checker.value(0, value.index(), Via::Below, false);
    let stopped = checker.stopped;
    if let Some(trace) = checker.trace
        && stopped
    {
        trace.stopped = true;
    }
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
        if !self.spend(1) {
            return false;
        }
        let Some(trace) = &mut self.trace else { return self.apply(node, at, track) };
        let Some(unit) = trace.open_schema(id, at, via) else {
            self.stopped = true;
            return false;
        };
        let valid = self.apply(node, at, track);
        if let Some(trace) = &mut self.trace {
            if valid {
                node_annotations(trace, self.schema, node, at);
            }
            trace.close(unit, valid);
        }
        valid
    }

    fn apply(&mut self, node: &'a Node, at: u32, track: bool) -> bool {
        let kind = self.kind(at);
        let mut valid = true;
        if !self.is_type(node.types, kind, at) {
            valid = self.fail(Name::Type, at, 0);
            if self.trace.is_none() {
                return false;
            }
        }
        let keywords = self.schema.keywords(node);
        if keywords.is_empty() {
            return valid;
        }
        if self.depth == MAX_CHECK_DEPTH {
            self.stopped = true;
            return false;
        }
        self.depth += 1;
        let scoped = self.schema.dynamic && self.scratch.scope.last() != Some(&node.resource);
        if scoped {
            self.scratch.scope.push(node.resource);
        }
        let first_mark = self.scratch.marks.len();
        let inner = track || node.unevaluated;
        for keyword in keywords {
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

    #[inline(always)]
    pub(super) fn kind(&self, at: u32) -> Kind {
        self.tape.get(at as usize).map_or(Kind::Null, |node| node.kind)
    }

    /// One behind a value's last entry.
    #[inline(always)]
    pub(super) fn next(&self, at: u32) -> u32 {
        self.tape.get(at as usize).map_or(at, |node| node.next).max(at + 1)
    }

    pub(super) fn raw(&self, at: u32) -> &'a [u8] {
        self.tape.get(at as usize).map_or(&[], |node| node.span().of(self.text))
    }

    #[inline(always)]
    fn is_type(&self, types: Kinds, kind: Kind, at: u32) -> bool {
        types & bit(kind) != 0 || (kind == Kind::Number && types & INTEGER != 0 && number::is_integer(self.raw(at)))
    }

    /// What a string or key says. A text with escapes is decoded into `memory`.
    #[inline(always)]
    pub(super) fn string<'m>(&self, at: u32, memory: &'m mut Vec<u8>) -> &'m [u8]
    where
        'a: 'm,
    {
        let raw = self.raw(at);
        let inside = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        let escaped = self.tape.get(at as usize).is_some_and(|node| node.escaped);
        if !escaped || !inside.contains(&b'\\') {
            return inside;
        }
        memory.clear();
        tape::decode(inside, memory);
        memory
    }

    /// [`Checker::string`] with the scratch memory; what is made of the text is given back.
    #[inline(always)]
    pub(super) fn with_string<T>(&mut self, at: u32, look: impl FnOnce(&[u8]) -> T) -> T {
        let mut memory = std::mem::take(&mut self.scratch.text);
        let result = look(self.string(at, &mut memory));
        self.scratch.text = memory;
        result
    }

    /// The number of a key among some names.
    #[inline(always)]
    pub(super) fn find(&mut self, names: &Names, key: u32) -> Option<u32> {
        self.with_string(key, |name| names.find(name))
    }

    /// The entries of an object's keys; each value stands behind its key.
    pub(super) fn keys(&self, object: u32) -> impl Iterator<Item = u32> + use<'a> {
        let tape = self.tape;
        let end = self.next(object);
        let mut at = object + 1;
        std::iter::from_fn(move || {
            let key = (at < end).then_some(at)?;
            at = tape.get(key as usize + 1).map_or(end, |value| value.next).max(key + 2);
            Some(key)
        })
    }

    /// The entries of an array's elements.
    pub(super) fn elements(&self, array: u32) -> impl Iterator<Item = u32> + use<'a> {
        let tape = self.tape;
        let end = self.next(array);
        let mut at = array + 1;
        std::iter::from_fn(move || {
            let element = (at < end).then_some(at)?;
            at = tape.get(element as usize).map_or(end, |value| value.next).max(element + 1);
            Some(element)
        })
    }

    /// The key of that name, the last where there are several.
    pub(super) fn key(&mut self, object: u32, name: &[u8]) -> Option<u32> {
        self.keys(object).filter(|key| self.with_string(*key, |text| text == name)).last()
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
        let mut name = Vec::new();
        let name = self.string(key, &mut name).to_vec();
        let later = self.keys(object).filter(|other| *other > key);
        let mut looked = 0;
        let mut shadowed = false;
        for other in later {
            looked += 1;
            shadowed = self.with_string(other, |text| text == name);
            if shadowed {
                break;
            }
        }
        self.spend(looked / 16);
        if shadowed {
            self.forget(noted);
        }
        shadowed
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
            _ => {
                self.stopped = true;
                false
            }
        }
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

    pub(super) fn cursor(&self, at: u32) -> Option<Cursor<'a>> {
        Cursor::on(self.text, self.tape, at)
    }
}

#[cold]
fn node_annotations(trace: &mut Trace, schema: &Compiled, node: &Node, at: u32) {
    let names = schema.annotations.get(node.annotations.0 as usize..node.annotations.1 as usize);
    for name in names.unwrap_or_default() {
        trace.annotation(*name, at);
    }
}
