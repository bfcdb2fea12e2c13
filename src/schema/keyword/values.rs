//! `const` and `enum`: a value that is one of some, by value.

use crate::schema::canonical;
use crate::schema::check::Checker;
use crate::schema::compile::Compiler;
use crate::schema::names::Key;
use crate::schema::node::*;
use crate::tape::Kind;

/// What stands before the canonical bytes of numbers, arrays and objects, as it stands in no string.
const NO_STRING: u8 = 0xFF;

/// Puts down a value, or all of an array's elements: their kinds, then their texts. Of `null`, `true` and `false` the
/// kind says all.
pub(in crate::schema) fn read(c: &mut Compiler<'_>, value: u32, each: bool) {
    let (start, mut kinds, mut bytes) = (c.end(), 0, Vec::new());
    let view = c.view;
    c.compiled.words.push(0);
    let mut add = |value: u32| {
        kinds |= bit(view.kind(value));
        match view.kind(value) {
            Kind::Null | Kind::True | Kind::False => {}
            Kind::String | Kind::Key => {
                kinds |= STRING;
                c.tell(view.string(value, &mut bytes), false);
            }
            _ => {
                bytes.clear();
                bytes.push(NO_STRING);
                canonical::append(&view, value, &mut bytes);
                c.tell(&bytes, false);
            }
        }
    };
    if each {
        view.below(value).for_each(&mut add);
    } else {
        add(value);
    }
    c.compiled.words[start as usize] = u32::from(kinds);
}

#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, keyword: &Keyword, at: u32) -> bool {
    let kind = c.view.kind(at);
    let schema = c.schema;
    let Some((kinds, values)) = schema.run(keyword.a, keyword.b).split_first() else { return true };
    let found = *kinds as Kinds & bit(kind) != 0
        && match kind {
            Kind::Null | Kind::True | Kind::False => true,
            Kind::String | Kind::Key => is_among(c.find(at), values),
            _ => {
                c.spend_on_value(at) && {
                    let mut bytes = vec![NO_STRING];
                    canonical::append(&c.view, at, &mut bytes);
                    is_among(schema.names.find(&Key::new(&bytes)), values)
                }
            }
        };
    found || c.fail(keyword.name, at, 0)
}

fn is_among(text: Option<u32>, values: &[u32]) -> bool {
    text.is_some_and(|text| values.binary_search(&text).is_ok())
}
