//! What becomes of a record that is too large for a route's receiver.

use crate::detect::{Record, Search};
use crate::document::Document;
use crate::edit::Edits;
use crate::limits::{MAX_RUN_BYTES, MAX_SPLIT_STEPS, MAX_SPLIT_VALUE};
use crate::recognition::Catalog;
use crate::redact::Redacted;
use crate::scan::Reason;
use crate::span::Span;
use crate::tape::Kind;

/// What a route does with such records; without it they are quarantined.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Oversize {
    /// Longer ones are too large whatever the receiver takes: in bytes, after redaction.
    pub(crate) above: usize,
    /// By which number the redactor knows the route with what it leaves of such records.
    pub(crate) reduced: usize,
    /// The steps that this leaves out follow as records of their own.
    pub(crate) is_split: bool,
}

/// Workato's own limit of a job, in bytes.
pub(crate) const WORKATO_LIMIT: usize = 40_000_000;

/// Shows `then` the steps of a run one by one, each as an event of the same type that holds this step alone: with the
/// run's short values, among them its ids, and `part`, which says which step it is, from 1, and of how many.
///
/// # Errors
/// It is no run with steps, or one of too many; or what `then` says.
pub(crate) fn each_step(
    run: &Redacted<'_>,
    catalog: &Catalog,
    then: &mut dyn FnMut(&Redacted<'_>) -> Result<(), Reason>,
) -> Result<(), Reason> {
    let mut text = Vec::with_capacity(run.len());
    run.append_to(&mut text);
    let document = Document::of_bytes(&text);
    let root = document.root().ok_or(Reason::Inconsistent)?;
    let mut search = Search::default();
    let found = search.find(Record::whole(catalog.detector(), root)).ok().flatten().ok_or(Reason::Oversize)?;
    let event = search.event(found, root).unwrap_or(root);
    let steps = catalog.event_types().get(found.event_type).and_then(|of| of.steps.first());
    let name = steps.and_then(|place| place.path.last_name()).ok_or(Reason::Oversize)?;
    let steps = event.member(name).filter(|steps| steps.kind() == Kind::Array).ok_or(Reason::Oversize)?;
    let count = steps.children().count();
    let mut piece = b"{".to_vec();
    let mut named = Vec::new();
    for (key, value) in event.children() {
        let Some(key) = key else { continue };
        if *key.text() == *name.as_bytes() {
            named = key.raw().to_vec();
        } else if value.raw().len() <= MAX_SPLIT_VALUE
            && !matches!(value.kind(), Kind::Object | Kind::Array)
            && *key.text() != *b"part"
        {
            [key.raw(), b":", value.raw(), b","].iter().for_each(|part| piece.extend_from_slice(part));
        }
    }
    if count == 0 || count > MAX_SPLIT_STEPS || piece.len() > MAX_RUN_BYTES {
        return Err(Reason::Oversize);
    }
    let (len, no_edits) = (piece.len(), Edits::default());
    for (number, (_, step)) in steps.children().enumerate() {
        piece.truncate(len);
        for (part, behind) in [("\"part\":{\"step\":", number + 1), (",\"of\":", count)] {
            piece.extend_from_slice(part.as_bytes());
            piece.extend_from_slice(behind.to_string().as_bytes());
        }
        [&b"},"[..], &named, b":[", step.raw(), b"]}"].iter().for_each(|part| piece.extend_from_slice(part));
        let breaks = run.has_breaks();
        then(&Redacted::without_rules(&piece, Span { start: 0, end: piece.len() }, &no_edits, breaks))?;
    }
    Ok(())
}
