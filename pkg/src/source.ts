// What can be read in chunks: files, responses, streams, iterables.
import { UsageError } from "./errors.js";
import { toPiece } from "./input.js";
import type { Input } from "./types.js";

/**
 * What can be read in chunks, cut anywhere: bytes or text at once, a `Blob` or `File`, the body of a `Response` or
 * `Request`, a `ReadableStream`, or any iterable of bytes or text (a Node stream, a generator, an array).
 */
export type Source =
  | Input
  | Blob
  | Response
  | Request
  | ReadableStream<Input>
  | AsyncIterable<Input>
  | Iterable<Input>;

/** The chunks of a source, and how many bytes they come to, where that is known before. */
export interface Chunks {
  readonly total: number | undefined;
  readonly chunks: AsyncIterable<Input> | Iterable<Input>;
}

/** Gives a source up of which nothing has been read. */
export function giveUp({ chunks }: Chunks): void {
  // A Node stream is asked itself: its iterator does nothing before it has begun.
  if ("destroy" in chunks && typeof chunks.destroy === "function") return void chunks.destroy();
  try {
    Promise.resolve(iteratorOf(chunks).return?.()).catch(() => {});
  } catch {
    // Somebody else reads it by now.
  }
}

/** What gives the chunks one after the other. */
export const iteratorOf = (chunks: Chunks["chunks"]): AsyncIterator<Input> | Iterator<Input> =>
  Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();

/**
 * Finds out how a source is read. By what it has, and not by its class: it may come from another realm.
 *
 * @throws {UsageError} `W904` where it is none of them, or a body or stream that somebody reads or has read already
 */
export function chunksOf(source: Source): Chunks {
  if (typeof source === "string") return { total: undefined, chunks: [source] };
  if (typeof source === "object" && source !== null) {
    if (ArrayBuffer.isView(source) || Object.prototype.toString.call(source) === "[object ArrayBuffer]") {
      const bytes = toPiece(source as Uint8Array | ArrayBuffer);
      return { total: bytes.length, chunks: [bytes] };
    }
    if (isBody(source)) {
      if (source.bodyUsed || source.body?.locked) throw taken("a body");
      return { total: lengthOf(source), chunks: source.body ? pulled(source.body) : [] };
    }
    if (isBlob(source)) return { total: source.size, chunks: pulled(source.stream()) };
    if ("getReader" in source) {
      if (source.locked) throw taken("a stream");
      return { total: undefined, chunks: pulled(source) };
    }
    if (Symbol.asyncIterator in source || Symbol.iterator in source)
      return { total: undefined, chunks: source };
  }
  throw new UsageError(
    "W904",
    "source: expected bytes, text, a Blob, a Response, a Request, a ReadableStream or an iterable of bytes or text",
  );
}

const taken = (what: string) =>
  new UsageError("W904", `source: expected ${what} that nobody has read yet, or is reading`);

const isBody = (source: object): source is Response | Request => "body" in source && "bodyUsed" in source;

const isBlob = (source: object): source is Blob =>
  "stream" in source && typeof source.stream === "function" && "size" in source;

/** As the head tells it, unless the body was packed: then what is read is longer. */
function lengthOf({ headers }: Response | Request): number | undefined {
  const told = headers.get("content-length");
  return told !== null && !headers.has("content-encoding") && /^\d+$/.test(told) ? Number(told) : undefined;
}

/**
 * The chunks of a stream, which is cancelled when nobody wants more, also while it is silent. By hand: not every engine's
 * streams can be iterated over.
 */
function pulled(stream: ReadableStream<Input>): AsyncIterable<Input> {
  return {
    [Symbol.asyncIterator]() {
      const reader = stream.getReader();
      return {
        next: () => reader.read() as Promise<IteratorResult<Input>>,
        async return() {
          await reader.cancel().catch(() => {});
          return { done: true, value: undefined };
        },
      };
    },
  };
}
