//! What detectors find and let pass (`tests/detectors`), in every place and disguise; laws on texts of all kinds.

mod cases;
mod laws;
mod samples;

use super::*;

/// Everything that one detector finds in a text.
fn found_by(kind: Kind, text: &str, key: &str) -> Vec<Span> {
    let mut kinds = Kinds::default();
    kinds.add(kind);
    found(&Detectors::new(kinds, Vec::new()).expect("some"), text, key).iter().map(|found| found.span).collect()
}

fn found(detectors: &Detectors, text: &str, key: &str) -> Vec<Found> {
    let mut out = Vec::new();
    let context = Context { key: key.as_bytes(), ..Context::default() };
    detectors.find(text.as_bytes(), context, &mut Scratch::default(), &mut out);
    settle(&mut out);
    out
}

/// Puts findings in order; what overlaps becomes one, under the name of the longest, of equally long ones the worst.
fn settle(out: &mut Vec<Found>) {
    out.sort_unstable_by_key(|found| found.span.start);
    out.dedup_by(|next, last| {
        let overlaps = next.span.start < last.span.end;
        if overlaps {
            if (next.span.len(), last.detector) > (last.span.len(), next.detector) {
                last.detector = next.detector;
            }
            last.span.end = last.span.end.max(next.span.end);
        }
        overlaps
    });
}

/// All detectors, entropy only where it is asked for.
fn all(entropy: bool) -> Detectors {
    let mut kinds = Kinds::default();
    Kind::ALL.iter().filter(|(kind, _)| entropy || *kind != Kind::Entropy).for_each(|(kind, _)| kinds.add(*kind));
    Detectors::new(kinds, Vec::new()).expect("some")
}
