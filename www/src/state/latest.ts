import { Cancelled, EngineFault } from "../engine/engine.js";

/** Work of which only the newest counts: what was begun before is given up. */
export class Latest {
  #current: AbortController | undefined;

  async run(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#current?.abort();
    const current = new AbortController();
    this.#current = current;
    try {
      await work(current.signal);
    } catch (error) {
      // Given up, or the engine has ended, which is told where the log is.
      if (!(error instanceof Cancelled || error instanceof EngineFault)) throw error;
    }
  }
}
