// What stands in the bucket, read again as records.
import { lineOf, readLetters } from "../letters.js";
import type { Query } from "../query.js";
import { type Jwk, open } from "../sealed.js";
import type { Bytes, Format } from "../types.js";
import { bytesOf, concat } from "./crypto.js";
import type { BucketBinding, StoredObject } from "./platform.js";

/** What to read, with what. */
export interface Reading {
  readonly store: BucketBinding;
  readonly keys: readonly Jwk[];
  readonly query: Query | undefined;
  readonly code: string | undefined;
}

/** The records of one thing that was kept. */
export interface Records {
  readonly format: Format;
  readonly chunks: AsyncIterable<Bytes>;
}

/** None of the private keys opens it, or it was changed. */
export class Unreadable extends Error {}

const NEWLINE = bytesOf("\n");

/** As many bytes of records are given at once. */
const PIECE = 1_000_000;

/**
 * Sealed letters of the quarantine, those of the code and the query; `spoilt` is told how many are no JSON over several
 * lines, which no policy can read.
 */
export async function lettersOf(
  reading: Reading,
  key: string,
  spoilt: (count: number) => void,
): Promise<Records> {
  const letters = readLetters(new TextDecoder().decode(await opened(reading, key)));
  const { code, query } = reading;
  async function* chunks(): AsyncGenerator<Bytes, void> {
    for (const { code: own, original } of letters) {
      if (original === undefined || (code !== undefined && own !== code)) continue;
      if (query?.matches(original) === false) continue;
      const line = lineOf(original);
      if (line === undefined) spoilt(1);
      else yield concat([line, NEWLINE]);
    }
  }
  return { format: "ndjson", chunks: gathered(chunks()) };
}

/** All that came with a request, in its parts, as it came; or those records of it that the query selects. */
export function originalsOf(reading: Reading, parts: readonly string[], format: Format): Records {
  async function* chunks(): AsyncGenerator<Bytes, void> {
    for (const part of parts) yield await opened(reading, part);
  }
  return selected(reading, { format, chunks: chunks() });
}

/** What a route without a destination was given. */
export function archivedOf(reading: Reading, key: string): Records {
  async function* chunks(): AsyncGenerator<Bytes, void> {
    yield new Uint8Array(await (await read(reading.store, key)).arrayBuffer());
  }
  return selected(reading, { format: "ndjson", chunks: chunks() });
}

function selected({ query }: Reading, records: Records): Records {
  if (query === undefined) return records;
  async function* chunks(): AsyncGenerator<Bytes, void> {
    const run = (query as Query).run({ format: records.format });
    try {
      for await (const chunk of records.chunks) yield* lines(run.push(chunk));
      yield* lines(run.finish());
    } finally {
      run.free();
    }
  }
  const lines = (matches: readonly { readonly bytes: Bytes }[]) =>
    matches.map(({ bytes }) => concat([lineOf(bytes) ?? bytes, NEWLINE]));
  return { format: "ndjson", chunks: gathered(chunks()) };
}

async function opened({ store, keys }: Reading, key: string): Promise<Bytes> {
  const sealed = new TextDecoder().decode(await (await read(store, key)).arrayBuffer());
  const plain = await open(keys, sealed);
  if (plain === undefined) throw new Unreadable();
  return plain;
}

/** @throws where it is gone: it was listed a moment ago */
async function read(store: BucketBinding, key: string): Promise<StoredObject> {
  const object = await store.get(key);
  if (object === null) throw new Unreadable();
  return object;
}

async function* gathered(pieces: AsyncIterable<Bytes>): AsyncGenerator<Bytes, void> {
  let [some, bytes]: [Bytes[], number] = [[], 0];
  for await (const piece of pieces) {
    some.push(piece);
    bytes += piece.length;
    if (bytes < PIECE) continue;
    yield concat(some);
    [some, bytes] = [[], 0];
  }
  if (bytes > 0) yield concat(some);
}
