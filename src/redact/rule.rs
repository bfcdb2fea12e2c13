//! A rule: where, on what condition, for which routes, and what becomes of the values there.

use crate::catalog::Class;
use crate::hash::Hmac;
use crate::plan::Path;
use crate::query::Query;
use crate::sensitive::{Check, Kind};

/// Rules of a policy, in the order of precedence, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rules([u64; WORDS]);

const WORDS: usize = 4;

impl Rules {
    /// As many rules as there are bits.
    pub(crate) const MOST: usize = WORDS * 64;

    pub(crate) fn one(rule: u8) -> Rules {
        let mut rules = Rules::default();
        rules.0[usize::from(rule) / 64] = 1 << (rule % 64);
        rules
    }

    /// Those of either.
    #[inline(always)]
    pub(crate) fn and_those(self, other: Rules) -> Rules {
        Rules(std::array::from_fn(|i| self.0[i] | other.0[i]))
    }

    /// Those of both.
    #[inline(always)]
    pub(crate) fn that_are(self, other: Rules) -> Rules {
        Rules(std::array::from_fn(|i| self.0[i] & other.0[i]))
    }

    /// Those that are not of the other.
    pub(crate) fn without(self, other: Rules) -> Rules {
        Rules(std::array::from_fn(|i| self.0[i] & !other.0[i]))
    }

    #[inline(always)]
    pub(crate) fn is_none(self) -> bool {
        self.0 == [0; WORDS]
    }

    /// The one that withholds most.
    #[inline(always)]
    pub(crate) fn foremost(self) -> Option<u8> {
        let word = self.0.iter().position(|&word| word != 0)?;
        Some((word * 64) as u8 + self.0[word].trailing_zeros() as u8)
    }

    pub(crate) fn has(self, rule: u8) -> bool {
        self.0[usize::from(rule) / 64] >> (rule % 64) & 1 == 1
    }
}

/// A rule, as a policy has it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rule {
    /// Its place in the policy's list; none where a route says it of itself.
    pub(crate) entry: Option<usize>,
    /// Only in records that match all of these.
    pub(crate) when: Vec<Query>,
    /// The values at these paths, each with its text in the policy.
    pub(crate) paths: Vec<(Path, String)>,
    /// The values in elements that match.
    pub(crate) selected: Vec<Selected>,
    /// What the catalogue says holds anything; of a record that no type recognises, all.
    pub(crate) payload: bool,
    /// What the catalogue says are the steps of a run.
    pub(crate) steps: bool,
    /// The values under these keys, at any depth: patterns.
    pub(crate) keys: Vec<String>,
    /// The values that the catalogue says hold personal data of these classes.
    pub(crate) classes: Vec<Class>,
    /// What these detectors find.
    pub(crate) detectors: Vec<Kind>,
    /// What matches these patterns, and holds by a check.
    pub(crate) patterns: Vec<(String, Option<Check>)>,
    /// Keys and detectors: only at these paths and below.
    pub(crate) within: Vec<Path>,
    /// Not at these paths, nor below.
    pub(crate) except: Vec<Path>,
    /// Only for these routes, by number; none: for all.
    pub(crate) routes: Option<Vec<usize>>,
    pub(crate) action: Action,
}

/// A path through elements that a query judges: `lines[mask_data:true].input`.
#[derive(Clone, Debug)]
pub(crate) struct Selected {
    /// Where the elements are.
    pub(crate) element: Path,
    pub(crate) query: Query,
    pub(crate) path: Path,
    /// The path as the policy has it.
    pub(crate) text: String,
}

/// What is done with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Take the member or element out.
    Remove,
    /// Put this JSON text in its place.
    Replace(String),
    /// Put a keyed digest in its place: equal values stay equal.
    Hash(Box<Hash>),
    /// Put `*` in the place of its characters.
    Mask(Mask),
    /// Leave no more than so many characters.
    Truncate(usize),
}

/// Which characters a mask leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mask {
    pub(crate) first: usize,
    pub(crate) last: usize,
    /// A number stays one, and a truth value too.
    pub(crate) keep_type: bool,
}

/// A keyed digest, and how it is written.
#[derive(Clone, Debug)]
pub(crate) struct Hash {
    pub(crate) hmac: Hmac,
    /// The key's name in the policy.
    pub(crate) key: String,
    /// What stands before the digest.
    pub(crate) prefix: String,
    /// How many of the digest's letters are written.
    pub(crate) length: usize,
    /// base64url instead of hexadecimal letters.
    pub(crate) base64url: bool,
}

impl PartialEq for Hash {
    fn eq(&self, other: &Hash) -> bool {
        let told = |hash: &Hash| (hash.key.clone(), hash.prefix.clone(), hash.length, hash.base64url);
        told(self) == told(other)
    }
}

impl Eq for Hash {}

impl Default for Action {
    fn default() -> Action {
        Action::Replace(format!("\"{}\"", super::REDACTED))
    }
}

impl Action {
    /// Where rules meet, the one that withholds most wins: the lowest, with how many characters it leaves; of equals, the
    /// first.
    pub(super) fn rank(&self) -> (u8, usize) {
        match self {
            Action::Remove => (0, 0),
            Action::Replace(_) => (1, 0),
            Action::Hash(_) => (2, 0),
            Action::Mask(mask) => (3, mask.first + mask.last),
            Action::Truncate(most) => (4, *most),
        }
    }

    /// The policy's word for it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Action::Remove => "remove",
            Action::Replace(with) if with == "null" => "null",
            Action::Replace(_) => "replace",
            Action::Hash(_) => "hash",
            Action::Mask(_) => "mask",
            Action::Truncate(_) => "truncate",
        }
    }

    /// Whether it may leave characters as they are: then what other rules find among them is changed first.
    pub(super) fn keeps(&self) -> bool {
        match self {
            Action::Mask(mask) => mask.first + mask.last > 0,
            Action::Truncate(_) => true,
            _ => false,
        }
    }

    /// Whether it works on what an object or array holds, not on the whole.
    pub(crate) fn is_of_scalars(&self) -> bool {
        matches!(self, Action::Hash(_) | Action::Mask(_) | Action::Truncate(_))
    }
}
