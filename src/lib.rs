//! Logweir stands between the platforms that emit log and audit events and the systems that store them: it reads
//! events as bytes, takes out what must not pass, and gives bytes to send on.
//!
//! # The trip of a record
//!
//! | room | takes → gives |
//! |---|---|
//! | `scan` | chunks → records: framing, a structural index, RFC 8259 and UTF-8 checked in full |
//! | `plan` | what all rooms ask for → one automaton, which drives the walk over a record |
//! | `tape` | a record → spans of what was asked for; decoded on demand |
//! | `pattern` | a regular expression → whether a text matches, in linear time |
//! | `format` | a text → whether it is a date, an address, a URI … as JSON Schema names them |
//! | `hash` | HMAC-SHA-256 |
//! | `document` | a policy or schema that somebody wrote, and what is wrong with it, each with its place |
//! | `edit` | a list of changes → one splice; what no change names keeps its bytes |
//! | [`Schema`] | JSON Schema 2020-12 and draft-07, compiled once → findings |
//! | [`Catalog`] | a record → which event it is and where in its wrapper, its common fields, what its schema says of it |
//! | [`Query`] | the search language → does a record match, and which records of an input do |
//! | `sample` | a record → whether it belongs to the share that goes on |
//! | `redact` | rules over a tape → [`Redacted`], the only thing that goes on; opens JSON inside strings |
//! | [`Template`] | Mustache over redacted records: JSON that is valid whatever the values, or text |
//! | [`encode`] | redacted records → bodies |
//! | `policy` | the document that says all this, every mistake in it reported at once |
//! | `store` | a log → what is searched, counted and looked at; with the feature of that name |
//! | [`Pipeline`] | where the rooms meet: compile once, [`Run`] chunk after chunk |
//!
//! # Features
//!
//! Each names a part; all but the last three are on by default. A policy that asks for a part that the build lacks is
//! refused with `P116`, at the place where it asks; so are [`Schema::compile`], [`Query::compile`], [`Template::compile`]
//! and [`Catalog::with_own`]. [`Catalog::built_in`] then has no event types. What is left without any of them is framing,
//! redaction by path and key (into JSON inside strings), limits, and routes to NDJSON and JSON arrays.
//!
//! | feature | part |
//! |---|---|
//! | `catalog` | event types: `accept`, `class`, `payload`, `steps`, `sample`, presets; [`Catalog`] |
//! | `schema` | JSON Schema: `accept.invalid` other than `ignore`; [`Schema`] |
//! | `idn` | the formats `idn-hostname`, and `hostname` with A-labels |
//! | `query` | the search language: `keep`, `when`, selectors in paths; [`Query`]; needs `catalog` |
//! | `template` | templates of routes; [`Template`]; needs `catalog` |
//! | `destinations` | all destinations but `ndjson` and `json`; needs `template` |
//! | `detectors` | rules with `detect` and `pattern` |
//! | `simd` | the vector kernels, with the only unsafe code |
//! | `store` | `LogStore`: a log in memory |
//! | `unicode` | patterns with `\p{Script=…}` and all binary properties |
//! | `serde` | `Serialize` for reports, problems, trips |
//!
//! The core is pure: no clock, network, randomness or global state, and one folder of unsafe code (`scan/kernel`).
#![warn(missing_docs)]
// The compiler sees what a build without a part cannot reach, and would say so.
#![cfg_attr(
    not(all(feature = "destinations", feature = "detectors", feature = "query", feature = "schema")),
    allow(unreachable_code, unused_mut, unused_variables)
)]

pub mod encode;
pub mod limits;

mod accept;
mod catalog;
mod detect;
mod document;
mod drift;
mod edit;
mod explain;
mod flow;
#[allow(dead_code)] // what only detectors and queries will ask for
mod format;
mod hash;
mod order;
mod part;
mod pattern;
mod pipeline;
mod plan;
mod policy;
mod query;
mod recognition;
mod redact;
mod report;
mod sample;
mod scan;
mod schema;
#[allow(dead_code)] // rules of redaction will ask for it
mod sensitive;
mod span;
#[cfg(feature = "store")]
mod store;
mod tape;
mod template;
mod time;

#[cfg(feature = "_probe")]
pub mod probe;

pub use document::{Problem, Problems, Severity};
pub use drift::{Change as DriftChange, Drift};
pub use explain::{Change, Decision, Delivery, Recognised, Show, Trip};
pub use limits::Limits;
pub use pipeline::{Batch, Pipeline, Run};
pub use plan::{Path, PathError};
pub use policy::{Quota, Route};
pub use query::{Candidate, Match, Query, QueryReader, Term, Token, TokenKind};
pub use recognition::{Catalog, CatalogReader, Detection, Wanted};
pub use redact::{REDACTED, Redacted, WITHHELD};
pub use report::{EventReport, PlaceReport, Quarantined, Report, RouteReport};
pub use scan::{Fault, Format, Reason};
pub use schema::{Dialect, Finding, Output, Schema, SchemaOptions, Validator, Verdict};
pub use span::Span;
#[cfg(feature = "store")]
pub use store::{
    Counts, Facet, Group, Histogram, LogStore, OutOfMemory, Progress, RowSet, RunSummary, Search, Series, Slice,
    SortKey,
};
pub use template::{Mode, Now, Refused, Renderer, Template, TemplateOptions, TemplateReader};

/// What the tests in here share with those in `tests/`.
#[cfg(test)]
#[path = "../tests/common"]
mod common {
    #[allow(dead_code)]
    pub(crate) mod detectors;
    #[allow(dead_code)]
    pub(crate) mod doc;
    pub(crate) mod seed;
}
