//! `uuid` (RFC 4122 §3): five groups of hexadecimal digits, of either case, of any version and variant.

/// Reads the 16 octets.
pub(crate) fn parse(text: &[u8]) -> Option<[u8; 16]> {
    let mut octets = [0; 16];
    let mut rest = text;
    for (at, octet) in octets.iter_mut().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            rest = rest.strip_prefix(b"-")?;
        }
        let [high, low, behind @ ..] = rest else { return None };
        let digits = char::from(*high).to_digit(16)? << 4 | char::from(*low).to_digit(16)?;
        (*octet, rest) = (digits as u8, behind);
    }
    rest.is_empty().then_some(octets)
}
