//! What each room did to a record, for people. The same record, the same rooms; only the notes are kept.

use crate::accept::Admission;
use crate::drift::Drift;
use crate::encode::Body;
use crate::limits::{MAX_EXPLAINED, MAX_EXPLAINED_BYTES, MAX_EXPLAINED_IN_ALL};
use crate::pipeline::{Chosen, Pipeline, Run};
use crate::policy::{Policy, Route};
use crate::query::{Query, Term, Verdict};
use crate::redact::{Applied, Trace};
use crate::sample::Sample;
use crate::scan::{Format, Place, Reason};
use crate::schema::Finding;
use crate::span::Span;
use crate::tape::Kind;
use crate::template::{Mode, Now, Template};

/// One record's trip, in the order of the rooms.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Trip {
    /// Which record, from 0.
    pub record: u64,
    /// Its first byte in the input.
    pub offset: u64,
    /// Its length in bytes.
    pub length: u64,
    /// Its line, where the format goes by lines.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub line: Option<u64>,
    /// `kept`, `filtered` or `quarantined`.
    pub outcome: &'static str,
    /// What the record was recognised as, if the policy asks and the catalogue knows.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub event: Option<Recognised>,
    /// What its type's JSON Schema finds fault with, at most [`MAX_EXPLAINED`]; places are counted from the event's start.
    pub findings: Vec<Finding>,
    /// How it differs from what the catalogue knows of its type, at most [`MAX_EXPLAINED`].
    pub drift: Vec<Drift>,
    /// What the policy asked of it, and what was answered.
    pub decisions: Vec<Decision>,
    /// What was changed.
    pub edits: Vec<Change>,
    /// The routes that took it, and what each got.
    pub routes: Vec<Delivery>,
    /// The room that withheld it.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub room: Option<&'static str>,
    /// Why it was withheld.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub code: Option<&'static str>,
    /// The byte of the input at which the fault lies.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub at: Option<u64>,
    /// What should have stood there.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub expected: Option<&'static str>,
}

/// What a record was recognised as.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Recognised {
    /// The catalogue's name of the event type.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub event_type: String,
    /// How many keys lead from the record to the event.
    pub wrappers: u64,
    /// Whether it fits its type's JSON Schema, if the policy asks that.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub valid: Option<bool>,
}

/// Something that a policy asks of a record: whether it may come in or go on, and whether a rule is for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Decision {
    /// Pointer into the policy: `/accept/events` (and its like, where it kept the record out), `/keep`, `/routes/0/when`,
    /// `/sample`, `/sample/always`, `/redact/0/when`.
    pub pointer: String,
    /// The answer: the record goes on; the query matches, and the route, rule or exception is for it.
    pub passes: bool,
    /// Of a query, the first of the terms that alone make the answer, or do together.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub term: Option<Term>,
    /// Of a share, what decided: `@run.id`, `@id`, or the record's `bytes`.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub by: Option<&'static str>,
}

/// What a route got of a record: as if it were the first of a body, and the last.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Delivery {
    /// The route's name.
    pub name: String,
    /// The policy's word for its destination.
    pub to: &'static str,
    /// Pointer to what says in the policy which form the record takes: the route's `template`, or its `to`. None: it stays
    /// as it is.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub template: Option<String>,
    /// What that template makes: `json` or `text`.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub mode: Option<&'static str>,
    /// Records that it became.
    pub records: u64,
    /// Their bytes, framing included.
    pub bytes: u64,
    /// It was too large for the receiver, and took another form.
    pub oversize: bool,
    /// Of the request that takes a body there, the method.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub method: Option<&'static str>,
    /// The scheme and host of its address. What may be secret is not told: path, query, headers.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub host: Option<String>,
    /// The beginning of what the route got, [`MAX_EXPLAINED_BYTES`] at most; where somebody asked for it, and `allow` lets
    /// nothing pass this route.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub body: Option<String>,
    /// What the body is called: its object's key or partition. Told where the body is.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub key: Option<String>,
}

/// One value changed. Lengths are in bytes; no values.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Change {
    /// Pointer to the rule in the policy; empty where a string was withheld because its JSON could not be read.
    pub rule: String,
    /// The path that reached the value, as the policy or the catalogue writes it; else what did:
    /// `key`, `class`, `detect`, `pattern`.
    pub path: String,
    /// Where it stood: a path of names that the catalogue or the policy has; others are `*`.
    pub place: String,
    /// What it was: `string`, `number`, `boolean`, `null`, `array`, `object` or `key`.
    pub kind: &'static str,
    /// What was done: `remove`, `replace`, `null`, `mask`, `truncate`, or `withhold`.
    pub action: &'static str,
    /// First byte in the input: of the value, or of the outermost string that was opened to reach it.
    pub offset: u64,
    /// The value's length in the document that it stands in.
    pub length: u64,
    /// Length of what stands in its place.
    pub becomes: u64,
    /// In how many strings that document stands.
    pub embedded: u64,
    /// What it said, or its JSON, where somebody asked for values.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub was: Option<String>,
}

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
        let Run { filter, sampling, judge, source, .. } = self;
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
                decisions.extend(ask(&["/redact/", &entry.to_string(), "/when"], &mut rule.when.iter()));
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

impl Decision {
    fn of(pointer: &[&str], passes: bool) -> Decision {
        Decision { pointer: pointer.concat(), passes, term: None, by: None }
    }
}

impl Delivery {
    fn new(number: usize, route: &Route, template: Option<&Template>, output: &Body) -> Delivery {
        let member = if route.is_templated { "/template" } else { "/to" };
        let request = route.to.request();
        Delivery {
            name: route.name.clone(),
            to: route.to.name(),
            template: template.map(|_| ["/routes/", &number.to_string(), member].concat()),
            mode: template.map(|template| if template.mode() == Mode::Json { "json" } else { "text" }),
            records: output.records,
            bytes: output.bytes().len() as u64,
            oversize: output.total_oversize > 0,
            method: request.map(|request| request.method),
            host: request.and_then(|request| host(&request.url)),
            body: None,
            key: None,
        }
    }
}

/// The scheme and host of an address; a slot where it begins with one.
fn host(url: &str) -> Option<String> {
    let from = url.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = url.split_at_checked(from)?;
    let end = rest.bytes().position(|b| matches!(b, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    let user = rest.as_bytes().get(..end)?.iter().rposition(|b| *b == b'@').map_or(0, |at| at + 1);
    Some([scheme, rest.get(user..end)?].concat())
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
