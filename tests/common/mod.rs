//! What the tests share: runs, whole and in pieces.
#![allow(dead_code)] // each test uses its part of it

pub(crate) mod detectors;
pub(crate) mod doc;
pub(crate) mod encodings;
pub(crate) mod seed;
pub(crate) mod slow;

use logweir::{Format, Pipeline, Problems, Quarantined, Report, Run};

/// All that an input became.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Outcome {
    /// What each route got.
    pub(crate) routes: Vec<Vec<u8>>,
    pub(crate) quarantined: Vec<Quarantined>,
    pub(crate) report: Report,
}

/// A policy that is known to be in order.
#[track_caller]
pub(crate) fn compile(policy: &str) -> Pipeline {
    Pipeline::compile(policy).unwrap_or_else(|problems: Problems| panic!("{problems}\nin {policy}"))
}

/// The input in one call.
pub(crate) fn whole(run: &mut Run, input: &[u8], format: Format) -> Outcome {
    run.input(input.len()).copy_from_slice(input);
    run.process(input.len(), format);
    let mut outcome = Outcome::default();
    outcome.take(run);
    outcome.report = run.report();
    outcome
}

/// The input in chunks.
pub(crate) fn pieces<'a>(run: &mut Run, chunks: impl IntoIterator<Item = &'a [u8]>, format: Format) -> Outcome {
    run.restart();
    run.begin(format);
    let mut outcome = Outcome::default();
    for chunk in chunks {
        run.push(chunk);
        outcome.take(run);
    }
    run.end();
    outcome.take(run);
    run.finish();
    outcome.take(run);
    outcome.report = run.report();
    outcome
}

impl Outcome {
    /// Adds what the last call gave.
    fn take(&mut self, run: &Run) {
        self.routes.resize(run.report().routes.len(), Vec::new());
        for (number, route) in self.routes.iter_mut().enumerate() {
            route.extend_from_slice(run.output(number).bytes);
        }
        self.quarantined.extend_from_slice(run.quarantined());
    }

    /// The one route's text, for messages.
    pub(crate) fn text(&self) -> String {
        self.routes.iter().map(|r| String::from_utf8_lossy(r).into_owned()).collect::<Vec<_>>().join("\n--\n")
    }

    /// Law 1: every record ends as exactly one thing, and the counts say so.
    #[track_caller]
    pub(crate) fn assert_accounted(&self) {
        let Report { records, kept, filtered, quarantined, reasons, routes, events, findings, .. } = &self.report;
        assert_eq!(*records, kept + filtered + quarantined, "{:?}", self.report);
        assert_eq!(self.quarantined.len() as u64, *quarantined);
        assert_eq!(reasons.iter().map(|r| r.1).sum::<u64>(), *quarantined);
        let invalid = events.iter().map(|event| event.invalid).sum::<u64>();
        assert_eq!(findings.iter().map(|finding| finding.1).sum::<u64>(), invalid, "{:?}", self.report);
        assert!(events.iter().all(|event| event.invalid <= event.records), "{:?}", self.report);
        for (route, body) in routes.iter().zip(&self.routes) {
            assert!(route.records <= *kept, "route {}", route.name); // fewer where the policy says when
            assert_eq!(route.bytes, body.len() as u64, "route {}", route.name);
        }
        assert!(routes.iter().map(|route| route.records).sum::<u64>() >= *kept, "kept is what some route took");
        // Coordinates go forward, and a record's ordinal is its own.
        for pair in self.quarantined.windows(2) {
            assert!(pair[0].record < pair[1].record, "{pair:?}");
            assert!(pair[0].offset + pair[0].length <= pair[1].offset, "{pair:?}");
        }
        for entry in &self.quarantined {
            assert!(entry.record < *records, "{entry:?}");
        }
    }
}
