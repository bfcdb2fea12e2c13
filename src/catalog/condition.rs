//! Conditions on a value, and the forms of text that they know.

use crate::tape::number::{self, compare};
use crate::tape::{Cursor, Kind, Node};

/// What a value must be. None holds for null and the empty string: they say that there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    /// Anything.
    Present,
    /// One of some kinds.
    Kinds(Kinds),
    /// One of some values: numbers by value, text by its characters.
    Values(Vec<Scalar>),
    /// Text of one of some forms.
    Like(Vec<Glob>),
}

/// A set of kinds of values, in JSON Schema's sense.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kinds(pub(crate) u8);

impl Kinds {
    /// JSON Schema's words, by bit. An integer is a number too.
    pub(crate) const NAMES: [&'static str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];
}

/// How many sorts of values there are: the kinds, [`Kind::Key`]'s place taken by numbers with a fraction.
pub(crate) const SORTS: usize = 8;
const FRACTION: usize = Kind::Key as usize;
/// The sort of what says that there is no value: null and the empty string.
const NOTHING: usize = Kind::Null as usize;
/// Of each sort, what it is in JSON Schema's words: bits of [`Kinds`].
const KINDS: [u8; SORTS] = [0, 2, 2, 4 | 8, 16, 32, 64, 8];

/// A number without a fraction: nearly always as ids are written, else by value, as JSON Schema has it.
#[inline(always)]
fn is_integer(number: &[u8]) -> bool {
    number.iter().all(|b| b.is_ascii_digit() || *b == b'-') || number::is_integer(number)
}

/// A text, number or boolean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scalar {
    Text(String),
    /// A number's or boolean's JSON.
    Json(String),
}

impl Scalar {
    fn is(&self, value: Cursor<'_>) -> bool {
        match (self, value.kind()) {
            (Scalar::Text(text), Kind::String) => value.says(text),
            (Scalar::Json(json), Kind::Number) => {
                json.starts_with(|c: char| c == '-' || c.is_ascii_digit())
                    && compare(json.as_bytes(), value.raw()).is_eq()
            }
            (Scalar::Json(json), Kind::True | Kind::False) => json.as_bytes() == value.raw(),
            _ => false,
        }
    }
}

/// Text compared without regard to ASCII case; a star at its beginning or end stands for any text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Glob {
    text: String,
    starts_open: bool,
    ends_open: bool,
}

impl Glob {
    pub(crate) fn new(text: &str) -> Glob {
        let (rest, starts_open) = text.strip_prefix('*').map_or((text, false), |rest| (rest, true));
        let (rest, ends_open) = rest.strip_suffix('*').map_or((rest, false), |rest| (rest, true));
        Glob { text: rest.to_owned(), starts_open, ends_open }
    }

    /// How exact it is: no stars first, then the longest text.
    pub(crate) fn rank(&self) -> (bool, usize) {
        (!self.starts_open && !self.ends_open, self.text.len())
    }

    /// What the star of this form stands for in `text` (of two stars, the first); none if the text is not of the form.
    pub(crate) fn find<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        let form = self.text.as_bytes();
        let spare = text.len().checked_sub(form.len())?;
        let is_at = |at: usize| text[at..at + form.len()].eq_ignore_ascii_case(form);
        match (self.starts_open, self.ends_open) {
            (false, false) => (spare == 0 && is_at(0)).then_some(&[]),
            (true, false) => is_at(spare).then(|| &text[..spare]),
            (false, true) => is_at(0).then(|| &text[form.len()..]),
            (true, true) => (0..=spare).find(|at| is_at(*at)).map(|at| &text[..at]),
        }
    }
}

impl Condition {
    /// Whether a value meets it.
    pub(crate) fn holds(&self, value: Cursor<'_>) -> bool {
        let sort = Condition::sort(value.buffer(), value.node());
        self.holds_for(sort).unwrap_or_else(|| sort != NOTHING && self.holds_closely(value))
    }

    /// Whether a value that says something meets it, where its sort does not tell.
    fn holds_closely(&self, value: Cursor<'_>) -> bool {
        match self {
            Condition::Values(values) => values.iter().any(|scalar| scalar.is(value)),
            Condition::Like(globs) => {
                value.kind() == Kind::String && globs.iter().any(|glob| glob.find(&value.text()).is_some())
            }
            _ => false,
        }
    }

    /// The one text that meets it, where nothing else does.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Condition::Values(values) => match &values[..] {
                [Scalar::Text(text)] => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether all values of a sort meet it; none where that depends.
    pub(crate) fn holds_for(&self, sort: usize) -> Option<bool> {
        match self {
            Condition::Present => Some(sort != NOTHING),
            Condition::Kinds(kinds) => Some(kinds.0 & KINDS.get(sort).copied().unwrap_or_default() != 0),
            Condition::Values(_) | Condition::Like(_) => None,
        }
    }

    /// The sort of a value: its kind, but that the empty string is as good as null.
    #[inline(always)]
    pub(crate) fn sort(text: &[u8], value: &Node) -> usize {
        match value.kind {
            Kind::String if value.end - value.start == 2 => NOTHING,
            Kind::Number if !is_integer(value.span().of(text)) => FRACTION,
            kind => kind as usize,
        }
    }
}

/// Whether a member says anything: null and the empty string do not.
pub(crate) fn is_present(value: Cursor<'_>) -> bool {
    let node = value.node();
    node.kind != Kind::Null && (node.kind != Kind::String || node.end - node.start != 2)
}
