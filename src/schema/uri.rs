//! References to URIs: RFC 3986, sections 5.2 and 5.3.

/// The parts of a reference (RFC 3986, appendix B), each with the marks that tell it; empty where it has none.
struct Parts<'a> {
    scheme: &'a str,
    authority: &'a str,
    path: &'a str,
    query: &'a str,
    fragment: &'a str,
}

fn parts(text: &str) -> Parts<'_> {
    let (text, fragment) = text.split_at(place(text, b'#'));
    let (text, query) = text.split_at(place(text, b'?'));
    let colon = place(text, b':');
    let is_scheme = text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
        && colon < text.len()
        && text[..colon].bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    let (scheme, text) = text.split_at(if is_scheme { colon + 1 } else { 0 });
    let end = text.strip_prefix("//").map_or(0, |authority| 2 + place(authority, b'/'));
    let (authority, path) = text.split_at(end);
    Parts { scheme, authority, path, query, fragment }
}

/// Where an ASCII character stands first, or the end.
fn place(text: &str, mark: u8) -> usize {
    text.bytes().position(|b| b == mark).unwrap_or(text.len())
}

/// The URI that a reference means where `base` is the base URI. An empty base leaves a relative reference relative.
pub(super) fn resolve(base: &str, reference: &str) -> String {
    let (base, mut to) = (parts(base), parts(reference));
    let mut merged = String::new();
    if to.scheme.is_empty() {
        to.scheme = base.scheme;
        if to.authority.is_empty() {
            to.authority = base.authority;
            if to.path.is_empty() {
                to.path = base.path;
                if to.query.is_empty() {
                    to.query = base.query;
                }
            } else if !to.path.starts_with('/') {
                let end = base.path.bytes().rposition(|b| b == b'/').map_or(0, |at| at + 1);
                merged += &base.path[..end];
                if end == 0 && !base.authority.is_empty() {
                    merged.push('/');
                }
                merged += to.path;
                to.path = &merged;
            }
        }
    }
    let mut out = [to.scheme, to.authority].concat();
    append_without_dots(to.path, &mut out);
    out += to.query;
    out += to.fragment;
    out
}

/// Section 5.2.4: `.` and `..` as segments are carried out.
fn append_without_dots(path: &str, out: &mut String) {
    let mut rest = path;
    if let Some(behind) = path.strip_prefix('/') {
        out.push('/');
        rest = behind;
    }
    let root = out.len();
    loop {
        // What is kept is written with a slash behind it.
        let end = place(rest, b'/');
        let (segment, behind) = rest.split_at(end);
        if segment == ".." && out.len() > root {
            let before = &out.as_bytes()[root..out.len() - 1];
            out.truncate(root + before.iter().rposition(|b| *b == b'/').map_or(0, |at| at + 1));
        }
        let is_kept = !matches!(segment, "." | "..");
        if is_kept {
            out.push_str(segment);
        }
        if is_kept || behind.is_empty() {
            out.push('/');
        }
        match behind.get(1..) {
            Some(behind) => rest = behind,
            None => break,
        }
    }
    out.pop();
}

/// A URI and its fragment, the number sign left out.
pub(super) fn split(uri: &str) -> (&str, &str) {
    let (uri, fragment) = uri.split_at(place(uri, b'#'));
    (uri, fragment.get(1..).unwrap_or_default())
}

/// A text with its percent-encoded bytes decoded; none if that gives no text.
pub(super) fn decode(text: &str) -> Option<String> {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        let hex = |at: usize| behind.get(at).and_then(|b| char::from(*b).to_digit(16));
        match (byte, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                rest = &behind[2..];
            }
            _ => out.push(byte),
        }
    }
    String::from_utf8(out).ok()
}

/// Appends a text as a fragment (section 3.5): bytes that may not stand in one are percent-encoded.
pub(super) fn append_encoded(text: &str, uri: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push('%');
            uri.push(char::from(HEX[usize::from(byte >> 4)]));
            uri.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}
