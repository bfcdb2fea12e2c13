//! Names and values within a text: `password=hunter2&page=1`, `Authorization: Bearer x`, `{'token': 'x'`.

use crate::span::Span;

/// Shows `is_meant` each name that stands in a text, and where the sign behind it does; where it is meant, `found` gets the
/// span of its value, and where the pair begins if that can go as a whole: no quotes are around the value. It gives the
/// end of what it takes, in which nothing is looked at; or none where characters of that may be left: then names in it count
/// that mean less, which is more withheld. None of them nests in its like, so the time is linear.
pub(super) fn pairs<T: Copy + Ord>(
    text: &[u8],
    mut is_meant: impl FnMut(usize, &[u8]) -> Option<T>,
    mut found: impl FnMut(Span, Option<usize>, T) -> Option<usize>,
) {
    let mut from = 0;
    let mut around: Vec<(usize, T)> = Vec::new();
    while let Some(sign) = text[from..].iter().position(|&b| b == b'=' || b == b':') {
        let at = from + sign;
        from = at + 1;
        while around.last().is_some_and(|(end, _)| *end <= at) {
            around.pop();
        }
        let mut name = name(&text[..at], false);
        let mut meant = if name.is_empty() { None } else { is_meant(at, name.of(text)) };
        if meant.is_none() && name.start > 0 && text[name.start - 1] == b'%' {
            name = self::name(&text[..at], true);
            meant = is_meant(at, name.of(text));
        }
        if let Some(meant) = meant.filter(|meant| around.last().is_none_or(|(_, outer)| meant < outer)) {
            let (span, is_quoted) = value(text, at);
            let done = if span.is_empty() { Some(0) } else { found(span, (!is_quoted).then_some(name.start), meant) };
            match done {
                Some(end) => from = from.max(span.end).max(end),
                None => around.push((span.end, meant)),
            }
        }
    }
}

/// The name that ends a text, without the quotes around it; with what is percent-encoded of it, or not.
fn name(before: &[u8], percent: bool) -> Span {
    /// No name that is written this way is longer.
    const LONGEST: usize = 128;
    let end =
        before.iter().rposition(|b| !matches!(b, b' ' | b'\t' | b'"' | b'\'' | b'\\' | b'`')).map_or(0, |i| i + 1);
    let floor = end.saturating_sub(LONGEST);
    let is_name = |b: &u8| {
        b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'[' | b']' | 0x80..) || percent && *b == b'%'
    };
    let len = before[floor..end].iter().rev().take_while(|b| is_name(b)).count();
    Span { start: end - len, end }
}

/// The value behind the sign at `at`: what stands in quotes; else of `=` up to a separator, of `:` to the line's end. And
/// whether quotes are around it.
fn value(text: &[u8], at: usize) -> (Span, bool) {
    let blank = |b: &u8| matches!(b, b' ' | b'\t');
    let mut start = at + 1;
    // `=>`, `:=`, `==`
    while matches!(text.get(start), Some(b'=' | b'>')) {
        start += 1;
    }
    start += text[start..].iter().take_while(|b| blank(b)).count();
    let slashes = text[start..].iter().take_while(|&&b| b == b'\\').count();
    if let Some(&quote @ (b'"' | b'\'' | b'`')) = text.get(start + slashes) {
        let open = start + slashes + 1;
        let mut end = open;
        // A quote that is escaped more than the opening one is part of the value.
        let mut escapes = 0;
        while let Some(&b) = text.get(end) {
            if b == quote && escapes <= slashes {
                return (Span { start: open, end: end - escapes.min(end - open) }, true);
            }
            escapes = if b == b'\\' { escapes + 1 } else { 0 };
            end += 1;
        }
        return (Span { start: open, end }, true);
    }
    let scheme = scheme(&text[start..]);
    // Credentials of other schemes are lists.
    let is_list = scheme == Some(0);
    let is_assigned = text[at] == b'=' && !is_list;
    // What is in brackets belongs to them, if they are closed.
    let inside = if is_assigned { in_brackets(&text[start..]).max(scheme.unwrap_or_default()) } else { 0 };
    let mut open = 0usize;
    let stop = |b: &u8| match b {
        b'(' | b'[' | b'{' if is_assigned => {
            open += 1;
            false
        }
        b')' | b']' | b'}' if is_assigned => {
            open = open.wrapping_sub(1);
            open == usize::MAX
        }
        b if is_assigned => b.is_ascii_whitespace() || matches!(b, b'&' | b';' | b',' | b'"' | b'\'' | b'<' | b'|'),
        b => matches!(b, b'\n' | b'\r') || !is_list && matches!(b, b'"' | b'}'),
    };
    let start_of_rest = start + inside;
    let end = text[start_of_rest..].iter().position(stop).map_or(text.len(), |len| start_of_rest + len);
    (Span { start, end }, false)
}

/// How long the authentication scheme is that a text begins with, and the blanks before its credentials (RFC 9110 §11.4);
/// 0 where those are more than one word.
fn scheme(text: &[u8]) -> Option<usize> {
    const SCHEMES: [(&[u8], bool); 9] = [
        (b"basic", true),
        (b"bearer", true),
        (b"token", true),
        (b"apikey", true),
        (b"negotiate", true),
        (b"digest", false),
        (b"oauth", false),
        (b"hawk", false),
        (b"aws4-hmac-sha256", false),
    ];
    let is_first = |scheme: &[u8]| text.get(..scheme.len()).is_some_and(|first| first.eq_ignore_ascii_case(scheme));
    let (scheme, is_word) = SCHEMES.iter().find(|(scheme, _)| is_first(scheme))?;
    let blanks = text[scheme.len()..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    (blanks > 0).then_some(if *is_word { scheme.len() + blanks } else { 0 })
}

/// How long the bracket is that a text begins with; 0 where it begins with none, or nothing closes it on the line.
fn in_brackets(text: &[u8]) -> usize {
    let mut open = 0usize;
    for (at, b) in text.iter().enumerate() {
        match b {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            b'\n' | b'\r' => break,
            _ => {}
        }
        if open == 0 {
            return if at == 0 { 0 } else { at + 1 };
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, wanted: &str) -> Vec<String> {
        let mut all = Vec::new();
        pairs(
            text.as_bytes(),
            |_, name| (name == wanted.as_bytes()).then_some(()),
            |span, _, ()| {
                all.push(text[span.start..span.end].to_owned());
                Some(span.end)
            },
        );
        all
    }

    /// Where characters of each value are left: the names that count.
    #[test]
    fn names_in_values_count_if_they_mean_more() {
        let names = |text: &str| {
            let mut all = Vec::new();
            pairs(
                text.as_bytes(),
                |_, name| name.first().copied(),
                |_, _, name| {
                    all.push(char::from(name));
                    None
                },
            );
            all.into_iter().collect::<String>()
        };
        assert_eq!(names("c: c: d: b: c: b=1 a=2 b=3\nd: e=1 c=2"), "cbadc");
        assert_eq!(names(&"c: ".repeat(1000)), "c");
    }

    #[test]
    fn names_and_their_values() {
        let one = |text, name, value: &str| assert_eq!(found(text, name), [value], "{text}");
        one("password=hunter2&page=1", "password", "hunter2");
        one("password=hunter2&page=1", "page", "1");
        one("/a?token=x#y", "token", "x#y");
        one("Authorization: Bearer a b\r\nHost: c", "Authorization", "Bearer a b");
        one("{'token': 'it is', b", "token", "it is");
        one(r#"said "secret" : "a \" b" and"#, "secret", r#"a \" b"#);
        one(r#"said \"secret\":\"a b\" and"#, "secret", "a b");
        one("pin => 1234", "pin", "1234");
        one("user[pass]=x y", "user[pass]", "x");
        one("(token=[redacted])", "token", "[redacted]");
        one("f(token=g(x, y)", "token", "g(x");
        one("f(token=[1, [2]], y)", "token", "[1, [2]]");
        one("token=[1, 2", "token", "[1");
        one("pass = `x y`", "pass", "x y");
        one("auth=Bearer x.y&b=c d", "auth", "Bearer x.y");
        one("auth=basic  dTpw; b", "auth", "basic  dTpw");
        one("auth=Basically no", "auth", "Basically");
        one("auth=Digest a=\"b\", c=d\ne", "auth", "Digest a=\"b\", c=d");
        one("a=1&user%5Bpass%5D=x&b=2", "user%5Bpass%5D", "x");
        one("50%pass=x", "pass", "x");
        assert!(found("= a : ", "a").is_empty());
        assert_eq!(found("a=1 b=2 a=3", "a"), ["1", "3"]);
    }
}
