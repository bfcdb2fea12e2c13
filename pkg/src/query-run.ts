/// <reference lib="esnext.disposable" preserve="true" />
import { type BorderQueryReader, matchSlot as slot } from "./border.js";
import { copyIn } from "./copy.js";
import { disposable } from "./dispose.js";
import { UsageError } from "./errors.js";
import { Cutter } from "./input.js";
import type { Lifeline } from "./instance.js";
import type { Bytes, Format, Input } from "./types.js";

/** How `Query.run()` reads and what it selects. */
export interface QueryRunOptions {
  /** How the records stand in each input; `auto` by default, found out for each input anew. */
  readonly format?: Format | undefined;
  /** Select the records that do not match. Off by default. */
  readonly invert?: boolean | undefined;
  /**
   * Pass over lines that cannot match by their bytes alone: several times faster where few match. Whether such a line is
   * a record at all is not found out then, so `records` and `broken` count only what was read. Off by default.
   */
  readonly passOver?: boolean | undefined;
}

/** A record that was selected. */
export interface QueryMatch {
  /** Its number in its input, from 0; not with `passOver`, as nobody counted those before it. */
  readonly record?: number;
  /** The byte of its input at which it begins, from 0. */
  readonly offset: number;
  /** Its line in its input, from 1; only where the format goes by lines. */
  readonly line?: number;
  /** The record as it was. */
  readonly bytes: Bytes;
}

/**
 * One run over the records of one or more inputs that arrive in chunks: files one after another, messages of a queue.
 *
 * `push` chunks, `next()` where an input ends and another may follow, `finish()` after the last. Each gives the selected
 * ones of the records that became whole, in their order. A record that is no JSON is never selected.
 *
 * Every call throws a `FaultError` after a fault of the core, and a `UsageError` once the run is finished (`W906`) or
 * freed (`W902`). The run outlives `free()` of its `Query`.
 */
export class QueryRun implements Disposable {
  /** Frees the run where a `using` block ends, in the engines that know it. */
  declare readonly [Symbol.dispose]: () => void;
  readonly #lifeline: Lifeline;
  readonly #reader: BorderQueryReader;
  readonly #format: number;
  readonly #cutter = new Cutter();
  #state: "between" | "reading" | "finished" | "freed" = "between";
  /** Of the inputs that have ended, and of the one at hand. */
  #before = { records: 0, broken: 0 };
  #now = { records: 0, broken: 0 };

  /** Made by `Query.run()`. */
  constructor(lifeline: Lifeline, reader: BorderQueryReader, format: number) {
    this.#lifeline = lifeline;
    this.#reader = reader;
    this.#format = format;
  }

  /** How many records were read so far, selected or not. */
  get records(): number {
    return this.#before.records + this.#now.records;
  }

  /** How many of them are no JSON. */
  get broken(): number {
    return this.#before.broken + this.#now.broken;
  }

  /**
   * Takes a chunk of the input, cut anywhere, and gives what became whole and was selected.
   * A record that the chunk leaves unfinished waits for the next one.
   */
  push(chunk: Input): QueryMatch[] {
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
  next(): QueryMatch[] {
    this.#check();
    return this.#cross(() => {
      this.#begin();
      return this.#end();
    });
  }

  /** Ends the run (and an input that is still open) and gives the memory back. */
  finish(): QueryMatch[] {
    this.#check();
    const matches = this.#state === "reading" ? this.#cross(() => this.#end()) : [];
    this.#release("finished");
    return matches;
  }

  /** Gives the memory back without finishing: a record in hand is not looked at. Harmless twice. */
  free(): void {
    if (this.#state !== "finished" && this.#state !== "freed") this.#release("freed");
  }

  #begin(): void {
    if (this.#state === "reading") return;
    this.#reader.begin(this.#format);
    this.#state = "reading";
  }

  #put(pieces: readonly (Uint8Array | string)[]): QueryMatch[] {
    const matches: QueryMatch[] = [];
    for (const piece of pieces) {
      const length = copyIn(this.#lifeline.instance, this.#reader, piece);
      this.#take(this.#reader.push(length), matches);
    }
    return matches;
  }

  #end(): QueryMatch[] {
    const matches = this.#put(this.#cutter.rest());
    this.#take(this.#reader.end(), matches);
    this.#before = { records: this.records, broken: this.broken };
    this.#now = { records: 0, broken: 0 };
    this.#state = "between";
    return matches;
  }

  /** Takes over what the last call selected. */
  #take(count: number, matches: QueryMatch[]): void {
    let at = this.#reader.numbers() / 8;
    const { numbers } = this.#lifeline.instance;
    this.#now = {
      records: numbers[at + slot.records] as number,
      broken: numbers[at + slot.broken] as number,
    };
    if (count === 0) return;
    // One copy for all of them; each is a view of its part.
    const body = this.#lifeline.instance.copy(
      numbers[at + slot.bodyAddress] as number,
      numbers[at + slot.bodyLength] as number,
    );
    at += slot.matches;
    let start = 0;
    for (let index = 0; index < count; index += 1, at += slot.perMatch) {
      const record = numbers[at + slot.record] as number;
      const line = numbers[at + slot.line] as number;
      const end = numbers[at + slot.end] as number;
      const offset = numbers[at + slot.offset] as number;
      const bytes = body.subarray(start, end);
      // Not by spreading what may be missing: that would take longer than all else together.
      const match: { -readonly [Name in keyof QueryMatch]: QueryMatch[Name] } = { offset, bytes };
      if (record >= 0) match.record = record;
      if (line > 0) match.line = line;
      matches.push(match);
      start = end + 1; // behind its line break
    }
  }

  #cross<T>(work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      throw this.#lifeline.fault(thrown);
    }
  }

  #release(state: "finished" | "freed"): void {
    this.#state = state;
    // A dead instance is given up whole; its pointers mean nothing to the next one.
    if (this.#lifeline.instance.dead) return;
    try {
      this.#reader.free();
    } catch (thrown) {
      this.#lifeline.fault(thrown);
    }
  }

  #check(): void {
    this.#lifeline.check();
    if (this.#state === "freed")
      throw new UsageError("W902", "the run was freed; begin another with query.run()");
    if (this.#state === "finished")
      throw new UsageError("W906", "the run is finished; begin another with query.run()");
  }
}

disposable(QueryRun.prototype);
