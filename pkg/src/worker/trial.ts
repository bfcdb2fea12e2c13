// POST /test: a marked event through every route; GET /test/ID: whether it arrived.
import { whole } from "./body.js";
import { only } from "./crypto.js";
import type { Fate } from "./entries.js";
import { json, Refusal } from "./problem.js";
import type { Setup } from "./setup.js";
import { take } from "./take.js";
import { forTest } from "./variants.js";
import { takeOwn } from "./watch.js";

/** The largest body of a test, in bytes. */
const MOST = 1_000_000;

/**
 * Sends a marked event through every route, whatever the policy would leave out; or, as the policy has it, the records of
 * the body. Tells which route took it, and the id under which `GET /test/ID` tells of its arrival.
 */
export async function test(setup: Setup, request: Request): Promise<Response> {
  const given = await whole(request.body, MOST);
  if (given === undefined) throw new Refusal("W924");
  const id = crypto.randomUUID();
  const at = setup.now();
  const marked = { event: "logweir.test", id, time: new Date(at).toISOString() };
  const claim = { source: "logweir", request: id, format: "auto" as const, at, isOwn: true };
  const taken =
    given.length > 0
      ? await take(setup, claim, only(given))
      : await takeOwn(setup, forTest(setup.preparation.text), marked, id, at);
  const text = JSON.stringify(taken.batches);
  await setup.ledgers.ask(undefined, "note", { name: `test ${id}`, text, now: at });
  const { records, kept, filtered, quarantined, reasons, routes } = taken.report;
  return json({ id, records, kept, filtered, quarantined, reasons, routes });
}

/** What became of a test, by route: a route has it when all of its records are `delivered`. */
export async function fateOf({ ledgers }: Setup, id: string): Promise<Response> {
  const { text } = await ledgers.ask(undefined, "noted", { name: `test ${id}` });
  if (text === undefined) throw new Refusal("W922");
  const batches = JSON.parse(text) as Readonly<Record<string, readonly string[]>>;
  const told = await Promise.all(
    Object.entries(batches).map(async ([route, ids]) => {
      const { fates } = await ledgers.ask(route, "fates", { ids });
      return [route, sum(fates)] as const;
    }),
  );
  const isOver = told.every(([, { waiting }]) => waiting === 0);
  return json({ id, done: isOver, routes: Object.fromEntries(told) });
}

function sum(fates: readonly Fate[]) {
  const of = (name: "records" | "delivered" | "dead") => fates.reduce((all, fate) => all + fate[name], 0);
  const [records, delivered, dead] = [of("records"), of("delivered"), of("dead")];
  const last = fates.find((fate) => fate.last !== undefined)?.last;
  return {
    records,
    delivered,
    dead,
    waiting: records - delivered - dead,
    ...(last !== undefined && { last }),
  };
}
