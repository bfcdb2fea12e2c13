//! Rules over a tape, to edits; strings that hold JSON are opened, redacted and closed again.

use super::document::{Holds, begins_like_document, holds, without_blanks};
use super::{Action, Redacted, Rule, WITHHELD};
use crate::edit::{Edits, lift};
use crate::limits::Limits;
use crate::plan::{Plan, PlanBuilder, State};
use crate::scan::{Index, PAD, PADDING, Reason, is_space};
use crate::span::Span;
use crate::tape::{Kind, Node, ROOM, Tape, Text, Walk, decode, decode_into, walk};

/// The compiled rules.
#[derive(Debug, Default)]
pub(crate) struct Redactor {
    /// Every path of every rule, in the order it was asked for: the rule's number and the path's text.
    paths: Vec<(usize, String)>,
    /// What is done with each rule's values.
    actions: Vec<Action>,
    first: usize,
    /// Per state of the plan: the path (index into `paths`) that decides.
    deciding: Vec<Option<u32>>,
}

impl Redactor {
    /// Asks the plan for what the rules need, in the record and below up to `wrappers` keys.
    /// [`Redactor::settle`] completes it once the plan is built.
    pub(crate) fn new(rules: &[Rule], wrappers: usize, plan: &mut PlanBuilder) -> Redactor {
        let mut redactor = Redactor::default();
        for (number, rule) in rules.iter().enumerate() {
            for (path, text) in &rule.paths {
                for wrapper in 0..=wrappers {
                    let asked = plan.ask(path.below(wrapper));
                    if redactor.paths.is_empty() {
                        redactor.first = asked;
                    }
                    redactor.paths.push((number, text.clone()));
                }
            }
            redactor.actions.push(rule.action.clone());
        }
        redactor
    }

    /// Decides for each state which of the rules that meet there wins.
    pub(crate) fn settle(&mut self, plan: &Plan) {
        let ours = self.first as u32..(self.first + self.paths.len()) as u32;
        let decide = |state: State| {
            let paths = plan.asked(state).iter().filter(|p| ours.contains(p)).map(|p| p - ours.start);
            paths.min_by_key(|&p| {
                let rule = self.paths[p as usize].0;
                (std::cmp::Reverse(self.actions[rule].rank()), rule)
            })
        };
        self.deciding = (0..plan.states()).map(|state| decide(state as State)).collect();
    }

    /// The text of a path, by its number.
    pub(crate) fn path(&self, number: u32) -> (usize, &str) {
        self.paths.get(number as usize).map_or((0, ""), |(rule, text)| (*rule, text))
    }

    pub(crate) fn action(&self, rule: usize) -> Option<&Action> {
        self.actions.get(rule)
    }

    /// Redacts the record `span` of `bytes`, whose tape was written for `plan`.
    ///
    /// # Errors
    /// Why the record has to be withheld.
    pub(crate) fn redact<'a>(
        &self,
        (plan, limits): (&Plan, &Limits),
        bytes: &'a [u8],
        (span, breaks): (Span, bool),
        tape: &Tape,
        work: &'a mut Redaction,
    ) -> Result<Redacted<'a>, Reason> {
        work.edits.clear();
        if !tape.nodes.is_empty() {
            work.levels.resize_with(limits.embedded_depth, Level::default);
            let mut pass = Pass {
                redactor: self,
                plan,
                limits,
                counts: &mut work.counts,
                trace: work.trace.as_mut(),
                outer: None,
            };
            pass.document(bytes, tape, &mut work.edits, &mut work.levels)?;
        }
        let redacted = Redacted::new(bytes, span, &work.edits, breaks);
        if redacted.len() > limits.output_bytes { Err(Reason::OutputTooLong) } else { Ok(redacted) }
    }
}

/// What redaction needs from record to record: memory, and its counts.
#[derive(Debug, Default)]
pub(crate) struct Redaction {
    edits: Edits,
    levels: Vec<Level>,
    pub(crate) counts: Counts,
    /// Filled where somebody wants to know what was done.
    pub(crate) trace: Option<Vec<Applied>>,
}

/// How often what happened.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// Per rule: values it was applied to.
    pub(crate) fired: Vec<u64>,
    /// Strings whose JSON was read.
    pub(crate) entered: u64,
    /// Strings replaced whole because their JSON could not be.
    pub(crate) withheld: u64,
}

impl Counts {
    /// All to zero, for that many rules.
    pub(crate) fn reset(&mut self, rules: usize) {
        self.fired.clear();
        self.fired.resize(rules, 0);
        (self.entered, self.withheld) = (0, 0);
    }
}

/// One thing that was done to a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Applied {
    /// The path that decided; none where a string was withheld whole.
    pub(crate) path: Option<u32>,
    /// Where: in the record's buffer, or of the outermost string that was opened for it.
    pub(crate) span: Span,
    /// How many bytes the value had, in the document that it stands in.
    pub(crate) length: usize,
    /// How many stand in its place.
    pub(crate) becomes: usize,
    /// In how many strings the document stands.
    pub(crate) embedded: usize,
}

/// One document inside a string.
#[derive(Debug, Default)]
struct Level {
    text: Vec<u8>,
    index: Index,
    tape: Tape,
    edits: Edits,
}

struct Pass<'a> {
    redactor: &'a Redactor,
    plan: &'a Plan,
    limits: &'a Limits,
    counts: &'a mut Counts,
    trace: Option<&'a mut Vec<Applied>>,
    /// The outermost string that is open.
    outer: Option<Span>,
}

impl Pass<'_> {
    /// The edits of one document. `levels` is what is left for documents inside its strings.
    fn document(&mut self, text: &[u8], tape: &Tape, edits: &mut Edits, levels: &mut [Level]) -> Result<(), Reason> {
        let mut at = 0;
        let mut key = None;
        while let Some(node) = tape.nodes.get(at) {
            at += 1;
            if node.kind == Kind::Key {
                key = Some(node.start as usize);
                continue;
            }
            let span = node.span();
            let entry = Span { start: key.take().unwrap_or(span.start), end: span.end };
            if let Some(path) = self.redactor.deciding.get(node.state as usize).copied().flatten() {
                let (rule, _) = self.redactor.path(path);
                let becomes = match &self.redactor.actions[rule] {
                    Action::Remove => {
                        edits.remove(text, entry);
                        0
                    }
                    Action::Replace(with) => {
                        edits.replace(span, with.as_bytes());
                        with.len()
                    }
                };
                if let Some(fired) = self.counts.fired.get_mut(rule) {
                    *fired += 1;
                }
                self.note(Some(path), span, becomes, levels.len());
                if edits.added() > self.limits.output_bytes {
                    return Err(Reason::OutputTooLong);
                }
                at = node.next as usize;
            } else if node.kind == Kind::String && self.plan.goes_on(node.state) {
                self.string(text, node, edits, levels)?;
            }
        }
        Ok(())
    }

    /// A string that a path goes on into: opened if it holds JSON, withheld if it should and does not.
    #[inline(never)]
    fn string(&mut self, text: &[u8], node: &Node, edits: &mut Edits, levels: &mut [Level]) -> Result<(), Reason> {
        let span = node.span();
        let inside = Span { start: span.start + 1, end: span.end - 1 };
        let left = levels.len();
        let Some((level, deeper)) = levels.split_first_mut() else {
            let mut decoded = Vec::new();
            if begins_like_document(inside.of(text)) {
                decode(inside.of(text), &mut decoded);
            }
            if holds(&decoded, self.limits.depth)? != Holds::Text {
                self.withhold(span, edits, left);
            }
            return Ok(());
        };
        let Level { text: document, index, tape, edits: inner } = level;
        let raw = inside.of(text);
        if !begins_like_document(raw) {
            return Ok(());
        }
        let room = raw.len() + ROOM.max(PADDING);
        if document.len() < room {
            document.resize(room, PAD);
        }
        let end = decode_into(raw, document);
        document[end..end + PADDING].fill(PAD);
        let start = end - without_blanks(&document[..end]).len();
        index.build(document, start, end);
        tape.clear();
        inner.clear();
        let reading = Text { bytes: document, index, end, lines: false };
        match walk(reading, self.plan, node.state, self.limits.depth, start, tape) {
            Walk::Whole { end: value_end, .. }
                if document[value_end..end].iter().all(is_space)
                    && (!index.is_suspect(start, end)
                        || holds(&document[..end], self.limits.depth)? == Holds::Document) =>
            {
                self.counts.entered += 1;
                let outermost = self.outer.is_none();
                self.outer.get_or_insert(span);
                self.document(document, tape, inner, deeper)?;
                if outermost {
                    self.outer = None;
                }
                lift(inner, text, inside, edits);
            }
            _ => {
                if holds(&document[..end], self.limits.depth)? != Holds::Text {
                    self.withhold(span, edits, left);
                }
            }
        }
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn withhold(&mut self, span: Span, edits: &mut Edits, left: usize) {
        edits.replace_with(span, |out| {
            out.push(b'"');
            out.extend_from_slice(WITHHELD.as_bytes());
            out.push(b'"');
        });
        self.counts.withheld += 1;
        self.note(None, span, WITHHELD.len() + 2, left);
    }

    /// `left`: how many strings deeper could still be opened where this was done.
    fn note(&mut self, path: Option<u32>, span: Span, becomes: usize, left: usize) {
        if let Some(trace) = &mut self.trace {
            let embedded = self.limits.embedded_depth - left;
            trace.push(Applied { path, span: self.outer.unwrap_or(span), length: span.len(), becomes, embedded });
        }
    }
}
