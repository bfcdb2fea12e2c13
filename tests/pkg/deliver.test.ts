// What a queue hands out together: no destination takes the connections of the others, and a fault of the core is not for ever.
import { setTimeout as pause } from "node:timers/promises";
import { FaultError } from "logweir";
import { afterEach, expect, test, vi } from "vitest";
import { deliver } from "../../pkg/dist/worker/deliver.js";

const really = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = really;
  vi.restoreAllMocks();
});

/** A message for a tenant, as the forwarder makes them. */
function message(tenant: string, n: number) {
  const request = { method: "POST", url: `https://${tenant}.example/${n}`, headers: {}, gzip: false };
  const parcel = {
    version: 1,
    id: String(n).padStart(32, "0"),
    tenant,
    author: "tenant",
    route: "logs",
    to: "http",
  };
  const body = { ...parcel, contentType: "application/x-ndjson", request, records: 1, bytes: 3, policy: "" };
  return {
    body: { ...body, at: 0, taken: Date.now(), body: new TextEncoder().encode("{}\n") },
    attempts: 1,
    timestamp: new Date(),
    ack: vi.fn(),
    retry: vi.fn(),
  };
}

/** Tenants that are all set up. */
function world() {
  const ledgers = {
    ask: async (_: string, call: string, { batches = [] }: { batches?: unknown[] }) =>
      call === "begin" ? { verdicts: batches.map(() => "go") } : { wait: 0 },
  };
  const setup = {
    weir: {},
    env: {},
    options: {},
    routes: new Map(),
    queues: new Map([["logs", {}]]),
    ledgers,
    now: Date.now,
  };
  return {
    options: {},
    now: Date.now,
    renew: vi.fn(),
    enter: async (): Promise<object> => ({ setup, secrets: {}, release() {} }),
  };
}

test.each([
  [1, 4],
  [2, 6],
  [3, 6],
  [6, 6],
])("%d routes at once: so many requests are on their way: %d", async (tenants, most) => {
  vi.spyOn(console, "info").mockImplementation(() => {});
  const open = new Map<string, number>();
  let top = 0;
  globalThis.fetch = async (request) => {
    const { host } = new URL((request as Request).url);
    open.set(host, (open.get(host) ?? 0) + 1);
    top = Math.max(
      top,
      [...open.values()].reduce((sum, each) => sum + each, 0),
    );
    expect(open.get(host)).toBeLessThanOrEqual(Math.max(1, Math.min(4, Math.floor(6 / tenants))));
    await pause(5);
    open.set(host, (open.get(host) ?? 0) - 1);
    return new Response("");
  };
  const messages = Array.from({ length: 30 }, (_, n) => message(`t${n % tenants}`, n));
  await deliver(world() as never, {}, { queue: "tenants", messages });
  for (const { ack } of messages) expect(ack).toHaveBeenCalledTimes(1);
  expect(top).toBe(most);
});

test("a fault of the core: the handles are made anew, and the message comes again", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const tenants = world();
  tenants.enter = async () => ({
    get setup() {
      throw new FaultError();
    },
    secrets: {},
    release() {},
  });
  const one = message("t", 1);
  await deliver(tenants as never, {}, { queue: "tenants", messages: [one] });
  expect(tenants.renew).toHaveBeenCalledTimes(1);
  expect([one.ack.mock.calls.length, one.retry.mock.calls.length]).toEqual([0, 1]);
});
