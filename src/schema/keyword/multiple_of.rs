//! `multipleOf`, exact in decimal: 19.99 is a multiple of 0.01.

use super::{Form, Name};
use crate::schema::check::Checker;
use crate::schema::code;
use crate::schema::compile::Compiler;
use crate::tape::number::{self, Divisor};

pub(in crate::schema) fn read(c: &mut Compiler<'_>, value: u32) -> Option<u32> {
    let raw = c.view.raw(value);
    let Some(divisor) = Divisor::new(raw) else {
        if number::compare(raw, b"0").is_le() {
            c.wrong(value, Form::Divisor.takes().1);
        } else {
            c.note(value, code::LIMIT, "a number of at most 37 digits", "");
        }
        return None;
    };
    c.compiled.divisors.push(divisor);
    Some(c.compiled.divisors.len() as u32 - 1)
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, rule: u32, at: u32) -> bool {
    let Some(divisor) = c.schema.divisors.get(rule as usize) else { return true };
    // A division takes some steps for each digit.
    c.spend(c.view.raw(at).len() as u64 / 4) && (divisor.divides(c.view.raw(at)) || c.fail(Name::MultipleOf, at, 0))
}
