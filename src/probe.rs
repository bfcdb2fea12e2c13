//! Single rooms on their own, for benchmarks and fuzz targets. No part of the API: behind the feature `_probe`.
#![doc(hidden)]
#![allow(missing_docs)]

use crate::limits::MAX_DEPTH;
use crate::plan::{DEAD, Path, Plan, PlanBuilder, START};
use crate::scan::{BLOCK, Index, Marks, PAD, PADDING, check, mark_blocks, mark_blocks_scalar};
use crate::tape::{Tape, Text, Walk, walk};

#[derive(Debug)]
pub struct Probe {
    bytes: Vec<u8>,
    index: Index,
    tape: Tape,
    everything: Plan,
    nothing: Plan,
}

impl Default for Probe {
    fn default() -> Self {
        let mut plan = PlanBuilder::default();
        plan.ask(Path::everything());
        let everything = plan.build().unwrap_or_default();
        let nothing = PlanBuilder::default().build().unwrap_or_default();
        Probe { bytes: Vec::new(), index: Index::default(), tape: Tape::default(), everything, nothing }
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
        self.lines(len, false)
    }

    pub fn tape(&mut self, len: usize) -> usize {
        self.lines(len, true)
    }

    fn lines(&mut self, len: usize, everything: bool) -> usize {
        self.pad(len);
        self.index.build(&self.bytes, 0, len);
        let plan = if everything { &self.everything } else { &self.nothing };
        let (mut at, mut nodes) = (0, 0);
        while at < len {
            self.tape.clear();
            let text = Text { bytes: &self.bytes, index: &self.index, end: len, lines: true };
            match walk(text, plan, if everything { START } else { DEAD }, MAX_DEPTH, at, &mut self.tape) {
                Walk::Whole { end, .. } => at = end + 1,
                Walk::Broken => return 0,
            }
            nodes += self.tape.nodes.len().max(1);
        }
        nodes
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
