/// <reference lib="esnext.disposable" preserve="true" />
import type { BorderTemplateReader } from "./border.js";
import { copyIn } from "./copy.js";
import { disposable } from "./dispose.js";
import { UsageError } from "./errors.js";
import { Cutter } from "./input.js";
import type { Lifeline } from "./instance.js";
import type { RenderOptions } from "./template.js";
import type { Bytes, Format, Input, Quarantined } from "./types.js";

/** How `Template.run()` reads. */
export interface TemplateRunOptions extends RenderOptions {
  /** How the records stand in each input; `auto` by default, found out for each input anew. */
  readonly format?: Format | undefined;
}

/** What a call made. */
export interface Rendered {
  /** UTF-8: of a JSON template a line for each record, of a text template what it made of them, one after the other. */
  readonly body: Bytes;
  /** The records that nothing was made of, in the order of the input. */
  readonly refused: readonly Quarantined[];
}

const nothing: Rendered = Object.freeze({ body: new Uint8Array(0), refused: Object.freeze([]) });

/**
 * One run over the records of one or more inputs that arrive in chunks: files one after another, messages of a queue.
 *
 * `push` chunks, `next()` where an input ends and another may follow, `finish()` after the last. Each gives what became of
 * the records that became whole, in their order.
 *
 * Every call throws a `FaultError` after a fault of the core, and a `UsageError` once the run is finished (`W906`) or
 * freed (`W902`). The run outlives `free()` of its `Template`.
 */
export class TemplateRun implements Disposable {
  /** Frees the run where a `using` block ends, in the engines that know it. */
  declare readonly [Symbol.dispose]: () => void;
  readonly #lifeline: Lifeline;
  readonly #reader: BorderTemplateReader;
  readonly #format: number;
  readonly #cutter = new Cutter();
  #state: "between" | "reading" | "finished" | "freed" = "between";

  /** Made by `Template.run()`. */
  constructor(lifeline: Lifeline, reader: BorderTemplateReader, format: number) {
    this.#lifeline = lifeline;
    this.#reader = reader;
    this.#format = format;
  }

  /** Takes a chunk of the input, cut anywhere. A record that it leaves unfinished waits for the next one. */
  push(chunk: Input): Rendered {
    this.#check();
    const pieces = this.#cutter.cut(chunk);
    return this.#cross(() => {
      this.#begin();
      return joined(pieces.map((piece) => this.#put(piece)));
    });
  }

  /**
   * Ends the input: its last record needs no newline. Another input may follow, or `finish()`.
   * Without a `push` before it, this was an empty input.
   */
  next(): Rendered {
    this.#check();
    return this.#cross(() => {
      this.#begin();
      return this.#end();
    });
  }

  /** Ends the run (and an input that is still open) and gives the memory back. */
  finish(): Rendered {
    this.#check();
    const rendered = this.#state === "reading" ? this.#cross(() => this.#end()) : nothing;
    this.#release("finished");
    return rendered;
  }

  /** Gives the memory back without finishing: of a record in hand nothing is made. Harmless twice. */
  free(): void {
    if (this.#state !== "finished" && this.#state !== "freed") this.#release("freed");
  }

  #begin(): void {
    if (this.#state === "reading") return;
    this.#reader.begin(this.#format);
    this.#state = "reading";
  }

  #put(piece: Uint8Array | string): Rendered {
    this.#reader.push(copyIn(this.#lifeline.instance, this.#reader, piece));
    return this.#made();
  }

  #end(): Rendered {
    const rest = this.#cutter.rest().map((piece) => this.#put(piece));
    this.#reader.end();
    this.#state = "between";
    return joined([...rest, this.#made()]);
  }

  #made(): Rendered {
    const body = this.#lifeline.instance.copy(this.#reader.output(), this.#reader.output_length());
    return { body, refused: this.#reader.refused() };
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
      throw new UsageError("W902", "the run was freed; begin another with template.run()");
    if (this.#state === "finished")
      throw new UsageError("W906", "the run is finished; begin another with template.run()");
  }
}

disposable(TemplateRun.prototype);

/** What several pieces made, as one. */
function joined(parts: readonly Rendered[]): Rendered {
  const [first = nothing] = parts;
  if (parts.length <= 1) return first;
  const body = new Uint8Array(parts.reduce((length, part) => length + part.body.length, 0));
  let at = 0;
  for (const part of parts) {
    body.set(part.body, at);
    at += part.body.length;
  }
  return { body, refused: parts.flatMap((part) => part.refused) };
}
