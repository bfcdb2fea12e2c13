// Lanes of what is watched: sources and their silences, tests and whether they arrive, messages that wait for long.
import { withWorld } from "./taking.mjs";
import { equal, events, numbers, request, SECRETS, toEndpoint, toEndpointOf, until } from "./world.mjs";

const HOUR = 3_600_000;

const later = async (world, milliseconds) => {
  const { clock } = await world.set({}, false);
  await world.set({ clock: clock + milliseconds }, false);
  const worker = await world.flare.getWorker();
  await worker.scheduled({});
};

/** The alerts that came to a receiver. */
const alerts = ({ bodies }) =>
  bodies
    .join("")
    .split("\n")
    .filter((line) => line.includes('"logweir.silence"'))
    .map((line) => JSON.parse(line));

const test = async (world, body) => {
  const response = await request(new URL("/test", world.url), {
    method: "POST",
    headers: { authorization: `Bearer ${SECRETS.ADMIN_TOKEN}` },
    body,
  });
  return response.json();
};

const fate = async (world, id) => (await world.get(`/test/${id}`)).json();

export const watching = [
  [
    "/sources: what was expected and seen; a silence is told, and its end",
    withWorld(
      async (world, to) => {
        await later(world, 60_000);
        await world.post(events(3));
        await world.drain("ops");
        const told = async () => (await (await world.get("/sources")).json()).sources;
        const [before] = await told();
        equal([before.source, before.records, before.silence], ["workato", 3, 7_200], "/sources");
        equal(
          before.types.map(({ type, expected, records }) => [type, expected, records]),
          [
            ["test.event", true, 3],
            ["workato.job", true, 0],
          ],
          "its types",
        );
        await later(world, HOUR);
        await world.drain("ops");
        equal(alerts(to), [], "an hour is no silence");
        for (let at = 0; at < 3; at++) await later(world, 1.1 * HOUR);
        await world.drain("ops");
        const begun = alerts(to).sort((a, b) => (a.type < b.type ? -1 : 1));
        equal(
          begun.map(({ status, level, source, type }) => [status, level, source, type]),
          [
            ["begun", "error", "workato", "test.event"],
            ["begun", "error", "workato", "workato.job"],
          ],
          "told once for each type",
        );
        equal(
          begun.map(({ last }) => last),
          [before.types[0].last, null],
          "since when",
        );
        equal(
          Object.keys(begun[0]).sort().join(),
          "event,id,last,level,message,seconds,source,status,tenant,time,type",
          "its members",
        );
        const [during] = await told();
        equal(
          during.silent.map(({ type }) => type),
          ["test.event", "workato.job"],
          "/sources tells, too",
        );
        await world.post(events(1, 7));
        await later(world, 1_000);
        await world.drain("ops");
        const [ended, ...more] = alerts(to).slice(2);
        equal([ended.status, ended.level, ended.type, more], ["ended", "info", "test.event", []], "its end");
        equal(
          (await told())[0].silent.map(({ type }) => type),
          ["workato.job"],
          "what is still silent",
        );
        equal(numbers(to.bodies), [0, 1, 2, 7], "events beside alerts");
        return `${alerts(to).length} alerts`;
      },
      (base) => toEndpointOf(base, { keep: "n:* OR @level:>=info" }),
      {
        options: { sources: { workato: { expects: ["workato.job", "test.event"], silence: 7_200 } } },
      },
    ),
  ],
  [
    "an alert that fails on its way is raised again, and once",
    withWorld(
      async (world, to) => {
        await later(world, 1_000);
        let [step, from] = [0, 0];
        for (let hit = true; hit; from++) {
          step++;
          await world.post(events(1, from));
          await later(world, 1_000);
          await world.drain("ops");
          to.bodies.length = 0;
          await world.set({ step });
          await later(world, 2 * HOUR).catch(() => {});
          hit = (await world.set()).hit > 0;
          for (let at = 0; at < 2; at++) await later(world, 1_000);
          await world.drain("ops");
          const ids = alerts(to).map(({ id, status }) => `${status} ${id}`);
          equal(new Set(ids).size, 1, `a fault at step ${step}: one silence`);
        }
        return `faults at ${step - 1} steps`;
      },
      toEndpointOf,
      { options: { sources: { workato: { silence: 3_600 } } } },
    ),
  ],
  [
    "a test tells whether it arrived",
    withWorld(
      async (world, to) => {
        await world.set({ down: 8e15, patient: true });
        const { id, routes } = await test(world);
        equal(Object.keys(routes), ["ops", "kept"], "it goes through every route");
        await until(async () => (await fate(world, id)).routes.ops.last !== undefined, "it was tried");
        const before = await fate(world, id);
        equal(
          [before.done, before.routes.ops.waiting, before.routes.kept.delivered],
          [false, 1, 1],
          "under way",
        );
        equal(before.routes.ops.last.startsWith("retry: "), true, "why it waits");
        await world.set();
        await world.drain("ops");
        const after = await fate(world, id);
        equal(
          [after.done, after.routes.ops],
          [true, { records: 1, delivered: 1, dead: 0, waiting: 0, last: after.routes.ops.last }],
          "arrived",
        );
        equal(to.bodies.join("").includes(id), true, "it did");
        const many = await test(world, events(5));
        await world.drain("ops");
        equal((await fate(world, many.id)).routes.ops.records, 5, "a body of its own");
        equal((await world.get("/test/nobody")).status, 404, "another id");
        equal((await world.get(`/test/${id}`, SECRETS.METRICS_TOKEN)).status, 401, "another token");
        return "by route";
      },
      (base) => {
        const policy = toEndpointOf(base, { keep: "n:*" });
        return { ...policy, routes: [{ ...policy.routes[0], when: "n:*" }, { name: "kept" }] };
      },
    ),
  ],
  [
    "waiting uses up no tries of a queue",
    withWorld(
      async (world, to) => {
        const { clock } = await world.set({}, false);
        await world.set({ down: clock + 200 * HOUR }, false);
        await world.post(events(2));
        await world.drain("ops", 60_000);
        equal(numbers(to.bodies), [0, 1], "they arrive");
        const { names } = await world.set();
        const tries = names.filter((name) => name === "fetch").length;
        const renewed = names.filter((name) => name === "send").length - 1;
        equal(renewed > 0, true, "another message takes the place of one");
        equal(await world.standing("ops"), { taken: 2, delivered: 2, dead: 0, waiting: 0 }, "the books");
        return `down for 200 hours: ${tries} tries, ${renewed} messages renewed`;
      },
      toEndpoint,
      { options: { giveUpAfter: 300 } },
    ),
  ],
  [
    "a repetition that comes later has the ids of the first",
    withWorld(
      async (world) => {
        const headers = { "idempotency-key": "again" };
        for (const step of [2, 3, 4]) {
          await world.set({ step, when: "after" });
          const body = events(2, step * 10);
          const named = { headers: { "idempotency-key": `${step}` } };
          equal((await world.post(body, named)).status, 503, `a fault after step ${step}`);
          const { clock } = await world.set();
          await world.set({ clock: clock + 60_000 });
          equal((await world.post(body, named)).status, 200, "the repetition");
          await world.drain("ops");
        }
        await world.post(events(1), { headers });
        await world.drain("ops");
        const found = await world.standing("ops");
        equal(found, { taken: 7, delivered: 7, dead: 0, waiting: 0 }, "the books count each once");
        return "though the output tells the time";
      },
      (base) => ({
        ...toEndpoint(base),
        routes: [
          {
            name: "ops",
            to: { http: { url: `${base}/logs`, batch: "ndjson" } },
            template: '{"n":{{n}},"at":{{{now_utc_micro}}}}',
          },
        ],
      }),
    ),
  ],
  [
    "addresses and networks",
    withWorld(
      async (world) => {
        const from = async (address) =>
          (await world.post(events(1), { source: "net", headers: { "cf-connecting-ip": address } })).status;
        const may = [
          "192.0.2.7",
          "198.51.100.0",
          "198.51.103.255",
          "2001:db8::1",
          "2001:0DB8:0:1::5",
          "::ffff:198.51.100.9",
        ];
        const not = [
          "192.0.2.8",
          "198.51.104.0",
          "2001:db9::1",
          "",
          "198.51.100.0/22",
          "garbage",
          "198.51.100",
          "*",
        ];
        for (const address of may) equal(await from(address), 200, address);
        for (const address of not) equal(await from(address), 401, address);
        return `${may.length} that may, ${not.length} that may not`;
      },
      toEndpoint,
      {
        options: {
          sources: { net: { auth: [{ addresses: ["192.0.2.7", "198.51.100.0/22", "2001:db8::/32"] }] } },
        },
      },
    ),
  ],
];
