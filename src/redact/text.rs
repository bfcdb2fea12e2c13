//! What a text says that is no JSON as a whole: names and values in it, and documents behind some words.

use super::document::should_be_document;
use super::pairs::pairs;
use super::walk::{Level, Pass, said};
use crate::edit::{Edits, lift};
use crate::plan::State;
use crate::scan::{PAD, PADDING, Reason, check};
use crate::span::Span;
use crate::tape::{Node, Text, Walk, walk};

/// A part of a text that does not stay as it is.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) span: Span,
    pub(super) with: With,
}

/// What becomes of it.
#[derive(Debug)]
pub(super) enum With {
    /// What a rule makes of it.
    Rule(u8),
    /// This text.
    Text(Vec<u8>),
    /// Nothing: a document that holds nothing to redact.
    Kept,
}

/// Something in a text should hold JSON and cannot be read.
pub(super) struct Unreadable;

impl Pass<'_> {
    /// A string that holds no JSON as a whole, where rules look everywhere.
    pub(super) fn text(
        &mut self,
        text: &[u8],
        node: &Node,
        edits: &mut Edits,
        levels: &mut [Level],
    ) -> Result<(), Reason> {
        let (span, left) = (node.span(), levels.len());
        let said = &*said(text, node);
        let mut parts = Vec::new();
        let outermost = self.outer.is_none();
        self.outer.get_or_insert(span);
        let read = self.documents(said, node.state, &mut parts, levels);
        if read.is_ok() {
            self.pairs(said, node.state, &mut parts);
        }
        if matches!(read, Ok(Ok(()))) && !parts.is_empty() {
            let mut inner = Edits::default();
            self.join(said, (node.state, span, left), parts, &mut inner);
            lift(&inner, text, Span { start: span.start + 1, end: span.end - 1 }, edits);
        }
        if outermost {
            self.outer = None;
        }
        if read?.is_err() {
            self.withhold(node, edits, left);
        }
        if edits.added() > self.limits.output_bytes { Err(Reason::OutputTooLong) } else { Ok(()) }
    }

    /// Names that are meant, and their values.
    fn pairs(&mut self, said: &[u8], state: State, parts: &mut Vec<Part>) {
        let Some(reached) = self.redactor.reached(state) else { return };
        let live = reached.live.that_are(self.active);
        let (seen, keys) = (&mut *self.seen, &self.redactor.keys);
        let is_unknown = self.event_type.is_none();
        // What stands in a document was looked at there.
        let mut next = 0;
        let mut found = Vec::new();
        let is_meant = |at: usize, name: &[u8]| {
            while parts.get(next).is_some_and(|part| part.span.end <= at) {
                next += 1;
            }
            let is_inside = parts.get(next).is_some_and(|part| part.span.start <= at);
            (!is_inside).then(|| seen.know(keys, name).meant.rules(is_unknown).that_are(live).foremost()).flatten()
        };
        pairs(said, is_meant, |span, rule| found.push(Part { span, with: With::Rule(rule) }));
        parts.extend(found);
    }

    /// Documents that stand in a text, each redacted.
    fn documents(
        &mut self,
        said: &[u8],
        state: State,
        parts: &mut Vec<Part>,
        levels: &mut [Level],
    ) -> Result<Result<(), Unreadable>, Reason> {
        let mut from = 0;
        while let Some(start) = next_document(said, from) {
            from = start + 1;
            let Some((level, deeper)) = levels.split_first_mut() else { return Ok(Err(Unreadable)) };
            let Ok(len) = check(&said[start..], self.limits.depth) else {
                if should_be_document(&said[start..]) {
                    return Ok(Err(Unreadable));
                }
                continue;
            };
            let Level { text, index, tape, edits } = level;
            text.clear();
            text.extend_from_slice(&said[start..start + len]);
            text.resize(len + PADDING, PAD);
            index.build(text, 0, len);
            tape.clear();
            edits.clear();
            let reading = Text { bytes: text, index, end: len, lines: false };
            if walk(reading, self.plan, state, self.limits.depth, 0, tape) == Walk::Broken {
                return Ok(Err(Unreadable));
            }
            self.counts.entered += u64::from(self.is_first);
            self.document(text, tape, edits, deeper)?;
            from = start + len;
            let mut with = With::Kept;
            if !edits.is_empty() {
                let mut spliced = Vec::new();
                edits.splice(text, Span { start: 0, end: len }, &mut spliced);
                with = With::Text(spliced);
            }
            parts.push(Part { span: Span { start, end: from }, with });
        }
        Ok(Ok(()))
    }

    /// Parts to edits. Where some overlap, the rule that withholds most is for all that they take up.
    fn join(&mut self, said: &[u8], at: (State, Span, usize), mut parts: Vec<Part>, edits: &mut Edits) {
        parts.sort_by_key(|part| part.span.start);
        let mut joined: Vec<Part> = Vec::with_capacity(parts.len());
        for part in parts {
            match joined.last_mut() {
                Some(last) if part.span.start < last.span.end => {
                    last.span.end = last.span.end.max(part.span.end);
                    match (&mut last.with, part.with) {
                        (With::Rule(rule), With::Rule(other)) => *rule = (*rule).min(other),
                        (text, With::Rule(rule)) => *text = With::Rule(rule),
                        (With::Rule(_) | With::Kept, With::Kept) | (With::Rule(_), _) => {}
                        (text, _) => *text = With::Text(super::WITHHELD.as_bytes().to_vec()),
                    }
                }
                _ => joined.push(part),
            }
        }
        let (state, string, left) = at;
        for Part { span, with } in joined {
            match with {
                With::Kept => {}
                With::Text(text) => edits.replace(span, &text),
                With::Rule(rule) => {
                    let action = &self.redactor.rules[usize::from(rule)].1;
                    let before = edits.added();
                    edits.replace_with(span, |out| action.write_text(span.of(said), out));
                    let becomes = edits.added() - before;
                    self.count(rule);
                    self.note(Some(rule), (state, string), (span.len(), becomes), left);
                }
            }
        }
    }
}

/// Where the next object with a quoted key begins, or the next array that might hold one.
fn next_document(text: &[u8], from: usize) -> Option<usize> {
    let mut from = from;
    loop {
        let at = from + text.get(from..)?.iter().position(|&b| b == b'{' || b == b'[')?;
        from = at + 1;
        let next = text[from..].iter().find(|b| !b.is_ascii_whitespace())?;
        if *next == b'"' || text[at] == b'[' && matches!(next, b'{' | b'[') {
            return Some(at);
        }
    }
}
