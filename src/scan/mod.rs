//! Chunks in, records out: framing, a structural index, and the grammar's reference.

mod check;
mod doubt;
mod extent;
mod fault;
mod frame;
mod index;
#[allow(unsafe_code)] // the kernels, and nothing else
mod kernel;
mod lines;
mod sniff;
mod source;
#[cfg(test)]
mod tests;

pub(crate) use check::check;
pub use fault::{Fault, Reason};
pub(crate) use frame::{Found, Frames, Place, Reading};
pub(crate) use index::{Index, PAD, PADDING};
#[cfg(feature = "_probe")]
pub(crate) use kernel::{BLOCK, Marks, mark_blocks, scalar::mark_blocks as mark_blocks_scalar};
pub(crate) use kernel::{Pair, hex4};
pub(crate) use source::Source;

/// Whether a byte is white space between tokens (RFC 8259: no form feed).
pub(crate) fn is_space(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// How records stand in an input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Found out from the first lines.
    #[default]
    Auto,
    /// A record a line.
    Ndjson,
    /// One array, its elements are the records.
    Array,
    /// The whole input is one record.
    Json,
    /// Records one after the other, over as many lines as they like.
    Concat,
    /// Found out as by `Auto`, but an array is one record, not a list of them.
    Values,
}
