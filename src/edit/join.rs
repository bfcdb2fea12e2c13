//! A value that was written over several lines, on one.

/// Takes out every line break outside strings from `start` on, and the white space around it. What stands there is
/// valid JSON.
pub(crate) fn join_lines(text: &mut Vec<u8>, start: usize) {
    let mut kept = start;
    let mut at = start;
    let mut in_string = false;
    while at < text.len() {
        let byte = text[at];
        at += 1;
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string && at < text.len() => {
                text[kept] = byte;
                kept += 1;
                text[kept] = text[at];
                kept += 1;
                at += 1;
                continue;
            }
            b'\n' if !in_string => {
                while kept > start && matches!(text[kept - 1], b' ' | b'\t' | b'\r') {
                    kept -= 1;
                }
                at += text[at..].iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')).count();
                continue;
            }
            _ => {}
        }
        text[kept] = byte;
        kept += 1;
    }
    text.truncate(kept);
}
