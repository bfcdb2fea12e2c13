//! Sets of code points.

/// The last code point.
pub(super) const LAST: u32 = 0x10_FFFF;

/// Code points as ranges, both ends included: sorted, and apart from each other by at least one code point. Surrogates
/// are code points like any other; a text in UTF-8 has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Set(Vec<(u32, u32)>);

impl Set {
    pub(super) fn of(mut ranges: Vec<(u32, u32)>) -> Set {
        ranges.sort_unstable();
        let mut tidy: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match tidy.last_mut() {
                Some(before) if first <= before.1.saturating_add(1) => before.1 = before.1.max(last),
                _ => tidy.push((first, last)),
            }
        }
        Set(tidy)
    }

    pub(super) fn everything() -> Set {
        Set(vec![(0, LAST)])
    }

    /// `[0-9]`
    pub(super) fn digits() -> Set {
        Set(vec![(0x30, 0x39)])
    }

    /// `[0-9A-Z_a-z]`, WordCharacters of ECMA-262.
    pub(super) fn word() -> Set {
        Set(vec![(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)])
    }

    /// LineTerminator of ECMA-262.
    pub(super) fn line_ends() -> Set {
        Set(vec![(0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)])
    }

    /// WhiteSpace and LineTerminator of ECMA-262, Unicode's Space_Separator written out.
    pub(super) fn space() -> Set {
        let ranges = [
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
        ];
        Set(ranges.to_vec())
    }

    pub(super) fn ranges(&self) -> &[(u32, u32)] {
        &self.0
    }

    pub(super) fn contains(&self, point: u32) -> bool {
        let at = self.0.partition_point(|range| range.1 < point);
        self.0.get(at).is_some_and(|range| range.0 <= point)
    }

    /// Every code point that is not in here.
    pub(super) fn complement(&self) -> Set {
        let mut ranges = Vec::with_capacity(self.0.len() + 1);
        let mut next = 0;
        for &(first, last) in &self.0 {
            if first > next {
                ranges.push((next, first - 1));
            }
            next = last + 1;
        }
        if next <= LAST {
            ranges.push((next, LAST));
        }
        Set(ranges)
    }

    /// What is in one of both, not in both.
    pub(super) fn symmetric_difference(&self, other: &Set) -> Set {
        let ends = |set: &Set| set.0.iter().flat_map(|&(first, last)| [first, last + 1]).collect::<Vec<u32>>();
        let mut turns = ends(self);
        turns.extend(ends(other));
        turns.sort_unstable();
        Set::of(turns.chunks_exact(2).filter(|turn| turn[0] < turn[1]).map(|turn| (turn[0], turn[1] - 1)).collect())
    }

    pub(super) fn into_ranges(self) -> Vec<(u32, u32)> {
        self.0
    }
}
