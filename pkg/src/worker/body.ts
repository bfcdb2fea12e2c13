// A request's body: what it says it is, unpacked in flat memory, up to limits.
import type { Bytes, Format } from "../types.js";
import { concat } from "./crypto.js";
import { Refusal } from "./problem.js";

/** How much is too much. */
export interface BodyLimits {
  /** A body as it comes, in bytes: 100 MB by default, what the platform lets in on most plans. */
  readonly bodyBytes: number;
  /** A body unpacked, in bytes: 1 GB by default. */
  readonly unpackedBytes: number;
  /** A body whose signature is to be checked, which is held whole, in bytes: 10 MB by default. */
  readonly signedBytes: number;
}

/** By media type. `applicaton/json` stands so in the form with which Tray's log streaming is asked for. */
const FORMATS: Readonly<Record<string, Format>> = {
  "application/json": "auto",
  "applicaton/json": "auto",
  "application/ndjson": "ndjson",
  "application/x-ndjson": "ndjson",
  "application/jsonl": "ndjson",
  "application/json-lines": "ndjson",
  "application/cloudevents+json": "auto",
  "application/cloudevents-batch+json": "array",
};

/** @throws {Refusal} `W925` for a media type that is none of JSON */
export function formatOf(headers: Headers): Format {
  const type = (headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const format = Object.hasOwn(FORMATS, type) ? FORMATS[type] : undefined;
  if (format === undefined) throw new Refusal("W925");
  return format;
}

/** @throws {Refusal} `W924` where the head says already that it is too large */
export function checkLength(headers: Headers, most: number): void {
  const told = headers.get("content-length");
  if (told !== null && Number(told) > most) throw new Refusal("W924");
}

/** The body whole; undefined where it is larger than `most`. */
export async function whole(
  body: ReadableStream<Uint8Array> | null,
  most: number,
): Promise<Bytes | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done || value === undefined) return concat(pieces);
    length += value.length;
    pieces.push(value);
    if (length > most) {
      await reader?.cancel();
      return undefined;
    }
  }
}

/**
 * The bytes that a body stands for, in pieces.
 *
 * @throws {Refusal} `W924` over a limit, `W925` for an encoding that is none of gzip and deflate, `W926` where it is broken
 *   or cut
 */
export async function* unpacked(
  body: ReadableStream<Uint8Array>,
  headers: Headers,
  { bodyBytes, unpackedBytes }: BodyLimits,
): AsyncGenerator<Uint8Array, void> {
  const encoding = (headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  const packed = { gzip: "gzip", "x-gzip": "gzip", deflate: "deflate", identity: "" }[encoding];
  if (packed === undefined) throw new Refusal("W925");
  // Which error comes out of a pipe is the engine's affair: the first that happened is kept here.
  let refused: Refusal | undefined;
  const limited = (most: number) => {
    let length = 0;
    return (chunk: Uint8Array) => {
      length += chunk.length;
      if (length <= most) return;
      refused ??= new Refusal("W924");
      throw refused;
    };
  };
  const [count, countUnpacked] = [limited(bodyBytes), limited(unpackedBytes)];
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      count(chunk);
      controller.enqueue(chunk);
    },
  });
  let stream = body.pipeThrough(counted);
  if (packed !== "") {
    const unpack = new DecompressionStream(packed as CompressionFormat);
    stream = stream.pipeThrough(unpack as unknown as TransformStream<Uint8Array, Uint8Array>);
  }
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      countUnpacked(value);
      yield value;
    }
  } catch {
    throw refused ?? new Refusal("W926");
  } finally {
    await reader.cancel().catch(() => {});
  }
}
