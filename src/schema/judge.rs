//! Values on whole tapes against a schema. All memory is used again.

use super::Schema;
use super::check::{Scratch, check};
use super::finding::{Finding, Teller};
use super::pass::pass;
use super::trace::Trace;
use crate::limits::MAX_FINDINGS;
use crate::plan::Plan;
use crate::tape::{Cursor, Reader, Tape, Text, Walk};

/// Checks values; what is wrong with one, it finds in a second run.
#[derive(Debug, Default)]
pub(crate) struct Judge {
    scratch: Scratch,
    trace: Trace,
    /// For values that are checked by themselves while a document is read.
    aside: Tape,
}

/// Reads documents and checks them at once. Of one that fits there may be no tape.
#[derive(Debug)]
pub(super) struct Hasty<'a> {
    pub(super) schema: &'a Schema,
    pub(super) judge: &'a mut Judge,
    pub(super) tape: &'a mut Tape,
    /// The last document fits.
    pub(super) fits: bool,
}

impl Reader for Hasty<'_> {
    fn clear(&mut self) {
        self.tape.clear();
        self.fits = false;
    }

    fn read(&mut self, text: Text<'_>, plan: &Plan, depth: usize, start: usize) -> Walk {
        self.clear();
        let Judge { scratch, aside, .. } = &mut *self.judge;
        if let Some(whole) = pass(&self.schema.compiled, (text, start, depth), plan, (scratch, aside)) {
            self.fits = true;
            return whole;
        }
        self.tape.read(text, plan, depth, start)
    }
}

impl Judge {
    /// Whether a value fits.
    pub(crate) fn holds(&mut self, schema: &Schema, value: Cursor<'_>) -> bool {
        schema.part.go();
        check(&schema.compiled, value, &mut self.scratch, None)
    }

    /// The code of the first finding of a value that [does not fit](Judge::holds), as it was just found out.
    #[inline(never)]
    pub(crate) fn code(&mut self, schema: &Schema, value: Cursor<'_>) -> &'static str {
        let known = self.scratch.fault.map(|name| name.entry().code);
        known.unwrap_or_else(|| self.findings(schema, value, 1).first().map_or(Finding::LIMIT, |finding| finding.code))
    }

    /// What is wrong with a value, at most so much of it; spans are counted from its beginning.
    #[cold]
    pub(crate) fn findings(&mut self, schema: &Schema, value: Cursor<'_>, most: usize) -> Vec<Finding> {
        if most == 0 {
            return Vec::new();
        }
        self.trace(schema, value, false, most);
        Teller::new(&schema.compiled, &self.trace, value).findings(most)
    }

    /// Notes what a check does, until there are so many findings.
    pub(super) fn trace(&mut self, schema: &Schema, value: Cursor<'_>, annotations: bool, wanted: usize) {
        schema.part.go();
        self.trace.begin(annotations, wanted.min(MAX_FINDINGS));
        check(&schema.compiled, value, &mut self.scratch, Some(&mut self.trace));
    }

    /// What was noted last.
    pub(super) fn traced(&self) -> &Trace {
        &self.trace
    }
}
