// What lies open: the sources, how their reading goes, and what became of it.
import { Cancelled, Engine, EngineFault, Refusal } from "../engine/engine.js";
import type { Progress, Source, Summary } from "../engine/protocol.js";
import { isLarge } from "../intake/source.js";

export type { Progress, Source, Summary };

export class Log {
  sources = $state.raw<readonly Source[]>([]);
  summary = $state.raw<Summary>();
  progress = $state.raw<Progress>();
  /** The worker ended: what it held is gone until it is opened again. */
  fault = $state.raw<string>();
  /** Something could not be opened, and why. */
  refusal = $state.raw<string>();
  /** Grows when other events lie open than before. */
  edition = $state(0);
  /** Which part of the events is counted, from 0 to 1, while that goes on; they are shown and searched before. */
  counted = $state<number>();
  /** Grows when so many more are counted that it is worth to look at the counts again. */
  recount = $state(0);

  readonly engine = new Engine(
    (reason) => {
      this.fault = reason;
      this.summary = undefined;
      this.progress = undefined;
      this.counted = undefined;
    },
    () => {
      this.refusal = "gone";
    },
  );
  #reading: AbortController | undefined;
  /** Settled when the reading that goes on is over. */
  #read: Promise<void> = Promise.resolve();
  /** Grows when what is open gives way to something else. */
  #lot = 0;
  #counting: AbortController | undefined;

  /** What is open goes on growing. */
  readonly listening = $derived(
    this.progress !== undefined && this.sources.some(({ kind }) => kind === "tail"),
  );
  readonly opening = $derived(this.progress !== undefined);
  readonly name = $derived(
    this.sources.length === 1 ? (this.sources[0]?.name ?? "") : String(this.sources.length),
  );

  async open(sources: readonly Source[], { beside = false, repair = false } = {}): Promise<void> {
    if (sources.length === 0) return;
    if (!beside) this.#lot += 1;
    const lot = this.#lot;
    // What is added is read after what is being read; a tail has no end to wait for.
    while (beside && this.#reading && !this.listening) await this.#read;
    if (lot !== this.#lot) return;
    const all = beside ? [...this.sources, ...sources] : sources;
    const anew = this.fault !== undefined || (isLarge(all) && !isLarge(this.sources));
    if (beside && anew) return this.open(all, { repair });
    this.#reading?.abort();
    this.#counting?.abort();
    this.counted = undefined;
    const reading = new AbortController();
    this.#reading = reading;
    let over: () => void = () => undefined;
    this.#read = new Promise((done) => {
      over = done;
    });
    this.fault = undefined;
    this.refusal = undefined;
    this.summary = undefined;
    this.sources = all;
    this.progress = { read: 0, total: undefined, events: 0, broken: 0, connected: false, lost: 0 };
    const live = sources.some(({ kind }) => kind === "tail");
    let shown = 0;
    let at = 0;
    try {
      this.summary = await this.engine.call(
        "open",
        { sources: [...sources], beside, repair },
        {
          signal: reading.signal,
          told: (progress) => {
            this.progress = progress;
            // The first events at once, and then as often as the list has grown by half; those of a tail as they come.
            const due = live
              ? progress.events > shown && Date.now() - at > 250
              : progress.events > shown * 1.5;
            if (due) {
              at = Date.now();
              shown = progress.events;
              this.edition += 1;
            }
          },
        },
      );
      this.edition += 1;
    } catch (error) {
      if (error instanceof Cancelled) await this.#cut(reading);
      else if (error instanceof Refusal) {
        await this.#cut(reading); // what was read until there stays
        this.refusal = error.message;
      }
    } finally {
      over();
      if (this.#reading === reading) {
        this.#reading = undefined;
        this.progress = undefined;
        void this.#count();
      }
    }
  }

  /** Ends the reading; what has been read stays. */
  cancel(): void {
    this.#reading?.abort();
  }

  async #cut(reading: AbortController): Promise<void> {
    if (this.#reading !== reading) return;
    const summary = await this.engine.call("summary", null);
    // A tail has no end of its own: to stop it is no cut. What was refused tells why it is cut.
    const live = this.sources.some(({ kind }) => kind === "tail");
    this.summary = live || !reading.signal.aborted ? { ...summary, cut: undefined } : summary;
    this.edition += 1;
  }

  /** What is not counted yet is: the index goes on, and other calls are answered meanwhile. */
  async #count(): Promise<void> {
    if (!this.summary || this.summary.indexed >= this.summary.events) return;
    const counting = new AbortController();
    this.#counting = counting;
    const { events, indexed, cut, repair } = this.summary;
    let shown = indexed;
    this.counted = indexed / events;
    try {
      const summary = await this.engine.call("index", null, {
        signal: counting.signal,
        told: (indexed) => {
          this.counted = indexed / events;
          if (indexed < shown * 2) return;
          shown = indexed;
          this.recount += 1;
        },
      });
      this.summary = { ...summary, cut: summary.cut ?? cut, repair };
      this.counted = undefined;
      this.edition += 1; // in their order, too
    } catch (error) {
      if (!(error instanceof Cancelled || error instanceof EngineFault)) throw error;
    }
  }

  /** Opens the same sources once more: after a fault, or with the pasted text mended. */
  again(repair = false): Promise<void> {
    return this.open(this.sources, { repair });
  }
}
