//! Two bytes at a distance, wherever they come next in a text: what a search for a longer run begins with.

#[cfg(all(feature = "simd", any(target_arch = "x86_64", target_feature = "simd128")))]
use super::vector;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    /// The bytes; letters small, and found in either case.
    pub(crate) bytes: [u8; 2],
    /// How far the second stands behind the first.
    pub(crate) distance: usize,
}

impl Pair {
    /// What makes a letter a small one.
    pub(super) fn folds(self) -> [u8; 2] {
        self.bytes.map(|byte| if byte.is_ascii_lowercase() { 0x20 } else { 0 })
    }

    /// Where the pair, or (`ESCAPES`) a backslash and a `u`, comes next in `text`, from `from` on.
    pub(crate) fn find<const ESCAPES: bool>(self, text: &[u8], from: usize) -> Option<usize> {
        let from = self.skip::<ESCAPES>(text, from);
        let [first, second] = self.bytes;
        let [fold_first, fold_second] = self.folds();
        (from..text.len()).find(|&at| {
            let is_second = |byte: &u8| byte | fold_second == second;
            let is_pair = text[at] | fold_first == first && text.get(at + self.distance).is_some_and(is_second);
            is_pair || ESCAPES && text[at] == b'\\' && text.get(at + 1) == Some(&b'u')
        })
    }

    /// Passes over what holds neither, in large steps.
    fn skip<const ESCAPES: bool>(self, text: &[u8], from: usize) -> usize {
        #[cfg(all(feature = "simd", target_arch = "x86_64"))]
        if std::arch::is_x86_feature_detected!("ssse3") {
            return vector::skip_ssse3::<ESCAPES>(text, from, self);
        }
        #[cfg(all(feature = "simd", target_feature = "simd128"))]
        return vector::skip_simd128::<ESCAPES>(text, from, self);
        #[cfg(not(all(feature = "simd", target_feature = "simd128")))]
        {
            let _ = text;
            from
        }
    }
}
