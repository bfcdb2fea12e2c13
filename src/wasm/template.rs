//! Templates across the border.

use js_sys::{Array, Uint8Array};
use logweir::{Catalog, Mode, Now, Quarantined, Refused, TemplateOptions};
use wasm_bindgen::prelude::*;

use crate::guard::{Guarded, guard};
use crate::{format_of, objects};

/// A compiled template.
#[wasm_bindgen]
pub struct Template {
    template: logweir::Template,
}

#[wasm_bindgen]
impl Template {
    /// Compiles a template: 0 text that makes JSON, 1 Mustache, 2 a JSON value. `partials`: name and text by turns;
    /// `keys`: name and bytes. Throws `{problems}`.
    #[wasm_bindgen(constructor)]
    pub fn new(source: &str, form: u32, partials: &Array, keys: &Array) -> Result<Template, JsValue> {
        let texts: Vec<String> = partials.iter().filter_map(|text| text.as_string()).collect();
        let keys: Vec<JsValue> = keys.iter().collect();
        let key = |pair: &[JsValue]| (pair[0].as_string().unwrap_or_default(), Uint8Array::new(&pair[1]).to_vec());
        let keys = keys.chunks_exact(2).map(key).collect();
        let compiled = guard(|| {
            let options = TemplateOptions {
                mode: if form == 1 { Mode::Text } else { Mode::Json },
                partials: texts.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect(),
                keys,
            };
            match form {
                2 => logweir::Template::compile_value(source, &options),
                _ => logweir::Template::compile(source, &options),
            }
        })?;
        compiled.map(|template| Template { template }).map_err(|problems| objects::to_js(&problems))
    }

    /// What is odd about it without being wrong.
    pub fn warnings(&self) -> Result<JsValue, JsValue> {
        guard(|| objects::to_js(self.template.warnings()))
    }

    /// A new reader.
    pub fn reader(&self) -> Result<TemplateReader, JsValue> {
        guard(|| TemplateReader {
            reader: Guarded::new(logweir::TemplateReader::new(&self.template, &Catalog::built_in())),
        })
    }
}

/// What renders records, one at a time or those of an input.
#[wasm_bindgen]
pub struct TemplateReader {
    reader: Guarded<logweir::TemplateReader>,
}

#[wasm_bindgen]
impl TemplateReader {
    /// Makes room for `len` more bytes and gives its address; 0 after a fault.
    pub fn input(&mut self, len: usize) -> usize {
        self.reader.room(|reader| reader.input(len))
    }

    /// Sets the time of rendering; says whether it is one.
    pub fn now(&mut self, text: &str) -> Result<bool, JsValue> {
        self.reader.work(|reader| Now::parse(text).map(|now| reader.now(now)).is_some())
    }

    /// Renders the one record that the `len` bytes written to the room are; says whether it could.
    pub fn one(&mut self, len: usize) -> Result<bool, JsValue> {
        self.reader.work(|reader| reader.one(len).is_none())
    }

    /// Begins an input, of a format by its number.
    pub fn begin(&mut self, format: u32) -> Result<(), JsValue> {
        self.reader.work(|reader| reader.begin(format_of(format)))
    }

    /// Takes the `len` bytes written to the room.
    pub fn push(&mut self, len: usize) -> Result<(), JsValue> {
        self.reader.work(|reader| reader.take(len))
    }

    /// Ends the input.
    pub fn end(&mut self) -> Result<(), JsValue> {
        self.reader.work(logweir::TemplateReader::end)
    }

    /// The address of what the last call made.
    pub fn output(&self) -> Result<usize, JsValue> {
        self.reader.look(|reader| reader.output().as_ptr() as usize)
    }

    /// Its length.
    pub fn output_length(&self) -> Result<usize, JsValue> {
        self.reader.look(|reader| reader.output().len())
    }

    /// The records that the last call made nothing of.
    pub fn refused(&self) -> Result<Array, JsValue> {
        self.reader.look(|reader| {
            let refused = |Refused { record, offset, length, line, at, reason }: &Refused| Quarantined {
                reason: *reason,
                record: *record,
                offset: *offset,
                length: *length,
                line: *line,
                at: *at,
                original: None,
                finding: None,
            };
            objects::quarantined(&reader.refused().iter().map(refused).collect::<Vec<_>>())
        })
    }
}
