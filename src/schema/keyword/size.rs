//! `minItems`, `maxItems`, `minProperties` and `maxProperties`.

use super::Name;
use crate::schema::check::Checker;
use crate::schema::node::*;
use crate::tape::Kind;

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, keyword: &Keyword, at: u32) -> bool {
    let least = matches!(keyword.name, Name::MinItems | Name::MinProperties);
    // As many as that are enough to know.
    let limit = if least { keyword.a } else { keyword.a.saturating_add(1) };
    let mut count = c.view.below(at).take(limit as usize).count() as u32;
    // Members of the same name are one. Whoever has one member has one name.
    if c.view.kind(at) == Kind::Object && count >= limit && count > 1 {
        count = names(c, at);
    }
    (count >= limit) == least || c.fail(keyword.name, at, 0)
}

/// How many names the members of an object have.
#[cold]
fn names(c: &mut Checker<'_>, object: u32) -> u32 {
    if !c.spend_on_value(object) {
        return 0;
    }
    let members = c.view.sorted(object);
    let again = members.windows(2).filter(|pair| c.view.compare(pair[0] - 1, pair[1] - 1).is_eq()).count();
    (members.len() - again) as u32
}
