//! `anyOf`.

use super::Name;
use crate::schema::check::{Checker, Via};
use crate::schema::compile::{Builder, Compiler};
use crate::schema::finding::Why;
use crate::schema::node::*;
use crate::tape::Cursor;

pub(in crate::schema) fn compile<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    let nodes = c.schemas(builder, value);
    builder.demand(ANY, Check::AnyOf(nodes.into()));
}

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

pub(in crate::schema) fn expected(why: &Why<'_>) -> String {
    format!("a value that fits at least one of {} schemas", why.value.map_or(0, |value| value.children().count()))
}
