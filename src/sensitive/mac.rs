//! Hardware addresses (IEEE 802: EUI-48 and EUI-64): pairs of hexadecimal digits with colons or hyphens, or groups of
//! four with dots, which want a letter among them, as there are versions and numbers of that form.

use super::bytes::*;

/// An address around its first separator, with its start and end.
#[inline(never)]
pub(super) fn around(text: &[u8], separator: usize) -> Option<(usize, usize)> {
    let (group, counts): (usize, [usize; 2]) = if byte(text, separator) == b'.' { (4, [4, 3]) } else { (2, [8, 6]) };
    let mark = byte(text, separator);
    let start = separator.checked_sub(group).filter(|_| byte(text, separator + group + 1) == mark)?;
    counts.into_iter().find_map(|groups| {
        let end = start + groups * (group + 1) - 1;
        let address = text.get(start..end)?;
        let formed = address.iter().enumerate().all(|(place, &byte)| match place % (group + 1) == group {
            true => byte == mark,
            false => is(byte, HEX),
        });
        let telling = group == 2 || address.iter().any(|byte| is(*byte, LETTER));
        let another = |first: Option<usize>| {
            let end = first.map_or(0, |first| first + group);
            first.is_some_and(|first| {
                run(text.get(..end.min(text.len())).unwrap_or_default(), first, HEX) == end && alone(text, first, end)
            })
        };
        let longer = byte(text, end) == mark && another(Some(end + 1))
            || before(text, start, 1) == mark && another(start.checked_sub(group + 1));
        (formed && telling && !longer && alone(text, start, end)).then_some((start, end))
    })
}
