// The tail: what was just taken, redacted, shown to those who listen. It comes after the sender's answer, costs nothing
// while nobody listens, and nobody waits for a listener.
import { FaultError, QueryError } from "../errors.js";
import { Query } from "../query.js";
import type { Bytes, Report } from "../types.js";
import { bytesOf, concat } from "./crypto.js";
import type { Listener, Showing } from "./entries.js";
import { log } from "./log.js";
import { Refusal } from "./problem.js";
import { codeOf, type Preparation, type Setup } from "./setup.js";
import type { Claim } from "./take.js";

/** Of a request, so many bytes are looked at: events behind them are told as lost. */
const LOOKED_AT = 131_072;

/** What a listener is sent at once, in characters. */
const AT_ONCE = 300_000;

/** What waits for a slow reader: whatever is more is told as lost. */
const WAITING = { events: 1_000, characters: 1_000_000 };

/** After so many milliseconds, something that went wrong no longer keeps others from being shown. */
const STALE = 10_000;

/** After so many milliseconds of silence a comment is sent: it keeps the connection, or finds out that it has ended. */
const HEARTBEAT = 5_000;

/** The beginning of a request, as it came: kept until the books tell whether anybody listens. */
export class Sample {
  readonly #pieces: Uint8Array[] = [];
  #bytes = 0;
  /** Whether there is more than is kept. */
  isCut = false;

  add(piece: Uint8Array): void {
    const rest = LOOKED_AT - this.#bytes;
    if (piece.length > rest) this.isCut = true;
    if (rest <= 0) return;
    this.#pieces.push(piece.subarray(0, rest));
    this.#bytes += Math.min(piece.length, rest);
  }

  get bytes(): Bytes {
    return concat(this.#pieces);
  }
}

/** What waits to be shown, by listener. */
interface Outbox {
  waiting: Map<string, { events: string[]; lost: number }>;
  characters: number;
  /** Since when something of it is on its way: milliseconds since 1970. */
  busy: number;
}

/** By policy, then by tenant: of an isolate, one message at a time is on its way to a ledger. */
const outboxes = new WeakMap<Preparation, Map<string, Outbox>>();

/** Shows events to those who listen. Never fails: whoever listens may miss something. */
export async function show(
  setup: Setup,
  claim: Claim,
  sample: Sample,
  { records }: Report,
  listeners: readonly Listener[],
): Promise<void> {
  if (listeners.length === 0) return;
  try {
    const outbox = outboxOf(setup);
    // Where more comes than can be shown, nobody looks at it.
    const showings =
      outbox.characters < AT_ONCE
        ? look(setup, claim, sample, records, listeners)
        : listeners.map(({ id }) => ({ id, events: [], lost: records }));
    await send(setup, outbox, showings);
  } catch (error) {
    if (error instanceof FaultError) setup.preparation.renew();
    log("warn", "not shown", { code: codeOf(error) });
  }
}

/** What of a request is for whom. Queries see what was redacted: a match tells nothing of what was not. */
function look(
  setup: Setup,
  claim: Claim,
  sample: Sample,
  records: number,
  listeners: readonly Listener[],
): Showing[] {
  const weir = setup.preparation.tail();
  const output = weir?.process(sample.bytes, { format: claim.format, now: claim.at });
  // The last one of a sample that was cut is not whole.
  const lost = Math.max(0, records - (output?.report.records ?? 0) + (output && sample.isCut ? 1 : 0));
  const text = output?.batches.map(({ body }) => new TextDecoder().decode(body)).join("") ?? "";
  const lines = text.split("\n").filter((line) => line !== "");
  const head = JSON.stringify({ source: claim.source, at: new Date(claim.at).toISOString() }).slice(0, -1);
  const showings = listeners.map(({ id, query: text }) => {
    const query = text === "" ? undefined : new Query(text, { now: setup.now() });
    const found = lines.filter((line) => query?.matches(line) ?? true);
    query?.free();
    return { id, events: found.map((line) => `${head},"event":${line}}`), lost };
  });
  return showings.filter(({ events, lost }) => events.length > 0 || lost > 0);
}

function outboxOf({ preparation, tenant = "" }: Setup): Outbox {
  const mine = outboxes.get(preparation) ?? new Map<string, Outbox>();
  const outbox = mine.get(tenant) ?? { waiting: new Map(), characters: 0, busy: 0 };
  outboxes.set(preparation, mine.set(tenant, outbox));
  return outbox;
}

/** One message after the other: what comes meanwhile waits for the next. */
async function send({ ledgers, now }: Setup, outbox: Outbox, showings: readonly Showing[]): Promise<void> {
  for (const { id, events, lost } of showings) put(outbox, id, events, lost);
  if (now() - outbox.busy < STALE) return;
  try {
    while (outbox.waiting.size > 0) {
      outbox.busy = now();
      const next = [...outbox.waiting].map(([id, { events, lost }]) => ({ id, events, lost }));
      [outbox.waiting, outbox.characters] = [new Map(), 0];
      await ledgers.ask(undefined, "show", { showings: next });
    }
  } finally {
    outbox.busy = 0;
  }
}

function put(outbox: Outbox, id: string, events: readonly string[], lost: number): void {
  const waiting = outbox.waiting.get(id) ?? { events: [], lost: 0 };
  outbox.waiting.set(id, waiting);
  waiting.lost += lost;
  for (const event of events) {
    if (outbox.characters + event.length > AT_ONCE) {
      waiting.lost++;
    } else {
      outbox.characters += event.length;
      waiting.events.push(event);
    }
  }
}

/** The longest query, in characters: it is kept with the reader's socket. */
const LONGEST = 1_000;

/** Server-Sent Events (WHATWG HTML, section 9.2): what is taken from now on and matches the query. */
export async function tail({ ledgers }: Setup, query: string, signal: AbortSignal): Promise<Response> {
  if (query.length > LONGEST) throw new Refusal("W931");
  try {
    if (query !== "") new Query(query).free();
  } catch (error) {
    throw error instanceof QueryError ? new Refusal("W931") : error;
  }
  const { webSocket } = (await ledgers.listen(query)) as { webSocket?: Socket | null };
  if (!webSocket) throw new Refusal("W930");
  const headers = { "content-type": "text/event-stream", "cache-control": "no-store" };
  signal.addEventListener("abort", () => webSocket.close()); // with the flag `enable_request_signal`
  return new Response(stream(webSocket), { headers });
}

type Socket = WebSocket & { accept(): void };

/** What a socket brings, as far as the reader keeps up; how much was lost is told as soon as it does again. */
function stream(socket: Socket): ReadableStream<Uint8Array> {
  let events: string[] = [];
  let [characters, lost, isOpen] = [0, 0, true];
  let wake = () => {};
  socket.addEventListener("message", ({ data }) => {
    const more = JSON.parse(String(data)) as Showing;
    lost += more.lost;
    for (const event of more.events) {
      if (events.length >= WAITING.events || characters + event.length > WAITING.characters) {
        lost++;
      } else {
        events.push(event);
        characters += event.length;
      }
    }
    wake();
  });
  for (const end of ["close", "error"]) {
    socket.addEventListener(end, () => {
      isOpen = false;
      wake();
    });
  }
  socket.accept();
  const woken = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, HEARTBEAT);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  return new ReadableStream({
    start: (controller) => controller.enqueue(bytesOf(": open\n\n")),
    async pull(controller) {
      if (isOpen && events.length === 0 && lost === 0) await woken();
      const told = events.map((event) => `data: ${event}\n\n`);
      if (lost > 0) told.push(`event: lost\ndata: {"events":${lost}}\n\n`);
      [events, characters, lost] = [[], 0, 0];
      if (told.length > 0 || isOpen) controller.enqueue(bytesOf(told.join("") || ":\n\n"));
      if (!isOpen) controller.close();
    },
    cancel: () => socket.close(),
  });
}
