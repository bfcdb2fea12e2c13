//! Keys by name, in whatever case and with whatever separators they are written: `*token*` is for `accessToken`,
//! `ACCESS_TOKEN` and `access-token-2`.

use std::borrow::Cow;

use super::rule::Rules;
use crate::sensitive::{MOST_ENCODED, unescape_percent};

/// Keys longer than this are taken to be meant by every pattern.
const LONGEST: usize = 4096;

/// The patterns of all rules.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// Each folded.
    patterns: Vec<(Vec<u8>, Meant)>,
    /// The patterns by how they end, as most keys are told from most patterns by that: of each last byte, and behind them
    /// those that end with a wildcard.
    by_end: Vec<Vec<u16>>,
}

/// The place of patterns that end with a wildcard.
const ANY_END: usize = 256;

/// The rules for what stands under a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Meant {
    /// In any record.
    pub(super) always: Rules,
    /// In a record that no event type recognises.
    pub(super) in_unknown: Rules,
}

impl Meant {
    fn add(&mut self, other: Meant) {
        self.always = self.always.and_those(other.always);
        self.in_unknown = self.in_unknown.and_those(other.in_unknown);
    }

    pub(super) fn rules(self, is_unknown: bool) -> Rules {
        if is_unknown { self.always.and_those(self.in_unknown) } else { self.always }
    }
}

/// What is known of a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) meant: Meant,
    /// It holds a name, in an object that holds a value of that name elsewhere: `{"name":"Authorization","value":"…"}`.
    pub(super) is_name: bool,
    /// It holds such a value.
    pub(super) is_value: bool,
    /// A detector finds something in it.
    pub(super) is_sensitive: bool,
}

impl Keys {
    pub(super) fn add(&mut self, pattern: &str, meant: Meant) {
        let folded = fold(pattern.as_bytes());
        match self.patterns.iter_mut().find(|(known, _)| *known == folded) {
            Some((_, known)) => known.add(meant),
            None => {
                self.by_end.resize_with(ANY_END + 1, Vec::new);
                let end = folded.last().copied().filter(|end| !matches!(end, b'*' | b'?')).map_or(ANY_END, usize::from);
                self.by_end[end].push(self.patterns.len() as u16);
                self.patterns.push((folded, meant));
            }
        }
    }

    /// The patterns that may be for a folded key.
    fn candidates(&self, key: &[u8]) -> impl Iterator<Item = &(Vec<u8>, Meant)> {
        let end = key.last().map_or(ANY_END, |end| usize::from(*end));
        let by = |end: usize| self.by_end.get(end).into_iter().flatten();
        let wild = by(ANY_END).take(if end == ANY_END { 0 } else { usize::MAX });
        by(end).chain(wild).filter_map(|number| self.patterns.get(usize::from(*number)))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Whether a name without letters could be meant.
    pub(super) fn may_mean(&self, name: &[u8]) -> bool {
        let has_letter = |text: &[u8]| text.iter().any(|b| b.is_ascii_alphabetic() || matches!(b, b'%' | 0x80..));
        !self.is_empty() && (has_letter(name) || !self.patterns.iter().all(|(pattern, _)| has_letter(pattern)))
    }

    /// What is known of a key, by its text.
    pub(super) fn know(&self, key: &[u8]) -> Known {
        if key.len() > LONGEST {
            let mut known = Known::default();
            self.patterns.iter().for_each(|(_, meant)| known.meant.add(*meant));
            return known;
        }
        let mut key = Cow::Borrowed(key);
        for _ in 0..MOST_ENCODED {
            let mut said = Vec::new();
            if !key.contains(&b'%') || !unescape_percent(&key, &mut said) {
                break;
            }
            key = Cow::Owned(said);
        }
        let mut known = Known::default();
        let bare = without_index(&key);
        for key in [Some(&key[..]), Some(bare).filter(|bare| bare.len() < key.len())].into_iter().flatten() {
            let whole = fold(key);
            // The last part of a key that stands for a way: `request.headers.authorization`, `user[password]`.
            let last = key.iter().rposition(|b| matches!(b, b'.' | b'[' | b'/' | b':')).map(|at| fold(&key[at + 1..]));
            known.is_name |= matches!(&whole[..], b"name" | b"key" | b"header" | b"field" | b"param" | b"parameter");
            known.is_value |= matches!(&whole[..], b"value" | b"values" | b"val" | b"content");
            for name in [Some(&whole), last.as_ref()].into_iter().flatten() {
                let meant = self.candidates(name).filter(|(pattern, _)| meets(pattern, name));
                meant.for_each(|(_, meant)| known.meant.add(*meant));
            }
        }
        known
    }
}

/// A key without what tells the elements of a list apart: `password[]`, `password[0]`, `password.0`.
fn without_index(mut key: &[u8]) -> &[u8] {
    loop {
        let open = key.strip_suffix(b"]").unwrap_or(key);
        let digits = open.iter().rev().take_while(|b| b.is_ascii_digit()).count();
        let rest = &open[..open.len() - digits];
        key = match rest.split_last() {
            Some((b'[', name)) if open.len() < key.len() && !name.is_empty() => name,
            Some((b'.', name)) if open.len() == key.len() && digits > 0 && !name.is_empty() => name,
            _ => return key,
        };
    }
}

/// Whether a folded pattern (`*` for anything, `?` for one character) is for a folded key.
fn meets(pattern: &[u8], key: &[u8]) -> bool {
    // Most patterns are told from most keys by how they begin or end.
    let differs = |p: Option<&u8>, k: Option<&u8>| p != k && !matches!(p, Some(b'*' | b'?'));
    if differs(pattern.first(), key.first()) || differs(pattern.last(), key.last()) {
        return false;
    }
    let (mut p, mut k) = (0, 0);
    let mut star = None;
    while k < key.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p + 1, k));
                p += 1;
            }
            Some(b'?') => {
                p += 1;
                k += width(key[k]);
            }
            Some(&byte) if byte == key[k] => {
                p += 1;
                k += 1;
            }
            _ => {
                // Let the last star stand for one character more.
                let Some((behind, from)) = star else { return false };
                let from = from + width(key[from]);
                star = Some((behind, from));
                (p, k) = (behind, from);
            }
        }
    }
    pattern[p..].iter().all(|&b| b == b'*')
}

/// Bytes of a UTF-8 character by its first.
fn width(first: u8) -> usize {
    match first {
        ..=0xBF => 1,
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0.. => 4,
    }
}

/// A key without what does not tell names apart: case, separators, marks without width; full-width characters as plain
/// ones.
fn fold(key: &[u8]) -> Vec<u8> {
    let mut folded = Vec::with_capacity(key.len());
    for chunk in key.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '_' | '-' | ' ' | '.' | '\t' | ']' | '"' | '\'' => {}
                '!'..='~' => folded.push(c.to_ascii_lowercase() as u8),
                _ => {
                    let c = plain(c);
                    if let Some(c) = c.filter(|c| !matches!(c, '_' | '-' | ' ' | '.')) {
                        for c in c.to_lowercase() {
                            folded.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                        }
                    }
                }
            }
        }
        folded.extend_from_slice(chunk.invalid());
    }
    folded
}

/// The character that one is meant to look like; none for one that nobody sees.
fn plain(c: char) -> Option<char> {
    match c {
        '\0'..='\u{1F}' | '\u{7F}'..='\u{A0}' | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180B}'..='\u{180E}' => None,
        '\u{2000}'..='\u{200F}' | '\u{2028}'..='\u{202F}' | '\u{205F}'..='\u{206F}' | '\u{3000}' => None,
        '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}' => None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' => Some('-'),
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFF01 + 0x21),
        _ => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::seen::Seen;

    fn known(patterns: &[&str], key: &str) -> bool {
        let mut keys = Keys::default();
        patterns.iter().for_each(|pattern| keys.add(pattern, Meant { always: Rules::one(0), ..Meant::default() }));
        let mut seen = Seen::default();
        let first = seen.know(&keys, key.as_bytes(), &mut |_| false);
        assert_eq!(first, seen.know(&keys, key.as_bytes(), &mut |_| false));
        !first.unwrap_or_default().meant.rules(false).is_none()
    }

    #[test]
    fn case_separators_and_odd_characters_make_no_difference() {
        for key in [
            "accessToken",
            "ACCESS_TOKEN",
            "access-token",
            "Access Token",
            "access.token",
            "oauth.accessToken",
            "user[access_token]",
            "ａｃｃｅｓｓＴｏｋｅｎ",
            "access\u{200B}Token",
            "acc\u{AD}ess\u{2010}token",
            "access_token[]",
            "user[access_token][0][12]",
            "accessToken.0",
            "user%5Baccess%5ftoken%5D",
            "access%2554oken",
        ] {
            assert!(known(&["access_token"], key), "{key}");
        }
        assert!(!known(&["access_token"], "accessTokens"));
        assert!(!known(&["access_token"], "token"));
        assert!(!known(&["access_token"], "access_token[x]"));
        assert!(known(&["0"], "[0]") && known(&["0"], "a.0") && known(&["%"], "%"));
        assert!(known(&["straße"], "STRAßE"));
        assert!(known(&["ÉCOLE"], "école"));
    }

    #[test]
    fn wildcards_stand_for_characters() {
        for (pattern, key, wanted) in [
            ("*token*", "refreshTokenId", true),
            ("*token*", "token", true),
            ("*token*", "tok", false),
            ("pass*", "passphrase", true),
            ("pass*", "bypass", false),
            ("*key", "api-key", true),
            ("*key", "keyId", false),
            ("k?y", "kéy", true),
            ("k?y", "ky", false),
            ("a*b*c", "a-xx-b-yy-bc", true),
            ("a*b*c", "acb", false),
            ("*", "", true),
            ("?", "", false),
        ] {
            assert_eq!(known(&[pattern], key), wanted, "{pattern} {key}");
        }
    }

    #[test]
    fn a_key_of_any_length_is_answered_for() {
        assert!(known(&["*aab"], &("a".repeat(3000) + "b")));
        assert!(known(&["x"], &"a".repeat(LONGEST + 1)));
    }
}
