//! Groups: their names, modifiers, and conditions; ECMA-262 (2025), Atom, Assertion and GroupSpecifier of section 22.2.1.

use super::syntax::{Parser, Piece, Read};
use super::unicode::is_of_name;

impl Parser<'_> {
    /// Behind a `(`: whether it begins a condition, and if so, whether that looks behind.
    pub(super) fn look_around(&mut self) -> Option<bool> {
        let kinds = [("?=", false), ("?!", false), ("?<=", true), ("?<!", true)];
        kinds.into_iter().find(|(sign, _)| self.eat(sign)).map(|(_, behind)| behind)
    }

    /// A group, from behind its `(` on, or from behind the sign of a condition.
    pub(super) fn group(&mut self, open: usize, is_condition: bool) -> Read<Piece> {
        let flags = self.flags;
        if !is_condition {
            self.head()?;
        }
        let piece = self.choice()?;
        if !self.eat(")") {
            return self.fail(open, "a group that is closed: )");
        }
        self.flags = flags;
        Ok(piece)
    }

    /// What a group begins with, if it does not only capture: `?<name>`, `?:`, `?i:` …
    fn head(&mut self) -> Read<()> {
        let named = self.eat("?<");
        if !named && self.eat("?") {
            return self.modifiers();
        }
        self.groups += 1;
        if named {
            let at = self.at;
            let name = self.group_name()?;
            if self.names.contains(&name) {
                return self.fail(at, "a name that no other group has");
            }
            self.names.push(name);
        }
        Ok(())
    }

    /// `:`, `i:`, `ims-:`, `s-im:` …
    fn modifiers(&mut self) -> Read<()> {
        let (mut on, mut seen) = (true, Vec::new());
        while let Some(sign) = self.peek().filter(|sign| matches!(sign, 'i' | 'm' | 's' | '-') && !seen.contains(sign))
        {
            match sign {
                'i' => self.flags.ignore_case = on,
                'm' => self.flags.multiline = on,
                's' => self.flags.dot_all = on,
                _ => on = false,
            }
            seen.push(sign);
            self.at += 1;
        }
        if seen != ['-'] && self.eat(":") {
            return Ok(());
        }
        self.fail(self.at, "a group: (…), (?:…), (?<name>…) or (?i:…)")
    }

    /// From behind the `<` on. Names hold letters, digits, `_` and `$`.
    pub(super) fn group_name(&mut self) -> Read<String> {
        let mut name = String::new();
        while !self.eat(">") {
            let at = self.at;
            let c = match self.peek() {
                Some('\\') => {
                    self.at += 1;
                    let escaped = if self.eat("u") { self.unicode_escape(at)? } else { 0 };
                    char::from_u32(escaped).unwrap_or_default()
                }
                c => {
                    self.at += c.map_or(0, char::len_utf8);
                    c.unwrap_or_default()
                }
            };
            if c != '$' && !is_of_name(c, name.is_empty()) {
                return self.fail(at, "a name of letters and digits, closed by >");
            }
            name.push(c);
        }
        if name.is_empty() {
            return self.fail(self.at - 1, "a name of letters and digits, closed by >");
        }
        Ok(name)
    }
}
