// Running again what was kept: withheld records, dead letters, the archive, and originals, through today's policy.
import { QueryError, UsageError } from "../errors.js";
import { checkOptions, type Rules } from "../options.js";
import { Query } from "../query.js";
import { privateKeys } from "../sealed.js";
import type { Format, Report } from "../types.js";
import { sha256 } from "./crypto.js";
import { redeliver } from "./letters.js";
import { secret } from "./platform.js";
import { Refusal } from "./problem.js";
import { archivedOf, lettersOf, originalsOf, type Reading, type Records, Unreadable } from "./reread.js";
import type { Setup } from "./setup.js";
import { folder, moment, partsOf, SHELVES, type Shelf } from "./shelf.js";
import { type Claim, take } from "./take.js";

/** What is to be run again. */
export interface ReplayRequest {
  /** What was kept: records withheld, dead letters, what routes without a destination were given, or all that came. */
  readonly what: Shelf;
  /** From when on it was taken: RFC 3339, or milliseconds since 1970. */
  readonly from: string | number;
  /** Up to when, this moment not included; up to now by default. */
  readonly to?: string | number | undefined;
  /** That of one source (`quarantine`, `originals`) or one route (`dead`, `archive`); of all by default. */
  readonly name?: string | undefined;
  /** The records that this query selects; all by default. */
  readonly query?: string | undefined;
  /** Of `quarantine`: those that were withheld for this reason. */
  readonly code?: string | undefined;
  /** The routes that get something; all by default. Of `archive`, those without a destination never do. */
  readonly routes?: readonly string[] | undefined;
  /** Of `dead`: also what another policy made. Such bodies go out as they are, whatever today's policy says. */
  readonly outdated?: boolean | undefined;
  /** Count, and send nothing. */
  readonly dryRun?: boolean | undefined;
  /** How many objects one call looks at, at most; 50 by default, and no more. The free plan's limits allow about five. */
  readonly objects?: number | undefined;
  /** Go on behind what an earlier answer named as `next`. */
  readonly after?: string | undefined;
}

/** What came of it. */
export interface ReplayAnswer {
  /** What was looked at: objects of the bucket, requests of originals. */
  objects: number;
  /** Records that were run again, as in a report; of dead letters, all are kept. */
  records: number;
  /** Those of them that a route of the policy takes. */
  kept: number;
  /** Those that none takes. */
  filtered: number;
  /** Those that are withheld still. */
  quarantined: number;
  /** Records by the routes that took them. */
  routes: Record<string, number>;
  /** Objects that the same replay has sent before: nothing was sent again. */
  repeated: number;
  /** Objects that no private key opens. */
  unreadable: number;
  /** Dead letters left alone, as another policy made them, or the route has another destination now. */
  outdated: number;
  /** There is more: ask again with this as `after`. */
  next?: string;
}

/** A member that nobody reads, such as a misspelt `dryRun`, would send what was only to be counted. */
const RULES: Rules<ReplayRequest> = {
  what: SHELVES,
  from: "checked",
  to: "checked",
  name: "checked",
  query: "checked",
  code: "checked",
  routes: "checked",
  outdated: "boolean",
  dryRun: "boolean",
  objects: "checked",
  after: "checked",
};

/** What one call does at most: then it says where to go on. */
const MOST = { objects: 50, bytes: 16_000_000 };

/** As many keys are asked for at once. */
const PAGE = 500;

/** A replay that is under way. */
export interface Replay {
  readonly setup: Setup;
  readonly request: ReplayRequest;
  readonly reading: Reading;
  readonly routes: ReadonlySet<string>;
  /** When it began, which its query and its end go by: milliseconds since 1970. */
  readonly now: number;
  /** The key behind which it goes on. */
  readonly after: string;
  readonly answer: ReplayAnswer;
}

/**
 * Runs a part of what is asked for. Each object is a request of its own whose name is the same for the same replay, so
 * that what was sent is not sent again, however often it is asked for; nothing of what is kept is lost by it.
 *
 * @throws {Refusal} `W931` where the request makes no sense
 */
export async function replay(setup: Setup, given: unknown): Promise<ReplayAnswer> {
  const begun = begin(setup, given);
  const { answer, request } = begun;
  const [from, to] = stretch(begun);
  const { after } = begun;
  const names = await namesOf(setup, request, after);
  let bytes = 0;
  try {
    for (const name of names) {
      const prefix = folder(request.what, name);
      let startAfter = after.startsWith(prefix) ? after : prefix + moment(from);
      let parts: string[] = [];
      for (let more = true; more; ) {
        const { objects, truncated } = await setup.store.list({ prefix, startAfter, limit: PAGE });
        more = truncated && objects.length > 0;
        for (const { key, size } of objects) {
          startAfter = key;
          const told = partsOf(key);
          if (told === undefined || told.at < from) continue;
          if (told.at >= to) {
            more = false;
            break;
          }
          parts = [...parts.filter((part) => stem(part) === stem(key)), key];
          bytes += size;
          if (!isLast(request.what, key)) continue;
          await again(begun, name, parts);
          parts = [];
          answer.objects++;
          if (answer.objects >= (request.objects ?? MOST.objects) || bytes >= MOST.bytes)
            return { ...answer, next: `${begun.now}:${key}` };
        }
      }
    }
    return answer;
  } finally {
    begun.reading.query?.free();
  }
}

/** Of a request's originals there are parts, of which the last one says so; quarantine also tells places alone. */
const isLast = (what: Shelf, key: string) =>
  what === "originals" ? key.endsWith(".end") : what !== "quarantine" || key.endsWith(".jwe");

/** What the parts of a request's originals have in common. */
const stem = (key: string) => key.replace(/\.\d{4}(\.end)?$/, "");

async function again(run: Replay, name: string, parts: readonly string[]): Promise<void> {
  const { setup, request, answer, routes } = run;
  const key = parts.at(-1) as string;
  if (request.what === "dead") return redeliver(run, name, key);
  const id = await nameOf(run, key);
  const { dryRun = false } = request;
  const now = setup.now();
  const { at, records: before } = dryRun
    ? { at: now }
    : await setup.ledgers.ask(undefined, "open", { request: id, now });
  if (before !== undefined) {
    answer.repeated++;
    return;
  }
  let spoilt = 0;
  try {
    const records = await recordsOf(run, parts, (count) => {
      spoilt += count;
    });
    const { format, chunks } = records;
    const claim: Claim = { source: name, request: id, format, at, isOwn: true, routes };
    const report = dryRun ? await counted(setup, records) : (await take(setup, claim, chunks)).report;
    for (const count of ["records", "kept", "filtered", "quarantined"] as const)
      answer[count] += report[count];
    for (const [route, { records }] of Object.entries(report.routes)) {
      if (routes.has(route)) answer.routes[route] = (answer.routes[route] ?? 0) + records;
    }
    answer.records += spoilt;
    answer.quarantined += spoilt;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    answer.unreadable++;
  }
}

async function recordsOf(
  { reading, request }: Replay,
  parts: readonly string[],
  spoilt: (count: number) => void,
): Promise<Records> {
  const key = parts.at(-1) as string;
  if (request.what === "quarantine") return lettersOf(reading, key, spoilt);
  if (request.what === "archive") return archivedOf(reading, key);
  const [, format = "auto", last] = /\.([a-z]+)\.(\d{4})\.end$/.exec(key) ?? [];
  if (parts.length !== Number(last) + 1) throw new Unreadable();
  return originalsOf(reading, parts, format as Format);
}

/** What the policy would make of it; nothing is kept. */
async function counted({ weir, now }: Setup, { format, chunks }: Records): Promise<Report> {
  const batches = weir.batches(chunks, { format, now: now() });
  for await (const _ of batches) {
    // Counted by the report.
  }
  return batches.report;
}

/** The same for the same replay of the same thing through the same policy. */
async function nameOf({ setup, request, routes, now }: Replay, key: string): Promise<string> {
  const { query = "", code = "", what } = request;
  // Two tries of a request that both left their originals are one request.
  const of = what === "originals" ? stem(key).replace(/-[0-9a-f]{8}\.[a-z]+$/, "") : key;
  // Of times that are told from now on, another moment is another query.
  const moment = /\bnow\b/i.test(query) ? [now] : [];
  return sha256(JSON.stringify(["replay", of, await setup.policy(), query, code, [...routes], ...moment]));
}

async function namesOf({ store }: Setup, { what, name }: ReplayRequest, after: string): Promise<string[]> {
  if (name !== undefined) return [name];
  const names: string[] = [];
  let startAfter = "";
  for (;;) {
    const from = startAfter === "" ? {} : { startAfter };
    const listed = await store.list({ prefix: folder(what), delimiter: "/", ...from });
    const { delimitedPrefixes, truncated } = listed;
    names.push(
      ...delimitedPrefixes.map((prefix) => decodeURIComponent(prefix.slice(folder(what).length, -1))),
    );
    if (!truncated || delimitedPrefixes.length === 0) break;
    startAfter = `${delimitedPrefixes.at(-1)}\u{10ffff}`;
  }
  const sorted = [...new Set(names)].sort((a, b) => (folder(what, a) < folder(what, b) ? -1 : 1));
  return sorted.filter((each) => after < folder(what, each) || after.startsWith(folder(what, each)));
}

function begin(setup: Setup, given: unknown): Replay {
  const request = given as ReplayRequest;
  try {
    checkOptions(request, RULES);
  } catch (error) {
    throw error instanceof UsageError ? new Refusal("W931") : error;
  }
  const { what, name, query, code, routes, after, objects = 1 } = request;
  const texts = [name, query, code, after].every((each) => each === undefined || isText(each));
  const isList =
    routes === undefined || (Array.isArray(routes) && routes.every((each) => setup.routes.has(each)));
  const isCount = Number.isInteger(objects) && objects > 0 && objects <= MOST.objects;
  if (!SHELVES.includes(what) || !texts || !isList || !isCount) throw new Refusal("W931");
  // When it began, and where it goes on: what comes in meanwhile, dead again for one, is none of it.
  const [, begun, at = ""] = after === undefined ? [] : (/^(\d{1,16}):(.+)$/s.exec(after) ?? []);
  if (after !== undefined && begun === undefined) throw new Refusal("W931");
  const now = begun === undefined ? setup.now() : Number(begun);
  const taking = [...setup.routes].filter(([, { request: to }]) => what !== "archive" || to);
  const names = taking.map(([route]) => route).filter((route) => routes?.includes(route) ?? true);
  const reading = {
    store: setup.store,
    keys: privateKeys(
      secret(setup.secrets, "ORIGINALS_PRIVATE_KEY") ?? secret(setup.env, "ORIGINALS_PRIVATE_KEY") ?? "",
    ),
    query: queryOf(query, now),
    code,
  };
  const counts = { objects: 0, records: 0, kept: 0, filtered: 0, quarantined: 0 };
  const answer = { ...counts, routes: {}, repeated: 0, unreadable: 0, outdated: 0 };
  return { setup, request, reading, routes: new Set(names), now, after: at, answer };
}

/** A text that can stand in a key: no half of a surrogate pair alone. */
const isText = (value: unknown) => typeof value === "string" && !/\p{Surrogate}/u.test(value);

function queryOf(text: string | undefined, now: number): Query | undefined {
  try {
    return text === undefined ? undefined : new Query(text, { now });
  } catch (error) {
    if (error instanceof QueryError) throw new Refusal("W931");
    throw error;
  }
}

function stretch({ request, now }: Replay): [from: number, to: number] {
  const { from, to = now + 1 } = request;
  const times = [from, to].map((time) => (typeof time === "string" ? Date.parse(time) : time));
  const [begin = Number.NaN, end = Number.NaN] = times;
  const isTime = (time: unknown) => Number.isSafeInteger(time) && (time as number) >= 0;
  if (!isTime(begin) || !isTime(end) || end > 8.64e15) throw new Refusal("W931");
  return [begin, Math.min(end, now + 1)];
}
