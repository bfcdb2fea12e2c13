//! `uuid` (RFC 4122 §3): five groups of hexadecimal digits, of either case, of any version and variant.

/// Whether a text is one.
pub(crate) fn is_uuid(text: &[u8]) -> bool {
    let Some(text) = text.first_chunk::<36>().filter(|_| text.len() == 36) else { return false };
    let four = |at: usize| u32::from_le_bytes([text[at], text[at + 1], text[at + 2], text[at + 3]]);
    let eight = |first: u32, then: u32| u64::from(first) | u64::from(then) << 32;
    [8, 13, 18, 23].iter().all(|at| text[*at] == b'-')
        && are_hex(eight(four(0), four(4)))
        && are_hex(eight(four(9), four(14)))
        && are_hex(eight(four(19), four(24)))
        && are_hex(eight(four(28), four(32)))
}

/// Whether eight bytes are hexadecimal digits, all at once.
fn are_hex(bytes: u64) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOP: u64 = 0x80 * ONES;
    // Bytes below 0x80, each with a bit where it is at least `from`: nothing carries from one to the next.
    let at_least = |bytes: u64, from: u8| (bytes | TOP) - u64::from(from) * ONES;
    let lower = bytes | (0x20 * ONES);
    let digits = at_least(bytes, b'0') & !at_least(bytes, b'9' + 1);
    let letters = at_least(lower, b'a') & !at_least(lower, b'f' + 1);
    bytes & TOP == 0 && (digits | letters) & TOP == TOP
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place_counts() {
        let uuid = *b"01234567-89ab-cdef-ABCD-EF9876543210";
        assert!(is_uuid(&uuid) && !is_uuid(&uuid[1..]) && !is_uuid(b""));
        for place in 0..uuid.len() {
            for byte in 0..=u8::MAX {
                let mut other = uuid;
                other[place] = byte;
                let wanted = if matches!(place, 8 | 13 | 18 | 23) { byte == b'-' } else { byte.is_ascii_hexdigit() };
                assert_eq!(is_uuid(&other), wanted, "{place} {byte}");
            }
        }
    }
}
