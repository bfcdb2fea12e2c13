// logweir replay: what a forwarder kept, run again: there, or from files here.
import { readFile } from "node:fs/promises";
import { Report } from "../account.js";
import { Query, QueryError } from "../entry/inline.js";
import { lineOf, readLetters } from "../letters.js";
import { type Jwk, open, privateKeys } from "../sealed.js";
import type { Report as Account, Bytes, Format } from "../types.js";
import type { ReplayAnswer, ReplayRequest } from "../worker/replay.js";
import type { Arguments } from "./args.js";
import { fileAt, type Identity, sources } from "./inputs.js";
import { write } from "./output.js";
import { loadPolicy } from "./policy.js";
import { Refusal, reason, Unreadable } from "./problem.js";
import { toRoute } from "./run.js";
import { summary } from "./summary.js";

const WHAT = ["quarantine", "dead", "archive", "originals"];

const NEWLINE = Uint8Array.of(10);

/** Which records of a file. */
interface Selection {
  readonly code: string | undefined;
  readonly query: Query | undefined;
}

/** Records for a policy. */
interface Input {
  readonly format: Format;
  readonly bytes: Bytes;
}

/** As often is a part asked for again that failed. */
const TRIES = 5;

/** Gives the exit status. */
export const replay = (args: Arguments): Promise<number> =>
  args.at === undefined ? here(args) : there(args);

async function there(args: Arguments): Promise<number> {
  const [what = "", ...more] = args.paths;
  if (!WHAT.includes(what) || more.length > 0)
    throw new Refusal(`replay --at: expected one of ${WHAT.join(", ")}`);
  if (args.from === undefined) throw new Refusal("--from is missing: from when on was it taken?");
  const url = addressOf(args.at);
  if (args.tenant !== undefined) url.searchParams.set("tenant", args.tenant);
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !isLocal)
    throw new Refusal("--at: expected https, since a token goes there");
  const token = await secretOf(args.token ?? "env:REPLAY_TOKEN");
  const { from, to, name, query, code, outdated, dryRun, count: objects } = args;
  const routes = args.routes.length > 0 ? args.routes : undefined;
  const asked: ReplayRequest = {
    what: what as never,
    from,
    to,
    name,
    query,
    code,
    routes,
    outdated,
    dryRun,
    objects,
  };
  const sum: Record<string, number> = {};
  const routed: Record<string, number> = {};
  let after = args.after;
  do {
    const { next, routes, ...counts } = await part(url, token, { ...asked, after });
    for (const [of, number] of Object.entries(counts)) sum[of] = (sum[of] ?? 0) + (number as number);
    for (const [route, number] of Object.entries(routes)) routed[route] = (routed[route] ?? 0) + number;
    after = next;
    if (after !== undefined)
      process.stderr.write(`${sum.records} records; to go on from here: --after ${after}\n`);
  } while (after !== undefined);
  process.stdout.write(`${JSON.stringify({ ...sum, routes: routed })}\n`);
  return [sum.quarantined, sum.unreadable, sum.outdated].some((number = 0) => number > 0) ? 1 : 0;
}

function addressOf(at: string | undefined): URL {
  try {
    return new URL("/replay", at);
  } catch {
    throw new Refusal("--at: expected the forwarder's address");
  }
}

async function part(url: URL, token: string, asked: ReplayRequest): Promise<ReplayAnswer> {
  for (let tries = 1; ; tries++) {
    const response = await fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(asked),
      redirect: "error",
    }).catch(() => undefined);
    if (response?.ok) return response.json() as Promise<ReplayAnswer>;
    const told = (await response?.json().catch(() => undefined)) as
      | { code?: string; title?: string }
      | undefined;
    const isOpen = response === undefined || response.status >= 500;
    if (!isOpen || tries === TRIES) {
      const why =
        response === undefined ? "no answer" : `${response.status} ${told?.code ?? ""} ${told?.title ?? ""}`;
      throw new Refusal(
        `${url.origin}: ${why}${asked.after === undefined ? "" : `\nto go on: --after ${asked.after}`}`,
      );
    }
    await new Promise((done) => setTimeout(done, 1_000 * 2 ** tries));
  }
}

/** Files of the bucket, and dead letters of `logweir run`, through a policy. */
async function here(args: Arguments): Promise<number> {
  if (args.policy === "") throw new Refusal("--policy is missing: or --at, where a forwarder is to do it");
  const weir = await loadPolicy(args);
  const route = toRoute(weir, args.routes[0]);
  const keys = args.key === undefined ? [] : await keysOf(args.key);
  const query = queryOf(args);
  let complete = true;
  const lost = ({ text }: { text: string }) => {
    complete = false;
    process.stderr.write(text);
  };
  const stdout = fileAt(1);
  const outputs = new Set(stdout === undefined ? [] : [stdout]);
  const reports: Account[] = [];
  const apply = async ({ format, bytes }: Input) => {
    const run = weir.run({ format, now: args.now });
    for (const { batches } of [run.push(bytes), run.finish()]) {
      for (const batch of batches) if (batch.route === route) await write(process.stdout, batch.body);
    }
    reports.push(run.report);
  };
  const left = { spoilt: 0, gone: 0, broken: 0 };
  for await (const { bytes, format } of wholes(args.paths, keys, outputs, lost)) {
    const input = inputOf(bytes, format, { code: args.code, query });
    for (const why of ["spoilt", "gone", "broken"] as const) left[why] += input[why];
    await apply(input);
  }
  const report = Report.merge(...reports);
  process.stderr.write(summary(report));
  if (left.spoilt > 0) process.stderr.write(`${left.spoilt} more are no JSON, over several lines\n`);
  if (left.gone > 0)
    process.stderr.write(
      `${left.gone} more were not kept: the policy of that run needs {"quarantine":{"originals":true}}\n`,
    );
  if (left.broken > 0) process.stderr.write(`${left.broken} lines among the dead letters are none\n`);
  if (!complete) return 2;
  return report.quarantined + left.spoilt + left.gone + left.broken > 0 ? 1 : 0;
}

/** What each file holds, opened; originals of a request, which come in parts, as one. */
async function* wholes(
  paths: readonly string[],
  keys: readonly Jwk[],
  outputs: ReadonlySet<Identity>,
  lost: (why: { text: string }) => void,
): AsyncGenerator<Input> {
  let [begun, stem, ended]: [Bytes[], string, boolean] = [[], "", true];
  const close = () => {
    if (!ended)
      lost({ text: `logweir: ${stem}: the parts up to the last, which ends in .end, are not all there\n` });
  };
  for await (const { name, chunks } of sources(paths, outputs, lost)) {
    const file = await whole(chunks(() => {})).catch((error) => {
      if (!(error instanceof Unreadable)) throw error;
      lost(error);
    });
    const opened = file && (await plain(keys, file));
    if (file && !opened) lost({ text: `logweir: ${name}: no key opens it\n` });
    const [, of, format, number, end] = /^(.*)\.([a-z]+)\.(\d{4})(\.end)?$/s.exec(name) ?? [];
    if (of === undefined) {
      if (opened !== undefined) yield { format: "auto", bytes: opened };
      continue;
    }
    if (of !== stem) {
      close();
      [begun, stem] = [[], of];
    }
    if (opened !== undefined) begun.push(opened);
    ended = end !== undefined;
    if (!ended) continue;
    if (begun.length === Number(number) + 1)
      yield { format: format as Format, bytes: new Uint8Array(Buffer.concat(begun)) };
    else lost({ text: `logweir: ${name}: not all parts before it are there, or open\n` });
  }
  close();
}

async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(chunk.slice());
  return Buffer.concat(pieces);
}

/** What of a file does not go to the policy. */
interface Left {
  /** Records that are no JSON and cannot stand on one line. */
  readonly spoilt: number;
  /** Letters without their record. */
  readonly gone: number;
  /** Lines that are no letters. */
  readonly broken: number;
}

/** What a file holds for the policy: the records of its letters, those that the query selects, or all of it as it is. */
function inputOf(bytes: Bytes, format: Format, { code, query }: Selection): Input & Left {
  const letters = isLetters(bytes) ? lettersOf(bytes, code) : undefined;
  const { gone = 0, broken = 0 } = letters ?? {};
  if (letters === undefined && query === undefined) return { format, bytes, spoilt: 0, gone, broken };
  const selected =
    letters?.records.filter((record) => query?.matches(record) ?? true) ??
    matchesOf(query as Query, bytes, format);
  const lines = selected.flatMap((record) => lineOf(record) ?? []);
  const joined = Buffer.concat(lines.flatMap((line) => [line, NEWLINE]));
  const spoilt = selected.length - lines.length;
  return { format: "ndjson", bytes: new Uint8Array(joined), spoilt, gone, broken };
}

/** The records of letters, all of them or those of one reason. */
function lettersOf(bytes: Bytes, code: string | undefined) {
  const text = new TextDecoder().decode(bytes);
  const letters = readLetters(text);
  const asked = letters.filter((letter) => code === undefined || code === letter.code);
  const records = asked.flatMap(({ original }) => original ?? []);
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return { records, gone: asked.length - records.length, broken: lines.length - letters.length };
}

function matchesOf(query: Query, bytes: Bytes, format: Format): Bytes[] {
  const run = query.run({ format });
  return [...run.push(bytes), ...run.finish()].map(({ bytes }) => bytes);
}

/** Whether the first line is a dead letter. */
function isLetters(bytes: Bytes): boolean {
  const [first = ""] = new TextDecoder().decode(bytes.subarray(0, 100_000_000)).split("\n", 1);
  try {
    const { code, offset, expected } = JSON.parse(first);
    return typeof code === "string" && typeof offset === "number" && typeof expected === "string";
  } catch {
    return false;
  }
}

async function plain(keys: readonly Jwk[], file: Buffer): Promise<Bytes | undefined> {
  const isSealed = /^eyJ[\w-]+\.\.[\w-]+\.[\w-]*\.[\w-]+\s*$/.test(file.toString("latin1"));
  return isSealed ? open(keys, file.toString("latin1")) : new Uint8Array(file);
}

async function keysOf(path: string): Promise<Jwk[]> {
  const text = await readFile(path, "utf8").catch((error) => {
    throw new Refusal(`--key: ${path}: ${reason(error)}`);
  });
  const keys = privateKeys(text);
  if (keys.length === 0) throw new Refusal(`--key: ${path}: holds no private key of P-256 as JWK`);
  return keys;
}

async function secretOf(option: string): Promise<string> {
  const [, kind, place = ""] = /^(env|file):(.+)$/s.exec(option) ?? [];
  if (kind === undefined) throw new Refusal("--token: expected env:VARIABLE or file:FILE");
  const text = kind === "env" ? process.env[place] : await readFile(place, "utf8").catch(() => undefined);
  if (text === undefined || text.trim() === "") throw new Refusal(`--token: ${option} holds nothing`);
  return text.trim();
}

function queryOf({ query }: Arguments): Query | undefined {
  try {
    return query === undefined ? undefined : new Query(query);
  } catch (error) {
    if (error instanceof QueryError) throw new Refusal(`--query: ${error.message}`);
    throw error;
  }
}
