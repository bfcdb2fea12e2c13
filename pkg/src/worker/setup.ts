// A policy made ready for a Worker's bindings, or what is missing for that.
import type { RouteLayout } from "../border.js";
import { LogweirError, PolicyError } from "../errors.js";
import type { Prepared } from "../request.js";
import { type Jwk, publicKey } from "../sealed.js";
import type { Policy, Problem, Signing, Widened } from "../types.js";
import { compile, type Weir } from "../weir.js";
import type { BodyLimits } from "./body.js";
import { sha256 } from "./crypto.js";
import { Ledgers } from "./entries.js";
import {
  type BucketBinding,
  binding,
  type Env,
  type LedgerBinding,
  type QueueBinding,
  queueName,
  secret,
} from "./platform.js";
import type { SourceOptions } from "./sources.js";
import { TenantStore } from "./tenant-store.js";
import type { Author, TenantOptions } from "./tenants.js";
import { forTail, plain } from "./variants.js";

/** Signs a request for AWS (Signature Version 4), with `aws4fetch` for one; the secrets are in `env`. */
export type Signer = (request: Prepared, signing: Signing, env: Env) => Request | Promise<Request>;

/** How a forwarder differs from what it is with a policy alone. */
export interface ForwarderOptions {
  /** Sources of its own by name, and other settings for the ready-made ones. */
  readonly sources?: Readonly<Record<string, SourceOptions>> | undefined;
  /** By the name of a key in the policy, the name of the secret that holds it (32 bytes or more). */
  readonly keys?: Readonly<Record<string, string>> | undefined;
  /** How large a body may be. Of a record the policy says it (`limits.recordBytes`); 8 MB where it is silent. */
  readonly limits?: Partial<BodyLimits> | undefined;
  /** Who signs what goes to S3. Without one, a policy with such a route is not set up. */
  readonly sign?: Signer | undefined;
  /**
   * Keep all that comes, sealed to the public key `ORIGINALS_KEY`, to be replayed by time. Off by default. Withheld
   * records are kept where the policy says so (`quarantine.originals`).
   */
  readonly originals?: boolean | undefined;
  /** Seconds that a receiver has for its answer; 30 by default. */
  readonly timeout?: number | undefined;
  /** When a batch goes to the dead letters though it might be taken later: hours since it was taken; 72 by default, 336 at most. */
  readonly giveUpAfter?: number | undefined;
  /** Many customers, each with a policy and secrets of its own (Workers KV, bound as `TENANTS`). None by default. */
  readonly tenants?: TenantOptions | undefined;
  /** The pages that may read the tail (CORS): origins. None by default. */
  readonly tailOrigins?: readonly string[] | undefined;
  /** Tells the time in milliseconds since 1970; `Date.now` by default. For tests. */
  readonly clock?: (() => number) | undefined;
}

/** For whom a policy works, and with what. */
export interface Place {
  /** The Worker's bindings. */
  readonly env: Env;
  /** What the secrets of destinations and rules are taken from: of a tenant, only its own. */
  readonly secrets: Env;
  /** Undefined: the forwarder's own. */
  readonly tenant: string | undefined;
  readonly author: Author;
}

/** All that taking and delivering need. */
export interface Setup extends Place {
  readonly preparation: Preparation;
  readonly weir: Weir;
  readonly routes: ReadonlyMap<string, RouteLayout>;
  readonly queues: ReadonlyMap<string, QueueBinding>;
  readonly store: BucketBinding;
  readonly ledgers: Ledgers;
  /** The SHA-256 of the policy, as it was given. */
  readonly policy: () => Promise<string>;
  /** Whom originals are sealed for; undefined where nobody was named, so that none is kept. */
  readonly recipient: Jwk | undefined;
  readonly limits: BodyLimits;
  readonly options: ForwarderOptions;
  readonly now: () => number;
}

/** What keeps a forwarder from taking: names of bindings, and problems of the policy. */
export interface Missing {
  readonly bindings: readonly string[];
  readonly problems: readonly Problem[];
}

/** By default. */
export const LIMITS: BodyLimits = {
  bodyBytes: 100_000_000,
  unpackedBytes: 1_000_000_000,
  signedBytes: 10_000_000,
};

/** What a record may have where the policy does not say: an isolate has 128 MB. */
const RECORD_BYTES = 8_000_000;

/** A policy and options, compiled once for an isolate. */
export class Preparation {
  /** The policy's text. */
  readonly text: string;
  /** What could leak, and what is wrong with the policy. */
  readonly problems: readonly Problem[];
  readonly #options: ForwarderOptions;
  #weir: Weir | undefined;
  /** What shows events to listeners; null where nothing can that does not leak. */
  #tail: Weir | null | undefined;
  /** The keys that they were compiled with. */
  #keys: Readonly<Record<string, string>> = {};
  #hash: Promise<string> | undefined;

  /** @throws {PolicyError} where the policy has mistakes: when the Worker is deployed, not when events come */
  constructor(policy: Policy | Widened<Policy> | string, options: ForwarderOptions) {
    this.#options = options;
    this.text = limited(policy);
    // The keys are in the bindings, which no Worker has before its first event. As it was given: what is read and written
    // again no longer has a member twice.
    const trial = compile(typeof policy === "string" ? policy : this.text, { keys: ANY_KEYS });
    this.problems = leaksOf(trial);
    trial.free();
  }

  /** The SHA-256 of the policy, as it was given. */
  hash(): Promise<string> {
    this.#hash ??= sha256(this.text);
    return this.#hash;
  }

  /** The handles are made anew: they met a fault. */
  renew(): void {
    [this.#weir, this.#tail] = [undefined, undefined];
  }

  /** Gives the memory back. */
  free(): void {
    this.#weir?.free();
    this.#tail?.free();
    this.renew();
  }

  /** What taking and delivering need, or what of it is missing. */
  setup(place: Place): Setup | Missing {
    const { env, secrets, tenant } = place;
    const missing: string[] = [];
    const need = <T>(name: string, found: T | undefined): T => {
      if (found === undefined) missing.push(name);
      return found as T;
    };
    const keys = Object.entries(this.#options.keys ?? {}).flatMap(([name, from]) => {
      const found = secret(secrets, from);
      // A tenant's policy need not have every rule that the forwarder's has; the compiler misses what its rules name.
      return found === undefined && tenant !== undefined ? [] : [[name, need(from, found)] as const];
    });
    const store = need("STORE", binding<BucketBinding>(env, "STORE", "put"));
    const ledger = need("LEDGER", binding<LedgerBinding>(env, "LEDGER", "idFromName"));
    const named = secret(secrets, "ORIGINALS_KEY") ?? secret(env, "ORIGINALS_KEY");
    const recipient = named === undefined ? undefined : publicKey(named);
    const isLacking = recipient === undefined && (named !== undefined || this.#options.originals === true);
    if (isLacking) missing.push("ORIGINALS_KEY, a public key");
    if (missing.length > 0) return { bindings: missing, problems: this.problems };
    let weir: Weir;
    try {
      weir = this.#compile(Object.fromEntries(keys));
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      return { bindings: [], problems: error.problems };
    }
    const routes = new Map(weir.layout.map((route) => [route.name, route]));
    const queues = new Map<string, QueueBinding>();
    for (const { name, request, contentType } of weir.layout) {
      // Of an array there are pieces, which would make no objects.
      if (!request && contentType !== "application/x-ndjson") missing.push(`a destination of ${name}`);
      if (!request) continue;
      queues.set(name, need(queueName(name, tenant), queueOf(env, name, tenant)));
      if (request.sign && !this.#options.sign) missing.push(`sign, for ${name}`);
      for (const slot of slots(request)) need(slot, secret(secrets, slot));
    }
    if (missing.length > 0 || this.problems.length > 0) {
      return { bindings: [...new Set(missing)], problems: this.problems };
    }
    return {
      ...place,
      preparation: this,
      weir,
      routes,
      queues,
      store: tenant === undefined ? store : new TenantStore(store, tenant),
      ledgers: new Ledgers(ledger, tenant),
      policy: () => this.hash(),
      recipient,
      limits: { ...LIMITS, ...this.#options.limits },
      options: this.#options,
      now: this.#options.clock ?? Date.now,
    };
  }

  /** A setup whose policy is a variant of this one; to be freed by whoever asked for it. */
  variant(setup: Setup, policy: string): Setup {
    return { ...setup, weir: compile(policy, { keys: this.#keys }) };
  }

  /** What shows events to listeners: as a route without `allow` would. Undefined where nothing can that does not leak. */
  tail(): Weir | undefined {
    if (this.#tail === undefined) {
      this.#tail = null;
      for (const policy of forTail(this.text)) {
        const weir = compile(policy, { keys: this.#keys });
        if (leaksOf(weir).length === 0) {
          this.#tail = weir;
          break;
        }
        weir.free();
      }
    }
    return this.#tail ?? undefined;
  }

  #compile(keys: Readonly<Record<string, string>>): Weir {
    if (this.#weir === undefined || JSON.stringify(this.#keys) !== JSON.stringify(keys)) {
      this.#weir = compile(this.text, { keys });
      [this.#keys, this.#tail] = [keys, undefined];
    }
    return this.#weir;
  }
}

const ANY_KEYS = { "*": new Uint8Array(32) };

const leaksOf = (weir: Weir) => weir.leaks().filter(({ severity }) => severity === "error");

/** The queue of a route. */
export const queueOf = (env: Env, route: string, tenant: string | undefined): QueueBinding | undefined =>
  binding<QueueBinding>(env, queueName(route, tenant), "sendBatch");

/** Whether it is one that takes. */
export const isReady = (setup: Setup | Missing): setup is Setup => "weir" in setup;

/** The secrets that a request names. */
export function slots({ url, headers }: NonNullable<RouteLayout["request"]>): string[] {
  const text = [url, ...headers.map(([, value]) => value)].join("\n");
  return [...text.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_.-]*)\}/g)]
    .map(([, name]) => name as string)
    .filter(
      (name) => name !== "key", // the object's, not a secret
    );
}

/** Before the members of a document: blanks and comments. */
const HEAD = /^\uFEFF?(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*\{/;

/** The policy's text, with the limit of a Worker where it has none; of a text, all else stays as it is. */
export function limited(policy: Policy | Widened<Policy> | string): string {
  const given = typeof policy === "string" ? plain(policy) : policy;
  const text = typeof policy === "string" ? policy : JSON.stringify(policy, null, 2);
  if (typeof given !== "object" || given === null) return text;
  const { limits } = given as { limits?: unknown };
  if (limits === undefined) return text.replace(HEAD, `$&"limits":{"recordBytes":${RECORD_BYTES}},`);
  if (typeof limits !== "object" || limits === null || "recordBytes" in limits) return text;
  return JSON.stringify({ ...given, limits: { recordBytes: RECORD_BYTES, ...limits } }, null, 2);
}

/** The code of an error of ours; of any other, nothing is told. */
export const codeOf = (error: unknown): string =>
  error instanceof LogweirError ? error.code : "an error of the platform";
