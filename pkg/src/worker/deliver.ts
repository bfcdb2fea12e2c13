// Delivering: what a queue hands out is sent, the answer read, and each batch settled in the books before it is done.
import { FaultError } from "../errors.js";
import { interpret, type Outcome } from "../interpret.js";
import { type Prepared, prepare } from "../request.js";
import { pick, split } from "../split.js";
import type { Batch } from "../types.js";
import { Ledgers, type Settlement } from "./entries.js";
import { log } from "./log.js";
import { addressOf, isParcel, type Parcel, pack, post, unpack } from "./parcel.js";
import {
  type BucketBinding,
  binding,
  type Env,
  type LedgerBinding,
  LONGEST_DELAY,
  type QueueMessage,
  type QueueMessages,
} from "./platform.js";
import { codeOf, isReady, queueOf, type Setup } from "./setup.js";
import { keyOf } from "./shelf.js";
import { TenantStore } from "./tenant-store.js";
import type { Scope, Tenants } from "./tenants.js";

/** How many requests of a route are on their way at once, and of all: a Worker may have six connections open. */
const AT_ONCE = { route: 4, all: 6 };

/** A queue gives a message up after 100 tries (Cloudflare Queues, `max_retries`): before that, another takes its place. */
const MOST_TRIES = 90;

/** Nor does a queue keep a message for ever (24 hours on the free plan, 4 days by default): none waits for longer than this. */
const OLDEST = 18 * 3_600;

/** Seconds that a message waits whose twin is being tried. */
const TWIN = 60;

/** How much of an answer is read, in bytes: Elasticsearch and Firehose tell of each record. */
const ANSWER = 4_000_000;

const HOUR = 3_600_000;

/** Seconds that a message waits whose tenant, route or set-up is not there. */
const MENDING = 300;

/** What settling needs; it is there also where the policy is not set up. */
type Place = Pick<Setup, "env" | "store" | "ledgers" | "now">;

type Delivery = readonly [message: QueueMessage, parcel: Parcel];

/** Tries each message of a queue. None is acknowledged before what became of it is in the books. */
export async function deliver(tenants: Tenants, env: Env, { messages }: QueueMessages): Promise<void> {
  const groups = new Map<string, Delivery[]>();
  for (const message of messages) {
    const { body } = message;
    if (!isParcel(body)) {
      log("error", "not delivered", { reason: "a message of somebody else's" });
      message.retry({ delaySeconds: 3_600 });
      continue;
    }
    const name = JSON.stringify([body.tenant ?? null, body.author, body.route]);
    const known = groups.get(name);
    if (known) known.push([message, body]);
    else groups.set(name, [[message, body]]);
  }
  // Who is slow holds its share of the connections, not the others'.
  const share = Math.max(1, Math.min(AT_ONCE.route, Math.floor(AT_ONCE.all / groups.size)));
  await Promise.all([...groups.values()].map((parcels) => deliverFor(tenants, env, parcels, share)));
}

/** Delivers what one tenant has for one route. */
async function deliverFor(
  tenants: Tenants,
  env: Env,
  deliveries: readonly Delivery[],
  atOnce: number,
): Promise<void> {
  const [, { tenant, author, route }] = deliveries[0] as Delivery;
  const wait = async (seconds: number, reason: string, code?: string) => {
    log("error", "not delivered", { route, reason, code });
    const now = () => tenants.now();
    for (const [message, parcel] of deliveries) {
      const isLast = code === undefined && tooOld({ options: tenants.options, now }, parcel);
      if (isLast) await giveUp({ env, now }, message, parcel, seconds);
      else await again({ env, now }, message, parcel, seconds);
    }
  };
  let scope: Scope | undefined;
  try {
    scope = await tenants.enter(env, tenant);
    const { setup, secrets } = scope;
    if (!isReady(setup)) return await wait(MENDING, "not set up");
    // What was made by a tenant's policy never goes out with the partner's secrets.
    await deliverTo({ ...setup, secrets: author === "tenant" ? secrets : env }, route, deliveries, atOnce);
  } catch (error) {
    if (error instanceof FaultError) tenants.renew(); // here, perhaps nobody ever asks for something else
    await wait(0, "a fault", codeOf(error));
  } finally {
    scope?.release();
  }
}

async function deliverTo(
  setup: Setup,
  route: string,
  parcels: readonly Delivery[],
  atOnce: number,
): Promise<void> {
  // The policy no longer has it: it waits for who mends that, and at last becomes a dead letter.
  const isGone = !setup.queues.has(route);
  const { verdicts } = isGone
    ? { verdicts: parcels.map(() => MENDING) }
    : await setup.ledgers.ask(route, "begin", {
        batches: parcels.map(([, parcel]) => asked(parcel)),
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
        await again(setup, message, parcel, 0);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));
}

/** What the books are asked of. */
const asked = (parcel: Parcel) => ({
  id: parcel.id,
  records: parcel.records,
  bytes: parcel.bytes,
  address: addressOf(parcel),
});

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
  const isLast = tooOld(setup, parcel);
  if (typeof verdict === "number" && !isLast) return again(setup, message, parcel, verdict);
  const batch = await unpack(parcel, setup.store);
  if (batch === undefined && !isLast) {
    // Settled a moment ago by a twin of this message, or else a fault of the store.
    log("error", "not delivered", { route: parcel.route, id: parcel.id, reason: LOST.reason });
    return again(setup, message, parcel, TWIN);
  }
  const outcome =
    batch === undefined || typeof verdict === "number" ? GIVEN_UP : await send(setup, parcel, batch);
  const isOpen = outcome.outcome === "retry" || outcome.outcome === "stop" || outcome.outcome === "unsent";
  if (isOpen && !isLast) {
    const wait = await conclude(setup, parcel, outcome);
    return again(setup, message, parcel, wait);
  }
  await end(setup, message, parcel, batch, isOpen ? GIVEN_UP : outcome);
}

/** A batch is done with: what is left of it is brought to safety, and it is settled in the books. */
async function end(
  place: Place,
  message: QueueMessage,
  parcel: Parcel,
  batch: Batch | undefined,
  outcome: Try,
): Promise<void> {
  const { id, records } = parcel;
  if (batch === undefined) {
    await conclude(place, parcel, LOST, { id, records, delivered: 0, dead: records, children: [] });
  } else await conclude(place, parcel, outcome, await settle(place, parcel, batch, outcome));
  message.ack();
}

/** Puts what became of a try into the books. Gives the seconds for which the destination is left alone. */
async function conclude(
  { ledgers, store, now }: Place,
  parcel: Parcel,
  read: Try,
  settlement?: Settlement,
): Promise<number> {
  const { route, id, records, body, parts } = parcel;
  const bundle = typeof body === "string" && parts !== undefined ? { key: body, parts } : undefined;
  const { wait, spent } = await ledgers.ask(route, "tried", {
    id,
    address: addressOf(parcel),
    outcome: read.outcome,
    reason: read.reason,
    after: "after" in read ? read.after : undefined,
    settlement: settlement && bundle ? { ...settlement, bundle } : settlement,
    now: now(),
  });
  const told = { route, id, records, outcome: read.outcome, reason: read.reason };
  const level = read === LOST ? "error" : read.outcome === "delivered" ? "info" : "warn";
  log(level, settlement ? "delivered" : "not delivered", told);
  if (settlement) await forget({ store }, parcel, spent);
  return wait;
}

/** Makes a dead letter of what can neither be tried nor wait any longer, though the policy may not be set up. */
async function giveUp(
  { env, now }: Pick<Setup, "env" | "now">,
  message: QueueMessage,
  parcel: Parcel,
  delaySeconds: number,
): Promise<void> {
  const { tenant, route, id } = parcel;
  const store = binding<BucketBinding>(env, "STORE", "put");
  const ledger = binding<LedgerBinding>(env, "LEDGER", "idFromName");
  if (!store || !ledger) return message.retry({ delaySeconds });
  const ledgers = new Ledgers(ledger, tenant);
  const place = { env, now, ledgers, store: tenant === undefined ? store : new TenantStore(store, tenant) };
  try {
    const { verdicts } = await ledgers.ask(route, "begin", {
      batches: [asked(parcel)],
      quota: {},
      now: now(),
    });
    if (verdicts[0] !== "settled") {
      return await end(place, message, parcel, await unpack(parcel, place.store), GIVEN_UP);
    }
    await forget(place, parcel);
    message.ack();
  } catch (error) {
    log("error", "fault", { route, id, code: codeOf(error) });
    message.retry({ delaySeconds });
  }
}

/** What became of a try: as `interpret()` has it, or of our own. */
type Try = Outcome | { readonly outcome: "given up" | "unsent"; readonly reason: string };

const GIVEN_UP: Try = { outcome: "given up", reason: "tried for too long" };

/** Its body is not in the store any more: what is left is to say so. */
const LOST: Try = { outcome: "given up", reason: "its body is gone" };

/** Sends a batch, and reads the answer; never follows a redirect. */
async function send(setup: Setup, { to, records }: Parcel, batch: Batch): Promise<Try> {
  const { secrets, options } = setup;
  let request: Request;
  try {
    request = await signed(
      setup,
      await prepare(batch, { secrets: secrets as Record<string, string> }),
      batch,
    );
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

async function signed({ options, secrets }: Setup, prepared: Prepared, { request }: Batch): Promise<Request> {
  if (request?.sign && options.sign) return options.sign(prepared, request.sign, secrets);
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
async function settle(setup: Place, parcel: Parcel, batch: Batch, read: Try): Promise<Settlement> {
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
  setup: Place,
  parcel: Parcel,
  parts: readonly Batch[],
): Promise<Settlement["children"]> {
  const { id: name, at, taken, policy, tenant, author } = parcel;
  const parcels = await Promise.all(
    parts.map((part) => pack(part, { name, at, taken, policy, tenant, author }, setup.store)),
  );
  await post(queueOf(setup.env, parcel.route, tenant) as never, parcels);
  return parcels.map(({ id, records }) => ({ id, records }));
}

/** Puts a batch to the dead letters: its body, which is redacted, and why it lies there. */
async function bury(setup: Place, parcel: Parcel, batch: Batch, reason: string): Promise<void> {
  const { route, to, id, at, contentType, policy, author, request } = parcel;
  const told = { to, reason, policy, author, contentType, records: String(batch.records) };
  // Where the object store's key is part of the address; of other receivers it is today's.
  const customMetadata = request.sign ? { ...told, url: request.url } : told;
  await setup.store.put(keyOf("dead", route, at, id), batch.body, {
    httpMetadata: { contentType },
    customMetadata,
  });
  log("error", "dead letters", { route, id, records: batch.records, reason });
}

/** Deletes the stored body of a batch that is settled; with others in its object, after the last of them. */
async function forget({ store }: Pick<Setup, "store">, { body, from }: Parcel, spent = false): Promise<void> {
  // What stays, after a fault, is ended by the bucket's lifecycle rule.
  if (typeof body === "string" && (from === undefined || spent)) await store.delete(body).catch(() => {});
}

/** A message comes again, or another in its place: waiting never uses up what a queue allows in tries and in time. */
async function again(
  { env, now }: Pick<Setup, "env" | "now">,
  message: QueueMessage,
  parcel: Parcel,
  asked: number,
): Promise<void> {
  const attempts = (parcel.attempts ?? 0) + message.attempts;
  const delaySeconds = delay(attempts, parcel, asked);
  const queue = queueOf(env, parcel.route, parcel.tenant);
  const age = (now() - Number(message.timestamp)) / 1000 + delaySeconds;
  const isFresh = message.attempts < MOST_TRIES && age < OLDEST;
  if (isFresh) return message.retry({ delaySeconds });
  // The queue is not bound any more, though it still hands out: soon it would delete the message.
  if (!queue) return giveUp({ env, now }, message, parcel, delaySeconds);
  try {
    await post(queue, [{ ...parcel, attempts }], delaySeconds);
    message.ack();
  } catch {
    message.retry({ delaySeconds });
  }
}

/** Seconds until the next try: exponential back-off with jitter, or longer where somebody asks for it. */
function delay(attempts: number, { id }: Parcel, asked: number): number {
  const most = Math.min(5 * 2 ** Math.min(attempts - 1, 10), 3_600);
  // From the id: no two batches come back together, and each try of a test is the same.
  const jitter = Number.parseInt(id.slice(0, 4), 16) / 0x10000;
  return Math.ceil(Math.min(Math.max(asked + 5 * jitter, most * (0.5 + jitter / 2)), LONGEST_DELAY));
}

const tooOld = ({ options, now }: Pick<Setup, "options" | "now">, { taken }: Parcel) =>
  now() - taken > (options.giveUpAfter ?? 72) * HOUR;
