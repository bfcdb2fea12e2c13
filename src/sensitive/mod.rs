//! Sensitive data in texts: where a mail address, a card, a key stands, told by validators and not by loose patterns.
//!
//! [`Detectors`] are compiled once and asked for every string, key and number. What each accepts, by which public source
//! and within which limits is in `DETECTORS.md`.

mod authorization;
mod base64;
mod bytes;
mod card;
mod checks;
mod context;
mod digits;
mod email;
mod entropy;
pub(crate) mod glance;
mod iban;
mod ip;
mod jwt;
mod mac;
mod own;
mod phone;
mod private_key;
mod scan;
mod secret;
mod shadow;
mod ssn;
#[cfg(test)]
mod tests;
mod url_password;
mod wrapped;

#[allow(unused_imports)] // as all of the room
pub(crate) use {
    context::{Context, Known},
    own::{Check, Own},
    shadow::Shadow,
    wrapped::{Alphabet, escape_percent, next_base64, octet as percent_octet, unescape_percent},
};

use crate::part;
use crate::span::Span;
use scan::{Scan, Stops};

/// What a detector of our own finds, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    PrivateKey,
    Secret,
    Jwt,
    Authorization,
    UrlPassword,
    Card,
    Iban,
    Ssn,
    Email,
    Phone,
    Ip,
    Mac,
    Entropy,
}

impl Kind {
    /// All of them, in the order of their declaration, with the policy's words for them.
    pub(crate) const ALL: [(Kind, &'static str); 13] = [
        (Kind::PrivateKey, "private_key"),
        (Kind::Secret, "secret"),
        (Kind::Jwt, "jwt"),
        (Kind::Authorization, "authorization"),
        (Kind::UrlPassword, "url_password"),
        (Kind::Card, "card"),
        (Kind::Iban, "iban"),
        (Kind::Ssn, "ssn"),
        (Kind::Email, "email"),
        (Kind::Phone, "phone"),
        (Kind::Ip, "ip"),
        (Kind::Mac, "mac"),
        (Kind::Entropy, "entropy"),
    ];

    pub(crate) fn named(name: &str) -> Option<Kind> {
        Kind::ALL.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kinds(u16);

impl Kinds {
    pub(crate) fn add(&mut self, kind: Kind) {
        self.0 |= 1 << kind as u16;
    }

    #[inline(always)]
    pub(crate) fn has(self, kind: Kind) -> bool {
        self.0 >> kind as u16 & 1 != 0
    }
}

/// Something found: which detector says so, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// The [`Kind`] as a number; behind those, the policy's own detectors as they were given.
    pub(crate) detector: u16,
    /// Bytes of the text.
    pub(crate) span: Span,
}

/// Percent-encoding inside percent-encoding that is undone.
pub(crate) const MOST_ENCODED: usize = 3;

/// The detectors that a policy asks for.
#[derive(Debug)]
pub(crate) struct Detectors {
    kinds: Kinds,
    stops: Stops,
    own: Vec<Own>,
    part: part::Detecting,
}

/// Memory that detectors use from text to text.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// The text as it reads, and what is encoded in it.
    read: Shadow,
    folded: Shadow,
    unescaped: [Shadow; MOST_ENCODED],
}

impl Detectors {
    /// None where nothing is to be found; whoever reads a policy refuses what a build cannot find.
    pub(crate) fn new(kinds: Kinds, own: Vec<Own>) -> Option<Detectors> {
        let part = part::Detecting::get().filter(|_| kinds != Kinds::default() || !own.is_empty())?;
        Some(Detectors { kinds, stops: scan::stops(kinds), own, part })
    }

    /// Fills `out` with what is in a text: the decoded text of a string or key, or that of a number. In no order; some of it
    /// may overlap, or be there more than once: whoever asks knows which of the detectors count.
    ///
    /// Time is linear in the text, whatever it holds.
    pub(crate) fn find(&self, text: &[u8], context: Context<'_>, scratch: &mut Scratch, out: &mut Vec<Found>) {
        self.part.go();
        out.clear();
        if context.known.is_some_and(|known| known.holds(text)) {
            // What a policy itself looks for it means, whatever the catalogue says.
            return self.find_own(text, out);
        }
        if context.number && self.own.is_empty() && scan::is_plain_number(text, context.key) {
            return;
        }
        let signs = glance::signs(text);
        if !self.has_more() && glance::is_silent(text, signs) {
            return;
        }
        let Scratch { read, folded, unescaped } = scratch;
        self.find_read(text, signs & glance::ODD != 0, context, read, out);
        if context.number && folded.write_out(text) {
            self.scan(&folded.text, context, out);
            out.iter_mut().for_each(|found| found.span = Span { start: 0, end: text.len() });
        }
        // What is invisible does not part the encoding of an octet.
        let is_folded = signs & glance::ODD != 0 && !read.text.is_empty();
        let text = if is_folded { &read.text } else { text };
        if signs & glance::PERCENT != 0 || is_folded {
            for level in 0..MOST_ENCODED {
                let (above, below) = unescaped.split_at_mut(level);
                let Some(shadow) = below.first_mut() else { break };
                if !shadow.unescape(above.last().map_or(text, |above| &above.text)) {
                    break;
                }
                let known = out.len();
                let is_odd = glance::signs(&shadow.text) & glance::ODD != 0;
                self.find_read(&shadow.text, is_odd, context, folded, out);
                for found in out.iter_mut().skip(known) {
                    found.span = above.iter().rfold(shadow.span(found.span), |span, above| above.span(span));
                    if is_folded {
                        found.span = read.span(found.span);
                    }
                }
            }
        }
    }

    /// Most numbers are short; of our own detectors none finds anything in less than seven digits.
    #[inline]
    pub(crate) fn pass_over_number(&self, text: &[u8]) -> bool {
        text.len() < 7 && self.own.is_empty() && !text.iter().any(|byte| byte | 0x20 == b'e')
    }

    /// In a text as it stands, and as it reads.
    #[inline(never)]
    fn find_read(&self, text: &[u8], is_odd: bool, context: Context<'_>, folded: &mut Shadow, out: &mut Vec<Found>) {
        self.scan(text, context, out);
        if is_odd && folded.fold(text) {
            let known = out.len();
            self.scan(&folded.text, context, out);
            for found in out.iter_mut().skip(known) {
                found.span = folded.span(found.span);
            }
        }
    }

    #[inline(never)]
    fn scan(&self, text: &[u8], context: Context<'_>, out: &mut Vec<Found>) {
        Scan::run(text, context, self.kinds, &self.stops, out);
        if self.kinds.has(Kind::Entropy) {
            entropy::find(text, out);
        }
        self.find_own(text, out);
    }

    fn find_own(&self, text: &[u8], out: &mut Vec<Found>) {
        for (number, own) in self.own.iter().enumerate() {
            own.find(text, (Kind::ALL.len() + number) as u16, out);
        }
    }
}
