//! The catalogue across the border.

use js_sys::Array;
use logweir::{Detection, Wanted};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::guard::{Guarded, guard};
use crate::{format_of, objects};

/// A set of event types.
#[wasm_bindgen]
pub struct Catalog {
    pub(crate) catalog: logweir::Catalog,
}

#[derive(Serialize)]
struct EventType<'a> {
    r#type: &'a str,
    title: &'a str,
}

#[wasm_bindgen]
impl Catalog {
    /// The built-in event types, and those of a JSON text. Throws `{problems}`.
    #[wasm_bindgen(constructor)]
    pub fn new(own: Option<String>) -> Result<Catalog, JsValue> {
        let catalog =
            guard(|| own.map_or_else(|| Ok(logweir::Catalog::built_in()), |own| logweir::Catalog::with_own(&own)))?;
        catalog.map(|catalog| Catalog { catalog }).map_err(|problems| objects::to_js(&problems))
    }

    /// Name and title of each event type, in the order of their numbers.
    pub fn types(&self) -> Result<JsValue, JsValue> {
        guard(|| {
            let types: Vec<_> = self.catalog.types().map(|(r#type, title)| EventType { r#type, title }).collect();
            objects::to_js(&types)
        })
    }

    /// A new reader.
    pub fn reader(&self) -> Result<CatalogReader, JsValue> {
        guard(|| CatalogReader {
            reader: Guarded::new(logweir::CatalogReader::new(&self.catalog)),
            numbers: Vec::new(),
        })
    }
}

/// What holds records against a catalogue, one at a time or as records of an input.
#[wasm_bindgen]
pub struct CatalogReader {
    reader: Guarded<logweir::CatalogReader>,
    /// Of each record of the last call: offset, line (0: none), type (-1: unknown, -2: nothing can be said), whether the
    /// event lies deeper than the record, whether it is valid (-1: unknown).
    numbers: Vec<f64>,
}

#[wasm_bindgen]
impl CatalogReader {
    /// Makes room for `len` more bytes and gives its address.
    pub fn input(&mut self, len: usize) -> Result<usize, JsValue> {
        self.reader.work(|reader| reader.input(len).as_mut_ptr() as usize)
    }

    /// Says what is told besides the type: fields, and findings (-1: not looked for).
    pub fn want(&mut self, fields: bool, findings: i32) -> Result<(), JsValue> {
        self.reader.work(|reader| reader.want(Wanted { fields, findings: usize::try_from(findings).ok() }))
    }

    /// What the `len` bytes written to the room are: the number of a type, -1 for an unknown record, -2 where nothing can
    /// be said, -3 after a fault; plus 65,536 where the event lies deeper than the record.
    pub fn one(&mut self, len: usize) -> i32 {
        let found = self.reader.work(|reader| {
            let found = reader.one(len);
            type_of(found) + if found.at.is_empty() { 0 } else { 1 << 16 }
        });
        found.unwrap_or(-3)
    }

    /// Begins an input, of a format by its number.
    pub fn begin(&mut self, format: u32) -> Result<(), JsValue> {
        self.reader.work(|reader| reader.begin(format_of(format)))
    }

    /// Takes the `len` bytes written to the room; gives how many records that settled.
    pub fn push(&mut self, len: usize) -> Result<usize, JsValue> {
        self.reader.work(|reader| {
            reader.take(len);
            reader.detections().len()
        })
    }

    /// Ends the input; gives how many records that settled.
    pub fn end(&mut self) -> Result<usize, JsValue> {
        self.reader.work(|reader| {
            reader.end();
            reader.detections().len()
        })
    }

    /// The address of the numbers of these records.
    pub fn numbers(&mut self) -> Result<usize, JsValue> {
        let numbers = &mut self.numbers;
        self.reader.look(|reader| {
            numbers.clear();
            for found in reader.detections() {
                let line = found.line.unwrap_or_default();
                let valid = found.valid.map_or(-1, i32::from);
                numbers.extend([found.offset as f64, line as f64]);
                numbers.extend([type_of(found), i32::from(!found.at.is_empty()), valid].map(f64::from));
            }
            numbers.as_ptr() as usize
        })
    }

    /// Where the events stand that lie deeper than their records.
    pub fn places(&self) -> Result<Array, JsValue> {
        self.texts(|found| Some(found.at.as_str()).filter(|at| !at.is_empty()))
    }

    /// The codes of why nothing can be said of records.
    pub fn codes(&self) -> Result<Array, JsValue> {
        self.texts(|found| found.reason.map(logweir::Reason::code))
    }

    /// The common fields of events that are known, each as JSON.
    pub fn fields(&self) -> Result<Array, JsValue> {
        self.texts(|found| Some(found.fields.as_str()).filter(|fields| !fields.is_empty()))
    }

    /// What is wrong with events and records: a list for each that is not valid.
    pub fn told(&self) -> Result<Array, JsValue> {
        self.reader.look(|reader| {
            let wrong = reader.detections().iter().filter(|found| found.valid == Some(false));
            wrong.map(|found| objects::to_js(&found.findings)).collect()
        })
    }

    fn texts(&self, text: impl Fn(&Detection) -> Option<&str>) -> Result<Array, JsValue> {
        self.reader.look(|reader| reader.detections().iter().filter_map(text).map(JsValue::from_str).collect())
    }
}

fn type_of(found: &Detection) -> i32 {
    match (found.event_type, found.reason) {
        (Some(number), _) => number as i32,
        (None, None) => -1,
        (None, Some(_)) => -2,
    }
}
