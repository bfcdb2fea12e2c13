// What a sender is told, and what it tells.
import { UsageError } from "../errors.js";
import { checkOptions, type Rules } from "../options.js";
import type { Weir } from "../weir.js";
import { TYPE } from "./request.js";

/** Where a sender posts to, and how patient it is. */
export interface SenderOptions {
  /** The forwarder's address for this source, such as `https://logs.example/in/send`. */
  readonly url: string | URL;
  /** The compiled policy: what it lets out is all that is kept and sent. */
  readonly weir: Weir;
  /** The route whose records are sent; one of NDJSON without a destination. Needed only where the policy has several. */
  readonly route?: string | undefined;
  /**
   * A token of the forwarder's, sent as `Authorization: Bearer`; or what gives one, asked before each request, so that
   * it may be short-lived, and once when the first record waits. A page that goes cannot wait for an answer: what gives a
   * promise is not heard then, and the last token goes. Where a browser has no `keepalive` (Firefox before 133), what is
   * sent as the page goes has it in the address, as `token`.
   */
  readonly token?: string | (() => string | PromiseLike<string>) | undefined;
  /** How many milliseconds records wait for others to go with them; 5,000 by default, 2,147,483,647 at most. */
  readonly interval?: number | undefined;
  /**
   * How many bytes of redacted records are kept at most while the forwarder cannot be reached; 1,048,576 by default. What
   * comes when it is full is dropped and counted.
   */
  readonly buffer?: number | undefined;
  /**
   * The longest pause between two tries in milliseconds, however often it failed; 60,000 by default. What the forwarder
   * asks for (`Retry-After`) is kept to also where it is longer, up to a day.
   */
  readonly longestPause?: number | undefined;
  /** How many milliseconds the token may take, and then the forwarder's answer, before the try has failed; 30,000 by default. */
  readonly timeout?: number | undefined;
  /**
   * Is told when records are given up: they found no room, or the forwarder refused them (with its status). Called after
   * `push()` has returned; of what it pushes itself it hears nothing. What it throws goes to `reportError`, or the console.
   */
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

/** The longest that a timer waits. */
const LONGEST = 2 ** 31 - 1;

const rules: Rules<SenderOptions> = {
  url: "checked",
  weir: "checked",
  route: "checked",
  token: "checked",
  interval: { from: 0, to: LONGEST },
  buffer: { from: 0, to: Number.MAX_SAFE_INTEGER },
  longestPause: { from: 1, to: LONGEST },
  timeout: { from: 1, to: LONGEST },
  onLoss: "function",
};

/** What a sender goes by. */
export interface Settings extends Pick<SenderOptions, "weir" | "token" | "onLoss"> {
  readonly url: URL;
  readonly route: string;
  readonly buffer: number;
  readonly interval: number;
  readonly longestPause: number;
  readonly timeout: number;
}

/** @throws {UsageError} as `createSender()` says */
export function settingsOf(options: SenderOptions = {} as SenderOptions): Settings {
  checkOptions(options, rules);
  const { weir, token, onLoss } = options;
  if (typeof weir?.run !== "function" || !Array.isArray(weir.layout))
    throw new UsageError("W904", "weir: expected what compile() gives");
  if (!["string", "function", "undefined"].includes(typeof token))
    throw new UsageError("W904", "token: expected a text, or a function that gives one");
  const { buffer = 1 << 20, interval = 5_000, longestPause = 60_000, timeout = 30_000 } = options;
  const [url, route] = [addressOf(options.url), routeOf(weir, options.route)];
  return { url, weir, route, token, onLoss, buffer, interval, longestPause, timeout };
}

function addressOf(url: string | URL): URL {
  try {
    const address = new URL(url, globalThis.location?.href);
    if (/^https?:$/.test(address.protocol)) return address;
  } catch {
    // It is none.
  }
  throw new UsageError("W904", "url: expected an address, of http or https");
}

/** The route that is meant: of those that give NDJSON and leave where it goes to us. */
function routeOf(weir: Weir, name: string | undefined): string {
  const plain = weir.layout.filter(({ contentType, request }) => contentType === TYPE && !request);
  const route = name ?? (weir.routes.length === 1 ? weir.routes[0] : undefined);
  if (route !== undefined && plain.some((each) => each.name === route)) return route;
  const expected =
    plain.length === 0
      ? "expected a policy with a route that gives NDJSON and has no destination"
      : `expected one of ${plain.map((each) => each.name).join(", ")}`;
  throw new UsageError("W905", `route: ${expected}; destinations are the forwarder's`);
}
