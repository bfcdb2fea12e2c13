//! `anyOf`.

use super::Name;
use crate::schema::check::{Checker, Via};
use crate::schema::node::*;

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, nodes: &[NodeId], at: u32, track: bool) -> bool {
    let group = c.open_group(Name::AnyOf, at);
    let mut valid = false;
    for node in nodes {
        valid |= c.value(*node, at, Via::Below, track);
        // Annotations, and with them marks, come from every schema that fits.
        if valid && !track && !c.annotates {
            break;
        }
    }
    c.close_group(group, valid, Name::AnyOf, 0);
    valid
}
