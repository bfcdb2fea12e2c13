//! `allOf`.

use crate::schema::check::{Checker, Via};
use crate::schema::node::*;

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, nodes: &[NodeId], at: u32, track: bool) -> bool {
    let mut valid = true;
    for node in nodes {
        valid &= c.value(*node, at, Via::Below, track);
        if !valid && c.trace.is_none() {
            return false;
        }
    }
    valid
}
