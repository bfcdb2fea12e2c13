//! Forms in which one text can be in another, and the way back.

use serde_json::Value;

pub(crate) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

pub(crate) fn percent(text: &str) -> String {
    let left = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes().map(|b| if left(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

pub(crate) fn base64(text: &str, alphabet: &[u8; 64], padded: bool) -> String {
    let mut out = String::new();
    for three in text.as_bytes().chunks(3) {
        let bits = three.iter().fold(0u32, |bits, b| bits << 8 | u32::from(*b)) << (8 * (3 - three.len()));
        for place in 0..4u32 {
            match place as usize > three.len() {
                true if padded => out.push('='),
                true => {}
                false => out.push(char::from(alphabet[(bits >> (18 - 6 * place) & 63) as usize])),
            }
        }
    }
    out
}

pub(crate) const STD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
pub(crate) const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pub(crate) fn full_width(c: char) -> String {
    match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).expect("a form").to_string(),
        c => c.to_string(),
    }
}

pub(crate) fn zero_width(c: char) -> String {
    format!("{c}\u{200B}")
}

/// All that a text says to whoever undoes what may be undone, again and again.
pub(crate) fn readings(text: &str) -> Vec<String> {
    let mut all = vec![text.to_owned()];
    for _ in 0..6 {
        let mut said = all.last().cloned().unwrap_or_default().replace("\\\"", "\"").replace("\\\\", "\\");
        for (from, to) in [("\\n", "\n"), ("\\u00", "%"), ("\\/", "/")] {
            said = said.replace(from, to);
        }
        all.push(said);
    }
    let percent: Vec<String> = all.iter().map(|text| unpercent(text)).collect();
    all.extend(percent);
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && !"+/-_=".contains(c)).filter(|word| word.len() >= 8);
    all.extend(words.map(unbase64));
    all
}

pub(crate) fn unpercent(text: &str) -> String {
    let (mut out, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((&byte, behind)) = rest.split_first() {
        let octet = rest.get(1..3).filter(|_| byte == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match octet.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(octet) => (out.push(octet), rest = &rest[3..]),
            None => (out.push(byte), rest = behind),
        };
    }
    String::from_utf8_lossy(&out).into_owned()
}

pub(crate) fn unbase64(text: &str) -> String {
    let (mut bits, mut held, mut out) = (0u32, 0, Vec::new());
    for byte in text.bytes() {
        let Some(value) = STD.iter().position(|b| *b == byte).or_else(|| URL.iter().position(|b| *b == byte)) else {
            continue;
        };
        bits = bits << 6 | value as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
