//! Queries across the border.

use js_sys::Array;
use logweir::{Match, TokenKind};
use wasm_bindgen::prelude::*;

use crate::catalog::Catalog;
use crate::guard::{Guarded, guard};
use crate::{format_of, objects};

/// A compiled query.
#[wasm_bindgen]
pub struct Query {
    query: logweir::Query,
}

#[wasm_bindgen]
impl Query {
    /// Compiles a query. `now` in milliseconds since 1970. Throws `{problems}`.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str, now: Option<f64>, catalog: &Catalog) -> Result<Query, JsValue> {
        let now = now.map(|now| now as i64);
        let compiled = guard(|| logweir::Query::compile(text, &catalog.catalog, now))?;
        compiled.map(|query| Query { query }).map_err(|problems| objects::to_js(&problems))
    }

    /// What is odd about the query without being wrong, where events are of some types (none: all).
    pub fn warnings(&self, types: &Array) -> Result<JsValue, JsValue> {
        let types = texts(types);
        guard(|| objects::to_js(&self.query.warnings(&types)))
    }

    /// Its canonical text.
    pub fn print(&self) -> Result<String, JsValue> {
        guard(|| self.query.print())
    }

    /// Its tree as JSON.
    pub fn ast(&self) -> Result<String, JsValue> {
        guard(|| self.query.ast())
    }

    /// A new reader.
    pub fn reader(&self) -> Result<QueryReader, JsValue> {
        guard(|| QueryReader { reader: Guarded::new(logweir::QueryReader::new(&self.query)), numbers: Vec::new() })
    }
}

/// The pieces of a text: of each its kind by number, and the bytes of its start and end.
#[wasm_bindgen]
pub fn query_tokens(text: &str) -> Result<Vec<u32>, JsValue> {
    let kind = |kind| match kind {
        TokenKind::Field => 0,
        TokenKind::Operator => 1,
        TokenKind::Bracket => 2,
        TokenKind::Word => 3,
        TokenKind::Phrase => 4,
        TokenKind::Regex => 5,
        TokenKind::Invalid => 6,
    };
    guard(|| {
        let tokens = logweir::Query::tokens(text);
        tokens.iter().flat_map(|token| [kind(token.kind), token.span.start as u32, token.span.end as u32]).collect()
    })
}

/// What may be typed at a byte of a text: of each candidate its kind, its text, and the bytes that it would replace.
#[wasm_bindgen]
pub fn query_complete(text: &str, at: usize, catalog: &Catalog, types: &Array) -> Result<Array, JsValue> {
    let types = texts(types);
    guard(|| {
        let found = Array::new();
        for candidate in logweir::Query::complete(text, at, &catalog.catalog, &types) {
            found.push(&candidate.kind.into());
            found.push(&candidate.text.into());
            found.push(&(candidate.span.start as u32).into());
            found.push(&(candidate.span.end as u32).into());
        }
        found
    })
}

/// What holds records against a query, one at a time or as records of an input.
#[wasm_bindgen]
pub struct QueryReader {
    reader: Guarded<logweir::QueryReader>,
    /// Of the last call: the body's address and length, records and broken ones since the input began; and of each record
    /// that was selected: its number (-1: unknown), offset, line (0: none), end in the body.
    numbers: Vec<f64>,
}

#[wasm_bindgen]
impl QueryReader {
    /// Makes room for `len` more bytes and gives its address; 0 after a fault.
    pub fn input(&mut self, len: usize) -> usize {
        self.reader.room(|reader| reader.input(len))
    }

    /// Whether the records that do not match are selected, and whether lines may be passed over unread.
    pub fn want(&mut self, invert: bool, pass_over: bool) -> Result<(), JsValue> {
        self.reader.work(|reader| {
            reader.invert(invert);
            reader.pass_over(pass_over);
        })
    }

    /// Whether the `len` bytes written to the room are one record that is selected: 1 or 0; 2 after a fault.
    pub fn one(&mut self, len: usize) -> u32 {
        self.reader.work(|reader| reader.one(len)).map_or(2, u32::from)
    }

    /// Begins an input, of a format by its number.
    pub fn begin(&mut self, format: u32) -> Result<(), JsValue> {
        self.reader.work(|reader| reader.begin(format_of(format)))
    }

    /// Takes the `len` bytes written to the room; gives how many records were selected.
    pub fn push(&mut self, len: usize) -> Result<usize, JsValue> {
        self.reader.work(|reader| {
            reader.take(len);
            reader.matches().len()
        })
    }

    /// Ends the input; gives how many records were selected.
    pub fn end(&mut self) -> Result<usize, JsValue> {
        self.reader.work(|reader| {
            reader.end();
            reader.matches().len()
        })
    }

    /// The address of the numbers of the last call.
    pub fn numbers(&mut self) -> Result<usize, JsValue> {
        let numbers = &mut self.numbers;
        self.reader.look(|reader| {
            numbers.clear();
            let (body, (records, broken)) = (reader.body(), reader.counts());
            let head = [body.as_ptr() as usize, body.len(), records as usize, broken as usize];
            numbers.extend(head.map(|number| number as f64));
            for Match { record, offset, line, end } in reader.matches() {
                let record = record.map_or(-1.0, |record| record as f64);
                numbers.extend([record, *offset as f64, line.unwrap_or_default() as f64, *end as f64]);
            }
            numbers.as_ptr() as usize
        })
    }
}

fn texts(list: &Array) -> Vec<String> {
    list.iter().filter_map(|text| text.as_string()).collect()
}
