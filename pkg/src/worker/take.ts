// Taking a request: redacted and staged piece by piece, and only then, whole, put into the queues and the books.
import type { Bytes, Format, Report } from "../types.js";
import { concat } from "./crypto.js";
import { Part } from "./part.js";
import type { Setup } from "./setup.js";

/** A request that may be taken. */
export interface Claim {
  readonly source: string;
  /** Its name, the same for each try; made up where the sender gives none. */
  readonly request: string;
  readonly format: Format;
  /** When it was tried first: milliseconds since 1970. What templates write, so that each try gives the same bytes. */
  readonly at: number;
  /** Events of the forwarder's own, which no source has sent. */
  readonly isOwn?: boolean;
  /** Of a replay: the routes that get something. What it withholds is kept where it was, and stays as it is. */
  readonly routes?: ReadonlySet<string>;
}

/** What became of it. */
export interface Taken {
  readonly report: Report;
  /** By route, the ids of the batches. */
  readonly batches: Readonly<Record<string, readonly string[]>>;
  /** Shows it to those who listen; to be done when the sender has its answer. */
  show(): Promise<void>;
}

/** What is read is worked on in pieces of so many bytes, since each piece makes batches of its own. */
const PIECE = 1_000_000;

/**
 * Takes all records of a request, or none: when this ends, those that the policy lets out are in the queues of their
 * destinations or in the store. Memory stays flat, whatever the length. Whatever fails before the first message is sent
 * leaves nothing behind but objects that nobody knows of, which are deleted as far as possible.
 */
export async function take(setup: Setup, claim: Claim, chunks: AsyncIterable<Uint8Array>): Promise<Taken> {
  const part = new Part(setup, claim);
  try {
    for await (const chunk of gathered(chunks)) await part.push(chunk);
    await part.close();
  } catch (error) {
    await part.abandon();
    throw error;
  }
  await part.send();
  return part.enter(part.report.records);
}

/** The bytes of a body in pieces of one length, however they come: a request that comes again is cut the same. */
export async function* gathered(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Bytes, void> {
  let [some, bytes]: [Uint8Array[], number] = [[], 0];
  for await (const chunk of chunks) {
    some.push(chunk);
    bytes += chunk.length;
    if (bytes < PIECE) continue;
    const all = concat(some);
    const whole = bytes - (bytes % PIECE);
    for (let at = 0; at < whole; at += PIECE) yield all.subarray(at, at + PIECE);
    [some, bytes] = [[all.subarray(whole)], bytes - whole];
  }
  if (bytes > 0) yield concat(some);
}
