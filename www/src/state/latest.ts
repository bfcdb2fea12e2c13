import { Cancelled, EngineFault, Refusal } from "../engine/engine.js";

/** Work of which only the newest counts: what was begun before is given up. */
export class Latest {
  #current: AbortController | undefined;

  /** Gives up what was begun. */
  stop(): void {
    this.#current?.abort();
  }

  async run(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#current?.abort();
    const current = new AbortController();
    this.#current = current;
    try {
      await work(current.signal);
    } catch (error) {
      // Given up; the engine has ended, which is told where the log is; or asked of a log that lies open no more.
      if (!(error instanceof Cancelled || error instanceof EngineFault || error instanceof Refusal))
        throw error;
    }
  }
}
