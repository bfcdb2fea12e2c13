import { Cutter } from "./input.js";
import type { Run } from "./run.js";
import { type Chunks, giveUp, iteratorOf } from "./source.js";
import type { Now } from "./time.js";
import type { Batch, Drift, Format, Input, Output, Quarantined, Report } from "./types.js";

/** How much of a source has been read. */
export interface Progress {
  /** Bytes so far; of text, its bytes in UTF-8. */
  readonly bytes: number;
  /** Bytes in all, where the source tells. */
  readonly total: number | undefined;
}

/** How `Weir.batches()` reads and what it tells. */
export interface BatchesOptions {
  /** How the records stand in the source; `auto` by default. */
  readonly format?: Format | undefined;
  /** The time that templates write, and that queries mean by `now`; that of each chunk by default. */
  readonly now?: Now | undefined;
  /** Ends the reading: the iteration throws the signal's reason, the source is cancelled, the memory given back. */
  readonly signal?: AbortSignal | undefined;
  /** Is told after every chunk, of at most 1 MB, how much has been read. What it throws ends the reading. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /**
   * Is told of each record that was withheld, in the order of the source. A promise that it gives is waited for; what it
   * throws ends the reading.
   */
  readonly onQuarantine?: ((entry: Quarantined) => void | Promise<void>) | undefined;
}

/** The batches of a source as they become ready, to be gone through once by `for await`; and the account. */
export class Batches implements AsyncIterable<Batch> {
  readonly #run: Run;
  readonly #batches: AsyncGenerator<Batch, void, undefined>;

  /** Made by `Weir.batches()`. */
  constructor(run: Run, source: Chunks, options: BatchesOptions) {
    this.#run = run;
    const batches = read(run, source, options);
    let begun = false;
    const { next } = batches;
    batches.next = () => {
      begun = true;
      return next.call(batches);
    };
    // A generator that is ended before it has begun runs nothing of itself.
    for (const end of ["return", "throw"] as const) {
      const original = batches[end];
      batches[end] = (given: unknown) => {
        if (!begun) {
          begun = true;
          giveUp(source);
          run.free();
        }
        return original.call(batches, given as never);
      };
    }
    this.#batches = batches;
  }

  /** The batches. Whoever stops early (`break`, an exception) cancels the source and gives the memory back. */
  [Symbol.asyncIterator](): AsyncGenerator<Batch, void, undefined> {
    return this.#batches;
  }

  /** The account: of what has been read so far, and after the end of everything. */
  get report(): Report {
    return this.#run.report;
  }

  /** How events differ from what their schemas know, so far; empty unless the policy has `accept`. */
  get drift(): readonly Drift[] {
    return this.#run.drift;
  }
}

async function* read(run: Run, source: Chunks, options: BatchesOptions): AsyncGenerator<Batch, void> {
  const { chunks, total } = source;
  const { signal, onProgress, onQuarantine } = options;
  const encoder = onProgress && new TextEncoder();
  const cutter = new Cutter();
  let bytes = 0;
  const give = async function* ({ batches, quarantined }: Output) {
    for (const entry of quarantined) await onQuarantine?.(entry);
    yield* batches;
  };
  try {
    if (signal?.aborted) {
      giveUp(source);
      throw signal.reason;
    }
    for await (const chunk of abortable(chunks, signal)) {
      for (const piece of cutter.cut(chunk)) {
        yield* give(run.push(piece));
        signal?.throwIfAborted();
        if (!encoder) continue;
        bytes += typeof piece === "string" ? encoder.encode(piece).length : piece.length;
        onProgress?.({ bytes, total });
      }
    }
    for (const rest of cutter.rest()) yield* give(run.push(rest));
    yield* give(run.finish());
  } finally {
    run.free();
  }
}

/** The chunks, until the signal says to stop: also where the next one never comes. */
async function* abortable(
  chunks: Chunks["chunks"],
  signal: AbortSignal | undefined,
): AsyncGenerator<Input, void> {
  if (!signal) {
    yield* chunks;
    return;
  }
  const iterator = iteratorOf(chunks);
  let abort = () => {};
  const listener = () => abort();
  signal.addEventListener("abort", listener, { once: true });
  // A promise for each chunk: one that outlived them would hold all that were ever raced against it.
  const next = () =>
    new Promise<IteratorResult<Input>>((resolve, reject) => {
      abort = () => reject(signal.reason);
      if (signal.aborted) abort();
      else Promise.resolve(iterator.next()).then(resolve, reject);
    });
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await next();
      ended = done === true;
      if (ended) return;
      yield value;
    }
  } finally {
    signal.removeEventListener("abort", listener);
    // Not waited for: a source that hangs would hang the end as well.
    if (!ended) Promise.resolve(iterator.return?.()).catch(() => {});
  }
}
