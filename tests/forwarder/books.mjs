// Lanes of what the forwarder tells of itself, to whom, and of what it needs before it takes anything.
import { withWorld } from "./taking.mjs";
import { equal, events, numbers, SECRETS, toEndpoint } from "./world.mjs";

const leaky = (base) => ({ ...toEndpoint(base), allow: [] });

/** It takes nothing, says so without telling why, and tells an admin. */
const notSetUp = (what, policy, given, expected) => [
  what,
  withWorld(
    async (world, to) => {
      const response = await world.post(events(1));
      equal([response.status, (await response.json()).code], [503, "W927"], "it takes nothing");
      equal([(await world.get("/health", "")).status], [503], "/health");
      const told = await (await world.get("/policy")).json();
      equal(told.ready, false, "/policy");
      const said = await expected(told);
      equal(to.bodies, [], "nothing left");
      return said;
    },
    policy,
    given,
  ),
];

export const books = [
  [
    "/health, /metrics, /policy, each to whom it may concern",
    withWorld(async (world) => {
      equal(await (await world.get("/health", "")).json(), { status: "ready" }, "/health to anybody");
      for (const [path, method = "GET"] of [["/metrics"], ["/policy"], ["/test", "POST"]]) {
        for (const token of ["", "wrong", SECRETS.WORKATO_TOKEN]) {
          const response = await world.get(path, token, method);
          equal([response.status, (await response.json()).code], [401, "W921"], `${path} with another token`);
        }
      }
      equal(
        (await world.get("/policy", SECRETS.METRICS_TOKEN)).status,
        401,
        "a scraper's token opens no more",
      );
      equal((await world.get("/metrics", SECRETS.METRICS_TOKEN)).status, 200, "/metrics");
      equal((await world.get("/metrics")).status, 200, "/metrics to an admin");
      const told = await (await world.get("/policy")).json();
      equal(
        [told.ready, told.problems, told.missing, /^[0-9a-f]{64}$/.test(told.sha256)],
        [true, [], [], true],
        "/policy",
      );
      await world.post(`${events(3)}{"n":\n`);
      await world.drain("ops");
      const text = await (await world.get("/metrics")).text();
      for (const line of [
        'logweir_records_total{outcome="kept"} 3',
        'logweir_records_total{outcome="quarantined"} 1',
        'logweir_forwarder_records_total{route="ops",outcome="delivered"} 3',
        'logweir_forwarder_tries_total{route="ops",outcome="delivered"} 1',
        'logweir_forwarder_waiting_records{route="ops"} 0',
      ]) {
        if (!text.includes(`${line}\n`)) throw new Error(`/metrics has no ${line}`);
      }
      return "by their tokens";
    }),
  ],
  [
    "a marked event through every route",
    withWorld(async (world, to) => {
      const told = await (await world.get("/test", SECRETS.ADMIN_TOKEN, "POST")).json();
      equal([told.records, told.kept, told.routes.ops.records], [1, 1, 1], "what it says");
      await world.drain("ops");
      equal(to.bodies.join().includes('"event":"logweir.test"'), true, "it arrives");
      return "arrives";
    }),
  ],
  [
    "the ledgers forget what is long settled",
    withWorld(async (world, to) => {
      const headers = { "idempotency-key": "again" };
      await world.post(events(1), { headers });
      await world.drain("ops");
      const { clock } = await world.set();
      await world.set({ clock: clock + 8 * 86_400_000 });
      const worker = await world.flare.getWorker();
      await worker.scheduled({});
      equal(await (await world.post(events(1), { headers })).json(), { records: 1 }, "it is taken anew");
      await world.drain("ops");
      equal(numbers(to.bodies), [0, 0], "and delivered");
      equal(await world.standing("ops"), { taken: 2, delivered: 2, dead: 0, waiting: 0 }, "the books stay");
      return "after a week";
    }),
  ],
  notSetUp("a policy through which something leaks", leaky, {}, ({ problems }) => {
    equal(problems.length > 0 && problems.every(({ code }) => code.startsWith("F")), true, "leaks");
    return `${problems.length} leaks, each with its mend`;
  }),
  notSetUp(
    "a secret that is missing",
    (base) => ({
      ...toEndpoint(base),
      routes: [{ name: "ops", to: { http: { url: base, headers: { "X-Key": "${NOBODY_SET_IT}" } } } }],
    }),
    {},
    ({ missing }) => {
      equal(missing, ["NOBODY_SET_IT"], "its name");
      return "is told by its name";
    },
  ),
  notSetUp(
    "a key of a rule that is missing",
    (base) => ({
      ...toEndpoint(base),
      redact: [{ key: "password", with: { hash: "pii" } }],
    }),
    { options: { keys: { pii: "PII_KEY" } } },
    ({ missing }) => {
      equal(missing, ["PII_KEY"], "its name");
      return "is told by its name";
    },
  ),
  notSetUp(
    "a route that no store can hold",
    (base) => ({
      ...toEndpoint(base),
      routes: [{ name: "ops", to: "json" }],
    }),
    {},
    ({ missing }) => {
      equal(missing, ["a destination of ops"], "its name");
      return "is told by its name";
    },
  ),
];
