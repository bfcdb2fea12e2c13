//! Single rooms on their own, for benchmarks and fuzz targets. No part of the API: behind the feature `_probe`.
#![doc(hidden)]
#![allow(missing_docs)]

use crate::catalog::built_in;
use crate::detect::{Detector, Places, Record, Search};
use crate::limits::MAX_DEPTH;
use crate::plan::{DEAD, Path, Plan, PlanBuilder, START};
use crate::scan::{BLOCK, Index, Marks, PAD, PADDING, check, mark_blocks, mark_blocks_scalar};
use crate::tape::{Cursor, Tape, Text, Walk, walk};

#[derive(Debug)]
pub struct Probe {
    bytes: Vec<u8>,
    index: Index,
    tape: Tape,
    everything: Plan,
    nothing: Plan,
    detector: Detector,
    search: Search,
    /// The plan for detection alone.
    events: Plan,
    places: Places,
}

/// How far the rooms go.
#[derive(Clone, Copy)]
enum Upto {
    Grammar,
    Tape,
    Event,
    EventAlone,
}

impl Default for Probe {
    fn default() -> Self {
        let mut plan = PlanBuilder::default();
        plan.ask(Path::everything());
        let everything = plan.build().unwrap_or_default();
        let nothing = PlanBuilder::default().build().unwrap_or_default();
        let detector = Detector::new(&built_in());
        let mut plan = PlanBuilder::default();
        let asked = detector.ask(0, &mut plan);
        let events = plan.build().unwrap_or_default();
        let places = detector.places(0, &events, asked);
        let (bytes, index, tape, search) = (Vec::new(), Index::default(), Tape::default(), Search::default());
        Probe { bytes, index, tape, everything, nothing, detector, search, events, places }
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

    /// The same, of no more tape than it takes.
    pub fn detect_alone(&mut self, len: usize) -> usize {
        self.lines(len, Upto::EventAlone)
    }

    fn lines(&mut self, len: usize, upto: Upto) -> usize {
        self.pad(len);
        self.index.build(&self.bytes, 0, len);
        let Probe { bytes, index, tape, everything, nothing, detector, search, events, places } = self;
        let (plan, start) = match upto {
            Upto::Grammar => (&*nothing, DEAD),
            Upto::Tape | Upto::Event => (&*everything, START),
            Upto::EventAlone => (&*events, START),
        };
        let mut is_event = |tape: &Tape, alone: bool| {
            let Some(value) = Cursor::root(bytes, tape) else { return false };
            let whole = Record::whole(detector, value);
            let record = if alone { Record { keys: 0, places: Some(places), ..whole } } else { whole };
            matches!(search.find(record), Ok(Some(_)))
        };
        let text = Text { bytes, index, end: len, lines: true };
        let (mut at, mut found) = (0, 0);
        while at < len {
            tape.clear();
            let Walk::Whole { end, .. } = walk(text, plan, start, MAX_DEPTH, at, tape) else { return 0 };
            found += match upto {
                Upto::Grammar | Upto::Tape => tape.nodes.len().max(1),
                Upto::Event => usize::from(is_event(tape, false)),
                Upto::EventAlone => match is_event(tape, true) {
                    true => 1,
                    false => {
                        tape.clear();
                        walk(text, everything, START, MAX_DEPTH, at, tape);
                        usize::from(is_event(tape, false))
                    }
                },
            };
            at = end + 1;
        }
        found
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
