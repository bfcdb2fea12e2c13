//! Single rooms, for `npm run bench` alone.

use wasm_bindgen::prelude::*;

/// The first rooms on their own, over one buffer of NDJSON.
#[wasm_bindgen]
pub struct Probe {
    probe: logweir::probe::Probe,
}

// A benchmark that panics is not gone on with.
impl std::panic::RefUnwindSafe for Probe {}

#[wasm_bindgen]
impl Probe {
    /// A probe without a buffer.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default)] // JavaScript has no Default
    pub fn new() -> Probe {
        Probe { probe: logweir::probe::Probe::default() }
    }

    /// Makes room for `len` bytes and gives its address.
    pub fn probe_input(&mut self, len: usize) -> usize {
        self.probe.input(len).as_mut_ptr() as usize
    }

    /// Indexes the first `len` bytes; gives where the first string can end.
    pub fn scan(&mut self, len: usize) -> usize {
        self.probe.scan(len)
    }

    /// Indexes them and checks the grammar, line by line; gives how many lines.
    pub fn check(&mut self, len: usize) -> usize {
        self.probe.check(len)
    }

    /// Indexes them and writes the tape of everything, line by line; gives how many entries.
    pub fn tape(&mut self, len: usize) -> usize {
        self.probe.tape(len)
    }

    /// The same, and which event each line is; gives how many are known.
    pub fn detect(&mut self, len: usize) -> usize {
        self.probe.detect(len)
    }
}
