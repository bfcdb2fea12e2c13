//! What a text has at all, told in one pass over its bytes: most texts have nothing that anything could be found by, and
//! are not looked at twice.

use super::bytes::{DIGIT, is};
use super::scan::time_end;
use super::wrapped::next_stretch;
use super::{Detectors, Kind};
use crate::format::uuid;

/// Signs as bits.
pub(crate) type Signs = u16;
/// `{` and `[`: documents.
pub(crate) const BRACKETS: Signs = 1;
/// `=` and `:`: names and their values.
pub(crate) const PAIRS: Signs = 1 << 1;
pub(crate) const PERCENT: Signs = 1 << 2;
/// What is not plain ASCII.
pub(crate) const ODD: Signs = 1 << 3;
const BACKSLASH: Signs = 1 << 4;
const AT_PLUS: Signs = 1 << 5;
const FIGURE: Signs = 1 << 6;
const DOTS: Signs = 1 << 7;
const DASHES: Signs = 1 << 8;
const BEE: Signs = 1 << 9;
const BLANKS: Signs = 1 << 10;

const SIGNS: [Signs; 256] = {
    let mut signs = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        signs[byte] = match byte as u8 {
            b'{' | b'[' => BRACKETS,
            b'=' | b':' => PAIRS,
            b'%' => PERCENT,
            b'\\' => BACKSLASH,
            b'@' | b'+' => AT_PLUS,
            b'0'..=b'9' => FIGURE,
            b'.' => DOTS,
            b'-' => DASHES,
            b'b' | b'B' => BEE,
            b' ' | b'\t' | b'\n' | b'\r' => BLANKS,
            b'!'..=b'~' => 0,
            _ => ODD,
        };
        byte += 1;
    }
    signs
};

/// All signs that a text has.
#[inline(always)]
pub(crate) fn signs(text: &[u8]) -> Signs {
    text.iter().fold(0, |all, byte| all | SIGNS[usize::from(*byte)])
}

/// Signs with which anything may be found.
const LOUD: Signs = PAIRS | PERCENT | BACKSLASH | AT_PLUS | ODD;

/// Texts of this length and longer may hold a token without any sign.
const TOKEN: usize = 20;

/// Whether there is nothing in a text that is not decoded yet: no document, no name with a value, nothing encoded, and
/// nothing for detectors. Where it says no, there may be something.
#[inline]
pub(crate) fn is_nothing(text: &[u8], detectors: Option<&Detectors>) -> bool {
    let has_more = detectors.is_some_and(|detectors| detectors.has_more());
    if has_more {
        return false;
    }
    if matches!(text.len(), 19..=36) && is_uuid_or_time(text) {
        return true;
    }
    let signs = signs(text);
    signs & (BRACKETS | LOUD) == 0
        && (detectors.is_none() || is_silent(text, signs))
        && (text.len() < 4 || next_stretch(text, 0).is_none())
}

/// Whether none of our own detectors, but for that by entropy, finds anything in a text with these signs.
#[inline]
pub(super) fn is_silent(text: &[u8], signs: Signs) -> bool {
    signs & LOUD == 0 && text.len() < TOKEN && !may_be_found(text, signs)
}

/// Whether a text of less than [`TOKEN`] bytes has enough of what tells something: a card or phone has seven digits, an
/// address four and dots, an IBAN two among 15 characters, a hardware address five dashes or two dots, credentials a blank
/// behind `Bearer` or `Basic`.
fn may_be_found(text: &[u8], signs: Signs) -> bool {
    let count = |wanted: u8| text.iter().filter(|byte| **byte == wanted).count();
    if signs & FIGURE != 0 && text.len() >= 7 {
        let digits = text.iter().filter(|byte| is(**byte, DIGIT)).count();
        if digits >= 7 || digits >= 4 && signs & DOTS != 0 || digits >= 2 && text.len() >= 15 {
            return true;
        }
    }
    text.len() >= 8
        && (signs & (BEE | BLANKS) == BEE | BLANKS
            || text.len() >= 14 && (signs & DASHES != 0 && count(b'-') >= 5 || signs & DOTS != 0 && count(b'.') >= 2))
}

/// Whether all of a text is a UUID, or a time of a day in the forms of RFC 3339 §5.6, with a zone or not.
fn is_uuid_or_time(text: &[u8]) -> bool {
    if text.get(8) == Some(&b'-') {
        return text.len() == 36 && uuid::is_uuid(text);
    }
    let Some(zone) = time_end(text, 0).and_then(|end| text.get(end..)) else { return false };
    let form: &[u8] = match zone.len() {
        0 => b"",
        1 => b"Z",
        5 => b"+0000",
        6 => b"+00:00",
        _ => return false,
    };
    zone.iter().zip(form).all(|(byte, form)| match form {
        b'0' => is(*byte, DIGIT),
        b'+' => matches!(byte, b'+' | b'-'),
        mark => byte == mark,
    })
}

impl Detectors {
    /// Whether something is sought that signs do not tell.
    #[inline]
    pub(super) fn has_more(&self) -> bool {
        !self.own.is_empty() || self.kinds.has(Kind::Entropy)
    }
}
