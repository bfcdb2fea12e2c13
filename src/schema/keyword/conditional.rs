//! `if`, `then` and `else`.

use super::Name;
use crate::schema::check::{Checker, Via};
use crate::schema::compile::Compiler;
use crate::schema::node::*;

/// Without `if`, the others say nothing. Alone it still has annotations.
pub(in crate::schema) fn finish(c: &mut Compiler<'_>) {
    if c.has(Name::If) {
        let start = c.end();
        for name in [Name::If, Name::Then, Name::Else] {
            let node = c.operands(name).0;
            c.compiled.words.push(node);
        }
        c.demand(ANY, Name::If, (start, c.end()));
    }
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, rule: &[u32], at: u32, track: bool) -> bool {
    let [condition, then, otherwise] = *rule else { return true };
    if (then, otherwise) == (NONE, NONE) && !track && !c.annotates {
        return true;
    }
    // That it does not hold is no fault.
    let holds = c.aside(condition, at, track, false);
    let node = if holds { then } else { otherwise };
    node == NONE || c.value(node, at, Via::Below, track)
}
