//! Payment cards: an issuer's prefix, a length that it issues, and the check digit of ISO/IEC 7812-1.
//!
//! With or without separators: spaces and hyphens anywhere, dots behind each four digits (else any decimal
//! number would do). Prefixes and lengths are those that the networks publish, as "Payment card number" (Wikipedia)
//! lists them. Left out are prefixes so short that one number in ten of any kind would be a card: UATP's `1`, and
//! Maestro's `5` and `6` but for the prefixes in use.

use super::checks::luhn;
use super::digits::{DASH, DOT, Digits, SPACE};

/// Fewest and most digits (ISO/IEC 7812-1 allows 8 to 19; networks issue 12 and more).
const LENGTHS: std::ops::RangeInclusive<usize> = 12..=19;

/// First and last prefix of six digits, and the lengths as bits from 12 on.
const ISSUERS: [(u32, u32, u8); 35] = [
    (400_000, 499_999, L13 | L16 | L19),    // Visa
    (510_000, 559_999, L16),                // Mastercard
    (222_100, 272_099, L16),                // Mastercard
    (340_000, 349_999, L15),                // American Express
    (370_000, 379_999, L15),                // American Express
    (601_100, 601_199, L16_19),             // Discover
    (644_000, 659_999, L16_19),             // Discover, RuPay, Troy, Verve
    (620_000, 629_999, L16_19),             // UnionPay, Discover
    (810_000, 829_999, L16_19),             // UnionPay, RuPay
    (300_000, 305_999, L14 | L16_19),       // Diners Club
    (309_500, 309_599, L14 | L16_19),       // Diners Club
    (360_000, 369_999, L14 | L15 | L16_19), // Diners Club
    (380_000, 399_999, L14 | L16_19),       // Diners Club
    (352_800, 358_999, L16_19),             // JCB, LankaPay
    (213_100, 213_199, L15),                // JCB
    (180_000, 180_099, L15),                // JCB
    (501_800, 501_999, L12_19),             // Maestro, Dankort
    (502_000, 502_099, L12_19),             // Maestro
    (503_800, 503_899, L12_19),             // Maestro
    (561_200, 561_299, L12_19),             // Maestro
    (561_400, 561_499, L16),                // UzCard
    (589_300, 589_399, L12_19),             // Maestro
    (630_400, 630_499, L12_19),             // Maestro
    (639_000, 639_099, L12_19),             // Maestro
    (675_900, 676_999, L12_19),             // Maestro
    (60_400, 60_499, L12_19),               // Maestro UK
    (506_099, 506_198, L16 | L18_19),       // Verve
    (507_865, 508_999, L16 | L18_19),       // Verve, RuPay
    (353_000, 356_999, L16),                // RuPay with JCB
    (606_280, 606_289, L16_19),             // Hipercard
    (600_000, 600_999, L16),                // RuPay
    (637_000, 639_999, L16),                // InstaPayment
    (220_000, 220_599, L16_19),             // Mir, BORICA
    (860_000, 860_099, L16),                // UzCard
    (979_200, 979_299, L16),                // Troy
];
const L12_19: u8 = 0xFF;
const L13: u8 = 1 << 1;
const L14: u8 = 1 << 2;
const L15: u8 = 1 << 3;
const L16: u8 = 1 << 4;
const L16_19: u8 = 0xF0;
const L18_19: u8 = 0xC0;
const L19: u8 = 1 << 7;

/// The end of the longest card number that begins with the first of the digits.
#[inline(never)]
pub(super) fn end(digits: &Digits) -> Option<usize> {
    let prefix = digits.values(6).iter().fold(0, |prefix, digit| prefix * 10 + u32::from(*digit));
    let known = |row: &&(u32, u32, u8)| (row.0..=row.1).contains(&prefix);
    let lengths = ISSUERS.iter().filter(known).fold(0, |lengths, row| lengths | row.2);
    LENGTHS.rev().filter(|len| lengths >> (len - LENGTHS.start()) & 1 != 0).find_map(|len| {
        let end = digits.end(len)?;
        let fours = || digits.grouped(&[4; 4][..(len / 4).min(4)]);
        let separated = match digits.between(len) {
            DOT => fours(),
            between => between & !(SPACE | DASH) == 0,
        };
        (separated && luhn(digits.values(len))).then_some(end)
    })
}
