//! Sampling: which share of the records goes on. The record alone decides, so that every worker, every repetition and
//! every route decides alike.
//!
//! What is hashed is the first that there is of: the event's run (`@run.id`), so that runs stay whole; its own id
//! (`@id`); the bytes of the record. It goes on where its hash, as a fraction of 2^64, lies below the share. What a share
//! takes, a larger one takes too.

use crate::catalog::Field;
use crate::detect::{Said, Strings, field};
use crate::query::{Judge, Query, Record};
use crate::span::Span;
use crate::tape::number;

/// A share, in billionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Share(u64);

impl Share {
    const ALL: Share = Share(1_000_000_000);

    /// A JSON number from 0 to 1 of at most nine decimals.
    pub(crate) fn read(text: &[u8]) -> Option<Share> {
        let mut plain = Vec::new();
        number::plain(text, &mut plain);
        match plain.as_slice() {
            b"0" => Some(Share(0)),
            b"1" => Some(Share::ALL),
            [b'0', b'.', decimals @ ..] if decimals.len() <= 9 => {
                let digits = decimals.iter().map(|b| b - b'0').chain([0; 9]).take(9);
                Some(Share(digits.fold(0, |value, digit| value * 10 + u64::from(digit))))
            }
            _ => None,
        }
    }

    /// Whether this share of that share takes what has this hash; exact.
    fn takes(self, of: Share, hash: u64) -> bool {
        const ALL: u128 = Share::ALL.0 as u128 * Share::ALL.0 as u128;
        (u128::from(hash) * ALL) >> 64 < u128::from(self.0) * u128::from(of.0)
    }
}

/// Which records go on.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) share: Share,
    /// What goes on in any case.
    pub(crate) always: Option<Query>,
}

impl Sample {
    /// Whether nothing goes on.
    pub(crate) fn takes_nothing(&self) -> bool {
        self.share == Share(0) && self.always.is_none()
    }
}

/// What sampling says of a policy's routes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sampling {
    /// Of all records.
    pub(crate) all: Option<Sample>,
    /// Of what each route takes of them; empty where no route says anything.
    pub(crate) routes: Vec<Option<Sample>>,
}

/// What decided on a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Basis {
    Run,
    Event,
    #[default]
    Bytes,
}

impl Basis {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Basis::Run => "@run.id",
            Basis::Event => "@id",
            Basis::Bytes => "bytes",
        }
    }
}

impl Sampling {
    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_none() && self.routes.is_empty()
    }

    /// The queries in it.
    pub(crate) fn queries(&mut self) -> impl Iterator<Item = &mut Query> {
        self.all.iter_mut().chain(self.routes.iter_mut().flatten()).filter_map(|sample| sample.always.as_mut())
    }

    /// Of the routes that would take a record (a bit each), those that it is left out of; whether it is by the share of
    /// all records alone. `judge` has begun the record.
    pub(crate) fn leaves_out(
        &self,
        taken: u32,
        judge: &mut Judge,
        place: (&[u8], Span),
        record: Option<Record<'_>>,
    ) -> (u32, bool, Basis) {
        if taken == 0 || self.is_empty() {
            return (0, false, Basis::default());
        }
        let (basis, hash) = decide(place, record);
        let mut share = |sample: &Option<Sample>| {
            let bounds = |sample: &&Sample| {
                let matches = |query| record.is_some_and(|record| judge.sees(query, place, record));
                !sample.always.as_ref().is_some_and(matches)
            };
            sample.as_ref().filter(bounds).map_or(Share::ALL, |sample| sample.share)
        };
        let all = share(&self.all);
        let mut left_out = 0;
        for number in (0..u32::BITS).filter(|number| taken >> number & 1 == 1) {
            let of_route = self.routes.get(number as usize).map_or(Share::ALL, &mut share);
            left_out |= u32::from(!of_route.takes(all, hash)) << number;
        }
        (left_out, !all.takes(Share::ALL, hash), basis)
    }
}

/// What decides on a record, and its hash.
fn decide((bytes, span): (&[u8], Span), record: Option<Record<'_>>) -> (Basis, u64) {
    if let Some((of, event)) = record.and_then(|record| record.event.flatten()) {
        let mut strings = Strings::default();
        for (basis, id) in [(Basis::Run, Field::RunId), (Basis::Event, Field::Id)] {
            match field(of, id, event, &mut strings) {
                Some(Said::Text(text) | Said::Json(text)) => return (basis, hash(&text)),
                Some(Said::Plain(text)) => return (basis, hash(text)),
                _ => {}
            }
        }
    }
    (Basis::Bytes, hash(span.of(bytes)))
}

/// FNV-1a of 64 bits (Fowler, Noll and Vo; RFC 9923), whose upper bits do not depend on the last bytes enough,
/// and so through `fmix64` of MurmurHash3 (Appleby, in the public domain), which mixes all bits into all.
fn hash(text: &[u8]) -> u64 {
    let fnv = text
        .iter()
        .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3));
    let mixed = (fnv ^ fnv >> 33).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    let mixed = (mixed ^ mixed >> 33).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    mixed ^ mixed >> 33
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shares_are_exact() {
        let read = |text: &str| Share::read(text.as_bytes()).map(|share| share.0);
        assert_eq!(["0", "-0.0", "0e9", "0.10", "1e-9", "1", "10e-1", "0.123456789"].map(read), {
            [
                Some(0),
                Some(0),
                Some(0),
                Some(100_000_000),
                Some(1),
                Some(1_000_000_000),
                Some(1_000_000_000),
                Some(123_456_789),
            ]
        });
        assert_eq!(["1.000000001", "2", "-0.1", "1e-10", "0.1234567891", "1e400"].map(read), [None; 6]);
        let at = |share: u64, hash| Share(share).takes(Share::ALL, hash);
        assert!(at(500_000_000, (1 << 63) - 1) && !at(500_000_000, 1 << 63));
        assert!(at(1_000_000_000, u64::MAX) && !at(999_999_999, u64::MAX) && at(1, 0) && !at(0, 0));
    }

    /// MurmurHash3's finalizer over the vectors that FNV's authors publish.
    #[test]
    fn the_hash_is_the_one_it_says() {
        let fmix64 = |mut h: u64| {
            h ^= h >> 33;
            h = h.wrapping_mul(0xff51afd7ed558ccd);
            h ^= h >> 33;
            h = h.wrapping_mul(0xc4ceb9fe1a85ec53);
            h ^ h >> 33
        };
        for (text, fnv) in [("", 0xcbf29ce484222325), ("a", 0xaf63dc4c8601ec8c), ("foobar", 0x85944171f73967e8)] {
            assert_eq!(hash(text.as_bytes()), fmix64(fnv), "{text}");
        }
    }

    #[test]
    fn a_share_takes_its_share_of_ids_that_follow_each_other() {
        for share in [10_000_000_u64, 100_000_000, 500_000_000] {
            let took = (0..100_000).filter(|n| Share(share).takes(Share::ALL, hash(format!("run-{n}").as_bytes())));
            let expected = share as f64 / 10_000.0;
            // Four standard deviations of a fair draw.
            let off = (took.count() as f64 - expected).abs();
            assert!(off < 4.0 * expected.sqrt(), "{share}: {off} off");
        }
    }

    proptest! {
        #[test]
        fn a_larger_share_takes_what_a_smaller_one_takes(a in 0..=1_000_000_000_u64, b in 0..=1_000_000_000_u64, of in 0..=1_000_000_000_u64, hash: u64) {
            let (small, large) = (a.min(b), a.max(b));
            prop_assert!(!Share(small).takes(Share(of), hash) || Share(large).takes(Share(of), hash));
            prop_assert_eq!(Share(a).takes(Share(b), hash), Share(b).takes(Share(a), hash));
            prop_assert!(!Share(0).takes(Share::ALL, hash) && Share::ALL.takes(Share::ALL, hash));
        }
    }
}
