// Holds the one instance of the wasm module, notices when it dies, and makes it anew.
// Nobody passes it on: what wasm-bindgen declares needs the DOM's types, which a project for Node may not have.
import * as glue from "../wasm/core.js";
import { FaultError, UsageError } from "./errors.js";
import { isBytes } from "./input.js";
import type { Bytes } from "./types.js";

/** A `WebAssembly.Module`. Told by its name alone: it has no members, and TypeScript knows it only with the DOM's types. */
export type WasmModule = object;

/** What a wasm module can be made from at once: its bytes, or compiled. */
export type WasmSource = ArrayBuffer | ArrayBufferView | WasmModule;

let current: Instance | undefined;

/** A living (or dead) instance and its memory. */
export class Instance {
  /** Set when a trap left the instance in a state that nobody knows. */
  dead = false;
  /** @internal */
  readonly memory: WebAssembly.Memory;
  // Kept, as `memory.buffer` and `bytes.buffer` are slow to ask for. A grown memory has a new buffer, and views of the
  // old one have no length any more.
  #buffer: ArrayBuffer;
  #bytes: Bytes;
  #numbers: Float64Array<ArrayBuffer>;

  readonly #names: ReadonlySet<string>;

  /** @internal */
  constructor(exports: glue.InitOutput) {
    this.memory = exports.memory;
    this.#names = new Set(Object.keys(exports));
    this.#buffer = exports.memory.buffer;
    this.#bytes = new Uint8Array(this.#buffer);
    this.#numbers = new Float64Array(this.#buffer);
  }

  /** Whether the module has a class across the border; one that somebody built without its part has not. */
  has(name: string): boolean {
    return this.#names.has(`${name}_new`);
  }

  /** The memory as bytes. Ask again after every call across the border: growth detaches the view. */
  get bytes(): Bytes {
    if (this.#bytes.length === 0) this.#renew();
    return this.#bytes;
  }

  /** The memory as numbers of eight bytes. */
  get numbers(): Float64Array<ArrayBuffer> {
    if (this.#numbers.length === 0) this.#renew();
    return this.#numbers;
  }

  /** A stretch of the memory, as it is. */
  view(address: number, length: number): Bytes {
    if (this.#bytes.length === 0) this.#renew();
    return new Uint8Array(this.#buffer, address, length);
  }

  /** A copy of a stretch of the memory. */
  copy(address: number, length: number): Bytes {
    return this.bytes.slice(address, address + length);
  }

  #renew(): void {
    this.#buffer = this.memory.buffer;
    this.#bytes = new Uint8Array(this.#buffer);
    this.#numbers = new Float64Array(this.#buffer);
  }
}

/** What the handles of one `compile()` share: their instance, and whether a fault has befallen them. */
export class Lifeline {
  readonly instance: Instance;
  #faulted = false;

  constructor(instance: Instance) {
    this.instance = instance;
  }

  get alive(): boolean {
    return !this.#faulted && !this.instance.dead;
  }

  /** Refuses after a fault. */
  check(): void {
    if (!this.alive) throw new FaultError();
  }

  /** Takes what a call across the border threw and gives the error to throw instead. */
  fault(thrown: unknown): FaultError {
    this.#faulted = true;
    return toFault(this.instance, thrown);
  }
}

/**
 * A caught panic (`{ fault: true }`) unwound in good order and costs the handle alone. Anything else (a trap, a stack
 * overflow, the glue refusing to go on) leaves the memory in an unknown state and costs the instance.
 */
export function toFault(instance: Instance, thrown: unknown): FaultError {
  const caught = typeof thrown === "object" && thrown !== null && "fault" in thrown && thrown.fault === true;
  if (!caught) instance.dead = true;
  return new FaultError(thrown instanceof WebAssembly.RuntimeError ? thrown : undefined);
}

/**
 * Loads the wasm module at once, from its bytes or compiled. Needed once, before the first `compile()`; later calls do
 * nothing. (`initSync` of `logweir/slim`; the other entries call it themselves.)
 *
 * @throws {UsageError} `W912` where it is not the module of this package, `W909` where the engine has no SIMD
 */
export function load(module: WasmSource): void {
  if (current) return;
  try {
    const found = ours(isModule(module) ? module : compiled(module));
    current = new Instance(glue.initSync({ module: found }));
  } catch (thrown) {
    throw unloadable(thrown);
  }
}

/** What a wasm module can be loaded from: an address, a response, bytes, a module. */
export type WasmOrigin = WasmSource | Response | Request | URL | string;

/**
 * Loads the wasm module from wherever it lies. Needed once, before the first `compile()`; later calls do nothing.
 * (`init` of `logweir/slim`.)
 *
 * @throws {UsageError} `W912` where it cannot be fetched, or is not the module of this package; `W909` where the engine has
 *   no SIMD
 */
export async function loadFrom(source: WasmOrigin | PromiseLike<WasmOrigin>): Promise<void> {
  if (loading) await loading.catch(() => {}); // what another call loads will do
  if (current) return;
  loading = instantiated(source);
  return loading;
}

/** What is being loaded. */
let loading: Promise<void> | undefined;

async function instantiated(source: WasmOrigin | PromiseLike<WasmOrigin>): Promise<void> {
  try {
    const module = ours(await fetched(await source));
    // Instantiated in its own time: some browsers refuse to do that at once on a page.
    adopt(await glue.default({ module_or_path: module }));
  } catch (thrown) {
    throw unloadable(thrown);
  }
}

/** Goes on with the instance that the glue has; one that `initSync()` made meanwhile is none of its any more. */
function adopt(exports: glue.InitOutput): void {
  if (current?.memory === exports.memory) return;
  if (current) current.dead = true;
  current = new Instance(exports);
}

async function fetched(source: unknown): Promise<WebAssembly.Module> {
  if (isModule(source)) return source;
  const found = isAddress(source) ? await fetch(source) : source;
  if (typeof Response !== "function" || !(found instanceof Response))
    return WebAssembly.compile(bytesOf(found));
  if (!found.ok) throw new UsageError("W912", `the wasm module was not found: status ${found.status}`);
  const isTyped = found.headers.get("content-type")?.split(";")[0] === "application/wasm";
  return isTyped && typeof WebAssembly.compileStreaming === "function"
    ? WebAssembly.compileStreaming(found)
    : WebAssembly.compile(await found.arrayBuffer());
}

const isAddress = (source: unknown): source is string | URL | Request =>
  typeof source === "string" ||
  source instanceof URL ||
  (typeof Request === "function" && source instanceof Request);

const isModule = (source: unknown): source is WebAssembly.Module =>
  Object.prototype.toString.call(source) === "[object WebAssembly.Module]";

const compiled = (source: unknown): WebAssembly.Module => new WebAssembly.Module(bytesOf(source));

function bytesOf(source: unknown): BufferSource {
  if (isBytes(source)) return source as BufferSource;
  throw new UsageError("W912", "expected the wasm module: its bytes, compiled, or where it lies");
}

/** Refuses another module before it is run: the glue would keep it. */
function ours(module: WebAssembly.Module): WebAssembly.Module {
  const names = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
  if (["__wbindgen_start", "engine_new", "memory"].every((name) => names.has(name))) return module;
  throw new UsageError("W912", "expected the wasm module of this package, found another one");
}

/** A module whose one function makes a vector: the smallest that an engine without SIMD refuses. */
const vector = new Uint8Array([
  ...[0, 97, 115, 109, 1, 0, 0, 0], // magic number, version
  ...[1, 5, 1, 96, 0, 1, 0x7b], // a type: nothing → v128
  ...[3, 2, 1, 0], // a function of it
  ...[10, 8, 1, 6, 0, 0x41, 0, 0xfd, 15, 0x0b], // i32.const 0, i8x16.splat, end
]);

/** What kept the module from loading; the engine's lack of SIMD, if it is that. */
function unloadable(thrown: unknown): UsageError {
  if (!WebAssembly.validate(vector))
    return new UsageError(
      "W909",
      "this engine has no WebAssembly SIMD; Chrome 91, Firefox 89, Safari 16.4, Node 16.4, Deno 1.9 and later have it",
    );
  if (thrown instanceof UsageError) return thrown;
  const error = new UsageError("W912", "the wasm module cannot be loaded; the cause says why");
  error.cause = thrown;
  return error;
}

/**
 * The instance to compile a policy in: a fresh one if the last one died.
 *
 * @param part a class that the module needs, as the border calls it; a module that somebody built themselves may lack it
 * @throws {UsageError} `W903` where there is none yet, `W913` where it lacks that
 */
export function instance(part?: "catalog" | "query" | "schema" | "template"): Instance {
  if (!current) {
    throw new UsageError(
      "W903",
      'the wasm module is not loaded: with "logweir/slim", call init() or initSync() before compile()',
    );
  }
  if (current.dead) {
    glue.__wbg_reset_state();
    current = new Instance(glue.initSync({ module: loaded }));
  }
  if (part && !current.has(part))
    throw new UsageError("W913", `the wasm module at hand was built without the feature "${part}"`);
  return current;
}

/** Once the glue is initialised, `initSync` gives back the exports of the present instance and looks at nothing. */
const loaded = new Uint8Array(0);
