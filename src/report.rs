//! What happened: counts, and coordinates of what was withheld. Never a value.

use crate::drift::Change;
use crate::scan::Reason;
use crate::schema::Finding;

/// Counts over all records so far. Always: `records == kept + filtered + quarantined`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Report {
    /// Records found in the input, broken ones included.
    pub records: u64,
    /// Records that at least one route took.
    pub kept: u64,
    /// Records that no route took, as the policy wants it.
    pub filtered: u64,
    /// Records withheld, each for a reason.
    pub quarantined: u64,
    /// Those of the filtered records that a route would have taken, had sampling not left them out.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "is_zero"))]
    pub sampled: u64,
    /// Bytes of input.
    pub bytes_in: u64,
    /// Per route, in the policy's order.
    pub routes: Vec<RouteReport>,
    /// Per event type that occurred, if the policy has `accept`.
    pub events: Vec<EventReport>,
    /// Per code that occurred: in how many events it was the first thing that their type's JSON Schema finds fault with.
    /// They add up to the `invalid` ones of all event types.
    pub findings: Vec<(&'static str, u64)>,
    /// Per rule, in the policy's order: how many values it was applied to.
    pub rules: Vec<u64>,
    /// Per rule: in how many strings that hold JSON the deepest of those values stood.
    pub depths: Vec<u64>,
    /// Where rules were applied, in the order in which that was first met.
    pub places: Vec<PlaceReport>,
    /// Per reason that occurred: how many records were withheld for it.
    pub reasons: Vec<(&'static str, u64)>,
    /// Strings whose JSON was read.
    pub embedded_entered: u64,
    /// Strings replaced whole because their JSON could not be read.
    pub embedded_withheld: u64,
}

/// Counts of one route.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RouteReport {
    /// The route's name.
    pub name: String,
    /// Records it was given; one that was split counts as many as it became.
    pub records: u64,
    /// Bytes it was given, framing included.
    pub bytes: u64,
    /// Records that were too large for its receiver, and were cut, split or left without steps, as its `oversize` says.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "is_zero"))]
    pub oversize: u64,
    /// Records that it would have been given, had sampling not left them out.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "is_zero"))]
    pub sampled: u64,
}

#[cfg(feature = "serde")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// Counts of one event type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct EventReport {
    /// The catalogue's name of it.
    pub name: String,
    /// Records that were recognised as it, accepted or not.
    pub records: u64,
    /// Those of them that its JSON Schema finds fault with.
    pub invalid: u64,
    /// Differences from what the catalogue knows of it, each kind at the place of its [`Change`]; a record may have several.
    pub drift: [u64; Change::ALL.len()],
}

/// How often a rule was applied at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PlaceReport {
    /// Pointer to the rule in the policy.
    pub rule: String,
    /// A path of names that the catalogue or the policy has; others are `*`. What is over the limit of places is `**`.
    pub path: String,
    /// How often.
    pub count: u64,
}

/// A record that was withheld.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// Why.
    pub reason: Reason,
    /// Which record of the run, from 0.
    pub record: u64,
    /// Its first byte in the input, from 0.
    pub offset: u64,
    /// Its length in bytes.
    pub length: u64,
    /// Its line in the input, from 1, where the format goes by lines.
    pub line: Option<u64>,
    /// The byte of the input at which the fault lies.
    pub at: u64,
    /// Its bytes, if the policy asks for originals and it is not longer than `limits.recordBytes`.
    pub original: Option<Vec<u8>>,
    /// Of an event that its type's JSON Schema finds fault with, the first thing that is wrong; places are counted from
    /// where the event begins.
    pub finding: Option<Finding>,
}
