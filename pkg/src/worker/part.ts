// The part that one policy has in a request: its run, and what the run's output comes to until the request is read whole.
import { deadLetter } from "../letters.js";
import type { Run } from "../run.js";
import { seal } from "../sealed.js";
import type { Batch, Bytes, Output, Quarantined, Report } from "../types.js";
import { bytesOf, concat } from "./crypto.js";
import type { Entry } from "./entries.js";
import { bundle, day, idOf, type Parcel, pack, post } from "./parcel.js";
import type { Setup } from "./setup.js";
import { keyOf } from "./shelf.js";
import { Sample, show } from "./tail.js";
import type { Claim, Taken } from "./take.js";

/** Small bodies wait in memory until the request is read whole; whenever they come to so many bytes, they are stored. */
const HELD = 2_000_000;

/** How large the objects of a route without a destination become, in bytes. */
const OBJECT = 5_000_000;

/** Quarantined records that one object tells of, and how many bytes of them it holds. */
const TOLD = { records: 10_000, bytes: 4_000_000 };

/** How much of what came is sealed at a time, in bytes. */
const SEALED = 4_000_000;

/** What a request comes to under one policy. */
export class Part {
  readonly #setup: Setup;
  readonly #claim: Claim;
  readonly #run: Run;
  readonly #taken: number;
  readonly #sample = new Sample();
  readonly #parcels = new Map<string, Parcel[]>();
  readonly #archived = new Map<string, Entry[]>();
  /** Bodies of routes without a destination, until they make an object. */
  readonly #bodies = new Map<string, Batch[]>();
  #withheld: Quarantined[] = [];
  #withheldBytes = 0;
  /** What came and was not sealed yet, and how many parts of it were. */
  #copied: Bytes[] = [];
  #copiedBytes = 0;
  #copies = 0;
  readonly #stored: string[] = [];
  /** In the keys of what is stored: of two tries at once, one may delete only what is its own. */
  readonly #try = crypto.randomUUID().slice(0, 8);
  /** Small bodies, in memory. */
  #held: Parcel[] = [];
  #heldBytes = 0;
  #number = 0;
  #report: Report | undefined;

  constructor(setup: Setup, claim: Claim) {
    this.#setup = setup;
    this.#claim = claim;
    this.#taken = setup.now();
    this.#run = setup.weir.run({ format: claim.format, now: claim.at });
  }

  /** The account, once everything is read. */
  get report(): Report {
    return this.#report ?? this.#run.report;
  }

  async push(chunk: Bytes): Promise<void> {
    this.#sample.add(chunk);
    await this.copy(chunk);
    await this.#stage(this.#run.push(chunk));
  }

  /** Where all that comes is to be kept, a sealed copy is stored beside. */
  async copy(piece: Bytes): Promise<void> {
    const { options, recipient } = this.#setup;
    if (!options.originals || recipient === undefined || this.#claim.routes || this.#claim.isOwn) return;
    if (this.#copiedBytes + piece.length > SEALED && this.#copiedBytes > 0) await this.#seal("");
    this.#copied.push(piece);
    this.#copiedBytes += piece.length;
  }

  /** Something was withheld. */
  async withhold(entry: Quarantined): Promise<void> {
    if (this.#claim.routes) return;
    this.#withheld.push(entry);
    this.#withheldBytes += entry.original?.length ?? 0;
    const { length } = this.#withheld;
    if (length >= TOLD.records || this.#withheldBytes >= TOLD.bytes) await this.#tellWithheld();
  }

  /** Everything is read: what has not been stored yet is. */
  async close(): Promise<void> {
    await this.#stage(this.#run.finish());
    this.#report = this.#run.report;
    for (const route of this.#bodies.keys()) await this.#store(route);
    await this.#tellWithheld();
    // Without the last part, what is there is of a request that broke off.
    if (this.#copies + this.#copiedBytes > 0) await this.#seal(".end");
    for (const parcel of this.#held) add(this.#parcels, parcel.route, parcel);
  }

  /** Nothing is taken. */
  async abandon(): Promise<void> {
    this.#run.free();
    for (let at = 0; at < this.#stored.length; at += 1000) {
      // What stays is known to nobody; the bucket's lifecycle rule ends it.
      await this.#setup.store.delete(this.#stored.slice(at, at + 1000)).catch(() => {});
    }
  }

  /** Puts everything into the queues, then into the books of the destinations. */
  async send(): Promise<void> {
    const { queues, ledgers } = this.#setup;
    const now = this.#claim.at;
    await all([...this.#parcels], async ([route, parcels]) => {
      await post(queues.get(route) as never, parcels);
      const entries = parcels.map(({ id, records }) => ({ id, records }));
      await ledgers.ask(route, "enter", { entries, now });
    });
    await all([...this.#archived], ([route, entries]) =>
      ledgers.ask(route, "enter", { entries, settled: true, now }),
    );
  }

  /**
   * Puts the request into the books.
   *
   * @param records of the whole request
   * @param report instead of that of this part's run
   */
  async enter(records: number, report = this.report): Promise<Taken> {
    const { source, request, isOwn } = this.#claim;
    const { listeners } = await this.#setup.ledgers.ask(undefined, "close", {
      request,
      source: isOwn ? "" : source,
      records,
      report,
      now: this.#setup.now(),
    });
    const batches = [...this.#parcels, ...this.#archived].map(
      ([route, entries]) => [route, entries.map(({ id }) => id)] as const,
    );
    return {
      report,
      batches: Object.fromEntries(batches),
      show: () => show(this.#setup, this.#claim, this.#sample, this.report, listeners),
    };
  }

  async #stage({ batches, quarantined }: Output): Promise<void> {
    for (const entry of quarantined) await this.withhold(entry);
    for (const batch of batches) await this.#add(batch);
  }

  async #seal(end: string): Promise<void> {
    const { recipient } = this.#setup;
    if (recipient === undefined) return;
    const { source, request, format, at } = this.#claim;
    const part = String(this.#copies++).padStart(4, "0");
    const key = keyOf("originals", source, at, `${request}-${this.#try}.${format}.${part}${end}`);
    await this.#put(key, await seal(recipient, concat(this.#copied)));
    [this.#copied, this.#copiedBytes] = [[], 0];
  }

  async #add(batch: Batch): Promise<void> {
    if (this.#claim.routes?.has(batch.route) === false) return;
    if (batch.request === undefined) return this.#archive(batch);
    const name = this.#name(batch.route);
    const { tenant, author, store } = this.#setup;
    const origin = {
      name,
      at: this.#claim.at,
      taken: this.#taken,
      policy: await this.#setup.policy(),
      tenant,
      author,
      suffix: this.#try,
    };
    const parcel = await pack(batch, origin, store);
    if (typeof parcel.body === "string") {
      this.#stored.push(parcel.body);
      add(this.#parcels, batch.route, parcel);
      return;
    }
    this.#held.push(parcel);
    this.#heldBytes += parcel.bytes;
    if (this.#heldBytes > HELD) await this.#bundle();
  }

  /** One object for many bodies of a route: of a long request, there would be more objects than a Worker may write. */
  async #bundle(): Promise<void> {
    const routes = new Map<string, Parcel[]>();
    for (const parcel of this.#held) add(routes, parcel.route, parcel);
    [this.#held, this.#heldBytes] = [[], 0];
    for (const parcels of routes.values()) {
      const name = `${this.#try}-${this.#name("")}`;
      this.#stored.push(`bodies/${day(this.#claim.at)}/${name}`);
      for (const parcel of await bundle(parcels, name, this.#setup.store)) {
        add(this.#parcels, parcel.route, parcel);
      }
    }
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
    await this.#put(keyOf("archive", route, this.#claim.at, `${id}-${this.#try}.ndjson`), body);
    add(this.#archived, route, { id, records });
  }

  /** Code and place of what was withheld; and its content, where the policy says so, for the holder of a key alone. */
  async #tellWithheld(): Promise<void> {
    if (this.#withheld.length === 0) return;
    const { recipient } = this.#setup;
    const { source, at } = this.#claim;
    const withheld = this.#withheld;
    [this.#withheld, this.#withheldBytes] = [[], 0];
    const key = keyOf("quarantine", source, at, `${this.#name("")}-${this.#try}`);
    const told = withheld.map(({ original, ...place }) => deadLetter(source, place));
    await this.#put(`${key}.ndjson`, told.join(""));
    const kept = withheld.filter(({ original }) => original !== undefined);
    if (recipient === undefined || kept.length === 0) return;
    const letters = kept.map((entry) => deadLetter(source, entry)).join("");
    await this.#put(`${key}.jwe`, await seal(recipient, bytesOf(letters)));
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
