//! The kernels: 64 bytes in, a few bitmaps out. The only unsafe code of the crate lives in this folder.
//!
//! [`scalar`] is the reference, written to be read. [`vector`] is the same thing 16 bytes at a time,
//! once for wasm `simd128` and once for x86-64 with SSSE3; property tests and a fuzz target compare them.

mod pair;
pub(crate) mod scalar;
#[cfg(all(feature = "simd", any(target_arch = "x86_64", target_feature = "simd128")))]
pub(crate) mod vector;

pub(crate) use pair::Pair;

/// Bytes in a block, the unit of all kernels.
pub(crate) const BLOCK: usize = 64;

/// What a kernel says about one block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    /// Bit per byte: an unescaped `"` or a control byte (below 0x20).
    pub(crate) stops: u64,
    /// The block holds a backslash.
    pub(crate) backslash: bool,
    /// A `u` of the block stands behind a backslash, whatever stands before that.
    pub(crate) unicode: bool,
    /// Something in or shortly before this block is not right: an invalid escape, a lone surrogate in an escape, bytes
    /// that are no UTF-8. The record has to be read by the reference, which finds the exact place or clears it.
    pub(crate) suspect: bool,
}

/// What is carried from one block to the next.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Carry {
    /// The first byte of the next block is escaped.
    pub(crate) escaped: bool,
    /// The last three bytes seen, oldest first (zero at the start).
    pub(crate) tail: [u8; 3],
}

/// Marks whole blocks of `bytes`; `sink` is called once for each, in order.
///
/// `bytes` is the text from the start of a record on; what lies beyond the blocks may be looked at, so it ends
/// with at least [`BLOCK`] bytes of padding that belong to no record.
pub(crate) fn mark_blocks(bytes: &[u8], blocks: usize, sink: impl FnMut(usize, Marks)) {
    #[cfg(all(feature = "simd", target_arch = "x86_64"))]
    if std::arch::is_x86_feature_detected!("ssse3") {
        return vector::mark_blocks_ssse3(bytes, blocks, sink);
    }
    #[cfg(all(feature = "simd", target_feature = "simd128"))]
    return vector::mark_blocks_simd128(bytes, blocks, sink);
    #[cfg(not(all(feature = "simd", target_feature = "simd128")))]
    scalar::mark_blocks(bytes, blocks, sink);
}

/// How often a byte stands in blocks.
pub(crate) fn count(blocks: &[[u8; BLOCK]], byte: u8) -> u64 {
    #[cfg(all(feature = "simd", target_arch = "x86_64"))]
    if std::arch::is_x86_feature_detected!("ssse3") {
        return vector::count_ssse3(blocks, byte);
    }
    #[cfg(all(feature = "simd", target_feature = "simd128"))]
    return vector::count_simd128(blocks, byte);
    #[cfg(not(all(feature = "simd", target_feature = "simd128")))]
    blocks.iter().flatten().filter(|at| **at == byte).map(|_| 1).sum()
}

/// Whether the four bytes after `\u` at `at` (the `u`) are a well-formed escape: hexadecimal, and where it is half of a
/// surrogate pair, with its other half beside it.
#[cold]
pub(crate) fn unicode_escape_holds(bytes: &[u8], at: usize) -> bool {
    let Some(unit) = hex4(bytes, at + 1) else {
        return false;
    };
    match unit {
        0xD800..=0xDBFF => {
            bytes.get(at + 5) == Some(&b'\\')
                && bytes.get(at + 6) == Some(&b'u')
                && matches!(hex4(bytes, at + 7), Some(0xDC00..=0xDFFF))
        }
        0xDC00..=0xDFFF => {
            // The high half stands six bytes earlier; its backslash is an escape of its own if the run before it is even.
            at >= 7
                && bytes[at - 6] == b'u'
                && bytes[at - 7] == b'\\'
                && matches!(hex4(bytes, at - 5), Some(0xD800..=0xDBFF))
                && bytes[..at - 7].iter().rev().take_while(|&&b| b == b'\\').count() % 2 == 0
        }
        _ => true,
    }
}

/// The number written by the four hexadecimal digits at `at`.
pub(crate) fn hex4(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at + 4)?;
    digits.iter().try_fold(0, |n, &b| Some(n << 4 | (b as char).to_digit(16)?))
}
