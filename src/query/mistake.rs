//! What keeps a text from being a query.

/// A mistake, and where it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) code: &'static str,
    /// A byte of the query.
    pub(super) at: usize,
    pub(super) expected: &'static str,
    /// What to do about it; empty where that is plain.
    pub(super) help: &'static str,
}

impl Mistake {
    /// Of the grammar.
    pub(super) fn new(at: usize, expected: &'static str) -> Mistake {
        Mistake::of("Q100", at, expected)
    }

    pub(super) fn of(code: &'static str, at: usize, expected: &'static str) -> Mistake {
        Mistake { code, at, expected, help: "" }
    }

    pub(super) fn help(self, help: &'static str) -> Mistake {
        Mistake { help, ..self }
    }

    /// The same, so many bytes further on.
    pub(super) fn behind(self, bytes: usize) -> Mistake {
        Mistake { at: self.at + bytes, ..self }
    }
}
