import type { Reply, Request } from "./protocol.js";

interface Waiting {
  request: Request;
  settle: (reply: Reply | undefined) => void;
}

/**
 * The page's end of the Web Worker. One request is worked on at a time; of those that come meanwhile only the newest is
 * kept, and nobody gets an answer to what is no longer asked.
 */
export class Engine {
  #worker: Worker | undefined;
  #working: Waiting | undefined;
  #next: Waiting | undefined;

  /** The reply, or undefined where a newer request took this one's place. */
  run(request: Request): Promise<Reply | undefined> {
    return new Promise((settle) => {
      this.#next?.settle(undefined);
      this.#next = { request, settle };
      if (!this.#working) this.#advance();
    });
  }

  #advance(): void {
    this.#working = this.#next;
    this.#next = undefined;
    if (!this.#working) return;
    this.#worker ??= this.#start();
    this.#worker.postMessage(this.#working.request);
  }

  #start(): Worker {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => this.#finish(data));
    worker.addEventListener("error", () => {
      this.#finish({ kind: "fault", text: "its Web Worker could not be started, or ended unexpectedly" });
    });
    return worker;
  }

  #finish(reply: Reply): void {
    if (reply.kind === "fault") {
      // Nothing is known of its state any more: the next request gets a new one.
      this.#worker?.terminate();
      this.#worker = undefined;
    }
    this.#working?.settle(this.#next ? undefined : reply);
    this.#advance();
  }
}
