//! How far a value reaches, found out a chunk at a time and without judging it: brackets and quotes are counted.

/// The extent of one value, as far as it has been seen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Extent {
    begun: Begun,
    depth: u32,
    escaped: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Begun {
    #[default]
    Nothing,
    Scalar,
    /// In a string, at any depth.
    String,
    /// In a container, outside strings.
    Open,
}

impl Extent {
    /// Goes on through `bytes`. Gives how many of them belong to the value once its end is found, at least one in all.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Option<usize> {
        for (i, &byte) in bytes.iter().enumerate() {
            match (self.begun, byte) {
                (Begun::String, _) if self.escaped => self.escaped = false,
                (Begun::String, b'\\') => self.escaped = true,
                (Begun::String, b'"') if self.depth == 0 => return Some(i + 1),
                (Begun::String, b'"') => self.begun = Begun::Open,
                (Begun::String, _) => {}
                (Begun::Scalar, b' ' | b'\t' | b'\r' | b'\n' | b',' | b'{' | b'}' | b'[' | b']' | b'"') => {
                    return Some(i);
                }
                (Begun::Scalar, _) => {}
                (Begun::Nothing | Begun::Open, b'"') => self.begun = Begun::String,
                (Begun::Nothing | Begun::Open, b'{' | b'[') => {
                    self.begun = Begun::Open;
                    self.depth += 1;
                }
                (Begun::Nothing, b'}' | b']' | b',' | b':') => return Some(i + 1),
                (Begun::Nothing, _) => self.begun = Begun::Scalar,
                (Begun::Open, b'}' | b']') => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Some(i + 1);
                    }
                }
                (Begun::Open, _) => {}
            }
        }
        None
    }

    /// Whether what was seen ends inside a string.
    pub(crate) fn in_string(&self) -> bool {
        self.begun == Begun::String
    }
}
