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
/// Highest quota of a route, in records or bytes a minute, and highest count in a test.
pub const MAX_COUNT: usize = u32::MAX as usize;
/// Paths of a policy, all rules together.
pub const MAX_PATHS: usize = 10_000;
/// Segments of one path.
pub const MAX_PATH_SEGMENTS: usize = 64;
/// Places that a report tells apart, over all rules; what comes then is told as `**`.
pub const MAX_PLACES: usize = 1000;
/// What compiling all regular expressions of a policy's rules may cost, in units of 4 bytes of memory.
pub const MAX_OWN_PATTERNS: usize = 256 << 10;
/// Steps of one of these expressions (`a{9}` becomes nine): what a byte of a text may cost, at some nanoseconds each.
pub const MAX_OWN_STEPS: usize = 256;
/// Names of keys of one rule.
pub const MAX_KEY_PATTERNS: usize = 256;
/// Longest name of a key in a rule, in characters.
pub const MAX_KEY_PATTERN_LENGTH: usize = 128;
/// Characters that a mask may leave at either end.
pub const MAX_KEPT_CHARACTERS: usize = 64;
/// Shortest key for a keyed digest, in bytes: as long as the digest (RFC 2104, section 3).
pub const MIN_KEY_BYTES: usize = 32;
/// Fewest letters of a digest that may be written: 32 bits in hexadecimal letters.
pub const MIN_DIGEST_LETTERS: usize = 8;
/// Longest text before a digest, in bytes.
pub const MAX_PREFIX_BYTES: usize = 32;
/// States of the automaton that a plan becomes.
pub const MAX_PLAN_STATES: usize = 50_000;
/// Positions in paths that its making may look at.
pub const MAX_PLAN_WORK: usize = 8 << 20;
/// Steps by name, of all its states together.
pub const MAX_PLAN_STEPS: usize = 1 << 20;
/// Cells of the rows of states with many steps; beyond, a step is searched for.
pub(crate) const MAX_PLAN_CELLS: usize = 16 << 10;
/// Longest schema document in bytes, and longest remote.
pub const MAX_SCHEMA_BYTES: usize = 16 << 20;
/// Remote schemas registered with one schema.
pub const MAX_REMOTES: usize = 1000;
/// Schemas in a schema: subschemas, and those of other documents that are referred to.
pub const MAX_SCHEMAS: usize = 200_000;
/// Longest URI of a schema, its `$anchor` or a remote, in bytes: each reference within it is resolved against it.
pub const MAX_SCHEMA_URI: usize = 4 << 10;
/// Bytes of all these URIs together.
pub const MAX_SCHEMA_NAMES: usize = 32 << 20;
/// What compiling all patterns of a schema may cost, in units of 4 bytes of memory and at most a microsecond each.
pub const MAX_SCHEMA_PATTERNS: usize = 2 << 20;
/// Schemas applied to one value within each other: the longest way through `$ref`, `allOf` and their like.
pub const MAX_SCHEMA_CHAIN: usize = 256;
/// Schemas applied within each other while a document is checked, its own depth included.
pub const MAX_CHECK_DEPTH: usize = 1024;
/// Levels of a document that is checked while it is read; a deeper one is checked on its tape.
pub(crate) const MAX_PASS_DEPTH: usize = 128;
/// Steps that checking a document may take, besides one for each of its bytes. A step is a schema applied to a value, or
/// 64 bytes looked at; what takes longer counts for more.
pub const MAX_CHECK_STEPS: u64 = 1 << 20;
/// Further steps for each value of the document.
pub const MAX_CHECK_STEPS_PER_VALUE: u64 = 256;
/// Findings told of one document; beyond, one more says that there are more.
pub const MAX_FINDINGS: usize = 1000;
/// Findings, and differences from what the catalogue knows, that are told of each record that is explained.
pub const MAX_EXPLAINED: usize = 20;
/// Bytes told of what a route gets of each record that is explained.
pub const MAX_EXPLAINED_BYTES: usize = 4 << 10;
/// The same of all records of an input together.
pub const MAX_EXPLAINED_IN_ALL: usize = 4 << 20;
/// Bytes of all findings told of one document, or of an output of it.
pub const MAX_FINDINGS_BYTES: usize = 16 << 20;
/// Schemas, faults and annotations noted while a document is checked for findings or output.
pub const MAX_NOTED: usize = 200_000;
/// Bytes behind the first line of an input that are looked at to tell whether a value goes on over lines.
pub const SNIFF_BYTES: usize = 64 << 10;
/// Bytes of an array on one line by which it is certain that it is one of records, and no record of a line.
pub const SNIFF_ARRAY_BYTES: usize = 8 << 20;
/// White space behind a record that does not count as part of it.
pub(crate) const BLANKS: usize = 4 << 10;
/// Bytes that are indexed at a time: the index of one window stays in the CPU's cache.
pub(crate) const WINDOW: usize = 256 << 10;
/// Event types that a policy may bring.
pub const MAX_EVENT_TYPES: usize = 200;
/// Places of one event type that drift is counted at, and how deep they lie.
pub(crate) const MAX_SHAPES: usize = 10_000;
pub(crate) const MAX_SHAPE_DEPTH: usize = 32;
/// Keys that may lead from a record to the event in it.
pub(crate) const MAX_WRAPPERS: usize = 3;
/// Strings of one event whose documents are kept while its fields are read; others are read each time.
pub(crate) const MAX_STRINGS: usize = 16;
/// Objects of one level that are looked at for an event; where there are more, it is not certain which one it is.
pub(crate) const MAX_WRAPPED: usize = 1024;
/// Longest regular expression in bytes.
pub const MAX_PATTERN_BYTES: usize = 32 << 10;
/// Groups inside groups of one.
pub const MAX_PATTERN_DEPTH: usize = 200;
/// Steps that one becomes; `a{9}` becomes nine.
pub const MAX_PATTERN_STEPS: usize = 32 << 10;
/// Different sets of code points of one, times the ranges of them all.
pub const MAX_PATTERN_WORK: usize = 4 << 20;
/// Cells of the table that one becomes; beyond, it is matched more slowly.
pub(crate) const MAX_AUTOMATON_CELLS: usize = 32 << 10;
/// Steps looked at while the table is made.
pub(crate) const MAX_AUTOMATON_WORK: usize = 256 << 10;
/// Longest template in bytes, longest partial, and longest JSON template with its partials put in.
pub const MAX_TEMPLATE_BYTES: usize = 1 << 20;
/// Partials of a template.
pub const MAX_PARTIALS: usize = 1000;
/// A key of an object of S3 (*Naming Amazon S3 objects*).
pub(crate) const MAX_KEY_BYTES: usize = 1024;
/// Formatters behind one name of a template.
pub(crate) const MAX_FORMATS: usize = 8;
/// Sections and blocks of a template within each other; of a JSON template, with its partials put in.
pub const MAX_TEMPLATE_DEPTH: usize = 64;
/// The same while a record is rendered: partials may name themselves.
pub(crate) const MAX_RENDER_DEPTH: usize = 200;
/// Steps that rendering a record may take. A step is a piece of the template rendered, or a member looked at.
pub(crate) const MAX_RENDER_STEPS: u64 = 1 << 20;
/// Further steps for each value of the record.
pub(crate) const MAX_RENDER_STEPS_PER_VALUE: u64 = 256;
/// Steps of a run that may become records of their own.
pub(crate) const MAX_SPLIT_STEPS: usize = 10_000;
/// Longest value of a run that goes with each of its steps, in bytes of JSON; and most of them together, with their keys.
pub(crate) const MAX_SPLIT_VALUE: usize = 256;
pub(crate) const MAX_RUN_BYTES: usize = 4096;
/// Longest query in bytes.
pub const MAX_QUERY_BYTES: usize = 64 << 10;
/// Parentheses of a query within each other.
pub const MAX_QUERY_DEPTH: usize = 100;
/// Terms of a query.
pub const MAX_QUERY_TERMS: usize = 1000;
/// Steps that all terms of a query may take for one byte of a record; a term takes one, unless its pattern is intricate.
pub const MAX_QUERY_STEPS: usize = 1024;
