//! Redacted records to the bodies that receivers take. A file per destination.

mod json;
mod ndjson;

pub use ndjson::ndjson;

use crate::redact::Redacted;
use crate::scan::Reason;
use crate::template::{Now, Renderer};

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

    /// Appends a record, or what a template makes of it at a time; `first`: nothing has gone into the body yet.
    ///
    /// # Errors
    /// As of [`Renderer::render`]; the body may hold a beginning then.
    pub(crate) fn append(
        self,
        record: &Redacted<'_>,
        template: Option<(&mut Renderer, &Now)>,
        first: bool,
        out: &mut Vec<u8>,
    ) -> Result<(), Reason> {
        if self == Framing::Json {
            json::begin_element(first, out);
        }
        let start = out.len();
        let breaks = match template {
            None => {
                record.append_to(out);
                record.has_breaks()
            }
            Some((renderer, now)) => {
                renderer.render(record, now, out)?;
                renderer.has_breaks(record)
            }
        };
        if self == Framing::Ndjson {
            ndjson::end_line(start, breaks, out);
        }
        Ok(())
    }

    /// Appends what ends a body; `first`: nothing has gone into it.
    pub(crate) fn finish(self, first: bool, out: &mut Vec<u8>) {
        if self == Framing::Json {
            json::finish(first, out);
        }
    }
}
