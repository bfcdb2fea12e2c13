//! The border between the core and JavaScript: translation, nothing else. What crosses is described in `pkg/src/border.ts`.
//!
//! Bytes go in by a copy that JavaScript makes into the room of [`Run::input`], and out by one that it makes of an output
//! whose address stands in the block of counters. Everything else crosses as plain objects.

#[cfg(feature = "catalog")]
mod catalog;
mod counters;
mod guard;
mod json;
mod objects;
#[cfg(feature = "probe")]
mod probe;
#[cfg(feature = "query")]
pub mod query;
#[cfg(feature = "schema")]
mod schema;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "template")]
mod template;

use guard::{Guarded, guard};
use js_sys::{Array, Uint8Array};
use logweir::{Format, Now, Pipeline, Show};
use wasm_bindgen::prelude::*;

/// A compiled policy.
#[wasm_bindgen]
pub struct Engine {
    pipeline: Pipeline,
}

#[wasm_bindgen]
impl Engine {
    /// Compiles a policy's text. `keys`: names and `Uint8Array`s by turns. Throws `{problems}`.
    #[wasm_bindgen(constructor)]
    pub fn new(policy: &str, keys: &Array) -> Result<Engine, JsValue> {
        let names = keys.iter().step_by(2).filter_map(|name| name.as_string());
        let keys =
            names.zip(keys.iter().skip(1).step_by(2).map(|key| Uint8Array::from(key).to_vec())).collect::<Vec<_>>();
        let compiled = guard(|| Pipeline::compile_with(policy, &keys))?;
        compiled.map(|pipeline| Engine { pipeline }).map_err(|problems| objects::to_js(&problems))
    }

    /// The names behind the counters.
    pub fn layout(&self) -> Result<JsValue, JsValue> {
        guard(|| objects::to_js(&counters::layout(&self.pipeline)))
    }

    /// What is odd about the policy without being wrong.
    pub fn warnings(&self) -> Result<JsValue, JsValue> {
        guard(|| objects::to_js(self.pipeline.warnings()))
    }

    /// What could pass a route as it came; `policy` is the text that this was made of.
    pub fn leaks(&self, policy: &str) -> Result<JsValue, JsValue> {
        guard(|| objects::to_js(&self.pipeline.leaks(policy)))
    }

    /// The policy's own tests, as JSON; empty if it has none.
    pub fn tests(&self) -> String {
        self.pipeline.tests().to_owned()
    }

    /// A new run.
    pub fn run(&self) -> Result<Run, JsValue> {
        guard(|| Run { run: Guarded::new(self.pipeline.run()), counters: Vec::new() })
    }

    /// What each room does to each record of an input; nothing where `now` is no time.
    pub fn explain(
        &self,
        input: &[u8],
        format: u32,
        now: &str,
        values: bool,
        output: bool,
    ) -> Result<JsValue, JsValue> {
        guard(|| {
            let show = Show { values, output };
            let trips = Now::parse(now).map(|now| self.pipeline.explain(input, format_of(format), now, show));
            objects::to_js(&trips)
        })
    }
}

/// The state of one stream.
#[wasm_bindgen]
pub struct Run {
    run: Guarded<logweir::Run>,
    counters: Vec<f64>,
}

#[wasm_bindgen]
impl Run {
    /// Makes room for `len` more bytes and gives its address; 0 after a fault.
    pub fn input(&mut self, len: usize) -> usize {
        self.run.room(|run| run.input(len))
    }

    /// Begins an input: 0 auto, 1 ndjson, 2 array, 3 json, 4 concat, 5 values.
    pub fn begin(&mut self, format: u32) -> Result<(), JsValue> {
        self.run.work(|run| run.begin(format_of(format)))
    }

    /// Sets the time that templates write; says whether it is one.
    pub fn now(&mut self, text: &str) -> Result<bool, JsValue> {
        self.run.work(|run| Now::parse(text).map(|now| run.now(now)).is_some())
    }

    /// Takes the `len` bytes written to the room; `more`: what follows belongs to the same bodies.
    pub fn push(&mut self, len: usize, more: bool) -> Result<(), JsValue> {
        self.run.work(|run| if more { run.take_part(len) } else { run.take(len) })
    }

    /// Ends the input.
    pub fn end(&mut self) -> Result<(), JsValue> {
        self.run.work(logweir::Run::end)
    }

    /// Ends the run.
    pub fn finish(&mut self) -> Result<(), JsValue> {
        self.run.work(logweir::Run::finish)
    }

    /// A whole run at once over the `len` bytes written to the room.
    pub fn process(&mut self, len: usize, format: u32) -> Result<(), JsValue> {
        self.run.work(|run| run.process(len, format_of(format)))
    }

    /// Writes the block of counters and gives its address; its length is told by the layout.
    pub fn counters(&mut self) -> Result<usize, JsValue> {
        let counters = &mut self.counters;
        self.run.look(|run| {
            counters::write(run, counters);
            counters.as_ptr() as usize
        })
    }

    /// The records that the last call withheld.
    pub fn quarantined(&self) -> Result<js_sys::Array, JsValue> {
        self.run.look(|run| objects::quarantined(run.quarantined()))
    }

    /// The bodies of a route's output: where each ends, its records, its key.
    pub fn parts(&self, route: usize) -> Result<JsValue, JsValue> {
        self.run.look(|run| {
            let parts = run.parts(route).iter();
            objects::to_js(&parts.map(|part| (part.end, part.records, part.key.as_str())).collect::<Vec<_>>())
        })
    }

    /// Where rules were applied.
    pub fn places(&self) -> Result<JsValue, JsValue> {
        self.run.look(|run| objects::to_js(&run.places()))
    }

    /// How events differed from what the catalogue knows of them.
    pub fn drift(&self) -> Result<JsValue, JsValue> {
        self.run.look(|run| objects::to_js(&run.drift()))
    }
}

fn format_of(number: u32) -> Format {
    match number {
        1 => Format::Ndjson,
        2 => Format::Array,
        3 => Format::Json,
        4 => Format::Concat,
        5 => Format::Values,
        _ => Format::Auto,
    }
}
