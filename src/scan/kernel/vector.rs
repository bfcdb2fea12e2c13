//! The vector kernel: the reference, 16 bytes at a time.
//!
//! - Stops: `(byte ^ 2) <= 0x20` holds for `"` and for control bytes and for nothing else.
//! - Escapes: which bytes are escaped follows from the runs of backslashes, by an addition that carries
//!   (simdjson, <https://arxiv.org/abs/1902.08318>, §3.1.1); blocks without a backslash skip it.
//! - UTF-8: three table look-ups on nibbles, and a saturating subtraction for the third and fourth bytes
//!   (Keiser and Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte", <https://arxiv.org/abs/2010.03090>).
#![allow(unsafe_code)]

use super::{BLOCK, Marks, Pair, unicode_escape_holds};

/// Sixteen bytes and the operations that the algorithm needs of them. One instance per instruction set.
trait Vector: Copy {
    /// # Safety
    /// `at` points to 16 readable bytes, and the CPU has the instruction set.
    unsafe fn load(at: *const u8) -> Self;
    unsafe fn table(bytes: [u8; 16]) -> Self;
    unsafe fn splat(byte: u8) -> Self;
    unsafe fn and(self, other: Self) -> Self;
    unsafe fn or(self, other: Self) -> Self;
    unsafe fn xor(self, other: Self) -> Self;
    unsafe fn eq(self, other: Self) -> Self;
    /// Bytewise `self <= other`, unsigned, as a mask.
    unsafe fn le(self, other: Self) -> Self;
    /// Bytewise saturating subtraction, unsigned.
    unsafe fn minus(self, other: Self) -> Self;
    /// The high nibble of each byte.
    unsafe fn high(self) -> Self;
    /// `table[nibble]` for each byte of `self`, all of which are below 16.
    unsafe fn pick(self, table: Self) -> Self;
    /// The bytes of `before` and `self` shifted by N: byte `i` is what stood N bytes before byte `i`.
    unsafe fn back<const N: i32>(self, before: Self) -> Self;
    /// The top bit of each byte.
    unsafe fn bits(self) -> u64;
    /// Whether any bit is set.
    unsafe fn any(self) -> bool;
}

// Errors of a pair of neighbouring bytes, as bits; a bit survives the three look-ups only if all agree.
const TOO_SHORT: u8 = 1; // a lead byte where a continuation was due
const TOO_LONG: u8 = 1 << 1; // a continuation after ASCII
const OVERLONG_3: u8 = 1 << 2;
const TOO_LARGE: u8 = 1 << 3;
const SURROGATE: u8 = 1 << 4;
const OVERLONG_2: u8 = 1 << 5;
const TOO_LARGE_1000: u8 = 1 << 6;
const OVERLONG_4: u8 = 1 << 6;
const TWO_CONTS: u8 = 1 << 7;
const CARRY: u8 = TOO_SHORT | TOO_LONG | TWO_CONTS; // whatever the low nibble of the first byte

const FIRST_HIGH: [u8; 16] = [
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG, //
    TWO_CONTS,
    TWO_CONTS,
    TWO_CONTS,
    TWO_CONTS, //
    TOO_SHORT | OVERLONG_2,
    TOO_SHORT,
    TOO_SHORT | OVERLONG_3 | SURROGATE,
    TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4,
];
const FIRST_LOW: [u8; 16] = {
    let mut table = [CARRY | TOO_LARGE | TOO_LARGE_1000; 16];
    table[0] = CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4;
    table[1] = CARRY | OVERLONG_2;
    table[2] = CARRY;
    table[3] = CARRY;
    table[4] = CARRY | TOO_LARGE;
    table[13] = CARRY | TOO_LARGE | TOO_LARGE_1000 | SURROGATE;
    table
};
const SECOND_HIGH: [u8; 16] = {
    let mut table = [TOO_SHORT; 16];
    table[8] = TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4;
    table[9] = TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE;
    table[10] = TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE;
    table[11] = table[10];
    table
};

// The letters that may follow a backslash, by nibbles: a bit per high nibble 2, 5, 6, 7.
const ESCAPE_HIGH: [u8; 16] = [0, 0, 1, 0, 0, 2, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0];
const ESCAPE_LOW: [u8; 16] = [0, 0, 1 | 4 | 8, 0, 8, 8, 4, 0, 0, 0, 0, 0, 2, 0, 4, 1];

/// The vectors of one block. No array, whose `map` is a loop over memory where the compiler does not unroll it (wasm).
#[derive(Clone, Copy)]
struct Block<V>(V, V, V, V);

impl<V: Vector> Block<V> {
    /// # Safety
    /// 64 readable bytes are at `at`, and the CPU has the instruction set.
    #[inline(always)]
    unsafe fn load(at: *const u8) -> Self {
        // SAFETY: the caller's.
        unsafe { Block(V::load(at), V::load(at.add(16)), V::load(at.add(32)), V::load(at.add(48))) }
    }

    #[inline(always)]
    fn map(self, f: impl Fn(V) -> V) -> Self {
        Block(f(self.0), f(self.1), f(self.2), f(self.3))
    }

    #[inline(always)]
    fn with(self, other: Self, f: impl Fn(V, V) -> V) -> Self {
        Block(f(self.0, other.0), f(self.1, other.1), f(self.2, other.2), f(self.3, other.3))
    }

    /// All four in one.
    #[inline(always)]
    unsafe fn merged(self) -> V {
        // SAFETY: the caller's.
        unsafe { self.0.or(self.1).or(self.2.or(self.3)) }
    }

    /// The top bit of each byte.
    #[inline(always)]
    unsafe fn bits(self) -> u64 {
        // SAFETY: the caller's.
        unsafe { self.0.bits() | self.1.bits() << 16 | self.2.bits() << 32 | self.3.bits() << 48 }
    }
}

/// The loop over blocks, for any vector.
///
/// # Safety
/// The CPU has the instruction set of `V`.
#[inline(always)]
unsafe fn mark_blocks<V: Vector>(bytes: &[u8], blocks: usize, mut sink: impl FnMut(usize, Marks)) {
    assert!(blocks * BLOCK <= bytes.len());
    // SAFETY: the caller vouches for the instruction set; loads stay inside `blocks * BLOCK` bytes, checked above.
    unsafe {
        let two = V::splat(2);
        // Not a constant: of one, the compiler makes a comparison with its successor, which takes twice as long in wasm.
        let space = V::splat(std::hint::black_box(0x20));
        let slash = V::splat(b'\\');
        let mut escaped_in = 0u64; // 1 if the block's first byte is escaped
        let mut slash_in = 0u64; // 1 if a backslash stands before the block
        let mut before = V::splat(0);
        for block in 0..blocks {
            let base = block * BLOCK;
            let v = Block::<V>::load(bytes.as_ptr().add(base));

            let mut stops = v.map(|x| x.xor(two).le(space)).bits();
            let mut suspect = false;

            let slashes = v.map(|x| x.eq(slash));
            let (mut backslash, mut unicode) = (false, false);
            if escaped_in | slash_in != 0 || slashes.merged().any() {
                let runs = slashes.bits();
                backslash = runs != 0;
                let escaped = escaped_bits(runs, &mut escaped_in);
                let control = v.map(|x| x.le(V::splat(0x1F))).bits();
                stops = (stops & !escaped) | control;
                let letters = v.map(|x| x.eq(V::splat(b'u'))).bits();
                unicode = (runs << 1 | slash_in) & letters != 0;
                slash_in = runs >> 63;
                suspect |= !escapes_hold(bytes, base, (escaped, letters), v);
            }

            // UTF-8: nothing to do while all is ASCII and no sequence is open.
            let ascii = v.merged().bits() == 0;
            if !ascii || before.bits() >> 13 != 0 {
                suspect |= !utf8_holds(before, v);
            }
            before = v.3;
            sink(block, Marks { stops, backslash, unicode, suspect });
        }
    }
}

/// Passes over what does not hold the pair, nor (`ESCAPES`) a backslash and a `u`: gives a place at or before the first
/// that does, or near the end.
///
/// # Safety
/// The CPU has the instruction set of `V`.
#[inline(always)]
unsafe fn skip<V: Vector, const ESCAPES: bool>(text: &[u8], from: usize, pair: Pair) -> usize {
    let ahead = pair.distance.max(1);
    let mut at = from;
    // SAFETY: the caller vouches for the instruction set; loads end at most `BLOCK + ahead` bytes behind `at`.
    unsafe {
        let [first, second] = pair.bytes;
        let [fold_first, fold_second] = pair.folds();
        let (first, second) = (V::splat(first), V::splat(second));
        let (fold_first, fold_second) = (V::splat(fold_first), V::splat(fold_second));
        let (slash, u) = (V::splat(b'\\'), V::splat(b'u'));
        while text.len().saturating_sub(at) >= BLOCK + ahead {
            let here = text.as_ptr().add(at);
            let heads = Block::<V>::load(here);
            let tails = Block::<V>::load(here.add(pair.distance));
            let mut hits =
                heads.with(tails, |head, tail| head.or(fold_first).eq(first).and(tail.or(fold_second).eq(second)));
            if ESCAPES {
                let slashes = heads.map(|head| head.eq(slash));
                if slashes.merged().any() {
                    let escapes = slashes.with(Block::load(here.add(1)), |slash, next| slash.and(next.eq(u)));
                    hits = hits.with(escapes, |hit, escape| hit.or(escape));
                }
            }
            if hits.merged().any() {
                return at + hits.bits().trailing_zeros() as usize;
            }
            at += BLOCK;
        }
    }
    at
}

/// How often a byte stands in blocks.
///
/// # Safety
/// The CPU has the instruction set of `V`.
#[inline(always)]
unsafe fn count<V: Vector>(blocks: &[[u8; BLOCK]], byte: u8) -> u64 {
    let mut count = 0;
    for block in blocks {
        // SAFETY: the caller vouches for the instruction set; a block has 64 bytes.
        let bits = unsafe {
            let wanted = V::splat(byte);
            Block::<V>::load(block.as_ptr()).map(|x| x.eq(wanted)).bits()
        };
        count += u64::from(bits.count_ones());
    }
    count
}

/// Which bytes of the block stand behind an unescaped backslash. `next` carries over the block's end.
#[inline(always)]
fn escaped_bits(runs: u64, next: &mut u64) -> u64 {
    const EVEN: u64 = 0x5555_5555_5555_5555;
    let runs = runs & !*next; // an escaped backslash starts nothing
    let follows = runs << 1 | *next;
    let odd_starts = runs & !EVEN & !follows;
    let (even_sequences, overflow) = odd_starts.overflowing_add(runs);
    *next = u64::from(overflow);
    (EVEN ^ even_sequences << 1) & follows
}

/// Whether every escaped byte of the block may be one. `letters`: where a `u` stands.
#[inline(always)]
unsafe fn escapes_hold<V: Vector>(bytes: &[u8], base: usize, (escaped, letters): (u64, u64), v: Block<V>) -> bool {
    // SAFETY: as the caller's.
    unsafe {
        let (high, low, low_nibble) = (V::table(ESCAPE_HIGH), V::table(ESCAPE_LOW), V::splat(0x0F));
        let wrong = v.map(|x| x.high().pick(high).and(x.and(low_nibble).pick(low)).eq(V::splat(0))).bits();
        let mut unicode = escaped & letters;
        let mut hold = escaped & wrong == 0;
        while unicode != 0 {
            hold &= unicode_escape_holds(bytes, base + unicode.trailing_zeros() as usize);
            unicode &= unicode - 1;
        }
        hold
    }
}

/// Whether the block continues valid UTF-8 from the 16 bytes before it.
#[inline(always)]
unsafe fn utf8_holds<V: Vector>(before: V, v: Block<V>) -> bool {
    // SAFETY: as the caller's.
    unsafe {
        let (first_high, first_low, second_high) = (V::table(FIRST_HIGH), V::table(FIRST_LOW), V::table(SECOND_HIGH));
        let error = v.with(Block(before, v.0, v.1, v.2), |x, prior| {
            let one = x.back::<1>(prior);
            let pair = one
                .high()
                .pick(first_high)
                .and(one.and(V::splat(0x0F)).pick(first_low))
                .and(x.high().pick(second_high));
            // Third and fourth bytes must be continuations: the top bit is set where a lead stands two or three before.
            let third = x.back::<2>(prior).minus(V::splat(0xE0 - 0x80));
            let fourth = x.back::<3>(prior).minus(V::splat(0xF0 - 0x80));
            third.or(fourth).and(V::splat(0x80)).xor(pair)
        });
        !error.merged().any()
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::Vector;
    use std::arch::x86_64::*;

    #[derive(Clone, Copy)]
    pub(super) struct Ssse3(__m128i);

    // SAFETY of all: the CPU has SSSE3 (the trait's contract); `load` reads 16 bytes without alignment.
    impl Vector for Ssse3 {
        #[inline(always)]
        unsafe fn load(at: *const u8) -> Self {
            unsafe { Ssse3(_mm_loadu_si128(at.cast())) }
        }
        #[inline(always)]
        unsafe fn table(bytes: [u8; 16]) -> Self {
            unsafe { Ssse3(_mm_loadu_si128(bytes.as_ptr().cast())) }
        }
        #[inline(always)]
        unsafe fn splat(byte: u8) -> Self {
            unsafe { Ssse3(_mm_set1_epi8(byte as i8)) }
        }
        #[inline(always)]
        unsafe fn and(self, other: Self) -> Self {
            unsafe { Ssse3(_mm_and_si128(self.0, other.0)) }
        }
        #[inline(always)]
        unsafe fn or(self, other: Self) -> Self {
            unsafe { Ssse3(_mm_or_si128(self.0, other.0)) }
        }
        #[inline(always)]
        unsafe fn xor(self, other: Self) -> Self {
            unsafe { Ssse3(_mm_xor_si128(self.0, other.0)) }
        }
        #[inline(always)]
        unsafe fn eq(self, other: Self) -> Self {
            unsafe { Ssse3(_mm_cmpeq_epi8(self.0, other.0)) }
        }
        #[inline(always)]
        unsafe fn le(self, other: Self) -> Self {
            unsafe { Ssse3(_mm_cmpeq_epi8(_mm_min_epu8(self.0, other.0), self.0)) }
        }
        #[inline(always)]
        unsafe fn minus(self, other: Self) -> Self {
            unsafe { Ssse3(_mm_subs_epu8(self.0, other.0)) }
        }
        #[inline(always)]
        unsafe fn high(self) -> Self {
            unsafe { Ssse3(_mm_and_si128(_mm_srli_epi16::<4>(self.0), _mm_set1_epi8(0x0F))) }
        }
        #[inline(always)]
        unsafe fn pick(self, table: Self) -> Self {
            unsafe { Ssse3(_mm_shuffle_epi8(table.0, self.0)) }
        }
        #[inline(always)]
        unsafe fn back<const N: i32>(self, before: Self) -> Self {
            unsafe {
                Ssse3(match N {
                    1 => _mm_alignr_epi8::<15>(self.0, before.0),
                    2 => _mm_alignr_epi8::<14>(self.0, before.0),
                    _ => _mm_alignr_epi8::<13>(self.0, before.0),
                })
            }
        }
        #[inline(always)]
        unsafe fn bits(self) -> u64 {
            unsafe { u64::from(_mm_movemask_epi8(self.0) as u32) }
        }
        #[inline(always)]
        unsafe fn any(self) -> bool {
            unsafe { _mm_movemask_epi8(_mm_cmpeq_epi8(self.0, _mm_setzero_si128())) != 0xFFFF }
        }
    }
}

/// The kernel for x86-64. The caller has seen that the CPU has SSSE3.
#[cfg(target_arch = "x86_64")]
pub(super) fn mark_blocks_ssse3(bytes: &[u8], blocks: usize, sink: impl FnMut(usize, Marks)) {
    #[target_feature(enable = "ssse3")]
    unsafe fn with_feature(bytes: &[u8], blocks: usize, sink: impl FnMut(usize, Marks)) {
        // SAFETY: this function's own feature.
        unsafe { mark_blocks::<x86::Ssse3>(bytes, blocks, sink) }
    }
    assert!(std::arch::is_x86_feature_detected!("ssse3"));
    // SAFETY: checked on the line above.
    unsafe { with_feature(bytes, blocks, sink) }
}

/// [`skip`] for x86-64. The caller has seen that the CPU has SSSE3.
#[cfg(target_arch = "x86_64")]
pub(super) fn skip_ssse3<const ESCAPES: bool>(text: &[u8], from: usize, pair: Pair) -> usize {
    #[target_feature(enable = "ssse3")]
    unsafe fn with_feature<const ESCAPES: bool>(text: &[u8], from: usize, pair: Pair) -> usize {
        // SAFETY: this function's own feature.
        unsafe { skip::<x86::Ssse3, ESCAPES>(text, from, pair) }
    }
    assert!(std::arch::is_x86_feature_detected!("ssse3"));
    // SAFETY: checked on the line above.
    unsafe { with_feature::<ESCAPES>(text, from, pair) }
}

/// [`count`] for x86-64. The caller has seen that the CPU has SSSE3.
#[cfg(target_arch = "x86_64")]
pub(super) fn count_ssse3(blocks: &[[u8; BLOCK]], byte: u8) -> u64 {
    #[target_feature(enable = "ssse3")]
    unsafe fn with_feature(blocks: &[[u8; BLOCK]], byte: u8) -> u64 {
        // SAFETY: this function's own feature.
        unsafe { count::<x86::Ssse3>(blocks, byte) }
    }
    assert!(std::arch::is_x86_feature_detected!("ssse3"));
    // SAFETY: checked on the line above.
    unsafe { with_feature(blocks, byte) }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm {
    use super::Vector;
    use std::arch::wasm32::*;

    #[derive(Clone, Copy)]
    pub(super) struct Simd128(v128);

    // SAFETY of all: `simd128` is a property of the whole module; `load` reads 16 bytes without alignment.
    impl Vector for Simd128 {
        #[inline(always)]
        unsafe fn load(at: *const u8) -> Self {
            unsafe { Simd128(v128_load(at.cast())) }
        }
        #[inline(always)]
        unsafe fn table(b: [u8; 16]) -> Self {
            Simd128(u8x16(
                b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15],
            ))
        }
        #[inline(always)]
        unsafe fn splat(byte: u8) -> Self {
            Simd128(u8x16_splat(byte))
        }
        #[inline(always)]
        unsafe fn and(self, other: Self) -> Self {
            Simd128(v128_and(self.0, other.0))
        }
        #[inline(always)]
        unsafe fn or(self, other: Self) -> Self {
            Simd128(v128_or(self.0, other.0))
        }
        #[inline(always)]
        unsafe fn xor(self, other: Self) -> Self {
            Simd128(v128_xor(self.0, other.0))
        }
        #[inline(always)]
        unsafe fn eq(self, other: Self) -> Self {
            Simd128(u8x16_eq(self.0, other.0))
        }
        #[inline(always)]
        unsafe fn le(self, other: Self) -> Self {
            Simd128(u8x16_le(self.0, other.0))
        }
        #[inline(always)]
        unsafe fn minus(self, other: Self) -> Self {
            Simd128(u8x16_sub_sat(self.0, other.0))
        }
        #[inline(always)]
        unsafe fn high(self) -> Self {
            Simd128(u8x16_shr(self.0, 4))
        }
        #[inline(always)]
        unsafe fn pick(self, table: Self) -> Self {
            Simd128(u8x16_swizzle(table.0, self.0))
        }
        #[inline(always)]
        unsafe fn back<const N: i32>(self, before: Self) -> Self {
            let (a, b) = (before.0, self.0);
            Simd128(match N {
                1 => u8x16_shuffle::<15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30>(a, b),
                2 => u8x16_shuffle::<14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29>(a, b),
                _ => u8x16_shuffle::<13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28>(a, b),
            })
        }
        #[inline(always)]
        unsafe fn bits(self) -> u64 {
            u64::from(u8x16_bitmask(self.0))
        }
        #[inline(always)]
        unsafe fn any(self) -> bool {
            v128_any_true(self.0)
        }
    }
}

/// The kernel for wasm with `simd128`.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) fn mark_blocks_simd128(bytes: &[u8], blocks: usize, sink: impl FnMut(usize, Marks)) {
    // SAFETY: a module compiled with simd128 is refused by an engine that lacks it.
    unsafe { mark_blocks::<wasm::Simd128>(bytes, blocks, sink) }
}

/// [`skip`] for wasm with `simd128`.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) fn skip_simd128<const ESCAPES: bool>(text: &[u8], from: usize, pair: Pair) -> usize {
    // SAFETY: a module compiled with simd128 is refused by an engine that lacks it.
    unsafe { skip::<wasm::Simd128, ESCAPES>(text, from, pair) }
}

/// [`count`] for wasm with `simd128`.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) fn count_simd128(blocks: &[[u8; BLOCK]], byte: u8) -> u64 {
    // SAFETY: a module compiled with simd128 is refused by an engine that lacks it.
    unsafe { count::<wasm::Simd128>(blocks, byte) }
}
