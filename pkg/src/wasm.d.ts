// What a Worker's bundler makes of an import of wasm.
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
