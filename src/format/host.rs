//! Names of hosts: `hostname` (RFC 1123 §2.1), `idn-hostname` (RFC 5890 §2.3.2.3), and the domains of e-mail addresses.

#[cfg(feature = "idn")]
use super::idn::is_name;

/// Letters, digits and hyphens in labels of at most 63 octets, with dots between; 253 octets in all, which is what the
/// 255 of RFC 1035 §2.3.4 leave. A label that begins with `xn--` has to be an A-label (RFC 5890 §2.3.2.1); other
/// hyphens in its third and fourth place are nobody's business: there are hosts with such names.
pub(crate) fn is_hostname(text: &str) -> bool {
    text.is_ascii() && is_name(text)
}

/// Names of hosts as above, in which a label may also be a U-label. Labels may also end at U+3002, U+FF0E and U+FF61
/// (RFC 3490 §3.1).
pub(crate) fn is_idn_hostname(text: &str) -> bool {
    cfg!(feature = "idn") && is_name(text)
}

/// Without the tables no A-label is known to be one.
#[cfg(not(feature = "idn"))]
fn is_name(text: &str) -> bool {
    let a_label = |label: &[u8]| label.get(..4).is_some_and(|xn| xn.eq_ignore_ascii_case(b"xn--"));
    text.len() <= 253
        && text.as_bytes().split(|byte| *byte == b'.').all(|label| is_label(label, false) && !a_label(label))
}

/// `Domain` of RFC 5321 §4.1.2, of at most 255 octets (§4.5.3.1.2); with the labels of RFC 6531 §3.3 where it may go
/// beyond ASCII. No A-label is looked into.
pub(crate) fn is_domain(text: &[u8], beyond_ascii: bool) -> bool {
    text.len() <= 255 && text.split(|byte| *byte == b'.').all(|label| is_label(label, beyond_ascii))
}

/// Letters, digits and, but for its ends, hyphens. What goes beyond ASCII is longer than it looks, and its length in
/// octets of an A-label is not asked for here.
pub(super) fn is_label(text: &[u8], beyond_ascii: bool) -> bool {
    let (Some(first), Some(last)) = (text.first(), text.last()) else { return false };
    let short = text.len() <= 63 || beyond_ascii && !text.is_ascii();
    let known = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-' || beyond_ascii && *byte >= 0x80;
    short && *first != b'-' && *last != b'-' && text.iter().all(known)
}
