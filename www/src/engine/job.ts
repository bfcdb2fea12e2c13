// A call as the worker sees it: long work is done in slices, between which other calls are heard.

const SLICE_MS = 12;

export class Job<T = unknown> {
  readonly #leaving = new AbortController();
  /** For what can be given up while it waits. */
  readonly signal = this.#leaving.signal;
  #tell: (told: T) => void;
  #since = performance.now();

  constructor(tell: (told: T) => void) {
    this.#tell = tell;
  }

  get cancelled(): boolean {
    return this.signal.aborted;
  }

  cancel(): void {
    this.#leaving.abort();
  }

  tell(told: T): void {
    if (!this.cancelled) this.#tell(told);
  }

  /** True when a slice is over: time to `pause`. */
  get due(): boolean {
    return performance.now() - this.#since > SLICE_MS;
  }

  /** Lets messages in; throws where the call has been given up. */
  async pause(): Promise<void> {
    await new Promise<void>((done) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        done();
      };
      port2.postMessage(null);
    });
    this.#since = performance.now();
    this.check();
  }

  /** Throws where the call has been given up. */
  check(): void {
    if (this.cancelled) throw new GivenUp();
  }
}

/** The page does not wait for this call any more. */
export class GivenUp extends Error {}
