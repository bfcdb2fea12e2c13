//! The reference kernel, a byte at a time. What it says is the specification of the vector kernels.

use super::{BLOCK, Carry, Marks, unicode_escape_holds};

/// Marks `blocks` blocks of `bytes`, as [`super::mark_blocks`] promises.
#[cfg_attr(all(feature = "simd", target_feature = "simd128"), allow(dead_code))]
pub(crate) fn mark_blocks(bytes: &[u8], blocks: usize, mut sink: impl FnMut(usize, Marks)) {
    let mut carry = Carry::default();
    for block in 0..blocks {
        sink(block, mark_block(bytes, block * BLOCK, &mut carry));
    }
}

/// Marks the block at `base`.
pub(crate) fn mark_block(bytes: &[u8], base: usize, carry: &mut Carry) -> Marks {
    let mut marks = Marks::default();
    for at in base..base + BLOCK {
        let byte = bytes[at];
        let escaped = std::mem::replace(&mut carry.escaped, false);
        if byte < 0x20 || (byte == b'"' && !escaped) {
            marks.stops |= 1 << (at - base);
        }
        if byte == b'\\' {
            marks.backslash = true;
            carry.escaped = !escaped;
        }
        marks.unicode |= byte == b'u' && carry.tail[2] == b'\\';
        if escaped {
            marks.suspect |= match byte {
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => false,
                b'u' => !unicode_escape_holds(bytes, at),
                _ => true,
            };
        }
        marks.suspect |= !utf8_step(carry.tail, byte);
        carry.tail = [carry.tail[1], carry.tail[2], byte];
    }
    marks
}

/// Whether `byte` may follow the three bytes before it in UTF-8 (RFC 3629: no overlong form, no surrogate, at most U+10FFFF).
fn utf8_step([b3, b2, b1]: [u8; 3], byte: u8) -> bool {
    // How many continuation bytes the sequence in progress still wants.
    let wanted = matches!(
        (b3, b2, b1),
        (_, _, 0xC2..=0xF4) | (_, 0xE0..=0xF4, 0x80..=0xBF) | (0xF0..=0xF4, 0x80..=0xBF, 0x80..=0xBF)
    );
    match (wanted, byte) {
        (true, 0x80..=0xBF) => match b1 {
            0xE0 => byte >= 0xA0,
            0xED => byte < 0xA0,
            0xF0 => byte >= 0x90,
            0xF4 => byte < 0x90,
            _ => true,
        },
        (false, 0x00..=0x7F | 0xC2..=0xF4) => true,
        _ => false,
    }
}
