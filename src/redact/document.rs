//! Whether a string holds a JSON document, or should.

use std::borrow::Cow;

use crate::limits::MAX_EMBEDDED_DEPTH;
use crate::scan::{Fault, Reason, check, is_space};
use crate::tape::{Unescaped, decode, unescape};

/// What the text of a string is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// One whole JSON object, array or string.
    Document,
    /// What should be one and cannot be read to its end, or lies deeper than the limit.
    Unreadable,
    /// Anything else.
    Text,
}

/// Tells what a text holds.
///
/// # Errors
/// Half a surrogate pair where it would otherwise be a document: such a record is withheld whole, at every depth.
pub(super) fn holds(text: &[u8], depth: usize) -> Result<Holds, Reason> {
    let text = without_blanks(text);
    let container = matches!(text.first(), Some(b'{' | b'[' | b'"'));
    match check(text, depth) {
        Ok(end) if container && text[end..].iter().all(is_space) => Ok(Holds::Document),
        Err(Fault { reason: Reason::LoneSurrogate, .. }) => Err(Reason::LoneSurrogate),
        Err(Fault { reason: Reason::TooDeep, .. }) => Ok(Holds::Unreadable),
        _ if should_be_document(text) => Ok(Holds::Unreadable),
        _ => Ok(Holds::Text),
    }
}

/// Whether the inside of a string, not decoded yet, begins as an object, an array or a string might, be they escaped
/// more than once.
pub(super) fn begins_like_document(mut raw: &[u8]) -> bool {
    loop {
        let (first, len) = match raw.first() {
            None => return false,
            Some(b'\\') => match unescape(raw) {
                (len, Unescaped::Char(c)) => (c, len),
                (_, Unescaped::AsIs) => return false,
            },
            Some(_) => match character(raw) {
                Some(first) => first,
                None => return false,
            },
        };
        if !is_blank(first) {
            return matches!(first, '{' | '[' | '"' | '\\');
        }
        raw = &raw[len..];
    }
}

/// A text from its first character that is no blank.
pub(super) fn without_blanks(mut text: &[u8]) -> &[u8] {
    while let Some((_, len)) = character(text).filter(|(c, _)| is_blank(*c)) {
        text = &text[len..];
    }
    text
}

/// What may stand before a document: JSON's white space, and what others take for some or strip before they parse
/// (control characters, byte order marks, Unicode's blanks and marks without width).
fn is_blank(c: char) -> bool {
    matches!(c, '\0'..=' ' | '\u{7F}'..='\u{A0}' | '\u{1680}' | '\u{180E}' | '\u{2000}'..='\u{200F}')
        || matches!(c, '\u{2028}'..='\u{202F}' | '\u{205F}'..='\u{2060}' | '\u{3000}' | '\u{FEFF}' | '\u{FFFE}')
}

/// The first character, and its length.
fn character(text: &[u8]) -> Option<(char, usize)> {
    let c = text[..text.len().min(4)].utf8_chunks().next()?.valid().chars().next()?;
    Some((c, c.len_utf8()))
}

/// Whether a text begins as an object, an array or a string, and has an object with a quoted key in it: then it should
/// hold JSON. Its quotes and brackets may be escaped, once or more.
pub(super) fn should_be_document(text: &[u8]) -> bool {
    let mut text = Cow::Borrowed(text);
    for _ in 0..=MAX_EMBEDDED_DEPTH {
        let begins = matches!(without_blanks(&text).first(), Some(b'{' | b'[' | b'"'));
        if begins && text.split(|&b| b == b'{').skip(1).any(has_key) {
            return true;
        }
        let mut said = Vec::new();
        decode(&text, &mut said);
        if said.len() == text.len() {
            return false;
        }
        text = Cow::Owned(said);
    }
    true
}

/// Whether the text behind a brace comes to a quote before it comes to a word; a comment might hide it.
fn has_key(text: &[u8]) -> bool {
    let mut rest = text;
    while let Some((c, len)) = character(rest) {
        match c {
            '"' => return true,
            '/' if matches!(rest.get(1), Some(b'/' | b'*')) => return rest.contains(&b'"'),
            // A mask stands for a word.
            '}' | '*' => return false,
            c if is_blank(c) || c.is_ascii_punctuation() => rest = &rest[len..],
            _ => return false,
        }
    }
    false
}
