/**
 * From a browser to a forwarder: redacted before it is kept, posted in batches, also when the page goes away.
 *
 * @module logweir/send
 */
import { UsageError } from "../errors.js";
import type { Run } from "../run.js";
import type { Input, Report } from "../types.js";
import type { Weir } from "../weir.js";
import { Buffer } from "./buffer.js";

export type { Weir };

/** Where a sender posts to, and how patient it is. */
export interface SenderOptions {
  /** The forwarder's address for this source, such as `https://logs.example/in/send`. */
  readonly url: string | URL;
  /** The compiled policy: what it lets out is all that is kept and sent. */
  readonly weir: Weir;
  /** The route whose records are sent; one without a destination. Needed only where the policy has several. */
  readonly route?: string | undefined;
  /**
   * A token of the forwarder's, sent as `Authorization: Bearer`; or what gives one, asked before each request, so that
   * it may be short-lived. Where a browser has no `keepalive` (Firefox before 133), what is sent as the page goes has it
   * in the address, as `token`.
   */
  readonly token?: string | (() => string | Promise<string>) | undefined;
  /** How many milliseconds records wait for others to go with them; 5,000 by default. */
  readonly interval?: number | undefined;
  /**
   * How many bytes of redacted records are kept at most while the forwarder cannot be reached; 1,048,576 by default. What
   * comes when it is full is dropped and counted.
   */
  readonly buffer?: number | undefined;
  /** The longest pause between two tries in milliseconds, however often it failed; 60,000 by default. */
  readonly longestPause?: number | undefined;
  /** Is told when records are given up: they found no room, or the forwarder refused them (with its status). */
  readonly onLoss?: ((loss: Loss) => void) | undefined;
}

/** Records that will not arrive. */
export interface Loss {
  /** How many. */
  readonly records: number;
  /**
   * `full`: the buffer was; `refused`: the forwarder said no; `unreadable`: no JSON, or a fault of the core; `closed`: the
   * sender was, before they could be sent.
   */
  readonly reason: "full" | "refused" | "unreadable" | "closed";
  /** The status of the forwarder's answer, if it refused. */
  readonly status?: number;
}

/** What became of the records. `pushed` is the sum of all others. */
export interface SenderReport {
  /** All that were given to `push()`. */
  readonly pushed: number;
  /** Taken by the forwarder. */
  readonly sent: number;
  /** Kept here, or on their way. */
  readonly waiting: number;
  /** Held back by the policy: filtered, or quarantined. */
  readonly withheld: number;
  /** Given up; `onLoss` was told why. */
  readonly lost: number;
}

/** All that may be on its way when a page goes: what browsers allow `keepalive` requests together (Fetch, "inflight keepalive bytes"). */
const INFLIGHT = 65_536;

/** A request's body: two of them may be on their way. */
const BODY = 30_000;

const FIRST_PAUSE = 1_000;

const TYPE = "application/x-ndjson";

const hasKeepalive = typeof Request === "function" && "keepalive" in Request.prototype;

/**
 * Makes a sender.
 *
 * @throws {UsageError} `W904` where an option is missing or of the wrong kind, `W905` where the route is unknown or must
 *   be named
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
export class Sender {
  readonly #url: URL;
  readonly #run: Run;
  readonly #route: string;
  readonly #options: SenderOptions;
  readonly #buffer: Buffer;
  #pushed = 0;
  #sent = 0;
  #withheld = 0;
  #lost = 0;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The request on its way. */
  #sending: Promise<void> | undefined;
  #closed = false;
  readonly #leave = () => {
    if (globalThis.document?.visibilityState !== "visible") this.#hurry();
  };

  /** Made by `createSender()`. */
  constructor(options: SenderOptions) {
    const { weir, url, buffer = 1 << 20, interval = 5_000 } = options;
    if (typeof weir?.run !== "function") throw new UsageError("W904", "weir: expected what compile() gives");
    for (const [name, number] of Object.entries({ buffer, interval })) {
      if (!(number >= 0)) throw new UsageError("W904", `${name}: expected a number from 0`);
    }
    try {
      this.#url = new URL(url, globalThis.location?.href);
    } catch {
      throw new UsageError("W904", "url: expected an address");
    }
    const [only] = weir.routes;
    const route = options.route ?? only;
    if (route === undefined || !weir.routes.includes(route) || (!options.route && weir.routes.length > 1)) {
      throw new UsageError("W905", `route: expected one of ${weir.routes.join(", ")}`);
    }
    this.#options = options;
    this.#route = route;
    this.#buffer = new Buffer(buffer, BODY);
    this.#run = weir.run({ format: "ndjson" });
    globalThis.document?.addEventListener("visibilitychange", this.#leave);
    globalThis.addEventListener?.("pagehide", this.#leave);
  }

  /**
   * Redacts a record and keeps what is left of it until it is sent. Never throws for what is in the record.
   *
   * @param record an object that JSON can hold; or NDJSON, as text or bytes
   * @returns whether everything that the policy lets out found room
   */
  push(record: object | Input): boolean {
    if (this.#closed) throw new UsageError("W906", "the sender is closed; make another with createSender()");
    let text: Input;
    try {
      text = toText(record);
    } catch {
      this.#pushed += 1;
      return this.#lose({ records: 1, reason: "unreadable" });
    }
    const before = this.#run.report;
    try {
      const { batches } = this.#run.push(text);
      const { batches: last } = this.#run.next();
      const now = this.#run.report;
      this.#pushed += now.records - before.records;
      const mine = [...batches, ...last].filter(({ route }) => route === this.#route);
      if (mine.some(({ contentType }) => contentType !== TYPE)) {
        throw new UsageError(
          "W905",
          "route: expected one that gives NDJSON; destinations are the forwarder's",
        );
      }
      const kept = mine.reduce((sum, { records }) => sum + records, 0);
      this.#withheld += now.records - before.records - kept;
      let found = true;
      for (const body of mine.flatMap(({ body }) => linesOf(body))) {
        if (!this.#buffer.add(body)) found = this.#lose({ records: 1, reason: "full" });
      }
      this.#schedule();
      return found;
    } catch (error) {
      if (error instanceof UsageError) throw error;
      this.#pushed += 1;
      return this.#lose({ records: 1, reason: "unreadable" }); // a fault of the core: nothing of it may go out
    }
  }

  /** Sends what waits, now; ends when all is sent or given up, or a try has failed and waits for its next. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const failures = this.#failures;
    while (this.#sending || this.#buffer.records > 0) {
      this.#sending ??= this.#send().finally(() => {
        this.#sending = undefined;
      });
      await this.#sending;
      if (this.#failures > failures) return;
    }
  }

  /** Sends what waits and takes no more; what cannot be sent at the first try is lost. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.flush();
    clearTimeout(this.#timer);
    globalThis.document?.removeEventListener("visibilitychange", this.#leave);
    globalThis.removeEventListener?.("pagehide", this.#leave);
    const { records } = this.#buffer;
    this.#buffer.clear();
    if (records > 0) this.#lose({ records, reason: "closed" });
    this.#run.free();
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

  #lose(loss: Loss): false {
    this.#lost += loss.records;
    this.#options.onLoss?.(loss);
    return false;
  }

  /** @param pause until the next try, after one that failed */
  #schedule(pause?: number): void {
    const { interval = 5_000 } = this.#options;
    const full = this.#buffer.bytes >= BODY && this.#failures === 0;
    if ((this.#timer !== undefined && !full) || this.#buffer.records === 0 || this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), pause ?? (full ? 0 : interval));
  }

  /** One try to send the oldest batch. */
  async #send(): Promise<void> {
    const batch = this.#buffer.first();
    if (!batch) return;
    let answer: Response | undefined;
    try {
      answer = await this.#post(batch.id, batch.body());
      await answer.body?.cancel();
    } catch {
      // The network, or who gives the token: another try will tell.
    }
    if (batch.gone) return; // it went with the page
    const status = answer?.status ?? 0;
    if (answer?.ok) {
      this.#failures = 0;
      this.#sent += batch.records;
      this.#buffer.remove(batch);
    } else if (status === 413 && this.#buffer.split(batch)) {
      // Two smaller ones are tried next.
    } else if (status >= 400 && status < 500 && ![401, 408, 425, 429].includes(status)) {
      this.#buffer.remove(batch);
      this.#lose({ records: batch.records, reason: "refused", status });
    } else {
      this.#failures += 1;
      this.#schedule(this.#pause(answer?.headers.get("retry-after")));
    }
  }

  /** Exponential back-off with full jitter, or what the forwarder asks for, if that is longer. */
  #pause(retryAfter: string | null | undefined): number {
    const { longestPause = 60_000 } = this.#options;
    const most = Math.min(longestPause, FIRST_PAUSE * 2 ** (this.#failures - 1));
    const asked = Number(retryAfter) * 1_000;
    return Math.max(
      most * (0.5 + Math.random() / 2),
      Number.isFinite(asked) ? Math.min(asked, longestPause) : 0,
    );
  }

  async #post(id: string, body: Uint8Array<ArrayBuffer>): Promise<Response> {
    const { token } = this.#options;
    const bearer = typeof token === "function" ? await token() : token;
    return fetch(this.#url, request(id, body, bearer));
  }

  /** The page may go at any moment: everything at once, as far as browsers let it. */
  #hurry(): void {
    const { token } = this.#options;
    // What asks somebody cannot be waited for; an unloading page has no later.
    const given = typeof token === "function" ? attempt(token) : token;
    if (given instanceof Promise) return void this.flush();
    let room = INFLIGHT - (this.#sending ? BODY : 0);
    for (const batch of this.#buffer.rest(this.#sending !== undefined)) {
      const body = batch.body();
      if (body.length > room) return;
      room -= body.length;
      const { records } = batch;
      const arrived = (ok: boolean) => {
        if (batch.gone || !ok) return; // if the page lives on, it is tried again as any other
        this.#sent += records;
        this.#buffer.remove(batch);
      };
      if (hasKeepalive) {
        fetch(this.#url, request(batch.id, body, given)).then(
          ({ ok }) => arrived(ok),
          () => {},
        );
      } else arrived(beacon(this.#url, batch.id, body, given));
    }
  }
}

function request(id: string, body: Uint8Array<ArrayBuffer>, token: string | undefined): RequestInit {
  return {
    method: "POST",
    headers: {
      "content-type": TYPE,
      "x-logweir-batch": id,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body,
    keepalive: body.length <= BODY, // goes on when the page has gone; of larger ones browsers want to hear nothing
    redirect: "error", // to nobody else
    credentials: "omit",
    cache: "no-store",
    referrerPolicy: "no-referrer",
  };
}

/** A beacon has no headers. The browser says whether it will send it, and nobody whether it arrived. */
function beacon(to: URL, id: string, body: Uint8Array<ArrayBuffer>, token: string | undefined): boolean {
  const url = new URL(to);
  url.searchParams.set("batch", id);
  if (token !== undefined) url.searchParams.set("token", token);
  return globalThis.navigator?.sendBeacon?.(url, new Blob([body], { type: TYPE })) ?? false;
}

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

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** NDJSON of what was pushed. */
function toText(record: object | Input): Input {
  if (typeof record === "string" || ArrayBuffer.isView(record) || record instanceof ArrayBuffer)
    return record as Input;
  const text = JSON.stringify(record) as string | undefined;
  if (text === undefined) throw new TypeError("no JSON");
  return text;
}
