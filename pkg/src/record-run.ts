/// <reference lib="esnext.disposable" preserve="true" />
import { copyIn } from "./copy.js";
import { disposable } from "./dispose.js";
import { UsageError } from "./errors.js";
import { Cutter } from "./input.js";
import type { Lifeline } from "./instance.js";
import type { Input } from "./types.js";

/** What reads records on the other side of the border. */
interface BorderRecords {
  input(length: number): number;
  begin(format: number): void;
  /** How many records the piece settled. */
  push(length: number): number;
  end(): number;
  free(): void;
}

/** What a run is made of. */
export interface RecordRunParts<T> {
  readonly lifeline: Lifeline;
  readonly reader: BorderRecords;
  readonly format: number;
  /** The call that makes such a run. */
  readonly made: string;
  /** What there is to tell of the `count` records that the last call settled; `first` is the number of the first. */
  readonly take: (count: number, first: number) => T[];
}

/**
 * One run over the records of one or more inputs that arrive in chunks: files one after another, messages of a queue.
 *
 * `push` chunks, `next()` where an input ends and another may follow, `finish()` after the last. Each tells of every
 * record that became whole, in their order. A record that is no JSON is told of like any other, and its neighbours go on.
 *
 * Every call throws a `FaultError` after a fault of the core, and a `UsageError` once the run is finished (`W906`) or
 * freed (`W902`). The run outlives `free()` of the handle that made it.
 */
export class RecordRun<T> implements Disposable {
  /** Frees the run where a `using` block ends, in the engines that know it. */
  declare readonly [Symbol.dispose]: () => void;
  readonly #parts: RecordRunParts<T>;
  readonly #cutter = new Cutter();
  #state: "between" | "reading" | "finished" | "freed" = "between";
  #records = 0;

  /** Made by `Schema.run()` and `Catalog.run()`. */
  constructor(parts: RecordRunParts<T>) {
    this.#parts = parts;
  }

  /**
   * Takes a chunk of the input, cut anywhere, and tells of what became whole.
   * A record that the chunk leaves unfinished waits for the next one.
   */
  push(chunk: Input): T[] {
    this.#check();
    const pieces = this.#cutter.cut(chunk);
    return this.#cross(() => {
      this.#begin();
      return this.#put(pieces);
    });
  }

  /**
   * Ends the input: its last record needs no newline. Another input may follow, or `finish()`.
   * Without a `push` before it, this was an empty input.
   */
  next(): T[] {
    this.#check();
    return this.#cross(() => {
      this.#begin();
      return this.#end();
    });
  }

  /** Ends the run (and an input that is still open) and gives the memory back. */
  finish(): T[] {
    this.#check();
    const told = this.#state === "reading" ? this.#cross(() => this.#end()) : [];
    this.#release("finished");
    return told;
  }

  /** Gives the memory back without finishing: of a record in hand nothing is told. Harmless twice. */
  free(): void {
    if (this.#state !== "finished" && this.#state !== "freed") this.#release("freed");
  }

  #begin(): void {
    if (this.#state === "reading") return;
    this.#parts.reader.begin(this.#parts.format);
    this.#state = "reading";
  }

  #put(pieces: readonly (Uint8Array | string)[]): T[] {
    const { lifeline, reader } = this.#parts;
    const told: T[] = [];
    for (const piece of pieces) this.#take(reader.push(copyIn(lifeline.instance, reader, piece)), told);
    return told;
  }

  #end(): T[] {
    const told = this.#put(this.#cutter.rest());
    this.#take(this.#parts.reader.end(), told);
    this.#state = "between";
    return told;
  }

  #take(count: number, told: T[]): void {
    if (count === 0) return;
    for (const one of this.#parts.take(count, this.#records)) told.push(one);
    this.#records += count;
  }

  #cross<U>(work: () => U): U {
    try {
      return work();
    } catch (thrown) {
      throw this.#parts.lifeline.fault(thrown);
    }
  }

  #release(state: "finished" | "freed"): void {
    this.#state = state;
    const { lifeline, reader } = this.#parts;
    // A dead instance is given up whole; its pointers mean nothing to the next one.
    if (lifeline.instance.dead) return;
    try {
      reader.free();
    } catch (thrown) {
      lifeline.fault(thrown);
    }
  }

  #check(): void {
    this.#parts.lifeline.check();
    if (this.#state === "freed")
      throw new UsageError("W902", `the run was freed; begin another with ${this.#parts.made}`);
    if (this.#state === "finished")
      throw new UsageError("W906", `the run is finished; begin another with ${this.#parts.made}`);
  }
}

disposable(RecordRun.prototype);
