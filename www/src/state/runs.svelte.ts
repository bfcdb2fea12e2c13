// The runs among the events that were found, and the one that is looked at.
import type { RunLine, Span } from "../engine/protocol.js";
import { Latest } from "./latest.js";
import type { Log } from "./log.svelte.js";
import { type Bar, waterfall } from "./waterfall.js";

export type { Bar, RunLine };

const MOST_RUNS = 500;
const MOST_EVENTS = 3000;

export class Runs {
  list = $state.raw<readonly RunLine[]>([]);
  total = $state(0);
  failed = $state(false);
  /** An event of the run that is looked at. */
  chosen = $state<number>();
  spans = $state.raw<readonly Span[]>([]);
  readonly bars = $derived<Bar[]>(waterfall(this.spans));
  readonly cut = $derived(this.spans.length === MOST_EVENTS);

  readonly #log: Log;
  readonly #list = new Latest();
  readonly #trace = new Latest();

  constructor(log: Log) {
    this.#log = log;
  }

  async load(): Promise<void> {
    await this.#list.run(async (signal) => {
      const args = { most: MOST_RUNS, failed: this.failed };
      const { total, runs } = await this.#log.engine.call("runs", args, { signal });
      this.list = runs;
      this.total = total;
    });
  }

  /** Something else lies open. */
  clear(): void {
    this.#trace.stop();
    this.list = [];
    this.total = 0;
    this.chosen = undefined;
    this.spans = [];
  }

  async choose(row: number): Promise<void> {
    this.chosen = row;
    await this.#trace.run(async (signal) => {
      this.spans = await this.#log.engine.call("trace", { row, most: MOST_EVENTS }, { signal });
    });
  }
}
