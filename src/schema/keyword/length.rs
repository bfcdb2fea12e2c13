//! `minLength` and `maxLength`, in characters (Unicode scalar values).

use super::Name;
use crate::schema::check::Checker;
use crate::schema::compile::{Builder, Compiler};
use crate::schema::finding::{Why, plural};
use crate::schema::node::*;
use crate::tape::Cursor;

pub(in crate::schema) fn compile<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    let Some(count) = c.count(builder, value) else { return };
    builder.demand(
        STRING,
        if builder.name == Name::MinLength { Check::MinLength(count) } else { Check::MaxLength(count) },
    );
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, least: u64, most: u64, name: Name, at: u32) -> bool {
    // Of what holds no escape, a quarter of the bytes at least are characters, and all of them at most.
    let bytes = c.raw(at).len().saturating_sub(2) as u64;
    if c.is_plain(at) && least <= bytes.div_ceil(4) && bytes <= most {
        return true;
    }
    if !c.spend_on(at) {
        return false;
    }
    // A character is its first byte; the others are 10xxxxxx.
    let length = c.with_string(at, |text| text.iter().filter(|&&byte| byte & 0xC0 != 0x80).count());
    let length = length as u64;
    (least..=most).contains(&length) || c.fail(name, at, 0)
}

pub(in crate::schema) fn expected(why: &Why<'_>) -> String {
    let words = if why.name == Name::MinLength { "at least " } else { "at most " };
    words.to_owned() + &plural(&why.raw(), "character", "characters")
}
