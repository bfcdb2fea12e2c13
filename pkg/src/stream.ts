import type { Crossing } from "./crossing.js";
import { Cutter } from "./input.js";
import type { Lifeline } from "./instance.js";
import { buildReport, type Counters } from "./report.js";
import type { Now } from "./time.js";
import type { Bytes, Drift, Format, Input, Quarantined, Report } from "./types.js";

/** How `Weir.stream()` reads and what it gives. */
export interface StreamOptions {
  /** The route whose bytes come out. Needed only where the policy has several. */
  readonly route?: string | undefined;
  /** How the records stand in the input; `auto` by default. */
  readonly format?: Format | undefined;
  /** The time that templates write, and that queries mean by `now`, through the whole stream; that of each chunk by default. */
  readonly now?: Now | undefined;
  /**
   * Is told of each record that was withheld, in the order of the input. A promise that it gives is waited for, so
   * a dead-letter store can be as slow as it likes; what it throws is thrown from the stream.
   */
  readonly onQuarantine?: ((entry: Quarantined) => void | Promise<void>) | undefined;
  /** Ends the stream early: both its sides fail with the signal's reason, and its memory is given back. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A stream that policy is applied in: a pair of `writable` (bytes or text, cut anywhere) and `readable` (the bytes of
 * one route), to be handed to `pipeThrough`. Memory is flat: a chunk of any size is taken piece by piece, each only
 * when the reader wants more.
 */
export interface WeirStream extends TransformStream<Input, Bytes> {
  /** The account: of what has been read so far, and after the end of everything. */
  readonly report: Report;
  /** How events differ from what their schemas know, so far; empty unless the policy has `accept`. */
  readonly drift: readonly Drift[];
}

/** Tells signals of streams that are no more. Workers know neither this nor `WeakRef` before a date of theirs (2025-05-05). */
const collected =
  typeof FinalizationRegistry === "function"
    ? new FinalizationRegistry<() => void>((forget) => forget())
    : undefined;

const weakly = <T extends WeakKey>(held: T): Pick<WeakRef<T>, "deref"> =>
  typeof WeakRef === "function" ? new WeakRef(held) : { deref: () => held };

/**
 * Not a `TransformStream` by class: that one cannot wait for its reader in the middle of a large chunk, and in part of
 * the supported engines does not tell when it is cancelled.
 */
export class Conduit implements WeirStream {
  readonly readable: ReadableStream<Bytes>;
  readonly writable: WritableStream<Input>;
  readonly #lifeline: Lifeline;
  readonly #crossing: Crossing;
  readonly #route: number;
  readonly #onQuarantine: StreamOptions["onQuarantine"];
  readonly #cutter = new Cutter();
  /** Takes back that the signal is listened to. */
  #forget: (() => void) | undefined;
  #out!: ReadableStreamDefaultController<Bytes>;
  #in!: WritableStreamDefaultController;
  /** Whether the reader waits for bytes. */
  #wanted = false;
  /** Wakes the writer that waits for the reader. */
  #wake: (() => void) | undefined;
  #over = false;
  /** Why the stream ended early, for a write that was waiting then. */
  #reason: unknown;
  #counters: Counters | undefined;
  #drift: readonly Drift[] | undefined;

  /** Made by `Weir.stream()`; `route` is an index into the layout's routes, `format` as the border knows it. */
  constructor(lifeline: Lifeline, crossing: Crossing, route: number, format: number, options: StreamOptions) {
    this.#lifeline = lifeline;
    this.#crossing = crossing;
    this.#route = route;
    this.#onQuarantine = options.onQuarantine;
    crossing.begin(format);
    this.readable = new ReadableStream<Bytes>(
      {
        start: (controller) => {
          this.#out = controller;
        },
        pull: () => {
          this.#wanted = true;
          this.#wake?.();
        },
        cancel: (reason) => {
          this.#reason = reason;
          this.#release();
          this.#in.error(reason);
        },
      },
      { highWaterMark: 0 },
    );
    this.writable = new WritableStream<Input>({
      start: (controller) => {
        this.#in = controller;
      },
      write: (chunk) => this.#guard(() => this.#write(chunk)),
      close: () => this.#guard(() => this.#close()),
      abort: (reason) => {
        this.#release();
        this.#out.error(reason);
      },
    });
    const { signal } = options;
    if (signal?.aborted) this.#fail(signal.reason);
    else if (signal) {
      this.#forget = Conduit.#listen(signal, weakly(this));
      collected?.register(this, this.#forget, this);
    }
  }

  /** A signal may outlive thousands of streams that nobody uses any more: it holds none of them. */
  static #listen(signal: AbortSignal, conduit: Pick<WeakRef<Conduit>, "deref">): () => void {
    const abort = () => {
      const found = conduit.deref();
      if (found) found.#fail(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    return () => signal.removeEventListener("abort", abort);
  }

  get report(): Report {
    if (!this.#counters) this.#lifeline.check();
    return buildReport(this.#crossing.layout, this.#counters ?? this.#crossing.counters());
  }

  get drift(): readonly Drift[] {
    if (!this.#drift) this.#lifeline.check();
    return this.#drift ?? this.#crossing.drift();
  }

  async #write(chunk: Input): Promise<void> {
    for (const piece of this.#cutter.cut(chunk)) {
      if (!this.#wanted) await this.#demand();
      if (this.#over) throw this.#reason;
      this.#lifeline.check();
      this.#crossing.push(piece);
      await this.#deliver();
    }
  }

  async #close(): Promise<void> {
    for (const rest of this.#cutter.rest()) {
      this.#crossing.push(rest);
      await this.#deliver();
    }
    for (const step of ["end", "finish"] as const) {
      if (this.#over) return;
      this.#lifeline.check();
      this.#crossing[step]();
      await this.#deliver();
    }
    if (this.#over) return;
    this.#release();
    this.#out.close();
  }

  /** Takes what the last crossing gave. Everything is copied before anybody else's code runs. */
  async #deliver(): Promise<void> {
    const body = this.#crossing.body(this.#route);
    const quarantined = this.#onQuarantine ? this.#crossing.quarantined() : [];
    if (body) {
      this.#wanted = false;
      this.#out.enqueue(body);
    }
    for (const entry of quarantined) {
      await this.#onQuarantine?.(entry);
      if (this.#over) return;
    }
  }

  /** Waits until the reader wants more, or there is no reader any more. */
  #demand(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }

  /** What goes wrong on the writing side is told on both. */
  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#release();
      this.#out.error(error);
      throw error;
    }
  }

  #fail(reason: unknown): void {
    if (this.#over) return;
    this.#reason = reason;
    this.#release();
    this.#out.error(reason);
    this.#in.error(reason);
  }

  /** Keeps the last account and gives the memory back. */
  #release(): void {
    if (this.#over) return;
    this.#over = true;
    this.#forget?.();
    collected?.unregister(this);
    if (this.#lifeline.alive) {
      this.#counters = this.#crossing.counters();
      this.#drift = this.#crossing.drift();
    }
    this.#crossing.free();
    this.#wake?.();
  }
}
