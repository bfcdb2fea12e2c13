//! A policy's own detectors: a pattern, and a check of what it finds.

use super::Found;
use super::bytes::{ALNUM, DIGIT, is};
use super::checks::{luhn, mod97};
use crate::pattern::Finder;

/// What has to hold of a match besides the pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// Its digits end with the check digit of ISO/IEC 7812-1.
    Luhn,
    /// Its letters and digits hold as ISO 13616-1 wants of an IBAN (ISO 7064 MOD 97-10).
    Mod97,
}

impl Check {
    /// Both, with the policy's words for them.
    pub(crate) const ALL: [(Check, &'static str); 2] = [(Check::Luhn, "luhn"), (Check::Mod97, "mod97")];

    fn holds(self, found: &[u8]) -> bool {
        let luhns = self == Check::Luhn;
        let class = if luhns { DIGIT } else { ALNUM };
        let mut only: Vec<u8> = Vec::with_capacity(found.len());
        for byte in found.iter().filter(|byte| is(**byte, class)) {
            only.push(if luhns { byte - b'0' } else { *byte });
        }
        if luhns { only.len() > 1 && luhn(&only) } else { mod97(&only) }
    }
}

/// A detector of a policy.
#[derive(Debug)]
pub(crate) struct Own {
    pub(crate) pattern: Finder,
    pub(crate) check: Option<Check>,
}

impl Own {
    /// Notes every match, each the longest that begins where it does and goes on behind the one before.
    pub(super) fn find(&self, text: &[u8], detector: u16, out: &mut Vec<Found>) {
        self.pattern.find(text, |span| {
            if self.check.is_none_or(|check| check.holds(span.of(text))) {
                out.push(Found { detector, span });
            }
        });
    }
}
