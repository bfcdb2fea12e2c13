//! Plain objects for JavaScript.

use js_sys::{Array, JSON, Object, Reflect, Uint8Array};
use logweir::Quarantined;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::json;

/// Any of the core's descriptions as an object.
pub(crate) fn to_js<T: Serialize + ?Sized>(value: &T) -> JsValue {
    // Nothing here can fail: what the core describes is JSON.
    parse(&json::text(value).unwrap_or_default())
}

fn parse(json: &str) -> JsValue {
    JSON::parse(json).unwrap_or(JsValue::UNDEFINED)
}

/// What is thrown after a panic.
pub(crate) fn fault() -> JsValue {
    let fault = Object::new();
    set(&fault, "fault", true);
    fault.into()
}

pub(crate) fn quarantined(entries: &[Quarantined]) -> Array {
    entries.iter().map(entry).collect()
}

fn entry(entry: &Quarantined) -> Object {
    let object = Object::new();
    set(&object, "code", entry.reason.code());
    set(&object, "record", entry.record as f64);
    set(&object, "offset", entry.offset as f64);
    set(&object, "length", entry.length as f64);
    if let Some(line) = entry.line {
        set(&object, "line", line as f64);
    }
    set(&object, "at", entry.at as f64);
    set(&object, "expected", entry.reason.expected());
    if let Some(original) = &entry.original {
        set(&object, "original", Uint8Array::from(original.as_slice()));
    }
    if let Some(finding) = &entry.finding {
        set(&object, "finding", to_js(finding));
    }
    object
}

fn set(object: &Object, name: &str, value: impl Into<JsValue>) {
    // A plain object takes every member.
    let _ = Reflect::set(object, &name.into(), &value.into());
}
