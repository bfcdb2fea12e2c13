//! What must not pass is edited out, also of JSON inside strings; the result is [`Redacted`].

mod apply;
mod character;
mod compile;
mod cover;
mod document;
mod here;
mod key;
mod near;
mod pairs;
mod parts;
mod percent;
mod places;
mod reach;
mod redacted;
mod rename;
mod rule;
mod seen;
mod select;
mod settle;
mod string;
#[cfg(test)]
mod tests;
mod text;
mod told;
mod walk;
mod wanted;
mod with;
mod work;

pub(crate) use cover::certain;
pub(crate) use places::Placed;
pub(crate) use reach::{Events, Redactor};
pub use redacted::Redacted;
pub(crate) use rule::{Action, Hash, Mask, Rule, Rules, Selected};
pub(crate) use told::Told;
pub(crate) use work::{Applied, Record, Redaction, Trace};

/// What stands in place of a string that should hold JSON and cannot be read, where a rule could reach inside.
pub const WITHHELD: &str = "[withheld]";
/// What Workato writes where a job's lines would make it longer than its limit ("Log file size limit" of its sample data);
/// `"oversize": "summary"` writes the same. As JSON.
pub(crate) const LINES_OMITTED: &str = "\"Log lines exceed size limit\"";
/// What `"replace"` puts in place of a value where the policy names nothing else.
pub const REDACTED: &str = "[redacted]";
