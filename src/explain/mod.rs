//! What each room did to a record, for people. The same record, the same rooms; only the notes are kept.

mod trip;

use crate::accept::Admission;
use crate::limits::{MAX_EXPLAINED, MAX_EXPLAINED_BYTES, MAX_EXPLAINED_IN_ALL};
use crate::pipeline::{Chosen, Pipeline, Run};
use crate::policy::Policy;
use crate::query::{Query, Verdict};
use crate::redact::{Applied, Trace};
use crate::sample::Sample;
use crate::scan::{Format, Place, Reason};
use crate::span::Span;
use crate::tape::Kind;
use crate::template::Now;
pub use trip::{Change, Decision, Delivery, Recognised, Trip};

/// What is told besides coordinates, names and policy text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Show {
    /// What each value was that was changed.
    pub values: bool,
    /// What each route got: redacted.
    pub output: bool,
}

/// What has been told so far.
#[derive(Debug)]
pub(crate) struct Telling {
    trips: Vec<Trip>,
    show: Show,
    /// Bytes of output that may still be told.
    left: usize,
}

impl Pipeline {
    /// Takes a whole input through, and tells of each record what was done to it.
    ///
    /// `now` is what queries mean by it, and templates write. All is held in memory several times over: meant for samples,
    /// not for streams.
    pub fn explain(&self, input: &[u8], format: Format, now: Now, show: Show) -> Vec<Trip> {
        let mut run = self.run();
        run.now(now);
        run.telling = Some(Telling { trips: Vec::new(), show, left: MAX_EXPLAINED_IN_ALL });
        run.notes.is_thorough = true;
        run.redaction.trace = Some(Trace { values: show.values, ..Trace::default() });
        run.begin(format);
        run.push(input);
        // Trips are kept over the calls; outputs are not.
        run.end();
        run.telling.map(|telling| telling.trips).unwrap_or_default()
    }

    fn change(&self, applied: &Applied, wrappers: usize, base: u64, record: Span) -> Change {
        let mut change = (String::new(), String::new(), "withhold");
        if let (Some(rule), Some((redactor, plan))) = (applied.rule, self.redactor(wrappers))
            && let Some((number, action)) = redactor.rule(rule)
        {
            let pointer =
                number.map_or_else(|| "/routes".to_owned(), |number| ["/redact/", &number.to_string()].concat());
            change = (pointer, redactor.path(rule, applied.state, plan).to_owned(), action.name());
        }
        let (rule, path, action) = change;
        Change {
            rule,
            path,
            place: applied.place.clone(),
            kind: name_of(applied.kind),
            action,
            offset: base + (applied.span.start - record.start) as u64,
            length: applied.length as u64,
            becomes: applied.becomes as u64,
            embedded: applied.embedded as u64,
            was: applied.was.as_ref().map(|was| String::from_utf8_lossy(was).into_owned()),
        }
    }
}

impl Run {
    /// Notes a record that went through, or not; each is the only one of its bodies.
    #[cold]
    #[inline(never)]
    pub(crate) fn note(
        &mut self,
        pipeline: &Pipeline,
        place: Place,
        length: u64,
        text: Option<Span>,
        outcome: Outcome,
    ) {
        let policy = pipeline.policy();
        let applied = self.redaction.trace.as_mut().map(|trace| std::mem::take(&mut trace.applied)).unwrap_or_default();
        let mut trip = Trip {
            record: self.counts().records - 1,
            offset: place.offset,
            length,
            line: (place.line > 0).then_some(place.line),
            outcome: outcome.name(),
            event: None,
            findings: Vec::new(),
            drift: Vec::new(),
            decisions: Vec::new(),
            edits: Vec::new(),
            routes: Vec::new(),
            room: None,
            code: None,
            at: None,
            expected: None,
        };
        if let (Some(looked), Some(accept)) = (self.looked, &policy.accept) {
            let name = looked.event_type.and_then(|number| pipeline.event_types().nth(number));
            let wrappers = looked.wrappers as u64;
            let judged = looked.event_type.filter(|number| accept.is_judged(*number));
            let valid = judged.map(|_| !looked.invalid);
            trip.event = name.map(|name| Recognised { event_type: name.to_owned(), wrappers, valid });
            trip.findings = std::mem::take(&mut self.notes.findings);
            trip.drift = accept.drift(&self.notes);
            trip.drift.truncate(MAX_EXPLAINED);
            if self.chosen.is_none() && !matches!(accept.admit(looked), Ok(Admission::In)) {
                trip.decisions.push(Decision::of(&[accept.decided_by(looked)], false));
            }
        }
        self.notes.drifts.forget();
        if let (Some(chosen), Some(span)) = (self.chosen, text) {
            self.decisions(policy, chosen, span, &mut trip.decisions);
        }
        match outcome {
            Outcome::Quarantined(reason, at) => {
                (trip.room, trip.code) = (Some(reason.room()), Some(reason.code()));
                (trip.at, trip.expected) = (Some(at), Some(reason.expected()));
            }
            Outcome::Filtered => {}
            Outcome::Kept => {
                let span = text.unwrap_or_default();
                trip.edits = applied.iter().map(|a| pipeline.change(a, self.wrappers, place.offset, span)).collect();
                trip.routes = self.deliveries(policy);
            }
        }
        for output in &mut self.outputs {
            output.restart();
            output.clear();
        }
        if let Some(telling) = &mut self.telling {
            telling.trips.push(trip);
        }
    }

    /// What the queries and shares say of the record at a span, which came so far.
    fn decisions(&mut self, policy: &Policy, chosen: Chosen, span: Span, decisions: &mut Vec<Decision>) {
        let Chosen { wanted, left_out, outright, basis } = chosen;
        let Run { filter, sampling, judge, source, now, .. } = self;
        let bytes = source.bytes();
        let mut ask = |pointer: &[&str], queries: &mut dyn Iterator<Item = &Query>| {
            // Of several, all have to match.
            let mut said: Option<Verdict> = None;
            for query in queries {
                let verdict = judge.verdict(query, bytes, span);
                if said.as_ref().is_none_or(|said| said.holds && !verdict.holds) {
                    said = Some(verdict);
                }
            }
            said.map(|Verdict { holds, term }| Decision { term, ..Decision::of(pointer, holds) })
        };
        let keep = ask(&["/keep"], &mut filter.keep.iter());
        let keeps = keep.as_ref().is_none_or(|keep| keep.passes);
        decisions.extend(keep);
        if !keeps {
            return;
        }
        for (number, when) in filter.when.iter().enumerate() {
            decisions.extend(ask(&["/routes/", &number.to_string(), "/when"], &mut when.iter()));
        }
        let mut share = |route: &str, sample: &Sample, passes: bool| {
            decisions.extend(ask(&[route, "/sample/always"], &mut sample.always.iter()));
            decisions.push(Decision { by: Some(basis.name()), ..Decision::of(&[route, "/sample"], passes) });
        };
        if let Some(all) = sampling.all.as_ref().filter(|_| wanted != 0) {
            share("", all, !outright);
        }
        for (number, sample) in sampling.routes.iter().enumerate().filter(|(number, _)| wanted >> number & 1 == 1) {
            if let Some(sample) = sample {
                share(&["/routes/", &number.to_string()].concat(), sample, left_out >> number & 1 == 0);
            }
        }
        if wanted & !left_out == 0 {
            return;
        }
        for entry in 0..policy.rules {
            let mut rules = policy.redact.iter().filter(|rule| rule.entry == Some(entry) && !rule.when.is_empty());
            if let Some(rule) = rules.next() {
                let mut when = rule.when.clone();
                when.iter_mut().for_each(|query| query.set_now(now.instant()));
                decisions.extend(ask(&["/redact/", &entry.to_string(), "/when"], &mut when.iter()));
            }
        }
    }

    /// What each route got.
    fn deliveries(&mut self, policy: &Policy) -> Vec<Delivery> {
        let mut deliveries = Vec::new();
        let Some(Telling { show, left, .. }) = &mut self.telling else { return deliveries };
        let routes = policy.routes.iter().zip(&policy.templates).zip(&mut self.outputs);
        for (number, ((route, template), output)) in routes.enumerate() {
            output.close(&route.to);
            if output.records == 0 {
                continue;
            }
            output.finish(&route.to);
            let mut delivery = Delivery::new(number, route, template.as_ref(), output);
            if show.output && *left > 0 && !policy.allow.iter().any(|allow| allow.route == Some(number)) {
                let shown = output.bytes().get(..MAX_EXPLAINED_BYTES.min(*left)).unwrap_or(output.bytes());
                *left -= shown.len().min(*left);
                // Nothing of a character that is cut.
                let whole = std::str::from_utf8(shown).map_or_else(|error| error.valid_up_to(), str::len);
                delivery.body = Some(String::from_utf8_lossy(&shown[..whole]).into_owned());
                delivery.key = output.parts.first().map(|part| part.key.clone()).filter(|key| !key.is_empty());
            }
            deliveries.push(delivery);
        }
        deliveries
    }
}

fn name_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::True | Kind::False => "boolean",
        Kind::Number => "number",
        Kind::String => "string",
        Kind::Array => "array",
        Kind::Object => "object",
        Kind::Key => "key",
    }
}

/// How a record's trip ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outcome {
    Kept,
    Filtered,
    Quarantined(Reason, u64),
}

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Outcome::Kept => "kept",
            Outcome::Filtered => "filtered",
            Outcome::Quarantined(..) => "quarantined",
        }
    }
}
