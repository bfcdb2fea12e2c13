/// <reference lib="esnext.disposable" preserve="true" />
import type { BorderRowSet } from "./border.js";
import { disposable } from "./dispose.js";
import { UsageError } from "./errors.js";
import type { Lifeline } from "./instance.js";

/** The set on the other side, if it is one of the store that has this lifeline. */
export let borderOf: (set: RowSet, lifeline: Lifeline) => BorderRowSet;

/**
 * A set of rows of a `LogStore`: a bit for each row that the store had when the set was made. Sets never change; what is
 * loaded later is in none of them.
 */
export class RowSet implements Disposable {
  static {
    borderOf = (set, lifeline) => {
      if (!(#lifeline in Object(set)) || set.#lifeline !== lifeline)
        throw new UsageError("W904", "expected a set of rows of the same store");
      return set.#ask((own) => own);
    };
  }

  /** Frees the set where a `using` block ends, in the engines that know it. */
  declare readonly [Symbol.dispose]: () => void;
  readonly #lifeline: Lifeline;
  #set: BorderRowSet | undefined;

  /** Made by a `LogStore` or a `Search`. */
  constructor(lifeline: Lifeline, set: BorderRowSet) {
    this.#lifeline = lifeline;
    this.#set = set;
  }

  /** How many rows are in it. */
  get count(): number {
    return this.#ask((set) => set.count());
  }

  /** Whether a row is in it. */
  has(row: number): boolean {
    return Number.isInteger(row) && row >= 0 && this.#ask((set) => set.has(row));
  }

  /** The rows that are in both. */
  and(other: RowSet): RowSet {
    return this.#with(other, 0);
  }

  /** The rows that are in either. */
  or(other: RowSet): RowSet {
    return this.#with(other, 1);
  }

  /** The rows that are in this and not in the other. `store.all().minus(set)` is all the others. */
  minus(other: RowSet): RowSet {
    return this.#with(other, 2);
  }

  /** Gives the memory back. Harmless when done twice. */
  free(): void {
    const set = this.#set;
    this.#set = undefined;
    if (!this.#lifeline.instance.dead) set?.free();
  }

  #with(other: RowSet, how: number): RowSet {
    const theirs = borderOf(other, this.#lifeline);
    return new RowSet(
      this.#lifeline,
      this.#ask((set) => set.with(theirs, how)),
    );
  }

  #ask<T>(work: (set: BorderRowSet) => T): T {
    this.#lifeline.check();
    if (!this.#set) throw new UsageError("W902", "the set was freed; ask for it anew");
    try {
      return work(this.#set);
    } catch (thrown) {
      throw this.#lifeline.fault(thrown);
    }
  }
}

disposable(RowSet.prototype);
