/**
 * For those who load the wasm module themselves: all of `logweir`, after `init` or `initSync`. The module is
 * `logweir/core.wasm`; in Vite `import url from "logweir/core.wasm?url"` gives its address.
 *
 * @module logweir/slim
 */
export * from "../index.js";
export { load as initSync, loadFrom as init, type WasmOrigin, type WasmSource } from "../instance.js";
