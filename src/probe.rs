//! Single rooms on their own, for benchmarks and fuzz targets. No part of the API: behind the feature `_probe`.
#![doc(hidden)]
#![allow(missing_docs)]

use crate::catalog::built_in;
use crate::detect::{Detector, Places, detect};
use crate::limits::MAX_DEPTH;
use crate::plan::{DEAD, Path, Plan, PlanBuilder, START};
use crate::scan::{BLOCK, Index, Marks, PAD, PADDING, check, mark_blocks, mark_blocks_scalar};
use crate::span::Span;
use crate::tape::{Cursor, Tape, Text, Walk, walk};

#[derive(Debug)]
pub struct Probe {
    bytes: Vec<u8>,
    index: Index,
    tape: Tape,
    everything: Plan,
    nothing: Plan,
    detector: Detector,
    /// The plan for everything and detection.
    events: Plan,
    places: Places,
}

/// How far the rooms go.
#[derive(Clone, Copy)]
enum Upto {
    Grammar,
    Tape,
    Event,
}

impl Default for Probe {
    fn default() -> Self {
        let mut plan = PlanBuilder::default();
        plan.ask(Path::everything());
        let everything = plan.build().unwrap_or_default();
        let nothing = PlanBuilder::default().build().unwrap_or_default();
        let detector = Detector::new(&built_in());
        let mut plan = PlanBuilder::default();
        plan.ask_everything();
        let asked = detector.ask(&mut plan);
        let events = plan.build().unwrap_or_default();
        let places = detector.places(&events, asked);
        let (bytes, index, tape) = (Vec::new(), Index::default(), Tape::default());
        Probe { bytes, index, tape, everything, nothing, detector, events, places }
    }
}

impl Probe {
    pub fn input(&mut self, len: usize) -> &mut [u8] {
        self.bytes.resize(len + PADDING, PAD);
        &mut self.bytes[..len]
    }

    pub fn scan(&mut self, len: usize) -> usize {
        self.pad(len);
        self.index.build(&self.bytes, 0, len);
        self.index.stop(0)
    }

    /// The grammar alone: nothing is asked for.
    pub fn check(&mut self, len: usize) -> usize {
        self.lines(len, Upto::Grammar)
    }

    pub fn tape(&mut self, len: usize) -> usize {
        self.lines(len, Upto::Tape)
    }

    /// The tape, and which event each record is; gives how many are known.
    pub fn detect(&mut self, len: usize) -> usize {
        self.lines(len, Upto::Event)
    }

    fn lines(&mut self, len: usize, upto: Upto) -> usize {
        self.pad(len);
        self.index.build(&self.bytes, 0, len);
        let (plan, start) = match upto {
            Upto::Grammar => (&self.nothing, DEAD),
            Upto::Tape => (&self.everything, START),
            Upto::Event => (&self.events, START),
        };
        let (mut at, mut found) = (0, 0);
        while at < len {
            self.tape.clear();
            let text = Text { bytes: &self.bytes, index: &self.index, end: len, lines: true };
            let end = match walk(text, plan, start, MAX_DEPTH, at, &mut self.tape) {
                Walk::Whole { end, .. } => end,
                Walk::Broken => return 0,
            };
            found += match upto {
                Upto::Event => self.is_known(Span { start: at, end }).into(),
                _ => self.tape.nodes.len().max(1),
            };
            at = end + 1;
        }
        found
    }

    fn is_known(&self, span: Span) -> bool {
        match self.detector.of_tape(&self.places, &self.bytes, span, &self.tape) {
            Ok(None) => {}
            found => return found.is_ok(),
        }
        let record = Cursor::root(&self.bytes, &self.tape);
        record.is_some_and(|record| matches!(detect(&self.detector, record, true), Ok(Some(_))))
    }

    fn pad(&mut self, len: usize) {
        self.bytes[len..len + PADDING].fill(PAD);
    }
}

/// What a kernel says about a block of 64 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub stops: u64,
    pub backslash: bool,
    pub suspect: bool,
}

/// What the kernel at hand, or the reference, says about a text and the padding behind it.
pub fn marks(text: &[u8], reference: bool) -> Vec<Mark> {
    let blocks = text.len() / BLOCK + 1;
    let mut bytes = text.to_vec();
    bytes.resize(blocks * BLOCK + BLOCK, PAD);
    let mut marks = Vec::with_capacity(blocks);
    let sink = |_, m: Marks| marks.push(Mark { stops: m.stops, backslash: m.backslash, suspect: m.suspect });
    if reference {
        mark_blocks_scalar(&bytes, blocks, sink)
    } else {
        mark_blocks(&bytes, blocks, sink)
    }
    marks
}

/// Whether the reference reads the text as one value.
pub fn is_value(text: &[u8]) -> bool {
    check(text, MAX_DEPTH) == Ok(text.len())
}
