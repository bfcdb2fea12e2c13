//! Every limit of the core, in one place. What goes over one is withheld and counted, never passed on.

/// Limits a policy may set (its member `limits`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest record in bytes; a longer one is skipped while it is scanned.
    pub record_bytes: usize,
    /// Deepest nesting of objects and arrays in a record, and in each document inside a string.
    pub depth: usize,
    /// How many strings deep a document inside a string is still read. 0: strings are never opened.
    pub embedded_depth: usize,
    /// Longest record in bytes after redaction.
    pub output_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { record_bytes: 50_000_000, depth: 128, embedded_depth: 4, output_bytes: 100_000_000 }
    }
}

/// Highest `recordBytes` and `outputBytes` a policy may ask for: offsets are 32 bits wide, and a buffer holds a record and a chunk.
pub const MAX_RECORD_BYTES: usize = 1 << 30;
/// Highest `depth`.
pub const MAX_DEPTH: usize = 1024;
/// Highest `embeddedDepth`.
pub const MAX_EMBEDDED_DEPTH: usize = 16;
/// Longest policy document in bytes.
pub const MAX_POLICY_BYTES: usize = 4 << 20;
/// Problems reported of one policy; beyond, one more says that there are more.
pub const MAX_PROBLEMS: usize = 200;
/// Bytes of one replacement: what a record can grow by has to stay in proportion.
pub const MAX_REPLACEMENT_BYTES: usize = 1024;
/// Routes of a policy: each has its own copy of what is kept.
pub const MAX_ROUTES: usize = 16;
/// Paths of a policy, all rules together.
pub const MAX_PATHS: usize = 10_000;
/// Segments of one path.
pub const MAX_PATH_SEGMENTS: usize = 64;
/// States of the automaton that a plan becomes.
pub const MAX_PLAN_STATES: usize = 50_000;
/// Positions in paths that its making may look at.
pub const MAX_PLAN_WORK: usize = 8 << 20;
/// Steps by name, of all its states together.
pub const MAX_PLAN_STEPS: usize = 1 << 20;
/// Bytes behind the first line of an input that are looked at to tell whether a value goes on over lines.
pub const SNIFF_BYTES: usize = 64 << 10;
/// White space behind a record that does not count as part of it.
pub(crate) const BLANKS: usize = 4 << 10;
/// Bytes that are indexed at a time: the index of one window stays in the CPU's cache.
pub(crate) const WINDOW: usize = 256 << 10;
/// Keys that may lead from a record to the event in it.
pub(crate) const MAX_WRAPPERS: usize = 3;
/// Objects of one level that are looked at for an event.
pub(crate) const MAX_WRAPPED: usize = 64;
