//! What a text says that is no JSON as a whole: names and values in it, and documents behind some words.

use std::borrow::Cow;

use super::document::should_be_document;
use super::pairs::pairs;
use super::reach::Reached;
use super::walk::{Level, Pass, said};
use crate::edit::{Edits, lift};
use crate::plan::State;
use crate::scan::{PAD, PADDING, Reason, check};
use crate::sensitive::glance::{BRACKETS, PAIRS, PERCENT, signs};
use crate::sensitive::{Context, Found, Wrapped, escape_percent, next_base64, percent_octet, unescape_percent};
use crate::span::Span;
use crate::tape::{Cursor, Kind, Node, Tape, Text, Walk, escape_into, walk};

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

/// Where a text stands.
#[derive(Clone, Copy)]
pub(super) struct Of<'a> {
    /// The key of the string that it is in; empty if there is none.
    pub(super) key: &'a [u8],
    pub(super) state: State,
    /// That string.
    pub(super) string: Span,
}

/// The parts of a text that do not stay, in no order.
type Parts = Result<Vec<Part>, Unreadable>;

impl Pass<'_> {
    /// A string that holds no JSON as a whole, where rules look everywhere.
    pub(super) fn text(
        &mut self,
        text: &[u8],
        (key, node): (Option<&Node>, &Node),
        edits: &mut Edits,
        levels: &mut [Level],
    ) -> Result<(), Reason> {
        let string = node.span();
        let around = if key.is_none() { self.around.clone() } else { Vec::new() };
        let key = key.map_or(Cow::Borrowed(&around[..]), |key| said(text, key));
        let said = &*said(text, node);
        let outermost = self.outer.is_none();
        self.outer.get_or_insert(string);
        let of = Of { key: &key, state: node.state, string };
        let parts = self.parts(said, of, levels);
        if let Ok(Ok(parts)) = &parts
            && parts.iter().any(|part| !matches!(part.with, With::Kept))
        {
            let mut inner = Edits::default();
            self.join(said, of, parts, (&mut inner, levels.len()));
            lift(&inner, text, Span { start: string.start + 1, end: string.end - 1 }, edits);
        }
        if outermost {
            self.outer = None;
        }
        if parts?.is_err() {
            self.withhold(node, edits, levels.len());
        }
        if edits.added() > self.limits.output_bytes { Err(Reason::OutputTooLong) } else { Ok(()) }
    }

    /// What does not stay of a text: documents in it, what is encoded in it, names and their values, what detectors find.
    fn parts(&mut self, said: &[u8], of: Of<'_>, levels: &mut [Level]) -> Result<Parts, Reason> {
        let mut parts = Vec::new();
        let signs = signs(said);
        if signs & BRACKETS != 0 && self.documents(said, of.state, &mut parts, levels)?.is_err() {
            return Ok(Err(Unreadable));
        }
        let mut found = Vec::new();
        if signs & PAIRS != 0 {
            self.pairs(said, of.state, &parts, &mut found);
        }
        self.encoded(said, of, (&mut parts, signs & PERCENT != 0), levels)?;
        self.detect(said, of, &parts, &mut found);
        parts.extend(found);
        Ok(Ok(parts))
    }

    /// Stretches of base64 that say a text, and of percent-encoding: read, redacted and encoded again.
    fn encoded(
        &mut self,
        said: &[u8],
        of: Of<'_>,
        (parts, percent): (&mut Vec<Part>, bool),
        levels: &mut [Level],
    ) -> Result<(), Reason> {
        let mut decoded = Vec::new();
        let documents = parts.len();
        let mut from = if percent { 0 } else { said.len() };
        while let Some(span) = next_percent(said, from) {
            from = span.end;
            decoded.clear();
            if !is_within(&parts[..documents], span)
                && unescape_percent(span.of(said), &mut decoded)
                && let Some(edits) = self.inside(&decoded, of, levels)?
            {
                let mut text = Vec::new();
                splice_percent(&edits, span.of(said), &mut text);
                parts.push(Part { span, with: With::Text(text) });
            }
        }
        parts.sort_by_key(|part| part.span.start);
        let layers = parts.len();
        let mut from = 0;
        while let Some(Wrapped { span, alphabet }) = next_base64(said, from, &mut decoded) {
            from = span.end;
            if !is_within(&parts[..layers], span)
                && let Some(edits) = self.inside(&decoded, of, levels)?
            {
                let (mut with, mut text) = (Vec::new(), Vec::new());
                edits.splice(&decoded, Span { start: 0, end: decoded.len() }, &mut with);
                alphabet.encode(&with, &mut text);
                parts.push(Part { span, with: With::Text(text) });
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
            return Ok(next_document(decoded, 0).map(|_| withheld()));
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
        let Some(reached) = self.redactor.reached(of.state) else { return };
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
    fn pairs(&mut self, said: &[u8], state: State, documents: &[Part], all: &mut Vec<Part>) {
        let Some(reached) = self.redactor.reached(state) else { return };
        let live = reached.live.that_are(self.active);
        let is_unknown = self.event_type.is_none();
        let is_meant = |at: usize, name: &[u8]| {
            let is_inside = is_within(documents, Span { start: at, end: at + 1 });
            if is_inside || !self.redactor.keys.may_mean(name) {
                return None;
            }
            self.know_text(name)?.meant.rules(is_unknown).that_are(live).foremost()
        };
        pairs(said, is_meant, |span, rule| all.push(Part { span, with: With::Rule(rule) }));
    }

    /// A key in which a detector finds something. Where another member has the name that it gets, a number makes it
    /// another: `[redacted]~2`.
    #[cold]
    #[inline(never)]
    pub(super) fn key(
        &mut self,
        text: &[u8],
        tape: &Tape,
        key: &Node,
        reached: &Reached,
        (edits, left): (&mut Edits, usize),
    ) {
        let (name, string) = (said(text, key), key.span());
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
        self.join(&name, Of { key: b"", state: key.state, string }, &parts, (&mut inner, left));
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
        edits.replace_with(string, |out| {
            out.push(b'"');
            escape_into(&taken, out);
            out.push(b'"');
        });
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
            if text.len() < len + PADDING {
                text.resize(len + PADDING, PAD);
            }
            text[..len].copy_from_slice(&said[start..start + len]);
            text[len..len + PADDING].fill(PAD);
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
    fn join(&mut self, said: &[u8], of: Of<'_>, parts: &[Part], (edits, left): (&mut Edits, usize)) {
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
                    self.count(rule, left);
                    self.note(Some(rule), (of.state, of.string), (span.len(), becomes), left);
                }
            }
        }
    }
}

/// Whether a span lies within one of some parts, which stand in order and apart.
fn is_within(parts: &[Part], span: Span) -> bool {
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

/// Appends a percent-encoded text with the changes to what it says; what they do not name stays as it is written.
fn splice_percent(edits: &Edits, raw: &[u8], out: &mut Vec<u8>) {
    // How many bytes say so many octets.
    let written = |raw: &[u8], octets: usize| {
        (0..octets).fold(0, |at, _| at + if percent_octet(raw, at).is_some() { 3 } else { 1 }).min(raw.len())
    };
    let (mut rest, mut done) = (raw, 0);
    for (span, with) in edits.iter() {
        let (stays, behind) = rest.split_at(written(rest, span.start - done));
        out.extend_from_slice(stays);
        escape_percent(with, out);
        rest = &behind[written(behind, span.len())..];
        done = span.end;
    }
    out.extend_from_slice(rest);
}

/// The next stretch of characters that percent-encoding leaves, with something encoded among them.
fn next_percent(text: &[u8], from: usize) -> Option<Span> {
    let percent = from + text.get(from..)?.iter().position(|&b| b == b'%')?;
    let is_left = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'%' | b'-' | b'_' | b'.' | b'~' | b'+' | b'*');
    let start = percent - text[from..percent].iter().rev().take_while(|b| is_left(b)).count();
    let end = percent + text[percent..].iter().take_while(|b| is_left(b)).count();
    Some(Span { start, end })
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
