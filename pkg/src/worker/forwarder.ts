// The Worker: which address is what.
import { FaultError } from "../errors.js";
import { documentText } from "../json.js";
import type { Policy, Widened } from "../types.js";
import { Admin } from "./admin.js";
import { deliver } from "./deliver.js";
import { log } from "./log.js";
import { checkForwarder } from "./options.js";
import type { Context, Env, QueueMessages } from "./platform.js";
import { Refusal, refusal } from "./problem.js";
import { corsOf, PREFLIGHT, Receiver } from "./receive.js";
import { codeOf, type ForwarderOptions, Preparation } from "./setup.js";
import { sourcesOf } from "./sources.js";
import { Tenants } from "./tenants.js";
import { tend } from "./tend.js";

/** A Worker's handlers, for `export default`. */
export interface Forwarder {
  /** Takes events at `POST /in/SOURCE`, and tells of itself. */
  fetch(request: Request, env: Env, context?: Context): Promise<Response>;
  /** Delivers what a destination's queue hands out. */
  queue(messages: QueueMessages, env: Env): Promise<void>;
  /** Raises alerts of silent sources, and lets the ledgers forget; for a cron trigger, every few minutes. */
  scheduled(event: unknown, env: Env): Promise<void>;
}

/**
 * Makes a forwarder: a Worker that takes events from the platforms, lets the policy work on them, and brings what it lets
 * out to its destinations.
 *
 * A request is answered with 200 when all of its records are in the destinations' queues or in the bucket, and with a
 * problem document (RFC 9457) when none is taken. While something could leak through the policy, nothing is taken.
 *
 * Bindings: `STORE` (R2), `LEDGER` (the Durable Object `Ledger`), a queue for each route with a destination
 * (`QUEUE_OPS` for `ops`), and the secrets that sources and destinations name; with tenants, `TENANTS` (KV) and
 * `QUEUE_TENANTS`.
 *
 * @throws {PolicyError} where the policy has mistakes: the Worker cannot be deployed
 * @throws {UsageError} `W904` where an option is misspelt or of the wrong kind
 */
export function forwarder(
  policy: Policy | Widened<Policy> | string,
  options: ForwarderOptions = {},
): Forwarder {
  checkForwarder(options);
  const preparation = new Preparation(documentText("policy", policy), options);
  const tenants = new Tenants(preparation, options);
  const sources = sourcesOf(options.sources);
  const receiver = new Receiver(tenants, preparation.text, options);
  const admin = new Admin(tenants, options, sources);

  /** `POST /in/SOURCE` or `/in/SOURCE/TENANT`. */
  const receive = async (request: Request, env: Env, path: readonly string[], context?: Context) => {
    const [, name = "", tenant, ...more] = path;
    if (more.length > 0) throw new Refusal("W922");
    const later = async (work: Promise<unknown>) => {
      if (context === undefined) await work;
      else context.waitUntil(work);
    };
    return receiver.receive(request, env, { name, source: sources.get(name), tenant }, later);
  };

  const refused = (error: unknown, source: string | undefined): Response => {
    if (error instanceof FaultError) {
      tenants.renew();
      receiver.renew();
    }
    const { code, after } = error instanceof Refusal ? error : { code: "W928" as const, after: undefined };
    log(code === "W928" ? "error" : "warn", code === "W928" ? "not taken" : "refused", {
      source: source !== undefined && sources.has(source) ? source : undefined,
      code,
      ...(code === "W928" && { cause: codeOf(error) }),
    });
    return refusal(code, after);
  };

  return {
    async fetch(request, env, context) {
      const path = pathOf(request);
      const [first, name = ""] = path ?? [];
      const source = first === "in" ? sources.get(name) : undefined;
      const cors = source ? corsOf(request, source.origins) : admin.corsOf(request, first);
      let response: Response;
      try {
        if (!path) throw new Refusal("W922");
        const isAsked = request.method === "OPTIONS" && "access-control-allow-origin" in cors;
        if (source && isAsked) response = new Response(null, { status: 204, headers: PREFLIGHT });
        else if (first === "in") response = await receive(request, env, path, context);
        else response = await admin.answer(request, env, path);
      } catch (error) {
        response = refused(error, first === "in" ? name : undefined);
      }
      for (const [header, value] of Object.entries(cors)) response.headers.set(header, value);
      return response;
    },
    async queue(messages, env) {
      await deliver(tenants, env, messages);
    },
    async scheduled(_event, env) {
      try {
        await tend(tenants, env, sources, options);
      } catch (error) {
        if (error instanceof FaultError) tenants.renew();
        throw error;
      }
    },
  };
}

/** The parts of the address; undefined where one is none. */
function pathOf({ url }: Request): string[] | undefined {
  try {
    return new URL(url).pathname.slice(1).split("/").map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
