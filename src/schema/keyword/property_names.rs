//! `propertyNames`: the names of an object's members, each taken as a string.

use crate::schema::check::{Checker, Via};
use crate::schema::compile::{Builder, Compiler};
use crate::schema::finding::Why;
use crate::schema::node::*;
use crate::tape::Cursor;

pub(in crate::schema) fn compile<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    let node = c.schema(builder, value);
    builder.demand(OBJECT, Check::PropertyNames(node));
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, node: NodeId, object: u32) -> bool {
    let mut valid = true;
    for key in c.keys(object) {
        valid &= c.value(node, key, Via::Below, false);
        if !valid && c.trace.is_none() {
            return false;
        }
    }
    valid
}

pub(in crate::schema) fn expected(_: &Why<'_>) -> String {
    "no member of any name".to_owned()
}
