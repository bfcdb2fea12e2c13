//! The policy: one JSON document (comments allowed) that says what comes in, what must not pass, and where the rest goes.

mod read;
#[cfg(test)]
mod tests;

pub(crate) use read::read;

use crate::encode::Framing;
use crate::limits::Limits;
use crate::redact::Rule;

/// A policy that has been read and found in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Policy {
    pub(crate) unknown: Unknown,
    pub(crate) redact: Vec<Rule>,
    pub(crate) routes: Vec<Route>,
    pub(crate) originals: bool,
    pub(crate) limits: Limits,
}

/// What becomes of JSON that no event type recognises (`accept.unknown`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Unknown {
    #[default]
    Pass,
    Drop,
    Quarantine,
}

/// Where kept records go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Its name in the policy.
    pub name: String,
    /// How its records are framed.
    pub framing: Framing,
}
