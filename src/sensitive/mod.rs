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
    wrapped::{Alphabet, Wrapped, escape_percent, next_base64, unescape_percent},
};

use crate::span::Span;
use scan::{Scan, Stops};
use shadow::Shadow;

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
const MOST_ENCODED: usize = 3;

/// The detectors that a policy asks for.
#[derive(Debug)]
pub(crate) struct Detectors {
    kinds: Kinds,
    stops: Stops,
    own: Vec<Own>,
}

/// Memory that detectors use from text to text.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    folded: Shadow,
    unescaped: [Shadow; MOST_ENCODED],
    lists: Lists,
}

/// Lists that results are put together in.
#[derive(Debug, Default)]
struct Lists {
    more: Vec<Found>,
    own: Vec<Found>,
    spare: Vec<Found>,
}

impl Detectors {
    pub(crate) fn new(kinds: Kinds, own: Vec<Own>) -> Detectors {
        Detectors { kinds, stops: scan::stops(kinds), own }
    }

    /// Fills `out` with what is in a text: the decoded text of a string or key, or that of a number. In order and apart:
    /// what overlaps becomes one, under the name of the longest, of equally long ones the worst.
    ///
    /// Time is linear in the text, whatever it holds.
    pub(crate) fn find(&self, text: &[u8], context: Context<'_>, scratch: &mut Scratch, out: &mut Vec<Found>) {
        out.clear();
        if context.known.is_some_and(|known| known.holds(text)) {
            return;
        }
        let Scratch { folded, unescaped, lists } = scratch;
        self.find_read(text, context, folded, lists, out);
        if context.number && out.is_empty() && context::write_out(text, &mut folded.text) {
            self.scan(&folded.text, context, lists, out);
            if let Some(Found { detector, .. }) = out.first().copied() {
                out.clear();
                out.push(Found { detector, span: Span { start: 0, end: text.len() } });
            }
        }
        if !text.contains(&b'%') {
            return;
        }
        for level in 0..MOST_ENCODED {
            let (above, below) = unescaped.split_at_mut(level);
            let Some(shadow) = below.first_mut() else { return };
            if !shadow.unescape(above.last().map_or(text, |above| &above.text)) {
                return;
            }
            let mut found = std::mem::take(&mut lists.more);
            found.clear();
            self.find_read(&shadow.text, context, folded, lists, &mut found);
            for found in &mut found {
                found.span = above.iter().rfold(shadow.span(found.span), |span, above| above.span(span));
            }
            merge(out, &found, &mut lists.spare);
            lists.more = found;
        }
    }

    /// In a text as it stands, and as it reads.
    fn find_read(
        &self,
        text: &[u8],
        context: Context<'_>,
        folded: &mut Shadow,
        lists: &mut Lists,
        out: &mut Vec<Found>,
    ) {
        self.scan(text, context, lists, out);
        if !shadow::is_plain_text(text) && folded.fold(text) {
            let mut found = Vec::new();
            self.scan(&folded.text, context, lists, &mut found);
            for found in &mut found {
                found.span = folded.span(found.span);
            }
            merge(out, &found, &mut lists.spare);
        }
    }

    #[inline(never)]
    fn scan(&self, text: &[u8], context: Context<'_>, lists: &mut Lists, out: &mut Vec<Found>) {
        Scan::run(text, context, self.kinds, &self.stops, out);
        if self.kinds.has(Kind::Entropy) {
            lists.own.clear();
            entropy::find(text, &mut lists.own);
            merge(out, &lists.own, &mut lists.spare);
        }
        for (number, own) in self.own.iter().enumerate() {
            lists.own.clear();
            own.find(text, (Kind::ALL.len() + number) as u16, &mut lists.own);
            merge(out, &lists.own, &mut lists.spare);
        }
    }
}

/// Adds what was found to a list that is in order and apart; where it meets others, they become one.
#[inline(never)]
fn join(out: &mut Vec<Found>, mut found: Found) {
    let behind = out.iter().rposition(|other| other.span.start < found.span.end).map_or(0, |last| last + 1);
    let mut at = behind;
    while let Some(last) = at.checked_sub(1).and_then(|last| out.get(last))
        && last.span.end > found.span.start
    {
        if (last.span.len(), found.detector) > (found.span.len(), last.detector) {
            found.detector = last.detector;
        }
        found.span.start = found.span.start.min(last.span.start);
        found.span.end = found.span.end.max(last.span.end);
        at -= 1;
    }
    out.drain(at..behind);
    out.insert(at, found);
}

/// Merges a list into another, both in order.
#[inline(never)]
fn merge(out: &mut Vec<Found>, more: &[Found], spare: &mut Vec<Found>) {
    if more.is_empty() {
        return;
    }
    spare.clear();
    std::mem::swap(out, spare);
    let mut more = more.iter().peekable();
    for found in spare.iter() {
        while let Some(other) = more.next_if(|other| other.span.start < found.span.start) {
            join(out, *other);
        }
        join(out, *found);
    }
    more.for_each(|other| join(out, *other));
}
