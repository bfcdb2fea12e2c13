//! Keys by name, in whatever case and with whatever separators they are written: `*token*` is for `accessToken`,
//! `ACCESS_TOKEN` and `access-token-2`.

use super::rule::Rules;

/// Keys longer than this are taken to be meant by every pattern.
const LONGEST: usize = 4096;

/// The patterns of all rules.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// Each folded.
    patterns: Vec<(Vec<u8>, Meant)>,
}

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
            None => self.patterns.push((folded, meant)),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// What is known of a key, by its text.
    pub(super) fn know(&self, key: &[u8]) -> Known {
        if key.len() > LONGEST {
            let mut known = Known::default();
            self.patterns.iter().for_each(|(_, meant)| known.meant.add(*meant));
            return known;
        }
        let whole = fold(key);
        // The last part of a key that stands for a way: `request.headers.authorization`, `user[password]`.
        let last = key.iter().rposition(|b| matches!(b, b'.' | b'[' | b'/' | b':')).map(|at| fold(&key[at + 1..]));
        let mut known = Known {
            is_name: matches!(&whole[..], b"name" | b"key" | b"header" | b"field" | b"param" | b"parameter"),
            is_value: matches!(&whole[..], b"value" | b"values" | b"val" | b"content"),
            ..Known::default()
        };
        for (pattern, meant) in &self.patterns {
            if meets(pattern, &whole) || last.as_ref().is_some_and(|last| meets(pattern, last)) {
                known.meant.add(*meant);
            }
        }
        known
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

/// What was found out about keys, for the next time: few keys are new.
#[derive(Debug, Default)]
pub(super) struct Seen {
    slots: Vec<(Vec<u8>, Known)>,
}

impl Seen {
    const SLOTS: usize = 512;
    /// Keys longer than this are looked at each time.
    const LONGEST: usize = 64;

    /// What is known of a key, by its text.
    #[inline]
    pub(super) fn know(&mut self, keys: &Keys, key: &[u8], is_sensitive: &mut dyn FnMut(&[u8]) -> bool) -> Known {
        let mut look = || Known { is_sensitive: is_sensitive(key), ..keys.know(key) };
        if key.len() > Seen::LONGEST {
            return look();
        }
        if self.slots.is_empty() {
            self.slots.resize_with(Seen::SLOTS, || (Vec::new(), Known::default()));
        }
        let Some((seen, known)) = self.slots.get_mut(home(key)) else { return look() };
        if seen != key || key.is_empty() {
            *known = look();
            seen.clear();
            seen.extend_from_slice(key);
        }
        *known
    }
}

#[inline]
fn home(key: &[u8]) -> usize {
    let mut hash = key.len() as u64;
    for word in key.chunks(8) {
        let mut bytes = [0; 8];
        bytes[..word.len()].copy_from_slice(word);
        hash = (hash ^ u64::from_le_bytes(bytes)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    }
    (hash >> 13) as usize % Seen::SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(patterns: &[&str], key: &str) -> bool {
        let mut keys = Keys::default();
        patterns.iter().for_each(|pattern| keys.add(pattern, Meant { always: Rules::one(0), ..Meant::default() }));
        let mut seen = Seen::default();
        let first = seen.know(&keys, key.as_bytes(), &mut |_| false);
        assert_eq!(first, seen.know(&keys, key.as_bytes(), &mut |_| false));
        !first.meant.rules(false).is_none()
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
        ] {
            assert!(known(&["access_token"], key), "{key}");
        }
        assert!(!known(&["access_token"], "accessTokens"));
        assert!(!known(&["access_token"], "token"));
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
