/**
 * All of `logweir`, and the `LogStore`, from one instance of a wasm module of its own: `logweir/store.wasm`. In Node it
 * is there after the import; elsewhere after `init` or `initSync`, as with `logweir/slim`.
 *
 * @module logweir/store
 */
export * from "../index.js";
export { load as initSync, loadFrom as init, type WasmOrigin, type WasmSource } from "../instance.js";
export { RowSet } from "../row-set.js";
export { Search } from "../search.js";
export { LogStore } from "../store.js";
export type * from "../store-types.js";
