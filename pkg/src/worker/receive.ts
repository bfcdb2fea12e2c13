// A request that wants to be taken: whose it is, whether it may, and what it is answered.
import { type Admission, type Asked, authenticate } from "./authenticate.js";
import { checkLength, formatOf, unpacked } from "./body.js";
import { sha256 } from "./crypto.js";
import { type Held, Holder } from "./held.js";
import { log } from "./log.js";
import type { Env } from "./platform.js";
import { json, Refusal } from "./problem.js";
import { type ForwarderOptions, LIMITS, type Setup } from "./setup.js";
import { Splitter, takeShared } from "./shared.js";
import type { SourceOptions } from "./sources.js";
import { type Taken, take } from "./take.js";
import { ready, type Scope, type Tenants } from "./tenants.js";

/** So many tenants one request may have events of: their policies are all in memory until it is taken. */
const MOST_TENANTS = 32;

/** Where a request came in. */
export interface Gate {
  readonly name: string;
  readonly source: SourceOptions | undefined;
  /** As the address tells it. */
  readonly tenant: string | undefined;
}

/** Takes what the sources send. */
export class Receiver {
  readonly #tenants: Tenants;
  readonly #options: ForwarderOptions;
  /** By source. */
  readonly #splitters: ReadonlyMap<string, Splitter>;
  readonly #holder: Holder;

  /** @throws {PolicyError} where a field that tells tenants apart is none */
  constructor(tenants: Tenants, policy: string, options: ForwarderOptions) {
    this.#tenants = tenants;
    this.#options = options;
    const fields = Object.entries(options.tenants?.fields ?? {});
    this.#splitters = new Map(fields.map(([source, fields]) => [source, new Splitter(fields, policy)]));
    this.#holder = new Holder(options.limits?.signedBytes ?? LIMITS.signedBytes);
  }

  /** The core met a fault. */
  renew(): void {
    for (const splitter of this.#splitters.values()) splitter.renew();
  }

  /** @param later work for when the sender has its answer */
  async receive(
    request: Request,
    env: Env,
    { name, source, tenant }: Gate,
    later: (work: Promise<unknown>) => Promise<void>,
  ): Promise<Response> {
    if (request.method !== "POST") throw new Refusal("W923");
    // An unknown source is answered as a wrong secret is.
    if (!source) throw new Refusal("W921");
    if (tenant !== undefined && !this.#tenants.isName(tenant)) throw new Refusal("W922");
    let held: Promise<Held> | undefined;
    const hold = () => {
      held ??= this.#holder.hold(request, () => this.#tenants.now());
      return held;
    };
    const scopes: Scope[] = [];
    try {
      const now = this.#tenants.now();
      const asked: Asked = {
        request,
        secret: (name) => this.#tenants.secret(env, tenant, name),
        source: name,
        tenant,
        now,
        body: async () => (await hold()).bytes,
      };
      // Before that, nothing is read but a tenant's secrets, and no policy compiled.
      const admission = await authenticate(source, asked);
      if (!admission) throw new Refusal("W921");
      const entrance = { request, env, name, source, tenant, later, now, ...admission, held: await held };
      return await this.#receiveFor(entrance, scopes);
    } finally {
      for (const scope of scopes) scope.release();
      await held?.then(
        ({ release }) => release(),
        () => {},
      );
    }
  }

  async #receiveFor(admitted: Entrance, scopes: Scope[]): Promise<Response> {
    const { request, env, name, source, tenant, later, now, signature, held } = admitted;
    const setup = ready(await this.#enter(env, tenant, scopes));
    checkLength(request.headers, setup.limits.bodyBytes);
    // It was let in by something else than its signature, for which it was read as far as it may be.
    if (held && held.bytes === undefined) throw new Refusal("W924");
    const format = formatOf(request.headers);
    const named = signature ?? idOf(request, source);
    // By the tenant of the address, also where it is unknown: names of requests are each sender's own.
    const parts = tenant === undefined ? [name, named] : [name, named, tenant];
    const id = named === undefined ? crypto.randomUUID() : await sha256(JSON.stringify(parts));
    const { at, records: before } = await this.#open(setup, named === undefined ? undefined : id, now);
    if (before !== undefined) return json({ records: before, repeated: true });
    const body = held?.bytes ? streamOf(held.bytes) : (request.body ?? streamOf());
    const chunks = unpacked(body, request.headers, setup.limits);
    const claim = { source: name, request: id, format, at };
    const splitter = setup.tenant === undefined ? this.#splitters.get(name) : undefined;
    const taken = splitter
      ? await takeShared(splitter, setup, claim, chunks, this.#fieldsOf(setup, scopes, env, now))
      : await take(setup, claim, chunks);
    await later(this.#show(taken, scopes));
    const { records, kept, filtered, quarantined } = taken.report;
    log("info", "taken", { source: name, tenant: setup.tenant, records, kept, filtered, quarantined });
    return json({ records });
  }

  /** What works for a tenant that may send, or for the forwarder itself where unknown ones are its own. */
  async #enter(env: Env, tenant: string | undefined, scopes: Scope[]): Promise<Scope> {
    const scope = await this.#tenants.enter(env, tenant);
    scopes.push(scope);
    if (tenant === undefined || scope.known) return scope;
    if (this.#options.tenants?.unknown !== "own") throw new Refusal("W929");
    const own = await this.#tenants.enter(env, undefined);
    scopes.push(own);
    return own;
  }

  /** The same for tenants that fields tell, once for each in a request. */
  #fieldsOf(own: Setup, scopes: Scope[], env: Env, now: number) {
    const setups = new Map<string | undefined, Setup>([[undefined, own]]);
    return async (tenant: string | undefined): Promise<Setup> => {
      const known = setups.get(tenant);
      if (known || tenant === undefined) return known ?? own;
      if (setups.size > MOST_TENANTS) throw new Refusal("W924");
      const scope = this.#tenants.isName(tenant) ? await this.#tenants.enter(env, tenant) : undefined;
      if (scope) scopes.push(scope);
      const isKnown = scope?.known ?? false;
      if (!isKnown && this.#options.tenants?.unknown !== "own") throw new Refusal("W929");
      const setup = scope && isKnown ? ready(scope) : own;
      if (isKnown) await this.#open(setup, undefined, now);
      setups.set(tenant, setup);
      return setup;
    };
  }

  /** Whether it was taken before, and whether its tenant may send more in this minute. */
  async #open(setup: Setup, request: string | undefined, now: number) {
    const quota = setup.tenant === undefined ? undefined : this.#options.tenants?.quota;
    if (request === undefined && quota === undefined) return { at: now };
    const opened = await setup.ledgers.ask(undefined, "open", { request, quota, now });
    if (opened.wait !== undefined) throw new Refusal("W930", opened.wait);
    return opened;
  }

  /** The policies are in use until it has been shown. */
  async #show(taken: Taken, scopes: Scope[]): Promise<void> {
    const used = scopes.splice(0);
    try {
      await taken.show();
    } finally {
      for (const scope of used) scope.release();
    }
  }
}

/** A request that may be taken. */
interface Entrance extends Admission {
  readonly request: Request;
  readonly env: Env;
  readonly name: string;
  readonly source: SourceOptions;
  readonly tenant: string | undefined;
  readonly later: (work: Promise<unknown>) => Promise<void>;
  readonly now: number;
  /** Its body, where that was read already. */
  readonly held: Held | undefined;
}

/** Bytes as a body; nothing by default. */
const streamOf = (...pieces: readonly Uint8Array[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });

/** What pages ask before they post (Fetch, "CORS protocol"). */
export const PREFLIGHT = {
  "access-control-allow-methods": "POST",
  "access-control-allow-headers":
    "authorization, content-type, content-encoding, idempotency-key, x-logweir-batch",
  "access-control-max-age": "86400",
};

/** What a page may read the answer by; nothing where it may not. */
export function corsOf({ headers }: Request, origins: readonly string[] = []): Record<string, string> {
  const origin = headers.get("origin");
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
