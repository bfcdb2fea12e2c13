//! What a check did, as a tree: each schema applied, each fault, each annotation.

use super::check::Via;
use super::keyword::Name;
use super::node::NodeId;
use crate::limits::MAX_NOTED;

/// A tree of what was noted, parents before children.
#[derive(Debug, Default)]
pub(super) struct Trace {
    pub(super) units: Vec<Unit>,
    /// The innermost unit that is open.
    here: u32,
    /// The place of the element that is about to be looked at.
    pub(super) ordinal: u32,
    /// No more is noted: a limit was met, or there are as many findings as are wanted.
    pub(super) stopped: bool,
    /// A limit was met.
    pub(super) limited: bool,
    /// Annotations are wanted too.
    pub(super) annotations: bool,
    /// How many findings are still wanted.
    wanted: usize,
    /// Keywords around what is being looked at whose faults may come to nothing.
    doubts: u32,
}

/// Something noted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    /// The unit around it; the first is its own.
    pub(super) parent: u32,
    /// One behind the last unit within.
    pub(super) end: u32,
    /// The entry of the value on its tape.
    pub(super) at: u32,
    /// Of an element, its place in the array.
    pub(super) ordinal: u32,
    pub(super) valid: bool,
    pub(super) what: What,
}

/// What was noted.
#[derive(Clone, Copy, Debug)]
pub(super) enum What {
    /// A schema was applied.
    Schema { node: NodeId, via: Via },
    /// A keyword that applies several schemas, and judges itself what comes of it.
    Group { name: Name, detail: u32 },
    /// A keyword found fault.
    Fault { name: Name, detail: u32 },
    /// A keyword says something about the value.
    Annotation { name: Name },
}

impl Trace {
    /// Forgets everything but the memory; so many findings are wanted.
    pub(super) fn begin(&mut self, annotations: bool, wanted: usize) {
        let units = std::mem::take(&mut self.units);
        *self = Trace { units, annotations, wanted, ..Trace::default() };
        self.units.clear();
    }

    /// Begins a schema; none where no more can be noted.
    pub(super) fn open_schema(&mut self, node: NodeId, at: u32, via: Via) -> Option<u32> {
        self.open(at, What::Schema { node, via })
    }

    pub(super) fn open_group(&mut self, name: Name, at: u32) -> Option<u32> {
        self.doubts += 1;
        self.open(at, What::Group { name, detail: 0 })
    }

    /// Begins something whose faults come to nothing.
    pub(super) fn begin_aside(&mut self) -> usize {
        self.doubts += 1;
        self.units.len()
    }

    /// Ends it, and drops what was noted in it if so wanted.
    pub(super) fn end_aside(&mut self, units: usize, drop: bool) {
        self.doubts -= 1;
        if drop {
            self.units.truncate(units);
        }
    }

    fn open(&mut self, at: u32, what: What) -> Option<u32> {
        let unit = self.push(at, what, true)?;
        self.here = unit;
        Some(unit)
    }

    /// Ends a schema. What is beside the point afterwards goes: faults of what is valid.
    pub(super) fn close(&mut self, unit: u32, valid: bool) {
        let nothing = valid && !self.annotations;
        if nothing {
            self.units.truncate(unit as usize + 1);
        }
        let end = self.units.len() as u32;
        if let Some(open) = self.units.get_mut(unit as usize) {
            open.valid = valid;
            open.end = end;
            self.here = open.parent;
        }
        if nothing && unit > 0 {
            self.units.pop();
        }
    }

    /// Ends a group, which says why it is not valid. One that a limit broke off has nothing to say.
    pub(super) fn close_group(&mut self, unit: u32, valid: bool, name: Name, detail: u32) {
        if let Some(unit) = self.units.get_mut(unit as usize) {
            unit.what = What::Group { name, detail };
        }
        let valid = valid || self.stopped;
        self.close(unit, valid);
        self.doubts -= 1;
        if !valid {
            self.found();
        }
    }

    /// Notes a fault; none that is due to a limit.
    pub(super) fn fault(&mut self, name: Name, at: u32, detail: u32) {
        if !self.stopped {
            self.push(at, What::Fault { name, detail }, false);
            self.found();
        }
    }

    /// Counts a finding, where it is certain to be one.
    fn found(&mut self) {
        if self.doubts == 0 {
            self.wanted = self.wanted.saturating_sub(1);
            self.stopped |= self.wanted == 0;
        }
    }

    pub(super) fn annotation(&mut self, name: Name, at: u32) {
        if self.annotations {
            self.push(at, What::Annotation { name }, true);
        }
    }

    fn push(&mut self, at: u32, what: What, valid: bool) -> Option<u32> {
        let unit = self.units.len() as u32;
        if self.units.len() >= MAX_NOTED {
            (self.stopped, self.limited) = (true, true);
            return None;
        }
        self.units.push(Unit { parent: self.here, end: unit + 1, at, ordinal: self.ordinal, valid, what });
        Some(unit)
    }

    /// The units directly within one.
    pub(super) fn within(&self, unit: u32) -> impl Iterator<Item = (u32, &Unit)> {
        let end = self.units.get(unit as usize).map_or(0, |unit| unit.end);
        let mut next = unit + 1;
        std::iter::from_fn(move || {
            let at = (next < end).then_some(next)?;
            let unit = self.units.get(at as usize)?;
            next = unit.end.max(at + 1);
            Some((at, unit))
        })
    }
}
