//! `oneOf`.

use super::Name;
use crate::schema::check::{Checker, Via};
use crate::schema::compile::{Builder, Compiler};
use crate::schema::finding::Why;
use crate::schema::node::*;
use crate::tape::Cursor;

pub(in crate::schema) fn compile<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    let nodes = c.schemas(builder, value);
    builder.demand(ANY, Check::OneOf(nodes.into()));
}

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

/// The detail is how many it fits.
pub(in crate::schema) fn expected(why: &Why<'_>) -> String {
    let all = why.value.map_or(0, |value| value.children().count());
    match why.detail {
        0 => format!("a value that fits one of {all} schemas"),
        fitting => format!("a value that fits only one of {all} schemas, not {fitting}"),
    }
}
