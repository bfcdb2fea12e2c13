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
    out
}

/// All detectors, entropy only where it is asked for.
fn all(entropy: bool) -> Detectors {
    let mut kinds = Kinds::default();
    Kind::ALL.iter().filter(|(kind, _)| entropy || *kind != Kind::Entropy).for_each(|(kind, _)| kinds.add(*kind));
    Detectors::new(kinds, Vec::new()).expect("some")
}
