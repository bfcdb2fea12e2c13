//! A document that somebody wrote (a policy, a schema), read with the places of all that is in it.

mod jsonc;
mod nearest;
mod notes;
mod problem;
#[cfg(test)]
mod tests;
mod values;

pub(crate) use nearest::nearest;
pub(crate) use notes::{Notes, append_segment, did_you_mean, list, start, text};
pub use problem::{Problem, Problems, Severity};

use crate::limits::MAX_DEPTH;
use crate::plan::{Plan, START};
use crate::scan::{Index, PAD, PADDING, Reason, check};
use crate::tape::{Cursor, Tape, Text, Walk, walk};

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
        if !matches!(text.first(), Some(b'{' | b'[' | b'"')) {
            return Document::default();
        }
        let mut json = Vec::with_capacity(text.len() + PADDING);
        json.extend_from_slice(text);
        let document = Document::walked(json, 0);
        let (index, end) = (&document.1, text.len());
        let is_sound = !index.is_suspect(0, end) || check(text, MAX_DEPTH) == Ok(end);
        if is_sound && document.2 == Some(end) { document.0 } else { Document::default() }
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
        let (document, ..) = Document::walked(json, start);
        let expected = "nothing more: the document is complete before this";
        (document, more.map(|more| Mistake { at: value_end + more, expected }))
    }

    /// Walks over JSON from `start`; gives the index too, and where the value ended.
    fn walked(mut json: Vec<u8>, start: usize) -> (Document, Index, Option<usize>) {
        let end = json.len();
        json.resize(end + PADDING, PAD);
        let mut index = Index::default();
        index.build(&json, start, end);
        let mut tape = Tape::default();
        let reading = Text { bytes: &json, index: &index, end, lines: false };
        let walked = walk(reading, &Plan::everything(), START, MAX_DEPTH, start, &mut tape);
        let value_end = match walked {
            Walk::Whole { end, .. } => Some(end),
            Walk::Broken => None,
        };
        (Document { json, tape }, index, value_end)
    }
}
