// The Worker: which address is what, and what happens to a request that wants to be taken.
import { FaultError } from "../errors.js";
import type { Policy, Widened } from "../types.js";
import { authenticate, hasToken } from "./authenticate.js";
import { checkLength, formatOf, unpacked, whole } from "./body.js";
import { health, metrics, policy as tellPolicy } from "./books.js";
import { bytesOf, sha256 } from "./crypto.js";
import { deliver } from "./deliver.js";
import { log } from "./log.js";
import type { Env, QueueMessages } from "./platform.js";
import { json, Refusal, refusal } from "./problem.js";
import { codeOf, type ForwarderOptions, isReady, Preparation, type Setup } from "./setup.js";
import { type SourceOptions, sourcesOf } from "./sources.js";
import { take } from "./take.js";

/** A Worker's handlers, for `export default`. */
export interface Forwarder {
  /** Takes events at `POST /in/SOURCE`, and tells of itself. */
  fetch(request: Request, env: Env): Promise<Response>;
  /** Delivers what a destination's queue hands out. */
  queue(messages: QueueMessages, env: Env): Promise<void>;
  /** Lets the ledgers forget what was settled a week ago; for a cron trigger, once a day. */
  scheduled(event: unknown, env: Env): Promise<void>;
}

/** What a token for admins, one for what scrapes metrics, are bound as. */
const ADMIN = ["ADMIN_TOKEN"];
const SCRAPERS = ["METRICS_TOKEN", "ADMIN_TOKEN"];

/** For how long a repetition is known as one, in milliseconds: a week. */
const MEMORY = 7 * 24 * 3_600_000;

/**
 * Makes a forwarder: a Worker that takes events from the platforms, lets the policy work on them, and brings what it lets
 * out to its destinations.
 *
 * A request is answered with 200 when all of its records are in the destinations' queues or in the bucket, and with a
 * problem document (RFC 9457) when none is taken. While something could leak through the policy, nothing is taken.
 *
 * Bindings: `STORE` (R2), `LEDGER` (the Durable Object `Ledger`), a queue for each route with a destination
 * (`QUEUE_OPS` for `ops`), and the secrets that sources and destinations name.
 *
 * @throws {PolicyError} where the policy has mistakes: the Worker cannot be deployed
 */
export function forwarder(
  policy: Policy | Widened<Policy> | string,
  options: ForwarderOptions = {},
): Forwarder {
  const preparation = new Preparation(policy, options);
  const sources = sourcesOf(options.sources);
  const now = options.clock ?? Date.now;

  const answer = async (request: Request, env: Env): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const [, first = "", name = "", ...more] = pathname.split("/");
    const allow = (method: string) => {
      if (request.method !== method) throw new Refusal("W923");
    };
    const admit = async (names: readonly string[]) => {
      if (!(await hasToken(request, env, names))) throw new Refusal("W921");
    };
    if (first === "in" && more.length === 0) return receive(request, env, name);
    if (name !== "") throw new Refusal("W922");
    switch (first) {
      case "health":
        allow("GET");
        return health(preparation.setup(env));
      case "metrics":
        allow("GET");
        await admit(SCRAPERS);
        return metrics(ready(env));
      case "policy":
        allow("GET");
        await admit(ADMIN);
        return tellPolicy(preparation, preparation.setup(env));
      case "test":
        allow("POST");
        await admit(ADMIN);
        return test(request, env);
      default:
        throw new Refusal("W922");
    }
  };

  const ready = (env: Env): Setup => {
    const setup = preparation.setup(env);
    if (isReady(setup)) return setup;
    const codes = [...new Set(setup.problems.map(({ code }) => code))].join(" ");
    log("error", "not set up", { missing: setup.bindings.join(" "), problems: codes });
    throw new Refusal("W927");
  };

  const receive = async (request: Request, env: Env, name: string): Promise<Response> => {
    const source = sources.get(name);
    const cors = source ? corsOf(request, source) : {};
    if (request.method === "OPTIONS" && "access-control-allow-origin" in cors) {
      return new Response(null, { status: 204, headers: { ...cors, ...PREFLIGHT } });
    }
    let response: Response;
    try {
      response = await takeFrom(request, env, name, source);
    } catch (error) {
      response = refused(error, name);
    }
    for (const [header, value] of Object.entries(cors)) response.headers.set(header, value);
    return response;
  };

  const takeFrom = async (
    request: Request,
    env: Env,
    name: string,
    source: SourceOptions | undefined,
  ): Promise<Response> => {
    if (request.method !== "POST") throw new Refusal("W923");
    const limits = { signedBytes: 10_000_000, ...options.limits };
    let raw: Promise<Uint8Array<ArrayBuffer> | undefined> | undefined;
    const body = () => {
      raw ??= whole(request.body, limits.signedBytes).catch(() => {
        throw new Refusal("W926");
      });
      return raw;
    };
    // An unknown source is answered as a wrong secret is.
    const admission =
      source && (await authenticate(source, { request, env, source: name, now: now(), body }));
    if (!source || !admission) throw new Refusal("W921");
    const setup = ready(env);
    checkLength(request.headers, setup.limits.bodyBytes);
    const format = formatOf(request.headers);
    const named = admission.signature ?? idOf(request, source);
    const id = named === undefined ? crypto.randomUUID() : await sha256(JSON.stringify([name, named]));
    if (named !== undefined) {
      const { records } = await setup.ledgers.ask(undefined, "seen", { request: id });
      if (records !== undefined) return json({ records, repeated: true });
    }
    const bytes = raw === undefined ? request.body : new Blob([(await raw) ?? bytesOf("")]).stream();
    const chunks = unpacked(bytes ?? new Blob([]).stream(), request.headers, setup.limits);
    const { records, kept, filtered, quarantined } = await take(
      setup,
      { source: name, request: id, format },
      chunks,
    );
    log("info", "taken", { source: name, records, kept, filtered, quarantined });
    return json({ records });
  };

  /** A marked event, or those of the body, through every route; tells which took it. */
  const test = async (request: Request, env: Env): Promise<Response> => {
    const setup = ready(env);
    const given = await whole(request.body, 1_000_000);
    if (given === undefined) throw new Refusal("W924");
    const marked = JSON.stringify({
      event: "logweir.test",
      id: crypto.randomUUID(),
      time: new Date(now()).toISOString(),
    });
    const body = given.length > 0 ? given : bytesOf(`${marked}\n`);
    const claim = { source: "test", request: crypto.randomUUID(), format: "auto" as const };
    const { records, kept, filtered, quarantined, reasons, routes } = await take(setup, claim, only(body));
    return json({ records, kept, filtered, quarantined, reasons, routes });
  };

  const refused = (error: unknown, source?: string): Response => {
    const isFault = error instanceof FaultError;
    if (isFault) preparation.renew();
    const code = error instanceof Refusal ? error.code : "W928";
    const level = code === "W928" ? "error" : "warn";
    log(level, code === "W928" ? "not taken" : "refused", {
      source: source !== undefined && sources.has(source) ? source : undefined,
      code,
      ...(code === "W928" && { cause: codeOf(error) }),
    });
    return refusal(code);
  };

  return {
    async fetch(request, env) {
      try {
        return await answer(request, env);
      } catch (error) {
        return refused(error);
      }
    },
    async queue(messages, env) {
      await deliver(ready(env), messages);
    },
    async scheduled(_event, env) {
      const { ledgers, routes } = ready(env);
      const before = now() - MEMORY;
      for (const route of [undefined, ...routes.keys()]) await ledgers.ask(route, "forget", { before });
    },
  };
}

/** What pages ask before they post (Fetch, "CORS protocol"). */
const PREFLIGHT = {
  "access-control-allow-methods": "POST",
  "access-control-allow-headers":
    "authorization, content-type, content-encoding, idempotency-key, x-logweir-batch",
  "access-control-max-age": "86400",
};

function corsOf(request: Request, { origins = [] }: SourceOptions): Record<string, string> {
  const origin = request.headers.get("origin");
  if (origin === null) return {};
  const any = origins.includes("*");
  if (!any && !origins.includes(origin)) return {};
  return {
    "access-control-allow-origin": any ? "*" : origin,
    "access-control-expose-headers": "retry-after",
    vary: "origin",
  };
}

/** How the sender names the request, if it does. */
function idOf({ headers, url }: Request, { id }: SourceOptions): string | undefined {
  const names = [...(id === undefined ? [] : [id]), "x-logweir-batch", "idempotency-key"];
  const found = names.map((name) => headers.get(name)).find((value) => value !== null && value !== "");
  return found ?? new URL(url).searchParams.get("batch") ?? undefined; // a beacon has no headers
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}
