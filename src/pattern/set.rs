//! Sets of code points.

/// The last code point.
pub(super) const LAST: u32 = 0x10_FFFF;

/// Code points as the turns in and out of the set: it holds those from the first on, not those from the second on, and
/// so forth. Surrogates are code points like any other; a text in UTF-8 has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Set(Vec<u32>);

impl Set {
    /// All code points of some ranges, both ends of each included, in any order.
    #[inline(never)]
    pub(super) fn of(ranges: &[(u32, u32)]) -> Set {
        // Where ranges begin and end, in order; at one point the beginnings first, so that neighbours grow together.
        let mut edges = Vec::with_capacity(2 * ranges.len());
        for &(first, last) in ranges {
            edges.push(first << 1);
            edges.push((last + 1) << 1 | 1);
        }
        sort(&mut edges);
        let (mut turns, mut open) = (Vec::with_capacity(edges.len()), 0);
        for edge in edges {
            let before = open;
            open = if edge & 1 == 0 { open + 1 } else { open - 1 };
            if before == 0 || open == 0 {
                turns.push(edge >> 1);
            }
        }
        Set(turns)
    }

    pub(super) fn everything() -> Set {
        Set(vec![0, LAST + 1])
    }

    /// `[0-9]`
    pub(super) fn digits() -> Set {
        Set::of(&[(0x30, 0x39)])
    }

    /// `[0-9A-Z_a-z]`, WordCharacters of ECMA-262.
    pub(super) fn word() -> Set {
        Set::of(&[(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)])
    }

    /// LineTerminator of ECMA-262.
    pub(super) fn line_ends() -> Set {
        Set::of(&[(0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)])
    }

    /// WhiteSpace and LineTerminator of ECMA-262, Unicode's Space_Separator written out.
    pub(super) fn space() -> Set {
        Set::of(&[
            (0x09, 0x0D),
            (0x20, 0x20),
            (0xA0, 0xA0),
            (0x1680, 0x1680),
            (0x2000, 0x200A),
            (0x2028, 0x2029),
            (0x202F, 0x202F),
            (0x205F, 0x205F),
            (0x3000, 0x3000),
            (0xFEFF, 0xFEFF),
        ])
    }

    pub(super) fn from_turns(turns: &[u32]) -> Set {
        Set(turns.to_vec())
    }

    pub(super) fn turns(&self) -> &[u32] {
        &self.0
    }

    /// First and last of each range.
    pub(super) fn ranges(&self) -> impl Iterator<Item = (u32, u32)> {
        self.0.chunks_exact(2).map(|turns| (turns[0], turns[1] - 1))
    }

    pub(super) fn contains(&self, point: u32) -> bool {
        self.0.partition_point(|&turn| turn <= point) % 2 == 1
    }

    /// Every code point that is not in here.
    pub(super) fn complement(&self) -> Set {
        self.symmetric_difference(&Set::everything())
    }

    /// What is in one of both, not in both.
    #[inline(never)]
    pub(super) fn symmetric_difference(&self, other: &Set) -> Set {
        let mut turns = Vec::with_capacity(self.0.len() + other.0.len());
        for turn in merge(&self.0, &other.0) {
            if turns.last() == Some(&turn) {
                turns.pop();
            } else {
                turns.push(turn);
            }
        }
        Set(turns)
    }
}

/// Two sorted lists as one.
#[inline(never)]
pub(super) fn merge(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut merged = Vec::with_capacity(a.len() + b.len());
    let mut rest = b;
    for &number in a {
        while let Some((&other, behind)) = rest.split_first().filter(|(other, _)| **other < number) {
            merged.push(other);
            rest = behind;
        }
        merged.push(number);
    }
    merged.extend_from_slice(rest);
    merged
}

/// The one way in which this room sorts: each further type would bring code of its own.
#[inline(never)]
pub(super) fn sort(numbers: &mut [u32]) {
    if !numbers.is_sorted() {
        numbers.sort_unstable();
    }
}
