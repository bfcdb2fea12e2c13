//! What keywords look at a value with.

use super::check::Checker;
use super::names::{Key, Names};
use super::node::*;
use crate::tape::{self, Cursor, Kind, number};

impl<'a> Checker<'a> {
    #[inline(always)]
    pub(super) fn kind(&self, at: u32) -> Kind {
        self.tape.get(at as usize).map_or(Kind::Null, |node| node.kind)
    }

    /// One behind a value's last entry.
    #[inline(always)]
    pub(super) fn next(&self, at: u32) -> u32 {
        self.tape.get(at as usize).map_or(at, |node| node.next).max(at + 1)
    }

    pub(super) fn raw(&self, at: u32) -> &'a [u8] {
        self.tape.get(at as usize).map_or(&[], |node| node.span().of(self.text))
    }

    #[inline(always)]
    pub(super) fn is_type(&self, types: Kinds, kind: Kind, at: u32) -> bool {
        types & bit(kind) != 0 || (kind == Kind::Number && types & INTEGER != 0 && number::is_integer(self.raw(at)))
    }

    /// Whether a number is written without fraction and exponent: none but digits behind its sign.
    #[inline(always)]
    pub(super) fn is_plain_integer(&self, node: &tape::Node) -> bool {
        const HIGH: u64 = 0xF0F0_F0F0_F0F0_F0F0;
        let raw = node.span().of(self.text);
        let digits = raw.strip_prefix(b"-").unwrap_or(raw);
        let (eights, rest) = digits.as_chunks::<8>();
        let digit = |byte: &u8| byte & 0xF0 == 0x30; // the others are . e E + -
        eights.iter().all(|eight| u64::from_le_bytes(*eight) & HIGH == HIGH / 0xF * 3) && rest.iter().all(digit)
    }

    /// Whether a string or key certainly holds no escape.
    pub(super) fn is_plain(&self, at: u32) -> bool {
        self.tape.get(at as usize).is_some_and(|node| !node.escaped)
    }

    /// What a string or key says. A text with escapes is decoded into `memory`.
    #[inline(always)]
    pub(super) fn string<'m>(&self, at: u32, memory: &'m mut Vec<u8>) -> &'m [u8]
    where
        'a: 'm,
    {
        let raw = self.raw(at);
        let inside = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        let escaped = self.tape.get(at as usize).is_some_and(|node| node.escaped);
        if !escaped || !inside.contains(&b'\\') {
            return inside;
        }
        memory.clear();
        tape::decode(inside, memory);
        memory
    }

    /// [`Checker::string`] with the scratch memory; what is made of the text is given back.
    #[inline(always)]
    pub(super) fn with_string<T>(&mut self, at: u32, look: impl FnOnce(&[u8]) -> T) -> T {
        let mut memory = std::mem::take(&mut self.scratch.text);
        let result = look(self.string(at, &mut memory));
        self.scratch.text = memory;
        result
    }

    /// The number of what a string or key says among some names.
    #[inline(always)]
    pub(super) fn find(&mut self, names: &Names, at: u32) -> Option<u32> {
        let node = self.tape.get(at as usize)?;
        if node.escaped {
            return self.find_escaped(names, at);
        }
        names.find(&Key::at(self.text, node.start as usize + 1, (node.end as usize).saturating_sub(1)))
    }

    #[inline(never)]
    fn find_escaped(&mut self, names: &Names, at: u32) -> Option<u32> {
        self.with_string(at, |name| names.find(&Key::new(name)))
    }

    /// The entries of an object's keys; each value stands behind its key.
    pub(super) fn keys(&self, object: u32) -> impl Iterator<Item = u32> + use<'a> {
        let tape = self.tape;
        let end = self.next(object);
        let mut at = object + 1;
        std::iter::from_fn(move || {
            let key = (at < end).then_some(at)?;
            at = tape.get(key as usize + 1).map_or(end, |value| value.next).max(key + 2);
            Some(key)
        })
    }

    /// The entries of an array's elements.
    pub(super) fn elements(&self, array: u32) -> impl Iterator<Item = u32> + use<'a> {
        let tape = self.tape;
        let end = self.next(array);
        let mut at = array + 1;
        std::iter::from_fn(move || {
            let element = (at < end).then_some(at)?;
            at = tape.get(element as usize).map_or(end, |value| value.next).max(element + 1);
            Some(element)
        })
    }

    /// The key of that name, the last where there are several.
    pub(super) fn key(&mut self, object: u32, name: &[u8]) -> Option<u32> {
        self.keys(object).filter(|key| self.with_string(*key, |text| text == name)).last()
    }

    pub(super) fn cursor(&self, at: u32) -> Option<Cursor<'a>> {
        Cursor::on(self.text, self.tape, at)
    }
}
