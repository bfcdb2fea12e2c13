//! What a tag may name.

use super::{Fault, code};
use crate::catalog::Field;
use crate::document::nearest;
use crate::plan::{Path, Segment};

/// What a tag names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// `.`: the value at hand.
    Here,
    /// A place in the event, or in the value that a section is at.
    Path(Vec<Segment>),
    /// A common field: `@time`.
    Field(Field),
    /// What a section says of its element.
    Loop(Loop),
    /// `log_message`: the record, as JSON.
    Record,
    /// `log_message_str`: the same, in a JSON string.
    RecordText,
    /// The time of rendering, in one of [`super::now::FORMS`].
    Now(usize),
    /// What no data has.
    Nothing,
}

/// `@index` (from 0), `@first`, `@last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loop {
    Index,
    First,
    Last,
}

/// Workato's placeholders ("Supported placeholders" of its audit log streaming) and those of sections.
const NAMES: [(&str, Name); 10] = [
    (".", Name::Here),
    ("log_message", Name::Record),
    ("log_message_str", Name::RecordText),
    ("now", Name::Now(0)),
    ("now_utc", Name::Now(1)),
    ("now_utc_micro", Name::Now(2)),
    ("now_utc_nano", Name::Now(3)),
    ("@index", Name::Loop(Loop::Index)),
    ("@first", Name::Loop(Loop::First)),
    ("@last", Name::Loop(Loop::Last)),
];

impl Name {
    /// Reads a name that stands at a byte of the template.
    pub(super) fn read(text: &str, at: usize) -> Result<Name, Fault> {
        if let Some((_, name)) = NAMES.iter().find(|(known, _)| *known == text) {
            return Ok(name.clone());
        }
        if text.starts_with('@') {
            let help = match nearest(text, Field::ALL.iter().map(|(_, name)| *name)) {
                Some(near) => ["did you mean {{", near, "}}?"].concat(),
                None => ["for an attribute of that name write {{\\", text, "}}"].concat(),
            };
            let field = Field::named(text).map(Name::Field);
            return field.ok_or(Fault::new(code::FIELD, at, "a common field, such as @time or @level").with(help));
        }
        let path = Path::parse(text).map_err(|error| Fault::new(code::NAME, at + error.at, error.expected))?;
        if path.segments.iter().any(|segment| !matches!(segment, Segment::Name(_) | Segment::Index(_))) {
            let help = "{{#lines}}…{{/lines}} for each of several".to_owned();
            return Err(Fault::new(code::NAME, at, "one place, without * and **").with(help));
        }
        Ok(Name::Path(path.segments))
    }

    /// Whether it can be told without reading the record.
    pub(super) fn is_given(&self) -> bool {
        matches!(self, Name::Record | Name::RecordText | Name::Now(_) | Name::Nothing)
    }
}
