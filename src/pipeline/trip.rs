//! What becomes of each record.

use super::delivery::{Delivery, Routes};
use super::run::Chosen;
use super::{Compiled, Run};
use crate::accept::{Accept, Admission};
use crate::detect::Detected;
use crate::explain::Outcome;
use crate::limits::MAX_WRAPPERS;
use crate::plan::START;
use crate::query;
use crate::redact::Record;
use crate::report::Quarantined;
use crate::sample::Basis;
use crate::scan::{Found, Place, Reading, Reason};
use crate::span::Span;
use crate::tape::{Cursor, Text, walk};

impl Run {
    /// Every record that can be told by now.
    pub(super) fn drain(&mut self, last: bool) {
        let pipeline = self.pipeline.clone();
        let compiled = &*pipeline.compiled;
        self.frames.more();
        loop {
            let plan = &compiled.views[self.wrappers].plan;
            let reading = Reading { plan, limits: &compiled.policy.limits, last };
            let Some(found) = self.frames.next(&mut self.source, &reading, &mut self.tape) else { break };
            self.totals.records += 1;
            (self.looked, self.chosen) = (None, None);
            let (outcome, at, length, text) = match found {
                Found::Record { span, breaks, at } => {
                    let outcome = match self.record(compiled, span, breaks) {
                        Ok(outcome) => outcome,
                        Err(reason) => Outcome::Quarantined(reason, at.offset),
                    };
                    (outcome, at, span.len() as u64, Some(span))
                }
                Found::Broken { reason, fault, length, text, at } => {
                    (Outcome::Quarantined(reason, fault), at, length, text)
                }
            };
            let left_out = self.chosen.map_or(0, |chosen| chosen.left_out);
            match outcome {
                Outcome::Kept => self.totals.kept += 1,
                Outcome::Filtered => {
                    self.totals.filtered += 1;
                    self.totals.sampled += u64::from(left_out != 0);
                }
                Outcome::Quarantined(reason, fault) => self.withhold(reason, (fault, length), text, at),
            }
            if left_out != 0 && !matches!(outcome, Outcome::Quarantined(..)) {
                let routes = self.sampled.iter_mut().enumerate();
                routes.for_each(|(number, sampled)| *sampled += u64::from(left_out >> number & 1));
            }
            if self.telling.is_some() {
                self.note(&pipeline, at, length, text, outcome);
            }
        }
    }

    /// One record through the rooms.
    #[inline(never)]
    fn record(&mut self, compiled: &Compiled, span: Span, breaks: bool) -> Result<Outcome, Reason> {
        if let Some(accept) = &compiled.policy.accept
            && self.admit(accept, compiled, span)? == Admission::Out
        {
            return Ok(Outcome::Filtered);
        }
        let taken = match compiled.all {
            Some(wanted) => {
                self.chosen = Some(Chosen { wanted, left_out: 0, outright: false, basis: Basis::default() });
                wanted
            }
            None => self.taken(compiled, span),
        };
        if taken == 0 {
            return Ok(Outcome::Filtered);
        }
        let view = &compiled.views[self.wrappers];
        let event_type = self.looked.and_then(|looked| looked.event_type);
        let event = self.looked.and_then(|looked| looked.span);
        let idle = view.redactor.idle(&mut self.redaction, self.source.bytes(), span);
        let record = Record { bytes: self.source.bytes(), span, breaks, tape: &self.tape, event_type, event, idle };
        let mut delivery = Delivery {
            policy: &compiled.policy,
            view,
            record,
            redaction: &mut self.redaction,
            outputs: &mut self.outputs,
            now: &self.now,
            begun: 0,
        };
        let groups = view.redactor.takers();
        delivery.redaction.round.begin(compiled.reducible != 0 || groups.len() > 1);
        for (group, takers) in groups.iter().enumerate().filter(|(_, takers)| *takers & taken != 0) {
            if let Err(reason) = delivery.to(takers & taken, group, compiled.reducible) {
                // All routes that would take it, or none.
                Routes(delivery.begun).for_each(|number| delivery.outputs[number].undo());
                return Err(reason);
            }
        }
        Ok(Outcome::Kept)
    }

    /// Which routes want a record.
    #[inline(never)]
    fn taken(&mut self, compiled: &Compiled, span: Span) -> u32 {
        let bytes = self.source.bytes();
        let record = Cursor::root(bytes, &self.tape).map(|root| {
            let accept = compiled.policy.accept.as_ref().zip(self.looked);
            let event = accept.and_then(|(accept, looked)| accept.event(looked, root, &mut self.notes));
            query::Record { raw: span.of(bytes), root, event }
        });
        let wanted = self.filter.routes(&mut self.judge, (bytes, span), record);
        let (left_out, outright, basis) = self.sampling.leaves_out(wanted, &mut self.judge, (bytes, span), record);
        self.chosen = Some(Chosen { wanted, left_out, outright, basis });
        wanted & !left_out
    }

    /// Finds out which event a record is, and reads it once more where the plan was another one.
    #[inline(never)]
    fn admit(&mut self, accept: &Accept, compiled: &Compiled, span: Span) -> Result<Admission, Reason> {
        self.notes.record = self.before + self.totals.records - 1;
        let mut found = self.find(accept, compiled)?;
        if found.is_none() && accept.is_selective() && self.wrappers < MAX_WRAPPERS {
            self.read(compiled, span, MAX_WRAPPERS);
            found = self.find(accept, compiled)?;
        }
        let looked = accept.judge(found, self.source.bytes(), &self.tape, &mut self.notes);
        self.looked = Some(looked);
        if let Some(counts) = looked.event_type.and_then(|number| self.events.get_mut(number)) {
            counts.0 += 1;
            counts.1 += u64::from(looked.invalid);
        }
        if looked.wrappers != self.wrappers {
            self.read(compiled, span, looked.wrappers);
        }
        accept.admit(looked)
    }

    /// The event, as far as the tape at hand goes.
    fn find(&mut self, accept: &Accept, compiled: &Compiled) -> Result<Option<Detected>, Reason> {
        let places = compiled.views[self.wrappers].places.as_ref();
        accept.find(self.source.bytes(), &self.tape, (self.wrappers, places), &mut self.notes)
    }

    /// Writes the tape of a record anew, for an event below so many keys.
    fn read(&mut self, compiled: &Compiled, span: Span, wrappers: usize) {
        self.wrappers = wrappers;
        let bytes = self.source.bytes();
        self.again.build(bytes, span.start, span.end);
        self.tape.clear();
        let text = Text { bytes, index: &self.again, end: span.end, lines: false };
        let depth = compiled.policy.limits.depth;
        walk(text, &compiled.views[wrappers].plan, START, depth, span.start, &mut self.tape);
    }

    #[cold]
    #[inline(never)]
    fn withhold(&mut self, reason: Reason, (fault, length): (u64, u64), text: Option<Span>, at: Place) {
        self.totals.quarantined += 1;
        self.totals.reasons[reason as usize] += 1;
        let originals = self.pipeline.compiled.policy.originals;
        let original = text.filter(|_| originals).map(|t| t.of(self.source.bytes()).to_vec());
        self.quarantined.push(Quarantined {
            reason,
            record: self.totals.records - 1,
            offset: at.offset,
            length,
            line: (at.line > 0).then_some(at.line),
            at: fault,
            original,
            finding: self.notes.findings.first().filter(|_| reason == Reason::InvalidEvent).cloned(),
        });
    }
}
