// The wasm module as TypeScript sees it: what src/wasm promises, written down once.
import type { Drift, Problem, Quarantined, Trip } from "./types.js";

/** The names behind the counters. */
export interface Layout {
  /** How many numbers the counter block has. */
  readonly length: number;
  readonly routes: readonly { readonly name: string; readonly contentType: string }[];
  /** A pointer into the policy for each rule, such as `/redact/0`. */
  readonly rules: readonly string[];
  /** Fault codes. */
  readonly reasons: readonly string[];
  readonly other: readonly string[];
  /** Event types that records are held against; empty without `accept`. */
  readonly events: readonly string[];
}

/** A compiled policy on the other side. */
export interface BorderEngine {
  layout(): Layout;
  warnings(): Problem[];
  run(): BorderRun;
  explain(input: Uint8Array, format: number): Trip[];
  free(): void;
}

/** The state of one stream, or of one-shots that follow each other. */
export interface BorderRun {
  /** Makes room for `length` more bytes and gives the address to write them to; may move the memory. */
  input(length: number): number;
  begin(format: number): void;
  push(length: number): void;
  end(): void;
  finish(): void;
  process(length: number, format: number): void;
  /** The address of the counter block; may move whenever a call is made. */
  counters(): number;
  quarantined(): Quarantined[];
  drift(): Drift[];
  free(): void;
}

/** Where things are in the counter block, counted in numbers. */
export const slot = {
  records: 0,
  kept: 1,
  filtered: 2,
  quarantined: 3,
  bytesIn: 4,
  quarantinedNow: 5,
  /** The first route's numbers; the next route's come `perRoute` later. */
  routes: 6,
  perRoute: 5,
  routeRecords: 0,
  routeBytes: 1,
  outputAddress: 2,
  outputLength: 3,
  outputRecords: 4,
} as const;

/** The formats by the numbers that the border knows them by. */
export const formats = ["auto", "ndjson", "array", "json", "concat"] as const;
