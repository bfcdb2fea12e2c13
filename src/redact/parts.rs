//! The parts of a text that do not stay, put together to edits.

use super::here::Here;
use super::walk::Pass;
use crate::edit::Edits;
use crate::span::Span;
use crate::tape::Kind;

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

/// Where a text stands.
#[derive(Clone, Copy)]
pub(super) struct Of<'a> {
    /// The key of the string that it is in; empty if there is none.
    pub(super) key: &'a [u8],
    /// That string.
    pub(super) here: Here<'a>,
}

impl Pass<'_> {
    /// Parts to edits. Where some overlap, the rule that withholds most is for all that they take up.
    pub(super) fn join(&mut self, said: &[u8], of: Of<'_>, parts: &[Part], (edits, left): (&mut Edits, usize)) {
        let mut order: Vec<&Part> = parts.iter().collect();
        order.sort_unstable_by_key(|part| part.span.start);
        let mut rest = order.into_iter().peekable();
        while let Some(Part { span, with }) = rest.next() {
            let (mut span, mut with) = (*span, with.as_ref());
            while let Some(part) = rest.next_if(|part| part.span.start < span.end) {
                span.end = span.end.max(part.span.end);
                with = match (with, part.with.as_ref()) {
                    (As::Rule(rule), As::Rule(other)) => As::Rule(rule.min(other)),
                    (As::Rule(rule), _) | (_, As::Rule(rule)) => As::Rule(rule),
                    (As::Kept, As::Kept) => As::Kept,
                    _ => As::Text(super::WITHHELD.as_bytes()),
                };
            }
            match with {
                As::Kept => {}
                As::Text(text) => edits.replace(span, text),
                As::Rule(rule) => {
                    let action = &self.redactor.rules[usize::from(rule)].1;
                    if action.leaves(Kind::String, span.of(said)) {
                        continue;
                    }
                    let before = edits.added();
                    edits.replace_with(span, |out| action.write_text(span.of(said), out));
                    let becomes = edits.added() - before;
                    self.count(rule, of.here, left);
                    self.note(Some(rule), of.here, (of.here.node.span(), span.of(said)), becomes, left);
                }
            }
        }
    }
}

/// Whether a span lies within one of some parts, which stand in order and apart.
pub(super) fn is_within(parts: &[Part], span: Span) -> bool {
    let before = parts.partition_point(|part| part.span.start <= span.start);
    before.checked_sub(1).and_then(|last| parts.get(last)).is_some_and(|part| span.end <= part.span.end)
}

/// [`With`], looked at.
enum As<'a> {
    Rule(u8),
    Text(&'a [u8]),
    Kept,
}

impl With {
    fn as_ref(&self) -> As<'_> {
        match self {
            With::Rule(rule) => As::Rule(*rule),
            With::Text(text) => As::Text(text),
            With::Kept => As::Kept,
        }
    }
}
