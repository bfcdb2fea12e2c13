//! One pass over a text: bytes at which something might be found, and the detectors that look around them.
//!
//! Whatever the text holds, a detector looks at a bounded stretch around such a byte, or what it finds is passed over
//! by it; so the time is linear.

use super::bytes::*;
use super::context::{Context, near};
use super::digits::Digits;
use super::{Found, Kind, Kinds};
use super::{authorization, card, email, iban, ip, jwt, mac, phone, private_key, secret, ssn, url_password};
use crate::span::Span;

/// What a detector finds around a byte: start and end.
type Around = Option<(usize, usize)>;

/// At which bytes a detector looks, and how.
struct Probe(Kind, &'static [u8], fn(&mut Scan<'_>, usize) -> Around);

const PROBES: [Probe; 13] = [
    Probe(Kind::Email, b"@%", |scan, at| email::around(scan.text, at, behind(scan.text, at, b'@', b"40")?)),
    Probe(Kind::Phone, b"+%", |scan, at| scan.phone(at)),
    Probe(Kind::Authorization, b"Bb", |scan, at| scan.authorization(at)),
    Probe(Kind::Authorization, b"\0", |scan, at| authorization::sasl(scan.text, at)),
    Probe(Kind::Jwt, b"J", |scan, at| scan.token(at)),
    Probe(Kind::UrlPassword, b":", |scan, at| url_password::behind(scan.text, at)),
    Probe(Kind::Ip, b":", |scan, at| ip::v6(scan.text, at)),
    Probe(Kind::Mac, b":-.", |scan, at| mac::around(scan.text, at)),
    Probe(Kind::PrivateKey, b"-", |scan, at| Some((at, private_key::end(scan.text, at)?))),
    Probe(Kind::Secret, secret::ANCHORS, |scan, at| secret::around(scan.text, at)),
    Probe(Kind::Secret, b":=", |scan, at| secret::bound(scan.text, at)),
    // Numbers: what they share is read once, by `Scan::number`.
    Probe(Kind::Ip, DIGITS, |_, _| None),
    Probe(Kind::Iban, DIGITS, |_, _| None),
];
const DIGITS: &[u8] = b"0123456789-";

/// Of each byte the probes that look there, as bits.
pub(super) type Stops = [u16; 256];

pub(super) fn stops(kinds: Kinds) -> Stops {
    let mut stops = [0; 256];
    let numbers = [Kind::Card, Kind::Ssn, Kind::Phone, Kind::Iban].iter().any(|kind| kinds.has(*kind));
    for (number, Probe(kind, bytes, _)) in PROBES.iter().enumerate() {
        if kinds.has(*kind) || *kind == Kind::Iban && numbers {
            for byte in *bytes {
                stops[usize::from(*byte)] |= 1 << number;
            }
        }
    }
    stops
}

const SSN_WORDS: [&[u8]; 4] = [b"ssn", b"social sec", b"social_sec", b"socialsec"];
const PHONE_WORDS: [&[u8]; 7] = [b"phone", b"mobile", b"tel", b"cell", b"fax", b"sms", b"whatsapp"];

/// Whether a number has too few digits for a card, and no key that tells of a shorter one.
#[inline(never)]
pub(super) fn is_plain_number(number: &[u8], key: &[u8]) -> bool {
    number.len() < 12
        && number.iter().all(|byte| is(*byte, DIGIT))
        && !near(key, b"", 0, &SSN_WORDS)
        && !near(key, b"", 0, &PHONE_WORDS)
}

pub(super) struct Scan<'a> {
    text: &'a [u8],
    key: &'a [u8],
    kinds: Kinds,
    out: &'a mut Vec<Found>,
    /// Of each kind, where its last finding ends: up to there it is not sought again, so that nothing is read twice.
    until: [usize; Kind::ALL.len()],
    /// Where the stretch of base64url ends that a token's header was last sought in.
    header: usize,
}

impl<'a> Scan<'a> {
    /// Appends what is found; some of it may overlap.
    #[inline(never)]
    pub(super) fn run(text: &'a [u8], context: Context<'a>, kinds: Kinds, stops: &Stops, out: &'a mut Vec<Found>) {
        let mut scan = Scan { text, key: context.key, kinds, out, until: [0; Kind::ALL.len()], header: 0 };
        if !scan.key.is_empty() && scan.seeks(Kind::Secret, 0) {
            let whole = secret::keyed(scan.key, text, 0).filter(|end| *end == text.len());
            scan.note(Kind::Secret, 0, whole);
        }
        let mut at = 0;
        loop {
            while let Some(eight) = text.get(at..at + 8)
                && eight.iter().fold(0, |any, byte| any | stops[usize::from(*byte)]) == 0
            {
                at += 8;
            }
            let rest = text.get(at..).unwrap_or_default();
            let Some(next) = rest.iter().position(|byte| stops[usize::from(*byte)] != 0) else { return };
            at += next;
            let mark = byte(text, at);
            let tempting = match mark {
                b'@' | b'%' | b'+' | b':' | b'J' | b'\0' | b'0'..=b'9' => true,
                b'b' | b'B' => matches!(byte(text, at + 1) | 0x20, b'a' | b'e'),
                _ => {
                    secret::may_be(before(text, at, 1), mark)
                        || match mark {
                            // A UUID, a hardware address, a private key.
                            b'-' | b'.' => [1, 3, 5].iter().any(|&place| byte(text, at + place) == mark),
                            b'=' => is(byte(text, at + secret::SHORTEST), secret::KEYED),
                            _ => false,
                        }
                }
            };
            at = if tempting { scan.look(at, stops[usize::from(mark)]) } else { at + 1 };
        }
    }

    /// Looks around a byte; gives where to go on.
    #[inline(never)]
    fn look(&mut self, at: usize, mut probes: u16) -> usize {
        let mark = byte(self.text, at);
        if is(mark, DIGIT) {
            return self.number(at);
        }
        if mark == b'-'
            && let Some(end) = uuid_around(self.text, at, 8)
        {
            return end;
        }
        while let Some(Probe(kind, _, around)) = PROBES.get(probes.trailing_zeros() as usize) {
            probes &= probes - 1;
            if self.seeks(*kind, at)
                && let Some((start, end)) = around(self, at)
            {
                self.note(*kind, start, Some(end));
            }
        }
        at + 1
    }

    /// The first digit of a stretch.
    fn number(&mut self, at: usize) -> usize {
        let (text, key) = (self.text, self.key);
        let last = before(text, at, 1);
        let behind = run(text, at, DIGIT);
        if is(last, ALNUM) {
            let country = is(last, LETTER) && is(before(text, at, 2), LETTER) && !is(before(text, at, 3), ALNUM);
            if country && behind > at + 1 && self.seeks(Kind::Iban, at) && uuid_around(text, at + 6, 8).is_none() {
                self.note(Kind::Iban, at - 2, iban::end(text, at - 2));
            }
            return behind;
        }
        if let Some(end) = uuid_around(text, at + 8, 8).or_else(|| time_end(text, at)) {
            return end;
        }
        if self.seeks(Kind::Ip, at)
            && let Some(end) = ip::v4_end(key, text, at)
        {
            self.note(Kind::Ip, at, Some(end));
        }
        let part = is(before(text, at, 2), DIGIT);
        // Most stretches are short, and no other follows.
        let more = |place: usize| matches!(byte(text, behind + place), b' ' | b'+' | b'-'..=b'9' | b'(' | b')');
        if last == b'.' && part || behind < at + 7 && !(more(0) && more(1)) {
            return behind;
        }
        let digits = Digits::read(text, at);
        if digits.len() >= 12 && self.seeks(Kind::Card, at) {
            self.note(Kind::Card, at, card::end(&digits));
        }
        if digits.len() >= 7 && !(last == b'-' && part) {
            if self.seeks(Kind::Ssn, at) {
                self.note(Kind::Ssn, at, ssn::end(&digits, || near(key, text, at, &SSN_WORDS)));
            }
            if self.seeks(Kind::Phone, at) {
                let near = || near(key, text, at, &PHONE_WORDS);
                self.note(Kind::Phone, at, phone::national(&digits, last == b'(', near));
            }
        }
        behind
    }

    fn phone(&mut self, at: usize) -> Around {
        let text = self.text;
        let first = behind(text, at, b'+', b"2b")?;
        let first = if byte(text, first) == b'(' { first + 1 } else { first };
        if !is(byte(text, first), DIGIT) || is(before(text, at, 1), ALNUM) {
            return None;
        }
        let end = phone::international(&Digits::read(text, first), || near(self.key, text, at, &PHONE_WORDS))?;
        Some((at, end))
    }

    fn authorization(&mut self, at: usize) -> Around {
        authorization::behind(self.text, at, || near(self.key, self.text, at, &[b"authorization"]))
    }

    /// Around the third letter of `eyJ`, or any other J.
    fn token(&mut self, at: usize) -> Around {
        let text = self.text;
        let start = at.checked_sub(2)?;
        if text.get(start..at) != Some(b"ey") || is(before(text, start, 1), ALNUM) {
            return None;
        }
        if self.header < at {
            self.header = run(text, at, URL64);
        }
        Some((start, jwt::end(text, start, self.header)?))
    }

    #[inline(always)]
    fn seeks(&self, kind: Kind, at: usize) -> bool {
        self.kinds.has(kind) && self.until[kind as usize] <= at
    }

    #[inline(never)]
    fn note(&mut self, kind: Kind, start: usize, end: Option<usize>) {
        if let Some(end) = end {
            self.until[kind as usize] = end;
            self.out.push(Found { detector: kind as u16, span: Span { start, end } });
        }
    }
}

/// Behind a sign, or its percent-encoding, be that encoded again or not: `@`, `%40`, `%2540`.
fn behind(text: &[u8], at: usize, sign: u8, code: &[u8]) -> Option<usize> {
    if byte(text, at) == sign {
        return Some(at + 1);
    }
    let mut place = at + 1;
    while has(text, place, b"25") && place < at + 9 {
        place += 2;
    }
    has(text, place, code).then_some(place + 2)
}

/// The end of a UUID whose first hyphen stands at a place, behind so many digits. None of its groups is anything else.
fn uuid_around(text: &[u8], hyphen: usize, digits: usize) -> Option<usize> {
    if [0, 5, 10, 15].iter().any(|place| byte(text, hyphen + place) != b'-') {
        return None;
    }
    let (start, end) = (hyphen.checked_sub(digits)?, hyphen + 28);
    (alone(text, start, end) && crate::format::uuid::is_uuid(text.get(start..end)?)).then_some(end)
}

/// The end of a time of a day that begins at a place, in the forms of RFC 3339 §5.6 without the zone. None of its numbers
/// is anything else.
pub(super) fn time_end(text: &[u8], start: usize) -> Option<usize> {
    const FORM: &[u8; 19] = b"0000-00-00T00:00:00";
    let time: &[u8; 19] = text.get(start..)?.first_chunk()?;
    // Eight bytes at once: each is the form's, or another digit where the form has one. The first that is not sets its top
    // bit, as 0x76 and a digit's value do not, nor 0x7F and nothing.
    let word = |bytes: &[u8; 19], at: usize| bytes[at..].first_chunk().map_or(0, |eight| u64::from_le_bytes(*eight));
    let differs = |at: usize, blank: u64| {
        let form = word(FORM, at);
        let other = (word(time, at) ^ form) & !blank;
        let most = form.to_le_bytes().map(|byte| if byte == b'0' { 0x76 } else { 0x7F });
        (other.wrapping_add(u64::from_le_bytes(most)) | other) & 0x8080_8080_8080_8080
    };
    const MARK: u64 = 0xFF << 16;
    if differs(0, 0) | differs(8, MARK) | differs(11, 0) != 0 || !matches!(time[10], b'T' | b't' | b' ') {
        return None;
    }
    let end = start + FORM.len();
    Some(if byte(text, end) == b'.' { run(text, end + 1, DIGIT) } else { end })
}
