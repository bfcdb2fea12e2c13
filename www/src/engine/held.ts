// What lies open: the store with its records, and what was found in it.
import { Catalog, LogStore, type RowSet, type Sort } from "logweir/store";
import type { Job } from "./job.js";
import type { Ask, Found } from "./protocol.js";
import { Slices } from "./slices.js";

export class Held {
  readonly store: LogStore;
  /** The files, of a log that is too large to be kept: the store has its index alone. */
  readonly slices: Slices | undefined;
  readonly catalog = new Catalog();
  #found: RowSet | undefined;
  sort: Sort = { by: "@time" };
  /** What could not be read to its end. */
  readonly damaged = new Set<string>();
  /** The core has no room for more. */
  full = false;

  constructor(large = false) {
    this.store = new LogStore(large ? { bytes: "asked" } : { index: "later" });
    this.slices = large ? new Slices() : undefined;
  }

  /** A record as it was; good until the next one is asked for. */
  record(row: number): Uint8Array {
    if (!this.slices) return this.store.record(row);
    const { source, offset, length } = this.store.row(row);
    return this.slices.read(source, offset, offset + length);
  }

  /** The rows that the last search found; all, before the first. */
  get found(): RowSet {
    this.#found ??= this.store.all();
    return this.#found;
  }

  /** Their numbers, in the order asked for. */
  get numbers(): Uint32Array {
    return this.store.numbers(this.found, { sort: this.sort });
  }

  /** Searches in slices. */
  async search(
    { query, range, broken, sort }: Ask,
    job: Pick<Job<Found>, "due" | "pause" | "tell">,
  ): Promise<Found> {
    const within = range && this.store.during(range.from, range.to);
    const text = broken ? "" : query.trim();
    try {
      const next = broken
        ? this.store.broken()
        : text === ""
          ? (within ?? this.store.all())
          : await this.matching(text, within, job);
      this.#found?.free();
      this.#found = next;
      this.sort = { by: sort.field as Sort["by"], descending: sort.descending };
      const { rows } = this.store.progress;
      return { count: next.count, looked: rows, of: rows };
    } finally {
      if (broken || text !== "") within?.free();
    }
  }

  /** The rows that a query matches. */
  async matching(
    text: string,
    within: RowSet | undefined,
    job: Pick<Job<Found>, "due" | "pause" | "tell">,
  ): Promise<RowSet> {
    const search = this.store.search(text, { within });
    try {
      for (;;) {
        const { done, found, scanned, total, wants } = search.step(5000);
        if (wants && this.slices) search.give(this.slices.read(wants.source, wants.start, wants.end));
        if (done) return search.found();
        if (!job.due) continue;
        job.tell({ count: found, looked: scanned, of: total });
        await job.pause();
      }
    } finally {
      search.free();
    }
  }

  free(): void {
    this.store.free();
    this.catalog.free();
  }
}
