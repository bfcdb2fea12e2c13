//! What a tag may name.

use super::code;
use super::compile::Fault;
use crate::catalog::Field;
use crate::document::did_you_mean;
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
    /// `@index`, from 0: which element a section is at.
    Index,
    /// `@first`: whether it is the first.
    First,
    /// `@last`: whether it is the last.
    Last,
    /// `log_message`: the record, as JSON.
    Record,
    /// `log_message_str`: the same, in a JSON string.
    RecordText,
    /// `log_message_id`: 32 letters and digits, the same for the same record.
    RecordId,
    /// The time of rendering, in one of [`super::Now`]'s texts.
    Now(usize),
    /// What no data has.
    Nothing,
}

impl Name {
    /// Reads a name that stands at a byte of the template.
    ///
    /// `log_message` and `now` with what begins like them are Workato's ("Supported placeholders" of its audit log
    /// streaming).
    pub(super) fn read(text: &str, at: usize) -> Result<Name, Fault> {
        Ok(match text {
            "." => Name::Here,
            "log_message" => Name::Record,
            "log_message_str" => Name::RecordText,
            "log_message_id" => Name::RecordId,
            "now" => Name::Now(0),
            "now_utc" => Name::Now(1),
            "now_utc_micro" => Name::Now(2),
            "now_utc_nano" => Name::Now(3),
            "@index" => Name::Index,
            "@first" => Name::First,
            "@last" => Name::Last,
            _ if text.starts_with('@') => match Field::named(text) {
                Some(field) => Name::Field(field),
                None => {
                    let known: Vec<&str> = Field::ALL.iter().map(|(_, name)| *name).collect();
                    let help = did_you_mean(text, &known);
                    let help =
                        if help.is_empty() { ["for an attribute of that name write \\", text].concat() } else { help };
                    return Err(Fault {
                        help,
                        ..Fault::new(code::FIELD, at, "a common field, such as @time or @level")
                    });
                }
            },
            _ => {
                let path = Path::parse(text).map_err(|error| Fault::new(code::NAME, at + error.at, error.expected))?;
                if path.segments.iter().any(|segment| !matches!(segment, Segment::Name(_) | Segment::Index(_))) {
                    let fault = Fault::new(code::NAME, at, "one place, without * and **");
                    return Err(Fault { help: "{{#lines}}…{{/lines}} for each of several".to_owned(), ..fault });
                }
                Name::Path(path.segments)
            }
        })
    }

    /// Whether it can be told without reading the record.
    pub(super) fn is_given(&self) -> bool {
        matches!(self, Name::Record | Name::RecordText | Name::RecordId | Name::Now(_) | Name::Nothing)
    }
}
