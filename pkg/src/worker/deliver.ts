// Delivering: what a queue hands out is sent, the answer read, and each batch settled in the books before it is done.
import { interpret, type Outcome } from "../interpret.js";
import { type Prepared, prepare } from "../request.js";
import { pick, split } from "../split.js";
import type { Batch } from "../types.js";
import type { Settlement } from "./entries.js";
import { log } from "./log.js";
import { day, isParcel, type Parcel, pack, post, unpack } from "./parcel.js";
import { LONGEST_DELAY, type QueueMessage, type QueueMessages } from "./platform.js";
import { codeOf, type Setup } from "./setup.js";

/** How many requests of one invocation are on their way at once: a Worker may have six connections open. */
const AT_ONCE = 4;

/** A queue gives a message up after 100 tries (Cloudflare Queues, `max_retries`): before that we do, and keep it. */
const MOST_TRIES = 95;

/** Seconds that a message waits whose twin is being tried. */
const TWIN = 60;

/** How much of an answer is read, in bytes: Elasticsearch and Firehose tell of each record. */
const ANSWER = 4_000_000;

const HOUR = 3_600_000;

/** Tries each message of a queue. None is acknowledged before what became of it is in the books. */
export async function deliver(setup: Setup, { messages }: QueueMessages): Promise<void> {
  const routes = new Map<string, [QueueMessage, Parcel][]>();
  for (const message of messages) {
    const { body } = message;
    // Somebody else's, or of a route that the policy no longer has: it waits for who mends the set-up.
    if (!isParcel(body) || !setup.queues.has(body.route)) {
      log("error", "not delivered", { reason: "a message of no route" });
      message.retry({ delaySeconds: 3_600 });
      continue;
    }
    const known = routes.get(body.route);
    if (known) known.push([message, body]);
    else routes.set(body.route, [[message, body]]);
  }
  await Promise.all([...routes].map(([route, parcels]) => deliverTo(setup, route, parcels)));
}

async function deliverTo(
  setup: Setup,
  route: string,
  parcels: readonly (readonly [QueueMessage, Parcel])[],
): Promise<void> {
  const { verdicts } = await setup.ledgers.ask(route, "begin", {
    batches: parcels.map(([, { id, records, bytes }]) => ({ id, records, bytes })),
    quota: setup.routes.get(route)?.quota ?? {},
    now: setup.now(),
  });
  const tried = new Set<string>();
  const waiting = parcels.map(([message, parcel], index) => {
    // A queue may hand out a message twice: the twin waits until the other is settled.
    const verdict = tried.has(parcel.id) && verdicts[index] === "go" ? TWIN : verdicts[index];
    tried.add(parcel.id);
    return { message, parcel, verdict };
  });
  const next = async (): Promise<void> => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const { message, parcel, verdict } = one;
      try {
        await handle(setup, message, parcel, verdict);
      } catch (error) {
        // The store, the ledger or the queue: nothing is settled, so it comes again.
        log("error", "fault", { route, id: parcel.id, code: codeOf(error) });
        message.retry({ delaySeconds: delay(message, parcel, 0) });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}

async function handle(
  setup: Setup,
  message: QueueMessage,
  parcel: Parcel,
  verdict: "go" | "settled" | number | undefined,
): Promise<void> {
  if (verdict === "settled") {
    await forget(setup, parcel);
    return message.ack();
  }
  const isLast = message.attempts >= MOST_TRIES || tooOld(setup, parcel);
  if (typeof verdict === "number" && !isLast) {
    return message.retry({ delaySeconds: delay(message, parcel, verdict) });
  }
  const batch = await unpack(parcel, setup.store);
  // Settled a moment ago by a twin of this message, or else a fault of the store.
  if (batch === undefined) return message.retry({ delaySeconds: delay(message, parcel, 60) });
  const outcome = typeof verdict === "number" ? GIVEN_UP : await send(setup, parcel, batch);
  const isOpen = outcome.outcome === "retry" || outcome.outcome === "stop" || outcome.outcome === "unsent";
  const read = isLast && isOpen ? GIVEN_UP : outcome;
  const settlement = isOpen && read === outcome ? undefined : await settle(setup, parcel, batch, read);
  const after = "after" in read ? read.after : undefined;
  const { wait } = await setup.ledgers.ask(parcel.route, "tried", {
    outcome: read.outcome,
    after,
    settlement,
    now: setup.now(),
  });
  const { route, id, records } = parcel;
  const told = { route, id, records, outcome: read.outcome, reason: read.reason };
  log(read.outcome === "delivered" ? "info" : "warn", settlement ? "delivered" : "not delivered", told);
  if (settlement === undefined) return message.retry({ delaySeconds: delay(message, parcel, wait) });
  await forget(setup, parcel);
  message.ack();
}

/** What became of a try: as `interpret()` has it, or of our own. */
type Try = Outcome | { readonly outcome: "given up" | "unsent"; readonly reason: string };

const GIVEN_UP: Try = { outcome: "given up", reason: "tried too often, or for too long" };

/** Sends a batch, and reads the answer; never follows a redirect. */
async function send(setup: Setup, { to, records }: Parcel, batch: Batch): Promise<Try> {
  const { env, options } = setup;
  let request: Request;
  try {
    request = await signed(setup, await prepare(batch, { secrets: env as Record<string, string> }), batch);
  } catch (error) {
    return { outcome: "unsent", reason: codeOf(error) };
  }
  let answer: { status: number; headers?: Headers; body?: string } = { status: 0 };
  try {
    const signal = AbortSignal.timeout((options.timeout ?? 30) * 1000);
    const response = await fetch(request, { redirect: "manual", signal });
    answer = { status: response.status, headers: response.headers, body: await beginning(response) };
  } catch {
    // Refused, cut, too slow, no TLS: no answer.
  }
  const { status } = answer;
  const read = status <= 599 ? answer : { ...answer, status: 500 };
  return interpret(to, read, { records, now: setup.now() });
}

async function signed({ options, env }: Setup, prepared: Prepared, { request }: Batch): Promise<Request> {
  if (request?.sign && options.sign) return options.sign(prepared, request.sign, env);
  const { url, ...init } = prepared;
  return new Request(url, init);
}

/** An answer's text, as far as it is read. */
async function beginning({ body }: Response): Promise<string> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let [text, bytes] = ["", 0];
  while (reader && bytes < ANSWER) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    text += decoder.decode(value, { stream: true });
  }
  await reader?.cancel();
  return text;
}

/** Brings to safety what is left of a batch that is done with, and tells what became of its records. */
async function settle(setup: Setup, parcel: Parcel, batch: Batch, read: Try): Promise<Settlement> {
  const { id, records } = parcel;
  const end = { id, records, delivered: 0, dead: 0, children: [] };
  if (read.outcome === "delivered") return { ...end, delivered: records };
  // An object of S3 has no halves.
  if (read.outcome === "split" && records > 1 && !batch.request?.sign)
    return { ...end, children: await resend(setup, parcel, split(batch) ?? []) };
  if (read.outcome === "partial") {
    const of = (outcome: string) => pick(batch, (index) => read.records[index] === outcome);
    const [again, dead] = [of("retry"), of("dead")];
    if (dead) await bury(setup, parcel, dead, read.reason);
    const children = await resend(setup, parcel, again ? [again] : []);
    const [lost, open] = [dead?.records ?? 0, again?.records ?? 0];
    return { ...end, dead: lost, delivered: records - lost - open, children };
  }
  await bury(setup, parcel, batch, read.reason);
  return { ...end, dead: records };
}

/** Puts parts of a batch into the queue, each a batch of its own. */
async function resend(
  setup: Setup,
  parcel: Parcel,
  parts: readonly Batch[],
): Promise<Settlement["children"]> {
  const parcels = await Promise.all(parts.map((part) => pack(part, parcel.id, parcel.at, setup.store)));
  await post(setup.queues.get(parcel.route) as never, parcels);
  return parcels.map(({ id, records }) => ({ id, records }));
}

/** Puts a batch to the dead letters: its body, which is redacted, and why it lies there. */
async function bury(setup: Setup, parcel: Parcel, batch: Batch, reason: string): Promise<void> {
  const { route, to, id, at, contentType } = parcel;
  const told = { route, to, reason, at: new Date(at).toISOString(), records: String(batch.records) };
  const key = `dead/${route}/${day(at)}/${id}`;
  await setup.store.put(key, batch.body, { httpMetadata: { contentType }, customMetadata: told });
  log("error", "dead letters", { route, id, records: batch.records, reason });
}

/** Deletes the stored body of a batch that is settled. */
async function forget({ store }: Setup, { body, from }: Parcel): Promise<void> {
  // What stays, also of what has other bodies in it, is ended by the bucket's lifecycle rule.
  if (typeof body === "string" && from === undefined) await store.delete(body).catch(() => {});
}

/** Seconds until the next try: exponential back-off with jitter, or longer where somebody asks for it. */
function delay({ attempts }: QueueMessage, { id }: Parcel, asked: number): number {
  const most = Math.min(5 * 2 ** Math.min(attempts - 1, 10), 3_600);
  // From the id: no two batches come back together, and each try of a test is the same.
  const jitter = Number.parseInt(id.slice(0, 4), 16) / 0x10000;
  return Math.ceil(Math.min(Math.max(asked + 5 * jitter, most * (0.5 + jitter / 2)), LONGEST_DELAY));
}

const tooOld = ({ options, now }: Setup, { at }: Parcel) => now() - at > (options.giveUpAfter ?? 72) * HOUR;
