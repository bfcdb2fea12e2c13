//! Escapes and classes: ECMA-262 (2025), CharacterEscape, CharacterClassEscape and CharacterClass of section 22.2.1.

use super::set::{LAST, Set};
use super::syntax::{Parser, Read};
use super::unicode::{Unknown, fold_set, property};

const HEX: &str = "hexadecimal digits: \\x41, \\u0041 or \\u{41}";

/// What stands in a class between its brackets.
enum Atom {
    Point(u32),
    Set(Set),
}

impl Atom {
    #[inline(never)]
    fn add_to(self, ranges: &mut Vec<(u32, u32)>) {
        ranges.extend(self.set().ranges());
    }

    fn set(self) -> Set {
        match self {
            Atom::Point(point) => Set::of(&[(point, point)]),
            Atom::Set(set) => set,
        }
    }
}

impl<'a> Parser<'a> {
    /// An escape outside of a class, from behind its backslash on; `at` is the backslash.
    pub(super) fn escape(&mut self, at: usize) -> Read<Set> {
        Ok(self.any_escape(at)?.set())
    }

    /// A class, from behind its `[` on.
    #[inline(never)]
    pub(super) fn class(&mut self, open: usize) -> Read<Set> {
        let inverted = self.eat("^");
        let mut ranges = Vec::new();
        while !self.eat("]") {
            let at = self.at;
            let first = self.class_atom(open)?;
            let dash = self.at;
            if !self.eat("-") || self.peek() == Some(']') {
                self.at = dash; // a dash at the end stands for itself
                first.add_to(&mut ranges);
                continue;
            }
            match (first, self.class_atom(open)?) {
                (Atom::Point(first), Atom::Point(last)) if first > last => {
                    return self.fail(at, "a range whose end is not before its start");
                }
                (Atom::Point(first), Atom::Point(last)) => ranges.push((first, last)),
                (first, last) => {
                    ranges.push((0x2D, 0x2D)); // annex B: a class is no end of a range
                    first.add_to(&mut ranges);
                    last.add_to(&mut ranges);
                }
            }
        }
        let set = self.folded(Set::of(&ranges));
        Ok(if inverted { set.complement() } else { set })
    }

    fn class_atom(&mut self, open: usize) -> Read<Atom> {
        let at = self.at;
        let Some(c) = self.peek() else { return self.fail(open, "a class that is closed: ]") };
        self.at += c.len_utf8();
        match (c, self.peek()) {
            ('\\', Some('b')) => {
                self.at += 1;
                Ok(Atom::Point(0x08))
            }
            ('\\', _) => self.any_escape(at),
            _ => Ok(Atom::Point(c as u32)),
        }
    }

    fn any_escape(&mut self, at: usize) -> Read<Atom> {
        let Some(c) = self.peek() else { return self.fail(at, "a character behind the backslash") };
        self.at += c.len_utf8();
        let set = match c {
            'd' | 'D' => Set::digits(),
            's' | 'S' => Set::space(),
            'w' | 'W' => self.folded(Set::word()),
            'p' | 'P' => self.property(at)?,
            _ => return Ok(Atom::Point(self.character(at, c)?)),
        };
        Ok(Atom::Set(if c.is_ascii_uppercase() { set.complement() } else { set }))
    }

    /// An escape that stands for one character; `c` is read.
    #[inline(never)]
    fn character(&mut self, at: usize, c: char) -> Read<u32> {
        match c {
            't' => Ok(0x09),
            'n' => Ok(0x0A),
            'v' => Ok(0x0B),
            'f' => Ok(0x0C),
            'r' => Ok(0x0D),
            '0' if !self.peek().is_some_and(|next| next.is_ascii_digit()) => Ok(0),
            'c' => match self.peek().filter(char::is_ascii_alphabetic) {
                Some(letter) => {
                    self.at += 1;
                    Ok(letter as u32 % 32)
                }
                None => self.fail(at, "a letter behind \\c"),
            },
            'x' => self.hex(2).map_or_else(|| self.fail(at, HEX), Ok),
            'u' => self.unicode_escape(at),
            _ if c.is_ascii_alphanumeric() => self.fail(at, "an escape of ECMA-262"),
            _ => Ok(c as u32),
        }
    }

    /// From behind the `u` on: `0041`, `{1F600}`, or two surrogates, `D83D\uDE00`.
    pub(super) fn unicode_escape(&mut self, at: usize) -> Read<u32> {
        let point = if self.eat("{") {
            let digits = self.rest().bytes().take_while(u8::is_ascii_hexdigit).count();
            let point = self.hex(digits).filter(|&point| digits > 0 && point <= LAST);
            point.filter(|_| self.eat("}"))
        } else {
            let first = self.hex(4);
            let behind = self.at;
            match first {
                Some(high @ 0xD800..=0xDBFF) if self.eat("\\u") => match self.hex(4) {
                    Some(low @ 0xDC00..=0xDFFF) => Some(0x1_0000 + ((high - 0xD800) << 10 | (low - 0xDC00))),
                    _ => {
                        self.at = behind;
                        first
                    }
                },
                _ => first,
            }
        };
        point.map_or_else(|| self.fail(at, HEX), Ok)
    }

    /// The number that the next digits write; none where one of them is none.
    fn hex(&mut self, digits: usize) -> Option<u32> {
        let text = self.rest().get(..digits).filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()))?;
        self.at += digits;
        let digit = |sum: u32, c: char| sum.saturating_mul(16).saturating_add(c.to_digit(16).unwrap_or_default());
        Some(text.chars().fold(0, digit))
    }

    /// From behind the `p` on: `{Letter}`, `{gc=Lu}`, `{Script=Greek}`.
    #[inline(never)]
    fn property(&mut self, at: usize) -> Read<Set> {
        let end = self.rest().bytes().position(|byte| byte == b'}').unwrap_or_default();
        let Some(name) = self.rest().get(1..end).filter(|_| self.peek() == Some('{')) else {
            return self.fail(at, "a property: \\p{Letter} or \\p{Script=Greek}");
        };
        self.at += end + 1;
        if let Some((_, set)) = self.properties.iter().find(|(known, _)| *known == name) {
            return Ok(set.clone());
        }
        let set = match property(name) {
            Ok(set) => set,
            Err(Unknown::Name) => {
                return self.fail(at, "a property of Unicode that ECMA-262 knows, written as it writes it");
            }
            Err(Unknown::NotBuiltIn) => {
                self.beyond(at, "a general category: this build has no other properties (feature `unicode`)");
                Set::default()
            }
        };
        self.properties.push((name, set.clone()));
        Ok(set)
    }

    fn folded(&self, set: Set) -> Set {
        if self.flags.ignore_case { fold_set(set) } else { set }
    }
}
