//! What can be wrong with a record, and where. Never what it says.

/// Why a record was withheld. The code is stable; its texts are fixed and hold nothing of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The text ends before the value does.
    UnexpectedEnd,
    /// A byte where no value can begin.
    ExpectedValue,
    /// A byte where `"` and a member's name, or `}`, should stand.
    ExpectedKey,
    /// A byte where the `:` after a member's name should stand.
    ExpectedColon,
    /// A byte where `,` or the closing bracket should stand.
    ExpectedCommaOrEnd,
    /// A number that is none: leading zero, no digit after `-`, `.` or `e`.
    Number,
    /// A raw control byte (below 0x20) in a string.
    ControlInString,
    /// A backslash followed by something that is no escape.
    Escape,
    /// Half of a surrogate pair in a `\u` escape.
    LoneSurrogate,
    /// Bytes that are no UTF-8.
    Utf8,
    /// Something after the record, on its line or before the next.
    TrailingContent,
    /// The input was told to be an array of records, and is none.
    ExpectedArray,
    /// Nested deeper than `limits.depth`.
    TooDeep,
    /// Longer than `limits.recordBytes`.
    TooLong,
    /// Redacted, longer than `limits.outputBytes`.
    OutputTooLong,
    /// Longer than a route's receiver takes, whatever the route's `oversize` says.
    Oversize,
    /// No event type of the catalogue, and `accept.unknown` says quarantine.
    UnknownEvent,
    /// Read in one way it is an event of one type, read in another of another.
    AmbiguousEvent,
    /// Its type's JSON Schema finds fault, and `accept.invalid` says quarantine.
    InvalidEvent,
    /// The fast path and the reference disagree: a bug of ours. Withheld, so that it harms nobody but us.
    Inconsistent,
}

impl Reason {
    /// All reasons, in the order of their codes.
    pub const ALL: [Reason; 20] = [
        Reason::UnexpectedEnd,
        Reason::ExpectedValue,
        Reason::ExpectedKey,
        Reason::ExpectedColon,
        Reason::ExpectedCommaOrEnd,
        Reason::Number,
        Reason::ControlInString,
        Reason::Escape,
        Reason::LoneSurrogate,
        Reason::Utf8,
        Reason::TrailingContent,
        Reason::ExpectedArray,
        Reason::TooDeep,
        Reason::TooLong,
        Reason::OutputTooLong,
        Reason::Oversize,
        Reason::UnknownEvent,
        Reason::AmbiguousEvent,
        Reason::InvalidEvent,
        Reason::Inconsistent,
    ];

    /// The stable code: `S` for scan, `D` for detect, `V` for schema, `R` for redact, then a number that is never used again.
    pub fn code(self) -> &'static str {
        self.texts().0
    }

    /// What should have stood there, or what holds.
    pub fn expected(self) -> &'static str {
        self.texts().1
    }

    /// The room that found it.
    pub(crate) fn room(self) -> &'static str {
        match self.code().as_bytes().first() {
            Some(b'R') => "redact",
            Some(b'D') => "detect",
            Some(b'V') => "schema",
            _ => "scan",
        }
    }

    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Reason::UnexpectedEnd => ("S101", "the rest of the value; the text ends here"),
            Reason::ExpectedValue => ("S102", "a value: object, array, string, number, true, false or null"),
            Reason::ExpectedKey => {
                ("S103", "a member's name in double quotes, or the closing brace where none has begun")
            }
            Reason::ExpectedColon => ("S104", "a colon after the member's name"),
            Reason::ExpectedCommaOrEnd => ("S105", "a comma or the closing bracket"),
            Reason::Number => ("S106", "a JSON number: no leading zero, a digit after each of - . e"),
            Reason::ControlInString => ("S107", "an escape: control characters may not stand raw in a string"),
            Reason::Escape => ("S108", "one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"),
            Reason::LoneSurrogate => ("S109", "a surrogate pair: one half of it stands alone"),
            Reason::Utf8 => ("S110", "UTF-8"),
            Reason::TrailingContent => ("S111", "nothing more: the record is complete before this"),
            Reason::ExpectedArray => ("S114", "an opening bracket: the input was said to be an array of records"),
            Reason::TooDeep => ("S112", "at most as many levels as limits.depth allows"),
            Reason::TooLong => ("S113", "at most as many bytes as limits.recordBytes allows"),
            Reason::OutputTooLong => ("R201", "at most as many bytes after redaction as limits.outputBytes allows"),
            Reason::Oversize => ("R202", "at most as many bytes as the route's receiver takes"),
            Reason::UnknownEvent => ("D101", "an event type that the policy accepts"),
            Reason::AmbiguousEvent => ("D102", "one event type, however duplicate keys and wrappers are read"),
            Reason::InvalidEvent => ("V201", "an event that its type's JSON Schema finds no fault with"),
            Reason::Inconsistent => ("S901", "two readings of one record that agree; please report this"),
        }
    }
}

/// A reason and the byte at which it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Why.
    pub reason: Reason,
    /// Where, in bytes, from the start of the text that was read.
    pub at: usize,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at byte {}: expected {}", self.reason.code(), self.at, self.reason.expected())
    }
}

impl std::error::Error for Fault {}
