//! A compiled schema against a tape.
//!
//! Two ways through the same code: for yes or no, with nothing noted and the first fault the last step; and with a
//! [`Trace`], which notes everything that findings and output are made of.

use super::keyword::*;
use super::node::*;
use super::trace::Trace;
use super::view::View;
use crate::limits::{MAX_CHECK_DEPTH, MAX_CHECK_STEPS, MAX_CHECK_STEPS_PER_VALUE};
use crate::tape::{Cursor, Kind};

/// Memory that is used again from document to document.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// Members and elements (by ordinal) of the values at hand that some keyword has evaluated, where somebody asks.
    pub(super) marks: Vec<u32>,
    /// The resources on the way to the schema at hand, where a `$dynamicRef` depends on them.
    pub(super) scope: Vec<u32>,
    /// What is learnt about the order of members: which name came behind which, the last time and before that.
    pub(super) order: Vec<[u32; 2]>,
    /// A decoded text.
    pub(super) text: Vec<u8>,
    /// The keyword that the last check broke off at, if that alone tells the first finding.
    pub(super) fault: Option<Name>,
    /// Of each entry, once somebody has asked: [`LOOKED`] and [`SHADOWED`].
    repeated: Vec<u8>,
}

/// This object's keys have been compared.
const LOOKED: u8 = 1;
/// This key comes again later.
const SHADOWED: u8 = 2;

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
    pub(super) view: View<'a>,
    pub(super) scratch: &'a mut Scratch,
    pub(super) trace: Option<&'a mut Trace>,
    /// Annotations are wanted: no schema may be passed over that is known to be fulfilled.
    pub(super) annotates: bool,
    pub(super) steps: u64,
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
    scratch.order.resize(schema.order, [0; 2]);
    let values = u64::from(value.node().next.saturating_sub(value.index()));
    let steps = MAX_CHECK_STEPS + values * MAX_CHECK_STEPS_PER_VALUE + value.raw().len() as u64;
    let mut checker = Checker::new(schema, View::of(Some(value)), scratch, (steps, 0));
    checker.annotates = trace.as_ref().is_some_and(|trace| trace.annotations);
    checker.trace = trace;
    let holds = checker.value(0, value.index(), Via::Below, false);
    if checker.stopped {
        checker.scratch.fault = None;
    }
    holds && !checker.stopped
}

impl<'a> Checker<'a> {
    /// With so many steps left, and so many schemas around the first.
    pub(super) fn new(
        schema: &'a Compiled,
        view: View<'a>,
        scratch: &'a mut Scratch,
        (steps, depth): (u64, usize),
    ) -> Checker<'a> {
        scratch.marks.clear();
        scratch.scope.clear();
        scratch.repeated.clear();
        scratch.fault = None;
        Checker { schema, view, scratch, trace: None, annotates: false, steps, depth, stopped: false }
    }

    /// Applies a schema to a value. `track`: somebody will ask which members or elements of it were evaluated.
    #[inline(never)]
    pub(super) fn value(&mut self, id: NodeId, at: u32, via: Via, track: bool) -> bool {
        self.value_here(id, at, via, track)
    }

    /// The same, without a call where the kind of the value says all.
    #[inline(always)]
    fn value_here(&mut self, id: NodeId, at: u32, via: Via, track: bool) -> bool {
        let schema = self.schema;
        let Some(node) = schema.nodes.get(id as usize) else { return true };
        if node.quick & bit(self.view.kind(at)) != 0 && !self.annotates {
            return true;
        }
        self.look(id, node, at, via, track)
    }

    #[inline(never)]
    fn look(&mut self, id: NodeId, node: &'a Node, at: u32, via: Via, track: bool) -> bool {
        if self.trace.is_some() {
            return self.look_closely(id, node, at, via, track);
        }
        let kind = self.view.kind(at);
        let quickly = &node.quickly;
        if self.schema.dynamic || track || quickly.unevaluated || self.depth == MAX_CHECK_DEPTH {
            let fits = self.spend(1) && (self.is_type(quickly.types, kind, at) || self.is_other(quickly.types));
            return fits && self.apply(node, at, track);
        }
        self.plainly(quickly, kind, at)
    }

    /// Applies a schema whose keywords need not know of each other.
    #[inline(always)]
    pub(super) fn plainly(&mut self, quickly: &'a Quickly, kind: Kind, at: u32) -> bool {
        let Quickly { types, keywords, object, .. } = *quickly;
        if !self.spend(1) || !(self.is_type(types, kind, at) || self.is_other(types)) {
            return false;
        }
        self.depth += 1;
        let mut valid = true;
        if kind == Kind::Object && object != NONE {
            valid = properties::check(self, object, at, false);
        } else {
            let all = self.schema.keywords.get(keywords.0 as usize..keywords.1 as usize).unwrap_or_default();
            for keyword in all {
                if keyword.kinds & bit(kind) != 0 && !self.keyword(keyword, at, 0, false) {
                    valid = false;
                    break;
                }
            }
        }
        self.depth -= 1;
        valid
    }

    /// Keeps in mind that a value is of no type that it may be; a schema that takes none is another's fault. Always false.
    #[cold]
    fn is_other(&mut self, types: Kinds) -> bool {
        self.scratch.fault = (types != 0).then_some(Name::Type);
        false
    }

    #[cold]
    #[inline(never)]
    fn look_closely(&mut self, id: NodeId, node: &'a Node, at: u32, via: Via, track: bool) -> bool {
        let unit = self.trace.as_mut().and_then(|trace| trace.open_schema(id, at, via));
        let Some(unit) = unit.filter(|_| self.spend(1)) else { return self.stop() };
        let fits = self.is_type(node.types, self.view.kind(at), at) || self.fail(Name::Type, at, 0);
        let valid = self.apply(node, at, track) && fits;
        if let Some(trace) = &mut self.trace {
            if valid {
                for keyword in self.schema.annotations(node) {
                    trace.annotation(keyword.name, at);
                }
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
        let kind = self.view.kind(at);
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
            let skip = !valid && matches!(keyword.name, Name::UnevaluatedItems | Name::UnevaluatedProperties);
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
        let Keyword { name, a, b, .. } = *keyword;
        let schema = self.schema;
        let run = || schema.run(a, b);
        match name {
            Name::Const | Name::Enum => values::check(self, keyword, at),
            Name::MultipleOf => multiple_of::check(self, a, at),
            Name::Minimum | Name::Maximum | Name::ExclusiveMinimum | Name::ExclusiveMaximum => {
                bounds::check(self, keyword, at)
            }
            Name::MinLength | Name::MaxLength => length::check(self, keyword, at),
            Name::Pattern => pattern::check(self, a, at),
            Name::Format => format::check(self, a, at),
            Name::MinItems | Name::MaxItems | Name::MinProperties | Name::MaxProperties => {
                size::check(self, keyword, at)
            }
            Name::UniqueItems => unique_items::check(self, at),
            Name::Items => items::check(self, run(), at, track),
            Name::Contains => contains::check(self, run(), at, track),
            Name::Properties => properties::check(self, a, at, track),
            Name::PropertyNames => property_names::check(self, a, at),
            Name::DependentRequired | Name::Dependencies => dependent::check_required(self, keyword, at),
            Name::DependentSchemas => dependent::check_schemas(self, run(), at, track),
            Name::Ref => self.value(a, at, Via::Ref, track),
            Name::DynamicRef => reference::check(self, keyword, at, track),
            Name::AllOf => all_of::check(self, run(), at, track),
            Name::AnyOf => any_of::check(self, run(), at, track),
            Name::OneOf => one_of::check(self, run(), at, track),
            Name::Not => not::check(self, a, at),
            Name::If => conditional::check(self, run(), at, track),
            Name::UnevaluatedItems | Name::UnevaluatedProperties => unevaluated::check(self, a, at, first_mark),
            _ => true,
        }
    }

    /// Applies a schema to a member. A member counts only if none of the same name comes later.
    #[inline(always)]
    pub(super) fn member(&mut self, node: NodeId, object: u32, value: u32) -> bool {
        if self.trace.is_some() && self.is_shadowed(object, value - 1) {
            return true;
        }
        self.value_here(node, value, Via::Below, false) || self.is_shadowed(object, value - 1)
    }

    /// Whether a later member of the object has the same name.
    #[cold]
    #[inline(never)]
    fn is_shadowed(&mut self, object: u32, key: u32) -> bool {
        let view = self.view;
        self.scratch.repeated.resize(view.tape.len(), 0);
        let marked = |marks: &[u8], at: u32| marks.get(at as usize).copied().unwrap_or_default();
        if marked(&self.scratch.repeated, object) & LOOKED == 0 {
            let members = view.sorted(object);
            self.spend(members.len() as u64 / 16);
            self.scratch.repeated[object as usize] |= LOOKED;
            for pair in members.windows(2) {
                if view.compare(pair[0] - 1, pair[1] - 1).is_eq() {
                    self.scratch.repeated[pair[0] as usize - 1] |= SHADOWED;
                }
            }
        }
        marked(&self.scratch.repeated, key) & SHADOWED != 0
    }

    /// Applies a schema to an element of an array, by its place.
    #[inline(always)]
    pub(super) fn element(&mut self, node: NodeId, at: u32, ordinal: u32) -> bool {
        if let Some(trace) = &mut self.trace {
            trace.ordinal = ordinal;
        }
        self.value_here(node, at, Via::Below, false)
    }

    /// Notes a fault; `detail` is the keyword's own business. Always false.
    #[inline(always)]
    pub(super) fn fail(&mut self, name: Name, at: u32, detail: u32) -> bool {
        self.scratch.fault = Some(name);
        if let Some(trace) = &mut self.trace {
            trace.fault(name, at, detail);
            self.stopped |= trace.stopped;
        }
        false
    }

    /// Applies a schema whose faults are none of the value's, and whose annotations neither if `all`.
    #[inline(never)]
    pub(super) fn aside(&mut self, node: NodeId, at: u32, track: bool, all: bool) -> bool {
        let noted = self.trace.as_mut().map_or(0, |trace| trace.begin_aside());
        let holds = self.value(node, at, Via::Below, track);
        if let Some(trace) = &mut self.trace {
            trace.end_aside(noted, all || !holds);
        }
        holds
    }

    /// Begins what several schemas say of a value; none where nothing is noted.
    pub(super) fn open_group(&mut self, name: Name, at: u32) -> Option<u32> {
        self.trace.as_mut()?.open_group(name, at)
    }

    /// Ends it: whether the keyword is content, and what it has to say if not.
    pub(super) fn close_group(&mut self, group: Option<u32>, valid: bool, name: Name, detail: u32) {
        if !valid {
            self.scratch.fault = None;
        }
        if let (Some(trace), Some(group)) = (&mut self.trace, group) {
            trace.close_group(group, valid, name, detail);
            self.stopped |= trace.stopped;
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
        if let Some(trace) = &mut self.trace
            && !self.stopped
        {
            (trace.stopped, trace.limited) = (true, true);
        }
        self.stopped = true;
        false
    }

    /// Counts the work on a text.
    pub(super) fn spend_on(&mut self, at: u32) -> bool {
        let len = self.view.raw(at).len() as u64;
        self.spend(len / 64)
    }

    /// Counts the work on a whole value.
    pub(super) fn spend_on_value(&mut self, at: u32) -> bool {
        let (len, entries) = (self.view.raw(at).len() as u64, u64::from(self.view.next(at) - at));
        self.spend(len / 16 + 4 * entries)
    }
}
