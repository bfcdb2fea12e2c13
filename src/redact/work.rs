//! What redaction works on, and what it keeps from record to record: memory, counts, and what was done.

use std::collections::BTreeMap;

use super::Rules;
use super::places::Places;
use super::seen::Seen;
use crate::edit::Edits;
use crate::plan::State;
use crate::query::{Judge, Query};
use crate::scan::Index;
use crate::sensitive::{Found, Scratch};
use crate::span::Span;
use crate::tape::{Kind, Tape};

/// A record to be redacted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'a> {
    /// The buffer that it stands in, and where.
    pub(crate) bytes: &'a [u8],
    pub(crate) span: Span,
    /// Line breaks stand between its tokens.
    pub(crate) breaks: bool,
    /// Written for the plan that the rules asked.
    pub(crate) tape: &'a Tape,
    /// The number of its event type.
    pub(crate) event_type: Option<usize>,
    /// Where in the buffer its event is: what stands elsewhere is of no known type.
    pub(crate) event: Option<Span>,
    /// Rules that are not for it.
    pub(crate) idle: Rules,
}

/// What redaction needs from record to record: memory, and its counts.
#[derive(Debug, Default)]
pub(crate) struct Redaction {
    pub(super) edits: Edits,
    pub(super) levels: Vec<Level>,
    /// By whether something leads to the event: then other keys mean something.
    pub(super) seen: [Seen; 2],
    pub(super) found: Finds,
    pub(super) parents: Vec<u32>,
    pub(super) judge: Judge,
    /// The queries of rules, where they say `now` and somebody has told when that is.
    pub(super) when: Option<Vec<(Query, Rules)>>,
    pub(crate) counts: Counts,
    pub(crate) round: Round,
    /// Filled where somebody wants to know what was done.
    pub(crate) trace: Option<Trace>,
}

impl Redaction {
    /// All counts to zero, for that many rules.
    pub(crate) fn reset(&mut self, rules: usize) {
        self.counts.fired.clear();
        self.counts.fired.resize(rules, 0);
        self.counts.depths.clear();
        self.counts.depths.resize(rules, 0);
        (self.counts.entered, self.counts.withheld) = (0, 0);
        self.counts.places.clear();
    }
}

/// The passes over one record: one for each group of routes that takes it.
#[derive(Debug, Default)]
pub(crate) struct Round {
    are_several: bool,
    /// Which it is, from 1.
    pub(super) pass: u32,
    /// By rule and place: the last pass that applied the rule there, how often it did, and how often any did at most.
    told: BTreeMap<(u8, [usize; 3]), (u32, u32, u32)>,
}

impl Round {
    /// Begins another record, for which there may be several passes.
    pub(crate) fn begin(&mut self, are_several: bool) {
        (self.are_several, self.pass) = (are_several, 0);
        self.told.clear();
    }

    /// Whether a rule was applied there more often than in any pass before: what several do alike counts once.
    pub(super) fn is_new(&mut self, rule: u8, place: [usize; 3]) -> bool {
        if !self.are_several {
            return true;
        }
        let (pass, times, most) = self.told.entry((rule, place)).or_default();
        if *pass != self.pass {
            (*pass, *times) = (self.pass, 0);
        }
        *times += 1;
        let is_new = *times > *most;
        *most = (*most).max(*times);
        is_new
    }
}

/// What detectors find in one text, and their memory.
#[derive(Debug, Default)]
pub(super) struct Finds {
    pub(super) list: Vec<Found>,
    pub(super) scratch: Scratch,
}

/// How often what happened.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// Per rule of the policy: values it was applied to.
    pub(crate) fired: Vec<u64>,
    /// Per rule: in how many strings the deepest of them stood.
    pub(crate) depths: Vec<u64>,
    /// Strings whose JSON was read.
    pub(crate) entered: u64,
    /// Strings replaced whole because their JSON could not be.
    pub(crate) withheld: u64,
    /// Where rules were applied.
    pub(crate) places: Places,
}

/// What was done to a record.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    pub(crate) applied: Vec<Applied>,
    /// Tell the values, too.
    pub(crate) values: bool,
}

/// One thing that was done to a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Applied {
    /// The rule that decided, by its place in the order of precedence; none where a string was withheld whole.
    pub(crate) rule: Option<u8>,
    /// The state of the value.
    pub(crate) state: State,
    /// Its place, as a path of names that the catalogue or the policy has.
    pub(crate) place: String,
    /// What it was.
    pub(crate) kind: Kind,
    /// Where: in the record's buffer, or of the outermost string that was opened for it.
    pub(crate) span: Span,
    /// How many bytes the value had, in the document that it stands in.
    pub(crate) length: usize,
    /// How many stand in its place.
    pub(crate) becomes: usize,
    /// In how many strings the document stands.
    pub(crate) embedded: usize,
    /// The value as it said, where values are told.
    pub(crate) was: Option<Vec<u8>>,
}

/// One document inside a string.
#[derive(Debug, Default)]
pub(super) struct Level {
    pub(super) text: Vec<u8>,
    pub(super) index: Index,
    pub(super) tape: Tape,
    pub(super) edits: Edits,
}
