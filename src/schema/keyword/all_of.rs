//! `allOf`.

use crate::schema::check::{Checker, Via};
use crate::schema::compile::{Builder, Compiler};
use crate::schema::finding::Why;
use crate::schema::node::*;
use crate::tape::Cursor;

pub(in crate::schema) fn compile<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    let nodes = c.schemas(builder, value);
    builder.demand(ANY, Check::AllOf(nodes.into()));
}

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

pub(in crate::schema) fn expected(_: &Why<'_>) -> String {
    "nothing here: no value is valid".to_owned()
}
