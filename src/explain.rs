//! What each room did to a record, for people. The same record, the same rooms; only the notes are kept.

use crate::accept::Looked;
use crate::pipeline::{Chosen, Pipeline, Run};
use crate::redact::{Applied, Trace};
use crate::scan::{Format, Place, Reason};
use crate::span::Span;
use crate::tape::Kind;
use crate::template::Now;

/// One record's trip.
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
    /// A sentence per room, in the order of the trip.
    pub steps: Vec<Step>,
    /// What was changed.
    pub edits: Vec<Change>,
    /// The routes that took it.
    pub routes: Vec<String>,
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

/// What one room says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Step {
    /// The room.
    pub room: &'static str,
    /// What it did.
    pub text: String,
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

impl Pipeline {
    /// Takes a whole input through, and tells of each record what was done to it.
    ///
    /// `now` is what queries mean by it. Only if `values` are asked for, values are told. All is held in memory several times
    /// over: meant for samples, not for streams.
    pub fn explain(&self, input: &[u8], format: Format, now: Now, values: bool) -> Vec<Trip> {
        let mut run = self.run();
        run.now(now);
        run.trips = Some(Vec::new());
        run.redaction.trace = Some(Trace { values, ..Trace::default() });
        run.begin(format);
        run.push(input);
        // Trips are kept over the calls; outputs are not.
        run.end();
        run.trips.unwrap_or_default()
    }

    fn change(&self, applied: &Applied, wrappers: usize, base: u64, record: Span) -> Change {
        let mut change = (String::new(), String::new(), "withhold");
        if let (Some(rule), Some((redactor, plan))) = (applied.rule, self.redactor(wrappers))
            && let Some((number, action)) = redactor.rule(rule)
        {
            let pointer = number.map_or_else(|| "/routes".to_owned(), |number| format!("/redact/{number}"));
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
    /// Notes a record that went through, or not.
    #[cold]
    #[inline(never)]
    pub(crate) fn note(
        &mut self,
        pipeline: &Pipeline,
        place: Place,
        length: u64,
        span: Option<Span>,
        outcome: Outcome,
    ) {
        let applied = self.redaction.trace.as_mut().map(|trace| std::mem::take(&mut trace.applied));
        let applied = applied.unwrap_or_default();
        let counts = self.counts();
        let record = counts.records - 1;
        let wrappers = self.wrappers;
        let step = |room, text: String| Step { room, text };
        let looked: Vec<Step> = match self.looked {
            None => Vec::new(),
            Some(Looked { event_type: None, .. }) => vec![step("detect", "no event type of the catalogue".to_owned())],
            Some(Looked { event_type: Some(number), wrappers, invalid, .. }) => {
                let name = pipeline.event_types().nth(number).unwrap_or_default();
                let place = match wrappers {
                    0 => String::new(),
                    1 => ", below one key".to_owned(),
                    more => format!(", below {more} keys"),
                };
                let verdict = if invalid { "finds fault with it" } else { "finds no fault" };
                vec![step("detect", format!("{name}{place}")), step("schema", format!("the schema {verdict}"))]
            }
        };
        let mut choice = Vec::new();
        let mut routes = Vec::new();
        if let Some(Chosen { wanted, left_out, basis }) = self.chosen {
            let named = |routes: u32| {
                let names = pipeline.routes().iter().enumerate().filter(|(number, _)| routes >> number & 1 == 1);
                names.map(|(_, route)| route).collect::<Vec<_>>()
            };
            let list = |routes: u32| named(routes).iter().map(|r| quoted(&r.name)).collect::<Vec<_>>().join(", ");
            if pipeline.selects() {
                let text = if wanted == 0 { "no route takes it".to_owned() } else { format!("for {}", list(wanted)) };
                choice.push(step("query", text));
            }
            if left_out != 0 {
                choice.push(step("sample", format!("left out of {}, by {}", list(left_out), basis.name())));
            }
            routes = named(wanted & !left_out);
        }
        let Some(trips) = &mut self.trips else { return };
        let mut trip = Trip {
            record,
            offset: place.offset,
            length,
            line: (place.line > 0).then_some(place.line),
            outcome: outcome.name(),
            steps: Vec::new(),
            edits: Vec::new(),
            routes: Vec::new(),
            code: None,
            at: None,
            expected: None,
        };
        match outcome {
            Outcome::Quarantined(reason, at) => {
                trip.steps.push(step(reason.room(), format!("withheld: expected {} at byte {at}", reason.expected())));
                (trip.code, trip.at, trip.expected) = (Some(reason.code()), Some(at), Some(reason.expected()));
            }
            Outcome::Filtered => {
                trip.steps.push(step("scan", format!("valid JSON, {length} bytes")));
                trip.steps.extend(looked.into_iter().chain(choice));
            }
            Outcome::Kept => {
                trip.steps.push(step("scan", format!("valid JSON, {length} bytes")));
                trip.steps.extend(looked.into_iter().chain(choice));
                let span = span.unwrap_or_default();
                trip.edits = applied.iter().map(|a| pipeline.change(a, wrappers, place.offset, span)).collect();
                let inside = trip.edits.iter().filter(|e| e.embedded > 0).count();
                let text = match trip.edits.len() {
                    0 => "no rule reached anything".to_owned(),
                    n => format!("{n} changed, {inside} of them inside strings"),
                };
                trip.steps.push(step("redact", text));
                for route in routes {
                    trip.steps.push(step("encode", format!("to route {} as {}", quoted(&route.name), route.to.name())));
                    trip.routes.push(route.name.clone());
                }
            }
        }
        trips.push(trip);
    }
}

fn quoted(name: &str) -> String {
    ["\"", name, "\""].concat()
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
