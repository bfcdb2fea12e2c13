//! References to URIs: RFC 3986, sections 5.2 and 5.3.

/// The parts of a reference (RFC 3986, appendix B).
struct Parts<'a> {
    scheme: Option<&'a str>,
    authority: Option<&'a str>,
    path: &'a str,
    query: Option<&'a str>,
    fragment: Option<&'a str>,
}

fn parts(text: &str) -> Parts<'_> {
    let (text, fragment) = cut(text, '#');
    let (text, query) = cut(text, '?');
    let scheme_end = text.find(':').filter(|&at| {
        let scheme = &text.as_bytes()[..at];
        scheme.first().is_some_and(u8::is_ascii_alphabetic)
            && scheme.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    });
    let (scheme, text) = scheme_end.map_or((None, text), |at| (Some(&text[..at]), &text[at + 1..]));
    let (authority, path) = match text.strip_prefix("//") {
        Some(rest) => {
            let end = rest.find('/').unwrap_or(rest.len());
            (Some(&rest[..end]), &rest[end..])
        }
        None => (None, text),
    };
    Parts { scheme, authority, path, query, fragment }
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, behind)| (before, Some(behind)))
}

/// The URI that a reference means where `base` is the base URI. An empty base leaves a relative reference relative.
pub(super) fn resolve(base: &str, reference: &str) -> String {
    let (base, mut to) = (parts(base), parts(reference));
    let mut merged = String::new();
    if to.scheme.is_none() {
        to.scheme = base.scheme;
        if to.authority.is_none() {
            to.authority = base.authority;
            if to.path.is_empty() {
                to.path = base.path;
                to.query = to.query.or(base.query);
            } else if !to.path.starts_with('/') {
                match base.path.rfind('/') {
                    Some(at) => merged.push_str(&base.path[..=at]),
                    None if base.authority.is_some() => merged.push('/'),
                    None => {}
                }
                merged.push_str(to.path);
                to.path = &merged;
            }
        }
    }
    let mut out = String::new();
    if let Some(scheme) = to.scheme {
        out += scheme;
        out.push(':');
    }
    if let Some(authority) = to.authority {
        out += "//";
        out += authority;
    }
    append_without_dots(to.path, &mut out);
    for (mark, part) in [('?', to.query), ('#', to.fragment)] {
        if let Some(part) = part {
            out.push(mark);
            out += part;
        }
    }
    out
}

/// Section 5.2.4: `.` and `..` as segments are carried out.
fn append_without_dots(path: &str, out: &mut String) {
    if !path.split('/').any(|segment| matches!(segment, "." | "..")) {
        out.push_str(path);
        return;
    }
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(segment) = segments.next() {
        match segment {
            "." | ".." => {
                if segment == ".." {
                    kept.pop();
                }
                if segments.peek().is_none() {
                    kept.push("");
                }
            }
            segment => kept.push(segment),
        }
    }
    if path.starts_with('/') {
        out.push('/');
    }
    *out += &kept.join("/");
}

/// A URI and its fragment, the number sign left out.
pub(super) fn split(uri: &str) -> (&str, &str) {
    uri.split_once('#').unwrap_or((uri, ""))
}

/// A text with its percent-encoded bytes decoded; none if that gives no text.
pub(super) fn decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        let hex = |at: usize| behind.get(at).and_then(|b| char::from(*b).to_digit(16));
        if let (b'%', Some(high), Some(low)) = (byte, hex(0), hex(1)) {
            out.push((high * 16 + low) as u8);
            rest = &behind[2..];
        } else {
            out.push(byte);
            rest = behind;
        }
    }
    String::from_utf8(out).ok()
}
