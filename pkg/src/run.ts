/// <reference lib="esnext.disposable" preserve="true" />
import { type Crossing, empty, join } from "./crossing.js";
import { disposable } from "./dispose.js";
import { UsageError } from "./errors.js";
import { Cutter } from "./input.js";
import type { Lifeline } from "./instance.js";
import { buildReport, type Counters } from "./report.js";
import type { Now } from "./time.js";
import type { Drift, Format, Input, Output, Place, Report } from "./types.js";

/** How `Weir.run()` reads and what it gives. */
export interface RunOptions {
  /** How the records stand in each input; `auto` by default, found out for each input anew. */
  readonly format?: Format | undefined;
  /**
   * Give bodies as views into the wasm memory, valid until the next call of anything in this package. Saves a copy;
   * off by default. A chunk over 1 MB is cut, and its bodies are copies all the same; so are those of `finish()`.
   */
  readonly views?: boolean | undefined;
  /** The time that templates write, and that queries mean by `now`, through the whole run; that of each call by default. */
  readonly now?: Now | undefined;
}

/**
 * One run over one or more inputs that arrive in chunks: files one after another, messages of a queue.
 *
 * `push` chunks, `next()` where an input ends and another may follow, `finish()` after the last. The report and the
 * ordinals of records (`Quarantined.record`) go on through all inputs; offsets and lines begin anew in each.
 *
 * Every call throws a `FaultError` after a fault of the core, and a `UsageError` once the run is finished (`W906`) or
 * freed (`W902`). The run outlives `free()` of its `Weir`.
 */
export class Run implements Disposable {
  /** Frees the run where a `using` block ends, in the engines that know it. */
  declare readonly [Symbol.dispose]: () => void;
  readonly #lifeline: Lifeline;
  readonly #crossing: Crossing;
  readonly #format: number;
  readonly #views: boolean;
  readonly #cutter = new Cutter();
  #state: "between" | "reading" | "finished" | "freed" = "between";
  /** The last state of the counters, once the run has been given back. */
  #counters: Counters | undefined;
  #drift: readonly Drift[] | undefined;
  #places: readonly Place[] | undefined;

  /** Made by `Weir.run()`. */
  constructor(lifeline: Lifeline, crossing: Crossing, format: number, views: boolean) {
    this.#lifeline = lifeline;
    this.#crossing = crossing;
    this.#format = format;
    this.#views = views;
  }

  /**
   * Takes a chunk of the input, cut anywhere, and gives what became ready.
   * A record that the chunk leaves unfinished waits for the next one.
   */
  push(chunk: Input): Output {
    this.#check();
    const pieces = this.#cutter.cut(chunk);
    this.#begin();
    if (pieces.length === 1) {
      this.#crossing.push(pieces[0] as Uint8Array | string);
      return this.#crossing.output(this.#views);
    }
    return this.#put(pieces);
  }

  /**
   * Ends the input: its last record needs no newline. Another input may follow, or `finish()`.
   * Without a `push` before it, this was an empty input.
   */
  next(): Output {
    this.#check();
    const rest = this.#rest();
    this.#crossing.end();
    this.#state = "between";
    const last = this.#crossing.output(this.#views && rest.length === 0);
    return join([...rest, last]);
  }

  /** Ends the run (and an input that is still open), closes what the framings have open and gives the memory back. */
  finish(): Output {
    this.#check();
    const outputs: Output[] = [];
    if (this.#state === "reading") {
      outputs.push(...this.#rest());
      this.#crossing.end();
      outputs.push(this.#crossing.output(false));
    }
    this.#crossing.finish();
    outputs.push(this.#crossing.output(false));
    this.#release("finished");
    return join(outputs);
  }

  /** The account so far; after `finish()` or `free()`, the last one. */
  get report(): Report {
    if (!this.#counters) this.#lifeline.check();
    return buildReport(this.#crossing.layout, this.#counters ?? this.#crossing.counters());
  }

  /**
   * How events differed so far from what the catalogue knows of them: new fields, missing ones, other types, new words.
   * Empty if the policy has no `accept`. After `finish()` or `free()`, the last state.
   */
  get drift(): readonly Drift[] {
    if (!this.#drift) this.#lifeline.check();
    return this.#drift ?? this.#crossing.drift();
  }

  /**
   * Where rules were applied so far, and how often: by rule and path. A path names keys that the catalogue or the policy
   * has; others are `*`. After `finish()` or `free()`, the last state.
   */
  get places(): readonly Place[] {
    if (!this.#places) this.#lifeline.check();
    return this.#places ?? this.#crossing.places();
  }

  /** Gives the memory back without finishing: a record in hand is neither delivered nor counted. Harmless twice. */
  free(): void {
    if (this.#state !== "finished" && this.#state !== "freed") this.#release("freed");
  }

  #begin(): void {
    if (this.#state === "reading") return;
    this.#crossing.begin(this.#format);
    this.#state = "reading";
  }

  /** Puts the half character that the end of the input leaves over, if any. */
  #rest(): Output[] {
    this.#begin();
    const rest = this.#cutter.rest();
    return rest.length === 0 ? [] : [this.#put(rest)];
  }

  #put(pieces: readonly (Uint8Array | string)[]): Output {
    const outputs: Output[] = [];
    for (const [index, piece] of pieces.entries()) {
      this.#crossing.push(piece, index < pieces.length - 1);
      outputs.push(this.#crossing.output(false));
    }
    return outputs.length === 0 ? empty : join(outputs);
  }

  #release(state: "finished" | "freed"): void {
    if (this.#lifeline.alive) {
      this.#counters = this.#crossing.counters();
      this.#drift = this.#crossing.drift();
      this.#places = this.#crossing.places();
    }
    this.#crossing.free();
    this.#state = state;
  }

  #check(): void {
    this.#lifeline.check();
    if (this.#state === "freed")
      throw new UsageError("W902", "the run was freed; begin another with weir.run()");
    if (this.#state === "finished") {
      throw new UsageError("W906", "the run is finished; begin another with weir.run()");
    }
  }
}

disposable(Run.prototype);
