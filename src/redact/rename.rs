//! Keys in which detectors find something.

use super::here::{Here, said};
use super::parts::{Of, Part, With};
use super::reach::Reached;
use super::walk::Pass;
use crate::edit::Edits;
use crate::sensitive::{Context, Found};
use crate::span::Span;
use crate::tape::{Cursor, escape_into};

impl Pass<'_> {
    /// A key in which a detector finds something. Where another member has the name that it gets, a number makes it
    /// another: `[redacted]~2`.
    #[cold]
    #[inline(never)]
    pub(super) fn rename(&mut self, here: Here<'_>, reached: &Reached, edits: &mut Edits, left: usize) {
        let Here { text, tape, key: Some(key), .. } = here else { return };
        let name = said(text, key);
        let live = reached.live.that_are(self.active);
        let mut parts = Vec::new();
        let Some(detectors) = &self.redactor.detectors else { return };
        detectors.find(&name, Context::default(), &mut self.found.scratch, &mut self.found.list);
        for Found { detector, span } in &self.found.list {
            let rule = self.redactor.found_by(*detector).that_are(live).foremost();
            parts.extend(rule.map(|rule| Part { span: *span, with: With::Rule(rule) }));
        }
        if parts.is_empty() {
            return;
        }
        let mut inner = Edits::default();
        self.join(&name, Of { key: b"", here: Here { node: key, ..here } }, &parts, (&mut inner, left));
        let mut becomes = Vec::new();
        inner.splice(&name, Span { start: 0, end: name.len() }, &mut becomes);
        let object = self.parents.last().copied().unwrap_or_default();
        // No name has this byte: it says that the object's names are known.
        if self.names.insert((object, vec![0xFF]), 0).is_none() {
            let members = Cursor::on(text, &tape.nodes, object).into_iter().flat_map(Cursor::children);
            let names = members.filter_map(|(key, _)| Some(key?.text().into_owned()));
            self.names.extend(names.map(|name| ((object, name), 2)));
        }
        let mut number = 1;
        let mut taken = becomes.clone();
        while let Some(next) = self.names.get(&(object, taken.clone())).copied() {
            number = if number == 1 { next } else { number + 1 };
            taken.truncate(becomes.len());
            taken.extend_from_slice(format!("~{number}").as_bytes());
        }
        self.names.insert((object, becomes), number + 1);
        self.names.insert((object, taken.clone()), 2);
        edits.replace_with(key.span(), |out| {
            out.push(b'"');
            escape_into(&taken, out);
            out.push(b'"');
        });
    }
}
