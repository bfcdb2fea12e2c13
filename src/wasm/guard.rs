//! What becomes of a panic: never more than the code of a fault, as its message may quote what was read.

use std::panic::{AssertUnwindSafe, RefUnwindSafe, catch_unwind};

use wasm_bindgen::prelude::*;

use crate::objects;

/// A panic becomes `{fault: true}`. Where the build cannot unwind, it is a trap instead, and the whole instance is lost.
pub(crate) fn guard<T>(work: impl FnOnce() -> T) -> Result<T, JsValue> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| objects::fault())
}

/// Something that a panic may leave half done: after one it refuses.
pub(crate) struct Guarded<T> {
    inner: T,
    broken: bool,
}

// What a panic leaves half done is never looked at again.
impl<T> RefUnwindSafe for Guarded<T> {}

impl<T> Guarded<T> {
    pub(crate) fn new(inner: T) -> Guarded<T> {
        Guarded { inner, broken: false }
    }

    pub(crate) fn work<R>(&mut self, work: impl FnOnce(&mut T) -> R) -> Result<R, JsValue> {
        if self.broken {
            return Err(objects::fault());
        }
        let inner = &mut self.inner;
        let done = guard(|| work(inner));
        self.broken = done.is_err();
        done
    }

    /// Room for bytes as an address; 0 after a fault, as a result that may be an error would be an array in JavaScript,
    /// made anew for each call.
    pub(crate) fn room(&mut self, room: impl FnOnce(&mut T) -> &mut [u8]) -> usize {
        self.work(|inner| room(inner).as_mut_ptr() as usize).unwrap_or_default()
    }

    pub(crate) fn look<R>(&self, look: impl FnOnce(&T) -> R) -> Result<R, JsValue> {
        if self.broken {
            return Err(objects::fault());
        }
        guard(|| look(&self.inner))
    }
}
