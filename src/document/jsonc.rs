//! JSON with comments, made plain JSON of the same length, so that every place stays where it was.

/// Blanks `//` and `/* */` comments, and commas before a closing bracket. Line breaks stay.
///
/// # Errors
/// Where a comment begins that never ends.
pub(super) fn to_json(text: &str) -> Result<Vec<u8>, usize> {
    let mut out = text.as_bytes().to_vec();
    let mut at = 0;
    if text.starts_with('\u{FEFF}') {
        blank(&mut out[..3]); // a byte order mark
    }
    let mut comma = None; // a comma with nothing but space and comments behind it so far
    let mut last = b'['; // the last byte that is no comma either: one that follows no value is a mistake
    while at < out.len() {
        match out[at] {
            b'"' => {
                (comma, last) = (None, b'"');
                at += 1;
                while at < out.len() && out[at] != b'"' && out[at] != b'\n' {
                    at += if out[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            b'/' if out.get(at + 1) == Some(&b'/') => {
                let end = out[at..].iter().position(|&b| b == b'\n').map_or(out.len(), |i| at + i);
                blank(&mut out[at..end]);
                at = end;
            }
            b'/' if out.get(at + 1) == Some(&b'*') => {
                let end = out[at + 2..].windows(2).position(|w| w == b"*/").ok_or(at)? + at + 4;
                blank(&mut out[at..end]);
                at = end;
            }
            b',' => {
                comma = (!matches!(last, b'[' | b'{' | b':')).then_some(at);
                at += 1;
            }
            b'}' | b']' => {
                if let Some(comma) = comma.take() {
                    out[comma] = b' ';
                }
                last = out[at];
                at += 1;
            }
            byte => {
                if !byte.is_ascii_whitespace() {
                    (comma, last) = (None, byte);
                }
                at += 1;
            }
        }
    }
    Ok(out)
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes {
        if !matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}
