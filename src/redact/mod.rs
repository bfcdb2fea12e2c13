//! What must not pass is edited out, also of JSON inside strings; the result is [`Redacted`].

mod document;
mod redacted;
#[cfg(test)]
mod tests;
mod walk;

pub use redacted::Redacted;
pub(crate) use walk::{Applied, Redaction, Redactor};

use crate::plan::Path;

/// What stands in place of a string that should hold JSON and cannot be read, where a rule could reach inside.
pub const WITHHELD: &str = "[withheld]";
/// What `"replace"` puts in place of a value where the policy names nothing else.
pub const REDACTED: &str = "[redacted]";

/// What is done with a value, the more withholding later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Put this JSON text in its place.
    Replace(String),
    /// Take the member or element out.
    Remove,
}

impl Action {
    /// Where rules meet, the highest wins; of equals, the first.
    fn rank(&self) -> u8 {
        match self {
            Action::Replace(_) => 1,
            Action::Remove => 2,
        }
    }

    /// The policy's word for it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Action::Replace(_) => "replace",
            Action::Remove => "remove",
        }
    }
}

/// A rule: what to do with the values at some paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Each path, and its text in the policy.
    pub(crate) paths: Vec<(Path, String)>,
    pub(crate) action: Action,
}
