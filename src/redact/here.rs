//! Where a value stands, and what is told of what was done there.

use std::borrow::Cow;

use super::WITHHELD;
use super::places::{ELEMENT, NAME};
use super::walk::Pass;
use super::work::Applied;
use crate::edit::Edits;
use crate::span::Span;
use crate::tape::{Kind, Node, Tape, decode};

/// A value at hand.
#[derive(Clone, Copy)]
pub(super) struct Here<'a> {
    /// The document that it stands in.
    pub(super) text: &'a [u8],
    pub(super) tape: &'a Tape,
    /// Its key, if it is a member.
    pub(super) key: Option<&'a Node>,
    pub(super) node: &'a Node,
    /// Which of the objects and arrays around it is the document's first.
    pub(super) parents: usize,
}

impl<'a> Here<'a> {
    /// What it says; of anything but a string, its JSON.
    pub(super) fn said(self) -> Cow<'a, [u8]> {
        said(self.text, self.node)
    }

    /// What its key says; nothing where it has none.
    pub(super) fn key_said(self) -> Cow<'a, [u8]> {
        self.key.map_or(Cow::Borrowed(&[]), |key| said(self.text, key))
    }

    /// The inside of a string.
    pub(super) fn inside(self) -> Span {
        inside(self.node)
    }
}

/// The inside of a string or key.
pub(super) fn inside(node: &Node) -> Span {
    let Span { start, end } = node.span();
    Span { start: start + 1, end: end - 1 }
}

/// What a string or key says; of anything else, its JSON.
pub(super) fn said<'a>(text: &'a [u8], node: &Node) -> Cow<'a, [u8]> {
    let Span { start, end } = node.span();
    match (node.kind, node.escaped) {
        (Kind::String | Kind::Key, true) => {
            let mut decoded = Vec::new();
            decode(&text[start + 1..end - 1], &mut decoded);
            Cow::Owned(decoded)
        }
        (Kind::String | Kind::Key, false) => Cow::Borrowed(&text[start + 1..end - 1]),
        _ => Cow::Borrowed(&text[start..end]),
    }
}

impl Pass<'_> {
    /// Counts that a rule was applied. `left`: how many strings deeper could still be opened.
    pub(super) fn count(&mut self, rule: u8, here: Here<'_>, left: usize) {
        let Some(number) = self.redactor.rules[usize::from(rule)].0 else { return };
        let outer = self.outer.map_or(0, |outer| outer.start + 1);
        if !self.round.is_new(rule, [outer, left, here.node.span().start]) {
            return;
        }
        let depth = (self.limits.embedded_depth - left) as u64;
        if let Some(fired) = self.counts.fired.get_mut(number) {
            *fired += 1;
        }
        if let Some(deepest) = self.counts.depths.get_mut(number) {
            *deepest = (*deepest).max(depth);
        }
        let mut way = std::mem::take(&mut self.way);
        let outer = way.len();
        self.add_way(here, &mut way);
        let (redactor, plan) = (self.redactor, self.plan);
        self.counts.places.count((number, rule, self.redactor.wrappers, here.node.state), &way, || {
            redactor.place(rule, here.node.state, plan, &way)
        });
        way.truncate(outer);
        self.way = way;
    }

    /// Appends the steps that lead to a value of the document at hand, where objects and arrays around it are known.
    pub(super) fn add_way(&self, here: Here<'_>, way: &mut Vec<u8>) {
        if !self.redactor.looks_everywhere {
            return;
        }
        let mut step = |key: Option<&Node>, is_first: bool| match key {
            Some(key) => {
                match key.escaped {
                    true => way.extend_from_slice(&said(here.text, key)),
                    false => way.extend_from_slice(inside(key).of(here.text)),
                }
                way.push(NAME);
            }
            None if is_first => {}
            None => way.push(ELEMENT),
        };
        let nodes = &here.tape.nodes;
        let around = self.parents.get(here.parents..).unwrap_or_default();
        let mut is_first = true;
        for &parent in around.iter().filter(|&&parent| !std::ptr::eq(&raw const nodes[parent as usize], here.node)) {
            let before = (parent as usize).checked_sub(1).and_then(|before| nodes.get(before));
            step(before.filter(|node| node.kind == Kind::Key), is_first);
            is_first = false;
        }
        step(here.key, is_first);
    }

    #[cold]
    #[inline(never)]
    pub(super) fn withhold(&mut self, here: Here<'_>, edits: &mut Edits, left: usize) {
        let span = here.node.span();
        edits.replace_with(span, |out| {
            out.push(b'"');
            out.extend_from_slice(WITHHELD.as_bytes());
            out.push(b'"');
        });
        self.counts.withheld += u64::from(self.is_first);
        self.note(None, here, (span, span.of(here.text)), WITHHELD.len() + 2, left);
    }

    /// Notes what was done to a value, or to a part of what it says, where somebody wants to know. `left`: how many
    /// strings deeper could still be opened where this was done.
    pub(super) fn note(
        &mut self,
        rule: Option<u8>,
        here: Here<'_>,
        (span, was): (Span, &[u8]),
        becomes: usize,
        left: usize,
    ) {
        if self.trace.is_none() {
            return;
        }
        let (state, embedded) = (here.node.state, self.limits.embedded_depth - left);
        let mut way = self.way.clone();
        self.add_way(here, &mut way);
        let place = self.redactor.place(rule.unwrap_or(u8::MAX), state, self.plan, &way);
        if let Some(trace) = &mut self.trace {
            let (length, was) = (was.len(), trace.values.then(|| was.to_vec()));
            let kind = here.node.kind;
            let span = self.outer.unwrap_or(span);
            trace.applied.push(Applied { rule, state, place, kind, span, length, becomes, embedded, was });
        }
    }
}
