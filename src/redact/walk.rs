//! Rules over a tape, to edits.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::key::Known as KnownKey;
use super::reach::{Reached, UNKNOWN};
use super::seen::Seen;
use super::{Action, Redacted, Redactor, Rules, WITHHELD};
use crate::edit::Edits;
use crate::limits::Limits;
use crate::plan::{Plan, State};
use crate::query::Judge;
use crate::scan::{Index, Reason};
use crate::sensitive::glance::is_nothing;
use crate::sensitive::{Context, Found, Known, Scratch};
use crate::span::Span;
use crate::tape::{Cursor, Kind, Node, Tape, decode};

/// A record to be redacted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'a> {
    /// The buffer that it stands in, and where.
    pub(crate) bytes: &'a [u8],
    pub(crate) span: Span,
    /// Line breaks stand between its tokens.
    pub(crate) breaks: bool,
    /// Written for the plan that the rules asked.
    pub(crate) tape: &'a Tape,
    /// The number of its event type.
    pub(crate) event_type: Option<usize>,
    /// Rules that are not for it.
    pub(crate) idle: Rules,
}

impl Redactor {
    /// Redacts a record by the rules of a group of routes.
    ///
    /// # Errors
    /// Why the record has to be withheld.
    pub(crate) fn redact<'a>(
        &self,
        (plan, limits): (&Plan, &Limits),
        record: Record<'a>,
        group: usize,
        work: &'a mut Redaction,
    ) -> Result<Redacted<'a>, Reason> {
        work.edits.clear();
        work.parents.clear();
        if !record.tape.nodes.is_empty() {
            work.levels.resize_with(limits.embedded_depth, Level::default);
            // What several groups do alike is told of the first.
            let told = self.groups[..group].iter().fold(Rules::default(), |all, group| all.and_those(*group));
            let mut pass = Pass {
                redactor: self,
                plan,
                limits,
                active: self.groups.get(group).copied().unwrap_or_default().without(record.idle),
                told,
                is_first: group == 0,
                event_type: record.event_type.map(|number| number as u16),
                counts: &mut work.counts,
                seen: &mut work.seen,
                found: &mut work.found,
                parents: &mut work.parents,
                names: &mut Names::new(),
                trace: work.trace.as_mut(),
                outer: None,
                around: Vec::new(),
                root: record.span.end - record.span.of(record.bytes).trim_ascii_start().len(),
                judge: &mut work.judge,
                verdicts: Vec::new(),
                first_verdict: 0,
            };
            pass.document(record.bytes, record.tape, &mut work.edits, &mut work.levels)?;
        }
        let redacted = Redacted::new(record.bytes, record.span, &work.edits, record.breaks);
        if redacted.len() > limits.output_bytes { Err(Reason::OutputTooLong) } else { Ok(redacted) }
    }
}

/// What redaction needs from record to record: memory, and its counts.
#[derive(Debug, Default)]
pub(crate) struct Redaction {
    edits: Edits,
    levels: Vec<Level>,
    seen: Seen,
    found: Finds,
    parents: Vec<u32>,
    judge: Judge,
    pub(crate) counts: Counts,
    /// Filled where somebody wants to know what was done.
    pub(crate) trace: Option<Vec<Applied>>,
}

impl Redaction {
    /// All counts to zero, for that many rules.
    pub(crate) fn reset(&mut self, rules: usize) {
        self.counts.fired.clear();
        self.counts.fired.resize(rules, 0);
        self.counts.depths.clear();
        self.counts.depths.resize(rules, 0);
        (self.counts.entered, self.counts.withheld) = (0, 0);
    }
}

/// What detectors find in one text, and their memory.
#[derive(Debug, Default)]
pub(super) struct Finds {
    pub(super) list: Vec<Found>,
    pub(super) scratch: Scratch,
}

/// How often what happened.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// Per rule of the policy: values it was applied to.
    pub(crate) fired: Vec<u64>,
    /// Per rule: in how many strings the deepest of them stood.
    pub(crate) depths: Vec<u64>,
    /// Strings whose JSON was read.
    pub(crate) entered: u64,
    /// Strings replaced whole because their JSON could not be.
    pub(crate) withheld: u64,
}

/// One thing that was done to a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Applied {
    /// The rule that decided, by its place in the order of precedence; none where a string was withheld whole.
    pub(crate) rule: Option<u8>,
    /// The state of the value.
    pub(crate) state: State,
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
pub(super) struct Level {
    pub(super) text: Vec<u8>,
    pub(super) index: Index,
    pub(super) tape: Tape,
    pub(super) edits: Edits,
}

pub(super) struct Pass<'a> {
    pub(super) redactor: &'a Redactor,
    pub(super) plan: &'a Plan,
    pub(super) limits: &'a Limits,
    /// The rules that may apply.
    pub(super) active: Rules,
    /// The rules that another pass has counted.
    pub(super) told: Rules,
    pub(super) is_first: bool,
    pub(super) event_type: Option<u16>,
    pub(super) counts: &'a mut Counts,
    pub(super) seen: &'a mut Seen,
    pub(super) found: &'a mut Finds,
    /// Where everything is looked at: the objects and arrays around the value at hand, of all documents that are open.
    pub(super) parents: &'a mut Vec<u32>,
    /// The names that members of objects have where one was changed, of the document at hand.
    pub(super) names: &'a mut Names,
    pub(super) trace: Option<&'a mut Vec<Applied>>,
    /// The outermost string that is open.
    pub(super) outer: Option<Span>,
    /// The key of the innermost string that is open.
    pub(super) around: Vec<u8>,
    /// Where the record begins.
    root: usize,
    judge: &'a mut Judge,
    /// What selectors said of the elements around the value at hand, of all documents that are open; and where those of
    /// the document at hand begin.
    verdicts: Vec<Verdict>,
    first_verdict: usize,
}

/// What a selector said of an element.
struct Verdict {
    selector: u16,
    /// The entry behind the element.
    end: u32,
    is_taken: bool,
}

/// By object and name: the number for the next member that would get that name.
pub(super) type Names = BTreeMap<(u32, Vec<u8>), u32>;

/// A rule for all that an object or array holds.
#[derive(Clone, Copy)]
struct Held {
    rule: u8,
    /// The entry behind what it holds.
    end: u32,
}

impl Pass<'_> {
    /// The edits of one document. `levels` is what is left for documents inside its strings.
    pub(super) fn document(
        &mut self,
        text: &[u8],
        tape: &Tape,
        edits: &mut Edits,
        levels: &mut [Level],
    ) -> Result<(), Reason> {
        let outer_parents = self.parents.len();
        let outer_verdicts = std::mem::replace(&mut self.first_verdict, self.verdicts.len());
        let outer_names = std::mem::take(self.names);
        let mut held: Vec<Held> = Vec::new();
        let mut at = 0;
        let mut key: Option<&Node> = None;
        while let Some(node) = tape.nodes.get(at) {
            at += 1;
            if node.kind == Kind::Key {
                key = Some(node);
                continue;
            }
            let key = key.take();
            let Some(reached) = self.redactor.reached(node.state) else { continue };
            if !reached.judged.is_empty() {
                self.select(text, (node, at - 1), reached);
            }
            let (rule, is_sensitive) = self.rule_for(text, tape, (key, at - 1), reached, outer_parents);
            if !held.is_empty() {
                held.retain(|held| held.end as usize >= at);
            }
            let rule = match held.last().filter(|held| reached.live.has(held.rule)) {
                Some(held) => Some(rule.map_or(held.rule, |rule| rule.min(held.rule))),
                None => rule,
            };
            if let Some(key) = key.filter(|_| is_sensitive)
                && !rule.is_some_and(|rule| self.redactor.rules[usize::from(rule)].1 == Action::Remove)
            {
                self.key(text, tape, key, reached, (edits, levels.len()));
            }
            let is_container = matches!(node.kind, Kind::Object | Kind::Array);
            if is_container && self.redactor.looks_everywhere {
                self.parents.push(at as u32 - 1);
            }
            match rule {
                Some(rule) if is_container && self.redactor.rules[usize::from(rule)].1.is_of_scalars() => {
                    held.push(Held { rule, end: node.next });
                }
                Some(rule) => {
                    self.apply(rule, text, (key, node), edits, levels.len())?;
                    at = node.next as usize;
                }
                None if node.kind == Kind::String => {
                    let everywhere = self.redactor.looks_everywhere && !reached.live.that_are(self.active).is_none();
                    let is_nothing = everywhere
                        && reached.json.is_empty()
                        && is_nothing(inside(node).of(text), self.redactor.detectors.as_ref());
                    if !is_nothing && (everywhere || self.plan.goes_on(node.state)) {
                        let key = key.or_else(|| self.key_around(tape, outer_parents));
                        self.string(text, (key, node), everywhere, edits, levels)?;
                    }
                }
                None if node.kind == Kind::Number
                    && let Some(detectors) = &self.redactor.detectors
                    && !detectors.pass_over_number(node.span().of(text)) =>
                {
                    let near = key.or_else(|| self.key_around(tape, outer_parents));
                    if let Some(rule) = self.number(text, (near, node), reached) {
                        self.apply(rule, text, (key, node), edits, levels.len())?;
                    }
                }
                None => {}
            }
        }
        self.parents.truncate(outer_parents);
        self.verdicts.truncate(self.first_verdict);
        self.first_verdict = outer_verdicts;
        *self.names = outer_names;
        Ok(())
    }

    /// The rule that decides about the value at an entry; and whether a detector finds something in its key.
    #[inline(always)]
    fn rule_for(
        &mut self,
        text: &[u8],
        tape: &Tape,
        (key, at): (Option<&Node>, usize),
        reached: &Reached,
        outer_parents: usize,
    ) -> (Option<u8>, bool) {
        let mut known = None;
        if self.redactor.looks_everywhere {
            while self.parents.len() > outer_parents
                && self.parents.last().is_some_and(|&parent| tape.nodes[parent as usize].next as usize <= at)
            {
                self.parents.pop();
            }
            known = key.and_then(|key| self.know(text, key));
        }
        if reached.is_bare && known.is_none() {
            return (None, false);
        }
        self.foremost(text, tape, known, at, reached)
    }

    /// The rule that withholds most of those for a value, by its place and what is known of its key.
    #[inline(never)]
    fn foremost(
        &mut self,
        text: &[u8],
        tape: &Tape,
        known: Option<KnownKey>,
        at: usize,
        reached: &Reached,
    ) -> (Option<u8>, bool) {
        let mut rules = reached.here;
        let event_type = self.event_type.unwrap_or(UNKNOWN);
        if let Some((_, typed)) = reached.typed.iter().find(|(known, _)| *known == event_type) {
            rules = rules.and_those(*typed);
        }
        for (selector, selected) in &reached.selected {
            if self.is_selected(*selector, at) {
                rules = rules.and_those(*selected);
            }
        }
        if let Some(known) = known {
            rules = rules.and_those(known.meant.rules(self.event_type.is_none()));
            if known.is_value {
                rules = rules.and_those(self.named(text, tape));
            }
        }
        let is_sensitive = known.is_some_and(|known| known.is_sensitive);
        (rules.that_are(reached.live).that_are(self.active).foremost(), is_sensitive)
    }

    /// Judges an element by the selectors of its place.
    #[cold]
    #[inline(never)]
    fn select(&mut self, text: &[u8], (node, at): (&Node, usize), reached: &Reached) {
        while self.verdicts.len() > self.first_verdict && self.verdicts.last().is_some_and(|v| v.end as usize <= at) {
            self.verdicts.pop();
        }
        for &selector in &reached.judged {
            let query = self.redactor.selectors.get(usize::from(selector));
            let is_taken = query.is_some_and(|query| self.judge.matches(query, text, node.span()));
            self.verdicts.push(Verdict { selector, end: node.next.max(at as u32 + 1), is_taken });
        }
    }

    /// Whether a selector took the innermost element that it judged around an entry.
    #[cold]
    #[inline(never)]
    fn is_selected(&self, selector: u16, at: usize) -> bool {
        let around = self.verdicts.iter().enumerate().rev();
        let mut around = around.filter(|(n, v)| *n < self.first_verdict || v.end as usize > at);
        around.find(|(_, verdict)| verdict.selector == selector).is_some_and(|(_, verdict)| verdict.is_taken)
    }

    /// The key of the array that an element is in, or is in an array of.
    fn key_around<'t>(&self, tape: &'t Tape, outer_parents: usize) -> Option<&'t Node> {
        let before = |parent: &u32| tape.nodes.get((*parent as usize).checked_sub(1)?);
        let mut around = self.parents.get(outer_parents..)?.iter().rev().filter_map(before);
        around.find(|node| node.kind == Kind::Key)
    }

    /// What the catalogue says the value is, if it is valid as that; else it is like any other.
    #[inline(never)]
    pub(super) fn known(&self, reached: &Reached) -> Option<Known> {
        let event_type = self.event_type?;
        reached.known.iter().find(|(known, _)| *known == event_type).map(|(_, known)| *known)
    }

    /// Whether the catalogue says that a string holds JSON.
    pub(super) fn should_be_json(&self, node: &Node) -> bool {
        let reached = self.redactor.reached(node.state);
        self.event_type.zip(reached).is_some_and(|(event_type, reached)| reached.json.contains(&event_type))
    }

    /// The rule for a number in which a detector finds something.
    fn number(&mut self, text: &[u8], (key, node): (Option<&Node>, &Node), reached: &Reached) -> Option<u8> {
        let key = key.map_or(Cow::Borrowed(&self.around[..]), |key| said(text, key));
        let known = self.known(reached);
        let context = Context { key: &key, number: true, known };
        let Finds { list, scratch } = &mut *self.found;
        self.redactor.detectors.as_ref()?.find(node.span().of(text), context, scratch, list);
        let rules =
            list.iter().fold(Rules::default(), |all, found| all.and_those(self.redactor.found_by(found.detector)));
        rules.that_are(reached.live).that_are(self.active).foremost()
    }

    /// What is known of a key, by its text.
    pub(super) fn know_text(&mut self, key: &[u8]) -> Option<KnownKey> {
        let (redactor, found) = (self.redactor, &mut *self.found);
        let mut is_sensitive = |key: &[u8]| {
            let Some(detectors) = &redactor.detectors else { return false };
            detectors.find(key, Context::default(), &mut found.scratch, &mut found.list);
            !found.list.is_empty()
        };
        self.seen.know(&redactor.keys, key, &mut is_sensitive)
    }

    fn know(&mut self, text: &[u8], key: &Node) -> Option<KnownKey> {
        if key.escaped { self.know_text(&said(text, key)) } else { self.know_text(inside(key).of(text)) }
    }

    /// The rules for the value in an object such as `{"name":"Authorization","value":"…"}`: those for its name.
    #[cold]
    #[inline(never)]
    fn named(&mut self, text: &[u8], tape: &Tape) -> Rules {
        let object = self.parents.last().and_then(|&parent| Cursor::on(text, &tape.nodes, parent));
        let mut rules = Rules::default();
        // Few members: what is longer is no such object, and would be looked through for each of its members.
        for (key, value) in object.iter().flat_map(|object| object.children().take(MOST_MEMBERS)) {
            let Some(key) = key.filter(|_| value.kind() == Kind::String) else { continue };
            if self.know_text(&key.text()).is_some_and(|known| known.is_name)
                && let Some(named) = self.know_text(&value.text())
            {
                rules = rules.and_those(named.meant.rules(self.event_type.is_none()));
            }
        }
        rules
    }

    fn apply(
        &mut self,
        rule: u8,
        text: &[u8],
        (key, node): (Option<&Node>, &Node),
        edits: &mut Edits,
        left: usize,
    ) -> Result<(), Reason> {
        let span = node.span();
        let action = &self.redactor.rules[usize::from(rule)].1;
        let before = edits.added();
        let is_root = key.is_none() && self.outer.is_none() && span.start == self.root;
        if *action == Action::Remove && is_root {
            edits.replace(span, b"null"); // a record is a value
        } else if *action == Action::Remove {
            let start = key.map_or(span.start, |key| key.start as usize);
            edits.remove(text, Span { start, end: span.end });
        } else {
            let said = said(text, node);
            if action.leaves(node.kind, &said) {
                return Ok(());
            }
            edits.replace_with(span, |out| action.write_value(node.kind, &said, out));
        }
        let becomes = edits.added() - before;
        self.count(rule, left);
        self.note(Some(rule), (node.state, span), (span.len(), becomes), left);
        if edits.added() > self.limits.output_bytes { Err(Reason::OutputTooLong) } else { Ok(()) }
    }

    /// `left`: how many strings deeper could still be opened.
    pub(super) fn count(&mut self, rule: u8, left: usize) {
        let entry = self.redactor.rules[usize::from(rule)].0;
        if !self.told.has(rule)
            && let Some(number) = entry
            && let Some(fired) = self.counts.fired.get_mut(number)
        {
            *fired += 1;
            if let Some(depth) = self.counts.depths.get_mut(number) {
                *depth = (*depth).max((self.limits.embedded_depth - left) as u64);
            }
        }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn withhold(&mut self, node: &Node, edits: &mut Edits, left: usize) {
        edits.replace_with(node.span(), |out| {
            out.push(b'"');
            out.extend_from_slice(WITHHELD.as_bytes());
            out.push(b'"');
        });
        self.counts.withheld += u64::from(self.is_first);
        let span = node.span();
        self.note(None, (node.state, span), (span.len(), WITHHELD.len() + 2), left);
    }

    /// `left`: how many strings deeper could still be opened where this was done.
    pub(super) fn note(
        &mut self,
        rule: Option<u8>,
        (state, span): (State, Span),
        (length, becomes): (usize, usize),
        left: usize,
    ) {
        if let Some(trace) = &mut self.trace {
            let embedded = self.limits.embedded_depth - left;
            trace.push(Applied { rule, state, span: self.outer.unwrap_or(span), length, becomes, embedded });
        }
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

/// Members of an object that names what its value is for.
const MOST_MEMBERS: usize = 16;
