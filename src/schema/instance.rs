//! What keywords look at a value with.

use super::check::Checker;
use super::names::Key;
use super::node::*;
use crate::tape::{self, Kind, number};

impl Checker<'_> {
    #[inline(always)]
    pub(super) fn is_type(&self, types: Kinds, kind: Kind, at: u32) -> bool {
        types & bit(kind) != 0
            || (kind == Kind::Number && types & INTEGER != 0 && number::is_integer(self.view.raw(at)))
    }

    /// Whether a value is a number without fraction and exponent, none but digits behind its sign, that a schema has
    /// nothing against.
    #[inline(always)]
    pub(super) fn is_quick_integer(&self, quick: Kinds, node: &tape::Node) -> bool {
        const HIGH: u64 = 0xF0F0_F0F0_F0F0_F0F0;
        let raw = node.span().of(self.view.text);
        let digits = raw.strip_prefix(b"-").unwrap_or(raw);
        let fits = if digits.len() == raw.len() { INTEGER | NATURAL } else { INTEGER };
        if quick & fits == 0 {
            return false;
        }
        let (eights, rest) = digits.as_chunks::<8>();
        let digit = |byte: &u8| byte & 0xF0 == 0x30; // the others are . e E + -
        eights.iter().all(|eight| u64::from_le_bytes(*eight) & HIGH == HIGH / 0xF * 3) && rest.iter().all(digit)
    }

    /// Whether a string or key certainly holds no escape.
    pub(super) fn is_plain(&self, at: u32) -> bool {
        self.view.tape.get(at as usize).is_some_and(|node| !node.escaped)
    }

    /// Looks at what a string or key says; what is made of the text is given back.
    #[inline(always)]
    pub(super) fn with_string<T>(&mut self, at: u32, look: impl FnOnce(&[u8]) -> T) -> T {
        let mut memory = std::mem::take(&mut self.scratch.text);
        let result = look(self.view.string(at, &mut memory));
        self.scratch.text = memory;
        result
    }

    /// The number of what a string or key says among the schema's texts.
    #[inline(never)]
    pub(super) fn find(&mut self, at: u32) -> Option<u32> {
        let names = &self.schema.names;
        let node = self.view.tape.get(at as usize)?;
        if node.escaped {
            return self.with_string(at, |text| names.find(&Key::new(text)));
        }
        names.find(&Key::at(self.view.text, node.start as usize + 1, (node.end as usize).saturating_sub(1)))
    }
}
