//! The tables, read; and whether text is in Normalization Form C.

use super::Points;
use super::tables::{CLASSES, COMPOSITIONS, MARKS, VALID};

/// A table of runs, with places to begin reading at.
struct Runs {
    bytes: &'static [u8],
    bits: u32,
    /// Of every [`STRIDE`]th run: its first code point, and its first byte.
    places: &'static [(u32, u16)],
}

const STRIDE: usize = 64;

const VALIDITY: Runs = Runs { bytes: VALID, bits: 1, places: &places::<{ count(VALID) }>(VALID, 1) };
const CLASS: Runs = Runs { bytes: CLASSES, bits: 4, places: &places::<{ count(CLASSES) }>(CLASSES, 4) };
const MARK: Runs = Runs { bytes: MARKS, bits: 7, places: &places::<{ count(MARKS) }>(MARKS, 7) };

/// Whether a code point may stand in a U-label, perhaps in a context only.
pub(super) fn is_valid(point: u32) -> bool {
    VALIDITY.value(point) == 1
}

/// The class of a valid code point: an index in the list of which [`Class`](super::label::Class) tells.
pub(super) fn class(point: u32) -> u32 {
    CLASS.value(point)
}

/// Whether a valid code point is ever composed with what is before it.
fn is_second(point: u32) -> bool {
    MARK.value(point) & 1 == 1
}

/// The rank of a valid code point's Canonical_Combining_Class.
pub(super) fn rank(point: u32) -> u32 {
    MARK.value(point) >> 1
}

/// How many places a table needs: runs end in the bytes below 0x80.
const fn count(bytes: &[u8]) -> usize {
    let (mut runs, mut at) = (0, 0);
    while at < bytes.len() {
        runs += (bytes[at] < 0x80) as usize;
        at += 1;
    }
    runs.div_ceil(STRIDE)
}

/// Found by the compiler.
const fn places<const COUNT: usize>(bytes: &[u8], bits: u32) -> [(u32, u16); COUNT] {
    let mut places = [(0, 0); COUNT];
    let (mut at, mut runs, mut point) = (0, 0usize, 0);
    while at < bytes.len() {
        if runs.is_multiple_of(STRIDE) {
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
    places
}

impl Runs {
    /// The value of a code point; 0 beyond the last.
    #[inline(never)]
    fn value(&self, point: u32) -> u32 {
        let place = self.places.iter().rev().find(|(first, _)| *first <= point);
        let (mut first, byte) = place.copied().unwrap_or_default();
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
#[inline(never)]
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

/// The first composition that is wanted: composed, and its two parts.
#[inline(never)]
fn composition(wanted: &mut dyn FnMut(&[u32; 3]) -> bool) -> Option<[u32; 3]> {
    let mut bytes = COMPOSITIONS;
    let mut last = [0u32; 3];
    loop {
        last[0] += leb(&mut bytes)?;
        for part in &mut last[1..] {
            let difference = leb(&mut bytes)?;
            let size = difference.div_ceil(2);
            *part = if difference & 1 == 1 { part.wrapping_sub(size) } else { part.wrapping_add(size) };
        }
        if wanted(&last) {
            return Some(last);
        }
    }
}

/// Whether valid code points are in Normalization Form C (UAX 15): at once where all marks are in order and none could
/// have been composed with what is before it, else by normalizing. What is valid is composed already, and of Hangul
/// only syllables are; so that is all there is to it.
pub(super) fn is_nfc(points: &[u32]) -> bool {
    let (mut before, mut composable) = (0, false);
    for point in points {
        let own = rank(*point);
        if own != 0 && own < before {
            return false;
        }
        before = own;
        composable |= is_second(*point);
    }
    !composable || normalize(points).is_some_and(|normal| normal.get() == points)
}

/// Valid code points in Normalization Form C; none for more of them than a label has.
pub(super) fn normalize(points: &[u32]) -> Option<Points> {
    let mut all = Points::new();
    for point in points {
        decompose(*point, &mut all)?;
    }
    let all = all.get();
    let mut normal = Points::new();
    let mut starter = None;
    let mut before = 0;
    for &point in all {
        let own = rank(point);
        let blocked = before != 0 && before >= own;
        let head = starter.and_then(|at| normal.get_mut().get_mut(at));
        if let Some(head) = head.filter(|_| !blocked && is_second(point))
            && let Some(composed) = compose(*head, point)
        {
            *head = composed;
            continue;
        }
        if own == 0 {
            starter = Some(normal.length);
        }
        before = own;
        normal.push(point)?;
    }
    Some(normal)
}

/// Appends what a code point consists of, each mark before those of higher rank.
pub(super) fn decompose(point: u32, all: &mut Points) -> Option<()> {
    let (mut head, mut tail) = (point, Points::new());
    while let Some([_, first, second]) = composition(&mut |[composed, ..]| *composed == head) {
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
    composition(&mut |[_, first, second]| (*first, *second) == (head, mark)).map(|[composed, ..]| composed)
}
