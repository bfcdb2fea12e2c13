//! Redacted records to the bodies that receivers take. A file per destination.

mod json;
mod ndjson;

pub use ndjson::ndjson;

use crate::redact::Redacted;

/// How records are framed in a body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Framing {
    /// A record a line.
    #[default]
    Ndjson,
    /// One JSON array of all records.
    Json,
}

impl Framing {
    /// The policy's word for it.
    pub fn name(self) -> &'static str {
        match self {
            Framing::Ndjson => "ndjson",
            Framing::Json => "json",
        }
    }

    /// The media type of a body.
    pub fn content_type(self) -> &'static str {
        match self {
            Framing::Ndjson => "application/x-ndjson",
            Framing::Json => "application/json",
        }
    }

    /// Appends a record; `first`: nothing has gone into the body yet.
    pub(crate) fn append(self, record: &Redacted<'_>, first: bool, out: &mut Vec<u8>) {
        match self {
            Framing::Ndjson => ndjson(record, out),
            Framing::Json => json::element(record, first, out),
        }
    }

    /// Appends what ends a body; `first`: nothing has gone into it.
    pub(crate) fn finish(self, first: bool, out: &mut Vec<u8>) {
        if self == Framing::Json {
            json::finish(first, out);
        }
    }
}
