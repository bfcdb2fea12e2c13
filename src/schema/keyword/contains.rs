//! `contains`, with `minContains` and `maxContains`.

use super::Name;
use crate::schema::check::Checker;
use crate::schema::compile::Compiler;
use crate::schema::node::*;

pub(in crate::schema) fn finish(c: &mut Compiler<'_>) {
    if c.has(Name::Contains) {
        let start = c.end();
        for name in [Name::Contains, Name::MinContains, Name::MaxContains] {
            let mut operand = c.operands(name).0;
            if name == Name::MinContains && c.has(name) {
                operand = operand.min(NONE - 1); // a count beyond all is not one that is not there
            }
            c.compiled.words.push(operand);
        }
        c.demand(ARRAY, Name::Contains, (start, c.end()));
    }
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, rule: &[u32], at: u32, track: bool) -> bool {
    let [node, said, most] = *rule else { return true };
    let least = if said == NONE { 1 } else { said };
    let group = c.open_group(Name::Contains, at);
    let mut fitting = 0;
    for (element, ordinal) in c.view.below(at).zip(0..) {
        if c.element(node, element, ordinal) {
            fitting += 1;
            if track {
                c.scratch.marks.push(ordinal);
            } else if c.trace.is_none() && fitting >= least && (most == NONE || fitting > most) {
                break;
            }
        }
    }
    let name = match fitting < least {
        true if said == NONE => Name::Contains,
        true => Name::MinContains,
        false => Name::MaxContains,
    };
    let valid = (least..=most).contains(&fitting);
    c.close_group(group, valid, name, 0);
    valid
}
