//! The policy: one JSON document (comments allowed) that says what comes in, what must not pass, and where the rest goes.

mod accept;
mod allow;
mod cases;
mod destination;
mod idle;
mod odd;
mod read;
mod redact;
mod route;
mod sample;
#[cfg(test)]
mod tests;

pub(crate) use read::{read, too_large};

use crate::accept::Accept;
use crate::catalog::Class;
use crate::document::Problem;
use crate::encode::{Destination, Oversize};
use crate::limits::Limits;
use crate::plan::Path;
use crate::query::Filter;
use crate::redact::Rule;
use crate::sample::Sampling;
use crate::template::Template;

/// The keys that are given with a policy, by name.
pub(crate) type Secrets<'a> = &'a [(String, Vec<u8>)];

/// A policy that has been read and found in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Policy {
    /// None: whatever comes is let in, and nobody asks what it is.
    pub(crate) accept: Option<Accept>,
    pub(crate) redact: Vec<Rule>,
    /// How many entries the list of rules has.
    pub(crate) rules: usize,
    pub(crate) routes: Vec<Route>,
    /// What becomes of a record on each route; none: it stays as it is.
    pub(crate) templates: Vec<Option<Template>>,
    /// What each route does with records that are too large for its receiver.
    pub(crate) oversize: Vec<Option<Oversize>>,
    pub(crate) filter: Filter,
    pub(crate) sampling: Sampling,
    /// What may pass unredacted.
    pub(crate) allow: Vec<Allow>,
    pub(crate) originals: bool,
    /// Its own tests, a JSON array; empty if it has none.
    pub(crate) tests: String,
    pub(crate) limits: Limits,
    /// What is odd about it without being wrong.
    pub(crate) warnings: Vec<Problem>,
}

/// What may pass unredacted, as somebody who gave a reason wants it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Allow {
    /// Where the entry begins in the document.
    pub(crate) at: usize,
    /// The route; none: the original bytes of records in quarantine.
    pub(crate) route: Option<usize>,
    /// Only of these event types: a name or a pattern.
    pub(crate) event: Option<String>,
    pub(crate) classes: Vec<Class>,
    /// What is at these paths, or below.
    pub(crate) paths: Vec<Path>,
    /// All that the catalogue says may hold anything.
    pub(crate) payload: bool,
    /// Records that no event type recognises.
    pub(crate) unknown: bool,
}

/// Where kept records go.
#[derive(Clone, Debug)]
pub struct Route {
    /// Its name in the policy.
    pub name: String,
    /// Where its records go.
    pub to: Destination,
    /// Whether it has a template of its own.
    pub is_templated: bool,
    /// What may be sent there in a minute, for whoever sends.
    pub quota: Quota,
}

/// What a route may send in a minute. The core has no clock: it reads this and holds nobody to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Quota {
    /// How many records; none: any number.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub records: Option<usize>,
    /// How many bytes of bodies, before they are compressed; none: any number.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub bytes: Option<usize>,
}
