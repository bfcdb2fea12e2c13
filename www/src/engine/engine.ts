// The page's end of the Web Worker: calls that are answered, told of meanwhile, or given up.
import type { Call, Calls, Message, Told } from "./protocol.js";

/** The worker ended, the core met a fault of its own, or a file is gone: there is no answer, and whoever holds the log says so. */
export class EngineFault extends Error {}
/** What was asked cannot be done; the text says why and holds no value of an event. */
export class Refusal extends Error {}
/** Nobody waits for the answer any more. */
export class Cancelled extends Error {}

export interface CallOptions<N extends Call> {
  signal?: AbortSignal | undefined;
  told?: ((told: Told<N>) => void) | undefined;
}

interface Waiting {
  done: (result: unknown) => void;
  fail: (error: Error) => void;
  told: ((told: never) => void) | undefined;
}

export class Engine {
  #worker: Worker | undefined;
  #waiting = new Map<number, Waiting>();
  #next = 1;
  #onfault: (reason: string) => void;
  #ongone: () => void;

  /**
   * @param onfault is told when the worker has ended; the next call starts another, which holds nothing
   * @param ongone is told when a file that lies open cannot be read any more
   */
  constructor(onfault: (reason: string) => void, ongone: () => void) {
    this.#onfault = onfault;
    this.#ongone = ongone;
  }

  call<N extends Call>(
    name: N,
    args: Parameters<Calls[N]>[0],
    { signal, told }: CallOptions<N> = {},
  ): Promise<ReturnType<Calls[N]>> {
    if (signal?.aborted) return Promise.reject(new Cancelled());
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const id = this.#next++;
    return new Promise((done, fail) => {
      this.#waiting.set(id, { done: done as (result: unknown) => void, fail, told });
      signal?.addEventListener(
        "abort",
        () => {
          if (!this.#waiting.delete(id)) return;
          worker.postMessage({ cancel: id });
          fail(new Cancelled());
        },
        { once: true },
      );
      worker.postMessage({ id, name, args });
    });
  }

  #start(): Worker {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<Message>) => this.#hear(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#end("worker");
    });
    return worker;
  }

  #hear(message: Message): void {
    const waiting = this.#waiting.get(message.id);
    if ("told" in message) {
      waiting?.told?.(message.told as never);
      return;
    }
    this.#waiting.delete(message.id);
    if ("result" in message) waiting?.done(message.result);
    else if (message.error === "refused") waiting?.fail(new Refusal(message.reason));
    else if (message.error === "gone") {
      waiting?.fail(new EngineFault(message.reason));
      this.#ongone();
    } else {
      waiting?.fail(new EngineFault(message.reason));
      this.#end(message.reason);
    }
  }

  /** Nothing is known of the worker's state any more: whoever waits is told so, and it is given up. */
  #end(reason: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { fail } of waiting) fail(new EngineFault(reason));
    this.#onfault(reason);
  }
}
