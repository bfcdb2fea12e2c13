// Whose events they are, and by which policy and with which secrets they are worked on: the forwarder's own, a tenant's
// out of Workers KV, or the partner's, which overrides all others.
import type { Quota } from "../types.js";
import { log } from "./log.js";
import { binding, type Env, secret, type TextsBinding } from "./platform.js";
import { Refusal } from "./problem.js";
import { type ForwarderOptions, isReady, type Missing, type Preparation, type Setup } from "./setup.js";
import { type Made, type Secrets, Tenant, textsOf } from "./tenant.js";

/**
 * Many customers of one forwarder. In the namespace that is bound as `TENANTS`: `policy/NAME` a tenant's policy,
 * `secrets/NAME` its secrets (an object of texts), `policy` the partner's, which overrides all others. Changes are live
 * within two minutes.
 */
export interface TenantOptions {
  /**
   * By source, the fields that tell whose an event is, where the address does not: paths or common fields, such as
   * `["@customer.external_id", "@customer.id"]`. The first that has a value counts; an event without is the forwarder's own.
   */
  readonly fields?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Events of a tenant that the namespace does not have: refused with 404 (`W929`, the default), or taken as the forwarder's own. */
  readonly unknown?: "refuse" | "own" | undefined;
  /** What is taken from a tenant in a minute: what comes after that is answered by 429 (`W930`). Unlimited by default. */
  readonly quota?: Quota | undefined;
}

/** How long an isolate trusts what it has read of the namespace, in milliseconds. */
const AGE = 30_000;

/** So many tenants an isolate keeps ready: each holds some of its memory. */
const MOST = 32;

/** Of so many it knows the secrets, which come first: of others' requests, nothing else is read. */
const MOST_SECRETS = 1_000;

/** The longest name of a tenant, in characters as they stand in a key (Workers KV: 512 bytes for a key). */
const NAME = 400;

/** By whose policy it is worked. */
export type Author = "own" | "tenant" | "partner";

/** What is taken, delivered and told for one tenant, or for the forwarder itself. To be released after use. */
export interface Scope {
  /** Undefined: the forwarder's own. */
  readonly tenant: string | undefined;
  readonly author: Author;
  /** Whether the namespace has the tenant. */
  readonly known: boolean;
  readonly setup: Setup | Missing;
  /** Undefined where the policy has mistakes. */
  readonly preparation: Preparation | undefined;
  /** The tenant's own secrets. */
  readonly secrets: Env;
  release(): void;
}

/** All whom a forwarder works for. */
export class Tenants {
  readonly #own: Preparation;
  readonly options: ForwarderOptions;
  /** Those that were used last stand last. */
  readonly #kept = new Map<string, Tenant>();
  /** The same of secrets alone, and of names for which there are none. */
  readonly #secrets = new Map<string, Secrets>();
  readonly #without = new Map<string, Secrets>();

  constructor(own: Preparation, options: ForwarderOptions) {
    this.#own = own;
    this.options = options;
  }

  /** The time, in milliseconds since 1970. */
  now(): number {
    return (this.options.clock ?? Date.now)();
  }

  /** Whether there are tenants at all, and one may have this name. */
  isName(tenant: string): boolean {
    const length = encodeURIComponent(tenant).length;
    return this.options.tenants !== undefined && length > 0 && length <= NAME;
  }

  /** A secret that senders are held against: a tenant's own comes before the forwarder's, also where it is empty. */
  async secret(env: Env, tenant: string | undefined, name: string): Promise<string | undefined> {
    const { texts = {} } = tenant === undefined ? {} : await this.#secretsOf(env, tenant);
    return secret(Object.hasOwn(texts, name) ? texts : env, name);
  }

  /** What works for a tenant, or for the forwarder itself, in use until it is released. An unknown tenant has what the forwarder's own policy gives it. */
  async enter(env: Env, tenant: string | undefined): Promise<Scope> {
    if (!this.options.tenants) return this.#scope(env, undefined, undefined, undefined);
    const partner = await this.#find(env, "");
    try {
      const found = tenant === undefined ? undefined : await this.#find(env, tenant);
      return this.#scope(env, tenant, partner, found);
    } catch (error) {
      partner.release();
      throw error;
    }
  }

  /** The names of all tenants that the namespace has: by a policy or, if not told otherwise, secrets of their own. */
  async all(env: Env, kinds: readonly string[] = ["policy", "secrets"]): Promise<string[]> {
    const names = new Set<string>();
    for (const kind of kinds) {
      let cursor: string | undefined;
      do {
        const page = await this.#texts(env).list({ prefix: `${kind}/`, ...(cursor && { cursor }) });
        for (const { name } of page.keys) names.add(name.slice(kind.length + 1));
        cursor = page.cursor;
      } while (cursor);
    }
    return [...names];
  }

  /** All handles are made anew: they met a fault. */
  renew(): void {
    this.#own.renew();
    this.#kept.clear();
  }

  #scope(
    env: Env,
    tenant: string | undefined,
    partner: Tenant | undefined,
    found: Tenant | undefined,
  ): Scope {
    const used = [partner, found].filter((each) => each !== undefined);
    const isPartners = partner !== undefined && partner.policy !== null;
    const isTenants = !isPartners && found !== undefined && found.policy !== null;
    const by = isPartners ? partner : isTenants ? found : undefined;
    const made = (): Made => by?.made ?? { preparation: this.#own };
    const author = isPartners ? "partner" : isTenants ? "tenant" : "own";
    const place = { env, secrets: isTenants ? found.secrets : env, tenant, author } as const;
    let setup: Setup | Missing | undefined;
    const setUp = (policy: Made) => ("missing" in policy ? policy.missing : policy.preparation.setup(place));
    return {
      tenant,
      author,
      known: found?.isKnown ?? false,
      get setup() {
        setup ??= found?.missing ?? setUp(made());
        return setup;
      },
      get preparation() {
        const policy = made();
        return "preparation" in policy ? policy.preparation : undefined;
      },
      secrets: found?.secrets ?? {},
      release: () => {
        for (const each of used.splice(0)) each.release();
      },
    };
  }

  async #find(env: Env, name: string): Promise<Tenant> {
    const now = this.now();
    const known = this.#kept.get(name);
    if (known && Math.abs(now - known.at) < AGE) return this.#keep(name, known);
    const [policy, secrets] = await Promise.all([
      this.#texts(env).get(name === "" ? "policy" : `policy/${name}`),
      name === "" ? { text: null, texts: {} } : this.#secretsOf(env, name),
    ]);
    const latest = this.#kept.get(name); // another request may have read it meanwhile
    const isSame = latest !== undefined && latest.policy === policy && latest.secretsText === secrets.text;
    const tenant = isSame ? latest : new Tenant(name, policy, secrets, this.options);
    tenant.at = now;
    return this.#keep(name, tenant);
  }

  async #secretsOf(env: Env, name: string): Promise<Secrets> {
    const now = this.now();
    let found = this.#secrets.get(name) ?? this.#without.get(name);
    if (!found || Math.abs(now - found.at) >= AGE) {
      const text = await this.#texts(env).get(`secrets/${name}`);
      found = { at: now, text, texts: textsOf(text ?? "{}") };
    }
    for (const known of [this.#secrets, this.#without]) known.delete(name);
    // Names that nobody knows would drive out those that somebody does.
    const known = found.text === null ? this.#without : this.#secrets;
    known.set(name, found);
    for (const [oldest] of known) {
      if (known.size <= MOST_SECRETS) break;
      known.delete(oldest);
    }
    return found;
  }

  /** Makes it the one that was used last. */
  #keep(name: string, tenant: Tenant): Tenant {
    tenant.use();
    const before = this.#kept.get(name);
    this.#kept.delete(name);
    // Names that nobody knows would drive out those that somebody does.
    if (name === "" || tenant.isKnown) this.#kept.set(name, tenant);
    if (before !== undefined && before !== tenant) before.retire();
    for (const [other, old] of this.#kept) {
      if (this.#kept.size <= MOST) break;
      this.#kept.delete(other);
      old.retire();
    }
    return tenant;
  }

  #texts(env: Env): TextsBinding {
    const texts = binding<TextsBinding>(env, "TENANTS", "list");
    if (!texts) throw new Refusal("W927");
    return texts;
  }
}

/** @throws {Refusal} `W927` where something is missing, which the log tells */
export function ready({ setup, tenant }: Scope): Setup {
  if (isReady(setup)) return setup;
  const codes = [...new Set(setup.problems.map(({ code }) => code))].join(" ");
  log("error", "not set up", { tenant, missing: setup.bindings.join(" "), problems: codes });
  throw new Refusal("W927");
}
