// A policy made ready for a Worker's bindings, or what is missing for that.
import type { RouteLayout } from "../border.js";
import { LogweirError, PolicyError } from "../errors.js";
import type { Prepared } from "../request.js";
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
  /** Seconds that a receiver has for its answer; 30 by default. */
  readonly timeout?: number | undefined;
  /** When a batch goes to the dead letters though it might be taken later: hours since it was taken; 72 by default. */
  readonly giveUpAfter?: number | undefined;
  /** Tells the time in milliseconds since 1970; `Date.now` by default. For tests. */
  readonly clock?: (() => number) | undefined;
}

/** All that taking and delivering need. */
export interface Setup {
  readonly weir: Weir;
  readonly env: Env;
  readonly routes: ReadonlyMap<string, RouteLayout>;
  readonly queues: ReadonlyMap<string, QueueBinding>;
  readonly store: BucketBinding;
  readonly ledgers: Ledgers;
  readonly limits: BodyLimits;
  readonly options: ForwarderOptions;
  readonly now: () => number;
}

/** What keeps a forwarder from taking: names of bindings, and problems of the policy. */
export interface Missing {
  readonly bindings: readonly string[];
  readonly problems: readonly Problem[];
}

const LIMITS: BodyLimits = { bodyBytes: 100_000_000, unpackedBytes: 1_000_000_000, signedBytes: 10_000_000 };

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
  /** The keys that it was compiled with. */
  #keys = "";

  /** @throws {PolicyError} where the policy has mistakes: when the Worker is deployed, not when events come */
  constructor(policy: Policy | Widened<Policy> | string, options: ForwarderOptions) {
    this.#options = options;
    this.text = limited(policy);
    // The keys are in the bindings, which no Worker has before its first event.
    const trial = compile(this.text, { keys: { "*": new Uint8Array(32) } });
    this.problems = trial.leaks().filter(({ severity }) => severity === "error");
    trial.free();
  }

  /** The SHA-256 of the policy, as it was given. */
  hash(): Promise<string> {
    return sha256(this.text);
  }

  /** The handle is made anew: it met a fault. */
  renew(): void {
    this.#weir = undefined;
  }

  /** What taking and delivering need, or what of it is missing. */
  setup(env: Env): Setup | Missing {
    const missing: string[] = [];
    const need = <T>(name: string, found: T | undefined): T => {
      if (found === undefined) missing.push(name);
      return found as T;
    };
    const keys = Object.entries(this.#options.keys ?? {}).map(
      ([name, from]) => [name, need(from, secret(env, from))] as const,
    );
    const store = need("STORE", binding<BucketBinding>(env, "STORE", "put"));
    const ledger = need("LEDGER", binding<LedgerBinding>(env, "LEDGER", "idFromName"));
    if (missing.length > 0) return { bindings: missing, problems: this.problems };
    let weir: Weir;
    try {
      weir = this.#compile(keys);
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
      queues.set(name, need(queueName(name), binding<QueueBinding>(env, queueName(name), "sendBatch")));
      if (request.sign && !this.#options.sign) missing.push(`sign, for ${name}`);
      for (const slot of slots(request)) need(slot, secret(env, slot));
    }
    if (missing.length > 0 || this.problems.length > 0) {
      return { bindings: [...new Set(missing)], problems: this.problems };
    }
    return {
      weir,
      env,
      routes,
      queues,
      store,
      ledgers: new Ledgers(ledger),
      limits: { ...LIMITS, ...this.#options.limits },
      options: this.#options,
      now: this.#options.clock ?? Date.now,
    };
  }

  #compile(keys: readonly (readonly [name: string, key: string])[]): Weir {
    const used = JSON.stringify(keys);
    if (this.#weir === undefined || this.#keys !== used) {
      this.#weir = compile(this.text, { keys: Object.fromEntries(keys) });
      this.#keys = used;
    }
    return this.#weir;
  }
}

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

/** The policy's text, with the limit of a Worker where it has none. */
function limited(policy: Policy | Widened<Policy> | string): string {
  let plain: unknown = policy;
  try {
    if (typeof policy === "string") plain = JSON.parse(policy);
  } catch {
    return policy as string; // it has comments, or mistakes, which are told of the text as it is
  }
  if (typeof plain !== "object" || plain === null) return typeof policy === "string" ? policy : "null";
  const { limits } = plain as { limits?: unknown };
  const isOpen = limits === undefined || (typeof limits === "object" && limits !== null);
  const own = isOpen ? { limits: { recordBytes: RECORD_BYTES, ...(limits as object | undefined) } } : {};
  return JSON.stringify({ ...plain, ...own }, null, 2);
}

/** The code of an error of ours; of any other, nothing is told. */
export const codeOf = (error: unknown): string =>
  error instanceof LogweirError ? error.code : "an error of the platform";
