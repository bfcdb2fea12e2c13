/**
 * From a browser to a forwarder: redacted before it is kept, posted in batches, also when the page goes away.
 *
 * @module logweir/send
 */
/// <reference lib="esnext.disposable" preserve="true" />
import { asyncDisposable } from "../dispose.js";
import { UsageError } from "../errors.js";
import { recordInput } from "../json.js";
import { retryAfter } from "../retry-after.js";
import type { Run } from "../run.js";
import type { Input, Report } from "../types.js";
import type { Weir } from "../weir.js";
import { type Batch, Buffer } from "./buffer.js";
import { type Loss, type SenderOptions, type SenderReport, type Settings, settingsOf } from "./options.js";
import { BODY, beacon, hasKeepalive, INFLIGHT, request, settled } from "./request.js";

export type { Loss, SenderOptions, SenderReport, Weir };

const FIRST_PAUSE = 1_000;

/**
 * Makes a sender.
 *
 * @throws {UsageError} `W904` where an option is missing, misspelt or of the wrong kind, `W905` where the route is unknown,
 *   must be named, or is none of NDJSON without a destination
 * @example
 * const sender = createSender({ url: "/in/send", weir: compile(policy), token: () => session.logToken() });
 * sender.push({ event: "export", user: { email: "ana@example.org" } });
 */
export function createSender(options: SenderOptions): Sender {
  return new Sender(options);
}

/**
 * Sends records from a page. Each is redacted when it is pushed: what waits, and what is sent, is redacted already.
 * A batch keeps its id through all tries, so that the forwarder can tell a repetition.
 */
export class Sender implements AsyncDisposable {
  /** Closes the sender where an `await using` block ends, in the engines that know it. */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;
  readonly #settings: Settings;
  readonly #run: Run;
  readonly #buffer: Buffer;
  #pushed = 0;
  #sent = 0;
  #withheld = 0;
  #lost = 0;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The forwarder has said when it will hear of us again. */
  #heldOff = false;
  /** The last token, for a page that goes; and whether one was asked for before there was need. */
  #bearer: string | undefined;
  #asked = false;
  /** Sends one batch after the other. */
  #draining: Promise<void> | undefined;
  /** Requests sent as the page was going. */
  readonly #hurried = new Set<Promise<boolean>>();
  /** Bytes of requests that outlive the page. */
  #inflight = 0;
  /** `onLoss` is at work. */
  #telling = false;
  #closing: Promise<void> | undefined;
  readonly #hide = () => {
    if (globalThis.document?.visibilityState !== "visible" && !this.#heldOff) this.#hurry();
  };
  readonly #leave = () => this.#hurry();

  /** Made by `createSender()`. */
  constructor(options: SenderOptions) {
    this.#settings = settingsOf(options);
    this.#buffer = new Buffer(this.#settings.buffer, BODY);
    this.#run = this.#settings.weir.run({ format: "ndjson" });
    globalThis.document?.addEventListener("visibilitychange", this.#hide);
    globalThis.addEventListener?.("pagehide", this.#leave);
  }

  /**
   * Redacts a record and keeps what is left of it until it is sent. Never throws for what is in the record.
   *
   * @param record an object that JSON can hold (BigInts stay exact); or NDJSON, as text or bytes
   * @returns whether everything that the policy lets out found room
   */
  push(record: object | Input): boolean {
    if (this.#closing) throw new UsageError("W906", "the sender is closed; make another with createSender()");
    const input = recordInput(record);
    if (input === undefined) return this.#unreadable();
    let lines: Uint8Array[];
    let records: number;
    try {
      const before = this.#run.report.records;
      const outputs = [this.#run.push(input), this.#run.next()];
      records = this.#run.report.records - before;
      const mine = outputs
        .flatMap(({ batches }) => batches)
        .filter(({ route }) => route === this.#settings.route);
      lines = mine.flatMap(({ body }) => linesOf(body));
    } catch {
      return this.#unreadable(); // bytes that are gone, or a fault of the core: nothing of it may go out
    }
    this.#pushed += records;
    this.#withheld += records - lines.length;
    const dropped = lines.filter((line) => !this.#buffer.add(line)).length;
    this.#schedule();
    return dropped === 0 || this.#lose({ records: dropped, reason: "full" });
  }

  /**
   * Sends what waits, now; ends when all is sent or given up, or a try has failed and waits for its next. Where the
   * forwarder has asked to be left alone (`Retry-After`), nothing is sent before that; only `close()` and a page that goes
   * try once more.
   */
  async flush(): Promise<void> {
    if (!this.#heldOff) await this.#drain();
  }

  /** Sends what waits and takes no more; what cannot be sent at the first try is lost. Ends, whatever the forwarder does. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** What became of the records so far. */
  get report(): SenderReport {
    return {
      pushed: this.#pushed,
      sent: this.#sent,
      waiting: this.#buffer.records,
      withheld: this.#withheld,
      lost: this.#lost,
    };
  }

  /** What the policy did to them. */
  get redaction(): Report {
    return this.#run.report;
  }

  async #close(): Promise<void> {
    await this.#drain();
    clearTimeout(this.#timer);
    globalThis.document?.removeEventListener("visibilitychange", this.#hide);
    globalThis.removeEventListener?.("pagehide", this.#leave);
    const { records } = this.#buffer;
    this.#buffer.clear();
    if (records > 0) this.#lose({ records, reason: "closed" });
    this.#run.free();
  }

  #unreadable(): false {
    this.#pushed += 1;
    return this.#lose({ records: 1, reason: "unreadable" });
  }

  /** Counts what is lost, and tells it in a moment: who is told may push, and is not to be told of that. */
  #lose(loss: Loss): false {
    this.#lost += loss.records;
    const { onLoss } = this.#settings;
    if (onLoss && !this.#telling) queueMicrotask(() => this.#tell(onLoss, loss));
    return false;
  }

  #tell(onLoss: (loss: Loss) => unknown, loss: Loss): void {
    this.#telling = true;
    try {
      Promise.resolve(onLoss(loss)).catch(complain);
    } catch (error) {
      complain(error);
    }
    this.#telling = false;
  }

  #schedule(): void {
    if (this.#closing || this.#buffer.records === 0) return;
    const isFull = this.#buffer.bytes >= BODY && this.#failures === 0;
    if (this.#timer === undefined || isFull) this.#wait(isFull ? 0 : this.#settings.interval);
    if (this.#asked || typeof this.#settings.token !== "function") return;
    this.#asked = true;
    this.#token().catch(() => {}); // when it is needed, it is asked again
  }

  #wait(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#heldOff = false;
      void this.#drain();
    }, milliseconds);
  }

  /** Sends one batch after the other, until there is none or one fails. */
  #drain(): Promise<void> {
    this.#draining ??= this.#sendAll();
    return this.#draining;
  }

  async #sendAll(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (let goesOn = true; goesOn; ) {
      if (this.#buffer.first()) goesOn = await this.#sendFirst();
      else {
        const hurried = await Promise.all(this.#hurried);
        goesOn = hurried.every(Boolean) && this.#buffer.first() !== undefined;
      }
    }
    this.#draining = undefined;
  }

  async #sendFirst(): Promise<boolean> {
    let bearer: string | undefined;
    try {
      bearer = await this.#within(this.#token());
    } catch {
      this.#again();
      return false;
    }
    const batch = this.#buffer.first(); // another one may be the first by now
    if (!batch) return true;
    return this.#send(batch, bearer, batch.bytes <= Math.min(BODY, INFLIGHT - this.#inflight));
  }

  /** Asks for the token, and keeps it for when nobody can be asked. */
  async #token(): Promise<string | undefined> {
    const { token } = this.#settings;
    if (typeof token !== "function") return token;
    const bearer: unknown = await token();
    if (typeof bearer !== "string") throw new TypeError("token: expected a text");
    this.#bearer = bearer;
    return bearer;
  }

  /** A promise, or a failure if it takes too long. */
  async #within<T>(work: Promise<T>, giveUp?: () => void): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error("no answer"));
        giveUp?.();
      }, this.#settings.timeout);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * One try to send a batch, begun before anything is waited for. Whether it is done with.
   *
   * @param isOutliving it goes on when the page has gone; of larger ones browsers want to hear nothing
   */
  async #send(batch: Batch, bearer: string | undefined, isOutliving: boolean): Promise<boolean> {
    const controller = new AbortController();
    const init = request(batch.id, batch.body(), bearer, isOutliving, controller.signal);
    const outliving = isOutliving ? batch.bytes : 0;
    batch.sending = true;
    this.#inflight += outliving;
    let answer: Response | undefined;
    try {
      answer = await this.#within(settled(fetch(this.#settings.url, init)), () => controller.abort());
    } catch {
      // The network, or nobody who answers: another try will tell.
    }
    this.#inflight -= outliving;
    batch.sending = false;
    return this.#settle(batch, answer);
  }

  #settle(batch: Batch, answer: Response | undefined): boolean {
    const status = answer?.status ?? 0;
    // A page for people comes from whoever stands between: a login, a network that wants to be paid.
    const isPage = answer?.headers.get("content-type")?.startsWith("text/html");
    if (answer?.ok && !isPage) {
      this.#failures = 0;
      this.#sent += batch.records;
      this.#buffer.remove(batch);
    } else if (status === 413 && this.#buffer.split(batch)) {
      // Two smaller ones are tried next.
    } else if (status >= 400 && status < 500 && ![401, 408, 425, 429].includes(status)) {
      this.#buffer.remove(batch);
      this.#lose({ records: batch.records, reason: "refused", status });
    } else {
      if (status === 401) this.#bearer = undefined;
      this.#again(answer?.headers.get("retry-after"));
      return false;
    }
    return true;
  }

  /** Sets the next try: exponential back-off with full jitter, or what the forwarder asks for, if that is longer. */
  #again(retry?: string | null): void {
    this.#failures += 1;
    const { longestPause } = this.#settings;
    const most = Math.min(longestPause, FIRST_PAUSE * 2 ** (this.#failures - 1));
    const asked = (retryAfter(retry, Date.now()) ?? 0) * 1_000;
    if (this.#closing || (this.#heldOff && asked === 0)) return;
    this.#heldOff = asked > 0;
    this.#wait(Math.max(most * (0.5 + Math.random() / 2), asked));
  }

  /** The page may go at any moment: everything at once, as far as browsers let it. An unloading page has no later. */
  #hurry(): void {
    const { token } = this.#settings;
    let given: unknown = token;
    try {
      if (typeof token === "function") given = token();
    } catch {
      // As if it came too late.
    }
    if (typeof given === "string" || token === undefined) this.#sendNow(given as string | undefined);
    else {
      const known = this.#bearer;
      if (known !== undefined) this.#sendNow(known);
      Promise.resolve(given).then(
        (bearer) => known === undefined && typeof bearer === "string" && this.#sendNow(bearer),
        () => {},
      );
    }
  }

  /** What fits of all that is not on its way yet. If the page lives on, what fails is tried again as any other. */
  #sendNow(bearer: string | undefined): void {
    let room = INFLIGHT - this.#inflight;
    for (const batch of this.#buffer.waiting()) {
      if (batch.bytes > room) continue;
      room -= batch.bytes;
      if (hasKeepalive) {
        const hurried = this.#send(batch, bearer, true);
        this.#hurried.add(hurried);
        void hurried.then(() => {
          this.#hurried.delete(hurried);
          this.#schedule(); // halves of what was too large
        });
      } else if (beacon(this.#settings.url, batch.id, batch.body(), bearer)) {
        this.#sent += batch.records;
        this.#buffer.remove(batch);
      }
    }
  }
}

asyncDisposable(Sender.prototype);

/** A route's bytes, a record each. */
function linesOf(body: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf(10, at) + 1 || body.length;
    lines.push(body.subarray(at, end));
    at = end;
  }
  return lines;
}

/** An error of the caller's, told where uncaught ones are. */
function complain(error: unknown): void {
  if (typeof globalThis.reportError === "function") globalThis.reportError(error);
  else console.error(error);
}
