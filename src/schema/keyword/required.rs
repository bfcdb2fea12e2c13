//! `required`. Whether the members are there is seen where an object's members are gone through: `properties.rs`.

use crate::schema::compile::{Builder, Compiler};
use crate::schema::finding::Why;
use crate::tape::Cursor;

pub(in crate::schema) fn compile<'a>(c: &mut Compiler<'a>, builder: &mut Builder, value: Cursor<'a>) {
    builder.properties.required = c.strings(builder, value);
}

/// The detail is the entry of the name that is missing.
pub(in crate::schema) fn expected(why: &Why<'_>) -> String {
    "the member ".to_owned() + &why.detail_raw()
}
