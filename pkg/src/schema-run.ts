/// <reference lib="esnext.disposable" preserve="true" />
import { type BorderValidator, verdictSlot as slot } from "./border.js";
import { copyIn } from "./copy.js";
import { disposable } from "./dispose.js";
import { UsageError } from "./errors.js";
import { Cutter } from "./input.js";
import type { Lifeline } from "./instance.js";
import type { ValidateOptions, Validation } from "./schema.js";
import type { Finding, Format, Input } from "./types.js";

/** How `Schema.run()` reads and how much it tells. */
export interface SchemaRunOptions extends ValidateOptions {
  /** How the records stand in each input; `auto` by default, found out for each input anew. */
  readonly format?: Format | undefined;
}

/** What a schema says of a record of an input. */
export interface Verdict extends Validation {
  /** Its number in the run, from 0. */
  readonly record: number;
  /** The byte of its input at which it begins, from 0; the spans of its findings count from there. */
  readonly offset: number;
  /** Its line in its input, from 1; only where the format goes by lines. */
  readonly line?: number;
}

const none: readonly never[] = Object.freeze([]);

/**
 * One run over the records of one or more inputs that arrive in chunks: files one after another, messages of a queue.
 *
 * `push` chunks, `next()` where an input ends and another may follow, `finish()` after the last. Each gives a verdict on
 * every record that became whole, in their order. A record that is no JSON is not valid, like any other that does not
 * fit, and its neighbours go on.
 *
 * Every call throws a `FaultError` after a fault of the core, and a `UsageError` once the run is finished (`W906`) or
 * freed (`W902`). The run outlives `free()` of its `Schema`.
 */
export class SchemaRun implements Disposable {
  /** Frees the run where a `using` block ends, in the engines that know it. */
  declare readonly [Symbol.dispose]: () => void;
  readonly #lifeline: Lifeline;
  readonly #validator: BorderValidator;
  readonly #format: number;
  readonly #cutter = new Cutter();
  #state: "between" | "reading" | "finished" | "freed" = "between";
  #records = 0;

  /** Made by `Schema.run()`. */
  constructor(lifeline: Lifeline, validator: BorderValidator, format: number) {
    this.#lifeline = lifeline;
    this.#validator = validator;
    this.#format = format;
  }

  /**
   * Takes a chunk of the input, cut anywhere, and gives the verdicts on what became whole.
   * A record that the chunk leaves unfinished waits for the next one.
   */
  push(chunk: Input): Verdict[] {
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
  next(): Verdict[] {
    this.#check();
    return this.#cross(() => {
      this.#begin();
      return this.#end();
    });
  }

  /** Ends the run (and an input that is still open) and gives the memory back. */
  finish(): Verdict[] {
    this.#check();
    const verdicts = this.#state === "reading" ? this.#cross(() => this.#end()) : [];
    this.#release("finished");
    return verdicts;
  }

  /** Gives the memory back without finishing: of a record in hand there is no verdict. Harmless twice. */
  free(): void {
    if (this.#state !== "finished" && this.#state !== "freed") this.#release("freed");
  }

  #begin(): void {
    if (this.#state === "reading") return;
    this.#validator.begin(this.#format);
    this.#state = "reading";
  }

  #put(pieces: readonly (Uint8Array | string)[]): Verdict[] {
    const verdicts: Verdict[] = [];
    for (const piece of pieces) {
      const length = copyIn(this.#lifeline.instance, this.#validator, piece);
      this.#take(this.#validator.push(length), verdicts);
    }
    return verdicts;
  }

  #end(): Verdict[] {
    const verdicts = this.#put(this.#cutter.rest());
    this.#take(this.#validator.end(), verdicts);
    this.#state = "between";
    return verdicts;
  }

  /** Takes over the verdicts of the last call. */
  #take(count: number, verdicts: Verdict[]): void {
    if (count === 0) return;
    let at = this.#validator.verdicts() / 8;
    const { numbers } = this.#lifeline.instance;
    const broken: { findings: readonly Finding[] }[] = [];
    for (let index = 0; index < count; index += 1, at += slot.perVerdict) {
      const record = this.#records++;
      const valid = numbers[at + slot.valid] === 1;
      const offset = numbers[at + slot.offset] as number;
      const line = numbers[at + slot.line] as number;
      const findings: readonly Finding[] = none;
      const verdict =
        line > 0 ? { record, valid, findings, offset, line } : { record, valid, findings, offset };
      verdicts.push(verdict);
      if (!valid) broken.push(verdict);
    }
    if (broken.length === 0) return;
    const told = this.#validator.told();
    broken.forEach((verdict, index) => {
      verdict.findings = told[index] ?? none;
    });
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
      this.#validator.free();
    } catch (thrown) {
      this.#lifeline.fault(thrown);
    }
  }

  #check(): void {
    this.#lifeline.check();
    if (this.#state === "freed")
      throw new UsageError("W902", "the run was freed; begin another with schema.run()");
    if (this.#state === "finished")
      throw new UsageError("W906", "the run is finished; begin another with schema.run()");
  }
}

disposable(SchemaRun.prototype);
