//! A rule at a value: its edit.

use super::Action;
use super::document::begins_like_document;
use super::here::Here;
use super::walk::Pass;
use super::work::Level;
use crate::edit::Edits;
use crate::scan::Reason;
use crate::span::Span;
use crate::tape::{Kind, decode};

impl Pass<'_> {
    /// What a rule makes of a string of which it may keep something, where others find something in that; else it says so.
    #[cold]
    #[inline(never)]
    pub(super) fn keep(
        &mut self,
        (rule, everywhere): (u8, bool),
        here: Here<'_>,
        edits: &mut Edits,
        levels: &mut [Level],
    ) -> Result<bool, Reason> {
        let mut found = Edits::default();
        self.string(here, everywhere, &mut found, levels)?;
        if found.is_empty() {
            return Ok(false);
        }
        let (span, inside) = (here.node.span(), here.inside());
        let (mut raw, mut said) = (Vec::new(), Vec::new());
        let is_withheld = found.iter().any(|(changed, _)| changed == span);
        if !is_withheld {
            found.splice(here.text, inside, &mut raw);
            decode(&raw, &mut said);
        }
        let mut whole = self.whole(rule, &said, &here.key_said());
        let marks = &self.redactor.marks;
        if let Action::Mask(mask) = self.action(rule) {
            // What is left may not be taken for a document the next time.
            let mut left = Vec::new();
            mask.write(&said, marks, &mut left);
            whole = whole.or_else(|| begins_like_document(&left).then(|| mask.whole()));
        }
        let action = whole.as_ref().unwrap_or(self.action(rule));
        if is_withheld || action.leaves(Kind::String, &said, marks) {
            found.iter().for_each(|(span, with)| edits.replace(span, with));
            return Ok(true);
        }
        let before = edits.added();
        edits.replace_with(span, |out| action.write_value(Kind::String, &said, marks, out));
        let becomes = edits.added() - before;
        self.count(rule, here, levels.len());
        self.note(Some(rule), here, (span, span.of(here.text)), becomes, levels.len());
        if edits.added() > self.limits.output_bytes { Err(Reason::OutputTooLong) } else { Ok(true) }
    }

    /// `then` is asked for what the rule puts there.
    pub(super) fn apply(
        &mut self,
        (rule, then): (u8, Option<u8>),
        here: Here<'_>,
        edits: &mut Edits,
        left: usize,
    ) -> Result<(), Reason> {
        let Here { text, key, node, .. } = here;
        let span = node.span();
        let action = self.action(rule);
        let before = edits.added();
        let is_root = key.is_none() && self.outer.is_none() && span.start == self.root;
        // A record is a value; and where elements are named by number, all keep theirs.
        if *action == Action::Remove && (is_root || key.is_none() && self.redactor.numbers_elements) {
            edits.replace(span, b"null");
        } else if *action == Action::Remove {
            let start = key.map_or(span.start, |key| key.start as usize);
            edits.remove(text, Span { start, end: span.end });
        } else if let (Action::Replace(with), None) = (action, then) {
            edits.replace(span, with.as_bytes());
        } else {
            let (said, redactor) = (here.said(), self.redactor);
            let marks = &redactor.marks;
            if action.leaves(node.kind, &said, marks) {
                return Ok(());
            }
            let whole = self.whole(rule, &said, &here.key_said());
            let action = whole.as_ref().unwrap_or(action);
            let mut put = Vec::new();
            let then = then.map(|then| self.action(then));
            then.into_iter().for_each(|_| action.write_text(&said, marks, &mut put));
            match then.filter(|then| !then.leaves(Kind::String, &put, marks)) {
                Some(then) => edits.replace_with(span, |out| then.write_value(Kind::String, &put, marks, out)),
                None => edits.replace_with(span, |out| action.write_value(node.kind, &said, marks, out)),
            }
        }
        let becomes = edits.added() - before;
        self.count(rule, here, left);
        self.note(Some(rule), here, (span, span.of(text)), becomes, left);
        if edits.added() > self.limits.output_bytes { Err(Reason::OutputTooLong) } else { Ok(()) }
    }
}
