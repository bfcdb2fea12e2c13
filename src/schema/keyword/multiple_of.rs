//! `multipleOf`, exact in decimal: 19.99 is a multiple of 0.01.

use super::Name;
use crate::schema::check::Checker;
use crate::schema::code;
use crate::schema::compile::{Builder, Compiler};
use crate::schema::finding::Why;
use crate::schema::node::*;
use crate::tape::number::Divisor;
use crate::tape::{Cursor, Kind, number};

pub(in crate::schema) fn compile<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    if value.kind() != Kind::Number || number::compare(value.raw(), b"0").is_le() {
        c.wrong(builder, value, "a number above 0");
        return;
    }
    match Divisor::new(value.raw()) {
        Some(divisor) => builder.demand(NUMBER, Check::MultipleOf(Box::new(divisor))),
        None => {
            let expected = format!("a number of at most {} digits", Divisor::DIGITS);
            c.note(builder.document, value, code::LIMIT, &expected, None);
        }
    }
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, rule: &Divisor, at: u32) -> bool {
    c.spend_on(at) && (rule.divides(c.raw(at)) || c.fail(Name::MultipleOf, at, 0))
}

pub(in crate::schema) fn expected(why: &Why<'_>) -> String {
    "a multiple of ".to_owned() + &why.raw()
}
