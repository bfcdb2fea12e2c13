//! One record to the routes that take it.

use super::View;
use crate::edit::Edits;
use crate::encode::{Body, each_step};
use crate::policy::Policy;
use crate::redact::{Record, Redacted, Redaction};
use crate::scan::Reason;
use crate::span::Span;
use crate::template::Now;

/// What a record's way to its routes needs.
pub(super) struct Delivery<'a> {
    pub(super) policy: &'a Policy,
    pub(super) view: &'a View,
    pub(super) record: Record<'a>,
    pub(super) redaction: &'a mut Redaction,
    pub(super) outputs: &'a mut [Body],
    pub(super) now: &'a Now,
    /// The routes that may have got something.
    pub(super) begun: u32,
}

/// The numbers of routes, each a bit.
pub(super) struct Routes(pub(super) u32);

impl Iterator for Routes {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let number = self.0.trailing_zeros();
        self.0 &= self.0.wrapping_sub(1);
        (number < u32::BITS).then_some(number as usize)
    }
}

impl Delivery<'_> {
    /// Redacts the record for a group of routes and gives it to those of them that are in `routes`; of these, the
    /// `reducible` have something for a record that is too large.
    ///
    /// # Errors
    /// Why it has to be withheld from all routes.
    pub(super) fn to(&mut self, routes: u32, group: usize, reducible: u32) -> Result<(), Reason> {
        let plan = (&self.view.plan, &self.policy.limits);
        let redacted = self.view.redactor.redact(plan, &self.record, group, self.redaction)?;
        let mut large = 0;
        for number in Routes(routes) {
            let (output, to) = (&mut self.outputs[number], &self.policy.routes[number].to);
            self.begun |= 1 << number;
            output.begin();
            if reducible >> number & 1 == 0 {
                output.append(to, &redacted, self.now)?;
                continue;
            }
            let above = self.policy.oversize[number].as_ref().map_or(usize::MAX, |oversize| oversize.above);
            if redacted.len() > above || output.append(to, &redacted, self.now).is_err() {
                output.undo();
                large |= 1 << number;
            }
        }
        if large == 0 {
            return Ok(());
        }
        let (length, mut whole) = (redacted.len(), Vec::new());
        redacted.append_to(&mut whole);
        Routes(large).try_for_each(|number| self.reduced(number, length, &whole))
    }

    /// Gives a route what it takes of a record that is too large: its reduced form, and the steps of `whole`, its bytes, as
    /// records of their own.
    #[cold]
    #[inline(never)]
    fn reduced(&mut self, number: usize, length: usize, whole: &[u8]) -> Result<(), Reason> {
        let Some(oversize) = &self.policy.oversize[number] else { return Ok(()) };
        let (output, to) = (&mut self.outputs[number], &self.policy.routes[number].to);
        let redactor = &self.view.redactor;
        let known = self.redaction.trace.as_ref().map_or(0, |trace| trace.applied.len());
        let (plan, group) = ((&self.view.plan, &self.policy.limits), redactor.group_of(oversize.reduced));
        let reduced = redactor.redact(plan, &self.record, group, self.redaction)?;
        output.total_oversize += u64::from(reduced.len() < length);
        output.append(to, &reduced, self.now)?;
        if let Some(trace) = &mut self.redaction.trace {
            // What is done to it in either form is told once.
            let more = trace.applied.split_off(known);
            let more: Vec<_> = more.into_iter().filter(|applied| !trace.applied.contains(applied)).collect();
            trace.applied.extend(more);
        }
        if let Some(accept) = self.policy.accept.as_ref().filter(|_| oversize.is_split) {
            let (edits, span) = (Edits::default(), Span { start: 0, end: whole.len() });
            let whole = Redacted::without_rules(whole, span, &edits, self.record.breaks);
            each_step(&whole, &accept.catalog, &mut |step| output.append(to, step, self.now))?;
        }
        Ok(())
    }
}
