// For those who load the wasm module themselves: `import url from "logweir/core.wasm?url"; await init(url)`.
export * from "../index.js";
export { load as initSync, loadFrom as init, type WasmOrigin, type WasmSource } from "../instance.js";
