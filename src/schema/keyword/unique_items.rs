//! `uniqueItems`: no two elements are equal by value.

use super::Name;
use crate::schema::canonical;
use crate::schema::check::Checker;
use crate::schema::view::sort;

/// Sorted by their canonical bytes, equals are neighbours.
#[inline(never)]
pub(in crate::schema) fn check(c: &mut Checker<'_>, at: u32) -> bool {
    // Written out, and sorted.
    if !c.spend_on_value(at) || !c.spend_on_value(at) {
        return false;
    }
    let mut bytes = Vec::new();
    let mut ends = vec![0];
    for element in c.view.below(at) {
        canonical::append(&c.view, element, &mut bytes);
        ends.push(bytes.len());
    }
    let text = |number: u32| &bytes[ends[number as usize]..ends[number as usize + 1]];
    let mut order: Vec<u32> = (0..ends.len() as u32 - 1).collect();
    sort(&mut order, &mut |a, b| text(a).cmp(text(b)));
    let unique = order.windows(2).all(|pair| text(pair[0]) != text(pair[1]));
    unique || c.fail(Name::UniqueItems, at, 0)
}
