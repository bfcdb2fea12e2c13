//! What a text says that is no JSON as a whole: names and values in it, and documents behind some words.

use std::borrow::Cow;

use super::Rules;
use super::document::should_be_document;
use super::here::{Here, said};
use super::pairs::pairs;
use super::parts::{Of, Part, With, is_within};
use super::percent::{lift_percent, next_percent};
use super::walk::Pass;
use super::work::Level;
use crate::edit::{Edits, lift};
use crate::scan::{PAD, PADDING, Reason, check};
use crate::sensitive::glance::{BRACKETS, ODD, PAIRS, PERCENT, Signs, signs};
use crate::sensitive::{Context, Found, Shadow, next_base64, unescape_percent};
use crate::span::Span;
use crate::tape::{Kind, Text, Walk, walk};

/// Something in a text should hold JSON and cannot be read.
pub(super) struct Unreadable;

/// The parts of a text that do not stay, in no order.
type Parts = Result<Vec<Part>, Unreadable>;

impl Pass<'_> {
    /// A string that holds no JSON as a whole, where rules look everywhere.
    pub(super) fn text(&mut self, here: Here<'_>, edits: &mut Edits, levels: &mut [Level]) -> Result<(), Reason> {
        let (text, string) = (here.text, here.node.span());
        let key = here.key.or_else(|| self.key_around(here));
        let around = if key.is_none() { self.around.clone() } else { Vec::new() };
        let key = key.map_or(Cow::Borrowed(&around[..]), |key| said(text, key));
        let said = &*here.said();
        let outermost = self.outer.is_none();
        self.outer.get_or_insert(string);
        let of = Of { key: &key, here };
        let parts = self.parts(said, of, levels);
        if let Ok(Ok(parts)) = &parts
            && parts.iter().any(|part| !matches!(part.with, With::Kept))
        {
            let mut inner = Edits::default();
            self.join(said, of, parts, (&mut inner, levels.len()));
            lift(&inner, text, here.inside(), edits);
        }
        if outermost {
            self.outer = None;
        }
        if parts?.is_err() {
            self.withhold(here, edits, levels.len());
        }
        if edits.added() > self.limits.output_bytes { Err(Reason::OutputTooLong) } else { Ok(()) }
    }

    /// What does not stay of a text: documents in it, what is encoded in it, names and their values, what detectors find.
    fn parts(&mut self, said: &[u8], of: Of<'_>, levels: &mut [Level]) -> Result<Parts, Reason> {
        let mut parts = Vec::new();
        let signs = signs(said);
        if signs & BRACKETS != 0 && self.documents(said, of.here, &mut parts, levels)?.is_err() {
            return Ok(Err(Unreadable));
        }
        let mut found = Vec::new();
        if signs & PAIRS != 0 {
            self.pairs(said, of.here, &parts, &mut found);
        }
        self.encoded(said, of, (&mut parts, signs), levels)?;
        self.detect(said, of, &parts, &mut found);
        parts.extend(found);
        Ok(Ok(parts))
    }

    /// Stretches of base64 that say a text, and of percent-encoding: read, redacted and encoded again. They are sought in
    /// the text as it stands, and where that hides some, as it reads.
    fn encoded(
        &mut self,
        said: &[u8],
        of: Of<'_>,
        (parts, signs): (&mut Vec<Part>, Signs),
        levels: &mut [Level],
    ) -> Result<(), Reason> {
        self.layers((said, None), of, (parts, signs & PERCENT != 0), levels)?;
        if signs & ODD == 0 {
            return Ok(());
        }
        let mut shadow = Shadow::default();
        if shadow.fold(said) { self.layers((&shadow.text, Some(&shadow)), of, (parts, true), levels) } else { Ok(()) }
    }

    /// The same in one of both: in a shadow only what differs from the text.
    fn layers(
        &mut self,
        (said, shadow): (&[u8], Option<&Shadow>),
        of: Of<'_>,
        (parts, percent): (&mut Vec<Part>, bool),
        levels: &mut [Level],
    ) -> Result<(), Reason> {
        let mut decoded = Vec::new();
        let place = |span| shadow.map_or(span, |shadow| shadow.span(span));
        let is_known = |place: Span, span: Span| shadow.is_some() && place.len() == span.len();
        let documents = parts.len();
        let mut from = if percent { 0 } else { said.len() };
        while let Some(span) = next_percent(said, from) {
            from = span.end;
            decoded.clear();
            let place = place(span);
            if !is_known(place, span)
                && !is_within(&parts[..documents], place)
                && unescape_percent(span.of(said), &mut decoded)
                && let Some(edits) = self.inside(&decoded, of, levels)?
            {
                let mut written = Edits::default();
                lift_percent(&edits, span.of(said), &mut written);
                if shadow.is_some() {
                    let (mut text, all) = (Vec::new(), Span { start: 0, end: span.len() });
                    std::mem::take(&mut written).splice(span.of(said), all, &mut text);
                    written.replace(Span { start: 0, end: place.len() }, &text);
                }
                parts.push(Part { span: place, with: With::Edits(written) });
            }
        }
        parts.sort_by_key(|part| part.span.start);
        let layers = parts.len();
        let mut from = 0;
        while let Some(wrapped) = next_base64(said, from, &mut decoded) {
            from = wrapped.span.end;
            let place = place(wrapped.span);
            if !is_known(place, wrapped.span)
                && !is_within(&parts[..layers], place)
                && let Some(edits) = self.inside(&decoded, of, levels)?
            {
                let (mut with, mut written) = (Vec::new(), Edits::default());
                edits.splice(&decoded, Span { start: 0, end: decoded.len() }, &mut with);
                written.replace_with(Span { start: 0, end: place.len() }, |out| wrapped.encode(said, &with, out));
                parts.push(Part { span: place, with: With::Edits(written) });
            }
        }
        parts.sort_by_key(|part| part.span.start);
        Ok(())
    }

    /// What becomes of a text that was encoded in another; none if it stays.
    fn inside(&mut self, decoded: &[u8], of: Of<'_>, levels: &mut [Level]) -> Result<Option<Edits>, Reason> {
        let withheld = || {
            let mut edits = Edits::default();
            edits.replace(Span { start: 0, end: decoded.len() }, super::WITHHELD.as_bytes());
            edits
        };
        let Some((_, deeper)) = levels.split_first_mut() else {
            let is_text = self.documents(decoded, of.here, &mut Vec::new(), levels)?.is_ok();
            return Ok((!is_text).then(withheld));
        };
        let Ok(parts) = self.parts(decoded, of, deeper)? else {
            return Ok(Some(withheld()));
        };
        if parts.iter().all(|part| matches!(part.with, With::Kept)) {
            return Ok(None);
        }
        let mut edits = Edits::default();
        self.join(decoded, of, &parts, (&mut edits, deeper.len()));
        Ok(Some(edits))
    }

    /// What detectors find, but for what stands within parts that were looked at.
    fn detect(&mut self, said: &[u8], of: Of<'_>, parts: &[Part], all: &mut Vec<Part>) {
        let Some(detectors) = &self.redactor.detectors else { return };
        let Some(reached) = self.redactor.reached(of.here.node.state) else { return };
        let live = reached.live.that_are(self.active);
        let context = Context { key: of.key, number: false, known: self.known(reached) };
        detectors.find(said, context, &mut self.found.scratch, &mut self.found.list);
        for Found { detector, span } in &self.found.list {
            if let Some(rule) = self.redactor.found_by(*detector).that_are(live).foremost()
                && !is_within(parts, *span)
            {
                all.push(Part { span: *span, with: With::Rule(rule) });
            }
        }
    }

    /// Names that are meant, and their values; what stands in documents was looked at there.
    fn pairs(&mut self, said: &[u8], here: Here<'_>, documents: &[Part], all: &mut Vec<Part>) {
        let Some(reached) = self.redactor.reached(here.node.state) else { return };
        let live = reached.live.that_are(self.active);
        let is_unknown = self.is_unknown(here.node);
        let (rules, marks) = (&self.redactor.rules, &self.redactor.marks);
        let is_meant = |at: usize, name: &[u8]| {
            let is_inside = is_within(documents, Span { start: at, end: at + 1 });
            if is_inside || !self.redactor.keys.may_mean(name) {
                return None;
            }
            self.know_text(name)?.meant.rules(is_unknown).that_are(live).foremost()
        };
        pairs(said, is_meant, |mut span, name, rule| {
            let action = &rules[usize::from(rule)].1;
            // What was put there before stays what it is.
            span.end = span.end.max(span.start + action.put_before(&said[span.start..]));
            if !action.leaves(Kind::String, span.of(said), marks) {
                all.push(Part { span, with: With::Value(rule, name) });
            }
            (!action.keeps()).then_some(span.end)
        });
    }

    /// Documents that stand in a text, each redacted.
    fn documents(
        &mut self,
        said: &[u8],
        here: Here<'_>,
        parts: &mut Vec<Part>,
        levels: &mut [Level],
    ) -> Result<Result<(), Unreadable>, Reason> {
        let mut from = 0;
        while let Some(start) = next_document(said, from) {
            from = start + 1;
            let Ok(len) = check(&said[start..], self.limits.depth) else {
                if should_be_document(&said[start..]) {
                    return Ok(Err(Unreadable));
                }
                continue;
            };
            let Some((level, deeper)) = levels.split_first_mut() else { return Ok(Err(Unreadable)) };
            let Level { text, index, tape, edits } = level;
            if text.len() < len + PADDING {
                text.resize(len + PADDING, PAD);
            }
            text[..len].copy_from_slice(&said[start..start + len]);
            text[len..len + PADDING].fill(PAD);
            index.build(text, 0, len);
            tape.clear();
            edits.clear();
            let reading = Text { bytes: text, index, end: len, lines: false };
            if walk(reading, self.plan, here.node.state, self.limits.depth, 0, tape) == Walk::Broken {
                return Ok(Err(Unreadable));
            }
            self.counts.entered += u64::from(self.is_first);
            self.inner_document(here, (text, tape), Rules::default(), edits, deeper)?;
            from = start + len;
            let mut with = With::Kept;
            if !edits.is_empty() {
                with = With::Edits(std::mem::take(edits));
            }
            parts.push(Part { span: Span { start, end: from }, with });
        }
        Ok(Ok(()))
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
