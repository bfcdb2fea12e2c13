//! One pass over a text: bytes at which something might be found, and the detectors that look around them.
//!
//! Whatever the text holds, a detector looks at a bounded stretch around such a byte, or finds something and the pass
//! goes on behind it; so the time is linear.

use super::bytes::*;
use super::context::{Context, near};
use super::digits::Digits;
use super::{Found, Kind, Kinds, card, email, iban, ip, jwt, mac, phone, private_key, secret, ssn, url_password};
use super::{authorization, join};
use crate::span::Span;

/// Of each byte, whether the pass stops there: 0 or one of the following.
pub(super) type Stops = [u8; 256];
/// Something may be there.
const LOOK: u8 = 1;
/// A scheme may begin there.
const SCHEME: u8 = 2;
/// That, and the number of the anchor of [`secret::ANCHORS`]: if the byte before is right, or one behind.
const ANCHOR: u8 = 3;

/// Where which detectors have something to look at.
const STOPS: [(Kind, &[u8]); 12] = [
    (Kind::Email, b"@%"),
    (Kind::Ip, b":0123456789"),
    (Kind::Mac, b":-."),
    (Kind::Card, b"-0123456789"),
    (Kind::Iban, b"-0123456789"),
    (Kind::Ssn, b"-0123456789"),
    (Kind::Phone, b"+%-0123456789"),
    (Kind::Jwt, b"J"),
    (Kind::PrivateKey, b"-"),
    (Kind::Authorization, b"Bb"),
    (Kind::UrlPassword, b":"),
    (Kind::Secret, b":"),
];

pub(super) fn stops(kinds: Kinds) -> Stops {
    let mut stops = [0; 256];
    for (kind, bytes) in STOPS.iter().filter(|(kind, _)| kinds.has(*kind)) {
        for byte in *bytes {
            stops[usize::from(*byte)] = if *kind == Kind::Authorization { SCHEME } else { LOOK };
        }
    }
    for (number, anchor) in secret::ANCHORS.iter().enumerate() {
        let stop = &mut stops[usize::from(*anchor)];
        if kinds.has(Kind::Secret) || *stop == LOOK {
            *stop = ANCHOR + number as u8;
        }
    }
    stops
}

const SSN_WORDS: [&[u8]; 4] = [b"ssn", b"social sec", b"social_sec", b"socialsec"];
const PHONE_WORDS: [&[u8]; 7] = [b"phone", b"mobile", b"tel", b"cell", b"fax", b"sms", b"whatsapp"];

pub(super) struct Scan<'a> {
    text: &'a [u8],
    context: Context<'a>,
    kinds: Kinds,
    out: &'a mut Vec<Found>,
    /// Of each kind, where its last finding ends: up to there it is not sought again, so that nothing is read twice.
    until: [usize; Kind::ALL.len()],
    /// Where the stretch of base64url ends that a token's header was last sought in.
    header: usize,
}

impl<'a> Scan<'a> {
    #[inline(never)]
    pub(super) fn run(text: &'a [u8], context: Context<'a>, kinds: Kinds, stops: &Stops, out: &'a mut Vec<Found>) {
        let mut scan = Scan { text, context, kinds, out, until: [0; Kind::ALL.len()], header: 0 };
        if kinds.has(Kind::Secret) && !context.key.is_empty() {
            let whole = secret::keyed(context.key, text, 0).filter(|end| *end == text.len());
            scan.note(Kind::Secret, whole.map(|end| (0, end)));
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
            let worth_it = match stops[usize::from(mark)] {
                LOOK => true,
                SCHEME => matches!(byte(text, at + 1) | 0x20, b'a' | b'e'),
                anchor => {
                    secret::may_be(before(text, at, 1), usize::from(anchor - ANCHOR))
                        || match mark {
                            // A UUID, a hardware address, a private key
                            b'-' | b'.' => [1, 3, 5].iter().any(|&place| byte(text, at + place) == mark),
                            b'=' => is(byte(text, at + secret::SHORTEST), secret::KEYED),
                            _ => false,
                        }
                }
            };
            at = if worth_it { scan.look(at) } else { at + 1 };
        }
    }

    /// Looks around a byte; gives where to go on.
    #[inline(never)]
    fn look(&mut self, at: usize) -> usize {
        let (text, behind) = (self.text, at + 1);
        match byte(text, at) {
            b'0'..=b'9' => return self.digit(at),
            b'@' => self.seek(Kind::Email, at, || email::around(text, at, behind)),
            b'%' => self.percent(at),
            b'+' => self.plus(at, behind),
            b'B' | b'b' => {
                let key = self.context.key;
                let near = || near(key, text, at, &[b"authorization"]);
                self.seek(Kind::Authorization, at, || authorization::behind(text, at, near));
            }
            b'J' => self.token(at),
            mark => {
                if mark == b':' {
                    self.seek(Kind::UrlPassword, at, || url_password::behind(text, at));
                    self.seek(Kind::Ip, at, || ip::v6(text, at));
                } else if mark == b'-' {
                    if let Some(end) = uuid_around(text, at, 8) {
                        return end;
                    }
                    self.seek(Kind::PrivateKey, at, || Some((at, private_key::end(text, at)?)));
                }
                if matches!(mark, b':' | b'-' | b'.') {
                    self.seek(Kind::Mac, at, || mac::around(text, at));
                }
            }
        }
        if secret::ANCHORS.contains(&byte(text, at)) {
            self.seek(Kind::Secret, at, || secret::around(text, at));
        }
        if matches!(byte(text, at), b':' | b'=') && is(byte(text, at + secret::SHORTEST), secret::KEYED) {
            self.seek(Kind::Secret, at, || secret::bound(text, at));
        }
        behind
    }

    /// The first digit of a stretch.
    fn digit(&mut self, at: usize) -> usize {
        let text = self.text;
        let last = before(text, at, 1);
        let behind = run(text, at, DIGIT);
        if is(last, ALNUM) {
            let country = is(last, LETTER) && is(before(text, at, 2), LETTER) && !is(before(text, at, 3), ALNUM);
            if country && behind > at + 1 {
                self.seek(Kind::Iban, at, || Some((at - 2, iban::end(text, at - 2)?)));
            }
            return behind;
        }
        if let Some(end) = uuid_around(text, at + 8, 8).or_else(|| time_end(text, at)) {
            return end;
        }
        let key = self.context.key;
        self.seek(Kind::Ip, at, || Some((at, ip::v4_end(text, at)?)).filter(|_| !near(key, text, 0, &[b"version"])));
        let part = is(before(text, at, 2), DIGIT);
        if last == b'.' && part {
            return behind; // decimals
        }
        // Most stretches are short, and no other follows.
        let more = |place: usize| matches!(byte(text, behind + place), b' ' | b'-'..=b'9' | b'(' | b')');
        if behind < at + 7 && !(more(0) && more(1)) {
            return behind;
        }
        let digits = Digits::read(text, at);
        if digits.len() < 7 {
            return behind;
        }
        if digits.len() >= 12 {
            self.seek(Kind::Card, at, || Some((at, card::end(&digits)?)));
        }
        if last != b'-' || !part {
            let near = |words| near(key, text, at, words);
            self.seek(Kind::Ssn, at, || Some((at, ssn::end(&digits, || near(&SSN_WORDS))?)));
            self.seek(Kind::Phone, at, || Some((at, phone::national(&digits, last == b'(', || near(&PHONE_WORDS))?)));
        }
        behind
    }

    /// A percent sign: `%40` is an `@`, `%2B` a `+`, encoded more than once or not.
    fn percent(&mut self, at: usize) {
        let text = self.text;
        let mut sign = at + 1;
        while has(text, sign, b"25") && sign < at + 9 {
            sign += 2;
        }
        if has(text, sign, b"40") {
            self.seek(Kind::Email, at, || email::around(text, at, sign + 2));
        } else if has(text, sign, b"2b") {
            self.plus(at, sign + 2);
        }
    }

    /// A plus sign, from `at` to `behind`.
    fn plus(&mut self, at: usize, behind: usize) {
        let text = self.text;
        let first = if byte(text, behind) == b'(' { behind + 1 } else { behind };
        if is(byte(text, first), DIGIT) && !is(before(text, at, 1), ALNUM) {
            let key = self.context.key;
            self.seek(Kind::Phone, at, || {
                let end = phone::international(&Digits::read(text, first), || near(key, text, at, &PHONE_WORDS))?;
                Some((at, end))
            });
        }
    }

    /// The third letter of `eyJ`, or any other J.
    fn token(&mut self, at: usize) {
        let text = self.text;
        let start = at.wrapping_sub(2);
        if text.get(start..at) == Some(b"ey") && !is(before(text, start, 1), ALNUM) {
            if self.header < at {
                self.header = run(text, at, URL64);
            }
            let header = self.header;
            self.seek(Kind::Jwt, at, || Some((start, jwt::end(text, start, header)?)));
        }
    }

    #[inline]
    fn seek(&mut self, kind: Kind, at: usize, around: impl FnOnce() -> Option<(usize, usize)>) {
        if self.kinds.has(kind) && self.until[kind as usize] <= at {
            self.note(kind, around());
        }
    }

    fn note(&mut self, kind: Kind, found: Option<(usize, usize)>) {
        if let Some((start, end)) = found {
            self.until[kind as usize] = end;
            join(self.out, Found { detector: kind as u16, span: Span { start, end } });
        }
    }
}

/// The end of a UUID whose first hyphen stands at a place, behind so many digits. None of its groups is anything else.
fn uuid_around(text: &[u8], hyphen: usize, digits: usize) -> Option<usize> {
    if [0, 5, 10, 15].iter().any(|place| byte(text, hyphen + place) != b'-') {
        return None;
    }
    let (start, end) = (hyphen.checked_sub(digits)?, hyphen + 28);
    (alone(text, start, end) && crate::format::uuid::parse(text.get(start..end)?).is_some()).then_some(end)
}

/// The end of a time of a day that begins at a place, in the forms of RFC 3339 §5.6 without the zone. None of its numbers
/// is anything else.
fn time_end(text: &[u8], start: usize) -> Option<usize> {
    const FORM: &[u8; 19] = b"0000-00-00T00:00:00";
    let time = text.get(start..start + FORM.len())?;
    let formed = time.iter().zip(FORM).all(|(byte, form)| match form {
        b'0' => is(*byte, DIGIT),
        b'T' => matches!(byte, b'T' | b't' | b' '),
        mark => byte == mark,
    });
    let end = start + FORM.len();
    formed.then(|| if byte(text, end) == b'.' { run(text, end + 1, DIGIT) } else { end })
}
