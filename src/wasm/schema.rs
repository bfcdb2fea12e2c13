//! JSON Schema across the border.

use js_sys::Array;
use logweir::{Dialect, Output, SchemaOptions};
use wasm_bindgen::prelude::*;

use crate::guard::{Guarded, guard};
use crate::{format_of, objects};

/// A compiled schema.
#[wasm_bindgen]
pub struct Schema {
    schema: logweir::Schema,
}

#[wasm_bindgen]
impl Schema {
    /// Compiles a schema's text. `remotes`: URI and text by turns. Throws `{problems}`.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str, draft_07: bool, formats: bool, show_keys: bool, remotes: &Array) -> Result<Schema, JsValue> {
        let texts: Vec<String> = remotes.iter().filter_map(|text| text.as_string()).collect();
        let compiled = guard(|| {
            let options = SchemaOptions {
                dialect: if draft_07 { Dialect::Draft07 } else { Dialect::Draft202012 },
                assert_formats: formats,
                remotes: texts.chunks_exact(2).map(|remote| (remote[0].clone(), remote[1].clone())).collect(),
                show_keys,
            };
            logweir::Schema::compile(text, &options)
        })?;
        compiled.map(|schema| Schema { schema }).map_err(|problems| objects::to_js(&problems))
    }

    /// What is odd about the schema without being wrong.
    pub fn warnings(&self) -> Result<JsValue, JsValue> {
        guard(|| objects::to_js(self.schema.warnings()))
    }

    /// A new validator.
    pub fn validator(&self) -> Result<Validator, JsValue> {
        guard(|| Validator { validator: Guarded::new(logweir::Validator::new(&self.schema)), verdicts: Vec::new() })
    }
}

/// What checks documents, one at a time or as records of an input.
#[wasm_bindgen]
pub struct Validator {
    validator: Guarded<logweir::Validator>,
    /// Three numbers for each record of the last call: offset, line (0: none), whether it is valid.
    verdicts: Vec<f64>,
}

#[wasm_bindgen]
impl Validator {
    /// Makes room for `len` more bytes and gives its address; 0 after a fault. What was made for one document does for
    /// the next that is no longer.
    pub fn input(&mut self, len: usize) -> usize {
        self.validator.room(|validator| validator.input(len))
    }

    /// How many findings of a document or record are told.
    pub fn tell_findings(&mut self, most: usize) -> Result<(), JsValue> {
        self.validator.work(|validator| validator.tell_findings(most))
    }

    /// Whether the `len` bytes written to the room are one document that fits: 1 or 0; 2 after a fault.
    pub fn is_valid(&mut self, len: usize) -> u32 {
        self.validator.work(|validator| validator.is_valid(len)).map_or(2, u32::from)
    }

    /// What is wrong with the document; undefined where nothing is.
    pub fn findings(&mut self, len: usize) -> Result<JsValue, JsValue> {
        let findings = self.validator.work(|validator| validator.findings(len))?;
        if findings.is_empty() { Ok(JsValue::UNDEFINED) } else { guard(|| objects::to_js(&findings)) }
    }

    /// What there is to say of the document, as JSON: 0 flag, 1 basic, 2 detailed.
    pub fn output(&mut self, len: usize, form: u32) -> Result<String, JsValue> {
        let form = match form {
            0 => Output::Flag,
            1 => Output::Basic,
            _ => Output::Detailed,
        };
        self.validator.work(|validator| validator.output(len, form))
    }

    /// Begins an input, of a format by its number.
    pub fn begin(&mut self, format: u32) -> Result<(), JsValue> {
        self.validator.work(|validator| validator.begin(format_of(format)))
    }

    /// Takes the `len` bytes written to the room; gives how many records that settled.
    pub fn push(&mut self, len: usize) -> Result<usize, JsValue> {
        self.validator.work(|validator| {
            validator.take(len);
            validator.verdicts().len()
        })
    }

    /// Ends the input; gives how many records that settled.
    pub fn end(&mut self) -> Result<usize, JsValue> {
        self.validator.work(|validator| {
            validator.end();
            validator.verdicts().len()
        })
    }

    /// The address of the numbers of these records.
    pub fn verdicts(&mut self) -> Result<usize, JsValue> {
        let numbers = &mut self.verdicts;
        self.validator.look(|validator| {
            numbers.clear();
            for verdict in validator.verdicts() {
                let line = verdict.line.unwrap_or_default();
                numbers.extend([verdict.offset as f64, line as f64, f64::from(u8::from(verdict.valid))]);
            }
            numbers.as_ptr() as usize
        })
    }

    /// What is wrong with them: a list for each that is not valid.
    pub fn told(&self) -> Result<JsValue, JsValue> {
        self.validator.look(|validator| {
            let broken = validator.verdicts().iter().filter(|verdict| !verdict.valid);
            broken.map(|verdict| objects::to_js(&verdict.findings)).collect::<Array>().into()
        })
    }
}
