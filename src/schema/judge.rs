//! Values on whole tapes against a schema. All memory is used again.

use super::Schema;
use super::check::{Scratch, check};
use super::finding::{Finding, Teller};
use super::trace::Trace;
use crate::limits::MAX_FINDINGS;
use crate::tape::Cursor;

/// Checks values; what is wrong with one, it finds in a second run.
#[derive(Debug, Default)]
pub(crate) struct Judge {
    scratch: Scratch,
    trace: Trace,
}

impl Judge {
    /// Whether a value fits.
    pub(crate) fn holds(&mut self, schema: &Schema, value: Cursor<'_>) -> bool {
        check(&schema.compiled, value, &mut self.scratch, None)
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
        self.trace.begin(annotations, wanted.min(MAX_FINDINGS));
        check(&schema.compiled, value, &mut self.scratch, Some(&mut self.trace));
    }

    /// What was noted last.
    pub(super) fn traced(&self) -> &Trace {
        &self.trace
    }
}
