// What is done every few minutes: alerts of silent sources; and once a day, the ledgers forget what is long settled.
import type { LedgerCalls } from "./entries.js";
import { MEMORY } from "./ledger.js";
import { log } from "./log.js";
import type { Env } from "./platform.js";
import { codeOf, type ForwarderOptions, isReady, type Setup } from "./setup.js";
import type { SourceOptions } from "./sources.js";
import type { Tenants } from "./tenants.js";
import { expectationsOf, watch } from "./watch.js";

/** Tenants of one time: a Worker may ask so many times of others. The next time goes on with the next. */
const AT_ONCE = 200;

const DAY = 24 * 3_600_000;

/** Tends the forwarder's own ledgers, and those of some tenants. One that fails keeps none from being tended. */
export async function tend(
  tenants: Tenants,
  env: Env,
  sources: ReadonlyMap<string, SourceOptions>,
  options: ForwarderOptions,
): Promise<void> {
  const expectations = expectationsOf(sources, options.tenants === undefined);
  const tendOne = async (tenant: string | undefined): Promise<Setup | undefined> => {
    const scope = await tenants.enter(env, tenant);
    try {
      if (!isReady(scope.setup)) return undefined;
      await forget(scope.setup);
      await watch(scope.setup, expectations);
      return scope.setup;
    } finally {
      scope.release();
    }
  };
  const own = await tendOne(undefined);
  if (!own || !options.tenants) return;
  for (const tenant of await next(tenants, env, own)) {
    await tendOne(tenant).catch((error) => log("error", "fault", { tenant, code: codeOf(error) }));
  }
}

/** The tenants whose turn it is. */
async function next(tenants: Tenants, env: Env, { ledgers, now }: Setup): Promise<string[]> {
  const ask = <K extends keyof LedgerCalls>(call: K, given: LedgerCalls[K][0]) =>
    ledgers.ask(undefined, call, given);
  const { text: last = "" } = await ask("noted", { name: "tended" });
  const names = (await tenants.all(env)).sort();
  const rest = names.filter((name) => name > last);
  const turn = (rest.length > 0 ? rest : names).slice(0, AT_ONCE);
  if (names.length > AT_ONCE) await ask("note", { name: "tended", text: turn.at(-1) ?? "", now: now() });
  return turn;
}

/** Forgets in all ledgers of a setup what was settled a week ago. */
async function forget({ ledgers, routes, now }: Setup): Promise<void> {
  const { text } = await ledgers.ask(undefined, "noted", { name: "forgot" });
  if (now() - Number(text ?? 0) < DAY) return;
  const before = now() - MEMORY;
  for (const route of [undefined, ...routes.keys()]) await ledgers.ask(route, "forget", { before });
  await ledgers.ask(undefined, "note", { name: "forgot", text: String(now()), now: now() });
}
