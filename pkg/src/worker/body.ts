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

/** By content encoding (RFC 9110, section 8.4.1): how it is unpacked, if at all. */
const ENCODINGS: Readonly<Record<string, CompressionFormat | "">> = {
  gzip: "gzip",
  "x-gzip": "gzip",
  deflate: "deflate",
  identity: "",
};

/** Of a packed body, so much is unpacked at a time, in bytes: DEFLATE makes at most a thousand times as many of it. */
const SLICE = 8_192;

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
  const packed = Object.hasOwn(ENCODINGS, encoding) ? ENCODINGS[encoding] : undefined;
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
  const pieces = counted(body, count);
  try {
    for await (const piece of packed === "" ? pieces : unpack(pieces, packed)) {
      countUnpacked(piece);
      yield piece;
    }
  } catch {
    throw refused ?? new Refusal("W926");
  }
}

async function* counted(
  body: ReadableStream<Uint8Array>,
  count: (piece: Uint8Array) => void,
): AsyncGenerator<Uint8Array, void> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      count(value);
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/**
 * Unpacks slice by slice, and gives all that a slice made before the next goes in: the platform's own pipe has no
 * backpressure, and would unpack a bomb whole into memory.
 */
async function* unpack(
  pieces: AsyncIterable<Uint8Array>,
  format: CompressionFormat,
): AsyncGenerator<Uint8Array, void> {
  const stream = new DecompressionStream(format);
  const [writer, reader] = [stream.writable.getWriter(), stream.readable.getReader()];
  const next = () => {
    const read = reader.read();
    read.catch(() => {}); // told by whoever waits for it
    return read;
  };
  let reading = next();
  try {
    for await (const piece of pieces) {
      for (let at = 0; at < piece.length; at += SLICE) {
        await writer.write(piece.slice(at, at + SLICE));
        for (
          let read = await Promise.race([reading, idle()]);
          read;
          read = await Promise.race([reading, idle()])
        ) {
          if (read.done) return;
          yield read.value;
          reading = next();
        }
      }
    }
    const closing = writer.close();
    closing.catch(() => {});
    for (let read = await reading; !read.done; read = await next()) yield read.value;
    await closing;
  } finally {
    await writer.abort().catch(() => {});
    await reader.cancel().catch(() => {});
  }
}

/** What is there to be read has been read by then. */
const idle = () => new Promise<undefined>((resolve) => setTimeout(resolve, 0));
