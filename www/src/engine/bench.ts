// The policy workbench: what a policy says of itself, and what it does to the events that lie open.
import { check } from "logweir/check";
import { compile, PolicyError, type Weir } from "logweir/store";
import { repaired } from "../intake/repair.js";
import type { Held } from "./held.js";
import type { Job } from "./job.js";
import type { Applied, Found, RouteApplied, Tried, Verdict } from "./protocol.js";
import { synthetic } from "./synthetic.js";

/** Keys are given where a policy runs. Here each is that with which `logweir check` tries policies: hashes join with no others. */
export const keys = { "*": new Uint8Array(32) };
const PREVIEW = 24_000;
const MOST_WITHHELD = 100;
/** Of so many events it is told which routes get them. */
const MOST_FOLLOWED = 2000;

const decoder = new TextDecoder();

export class Bench {
  #compiled: { text: string; weir: Weir } | undefined;

  /** The compiled policy; throws a `PolicyError`. */
  weir(text: string): Weir {
    if (this.#compiled?.text === text) return this.#compiled.weir;
    const weir = compile(text, { keys });
    this.#compiled?.weir.free();
    this.#compiled = { text, weir };
    return weir;
  }

  /** What is wrong with a policy, or what could leak through it. */
  async verdict(text: string): Promise<Verdict> {
    try {
      const weir = this.weir(text);
      const tests = weir.tests.length > 0 ? (await check(weir)).tests : [];
      return { problems: weir.warnings, leaks: weir.leaks(), routes: weir.routes, tests };
    } catch (error) {
      if (error instanceof PolicyError)
        return { problems: error.problems, leaks: [], routes: undefined, tests: [] };
      throw error;
    }
  }

  /** Runs a policy over events: the account, and what each route would get. */
  async apply(held: Held, text: string, job: Job<Found>): Promise<Applied> {
    const rows = held.numbers;
    const weir = this.weir(text);
    const run = weir.run({ format: "json" });
    const routes = new Map<string, RouteApplied>(
      weir.routes.map((name) => [
        name,
        {
          name,
          records: 0,
          bytes: 0,
          bodies: 0,
          to: undefined,
          request: undefined,
          preview: "",
          whole: true,
          rows: [],
        },
      ]),
    );
    const withheld: Applied["withheld"] = [];
    const take = ({ batches, quarantined }: ReturnType<typeof run.push>) => {
      for (const { route, records, body, request, to } of batches) {
        const known = routes.get(route);
        if (!known) continue;
        known.records += records;
        known.bytes += body.length;
        known.bodies += 1;
        known.to ??= to;
        known.request ??= request && { method: request.method, url: request.url, headers: request.headers };
        if (known.preview.length < PREVIEW)
          known.preview += decoder.decode(body.subarray(0, PREVIEW - known.preview.length));
        else known.whole = false;
      }
      for (const { record, code, expected } of quarantined)
        if (withheld.length < MOST_WITHHELD) withheld.push({ row: rows[record] ?? -1, code, expected });
    };
    try {
      for (const [index, row] of rows.entries()) {
        const record = held.record(row);
        take(run.push(record));
        take(run.next());
        // Bodies of a run do not say whose they are: these go alone once more.
        if (index < MOST_FOLLOWED)
          for (const { route, records } of weir.process(record, { format: "json" }).batches)
            if (records > 0) routes.get(route)?.rows.push(row);
        if (!job.due) continue;
        job.tell({ count: run.report.kept, looked: index + 1, of: rows.length });
        await job.pause();
      }
      take(run.finish());
      for (const route of routes.values()) route.whole &&= route.bytes <= PREVIEW;
      return {
        report: structuredClone(run.report),
        places: run.places,
        drift: run.drift,
        routes: [...routes.values()],
        withheld,
        followed: Math.min(rows.length, MOST_FOLLOWED),
      };
    } finally {
      run.free();
    }
  }

  /** A test of the policy, of an event like that one: what each route without a receiver of its own gives now. */
  draft(held: Held, row: number, text: string): object | undefined {
    const weir = this.weir(text);
    const given = synthetic(decoder.decode(held.record(row)));
    if (given === undefined) return undefined;
    const { batches, quarantined, report } = weir.process(given, { format: "json" });
    const lines = batches
      .filter(({ request }) => request === undefined)
      .map(({ route, body }) => [route, parsed(decoder.decode(body))] as const)
      .filter(([, records]) => records !== undefined);
    return {
      name: `${held.catalog.detect(given).type ?? "unknown"}, ${weir.tests.length + 1}`,
      given: JSON.parse(given) as unknown,
      ...(lines.length > 0 && { expect: Object.fromEntries(lines) }),
      ...(report.filtered > 0 && { filtered: report.filtered }),
      ...(quarantined.length > 0 && { quarantined: quarantined.map(({ code }) => code) }),
    };
  }

  /** What a policy does to one record, and why. */
  try(held: Held, row: number, text: string): Tried {
    const weir = this.weir(text);
    const bytes = held.record(row);
    const [trip] = weir.explain(bytes, { format: "json", values: true });
    const { batches } = weir.process(bytes, { format: "json" });
    return {
      before: decoder.decode(bytes),
      trip,
      routes: batches.map(({ route, body, request }) => ({
        name: route,
        body: decoder.decode(body),
        request: request && { method: request.method, url: request.url, headers: request.headers },
      })),
    };
  }
}

/** A policy's text as a value; throws a `PolicyError` that says where it is none. */
export function policyValue(text: string): Record<string, unknown> {
  try {
    return JSON.parse(repaired(text)) as Record<string, unknown>;
  } catch (error) {
    compile(text, { keys }).free();
    throw error;
  }
}

/** A policy's rules and what it accepts, with one plain route: for an export of the events themselves. */
export function plainPolicy(text: string): object {
  const policy = policyValue(text);
  const rules = Array.isArray(policy.redact) ? (policy.redact as Record<string, unknown>[]) : [];
  // A rule for some routes is for all here: who exports must not get more than any route does.
  const redact = rules.map(({ routes: _, ...rule }) => rule);
  const { events: _, ...accept } = { ...(policy.accept as { events?: unknown } | undefined) };
  return {
    logweir: 1,
    accept: { ...accept, unknown: "pass", invalid: "ignore" },
    redact: redact.length > 0 ? redact : [{ use: ["personal", "secrets"] }],
    routes: [{ name: "out", to: "ndjson" }],
  };
}

/** That policy, compiled; what is wrong with it is told by its places in the text. */
export function plainWeir(text: string): Weir {
  const policy = plainPolicy(text);
  try {
    return compile(policy as never, { keys });
  } catch (error) {
    compile(text, { keys }).free();
    throw error;
  }
}

/** In how many ways something could pass an export as it came. */
export function ways(text: string): number {
  const { accept: _, ...policy } = plainPolicy(text) as { accept: object };
  const weir = compile(policy as never, { keys });
  try {
    return weir.leaks().length;
  } finally {
    weir.free();
  }
}

/** The records of a body in one of the plain framings. */
function parsed(body: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return Array.isArray(value) ? value : [value];
  } catch {
    return undefined;
  }
}
