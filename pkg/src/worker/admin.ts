// What a forwarder tells, and to whom.
import { hasToken } from "./authenticate.js";
import { whole } from "./body.js";
import { health, metrics, policy } from "./books.js";
import { log } from "./log.js";
import { type Env, secret } from "./platform.js";
import { json, Refusal } from "./problem.js";
import { corsOf } from "./receive.js";
import { type ReplayRequest, replay } from "./replay.js";
import type { ForwarderOptions, Setup } from "./setup.js";
import type { SourceOptions } from "./sources.js";
import { tail } from "./tail.js";
import { ready, type Scope, type Tenants } from "./tenants.js";
import { fateOf, test } from "./trial.js";
import { tellSources } from "./watch.js";

/** The largest request for a replay, in bytes. */
const ASKED = 100_000;

/** What a token for admins, one for what scrapes metrics, and one for the tail are bound as. */
const ADMIN = ["ADMIN_TOKEN"];
const SCRAPERS = ["METRICS_TOKEN", "ADMIN_TOKEN"];
const READERS = ["TAIL_TOKEN"];
const REPLAYERS = ["REPLAY_TOKEN"];

/** The forwarder's own secrets. */
const ofAll = (env: Env) => async (name: string) => secret(env, name);

/** What a page asks before it reads the tail. */
const PREFLIGHT = {
  "access-control-allow-methods": "GET",
  "access-control-allow-headers": "authorization",
  "access-control-max-age": "86400",
};

/** Answers everything but `/in`. */
export class Admin {
  readonly #tenants: Tenants;
  readonly #options: ForwarderOptions;
  readonly #sources: ReadonlyMap<string, SourceOptions>;

  constructor(tenants: Tenants, options: ForwarderOptions, sources: ReadonlyMap<string, SourceOptions>) {
    this.#tenants = tenants;
    this.#options = options;
    this.#sources = sources;
  }

  /** @param path the address, without the slash at its beginning */
  async answer(
    request: Request,
    env: Env,
    [first = "", name = "", ...more]: readonly string[],
  ): Promise<Response> {
    const { method, url } = request;
    const { searchParams } = new URL(url);
    const allow = (...methods: readonly string[]) => {
      if (!methods.includes(method)) throw new Refusal("W923");
    };
    const admit = async (names: readonly string[]) => {
      if (!(await hasToken(request, ofAll(env), names))) throw new Refusal("W921");
    };
    if (more.length > 0 || (name !== "" && first !== "test")) throw new Refusal("W922");
    const within = (work: (scope: Scope) => Promise<Response>) =>
      this.#within(env, searchParams.get("tenant"), work);
    switch (first) {
      case "health":
        allow("GET");
        return this.#within(env, null, async ({ setup }) => health(setup));
      case "metrics":
        allow("GET");
        await admit(SCRAPERS);
        return within((scope) => metrics(ready(scope)));
      case "policy":
        allow("GET");
        await admit(ADMIN);
        return within((scope) => policy(scope, this.#options.tenants && this.#tenants, env));
      case "sources":
        allow("GET");
        await admit(ADMIN);
        return within((scope) => tellSources(ready(scope), this.#sources));
      case "test":
        allow(name === "" ? "POST" : "GET");
        await admit(ADMIN);
        return within((scope) => (name === "" ? test(ready(scope), request) : fateOf(ready(scope), name)));
      case "replay":
        allow("POST");
        await admit(REPLAYERS);
        return within((scope) => again(ready(scope), request));
      case "tail":
        return this.#tail(request, env, searchParams);
      default:
        throw new Refusal("W922");
    }
  }

  /** The CORS headers of an address. */
  corsOf(request: Request, first: string | undefined): Record<string, string> {
    return first === "tail" ? corsOf(request, this.#options.tailOrigins) : {};
  }

  async #tail(request: Request, env: Env, parameters: URLSearchParams): Promise<Response> {
    if (request.method === "OPTIONS" && "access-control-allow-origin" in this.corsOf(request, "tail")) {
      return new Response(null, { status: 204, headers: PREFLIGHT });
    }
    if (request.method !== "GET") throw new Refusal("W923");
    const tenant = parameters.get("tenant");
    if (tenant !== null && !this.#tenants.isName(tenant)) throw new Refusal("W921");
    // A tenant's own token, for that tenant alone; or the forwarder's, for any.
    const own = (name: string) => this.#tenants.secret(env, tenant ?? undefined, name);
    const isIn = (await hasToken(request, own, READERS)) || (await hasToken(request, ofAll(env), READERS));
    if (!isIn) throw new Refusal("W921");
    return this.#within(
      env,
      tenant,
      (scope) => tail(ready(scope), parameters.get("q") ?? "", request.signal),
      "W921",
    );
  }

  /** @param otherwise what is answered where there is no such tenant */
  async #within(
    env: Env,
    tenant: string | null,
    work: (scope: Scope) => Promise<Response>,
    otherwise: "W921" | "W929" = "W929",
  ): Promise<Response> {
    if (tenant !== null && !this.#tenants.isName(tenant)) throw new Refusal(otherwise);
    const scope = await this.#tenants.enter(env, tenant ?? undefined);
    try {
      if (tenant !== null && !scope.known) throw new Refusal(otherwise);
      return await work(scope);
    } finally {
      scope.release();
    }
  }
}

/** What was kept, run again; a part of it at a time. */
async function again(setup: Setup, request: Request): Promise<Response> {
  const given = await whole(request.body, ASKED);
  if (given === undefined) throw new Refusal("W924");
  let asked: ReplayRequest;
  try {
    asked = JSON.parse(new TextDecoder().decode(given));
  } catch {
    throw new Refusal("W931");
  }
  const answer = await replay(setup, asked);
  const { routes: _, next, ...counts } = answer;
  log("info", "replayed", counts);
  return json(answer);
}
