//! The tables, read; and whether text is in Normalization Form C.

use super::tables::{CLASSES, COMPOSITIONS, MARKS, VALID};
use super::{MAX_LABEL, Points};

/// A table of runs with places to begin reading at, made by the compiler.
struct Runs<const PLACES: usize> {
    bytes: &'static [u8],
    bits: u32,
    /// Of every [`STRIDE`]th run: its first code point, and its first byte.
    places: [(u32, u16); PLACES],
}

const STRIDE: usize = 64;

const VALIDITY: Runs<{ places(VALID) }> = Runs::new(VALID, 1);
const CLASS: Runs<{ places(CLASSES) }> = Runs::new(CLASSES, 4);
const MARK: Runs<{ places(MARKS) }> = Runs::new(MARKS, 7);

/// Whether a code point may stand in a U-label, perhaps in a context only.
pub(super) fn is_valid(point: u32) -> bool {
    VALIDITY.value(point) == 1
}

/// The class of a valid code point: an index in the list of which [`Class`](super::label::Class) tells.
pub(super) fn class(point: u32) -> u32 {
    CLASS.value(point)
}

/// The rank of a valid code point's Canonical_Combining_Class.
pub(super) fn rank(point: u32) -> u32 {
    MARK.value(point) >> 1
}

/// How many places a table needs: runs end in the bytes below 0x80.
const fn places(bytes: &[u8]) -> usize {
    let (mut runs, mut at) = (0, 0);
    while at < bytes.len() {
        runs += (bytes[at] < 0x80) as usize;
        at += 1;
    }
    runs.div_ceil(STRIDE)
}

impl<const PLACES: usize> Runs<PLACES> {
    const fn new(bytes: &'static [u8], bits: u32) -> Self {
        let mut places = [(0, 0); PLACES];
        let (mut at, mut runs, mut point) = (0, 0, 0);
        while at < bytes.len() {
            if runs % STRIDE == 0 {
                places[runs / STRIDE] = (point, at as u16);
            }
            let (mut number, mut shift) = (0, 0);
            while bytes[at] >= 0x80 {
                number |= ((bytes[at] & 0x7F) as u32) << shift;
                shift += 7;
                at += 1;
            }
            point += (number | (bytes[at] as u32) << shift) >> bits;
            at += 1;
            runs += 1;
        }
        Runs { bytes, bits, places }
    }

    /// The value of a code point; 0 beyond the last.
    fn value(&self, point: u32) -> u32 {
        let place = self.places.partition_point(|(first, _)| *first <= point).saturating_sub(1);
        let (mut first, byte) = self.places.get(place).copied().unwrap_or_default();
        let mut bytes = self.bytes.get(usize::from(byte)..).unwrap_or_default();
        while let Some(run) = leb(&mut bytes) {
            first += run >> self.bits;
            if point < first {
                return run & ((1 << self.bits) - 1);
            }
        }
        0
    }
}

/// Takes a number of seven bits a byte from the front.
fn leb(bytes: &mut &[u8]) -> Option<u32> {
    let (mut number, mut shift) = (0, 0);
    loop {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(byte & 0x7F) << shift;
        if *byte < 0x80 {
            return Some(number);
        }
        shift += 7;
    }
}

/// All that is composed, ascending, with its two parts.
fn compositions() -> impl Iterator<Item = [u32; 3]> {
    let mut bytes = COMPOSITIONS;
    let mut last = [0u32; 3];
    std::iter::from_fn(move || {
        last[0] += leb(&mut bytes)?;
        for part in &mut last[1..] {
            let difference = leb(&mut bytes)?;
            let size = difference.div_ceil(2);
            *part = if difference & 1 == 1 { part.wrapping_sub(size) } else { part.wrapping_add(size) };
        }
        Some(last)
    })
}

/// Whether valid code points are in Normalization Form C (UAX 15): at once where all marks are in order and none could
/// have been composed with what is before it, else by normalizing. What is valid is composed already, and of Hangul
/// only syllables are; so that is all there is to it.
pub(super) fn is_nfc(points: &[u32]) -> bool {
    let (mut before, mut composable) = (0, false);
    for point in points {
        let mark = MARK.value(*point);
        let rank = mark >> 1;
        if rank != 0 && rank < before {
            return false;
        }
        before = rank;
        composable |= mark & 1 == 1;
    }
    !composable || normalize(points).is_some_and(|normal| normal.get() == points)
}

/// A code point decomposes into four at most.
const MAX_DECOMPOSED: usize = 4 * MAX_LABEL;

fn normalize(points: &[u32]) -> Option<Points<MAX_DECOMPOSED>> {
    let mut all = Points::new();
    for point in points {
        decompose(*point, &mut all)?;
    }
    let all = all.get();
    let mut normal = Points::<MAX_DECOMPOSED>::new();
    let mut starter = None;
    let mut before = 0;
    for &point in all {
        let own = rank(point);
        let blocked = before != 0 && before >= own;
        let head = starter.and_then(|at| normal.get_mut().get_mut(at));
        if let Some(head) = head.filter(|_| !blocked)
            && let Some(composed) = compose(*head, point)
        {
            *head = composed;
            continue;
        }
        if own == 0 {
            starter = Some(normal.length);
        }
        before = own;
        normal.insert(normal.length, point)?;
    }
    Some(normal)
}

/// Appends what a code point consists of, each mark before those of higher rank.
fn decompose(point: u32, all: &mut Points<MAX_DECOMPOSED>) -> Option<()> {
    let (mut head, mut tail) = (point, Points::<4>::new());
    while let Some([_, first, second]) = compositions().find(|[composed, ..]| *composed == head) {
        tail.insert(0, second)?;
        head = first;
    }
    tail.insert(0, head)?;
    for &part in tail.get() {
        let own = rank(part);
        let later = |before: &&u32| own != 0 && rank(**before) > own;
        let at = all.length - all.get().iter().rev().take_while(later).count();
        all.insert(at, part)?;
    }
    Some(())
}

fn compose(head: u32, mark: u32) -> Option<u32> {
    compositions().find(|[_, first, second]| (*first, *second) == (head, mark)).map(|[composed, ..]| composed)
}
