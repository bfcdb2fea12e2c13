//! `uri-template` (RFC 6570 §2).

use super::class::{skip_hex, split_digits};
use super::uri::{is_private, is_ucschar};

/// Literals and expressions, of every level, and with the operators that are reserved.
pub(crate) fn is_template(text: &str) -> bool {
    let mut characters = text.chars();
    while let Some(first) = characters.next() {
        let rest = characters.as_str();
        let behind = match first {
            '{' => rest.split_once('}').filter(|(inside, _)| is_expression(inside.as_bytes())).map(|(_, rest)| rest),
            '%' => skip_hex(rest.as_bytes()).and_then(|_| rest.get(2..)),
            _ => is_literal(first).then_some(rest),
        };
        let Some(behind) = behind else { return false };
        characters = behind.chars();
    }
    true
}

/// §2.1; with erratum 6937, which adds the apostrophe.
fn is_literal(character: char) -> bool {
    match character {
        '"' | '%' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' => false,
        '!'..='~' => true,
        _ => is_ucschar(character as u32) || is_private(character as u32),
    }
}

/// §2.2 to §2.4: between the braces, an operator or none, and variables.
fn is_expression(text: &[u8]) -> bool {
    let variables = match text {
        [b'+' | b'#' | b'.' | b'/' | b';' | b'?' | b'&' | b'=' | b',' | b'!' | b'@' | b'|', rest @ ..] => rest,
        _ => text,
    };
    variables.split(|byte| *byte == b',').all(is_variable)
}

/// A name and its modifier.
fn is_variable(text: &[u8]) -> bool {
    let mut rest = text;
    loop {
        let Some(behind) = skip_name(rest) else { return false };
        match behind {
            [b'.', behind @ ..] => rest = behind,
            [b':', length @ ..] => {
                return matches!(split_digits(length), ([b'1'..=b'9', more @ ..], []) if more.len() < 4);
            }
            [] | [b'*'] => return true,
            _ => return false,
        }
    }
}

/// What is behind a part of a name; a part holds a character at least.
fn skip_name(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text;
    loop {
        rest = match rest {
            [b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_', behind @ ..] => behind,
            [b'%', behind @ ..] => skip_hex(behind)?,
            _ => return (rest.len() < text.len()).then_some(rest),
        }
    }
}
