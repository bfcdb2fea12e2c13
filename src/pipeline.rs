//! Where all rooms meet: compile a policy once, then run chunks through it.
//!
//! Each record goes `scan` → `tape` → `detect` → `schema` → `query` → `redact` → `template` → `encode`; whatever stops it on the way ends in
//! quarantine.

use std::sync::Arc;

use crate::accept::{Accept, Admission, Looked, Notes, Unknown};
use crate::document::{Problem, Problems};
use crate::drift::Drift;
use crate::explain::{Outcome, Trip};
use crate::limits::{Limits, MAX_WRAPPERS};
use crate::plan::{Plan, PlanBuilder, START};
use crate::policy::{self, Policy, Route};
use crate::query::Judge;
use crate::recognition::Catalog;
use crate::redact::{Events, Record, Redaction, Redactor};
use crate::report::{EventReport, Quarantined, Report, RouteReport};
use crate::scan::{Format, Found, Frames, Index, Place, Reading, Reason, Source};
use crate::span::Span;
use crate::tape::{Tape, Text, walk};
use crate::template::{Now, Renderer, Template};

/// A compiled policy. Cheap to clone; holds no state of any run.
///
/// ```
/// let pipeline = logweir::Pipeline::compile(r#"{
///     "logweir": 1,
///     "redact": [{ "path": "log.user.email", "with": "remove" }],
/// }"#)?;
/// let mut run = pipeline.run();
/// run.push(br#"{"log":"{\"user\":{\"email\":\"ana@example.org\",\"id\":7}}"}"#);
/// run.end();
/// assert_eq!(run.output(0).bytes, b"{\"log\":\"{\\\"user\\\":{\\\"id\\\":7}}\"}\n");
/// assert_eq!(run.report().kept, 1);
/// # Ok::<(), logweir::Problems>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pipeline {
    compiled: Arc<Compiled>,
}

#[derive(Debug)]
struct Compiled {
    policy: Policy,
    /// By how many keys lead from a record to the event in it: paths are meant from there, and from the record too.
    /// Where nobody asks for events, the first alone.
    views: Vec<View>,
}

/// What is asked of a record.
#[derive(Debug)]
struct View {
    plan: Plan,
    redactor: Redactor,
}

impl View {
    fn new(text: &str, policy: &Policy, wrappers: usize, accept: Option<&Accept>) -> Result<View, Problems> {
        let mut plan = PlanBuilder::default();
        let types = accept.map_or(&[][..], |accept| accept.catalog.event_types());
        let unknown = accept.is_some_and(|accept| accept.unknown == Unknown::Pass);
        let events = Events { types, wrappers, unknown };
        let mut redactor = Redactor::new(&policy.redact, policy.routes.len(), events, &mut plan);
        if let Some(accept) = accept {
            accept.ask(&mut plan);
        }
        let plan = plan.build().map_err(|_| policy::too_large(text))?;
        redactor.settle(&plan);
        Ok(View { plan, redactor })
    }
}

impl Pipeline {
    /// Compiles a policy: JSON, with comments and trailing commas allowed.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place.
    pub fn compile(text: &str) -> Result<Pipeline, Problems> {
        Pipeline::compile_with(text, &[])
    }

    /// Compiles a policy that names keys: each with its name, and at least 32 bytes of it.
    ///
    /// # Errors
    /// As [`Pipeline::compile`].
    pub fn compile_with(text: &str, keys: &[(String, Vec<u8>)]) -> Result<Pipeline, Problems> {
        let policy = policy::read(text, keys)?;
        let accept = policy.accept.as_ref();
        let most = if accept.is_some() { MAX_WRAPPERS } else { 0 };
        let views = (0..=most).map(|wrappers| View::new(text, &policy, wrappers, accept));
        let views = views.collect::<Result<_, _>>()?;
        Ok(Pipeline { compiled: Arc::new(Compiled { policy, views }) })
    }

    /// The routes, in the policy's order.
    pub fn routes(&self) -> &[Route] {
        &self.compiled.policy.routes
    }

    /// How many redaction rules there are.
    pub fn rules(&self) -> usize {
        self.compiled.policy.redact.len()
    }

    /// What is odd about the policy without being wrong.
    pub fn warnings(&self) -> &[Problem] {
        &[]
    }

    /// What the rules say of a record whose event lies below so many keys.
    pub(crate) fn redactor(&self, wrappers: usize) -> Option<(&Redactor, &Plan)> {
        self.compiled.views.get(wrappers).map(|view| (&view.redactor, &view.plan))
    }

    /// The names of the event types that records are held against.
    #[doc(hidden)]
    pub fn event_types(&self) -> impl Iterator<Item = &str> {
        let accept = self.compiled.policy.accept.as_ref();
        accept.into_iter().flat_map(|accept| accept.catalog.types()).map(|(name, _)| name)
    }

    /// What renders each route's records.
    fn renderers(&self) -> Vec<Option<Renderer>> {
        let Policy { templates, accept, limits, .. } = &self.compiled.policy;
        if templates.iter().all(Option::is_none) {
            return templates.iter().map(|_| None).collect();
        }
        let catalog = accept.as_ref().map_or_else(Catalog::built_in, |accept| accept.catalog.clone());
        let renderer = |template: &Template| Renderer::with_limit(template, &catalog, limits.output_bytes);
        templates.iter().map(|template| template.as_ref().map(renderer)).collect()
    }

    /// A new run: counts at zero, nothing buffered, the first input of unknown format.
    pub fn run(&self) -> Run {
        let mut run = Run {
            pipeline: self.clone(),
            source: Source::default(),
            frames: Frames::default(),
            tape: Tape::default(),
            redaction: Redaction::default(),
            wrappers: 0,
            looked: None,
            notes: Notes::default(),
            judge: Judge::default(),
            events: Vec::new(),
            again: Index::default(),
            outputs: self.routes().iter().map(|_| Output::default()).collect(),
            now: Now::default(),
            renderers: self.renderers(),
            quarantined: Vec::new(),
            totals: Totals::default(),
            trips: None,
        };
        run.restart();
        run
    }
}

/// What a route got from the last call.
#[derive(Debug, Default)]
pub(crate) struct Output {
    pub(crate) body: Vec<u8>,
    /// How long the body was before the record at hand.
    before: usize,
    pub(crate) records: u64,
    total_records: u64,
    total_bytes: u64,
}

/// What a route got from the last call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch<'a> {
    /// Framed records.
    pub bytes: &'a [u8],
    /// How many.
    pub records: u64,
}

/// The counts that belong to no room.
#[doc(hidden)]
#[derive(Debug, Default)]
#[allow(missing_docs)]
pub struct Totals {
    pub records: u64,
    pub kept: u64,
    pub filtered: u64,
    pub quarantined: u64,
    pub bytes_in: u64,
    pub reasons: [u64; Reason::ALL.len()],
}

/// The state of one stream of inputs on its way through a [`Pipeline`].
///
/// Each call that takes bytes replaces the outputs of the one before; memory stays flat over any length.
#[derive(Debug)]
pub struct Run {
    pipeline: Pipeline,
    source: Source,
    frames: Frames,
    tape: Tape,
    pub(crate) redaction: Redaction,
    /// How many keys led to the last event: the next one is read as if it were the same.
    pub(crate) wrappers: usize,
    /// What was found out about the last record.
    pub(crate) looked: Option<Looked>,
    notes: Notes,
    judge: Judge,
    /// Per event type: records, and those that its schema finds fault with.
    events: Vec<(u64, u64)>,
    again: Index,
    outputs: Vec<Output>,
    now: Now,
    /// Of each route that has a template.
    renderers: Vec<Option<Renderer>>,
    quarantined: Vec<Quarantined>,
    totals: Totals,
    /// Filled where somebody wants to know what was done.
    pub(crate) trips: Option<Vec<Trip>>,
}

impl Run {
    /// Sets the time that templates write; the beginning of 1970 before.
    pub fn now(&mut self, now: Now) {
        self.now = now;
    }

    /// Forgets all that happened, but not the memory it took.
    pub fn restart(&mut self) {
        self.reset_counts();
        self.begin(Format::Auto);
    }

    fn reset_counts(&mut self) {
        self.totals = Totals::default();
        self.redaction.reset(self.pipeline.rules());
        self.events.clear();
        self.events.resize(self.pipeline.event_types().count(), (0, 0));
        for output in &mut self.outputs {
            (output.total_records, output.total_bytes) = (0, 0);
        }
    }

    /// Begins an input. What an earlier one left unfinished is dropped uncounted: [`Run::end`] it first.
    pub fn begin(&mut self, format: Format) {
        self.clear();
        self.source.clear();
        self.frames.begin(format);
    }

    /// Takes a chunk of the input, cut anywhere.
    pub fn push(&mut self, chunk: &[u8]) {
        self.input(chunk.len()).copy_from_slice(chunk);
        self.take(chunk.len());
    }

    /// Room for the next `len` bytes; [`Run::take`] then works on what the caller wrote there. One copy less than [`Run::push`].
    pub fn input(&mut self, len: usize) -> &mut [u8] {
        self.source.room(len)
    }

    /// Works on the `len` bytes written to [`Run::input`].
    ///
    /// # Panics
    /// If there was no room for them.
    pub fn take(&mut self, len: usize) {
        self.clear();
        self.totals.bytes_in += len as u64;
        self.source.add(len);
        self.drain(false);
    }

    /// Ends the input: what is still buffered is its last record, whole or broken. Another may [begin](Run::begin).
    pub fn end(&mut self) {
        self.clear();
        self.drain(true);
        self.source.clear();
        self.frames.begin(Format::Auto);
    }

    /// Ends the run: closes what the routes' framings have left open.
    pub fn finish(&mut self) {
        self.clear();
        self.close();
    }

    /// A whole run at once over the `len` bytes written to [`Run::input`].
    pub fn process(&mut self, len: usize, format: Format) {
        self.reset_counts();
        self.clear();
        self.frames.begin(format);
        self.totals.bytes_in = len as u64;
        self.source.restart_with(len);
        self.drain(true);
        self.close();
    }

    /// What route number `route` got from the last call; nothing for a number that is none.
    pub fn output(&self, route: usize) -> Batch<'_> {
        let output = self.outputs.get(route);
        output.map_or(Batch { bytes: &[], records: 0 }, |o| Batch { bytes: &o.body, records: o.records })
    }

    /// The records that the last call withheld.
    pub fn quarantined(&self) -> &[Quarantined] {
        &self.quarantined
    }

    /// The plain counts, without the names that [`Run::report`] adds.
    #[doc(hidden)]
    pub fn counts(&self) -> &Totals {
        &self.totals
    }

    /// Records and bytes of each route since the run began.
    #[doc(hidden)]
    pub fn route_totals(&self) -> impl Iterator<Item = (u64, u64)> {
        self.outputs.iter().map(|o| (o.total_records, o.total_bytes))
    }

    /// Per rule, how often it was applied; then strings entered and strings withheld.
    #[doc(hidden)]
    pub fn redactions(&self) -> (&[u64], u64, u64) {
        let counts = &self.redaction.counts;
        (&counts.fired, counts.entered, counts.withheld)
    }

    /// Per event type of [`Pipeline::event_types`]: records, and how many of them are invalid.
    #[doc(hidden)]
    pub fn events(&self) -> &[(u64, u64)] {
        &self.events
    }

    /// How events differed from what the catalogue knows of them, since the run was made; none without `accept`.
    pub fn drift(&self) -> Vec<Drift> {
        let accept = self.pipeline.compiled.policy.accept.as_ref();
        accept.map(|accept| accept.drift(&self.notes)).unwrap_or_default()
    }

    /// Counts since the run began.
    pub fn report(&self) -> Report {
        let routes = self.pipeline.routes().iter().zip(&self.outputs);
        let totals = &self.totals;
        Report {
            records: totals.records,
            kept: totals.kept,
            filtered: totals.filtered,
            quarantined: totals.quarantined,
            bytes_in: totals.bytes_in,
            routes: routes
                .map(|(route, o)| RouteReport {
                    name: route.name.clone(),
                    records: o.total_records,
                    bytes: o.total_bytes,
                })
                .collect(),
            events: self
                .pipeline
                .event_types()
                .zip(&self.events)
                .filter(|(_, counts)| counts.0 > 0)
                .map(|(name, &(records, invalid))| EventReport { name: name.to_owned(), records, invalid })
                .collect(),
            rules: self.redaction.counts.fired.clone(),
            reasons: Reason::ALL
                .map(|r| (r.code(), totals.reasons[r as usize]))
                .into_iter()
                .filter(|r| r.1 > 0)
                .collect(),
            embedded_entered: self.redaction.counts.entered,
            embedded_withheld: self.redaction.counts.withheld,
        }
    }

    fn clear(&mut self) {
        for output in &mut self.outputs {
            output.body.clear();
            output.records = 0;
        }
        self.quarantined.clear();
    }

    /// Every record that can be told by now.
    fn drain(&mut self, last: bool) {
        let pipeline = self.pipeline.clone();
        let compiled = &*pipeline.compiled;
        self.frames.more();
        loop {
            let plan = &compiled.views[self.wrappers].plan;
            let reading = Reading { plan, limits: &compiled.policy.limits, last };
            let Some(found) = self.frames.next(&mut self.source, &reading, &mut self.tape) else { break };
            self.totals.records += 1;
            self.looked = None;
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
            match outcome {
                Outcome::Kept => self.totals.kept += 1,
                Outcome::Filtered => self.totals.filtered += 1,
                Outcome::Quarantined(reason, fault) => self.withhold(reason, (fault, length), text, at),
            }
            if self.trips.is_some() {
                self.note(&pipeline, at, length, text, outcome);
            }
        }
    }

    /// One record through the rooms.
    fn record(&mut self, compiled: &Compiled, span: Span, breaks: bool) -> Result<Outcome, Reason> {
        let limits = &compiled.policy.limits;
        if let Some(accept) = &compiled.policy.accept
            && self.admit(accept, compiled, limits, span)? == Admission::Out
        {
            return Ok(Outcome::Filtered);
        }
        let taken = compiled.policy.filter.routes(&mut self.judge, self.source.bytes(), span);
        if taken == 0 {
            return Ok(Outcome::Filtered);
        }
        let view = &compiled.views[self.wrappers];
        let event_type = self.looked.and_then(|looked| looked.event_type);
        let record = Record { bytes: self.source.bytes(), span, breaks, tape: &self.tape, event_type };
        let mut done = 0u32;
        for group in 0..view.redactor.groups() {
            let takes = |number: usize| taken >> number & 1 == 1 && view.redactor.group_of(number) == group;
            if !(0..self.outputs.len()).any(takes) {
                continue;
            }
            let redacted = view.redactor.redact((&view.plan, limits), record, group, &mut self.redaction);
            let failed = redacted.and_then(|redacted| {
                let routes = compiled.policy.routes.iter().zip(self.outputs.iter_mut().zip(&mut self.renderers));
                for (number, (route, (output, renderer))) in routes.enumerate().filter(|(number, _)| takes(*number)) {
                    output.before = output.body.len();
                    done |= 1 << number;
                    let template = renderer.as_mut().map(|renderer| (renderer, &self.now));
                    route.framing.append(&redacted, template, output.total_records == 0, &mut output.body)?;
                }
                Ok(())
            });
            if let Err(reason) = failed {
                // All routes that would take it, or none.
                for (_, output) in self.outputs.iter_mut().enumerate().filter(|(number, _)| done >> number & 1 == 1) {
                    output.body.truncate(output.before);
                }
                return Err(reason);
            }
        }
        for (_, output) in self.outputs.iter_mut().enumerate().filter(|(number, _)| done >> number & 1 == 1) {
            output.records += 1;
            output.total_records += 1;
            output.total_bytes += (output.body.len() - output.before) as u64;
        }
        Ok(Outcome::Kept)
    }

    /// Finds out which event a record is, and reads it once more where it is wrapped otherwise than the last.
    fn admit(
        &mut self,
        accept: &Accept,
        compiled: &Compiled,
        limits: &Limits,
        span: Span,
    ) -> Result<Admission, Reason> {
        let bytes = self.source.bytes();
        let looked = accept.look(bytes, &self.tape, &mut self.notes)?;
        self.looked = Some(looked);
        self.notes.record += 1;
        if let Some(counts) = looked.event_type.and_then(|number| self.events.get_mut(number)) {
            counts.0 += 1;
            counts.1 += u64::from(looked.invalid);
        }
        if looked.wrappers != self.wrappers {
            self.wrappers = looked.wrappers;
            self.again.build(bytes, span.start, span.end);
            self.tape.clear();
            let text = Text { bytes, index: &self.again, end: span.end, lines: false };
            walk(text, &compiled.views[self.wrappers].plan, START, limits.depth, span.start, &mut self.tape);
        }
        accept.admit(looked)
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
        });
    }

    fn close(&mut self) {
        for (route, output) in self.pipeline.routes().iter().zip(&mut self.outputs) {
            let before = output.body.len();
            route.framing.finish(output.total_records == 0, &mut output.body);
            output.total_bytes += (output.body.len() - before) as u64;
        }
    }
}
