/// <reference lib="esnext.disposable" preserve="true" />
import { type BorderCatalogReader, recordSlot as slot } from "./border.js";
import { copyIn } from "./copy.js";
import { disposable } from "./dispose.js";
import { UsageError } from "./errors.js";
import { Cutter } from "./input.js";
import type { Lifeline } from "./instance.js";
import type { ValidateOptions } from "./schema.js";
import type { Fields, Finding, Format, Input } from "./types.js";

/** How `Catalog.run()` reads and what it tells. */
export interface CatalogRunOptions extends ValidateOptions {
  /** How the records stand in each input; `auto` by default, found out for each input anew. */
  readonly format?: Format | undefined;
  /** Tell the common fields of each event. Off by default. */
  readonly fields?: boolean | undefined;
  /** Check each event by its type's schema; `findings` says how many are told. Off by default. */
  readonly validate?: boolean | undefined;
}

/** What the catalogue says of a record of an input. */
export interface CatalogRecord {
  /** Its number in the run, from 0. */
  readonly record: number;
  /** The byte of its input at which it begins, from 0. */
  readonly offset: number;
  /** Its line in its input, from 1; only where the format goes by lines. */
  readonly line?: number;
  /** Its event type; null if none recognises it. */
  readonly type: string | null;
  /** Where the event stands in the record, as a JSON Pointer; null if it is unknown. */
  readonly at: string | null;
  /** Why nothing can be said: it is no JSON (`S101` …), or could be events of several types (`D102`). */
  readonly code?: string;
  /** The common fields of a known event, if they were asked for. */
  readonly fields?: Fields;
  /** Whether it is valid, if that was asked for: null if it is unknown, false if nothing can be said. */
  readonly valid?: boolean | null;
  /** What is wrong with the event, if that was asked for; places are counted from where the event begins. */
  readonly findings?: readonly Finding[];
}

interface Wanted {
  readonly fields: boolean;
  readonly validate: boolean;
}

type Draft = { -readonly [K in keyof CatalogRecord]: CatalogRecord[K] };

const none: readonly never[] = Object.freeze([]);

/**
 * One run over the records of one or more inputs that arrive in chunks: files one after another, messages of a queue.
 *
 * `push` chunks, `next()` where an input ends and another may follow, `finish()` after the last. Each tells of every
 * record that became whole, in their order.
 *
 * Every call throws a `FaultError` after a fault of the core, and a `UsageError` once the run is finished (`W906`) or
 * freed (`W902`). The run outlives `free()` of its `Catalog`.
 */
export class CatalogRun implements Disposable {
  /** Frees the run where a `using` block ends, in the engines that know it. */
  declare readonly [Symbol.dispose]: () => void;
  readonly #lifeline: Lifeline;
  readonly #reader: BorderCatalogReader;
  readonly #types: readonly { readonly type: string }[];
  readonly #format: number;
  readonly #wanted: Wanted;
  readonly #cutter = new Cutter();
  #state: "between" | "reading" | "finished" | "freed" = "between";
  #records = 0;

  /** Made by `Catalog.run()`. */
  constructor(
    lifeline: Lifeline,
    reader: BorderCatalogReader,
    types: readonly { readonly type: string }[],
    format: number,
    wanted: Wanted,
  ) {
    this.#lifeline = lifeline;
    this.#reader = reader;
    this.#types = types;
    this.#format = format;
    this.#wanted = wanted;
  }

  /**
   * Takes a chunk of the input, cut anywhere, and tells of what became whole.
   * A record that the chunk leaves unfinished waits for the next one.
   */
  push(chunk: Input): CatalogRecord[] {
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
  next(): CatalogRecord[] {
    this.#check();
    return this.#cross(() => {
      this.#begin();
      return this.#end();
    });
  }

  /** Ends the run (and an input that is still open) and gives the memory back. */
  finish(): CatalogRecord[] {
    this.#check();
    const records = this.#state === "reading" ? this.#cross(() => this.#end()) : [];
    this.#release("finished");
    return records;
  }

  /** Gives the memory back without finishing: of a record in hand nothing is told. Harmless twice. */
  free(): void {
    if (this.#state !== "finished" && this.#state !== "freed") this.#release("freed");
  }

  #begin(): void {
    if (this.#state === "reading") return;
    this.#reader.begin(this.#format);
    this.#state = "reading";
  }

  #put(pieces: readonly (Uint8Array | string)[]): CatalogRecord[] {
    const records: CatalogRecord[] = [];
    for (const piece of pieces) {
      const length = copyIn(this.#lifeline.instance, this.#reader, piece);
      this.#take(this.#reader.push(length), records);
    }
    return records;
  }

  #end(): CatalogRecord[] {
    const records = this.#put(this.#cutter.rest());
    this.#take(this.#reader.end(), records);
    this.#state = "between";
    return records;
  }

  /** Takes over what the last call found. */
  #take(count: number, records: CatalogRecord[]): void {
    if (count === 0) return;
    let at = this.#reader.numbers() / 8;
    const { numbers } = this.#lifeline.instance;
    const deeper: Draft[] = [];
    const broken: Draft[] = [];
    const known: Draft[] = [];
    const wrong: Draft[] = [];
    for (let index = 0; index < count; index += 1, at += slot.perRecord) {
      const line = numbers[at + slot.line] as number;
      const type = numbers[at + slot.type] as number;
      const record: Draft = {
        record: this.#records,
        offset: numbers[at + slot.offset] as number,
        ...(line > 0 && { line }),
        type: this.#types[type]?.type ?? null,
        at: type < 0 ? null : "",
      };
      this.#records += 1;
      records.push(record);
      if (numbers[at + slot.deeper] === 1) deeper.push(record);
      if (type === -2) broken.push(record);
      if (type >= 0) known.push(record);
      if (!this.#wanted.validate) continue;
      const valid = numbers[at + slot.valid] as number;
      record.valid = valid < 0 ? null : valid === 1;
      record.findings = none;
      if (valid === 0) wrong.push(record);
    }
    give(deeper, () => this.#reader.places(), "at");
    give(broken, () => this.#reader.codes(), "code");
    if (this.#wanted.fields)
      give(known, () => this.#reader.fields().map((json) => JSON.parse(json)), "fields");
    give(wrong, () => this.#reader.told(), "findings");
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
      throw new UsageError("W902", "the run was freed; begin another with catalog.run()");
    if (this.#state === "finished")
      throw new UsageError("W906", "the run is finished; begin another with catalog.run()");
  }
}

disposable(CatalogRun.prototype);

/** Gives each record its own of what the other side tells of just these; it is asked only if there are any. */
function give<K extends keyof Draft>(records: readonly Draft[], told: () => Draft[K][], name: K): void {
  if (records.length === 0) return;
  const values = told();
  records.forEach((record, index) => {
    record[name] = values[index] as Draft[K];
  });
}
