//! Which event a record is, and where in its wrapper.

mod fields;
mod members;
mod reach;
mod signature;
mod spots;
#[cfg(test)]
mod tests;
mod unwrap;

pub(crate) use fields::{Said, field, fields, said};
pub(crate) use reach::Strings;
pub(crate) use signature::{Detector, Places};
pub(crate) use spots::Spots;
pub(crate) use unwrap::{Detected, Record, Search};

/// A record that would be recognised as events of different types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ambiguous;
