//! `oneOf`.

use super::Name;
use crate::schema::check::{Checker, Via};
use crate::schema::node::*;

/// The detail is how many it fits.
#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, nodes: &[NodeId], at: u32, track: bool) -> bool {
    let group = c.open_group(Name::OneOf, at);
    let mut fitting = 0;
    for node in nodes {
        fitting += u32::from(c.value(*node, at, Via::Below, track));
        if fitting > 1 && c.trace.is_none() {
            break;
        }
    }
    c.close_group(group, fitting == 1, Name::OneOf, fitting);
    fitting == 1
}
