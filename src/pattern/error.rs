/// What keeps a text from being a pattern, or a pattern from being matched in linear time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PatternError {
    /// The byte of the pattern where it shows.
    pub(crate) at: usize,
    /// What would have been right there.
    pub(crate) expected: &'static str,
}
