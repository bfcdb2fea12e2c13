// Dead letters, sent again.
import { Report } from "../account.js";
import { requestOf } from "../request.js";
import { pick, recordsOf } from "../split.js";
import type { Batch } from "../types.js";
import { sha256 } from "./crypto.js";
import { pack, post } from "./parcel.js";
import type { StoredObject } from "./platform.js";
import type { Replay } from "./replay.js";
import type { Setup } from "./setup.js";

/**
 * Puts a dead letter, or those of its records that the query selects, into its route's queue again. Its body is what a
 * policy made of records that nobody has any more, so it goes only where today's policy is that policy, unless the
 * caller wants it all the same. Once it is in the queue and in the books, it is dead no longer.
 */
export async function redeliver(run: Replay, route: string, key: string): Promise<void> {
  const { setup, request, answer, reading, routes } = run;
  const { store, ledgers } = setup;
  if (!routes.has(route)) return;
  const object = await store.get(key);
  if (object === null) return; // a moment ago, another replay
  const letter = await letterOf(object, setup, route);
  const policy = await setup.policy();
  if (letter === undefined || (letter.policy !== policy && request.outdated !== true)) {
    answer.outdated++;
    return;
  }
  const [some, others] = parted(letter.batch, reading);
  if (some === undefined) return;
  if (request.dryRun) return count(run, some);
  const now = setup.now();
  // By what is sent, not by how it was asked for: of the same letter, a query may select other records another time.
  const id = await sha256(`${JSON.stringify(["replay", key, policy])}\n`, some.body);
  const seen = await ledgers.ask(undefined, "open", { request: id, now });
  if (seen.records === undefined) {
    const { tenant, author } = setup;
    const { policy } = letter;
    // If it dies again, it is none of what this replay goes through.
    const at = Math.max(seen.at, run.now + 1);
    const parcel = await pack(some, { name: id, at, taken: now, policy, tenant, author }, store);
    await post(setup.queues.get(route) as never, [parcel]);
    await ledgers.ask(route, "enter", { entries: [{ id: parcel.id, records: parcel.records }], now });
    await ledgers.ask(undefined, "close", {
      request: id,
      source: "",
      records: some.records,
      report: Report.merge(),
      now,
    });
    count(run, some);
  } else answer.repeated++;
  if (others === undefined) return void (await store.delete(key));
  const customMetadata = { ...object.customMetadata, records: String(others.records) };
  await store.put(key, others.body, { customMetadata });
}

function count({ answer }: Replay, { route, records }: Batch): void {
  answer.records += records;
  answer.kept += records;
  answer.routes[route] = (answer.routes[route] ?? 0) + records;
}

/** The batch of a dead letter; undefined where its route is no more what it was. */
async function letterOf(
  object: StoredObject,
  { author, routes }: Setup,
  route: string,
): Promise<{ readonly batch: Batch; readonly policy: string } | undefined> {
  const told = object.customMetadata ?? {};
  const { to = "", policy = "", contentType = "", records = "", url } = told;
  const layout = routes.get(route);
  // What a tenant's policy made never goes out with the partner's secrets.
  if (!layout?.request || layout.to !== to || told.author !== author) return undefined;
  const request = requestOf(layout, "");
  const batch = {
    route: layout.name,
    to,
    contentType,
    records: Number(records),
    request: url === undefined ? request : { ...request, url },
    body: new Uint8Array(await object.arrayBuffer()),
  };
  return { batch, policy };
}

/** The records of a batch that a query selects, and the others; an object of S3 goes whole. */
function parted(
  batch: Batch,
  { query }: Replay["reading"],
): [some: Batch | undefined, others: Batch | undefined] {
  if (query === undefined) return [batch, undefined];
  // Elasticsearch has a line before each record.
  const matches = (body: Uint8Array) =>
    new TextDecoder()
      .decode(body)
      .split("\n")
      .some((line) => line.trim() !== "" && query.matches(line));
  if (batch.records === 1 || batch.request?.sign) return [matches(batch.body) ? batch : undefined, undefined];
  const chosen = recordsOf(batch).map(matches);
  return [pick(batch, (index) => chosen[index] === true), pick(batch, (index) => chosen[index] !== true)];
}
