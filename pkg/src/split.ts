// A batch that a receiver finds too large, in halves.
import { UsageError } from "./errors.js";
import type { Batch, Bytes } from "./types.js";

/** What stands before and behind the records of a body; a line each has nothing there. */
type Frame = readonly [open: string, close: string];

const LINES: Frame = ["", ""];
const ARRAY: Frame = ["[", "]\n"];

/** As the encoders of `src/encode` have them. No record stands before what a body opens with, so the first is meant. */
const FRAMES: Readonly<Record<string, Frame>> = Object.assign(Object.create(null), {
  datadog: ARRAY,
  newrelic: ['"logs":[', "]}]\n"],
  otlp: ['"logRecords":[', "]}]}]}\n"],
  sentry: ['"items":[', "]}\n"],
  splunk: LINES,
  sumo: LINES,
  elastic: LINES,
});

/**
 * The halves of a batch that its receiver found too large (`split`, HTTP 413): each a request of the same kind, no
 * record split, no byte of one changed. Undefined where it has one record alone, which is too large by itself.
 *
 * @throws {UsageError} `W904` where the batch is none that came from `weir`, or an object of S3, which is never too large
 */
export function split(batch: Batch): readonly [Batch, Batch] | undefined {
  if (batch.records < 2) return undefined;
  const half = batch.records >> 1;
  const places = placesOf(batch);
  return [chosen(batch, places, (index) => index < half), chosen(batch, places, (index) => index >= half)];
}

/**
 * The batch of those records alone that are chosen by their numbers, after an answer that was `partial`. Undefined where
 * none is.
 *
 * @throws {UsageError} as `split` does
 */
export function pick(batch: Batch, isChosen: (index: number) => boolean): Batch | undefined {
  const picked = chosen(batch, placesOf(batch), isChosen);
  return picked.records > 0 ? picked : undefined;
}

/** The bytes of each record of a batch, as its receiver gets them. Throws as `split` does. */
export function recordsOf(batch: Batch): Bytes[] {
  const { start, ends, separated } = placesOf(batch);
  return ends.map((end, index) => {
    const isLast = index === ends.length - 1;
    const to = separated && !isLast ? batch.body.lastIndexOf(COMMA, end - 1) : end;
    return batch.body.subarray(ends[index - 1] ?? start, to);
  });
}

/** Where the records of a body stand, each with what separates it from the next: from `start`, up to each of `ends`. */
interface Places {
  readonly start: number;
  readonly ends: readonly number[];
  /** Where what closes the body begins. */
  readonly end: number;
  readonly separated: boolean;
}

function placesOf({ body, records, request, contentType, to }: Batch): Places {
  const plain = contentType === "application/x-ndjson" ? LINES : ARRAY;
  const [open, close] = (to && FRAMES[to]) ?? plain;
  const start = open === "" ? 0 : indexOf(body, open) + open.length;
  const end = body.length - close.length;
  const bounds = boundaries(body, start, end);
  // Elasticsearch has two lines a record.
  const perRecord = bounds.length / records;
  if (request?.sign !== undefined || start < open.length || !Number.isInteger(perRecord)) {
    throw new UsageError("W904", "batch: expected a batch of records as weir gives it, and no object of S3");
  }
  const ends = bounds.filter((_, index) => (index + 1) % perRecord === 0);
  return { start, ends, end, separated: open !== "" };
}

function chosen(batch: Batch, places: Places, isChosen: (index: number) => boolean): Batch {
  const { body } = batch;
  const { start, ends, end, separated } = places;
  const numbers = ends.map((_, index) => index).filter(isChosen);
  const last = numbers.at(-1);
  const records = numbers.map((index) => {
    const to = ends[index] as number;
    // An array has no comma behind its last record.
    const cut = separated && index === last && index < ends.length - 1;
    return body.subarray(ends[index - 1] ?? start, cut ? body.lastIndexOf(COMMA, to - 1) : to);
  });
  const head = counted(body.subarray(0, start), numbers.length);
  return { ...batch, records: numbers.length, body: join(head, ...records, body.subarray(end)) };
}

const [QUOTE, BACKSLASH, COMMA, LINE_FEED] = [0x22, 0x5c, 0x2c, 0x0a];

/** Where each value ends, with the comma and line feed behind it. */
function boundaries(body: Bytes, start: number, end: number): number[] {
  const bounds: number[] = [];
  let depth = 0;
  let from = start;
  for (let at = start; at < end; at++) {
    const byte = body[at] as number;
    if (byte === QUOTE) {
      for (at++; at < end && body[at] !== QUOTE; at++) if (body[at] === BACKSLASH) at++;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth++;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth--;
    } else if (depth === 0 && (byte === COMMA || byte === LINE_FEED)) {
      if (byte === COMMA && body[at + 1] === LINE_FEED) at++;
      from = at + 1;
      bounds.push(from);
    }
  }
  if (from < end) bounds.push(end);
  return bounds;
}

/** Sentry has the number of records before them, in a field of three characters. */
function counted(head: Bytes, count: number): Bytes {
  const name = '"item_count":';
  const at = indexOf(head, name);
  if (at === -1) return head;
  const made = head.slice();
  made.set(new TextEncoder().encode(String(count).padStart(3)), at + name.length);
  return made;
}

/** Where an ASCII text begins in bytes, or -1. */
function indexOf(bytes: Bytes, text: string): number {
  const first = text.charCodeAt(0);
  for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1)) {
    let length = 1;
    while (length < text.length && bytes[at + length] === text.charCodeAt(length)) length++;
    if (length === text.length) return at;
  }
  return -1;
}

function join(...parts: readonly Bytes[]): Bytes {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
