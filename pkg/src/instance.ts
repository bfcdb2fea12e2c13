// Holds the one instance of the wasm module, notices when it dies, and makes it anew.
import * as glue from "../wasm/core.js";
import { FaultError, UsageError } from "./errors.js";
import type { Bytes } from "./types.js";

/** What a wasm module can be made from at once. */
export type WasmSource = BufferSource | WebAssembly.Module;

let current: Instance | undefined;

/** A living (or dead) instance and its memory. */
export class Instance {
  /** Set when a trap left the instance in a state that nobody knows. */
  dead = false;
  readonly #memory: WebAssembly.Memory;
  // Kept, as `memory.buffer` and `bytes.buffer` are slow to ask for. A grown memory has a new buffer, and views of the
  // old one have no length any more.
  #buffer: ArrayBuffer;
  #bytes: Bytes;
  #numbers: Float64Array<ArrayBuffer>;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#buffer = memory.buffer;
    this.#bytes = new Uint8Array(this.#buffer);
    this.#numbers = new Float64Array(this.#buffer);
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
    this.#buffer = this.#memory.buffer;
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
 */
export function load(module: WasmSource): void {
  if (current) return;
  try {
    current = new Instance(glue.initSync({ module }).memory);
  } catch (thrown) {
    throw withoutSimd(thrown);
  }
}

/** What a wasm module can be loaded from: an address, a response, bytes, a module. */
export type WasmOrigin = WasmSource | Response | Request | URL | string;

/**
 * Loads the wasm module from wherever it lies. Needed once, before the first `compile()`; later calls do nothing.
 * (`init` of `logweir/slim`.)
 */
export async function loadFrom(source: WasmOrigin | Promise<WasmOrigin>): Promise<void> {
  if (current) return;
  try {
    const exports = await glue.default({ module_or_path: source });
    current ??= new Instance(exports.memory);
  } catch (thrown) {
    throw withoutSimd(thrown);
  }
}

/** A module whose one function makes a vector: the smallest that an engine without SIMD refuses. */
const vector = new Uint8Array([
  ...[0, 97, 115, 109, 1, 0, 0, 0], // magic number, version
  ...[1, 5, 1, 96, 0, 1, 0x7b], // a type: nothing → v128
  ...[3, 2, 1, 0], // a function of it
  ...[10, 8, 1, 6, 0, 0x41, 0, 0xfd, 15, 0x0b], // i32.const 0, i8x16.splat, end
]);

/** What kept the module from loading; the engine's lack of SIMD, if it is that. */
function withoutSimd(thrown: unknown): unknown {
  if (WebAssembly.validate(vector)) return thrown;
  return new UsageError(
    "W909",
    "this engine has no WebAssembly SIMD; Chrome 91, Firefox 89, Safari 16.4, Node 16.4, Deno 1.9 and later have it",
  );
}

/** The instance to compile a policy in: a fresh one if the last one died. */
export function instance(): Instance {
  if (!current) {
    throw new UsageError(
      "W903",
      'the wasm module is not loaded: with "logweir/slim", call init() or initSync() before compile()',
    );
  }
  if (current.dead) {
    glue.__wbg_reset_state();
    current = new Instance(glue.initSync({ module: loaded }).memory);
  }
  return current;
}

/** Once the glue is initialised, `initSync` gives back the exports of the present instance and looks at nothing. */
const loaded = new Uint8Array(0);

export { glue };
