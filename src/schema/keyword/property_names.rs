//! `propertyNames`: the names of an object's members, each taken as a string.

use crate::schema::check::{Checker, Via};
use crate::schema::node::*;

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, node: NodeId, object: u32) -> bool {
    let mut valid = true;
    for value in c.view.below(object) {
        valid &= c.value(node, value - 1, Via::Below, false);
        if !valid && c.trace.is_none() {
            return false;
        }
    }
    valid
}
