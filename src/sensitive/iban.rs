//! IBAN (ISO 13616-1): a country of SWIFT's IBAN registry, the structure that its account numbers have there, and MOD
//! 97-10.
//!
//! Spaces, hyphens and plus signs (form-encoded spaces) may stand between any two characters, one at a time; all letters
//! are upper case, as the registry wants, or all lower.

use super::bytes::{Class, DIGIT, LOWER, UPPER, alone, byte, is};
use super::checks::mod97;

/// Of each country in the registry's release 99 how many digits (`n`), letters (`a`), and either (`c`) stand behind the
/// check digits; fields of one kind are one.
const COUNTRIES: &str = "AD8n12c AE19n AL8n16c AT16n AZ4a20c BA16n BE12n BG4a6n8c BH4a14c BI23n BR23n1a1c BY4c4n16c CH5n12c CR18n \
CY8n16c CZ20n DE18n DJ23n DK14n DO4c20n EE16n EG25n ES20n FI14n FK2a12n FO14n FR10n11c2n GB4a14n GE2a16n \
GI4a15c GL14n GR7n16c GT24c HN4a20n HR17n HU24n IE4a14n IL19n IQ4a15n IS22n IT1a10n12c JO4a4n18c KW4a22c \
KZ3n13c LB4n20c LC4a24c LI5n12c LT16n LU3n13c LV4a13c LY21n MC10n11c2n MD20c ME18n MK3n10c2n MN16n MR23n \
MT4a5n18c MU4a19n3a NI4a20n NL4a10n NO11n OM3n16c PK4a16c PL24n PS4a21c PT21n QA4a21c RO4a16c RS18n RU14n15c \
SA2n18c SC4a20n3a SD14n SE20n SI15n SK20n SM1a10n12c SO19n ST21n SV4a20n TL19n TN20n TR6n16c UA6n19c VA18n \
VG4a16n XK16n YE4a4n18c";

/// Of each first letter of a country, by its five lowest bits, the second ones as bits.
const SECOND: [u32; 32] = {
    let (rows, mut second, mut at) = (COUNTRIES.as_bytes(), [0; 32], 0);
    while at < rows.len() {
        if at == 0 || rows[at - 1] == b' ' {
            second[rows[at] as usize & 31] |= 1 << (rows[at + 1] & 31);
        }
        at += 1;
    }
    second
};

/// The end of an IBAN that begins at a place.
#[inline(never)]
pub(super) fn end(text: &[u8], start: usize) -> Option<usize> {
    let country = text.get(start..start + 2)?;
    if SECOND[usize::from(country[0] & 31)] >> (country[1] & 31) & 1 == 0 {
        return None;
    }
    let letters = if country.iter().all(|byte| is(*byte, UPPER)) { UPPER } else { LOWER };
    let mut fields = COUNTRIES.split(' ').find(|row| row.as_bytes()[..2].eq_ignore_ascii_case(country))?[2..].bytes();
    let mut iban = Characters { all: [0; 34], len: 0, text, at: start };
    iban.take(2, letters)?;
    iban.take(2, DIGIT)?;
    let mut count = 0;
    fields.try_for_each(|sign| {
        let class = match sign {
            b'n' => DIGIT,
            b'a' => letters,
            b'c' => DIGIT | letters,
            digit => {
                count = count * 10 + digit - b'0';
                return Some(());
            }
        };
        iban.take(std::mem::take(&mut count), class)
    })?;
    (alone(text, start, iban.at) && mod97(iban.all.get(..iban.len)?)).then_some(iban.at)
}

/// The characters of an IBAN that were read.
struct Characters<'a> {
    all: [u8; 34],
    len: usize,
    text: &'a [u8],
    at: usize,
}

impl Characters<'_> {
    /// Reads so many of a class.
    fn take(&mut self, count: u8, class: Class) -> Option<()> {
        for _ in 0..count {
            if self.len > 0 && matches!(byte(self.text, self.at), b' ' | b'-' | b'+') {
                self.at += 1;
            }
            *self.all.get_mut(self.len)? = Some(byte(self.text, self.at)).filter(|byte| is(*byte, class))?;
            self.len += 1;
            self.at += 1;
        }
        Some(())
    }
}
