//! The reference reading of a record: RFC 8259's grammar, UTF-8 and the depth limit, a byte at a time.
//!
//! Slow, short, and the judge: the fast path asks it for the exact place of a fault, and for a second opinion
//! wherever the kernel had a doubt.

use super::fault::{Fault, Reason};
use super::kernel::hex4;

/// Reads one value from the first byte of `text` (white space before it allowed) and gives the position behind it.
///
/// What follows the value is not looked at, but for a number's or literal's own end.
pub(crate) fn check(text: &[u8], depth: usize) -> Result<usize, Fault> {
    let mut reader = Reader { text, at: 0, depth };
    reader.space();
    reader.value().map_err(|reason| Fault { reason, at: reader.at })?;
    Ok(reader.at)
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// `Err(reason)` at a byte, or that the text has ended.
    fn unless_end<T>(&self, reason: Reason) -> Result<T, Reason> {
        Err(if self.at < self.text.len() { reason } else { Reason::UnexpectedEnd })
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    // ws = *( %x20 / %x09 / %x0A / %x0D )
    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    // value, without recursion: `open` holds the closing bracket of each container begun
    fn value(&mut self) -> Result<(), Reason> {
        let mut open: Vec<u8> = Vec::new();
        loop {
            match self.peek() {
                Some(bracket @ (b'{' | b'[')) => {
                    if open.len() == self.depth {
                        return Err(Reason::TooDeep);
                    }
                    self.at += 1;
                    open.push(bracket + 2); // `{` to `}` and `[` to `]`
                    self.space();
                    if self.peek() != open.last().copied() {
                        if bracket == b'{' {
                            self.key()?;
                        }
                        continue;
                    }
                }
                Some(b'"') => self.string()?,
                Some(b'-' | b'0'..=b'9') => self.number()?,
                Some(b't') => self.literal(b"true")?,
                Some(b'f') => self.literal(b"false")?,
                Some(b'n') => self.literal(b"null")?,
                _ => return self.unless_end(Reason::ExpectedValue),
            }
            loop {
                let Some(&close) = open.last() else {
                    return Ok(());
                };
                self.space();
                if self.eat(close) {
                    open.pop();
                } else if self.eat(b',') {
                    self.space();
                    if close == b'}' {
                        self.key()?;
                    }
                    break;
                } else {
                    return self.unless_end(Reason::ExpectedCommaOrEnd);
                }
            }
        }
    }

    // string ws %x3A ws
    fn key(&mut self) -> Result<(), Reason> {
        if self.peek() != Some(b'"') {
            return self.unless_end(Reason::ExpectedKey);
        }
        self.string()?;
        self.space();
        if !self.eat(b':') {
            return self.unless_end(Reason::ExpectedColon);
        }
        self.space();
        Ok(())
    }

    fn literal(&mut self, word: &[u8]) -> Result<(), Reason> {
        for &byte in word {
            if !self.eat(byte) {
                return self.unless_end(Reason::ExpectedValue);
            }
        }
        Ok(())
    }

    // number = [ "-" ] int [ frac ] [ exp ]
    fn number(&mut self) -> Result<(), Reason> {
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        } else if matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(Reason::Number);
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _ = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Reason> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return self.unless_end(Reason::Number);
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Ok(())
    }

    fn string(&mut self) -> Result<(), Reason> {
        self.at += 1;
        loop {
            match self.peek() {
                None => return Err(Reason::UnexpectedEnd),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                Some(0..=0x1F) => return Err(Reason::ControlInString),
                Some(0x20..=0x7F) => self.at += 1,
                Some(_) => self.scalar()?,
            }
        }
    }

    /// One character beyond ASCII.
    fn scalar(&mut self) -> Result<(), Reason> {
        let rest = &self.text[self.at..];
        let longest = &rest[..rest.len().min(4)];
        self.at += match std::str::from_utf8(longest) {
            Ok(_) => longest.len().min(utf8_len(longest[0])),
            Err(e) if e.valid_up_to() > 0 => utf8_len(longest[0]),
            Err(e) if e.error_len().is_none() => return Err(Reason::UnexpectedEnd),
            Err(_) => return Err(Reason::Utf8),
        };
        Ok(())
    }

    fn escape(&mut self) -> Result<(), Reason> {
        match self.text.get(self.at + 1) {
            None => Err(Reason::UnexpectedEnd),
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 2;
                Ok(())
            }
            Some(b'u') => match hex4(self.text, self.at + 2) {
                Some(0xD800..=0xDBFF) => {
                    let low = &self.text[self.at + 6..];
                    let begun = low.iter().zip(b"\\u").all(|(a, b)| a == b)
                        && low.iter().skip(2).take(4).all(u8::is_ascii_hexdigit);
                    if matches!(hex4(low, 2), Some(0xDC00..=0xDFFF)) && begun {
                        self.at += 12;
                        Ok(())
                    } else if low.len() < 6 && begun {
                        Err(Reason::UnexpectedEnd)
                    } else {
                        Err(Reason::LoneSurrogate)
                    }
                }
                Some(0xDC00..=0xDFFF) => Err(Reason::LoneSurrogate),
                Some(_) => {
                    self.at += 6;
                    Ok(())
                }
                None if self.text[self.at + 2..].iter().take(4).all(u8::is_ascii_hexdigit) => {
                    Err(Reason::UnexpectedEnd)
                }
                None => Err(Reason::Escape),
            },
            Some(_) => Err(Reason::Escape),
        }
    }
}

/// How many bytes a character takes that begins with the (valid) byte `lead`.
fn utf8_len(lead: u8) -> usize {
    match lead {
        0..=0x7F => 1,
        0x80..=0xDF => 2,
        0xE0..=0xEF => 3,
        _ => 4,
    }
}
