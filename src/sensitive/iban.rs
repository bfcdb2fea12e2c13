//! IBAN (ISO 13616-1): a country of SWIFT's IBAN registry, as many characters as it has there, and MOD 97-10.
//!
//! Spaces and hyphens may stand between any two characters, one at a time; either case.

use super::bytes::{ALNUM, alone, byte, is};
use super::checks::mod97;

/// Countries and lengths, of the registry's release 99.
const COUNTRIES: &[u8] =
    b"AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24\
FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27\
MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28\
TL23TN24TR26UA29VA22VG24XK20YE30";

/// The end of an IBAN that begins at a place.
#[inline(never)]
pub(super) fn end(text: &[u8], start: usize) -> Option<usize> {
    let country = text.get(start..start + 2)?.to_ascii_uppercase();
    let row = COUNTRIES.chunks_exact(4).find(|row| row[..2] == *country)?;
    let length = usize::from(row[2] - b'0') * 10 + usize::from(row[3] - b'0');
    let mut iban = [0; 34];
    let mut at = start;
    for (place, character) in iban.get_mut(..length)?.iter_mut().enumerate() {
        if place > 0 && matches!(byte(text, at), b' ' | b'-') {
            at += 1;
        }
        *character = Some(byte(text, at)).filter(|byte| is(*byte, ALNUM))?;
        at += 1;
    }
    (alone(text, start, at) && mod97(iban.get(..length)?)).then_some(at)
}
