//! `if`, `then` and `else`.

use super::Name;
use crate::schema::check::{Checker, Via};
use crate::schema::compile::{Builder, Compiler};
use crate::schema::finding::Why;
use crate::schema::node::*;
use crate::tape::Cursor;

/// What holds where a condition does, and where it does not.
#[derive(Debug)]
pub(in crate::schema) struct If {
    pub(in crate::schema) condition: NodeId,
    pub(in crate::schema) then: NodeId,
    pub(in crate::schema) otherwise: NodeId,
}

/// What has been read of it.
#[derive(Debug, Default)]
pub(in crate::schema) struct Parts {
    condition: Option<NodeId>,
    then: Option<NodeId>,
    otherwise: Option<NodeId>,
}

pub(in crate::schema) fn condition<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    builder.conditional.condition = Some(c.schema(builder, value));
}

pub(in crate::schema) fn then<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    builder.conditional.then = Some(c.schema(builder, value));
}

pub(in crate::schema) fn otherwise<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    builder.conditional.otherwise = Some(c.schema(builder, value));
}

/// Without `if`, the others say nothing. Alone it still has annotations.
pub(in crate::schema) fn finish(builder: &mut Builder) {
    let Parts { condition, then, otherwise } = std::mem::take(&mut builder.conditional);
    if let Some(condition) = condition {
        builder.name = Name::If;
        let rule = If { condition, then: then.unwrap_or(NONE), otherwise: otherwise.unwrap_or(NONE) };
        builder.demand(ANY, Check::If(Box::new(rule)));
    }
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, rule: &If, at: u32, track: bool) -> bool {
    if (rule.then, rule.otherwise) == (NONE, NONE) && !track && !c.annotates {
        return true;
    }
    let units = c.noted();
    let holds = c.value(rule.condition, at, Via::Below, track);
    if !holds {
        c.forget(units); // that it does not hold is no fault
    }
    let node = if holds { rule.then } else { rule.otherwise };
    node == NONE || c.value(node, at, Via::Below, track)
}

pub(in crate::schema) fn expected(why: &Why<'_>) -> String {
    match why.name {
        Name::Then => "a value that does not fit the schema of if".to_owned(),
        _ => "a value that fits the schema of if".to_owned(),
    }
}
