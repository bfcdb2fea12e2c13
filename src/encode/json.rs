//! JSON: one array of all records, each on lines of its own.

use super::contract::{ARRAY, Contract};

pub(super) const CONTRACT: Contract =
    Contract { name: "json", options: &[], content_type: "application/json", frame: ARRAY, limits: None, make: None };
