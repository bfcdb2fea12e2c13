//! A document that somebody wrote (a policy, a schema), read with the places of all that is in it.

mod embedded;
mod jsonc;
mod nearest;
mod notes;
mod problem;
#[cfg(test)]
mod tests;
mod values;

pub(crate) use embedded::Embedded;
pub(crate) use nearest::nearest;
pub(crate) use notes::{Notes, append_segment, did_you_mean, list, start, text};
pub use problem::{Problem, Problems, Severity};

use crate::limits::MAX_DEPTH;
use crate::plan::{Plan, START};
use crate::scan::{Index, PAD, PADDING, Reason, check};
use crate::tape::{Cursor, Tape, Text, walk};

const TOO_DEEP: &str = "at most 1024 levels of objects and arrays";

/// A document as plain JSON, and its tape; empty where the text is none.
#[derive(Debug, Default)]
pub(crate) struct Document {
    json: Vec<u8>,
    tape: Tape,
}

/// What keeps a text from being JSON.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// The byte where it shows.
    pub(crate) at: usize,
    pub(crate) expected: &'static str,
}

impl Document {
    /// Reads JSON.
    pub(crate) fn new(text: &str) -> (Document, Option<Mistake>) {
        Document::read(text.as_bytes().to_vec())
    }

    /// Reads text that is known to be JSON, without a second look.
    pub(crate) fn known(text: &str) -> Document {
        Document::walked(text.as_bytes().to_vec(), text.bytes().take_while(u8::is_ascii_whitespace).count())
    }

    /// Reads JSON with comments and commas at the end of lists; places are those of the text as it was.
    pub(crate) fn with_comments(text: &str) -> (Document, Option<Mistake>) {
        match jsonc::to_json(text) {
            Ok(json) => Document::read(json),
            Err(at) => (Document::default(), Some(Mistake { at, expected: "the end of the comment: */" })),
        }
    }

    /// Reads bytes that may be an object, an array or a string, white space or a byte order mark before it; empty if
    /// they are anything else.
    pub(crate) fn of_bytes(text: &[u8]) -> Document {
        let text = text.trim_ascii_start();
        let text = text.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(text).trim_ascii_end();
        if !matches!(text.first(), Some(b'{' | b'[' | b'"')) || check(text, MAX_DEPTH) != Ok(text.len()) {
            return Document::default();
        }
        let mut json = Vec::with_capacity(text.len() + PADDING);
        json.extend_from_slice(text);
        Document::walked(json, 0)
    }

    /// The outermost value; none where the text is no JSON.
    pub(crate) fn root(&self) -> Option<Cursor<'_>> {
        Cursor::root(&self.json, &self.tape)
    }

    fn read(json: Vec<u8>) -> (Document, Option<Mistake>) {
        let value_end = match check(&json, MAX_DEPTH) {
            Ok(end) => end,
            Err(fault) => {
                let expected = match fault.reason {
                    Reason::TooDeep => TOO_DEEP, // a document's bound is fixed, a record's is not
                    reason => reason.expected(),
                };
                return (Document::default(), Some(Mistake { at: fault.at, expected }));
            }
        };
        let more = json[value_end..].iter().position(|b| !b.is_ascii_whitespace());
        let start = json.iter().take_while(|b| b.is_ascii_whitespace()).count();
        let expected = "nothing more: the document is complete before this";
        let mistake = more.map(|more| Mistake { at: value_end + more, expected });
        (Document::walked(json, start), mistake)
    }

    /// Walks over JSON from `start`.
    fn walked(mut json: Vec<u8>, start: usize) -> Document {
        let end = json.len();
        json.resize(end + PADDING, PAD);
        let mut index = Index::default();
        index.build(&json, start, end);
        let mut tape = Tape::default();
        let reading = Text { bytes: &json, index: &index, end, lines: false };
        walk(reading, &Plan::everything(), START, MAX_DEPTH, start, &mut tape);
        Document { json, tape }
    }
}
