//! The parts of a text that do not stay, put together to edits.

use std::cmp::Reverse;

use super::Action;
use super::here::Here;
use super::walk::Pass;
use crate::edit::Edits;
use crate::sensitive::Context;
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
    /// These changes of it.
    Edits(Edits),
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
    /// Parts to edits. Where some overlap, the rule that withholds most is for all that they take up, of such as withhold
    /// alike that of the longest; the rule for a name is asked for what that puts there, as it will be the next time.
    pub(super) fn join(&mut self, said: &[u8], of: Of<'_>, parts: &[Part], (edits, left): (&mut Edits, usize)) {
        let mut order: Vec<&Part> = parts.iter().collect();
        order.sort_unstable_by_key(|part| part.span.start);
        let mut rest = order.into_iter().peekable();
        let mut done = 0;
        while let Some(first) = rest.next() {
            let mut span = first.span;
            let (mut found, mut value, mut outer, mut inner, mut others) = (None, None, None, None, 0);
            let mut next = Some(first);
            while let Some(part) = next {
                span.end = span.end.max(part.span.end);
                match &part.with {
                    With::Rule(rule) => {
                        let next = (self.action(*rule).rank(), Reverse(part.span.len()), *rule);
                        found = Some(found.map_or(next, |known| next.min(known)));
                    }
                    With::Value(rule, name) => {
                        value = Some(value.map_or(*rule, |known: u8| known.min(*rule)));
                        outer.get_or_insert((*rule, *name));
                    }
                    With::Edits(edits) => {
                        inner = Some(edits);
                        others += 1;
                    }
                    With::Kept => others += 1,
                }
                next = rest.next_if(|part| part.span.start < span.end);
            }
            let found = found.map(|(.., rule)| rule);
            let rule = found.into_iter().chain(value).min();
            let then = outer.map(|(outer, _)| outer).filter(|outer| Some(*outer) != rule);
            let was = span.of(said);
            let start = span.start;
            let Some(rule) = rule else {
                match inner {
                    // Where some of them overlap, nobody knows what the whole says.
                    Some(_) if others > 1 => edits.replace(span, super::WITHHELD.as_bytes()),
                    Some(inner) => edits.append(inner, start),
                    None => {}
                }
                done = span.end;
                continue;
            };
            let mut becomes = Vec::new();
            if *self.action(rule) == Action::Remove {
                // Else what comes next would be the value. What comes before may have been changed already.
                span.start = outer.and_then(|(_, name)| name).map_or(start, |name| name.min(start).max(done));
            } else {
                let base = inner.filter(|_| self.action(rule).keeps()).map_or(was, |_| super::WITHHELD.as_bytes());
                self.write_text(rule, base, of.key, &mut becomes);
                if let Some(then) = then {
                    self.write_text(then, &std::mem::take(&mut becomes), of.key, &mut becomes);
                }
            }
            done = span.end;
            if becomes != was || !self.action(rule).leaves(Kind::String, was, &self.redactor.marks) {
                edits.replace(span, &becomes);
                self.count(rule, of.here, left);
                self.note(Some(rule), of.here, (of.here.node.span(), span.of(said)), becomes.len(), left);
            }
        }
    }
}

impl Pass<'_> {
    /// Appends what a rule puts in the place of a part of a text.
    fn write_text(&mut self, rule: u8, text: &[u8], key: &[u8], out: &mut Vec<u8>) {
        let whole = self.whole(rule, text, key);
        whole.as_ref().unwrap_or(self.action(rule)).write_text(text, &self.redactor.marks, out);
    }

    /// What masks a value whole, if a detector finds something in what a rule's mask would leave of it.
    pub(super) fn whole(&mut self, rule: u8, text: &[u8], key: &[u8]) -> Option<Action> {
        let action = self.action(rule);
        let (Action::Mask(mask), Some(detectors)) = (action, &self.redactor.detectors) else { return None };
        if !action.keeps() {
            return None;
        }
        let mut left = Vec::new();
        action.write_text(text, &self.redactor.marks, &mut left);
        let context = Context { key, number: false, known: None };
        detectors.find(&left, context, &mut self.found.scratch, &mut self.found.list);
        (!self.found.list.is_empty()).then_some(mask.whole())
    }
}

/// Whether a span lies within one of some parts, which stand in order and apart.
pub(super) fn is_within(parts: &[Part], span: Span) -> bool {
    let before = parts.partition_point(|part| part.span.start <= span.start);
    before.checked_sub(1).and_then(|last| parts.get(last)).is_some_and(|part| span.end <= part.span.end)
}
