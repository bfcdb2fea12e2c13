/**
 * For those who load the wasm module themselves: all of `logweir`, after `init` or `initSync`.
 *
 * @example
 * import url from "logweir/core.wasm?url"; // as Vite has it
 * import { compile, init } from "logweir/slim";
 * await init(url);
 * @module logweir/slim
 */
export * from "../index.js";
export { load as initSync, loadFrom as init, type WasmOrigin, type WasmSource } from "../instance.js";
