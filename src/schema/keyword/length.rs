//! `minLength` and `maxLength`, in characters (Unicode scalar values).

use super::Name;
use crate::schema::check::Checker;
use crate::schema::node::*;

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, keyword: &Keyword, at: u32) -> bool {
    let (least, most) = if keyword.name == Name::MinLength { (keyword.a, NONE) } else { (0, keyword.a) };
    // Of what holds no escape, a quarter of the bytes at least are characters, and all of them at most.
    let bytes = c.view.raw(at).len().saturating_sub(2) as u32;
    if c.is_plain(at) && least <= bytes.div_ceil(4) && bytes <= most {
        return true;
    }
    if !c.spend_on(at) {
        return false;
    }
    // A character is its first byte; the others are 10xxxxxx.
    let length = c.with_string(at, |text| text.iter().filter(|&&byte| byte & 0xC0 != 0x80).count());
    (least..=most).contains(&(length as u32)) || c.fail(keyword.name, at, 0)
}
