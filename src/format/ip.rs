//! Addresses of the Internet Protocol: the checks behind `ipv4` and `ipv6`, and readings of them.

/// `ipv4`: four decimal numbers (RFC 2673 §3.2, `dotted-quad`). A number has no zeros in front, as RFC 3986's
/// `dec-octet` has it: there are readers who take such a one for octal.
pub(crate) fn parse_v4(text: &[u8]) -> Option<[u8; 4]> {
    let mut octets = [0; 4];
    let mut parts = text.split(|byte| *byte == b'.');
    for octet in &mut octets {
        *octet = match parts.next()? {
            [b'0'] => 0,
            digits @ [b'1'..=b'9', ..] if digits.len() <= 3 => u8::try_from(super::class::number(digits)?).ok()?,
            _ => return None,
        };
    }
    parts.next().is_none().then_some(octets)
}

/// `ipv6`: eight groups of hexadecimal digits (RFC 4291 §2.2). `::` stands for one group of zeros or more, and the last
/// two groups may be an IPv4 address. No zone, no prefix length.
pub(crate) fn parse_v6(text: &[u8]) -> Option<[u8; 16]> {
    let mut octets = [0; 16];
    let mut filled = 0;
    let mut gap = None;
    let mut rest = text;
    if let [b':', b':', behind @ ..] = rest {
        (gap, rest) = (Some(0), behind);
    }
    while !rest.is_empty() {
        let room = octets.get_mut(filled..).filter(|room| !room.is_empty())?;
        let digits = rest.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let (group, behind) = rest.split_at(digits);
        if let [b'.', ..] = behind {
            room.first_chunk_mut::<4>()?.copy_from_slice(&parse_v4(rest)?);
            filled += 4;
            break;
        }
        room.first_chunk_mut::<2>()?.copy_from_slice(&hexadecimal(group)?.to_be_bytes());
        filled += 2;
        rest = match behind {
            [] => break,
            [b':', b':', behind @ ..] if gap.is_none() => {
                gap = Some(filled);
                behind
            }
            [b':', behind @ ..] if !behind.is_empty() => behind,
            _ => return None,
        };
    }
    match gap {
        None => (filled == 16).then_some(octets),
        Some(gap) if filled <= 14 => {
            octets.copy_within(gap..filled, 16 - (filled - gap));
            octets[gap..16 - (filled - gap)].fill(0);
            Some(octets)
        }
        Some(_) => None,
    }
}

/// One to four digits.
fn hexadecimal(digits: &[u8]) -> Option<u16> {
    if digits.is_empty() || digits.len() > 4 {
        return None;
    }
    digits.iter().try_fold(0, |number, digit| Some(number << 4 | char::from(*digit).to_digit(16)? as u16))
}
