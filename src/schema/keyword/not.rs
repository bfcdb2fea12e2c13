//! `not`.

use super::Name;
use crate::schema::check::Checker;
use crate::schema::node::*;

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, node: NodeId, at: u32) -> bool {
    // Neither its faults nor its annotations are the value's.
    let fits = c.aside(node, at, false, true);
    !fits || c.fail(Name::Not, at, 0)
}
