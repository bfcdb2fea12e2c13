// Bodies that are held whole until their signatures are checked: of whoever sends them, so only so much of them at once.
import type { Bytes } from "../types.js";
import { concat } from "./crypto.js";
import { Refusal } from "./problem.js";

/** So many bodies of the largest size an isolate holds at once: it has 128 MB for everything. */
const AT_ONCE = 3;

/** A body that has been on its way for so many milliseconds gives way to others: a sender's takes a second. */
const PATIENCE = 10_000;

/** Seconds after which who was refused may try again. */
const AGAIN = 5;

/** A body that is held. */
export interface Held {
  /** Undefined where it is larger than any may be. */
  readonly bytes: Bytes | undefined;
  /** It is needed no longer. */
  release(): void;
}

/** What has come of a body. */
interface Reading {
  readonly since: number;
  readonly pieces: Uint8Array[];
  bytes: number;
  /** It has given way to another, and finds out when more of it comes: nobody may touch another request's stream. */
  isGone: boolean;
}

/** What of bodies is in memory. */
export class Holder {
  readonly #each: number;
  #bytes = 0;
  /** The oldest first. */
  readonly #reading = new Set<Reading>();

  /** @param each how large a body may be */
  constructor(each: number) {
    this.#each = each;
  }

  /** @throws {Refusal} `W930` where too much is held already, `W926` where the body is cut */
  async hold({ body, headers }: Request, now: () => number): Promise<Held> {
    const reading: Reading = { since: now(), pieces: [], bytes: 0, isGone: false };
    const release = () => this.#drop(reading);
    if (Number(headers.get("content-length") ?? 0) > this.#each) return { bytes: undefined, release };
    const reader = body?.getReader();
    this.#reading.add(reading);
    try {
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true };
        if (reading.isGone) throw new Refusal("W930", AGAIN);
        if (done || value === undefined) break;
        reading.pieces.push(value);
        reading.bytes += value.length;
        this.#bytes += value.length;
        if (reading.bytes > this.#each) {
          release();
          await reader?.cancel();
          return { bytes: undefined, release };
        }
        this.#makeRoom(reading, now());
      }
      return { bytes: concat(reading.pieces.splice(0)), release };
    } catch (error) {
      release();
      await reader?.cancel().catch(() => {});
      throw error instanceof Refusal ? error : new Refusal("W926");
    } finally {
      this.#reading.delete(reading);
    }
  }

  /** Whoever is slow gives way; where nobody is, who comes last. */
  #makeRoom(last: Reading, now: number): void {
    for (const oldest of this.#reading) {
      if (this.#bytes <= AT_ONCE * this.#each) return;
      if (oldest === last || now - oldest.since <= PATIENCE) throw new Refusal("W930", AGAIN);
      oldest.isGone = true;
      this.#reading.delete(oldest);
      this.#drop(oldest);
    }
    if (this.#bytes > AT_ONCE * this.#each) throw new Refusal("W930", AGAIN);
  }

  #drop(reading: Reading): void {
    this.#bytes -= reading.bytes;
    reading.bytes = 0;
    reading.pieces.length = 0;
  }
}
