//! Rules over a tape, to edits.

use std::collections::BTreeMap;

use super::here::Here;
use super::key::Known as KnownKey;
use super::reach::{Reached, UNKNOWN};
use super::seen::Seen;
use super::select::Verdict;
use super::work::{Counts, Finds, Level, Record, Redaction, Round, Trace};
use super::{Action, Redacted, Redactor, Rules};
use crate::edit::Edits;
use crate::limits::Limits;
use crate::plan::Plan;
use crate::query::Judge;
use crate::scan::Reason;
use crate::sensitive::glance::is_nothing;
use crate::span::Span;
use crate::tape::{Kind, Node, Tape};

impl Redactor {
    /// Redacts a record by the rules of a group of routes.
    ///
    /// # Errors
    /// Why the record has to be withheld.
    pub(crate) fn redact<'a>(
        &self,
        (plan, limits): (&Plan, &Limits),
        record: &Record<'a>,
        group: usize,
        work: &'a mut Redaction,
    ) -> Result<Redacted<'a>, Reason> {
        work.edits.clear();
        work.parents.clear();
        let active = self.groups.get(group).copied().unwrap_or_default().without(record.idle);
        if !record.tape.nodes.is_empty() && !active.is_none() {
            if work.levels.len() != limits.embedded_depth {
                work.levels.resize_with(limits.embedded_depth, Level::default);
            }
            work.round.pass += 1;
            let mut pass = Pass {
                redactor: self,
                plan,
                limits,
                active,
                looks_unscoped: self.looks_everywhere && !self.unscoped.that_are(active).is_none(),
                is_first: work.round.pass <= 1,
                round: &mut work.round,
                event_type: record.event_type.map(|number| number as u16),
                event: record.event,
                counts: &mut work.counts,
                seen: &mut work.seen[usize::from(self.wrappers > 0)],
                found: &mut work.found,
                parents: &mut work.parents,
                names: &mut Names::new(),
                trace: work.trace.as_mut(),
                outer: None,
                around: Vec::new(),
                way: Vec::new(),
                root: record.span.end - record.span.of(record.bytes).trim_ascii_start().len(),
                judge: &mut work.judge,
                verdicts: Vec::new(),
                first_verdict: 0,
            };
            pass.document(record.bytes, record.tape, Rules::default(), &mut work.edits, &mut work.levels)?;
        }
        let redacted = Redacted::new(record.bytes, record.span, &work.edits, record.breaks);
        if redacted.len() > limits.output_bytes { Err(Reason::OutputTooLong) } else { Ok(redacted) }
    }
}

pub(super) struct Pass<'a> {
    pub(super) redactor: &'a Redactor,
    pub(super) plan: &'a Plan,
    pub(super) limits: &'a Limits,
    /// The rules that may apply.
    pub(super) active: Rules,
    /// Everything is looked at but where rules say where.
    looks_unscoped: bool,
    /// No other pass has gone over the record.
    pub(super) is_first: bool,
    pub(super) round: &'a mut Round,
    pub(super) event_type: Option<u16>,
    event: Option<Span>,
    pub(super) counts: &'a mut Counts,
    pub(super) seen: &'a mut Seen,
    pub(super) found: &'a mut Finds,
    /// Where everything is looked at: the objects and arrays around the value at hand, of all documents that are open.
    pub(super) parents: &'a mut Vec<u32>,
    /// The names that members of objects have where one was changed, of the document at hand.
    pub(super) names: &'a mut Names,
    pub(super) trace: Option<&'a mut Trace>,
    /// The outermost string that is open.
    pub(super) outer: Option<Span>,
    /// The key of the innermost string that is open.
    pub(super) around: Vec<u8>,
    /// The way to that string, as [`Places`](super::places::Places) has it.
    pub(super) way: Vec<u8>,
    /// Where the record begins.
    pub(super) root: usize,
    pub(super) judge: &'a mut Judge,
    /// What selectors said of the elements around the value at hand, of all documents that are open; and where those of
    /// the document at hand begin.
    pub(super) verdicts: Vec<Verdict>,
    pub(super) first_verdict: usize,
}

/// By object and name: the number for the next member that would get that name.
pub(super) type Names = BTreeMap<(u32, Vec<u8>), u32>;

/// Rules for all that an object or array holds.
#[derive(Clone, Copy)]
struct Held {
    rules: Rules,
    /// The entry behind what it holds.
    end: u32,
}

impl<'a> Pass<'a> {
    /// The edits of one document, with the rules for all that it holds. `levels` is what is left for documents inside its
    /// strings.
    pub(super) fn document(
        &mut self,
        text: &[u8],
        tape: &Tape,
        around: Rules,
        edits: &mut Edits,
        levels: &mut [Level],
    ) -> Result<(), Reason> {
        let outer_parents = self.parents.len();
        let outer_verdicts = std::mem::replace(&mut self.first_verdict, self.verdicts.len());
        let outer_names = std::mem::take(self.names);
        let mut held: Vec<Held> = Vec::new();
        if !around.is_none() {
            held.push(Held { rules: around, end: u32::MAX });
        }
        let mut at = 0;
        let mut key: Option<&Node> = None;
        while let Some(node) = tape.nodes.get(at) {
            at += 1;
            if node.kind == Kind::Key {
                key = Some(node);
                continue;
            }
            let key = key.take();
            let may_hold = node.kind == Kind::String && self.plan.goes_on(node.state);
            if held.is_empty() && !may_hold && self.redactor.is_quiet(node.state) {
                continue;
            }
            let Some(reached) = self.redactor.reached(node.state) else { continue };
            if !reached.judged.is_empty() {
                self.select(text, (node, at - 1), reached);
            }
            while held.last().is_some_and(|held| (held.end as usize) < at) {
                held.pop();
            }
            let known = self.known_key(text, tape, (key, at - 1), outer_parents);
            let (mut rules, mut rule, mut is_sensitive) = (Rules::default(), None, false);
            if !reached.is_bare || known.is_some() || !held.is_empty() {
                (rules, is_sensitive) = self.meant(text, tape, known, at - 1, reached);
                if let Some(held) = held.last() {
                    rules = rules.and_those(held.rules.that_are(reached.live));
                }
                rule = rules.foremost();
            }
            let here = Here { text, tape, key, node, parents: outer_parents };
            // Before its key is renamed: a member that is removed goes with its key.
            let found = match &self.redactor.detectors {
                Some(detectors)
                    if node.kind == Kind::Number
                        && rule.is_none_or(|rule| self.action(rule).keeps())
                        && !detectors.pass_over_number(node.span().of(text)) =>
                {
                    self.number(here, reached)
                }
                _ => None,
            };
            let (rule, then) = match (found, rule) {
                (Some(found), Some(rule)) if found < rule => (Some(found), Some(rule)),
                (found, rule) => (rule.or(found), None),
            };
            if is_sensitive && !rule.is_some_and(|rule| *self.action(rule) == Action::Remove) {
                self.rename(here, reached, edits, levels.len());
            }
            let is_container = matches!(node.kind, Kind::Object | Kind::Array);
            if is_container && self.redactor.looks_everywhere {
                self.parents.push(at as u32 - 1);
            }
            match rule {
                _ if node.kind == Kind::Number
                    && !reached.json.is_empty()
                    && rule.is_none_or(|rule| self.action(rule).keeps())
                    && self.should_be_json(node) =>
                {
                    self.withhold(here, edits, levels.len());
                }
                Some(rule) if is_container && (self.action(rule).is_of_scalars() || reached.parted.has(rule)) => {
                    held.push(Held { rules, end: node.next });
                }
                Some(rule)
                    if node.kind == Kind::String
                        && reached.parted.has(rule)
                        && self.open(here, self.redactor.looks_everywhere, rules, edits, levels)?.is_none() =>
                {
                    at = node.next as usize;
                }
                Some(rule) => {
                    let keeps = node.kind == Kind::String && self.action(rule).keeps();
                    let goes_in = self.goes_in(here, reached).filter(|_| keeps);
                    let is_done = match goes_in {
                        Some(everywhere) => self.keep((rule, everywhere), here, edits, levels)?,
                        None => false,
                    };
                    if !is_done {
                        self.apply((rule, then), here, edits, levels.len())?;
                    }
                    at = node.next as usize;
                }
                None if node.kind == Kind::String => {
                    if let Some(everywhere) = self.goes_in(here, reached) {
                        self.string(here, everywhere, edits, levels)?;
                    } else if reached.may_be_event
                        && self.event_type.is_none()
                        && !self.redactor.in_events.that_are(self.active).is_none()
                        && self.is_cut_off(here)
                    {
                        self.withhold(here, edits, levels.len());
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

    /// What is known of the key of the value at an entry, where everything is looked at.
    #[inline(always)]
    fn known_key(
        &mut self,
        text: &[u8],
        tape: &Tape,
        (key, at): (Option<&Node>, usize),
        outer_parents: usize,
    ) -> Option<KnownKey> {
        if !self.redactor.looks_everywhere {
            return None;
        }
        while self.parents.len() > outer_parents
            && self.parents.last().is_some_and(|&parent| tape.nodes[parent as usize].next as usize <= at)
        {
            self.parents.pop();
        }
        key.and_then(|key| self.know(text, key))
    }

    /// Whether a value, at hand in the innermost document that is open, is no part of a known event.
    pub(super) fn is_unknown(&self, node: &Node) -> bool {
        let at = self.outer.unwrap_or(node.span());
        self.event.is_none_or(|event| at.start < event.start || event.end < at.end)
    }

    /// The rules for a value, by its place and what is known of its key; and whether a detector finds something in that.
    #[inline(never)]
    fn meant(
        &mut self,
        text: &[u8],
        tape: &Tape,
        known: Option<KnownKey>,
        at: usize,
        reached: &Reached,
    ) -> (Rules, bool) {
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
            let is_unknown = self.is_unknown(&tape.nodes[at]);
            rules = rules.and_those(known.meant.rules(is_unknown));
            if known.is_value {
                rules = rules.and_those(self.named(text, tape, is_unknown));
            }
        }
        let is_sensitive = known.is_some_and(|known| known.is_sensitive);
        (rules.that_are(reached.live).that_are(self.active), is_sensitive)
    }

    pub(super) fn action(&self, rule: u8) -> &'a Action {
        &self.redactor.rules[usize::from(rule)].1
    }

    fn looks_everywhere(&self, reached: &Reached) -> bool {
        match reached.is_unscoped {
            true => self.looks_unscoped,
            false => self.redactor.looks_everywhere && !reached.live.that_are(self.active).is_none(),
        }
    }

    /// Whether there may be something in a string for rules: for those that look everywhere, or for others alone.
    #[inline(always)]
    fn goes_in(&self, here: Here<'_>, reached: &Reached) -> Option<bool> {
        if !self.looks_everywhere(reached) {
            return self.plan.goes_on(here.node.state).then_some(false);
        }
        let detectors = self.redactor.detectors.as_ref();
        let is_nothing = reached.json.is_empty() && is_nothing(here.inside().of(here.text), detectors);
        (!is_nothing).then_some(true)
    }
}
