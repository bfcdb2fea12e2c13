//! `not`.

use super::Name;
use crate::schema::check::{Checker, Via};
use crate::schema::compile::{Builder, Compiler};
use crate::schema::finding::Why;
use crate::schema::node::*;
use crate::tape::Cursor;

pub(in crate::schema) fn compile<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    let node = c.schema(builder, value);
    builder.demand(ANY, Check::Not(node));
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, node: NodeId, at: u32) -> bool {
    let units = c.noted();
    let fits = c.value(node, at, Via::Below, false);
    c.forget(units); // neither its faults nor its annotations are the value's
    !fits || c.fail(Name::Not, at, 0)
}

pub(in crate::schema) fn expected(_: &Why<'_>) -> String {
    "a value that does not fit the schema".to_owned()
}
