//! The parts of a text that do not stay, put together to edits.

use super::Action;
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
    /// What a rule for its name makes of it; where the name begins, if it can go as well.
    Value(u8, Option<usize>),
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
    /// Parts to edits. Where some overlap, the rule that withholds most is for all that they take up; the rule for a name
    /// is asked for what that puts there, as it will be the next time.
    pub(super) fn join(&mut self, said: &[u8], of: Of<'_>, parts: &[Part], (edits, left): (&mut Edits, usize)) {
        let mut order: Vec<&Part> = parts.iter().collect();
        order.sort_unstable_by_key(|part| part.span.start);
        let mut rest = order.into_iter().peekable();
        let mut done = 0;
        while let Some(first) = rest.next() {
            let mut span = first.span;
            let (mut found, mut value, mut text, mut is_first) = (None, None, None, true);
            let mut next = Some(first);
            while let Some(part) = next {
                span.end = span.end.max(part.span.end);
                match &part.with {
                    With::Rule(rule) => found = Some(found.map_or(*rule, |known: u8| known.min(*rule))),
                    With::Value(rule, name) => {
                        value = Some(value.map_or((*rule, *name), |known: (u8, _)| known.min((*rule, *name))));
                    }
                    With::Text(with) if is_first => text = Some(&with[..]),
                    With::Kept if text.is_none() => {}
                    With::Text(_) | With::Kept => text = Some(super::WITHHELD.as_bytes()),
                }
                is_first = false;
                next = rest.next_if(|part| part.span.start < span.end);
            }
            let action = |rule: u8| &self.redactor.rules[usize::from(rule)].1;
            let (rule, then) = match (found, value) {
                (Some(found), Some((rule, _))) if found < rule => (Some(found), Some(rule)),
                (_, Some((rule, _))) => (Some(rule), None),
                (found, None) => (found, None),
            };
            let was = span.of(said);
            let start = span.start;
            let Some(rule) = rule else {
                text.into_iter().for_each(|text| edits.replace(span, text));
                done = span.end;
                continue;
            };
            let mut becomes = Vec::new();
            if *action(rule) == Action::Remove {
                // Else what comes next would be the value. What comes before may have been changed already.
                span.start = value.and_then(|(_, name)| name).map_or(start, |name| name.max(done));
            } else {
                let base = text.filter(|_| action(rule).keeps()).map_or(was, |_| super::WITHHELD.as_bytes());
                action(rule).write_text(base, &mut becomes);
                if let Some(then) = then {
                    action(then).write_text(&std::mem::take(&mut becomes), &mut becomes);
                }
            }
            done = span.end;
            if becomes != was || !action(rule).leaves(Kind::String, was) {
                edits.replace(span, &becomes);
                self.count(rule, of.here, left);
                self.note(Some(rule), of.here, (of.here.node.span(), span.of(said)), becomes.len(), left);
            }
        }
    }
}

/// Whether a span lies within one of some parts, which stand in order and apart.
pub(super) fn is_within(parts: &[Part], span: Span) -> bool {
    let before = parts.partition_point(|part| part.span.start <= span.start);
    before.checked_sub(1).and_then(|last| parts.get(last)).is_some_and(|part| span.end <= part.span.end)
}
