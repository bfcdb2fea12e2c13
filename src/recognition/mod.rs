//! The catalogue at work: which event each record of an input is, what its common fields say, and what its type's JSON
//! Schema finds wrong with it.

mod catalog;
mod own;
mod reader;
mod written;

pub use catalog::Catalog;
pub(crate) use catalog::Schemas;
pub use reader::{CatalogReader, Detection, Wanted};
#[cfg(feature = "store")]
pub(crate) use written::append;
