//! What is asked for: paths and keys, compiled into one automaton that the walk over a record drives.
//!
//! A room that wants something of a record [asks](PlanBuilder::ask) for its path and gets a number. The finished
//! [`Plan`] has a state for every place in a document that matters; a state knows which askers it satisfies, and state
//! [`DEAD`] means that nothing below is of interest to anybody, so that the walk need only check the grammar there.

mod automaton;
mod build;
mod keys;
mod path;
#[cfg(test)]
mod tests;
mod wish;

pub(crate) use automaton::{DEAD, Members, Plan, START, State};
pub(crate) use path::Segment;
pub use path::{Path, PathError};
pub(crate) use wish::PlanBuilder;
