//! The state of one stream of inputs.

use super::Pipeline;
use crate::accept::{Looked, Notes};
use crate::drift::{Change, Drift};
use crate::encode::{Body, Part};
use crate::explain::Telling;
use crate::query::{Filter, Judge};
use crate::redact::{Placed, Redaction};
use crate::report::{EventReport, PlaceReport, Quarantined, Report, RouteReport};
use crate::sample::{Basis, Sampling};
use crate::scan::{Format, Frames, Index, Reason, Source};
use crate::schema::Finding;
use crate::tape::Tape;
use crate::template::Now;

/// What a route got from the last call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch<'a> {
    /// Framed records.
    pub bytes: &'a [u8],
    /// How many.
    pub records: u64,
}

/// What queries and sampling said of a record: routes, a bit each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chosen {
    /// Those that take it by their queries.
    pub(crate) wanted: u32,
    /// Of these, those that sampling leaves it out of.
    pub(crate) left_out: u32,
    /// The share of all records leaves it out by itself.
    pub(crate) outright: bool,
    /// What sampling went by.
    pub(crate) basis: Basis,
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
    pub sampled: u64,
    pub bytes_in: u64,
    pub reasons: [u64; Reason::ALL.len()],
}

/// The state of one stream of inputs on its way through a [`Pipeline`].
///
/// Each call that takes bytes replaces the outputs of the one before; memory stays flat over any length.
#[derive(Debug)]
pub struct Run {
    pub(super) pipeline: Pipeline,
    pub(crate) source: Source,
    pub(super) frames: Frames,
    pub(super) tape: Tape,
    pub(crate) redaction: Redaction,
    /// How many keys led to the last event: the next one is read as if it were the same.
    pub(crate) wrappers: usize,
    /// What was found out about the last record.
    pub(crate) looked: Option<Looked>,
    pub(crate) notes: Notes,
    pub(crate) filter: Filter,
    pub(crate) sampling: Sampling,
    /// Which routes wanted the last record, if it came so far.
    pub(crate) chosen: Option<Chosen>,
    /// Per route: records that sampling left out of it.
    pub(super) sampled: Vec<u64>,
    pub(crate) judge: Judge,
    /// Per event type: records, and those that its schema finds fault with.
    pub(super) events: Vec<(u64, u64)>,
    pub(super) again: Index,
    pub(crate) outputs: Vec<Body>,
    pub(crate) now: Now,
    pub(super) quarantined: Vec<Quarantined>,
    pub(super) totals: Totals,
    /// Records of earlier one-shots.
    pub(super) before: u64,
    /// Where somebody wants to know what was done.
    pub(crate) telling: Option<Telling>,
}

impl Run {
    pub(super) fn new(pipeline: &Pipeline) -> Run {
        let mut run = Run {
            pipeline: pipeline.clone(),
            source: Source::default(),
            frames: Frames::default(),
            tape: Tape::default(),
            redaction: Redaction::default(),
            wrappers: 0,
            looked: None,
            notes: Notes::default(),
            filter: pipeline.compiled.policy.filter.clone(),
            sampling: pipeline.compiled.policy.sampling.clone(),
            chosen: None,
            sampled: vec![0; pipeline.routes().len()],
            judge: Judge::default(),
            events: Vec::new(),
            again: Index::default(),
            outputs: pipeline.bodies(),
            now: Now::default(),
            quarantined: Vec::new(),
            totals: Totals::default(),
            before: 0,
            telling: None,
        };
        run.restart();
        run
    }

    /// Sets the time that templates write, and that queries mean by `now`; the beginning of 1970 before.
    pub fn now(&mut self, now: Now) {
        self.filter.set_now(now.instant());
        self.sampling.queries().for_each(|query| query.set_now(now.instant()));
        // The queries of all views are the same.
        if let Some((redactor, _)) = self.pipeline.redactor(0) {
            redactor.set_now(now.instant(), &mut self.redaction);
        }
        self.now = now;
    }

    /// Forgets all that happened, but not the memory it took.
    pub fn restart(&mut self) {
        self.reset_counts();
        (self.before, self.notes) = (0, Notes::default());
        self.begin(Format::Auto);
    }

    fn reset_counts(&mut self) {
        self.before += self.totals.records;
        self.totals = Totals::default();
        self.redaction.reset(self.pipeline.rules());
        self.sampled.fill(0);
        self.notes.codes.clear();
        self.notes.drifts.restart();
        self.events.clear();
        self.events.resize(self.pipeline.event_types().count(), (0, 0));
        for output in &mut self.outputs {
            output.restart();
        }
    }

    /// Begins an input. What an earlier one left unfinished is dropped uncounted: [`Run::end`] it first.
    pub fn begin(&mut self, format: Format) {
        self.outputs.iter_mut().for_each(Body::drop_open);
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
        self.take_part(len);
        self.close_bodies(true);
    }

    /// The same where more of the chunk follows: bodies that have room left go on.
    ///
    /// # Panics
    /// If there was no room for them.
    pub fn take_part(&mut self, len: usize) {
        self.clear();
        self.totals.bytes_in += len as u64;
        self.source.add(len);
        self.drain(false);
        self.close_bodies(false);
    }

    /// Ends the input: what is still buffered is its last record, whole or broken. Another may [begin](Run::begin).
    pub fn end(&mut self) {
        self.clear();
        self.drain(true);
        self.close_bodies(true);
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
        self.close_bodies(true);
        self.close();
    }

    /// What route number `route` got from the last call; nothing for a number that is none.
    pub fn output(&self, route: usize) -> Batch<'_> {
        let output = self.outputs.get(route);
        output.map_or(Batch { bytes: &[], records: 0 }, |o| Batch { bytes: o.bytes(), records: o.records })
    }

    /// The bodies that a route's output of the last call consists of, in requests that its destination takes; none where
    /// the output is one body, or a piece of it.
    pub fn parts(&self, route: usize) -> &[Part] {
        self.outputs.get(route).map_or(&[], |output| &output.parts)
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

    /// Records, bytes, records that were too large as they were, and those that sampling left out, of each route since the
    /// run began.
    #[doc(hidden)]
    pub fn route_totals(&self) -> impl Iterator<Item = [u64; 4]> {
        let outputs = self.outputs.iter().zip(&self.sampled);
        outputs.map(|(o, sampled)| [o.total_records, o.total_bytes, o.total_oversize, *sampled])
    }

    /// Per rule, how often it was applied, and how deep in strings; then strings entered and strings withheld.
    #[doc(hidden)]
    pub fn redactions(&self) -> (&[u64], &[u64], u64, u64) {
        let counts = &self.redaction.counts;
        (&counts.fired, &counts.depths, counts.entered, counts.withheld)
    }

    /// Per event type of [`Pipeline::event_types`]: records, and how many of them are invalid.
    #[doc(hidden)]
    pub fn events(&self) -> &[(u64, u64)] {
        &self.events
    }

    /// Per [code](crate::Finding::codes), in how many events it was the first finding; may be shorter than that list.
    #[doc(hidden)]
    pub fn findings(&self) -> &[u64] {
        &self.notes.codes
    }

    /// Per event type and [kind](Change::ALL) of difference, how many there were; may be shorter than the list of types.
    #[doc(hidden)]
    pub fn drift_counts(&self) -> &[[u64; Change::ALL.len()]] {
        &self.notes.drifts.counts
    }

    /// How events differed from what the catalogue knows of them, since the run was made; none without `accept`.
    pub fn drift(&self) -> Vec<Drift> {
        let accept = self.pipeline.compiled.policy.accept.as_ref();
        accept.map(|accept| accept.drift(&self.notes)).unwrap_or_default()
    }

    /// Where rules were applied since the run began, in the order in which that was first met.
    pub fn places(&self) -> Vec<PlaceReport> {
        let places = self.redaction.counts.places.met();
        let report = |Placed { rule, path, count }: &Placed| PlaceReport {
            rule: format!("/redact/{rule}"),
            path: path.clone(),
            count: *count,
        };
        places.map(report).collect()
    }

    /// Counts since the run began.
    pub fn report(&self) -> Report {
        let routes = self.pipeline.routes().iter().zip(self.route_totals());
        let totals = &self.totals;
        Report {
            records: totals.records,
            kept: totals.kept,
            filtered: totals.filtered,
            quarantined: totals.quarantined,
            sampled: totals.sampled,
            bytes_in: totals.bytes_in,
            routes: routes
                .map(|(route, [records, bytes, oversize, sampled])| RouteReport {
                    name: route.name.clone(),
                    records,
                    bytes,
                    oversize,
                    sampled,
                })
                .collect(),
            events: self
                .pipeline
                .event_types()
                .zip(&self.events)
                .enumerate()
                .filter(|(_, (_, counts))| counts.0 > 0)
                .map(|(number, (name, &(records, invalid)))| EventReport {
                    name: name.to_owned(),
                    records,
                    invalid,
                    drift: self.drift_counts().get(number).copied().unwrap_or_default(),
                })
                .collect(),
            findings: Finding::codes().zip(self.findings().iter().copied()).filter(|(_, count)| *count > 0).collect(),
            rules: self.redaction.counts.fired.clone(),
            depths: self.redaction.counts.depths.clone(),
            places: self.places(),
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
            output.clear();
        }
        self.quarantined.clear();
    }

    /// Ends the bodies of routes; of those to destinations if `all`.
    fn close_bodies(&mut self, all: bool) {
        for (route, output) in self.pipeline.routes().iter().zip(&mut self.outputs) {
            if all || !route.to.has_limits() {
                output.close(&route.to);
            }
        }
    }

    fn close(&mut self) {
        for (route, output) in self.pipeline.routes().iter().zip(&mut self.outputs) {
            output.finish(&route.to);
        }
    }
}
