/**
 * For Node (Deno and Bun have the same): policies from files, and streams of `node:stream`.
 *
 * @module logweir/node
 */
import { readFileSync } from "node:fs";
import { Duplex } from "node:stream";
import { type CompileOptions, compile, type Weir, type WeirStream } from "../entry/inline.js";
import type { StreamOptions } from "../stream.js";

/** A `node:stream` that a policy is applied in, with the account of the stream that it wraps. */
export interface WeirDuplex extends Duplex {
  /** The account: of what has been read so far, and after the end of everything. */
  readonly report: WeirStream["report"];
  /** How events differ from what their schemas know, so far; empty unless the policy has `accept`. */
  readonly drift: WeirStream["drift"];
}

/**
 * Reads a policy from a file (JSON, or JSON with comments) and compiles it.
 *
 * @throws {PolicyError} with every mistake in `problems`; what the file system throws, if the file cannot be read
 * @throws {UsageError} `W904` where it is no UTF-8
 * @example
 * const weir = compileFile("policy.jsonc", { keys: { "pii-key": process.env.PII_KEY ?? "" } });
 */
export function compileFile(path: string | URL, options?: CompileOptions): Weir {
  // As bytes: read as text, what is no UTF-8 becomes other names, which no rule would find.
  return compile(readFileSync(path), options);
}

/**
 * Makes a stream for `pipeline()` of `node:stream`: bytes or text in, the bytes of one route out, flat memory at any length.
 *
 * @throws {UsageError} `W905` where the route is unknown, or the policy has several and none was named
 * @example
 * await pipeline(createReadStream("events.ndjson"), transform(weir), createWriteStream("redacted.ndjson"));
 */
export function transform(weir: Weir, options?: StreamOptions): WeirDuplex {
  const stream = weir.stream(options);
  const duplex = Duplex.fromWeb(stream as Parameters<typeof Duplex.fromWeb>[0], { decodeStrings: false });
  return Object.defineProperties(duplex as WeirDuplex, {
    report: { get: () => stream.report },
    drift: { get: () => stream.drift },
  });
}
