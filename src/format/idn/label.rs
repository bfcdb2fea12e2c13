//! One label of a name: an A-label, a U-label, or letters, digits and hyphens.

use super::super::host;
use super::tables::{GREEK, HEBREW, KANA_OR_HAN, VIRAMA};
use super::{MAX_LABEL, Points, punycode, unicode};

/// A label that is valid by itself.
#[allow(clippy::large_enum_variant)] // there is one at a time, and it stays where it is
pub(super) enum Label<'a> {
    /// Letters, digits and hyphens.
    Plain(&'a [u8]),
    /// A U-label, also of an A-label, and the octets of the A-label.
    Unicode(Points, usize),
}

impl<'a> Label<'a> {
    pub(super) fn read(text: &'a str) -> Option<Label<'a>> {
        let bytes = text.as_bytes();
        if !text.is_ascii() {
            let mut points = Points::new();
            text.chars().try_for_each(|character| points.push(character.into()))?;
            let octets = XN.len() + punycode::encode(points.get())?.length;
            return (octets <= MAX_LABEL && is_u_label(points.get())).then_some(Label::Unicode(points, octets));
        }
        if !host::is_label(bytes, false) {
            return None;
        }
        let Some((_, encoded)) = bytes.split_at_checked(XN.len()).filter(|(xn, _)| xn.eq_ignore_ascii_case(XN)) else {
            return Some(Label::Plain(bytes));
        };
        // Written as encoding it again would (RFC 5891 §5.4).
        let points = punycode::decode(encoded)?;
        let again = punycode::encode(points.get())?;
        let same = encoded.iter().map(|byte| u32::from(byte.to_ascii_lowercase())).eq(again.get().iter().copied());
        (same && is_u_label(points.get())).then_some(Label::Unicode(points, bytes.len()))
    }

    /// Its length in ASCII.
    pub(super) fn octets(&self) -> usize {
        match self {
            Label::Plain(text) => text.len(),
            Label::Unicode(_, octets) => *octets,
        }
    }

    /// Whether it makes a Bidi domain name of the whole (RFC 5893 §2).
    pub(super) fn goes_from_right_to_left(&self) -> bool {
        let Label::Unicode(points, _) = self else { return false };
        points.get().iter().any(|point| matches!(Class::of(*point).direction(), Direction::R | Direction::An))
    }

    /// RFC 5893 §2, rules 1 to 6.
    pub(super) fn keeps_bidi_rule(&self) -> bool {
        use Direction::*;
        let points = match self {
            // Letters are L, digits EN, and no hyphen is at its end.
            Label::Plain(text) => return text.first().is_some_and(u8::is_ascii_alphabetic),
            Label::Unicode(points, _) => points.get(),
        };
        let mut seen = 0;
        let mut last = None;
        for point in points {
            let direction = Class::of(*point).direction();
            seen |= 1 << direction as u8;
            if direction != Nsm {
                last = Some(direction);
            }
        }
        let has = |direction: Direction| seen & 1 << direction as u8 != 0;
        match points.first().map(|point| Class::of(*point).direction()) {
            Some(R) => !has(L) && matches!(last, Some(R | En | An)) && !(has(En) && has(An)),
            Some(L) => !has(R) && !has(An) && matches!(last, Some(L | En)),
            _ => false,
        }
    }
}

/// The prefix of an A-label.
const XN: &[u8] = b"xn--";

/// RFC 5891 §4.2, RFC 5892 §3; all but the length and the Bidi rule.
fn is_u_label(points: &[u32]) -> bool {
    const HYPHEN: u32 = '-' as u32;
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return false };
    points.iter().any(|point| !matches!(point, 0..=0x7F))
        && *first != HYPHEN
        && *last != HYPHEN
        && points.get(2..4) != Some(&[HYPHEN, HYPHEN])
        && points.iter().all(|point| unicode::is_valid(*point))
        && !Class::of(*first).is_mark()
        && unicode::is_nfc(points)
        && (0..points.len()).all(|at| fits_context(points, at))
}

/// RFC 5892 appendix A: code points that are valid beside certain others only.
fn fits_context(points: &[u32], at: usize) -> bool {
    let (before, from) = points.split_at(at);
    let (Some(point), behind) = (from.first(), from.get(1..).unwrap_or_default()) else { return false };
    let (left, right) = (before.last(), behind.first());
    let is_in = |ranges: &[(u32, u32)], point: &u32| ranges.iter().any(|(first, last)| (first..=last).contains(&point));
    match point {
        0x200C => left.is_some_and(is_virama) || joins(before, behind), // ZERO WIDTH NON-JOINER
        0x200D => left.is_some_and(is_virama),                          // ZERO WIDTH JOINER
        0xB7 => left == Some(&0x6C) && right == Some(&0x6C),            // MIDDLE DOT, as in Catalan's l·l
        0x375 => right.is_some_and(|point| is_in(GREEK, point)),        // GREEK LOWER NUMERAL SIGN (KERAIA)
        0x5F3 | 0x5F4 => left.is_some_and(|point| is_in(HEBREW, point)), // HEBREW GERESH, GERSHAYIM
        0x30FB => points.iter().any(|point| is_in(KANA_OR_HAN, point)), // KATAKANA MIDDLE DOT
        // ARABIC-INDIC DIGITS, not together with the EXTENDED ones
        0x660..=0x669 => !points.iter().any(|point| matches!(point, 0x6F0..=0x6F9)),
        0x6F0..=0x6F9 => !points.iter().any(|point| matches!(point, 0x660..=0x669)),
        _ => true,
    }
}

fn is_virama(point: &u32) -> bool {
    unicode::rank(*point) == VIRAMA
}

/// Appendix A.1: between letters that would join, whatever is transparent to that left out.
fn joins(before: &[u32], behind: &[u32]) -> bool {
    let left = before.iter().rev().map(|point| Class::of(*point)).find(|class| !class.is_transparent());
    let right = behind.iter().map(|point| Class::of(*point)).find(|class| !class.is_transparent());
    left.is_some_and(|class| class.joins_on_its_left()) && right.is_some_and(|class| class.joins_on_its_right())
}

/// Bidi_Class, as far as the rule tells classes apart: `On` is any other that may stand in a label.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    L,
    R,
    /// Arabic number.
    An,
    /// European number.
    En,
    /// Nonspacing mark.
    Nsm,
    On,
}

/// What a table says of a code point, as the tool that makes it counts them:
///
/// | | direction | joining type | mark |
/// |---|---|---|---|
/// | 0, 1, 2 | L | U, U, T | -, yes, yes |
/// | 3 | NSM | T | yes |
/// | 4, 5, 6, 7, 8 | R | U, T, D, R, L | - |
/// | 9, 10 | L | D, L | - |
/// | 11, 12, 13 | AN, EN, ON | U | - |
#[derive(Clone, Copy)]
pub(super) struct Class(u32);

impl Class {
    fn of(point: u32) -> Class {
        Class(unicode::class(point))
    }

    fn direction(self) -> Direction {
        match self.0 {
            3 => Direction::Nsm,
            4..=8 => Direction::R,
            11 => Direction::An,
            12 => Direction::En,
            13 => Direction::On,
            _ => Direction::L,
        }
    }

    /// General_Category M.
    fn is_mark(self) -> bool {
        matches!(self.0, 1..=3)
    }

    /// Joining_Type T.
    fn is_transparent(self) -> bool {
        matches!(self.0, 2 | 3 | 5)
    }

    /// Joining_Type L or D: it stands on the left of what is looked at, as the RFC writes its expression.
    fn joins_on_its_left(self) -> bool {
        matches!(self.0, 6 | 8 | 9 | 10)
    }

    /// Joining_Type R or D.
    fn joins_on_its_right(self) -> bool {
        matches!(self.0, 6 | 7 | 9)
    }
}
