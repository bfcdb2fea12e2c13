/// <reference lib="esnext.disposable" preserve="true" />
import { type BorderLogStore, type BorderSearch, NO_MEMORY, searchSlot as slot } from "./border.js";
import { disposable } from "./dispose.js";
import { UsageError } from "./errors.js";
import { lengthOf, plainView, toPiece } from "./input.js";
import type { Lifeline } from "./instance.js";
import { RowSet } from "./row-set.js";
import type { SearchProgress } from "./store-types.js";
import type { Input } from "./types.js";

/** Rows of a step. */
const STEP = 50_000;

const encoder = new TextEncoder();

/**
 * A search that goes on step by step, so that whoever runs it stays responsive. It looks at the rows that were there when
 * it was begun, in their order, so the first matches are there after the first steps.
 *
 * @example
 * const search = log.search("stepState:failure");
 * while (!search.step().done) await pause();
 * const page = log.rows(search.found(), { count: 50 });
 */
export class Search implements Disposable {
  /** Frees the search where a `using` block ends, in the engines that know it. */
  declare readonly [Symbol.dispose]: () => void;
  readonly #lifeline: Lifeline;
  readonly #store: () => BorderLogStore;
  #search: BorderSearch | undefined;

  /** Made by `LogStore.search()`. `store`: refuses once that is freed. */
  constructor(lifeline: Lifeline, search: BorderSearch, store: () => BorderLogStore) {
    this.#lifeline = lifeline;
    this.#search = search;
    this.#store = store;
  }

  /**
   * Whether the index alone is asked: then a step takes milliseconds, and no record is read but those with values that
   * the index does not hold.
   */
  get indexed(): boolean {
    return this.#ask((search) => search.indexed());
  }

  /** Where it stands. */
  get progress(): SearchProgress {
    return this.#ask((search) => {
      const at = search.progress() / 8;
      const { numbers } = this.#lifeline.instance;
      const number = (slot: number) => numbers[at + slot] as number;
      const source = number(slot.source);
      return {
        scanned: number(slot.scanned),
        total: number(slot.total),
        found: number(slot.found),
        done: number(slot.done) === 1,
        ...(source >= 0 && { wants: { source, start: number(slot.start), end: number(slot.end) } }),
      };
    });
  }

  /**
   * Goes on: over so many rows, or fewer where about 8 MB of records were read. With the default a step takes some
   * milliseconds.
   *
   * @param most rows; 50,000 by default
   */
  step(most = STEP): SearchProgress {
    const store = this.#store();
    this.#ask((search) => search.step(store, Math.max(1, Math.min(most, 0xffff_ffff))));
    return this.progress;
  }

  /**
   * Hands in the bytes of `progress.wants`, of a store that keeps none; the next step needs them.
   *
   * @throws {UsageError} `W904` where they are not as many, or none are wanted
   */
  give(bytes: Input): void {
    const { wants } = this.progress;
    const piece = toPiece(bytes);
    const given = typeof piece === "string" ? encoder.encode(piece) : plainView(piece);
    const length = wants ? wants.end - wants.start : 0;
    if (!wants || lengthOf(given) !== length)
      throw new UsageError("W904", `bytes: expected the ${length} that \`progress.wants\` tells`);
    this.#ask((search) => {
      const at = search.input();
      if (at === 0) throw { fault: true };
      if (at === NO_MEMORY) return true;
      this.#lifeline.instance.bytes.set(given, at);
      search.given();
      return false;
    }) && outOfMemory();
  }

  /** What was found so far, as a set of its own. */
  found(): RowSet {
    return new RowSet(
      this.#lifeline,
      this.#ask((search) => search.found()),
    );
  }

  /** Gives the memory back. Harmless when done twice; sets that were taken stay. */
  free(): void {
    const search = this.#search;
    this.#search = undefined;
    if (!this.#lifeline.instance.dead) search?.free();
  }

  #ask<T>(work: (search: BorderSearch) => T): T {
    this.#lifeline.check();
    if (!this.#search) throw new UsageError("W902", "the search was freed; begin it anew");
    try {
      return work(this.#search);
    } catch (thrown) {
      throw this.#lifeline.fault(thrown);
    }
  }
}

disposable(Search.prototype);

/** Refuses, as there is no memory left. */
export function outOfMemory(): never {
  throw new UsageError("W910", "there is no memory left, of the engine or of what `limits.memory` allows");
}
