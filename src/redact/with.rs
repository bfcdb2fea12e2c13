//! What becomes of a value.

use super::character::characters;
use super::rule::{Action, Hash, Mask};
use crate::hash::hex;
use crate::pattern::Marks;
use crate::sensitive::Alphabet;
use crate::tape::{Kind, decode, escape_into, number};

/// What a masked character becomes.
const MASK: u8 = b'*';
/// What stands for the rest of a truncated text; it counts as one of the characters that are left.
const ELLIPSIS: &str = "…";

impl Action {
    /// Whether a value stays as it is, to the byte.
    pub(super) fn leaves(&self, kind: Kind, text: &[u8], marks: &Marks) -> bool {
        match self {
            // What is withheld says so, however little may be left of a text.
            _ if self.keeps() && text == super::WITHHELD.as_bytes() => true,
            Action::Hash(_) | Action::Mask(_) => kind == Kind::Null || text.is_empty(),
            Action::Truncate(most) => {
                kind == Kind::Null || characters(&String::from_utf8_lossy(text), marks).nth(*most).is_none()
            }
            _ => false,
        }
    }

    /// Appends the JSON that stands in the place of a value that is no object or array. `text` is what a string says,
    /// and anything else's JSON.
    pub(super) fn write_value(&self, kind: Kind, text: &[u8], marks: &Marks, out: &mut Vec<u8>) {
        match (self, kind) {
            (Action::Remove, _) => {}
            (Action::Replace(with), _) => out.extend_from_slice(with.as_bytes()),
            (Action::Hash(hash), Kind::Number) => {
                let mut plain = Vec::new();
                number::plain(text, &mut plain);
                out.push(b'"');
                hash.write(&plain, out);
                out.push(b'"');
            }
            (Action::Mask(Mask { keep_type: true, .. }), Kind::Number) => out.push(b'0'),
            (Action::Mask(Mask { keep_type: true, .. }), Kind::True | Kind::False) => out.extend_from_slice(b"false"),
            _ => {
                let mut becomes = Vec::new();
                self.write_text(text, marks, &mut becomes);
                out.push(b'"');
                escape_into(&becomes, out);
                out.push(b'"');
            }
        }
    }

    /// How much of a text is what this would put there.
    pub(super) fn put_before(&self, text: &[u8]) -> usize {
        let mut put = Vec::new();
        if matches!(self, Action::Replace(_)) {
            self.write_text(b"", &Marks::default(), &mut put);
        }
        if text.starts_with(&put) { put.len() } else { 0 }
    }

    /// Appends what stands in the place of a part of a text.
    pub(super) fn write_text(&self, text: &[u8], marks: &Marks, out: &mut Vec<u8>) {
        match self {
            Action::Remove => {}
            Action::Replace(with) => match with.strip_prefix('"').and_then(|with| with.strip_suffix('"')) {
                Some(inside) => decode(inside.as_bytes(), out),
                None => out.extend_from_slice(with.as_bytes()),
            },
            Action::Hash(hash) => hash.write(text, out),
            Action::Mask(mask) => mask.write(text, marks, out),
            Action::Truncate(_) if self.leaves(Kind::String, text, marks) => out.extend_from_slice(text),
            Action::Truncate(most) => {
                let text = String::from_utf8_lossy(text);
                let left = characters(&text, marks).take(most.saturating_sub(1));
                left.chain([ELLIPSIS]).for_each(|c| out.extend_from_slice(c.as_bytes()));
            }
        }
    }
}

impl Hash {
    /// Letters that no JSON has to escape: what a prefix may be is settled by the policy.
    fn write(&self, text: &[u8], out: &mut Vec<u8>) {
        let digest = self.hmac.of(text);
        out.extend_from_slice(self.prefix.as_bytes());
        let mut written = Vec::new();
        match self.base64url {
            true => Alphabet { url: true, padded: false }.encode(&digest, &mut written),
            false => written.extend_from_slice(&hex(&digest)),
        }
        out.extend_from_slice(&written[..self.length.min(written.len())]);
    }
}

impl Mask {
    /// The same, which leaves nothing.
    pub(super) fn whole(self) -> Action {
        Action::Mask(Mask { first: 0, last: 0, ..self })
    }

    /// A character becomes one `*`. A text that is not at least twice as long as what is to be left is masked whole.
    pub(super) fn write(self, text: &[u8], marks: &Marks, out: &mut Vec<u8>) {
        let text = String::from_utf8_lossy(text);
        let count = characters(&text, marks).count();
        let kept = self.first.saturating_add(self.last);
        let (first, last) = if count / 2 < kept { (0, 0) } else { (self.first, self.last) };
        for (number, c) in characters(&text, marks).enumerate() {
            match number < first || number >= count - last {
                true => out.extend_from_slice(c.as_bytes()),
                false => out.push(MASK),
            }
        }
    }
}
