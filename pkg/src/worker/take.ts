// Taking a request: redacted and staged piece by piece, and only then, whole, put into the queues and the books.
import type { Batch, Bytes, Format, Quarantined, Report } from "../types.js";
import { concat } from "./crypto.js";
import type { Entry } from "./entries.js";
import { bundle, day, idOf, type Parcel, pack, post } from "./parcel.js";
import type { Setup } from "./setup.js";

/** A request that may be taken. */
export interface Claim {
  readonly source: string;
  /** Its name, the same for each try; made up where the sender gives none. */
  readonly request: string;
  readonly format: Format;
}

/** What is read is worked on in pieces of at least so many bytes, since each piece makes batches of its own. */
const PIECE = 1_000_000;

/** Small bodies wait in memory until the request is read whole; whenever they come to so many bytes, they are stored. */
const HELD = 2_000_000;

/** How large the objects of a route without a destination become, in bytes. */
const OBJECT = 5_000_000;

/** Quarantined records that one object tells of. */
const TOLD = 10_000;

/**
 * Takes all records of a request, or none: when this ends, those that the policy lets out are in the queues of their
 * destinations or in the store. Memory stays flat, whatever the length. Whatever fails before the first message is sent
 * leaves nothing behind but objects that nobody knows of, which are deleted as far as possible.
 */
export async function take(setup: Setup, claim: Claim, chunks: AsyncIterable<Uint8Array>): Promise<Report> {
  const at = setup.now();
  const staging = new Staging(setup, claim, at);
  let report: Report;
  try {
    const batches = setup.weir.batches(gathered(chunks), {
      format: claim.format,
      now: at,
      onQuarantine: (entry) => staging.withhold(entry),
    });
    for await (const batch of batches) await staging.add(batch);
    report = batches.report;
    await staging.close();
  } catch (error) {
    await staging.abandon();
    throw error;
  }
  await staging.send();
  await setup.ledgers.ask(undefined, "close", { request: claim.request, report, now: at });
  return report;
}

/** What a request comes to, until it is read whole. */
class Staging {
  readonly #setup: Setup;
  readonly #claim: Claim;
  readonly #at: number;
  readonly #parcels = new Map<string, Parcel[]>();
  readonly #archived = new Map<string, Entry[]>();
  /** Bodies of routes without a destination, until they make an object. */
  readonly #bodies = new Map<string, Batch[]>();
  #withheld: Quarantined[] = [];
  readonly #stored: string[] = [];
  /** In the keys of what is stored: of two tries at once, one may delete only what is its own. */
  readonly #try = crypto.randomUUID().slice(0, 8);
  /** Small bodies, in memory. */
  #held: Parcel[] = [];
  #heldBytes = 0;
  #number = 0;

  constructor(setup: Setup, claim: Claim, at: number) {
    this.#setup = setup;
    this.#claim = claim;
    this.#at = at;
  }

  async add(batch: Batch): Promise<void> {
    if (batch.request === undefined) return this.#archive(batch);
    const parcel = await pack(batch, this.#name(batch.route), this.#at, this.#setup.store, this.#try);
    if (typeof parcel.body === "string") {
      this.#stored.push(parcel.body);
      add(this.#parcels, batch.route, parcel);
      return;
    }
    this.#held.push(parcel);
    this.#heldBytes += parcel.bytes;
    if (this.#heldBytes > HELD) await this.#bundle();
  }

  async withhold(entry: Quarantined): Promise<void> {
    this.#withheld.push(entry);
    if (this.#withheld.length >= TOLD) await this.#tellWithheld();
  }

  /** Everything is read: what has not been stored yet is. */
  async close(): Promise<void> {
    for (const route of this.#bodies.keys()) await this.#store(route);
    await this.#tellWithheld();
    for (const parcel of this.#held) add(this.#parcels, parcel.route, parcel);
  }

  /** Nothing is taken. */
  async abandon(): Promise<void> {
    for (let at = 0; at < this.#stored.length; at += 1000) {
      // What stays is known to nobody; the bucket's lifecycle rule ends it.
      await this.#setup.store.delete(this.#stored.slice(at, at + 1000)).catch(() => {});
    }
  }

  /** Puts everything into the queues, then into the books of the destinations. */
  async send(): Promise<void> {
    const { queues, ledgers } = this.#setup;
    const now = this.#at;
    await all([...this.#parcels], async ([route, parcels]) => {
      await post(queues.get(route) as never, parcels);
      const entries = parcels.map(({ id, records }) => ({ id, records }));
      await ledgers.ask(route, "enter", { entries, now });
    });
    await all([...this.#archived], ([route, entries]) =>
      ledgers.ask(route, "enter", { entries, settled: true, now }),
    );
  }

  /** One object for many bodies: of a long request, there would be more objects than a Worker may write. */
  async #bundle(): Promise<void> {
    const name = `${this.#try}-${this.#name("")}`;
    this.#stored.push(`bodies/${day(this.#at)}/${name}`);
    for (const parcel of await bundle(this.#held, name, this.#setup.store)) {
      add(this.#parcels, parcel.route, parcel);
    }
    [this.#held, this.#heldBytes] = [[], 0];
  }

  async #archive(batch: Batch): Promise<void> {
    add(this.#bodies, batch.route, batch);
    const waiting = this.#bodies.get(batch.route) ?? [];
    if (waiting.reduce((sum, { body }) => sum + body.length, 0) >= OBJECT) await this.#store(batch.route);
  }

  async #store(route: string): Promise<void> {
    const waiting = this.#bodies.get(route) ?? [];
    this.#bodies.set(route, []);
    const records = waiting.reduce((sum, batch) => sum + batch.records, 0);
    if (records === 0) return;
    const body = concat(waiting.map((batch) => batch.body));
    const id = await idOf(this.#name(route), body);
    await this.#put(`archive/${route}/${day(this.#at)}/${id}-${this.#try}.ndjson`, body);
    add(this.#archived, route, { id, records });
  }

  /** Code and place of what was withheld, never its content. */
  async #tellWithheld(): Promise<void> {
    if (this.#withheld.length === 0) return;
    const lines = this.#withheld.map((entry) => `${JSON.stringify(entry)}\n`);
    this.#withheld = [];
    const key = `quarantine/${this.#claim.source}/${day(this.#at)}/${this.#name("")}-${this.#try}.ndjson`;
    await this.#put(key, lines.join(""));
  }

  async #put(key: string, body: Bytes | string): Promise<void> {
    await this.#setup.store.put(key, body);
    this.#stored.push(key);
  }

  /** The same at each try of the same request, where it is cut the same. */
  #name(route: string): string {
    return [this.#claim.request, route, this.#number++].filter((part) => part !== "").join("-");
  }
}

/** The chunks of a body, several at a time. */
async function* gathered(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let [some, bytes]: [Uint8Array[], number] = [[], 0];
  for await (const chunk of chunks) {
    some.push(chunk);
    bytes += chunk.length;
    if (bytes < PIECE) continue;
    yield concat(some);
    [some, bytes] = [[], 0];
  }
  if (bytes > 0) yield concat(some);
}

/** Each of some things at once; the first failure is told when all have ended. */
async function all<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const ended = await Promise.allSettled(items.map(work));
  const failed = ended.find((end) => end.status === "rejected");
  if (failed) throw failed.reason;
}

function add<T>(lists: Map<string, T[]>, name: string, item: T): void {
  const known = lists.get(name);
  if (known) known.push(item);
  else lists.set(name, [item]);
}
