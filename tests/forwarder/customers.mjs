// Lanes of many customers: by address and by field, each with a policy and secrets of its own; the partner's overrides all.
import { createToken } from "logweir/worker";
import { withWorld } from "./taking.mjs";
import { equal, events, numbers, receiver, SECRETS, toEndpointOf, until } from "./world.mjs";

export const TENANTS = ["acme", "globex"];
const fields = ["@customer.external_id", "@customer.id"];
const authorization = { "X-Key": "${KEY}" };

/** Sends to a path of a receiver, with the tenant's key. */
const policyTo = (base, name, more = {}) =>
  toEndpointOf(base, {
    routes: [
      { name: "logs", to: { http: { url: `${base}/${name}`, batch: "ndjson", headers: authorization } } },
    ],
    ...more,
  });

/** A forwarder with two tenants, each with its own key and token; its own events go to `/own`. */
export const withTenants =
  (lane, { tenants = {}, own = {}, ...given } = {}) =>
  async () => {
    const theirs = await receiver(given.theirs);
    const texts = Object.fromEntries(
      TENANTS.flatMap((name) => [
        [`policy/${name}`, policyTo(theirs.base, name)],
        [
          `secrets/${name}`,
          { KEY: `key-of-${name}-0123456789`, WORKATO_TOKEN: `token-of-${name}-0123456789` },
        ],
      ]),
    );
    const arrived = (name) =>
      numbers(theirs.seen.filter(({ path, took }) => path === `/${name}` && took).map(({ took }) => took));
    try {
      return await withWorld(
        (world, to) => lane(world, { own: to, theirs, arrived, texts }),
        (base) => toEndpointOf(base, own),
        {
          secrets: { KEY: "key-of-the-partner-0123456789" },
          ...given,
          texts,
          options: { tenants, ...given.options },
        },
      )();
    } finally {
      theirs.close();
    }
  };

const bearer = (name) => ({ authorization: `Bearer token-of-${name}-0123456789` });

const said = async (response) => {
  const { status } = response;
  const { code, records } = await response.json();
  return [status, code ?? records];
};

/** Events with a customer, each by number. */
export const of = (customer, count, from) =>
  events(count, from).replaceAll("}\n", `,"customer":${JSON.stringify(customer)}}\n`);

const standing = (taken) => ({ taken, delivered: taken, dead: 0, waiting: 0 });

export const customers = [
  [
    "tenants by address: each its own policy, secrets and books",
    withTenants(async (world, { own, theirs, arrived }) => {
      for (const [at, tenant] of TENANTS.entries()) {
        const response = await world.post(events(3, at * 10), { tenant, headers: bearer(tenant) });
        equal(await said(response), [200, 3], tenant);
      }
      await world.post(events(1, 90));
      for (const tenant of TENANTS) await world.drain("logs", undefined, tenant);
      await world.drain("ops");
      equal(
        [arrived("acme"), arrived("globex")],
        [
          [0, 1, 2],
          [10, 11, 12],
        ],
        "each gets its own",
      );
      equal(numbers(own.bodies), [90], "the forwarder's own");
      const keys = theirs.seen.map(({ path, headers }) => [path, headers["x-key"]]).sort();
      equal(
        keys,
        TENANTS.map((name) => [`/${name}`, `key-of-${name}-0123456789`]),
        "with its own key",
      );
      for (const tenant of TENANTS)
        equal(await world.standing("logs", tenant), standing(3), `${tenant}: the books`);
      equal(await world.standing("ops"), standing(1), "the books of the forwarder's own");
      return "two, and the forwarder's own";
    }),
  ],
  [
    "tenants: who may send for whom",
    withTenants(async (world) => {
      const tries = async (expected, tenant, headers, source, what) =>
        equal((await said(await world.post(events(1), { tenant, headers, source })))[0], expected, what);
      await tries(401, "acme", bearer("globex"), "workato", "another tenant's token");
      await tries(401, "acme", {}, "workato", "the partner's, where the tenant has its own");
      await tries(401, undefined, bearer("acme"), "workato", "a tenant's token, for no tenant");
      await tries(401, "nobody", bearer("acme"), "workato", "an unknown tenant, and no proof");
      await tries(404, "nobody", {}, "workato", "an unknown tenant");
      await tries(404, "x".repeat(401), {}, "workato", "a name that is none");
      const token = (tenant) =>
        createToken({ key: SECRETS.SEND_KEY, source: "send", tenant, expires: Date.parse("2027-01-01") });
      const page = async (tenant) => ({ authorization: `Bearer ${await token(tenant)}` });
      await tries(200, "acme", await page("acme"), "send", "a page's token for the tenant");
      await tries(401, "globex", await page("acme"), "send", "for another");
      await tries(401, undefined, await page("acme"), "send", "for none");
      await tries(401, "acme", await page(undefined), "send", "a page's token for no tenant");
      const named = { "idempotency-key": "same" };
      for (const tenant of TENANTS) {
        const headers = { ...bearer(tenant), ...named };
        equal(
          await (await world.post(events(2), { tenant, headers })).json(),
          { records: 2 },
          "names do not meet",
        );
      }
      return "ten ways, and names of requests are a tenant's own";
    }),
  ],
  [
    "unknown tenants that are the forwarder's own: names of their requests do not meet",
    withTenants(
      async (world, { own }) => {
        const headers = { "idempotency-key": "1" };
        for (const [at, tenant] of ["cust-1", "cust-2", undefined].entries()) {
          const response = await world.post(events(1, at), { tenant, headers });
          equal(await response.json(), { records: 1 }, `${tenant}`);
        }
        const again = await world.post(events(1, 1), { tenant: "cust-2", headers });
        equal(await again.json(), { records: 1, repeated: true }, "the same again");
        await world.drain("ops");
        equal(numbers(own.bodies).sort(), [0, 1, 2], "all arrive");
        return "each is taken";
      },
      { tenants: { unknown: "own" } },
    ),
  ],
  [
    "tenants by field, several in a request; a null external id falls back",
    withTenants(
      async (world, { own, arrived }) => {
        const body = [
          of({ external_id: "acme", id: "7" }, 2, 0),
          of({ external_id: null, id: "globex" }, 2, 10),
          of({ id: "acme" }, 1, 20),
          events(1, 30),
          '{"n":\n',
        ].join("");
        equal(await said(await world.post(body)), [200, 7], "taken");
        for (const tenant of TENANTS) await world.drain("logs", undefined, tenant);
        await world.drain("ops");
        equal(
          [arrived("acme").sort((a, b) => a - b), arrived("globex")],
          [
            [0, 1, 20],
            [10, 11],
          ],
          "each gets its own",
        );
        equal(numbers(own.bodies), [30], "what tells of no tenant");
        equal((await world.metrics())['logweir_records_total{outcome="quarantined"}'], 1, "what is broken");
        const headers = { "idempotency-key": "again" };
        for (const repeated of [undefined, true]) {
          const response = await world.post(of({ id: "acme" }, 2, 40), { headers });
          equal((await response.json()).repeated, repeated, "a repetition");
        }
        await world.drain("logs", undefined, "acme");
        equal(arrived("acme").slice(3), [40, 41], "is taken once");
        for (const id of ["nobody", "x".repeat(500), "..", "acme/../globex", "ü".repeat(99)]) {
          const refused = await world.post(of({ id: "acme" }, 1, 50) + of({ id }, 1, 51));
          equal(await said(refused), [404, "W929"], `a tenant that nobody knows: ${id.slice(0, 20)}`);
        }
        equal(
          await said(await world.post(of({ id: "x".repeat(2_000) }, 1, 60))),
          [200, 1],
          "a name that no key can hold",
        );
        equal((await world.metrics())['logweir_records_total{outcome="quarantined"}'], 2, "is withheld");
        await world.drain("logs", undefined, "acme");
        equal(arrived("acme").includes(50), false, "nothing of that request is taken");
        return "four tenants' worth in one request";
      },
      { tenants: { fields: { workato: fields } } },
    ),
  ],
  [
    "unknown tenants as the forwarder's own, where it says so",
    withTenants(
      async (world, { own }) => {
        equal(await said(await world.post(events(1), { tenant: "nobody" })), [200, 1], "by address");
        equal(await said(await world.post(of({ id: "nobody" }, 1, 1))), [200, 1], "by field");
        await world.drain("ops");
        equal(numbers(own.bodies), [0, 1], "both arrive");
        return "by address and by field";
      },
      { tenants: { unknown: "own", fields: { workato: fields } } },
    ),
  ],
  [
    "the partner's policy overrides every other, and /policy names those",
    withTenants(async (world, { own, theirs, arrived, texts }) => {
      const told = async (tenant) =>
        (await world.get(tenant === undefined ? "/policy" : `/policy?tenant=${tenant}`)).json();
      equal([(await told()).author, (await told("acme")).author], ["own", "tenant"], "before");
      await world.set({ down: 8e15 });
      await world.post(events(1, 5), { tenant: "acme", headers: bearer("acme") });
      const partner = policyTo(theirs.base, "partner", {
        routes: [
          {
            name: "ops",
            to: { http: { url: `${theirs.base}/partner`, batch: "ndjson", headers: authorization } },
          },
          { name: "logs", to: { http: { url: `${theirs.base}/partner`, batch: "ndjson" } } },
        ],
      });
      await world.write({ policy: partner });
      await world.set();
      await world.post(events(1, 1));
      await world.post(events(1, 2), { tenant: "acme", headers: bearer("acme") });
      for (const route of ["ops", "logs"]) await world.drain(route, undefined, "acme");
      await world.drain("ops");
      await world.write({ "policy/acme": '{"logweir":1' });
      const shadowed = await world.post(events(1, 3), { tenant: "acme", headers: bearer("acme") });
      equal(shadowed.status, 200, "a tenant's mistakes do not matter while its policy does not");
      await world.write({ "policy/acme": texts["policy/acme"] });
      for (const route of ["ops", "logs"]) await world.drain(route, undefined, "acme");
      equal(arrived("partner").sort(), [1, 1, 2, 2, 3, 3], "where both go, by both routes");
      equal(own.bodies, [], "not where the forwarder's own policy sends");
      equal(arrived("acme"), [5], "what was taken before goes where it was to go");
      const { headers } = theirs.seen.find(({ path }) => path === "/acme");
      equal(headers["x-key"], "key-of-acme-0123456789", "with the tenant's secret, not the partner's");
      const policy = await told();
      equal([policy.author, policy.shadows], ["partner", { own: true, tenants: TENANTS }], "/policy");
      equal((await told("acme")).author, "partner", "/policy of a tenant");
      await world.write({ policy: null });
      equal([(await told()).author, (await told("acme")).author], ["own", "tenant"], "after");
      return "and gives way again";
    }),
  ],
  [
    "changes are live, and a bad policy never takes the place of a good one unseen",
    withTenants(async (world, { theirs, arrived, texts }) => {
      const post = async (n) =>
        said(await world.post(events(1, n), { tenant: "acme", headers: bearer("acme") }));
      equal(await post(0), [200, 1], "at first");
      for (const [what, change] of Object.entries({
        "no JSON": '{"logweir":1',
        "a mistake": { logweir: 1, routess: [] },
        "a member twice": JSON.stringify(texts["policy/acme"]).replace(/\}$/, ',"routes":[{"name":"none"}]}'),
        "a leak": { ...texts["policy/acme"], redact: [], accept: undefined },
        "a secret that is not its own": policyTo(theirs.base, "acme", {
          routes: [
            { name: "logs", to: { http: { url: theirs.base, headers: { "X-Key": "${ADMIN_TOKEN}" } } } },
          ],
        }),
      })) {
        await world.write({ "policy/acme": change });
        equal(await post(1), [503, "W927"], what);
        const { ready, problems, missing } = await (await world.get("/policy?tenant=acme")).json();
        equal([ready, problems.length + missing.length > 0], [false, true], `/policy tells of ${what}`);
        equal(
          await said(await world.post(events(1, 50), { tenant: "globex", headers: bearer("globex") })),
          [200, 1],
          "the other",
        );
      }
      await world.write({ "policy/acme": texts["policy/acme"], "secrets/acme": "no JSON" });
      equal((await post(2))[0], 401, "secrets that are none");
      await world.write({
        "secrets/acme": texts["secrets/acme"],
        "policy/acme": policyTo(theirs.base, "elsewhere"),
      });
      equal(await post(3), [200, 1], "mended");
      await world.drain("logs", undefined, "acme");
      equal([arrived("acme"), arrived("elsewhere")], [[0], [3]], "the new one holds");
      const printed = world.printed();
      equal(printed.includes('"tenant":"acme"') && printed.includes('"not set up"'), true, "the log tells");
      return "six ways to be bad";
    }),
  ],
  [
    "a route that a policy no longer has waits, and is a dead letter at last",
    withTenants(async (world, { theirs, arrived }) => {
      const { clock } = await world.set({ down: 8e15, patient: true }, false);
      await world.post(events(2), { tenant: "acme", headers: bearer("acme") });
      const { to } = policyTo(theirs.base, "acme").routes[0];
      await world.write({
        "policy/acme": policyTo(theirs.base, "acme", { routes: [{ name: "elsewhere", to }] }),
      });
      await world.set();
      const dead = "tenants/acme/dead/logs/";
      await until(async () => (await world.stored(dead)).length === 1, "a dead letter", 20_000);
      const [key] = await world.stored(dead);
      equal([numbers([await world.object(key)]), arrived("acme")], [[0, 1], []], "it did not go out");
      const hours = ((await world.set()).clock - clock) / 3_600_000;
      equal(hours > 72, true, "after three days");
      await world.write({ "policy/acme": policyTo(theirs.base, "acme") });
      const asked = { what: "dead", outdated: true };
      equal((await world.replay(asked)).records, 0, "it is none of the forwarder's own");
      equal((await world.replay(asked, undefined, "globex")).records, 0, "nor of another tenant's");
      equal(
        (await world.replay(asked, undefined, "acme")).records,
        2,
        "replayed where the route is there again",
      );
      await world.drain("logs", undefined, "acme");
      equal([arrived("acme"), await world.stored(dead)], [[0, 1], []], "it arrives");
      return `after ${hours.toFixed(0)} hours; and is replayed`;
    }),
  ],
  [
    "a route that is sent elsewhere does not wait for where it was sent before",
    withTenants(
      async (world, { theirs, arrived }) => {
        await world.set({ patient: true }, false);
        const headers = bearer("acme");
        await world.post(events(1), { tenant: "acme", headers });
        await until(() => theirs.seen.length > 0, "the first one refuses");
        await world.write({ "policy/acme": policyTo(theirs.base, "elsewhere") });
        const before = (await world.set({}, false)).clock;
        await world.post(events(1, 90), { tenant: "acme", headers });
        await until(() => arrived("elsewhere").length === 1, "it arrives at once");
        equal((await world.set({}, false)).clock, before, "the clock stands still");
        return "while the other one is left alone";
      },
      {
        theirs: {
          reply: ({ path }) => (path === "/acme" ? { status: 401, headers: {}, body: "" } : undefined),
        },
      },
    ),
  ],
  [
    "what waits for a tenant whose set-up nobody mends is a dead letter at last",
    withTenants(async (world, { texts }) => {
      const { clock } = await world.set({ down: 8e15, patient: true }, false);
      await world.post(events(2), { tenant: "acme", headers: bearer("acme") });
      await world.write({ "policy/acme": '{"logweir":1' });
      await world.set();
      const dead = "tenants/acme/dead/logs/";
      await until(async () => (await world.stored(dead)).length === 1, "a dead letter", 20_000);
      const hours = ((await world.set()).clock - clock) / 3_600_000;
      equal(hours > 72 && hours < 100, true, `after ${hours} hours`);
      await world.write({ "policy/acme": texts["policy/acme"] });
      await world.drain("logs", undefined, "acme");
      equal(await world.standing("logs", "acme"), { ...standing(2), delivered: 0, dead: 2 }, "the books");
      return `after ${hours.toFixed(0)} hours`;
    }),
  ],
  [
    "a tenant's silence goes through its own policy, and of those who send alone",
    withTenants(
      async (world, { own, theirs }) => {
        await world.post(events(1), { tenant: "acme", headers: bearer("acme") });
        const worker = await world.flare.getWorker();
        for (const hours of [0, 2, 2]) {
          const { clock } = await world.set({}, false);
          await world.set({ clock: clock + hours * 3_600_000 }, false);
          await worker.scheduled({});
        }
        await world.drain("logs", undefined, "acme");
        const alerts = theirs.seen.flatMap(({ path, took = "" }) =>
          took
            .split("\n")
            .flatMap((line) => (line.includes("logweir.silence") ? [[path, JSON.parse(line).tenant]] : [])),
        );
        equal(alerts, [["/acme", "acme"]], "one alert");
        equal(own.bodies, [], "none of the forwarder's own");
        return "one alert";
      },
      { options: { sources: { workato: { silence: 3_600 } } } },
    ),
  ],
  [
    "more tenants than an isolate keeps ready, all at once, while their policies change",
    withTenants(async (world, { theirs, arrived }) => {
      const names = Array.from({ length: 36 }, (_, at) => `t${at}`);
      const write = (version) =>
        world.write(
          Object.fromEntries(
            names.flatMap((name) => [
              [
                `policy/${name}`,
                policyTo(theirs.base, name, { limits: { recordBytes: 1_000_000 + version } }),
              ],
              [`secrets/${name}`, { KEY: `key-of-${name}-0123456789` }],
            ]),
          ),
        );
      const rounds = 2;
      for (let round = 0; round < rounds; round++) {
        const posts = (from) => names.map((tenant, at) => world.post(events(1, from + at), { tenant }));
        await write(round);
        const answers = await Promise.all([...posts(round * 200), ...posts(round * 200 + 100)]);
        equal(answers.filter(({ status }) => status !== 200).length, 0, `round ${round}: all are taken`);
      }
      for (const [at, name] of names.entries()) {
        await world.drain("logs", undefined, name);
        const expected = Array.from({ length: rounds * 2 }, (_, time) => time * 100 + at);
        equal(
          arrived(name).sort((a, b) => a - b),
          expected,
          name,
        );
      }
      return `${names.length} tenants, ${rounds} policies each`;
    }),
  ],
  [
    "one tenant's load and failures are not another's",
    withTenants(
      async (world, { arrived }) => {
        const post = async (tenant, n) =>
          said(await world.post(events(2, n), { tenant, headers: bearer(tenant) }));
        await world.set({ patient: true }, false);
        equal(await post("acme", 0), [200, 2], "the first");
        equal(await post("acme", 2), [200, 2], "the second");
        const third = await world.post(events(2, 4), { tenant: "acme", headers: bearer("acme") });
        equal([third.status, (await third.json()).code], [429, "W930"], "over what it may in a minute");
        const wait = Number(third.headers.get("retry-after"));
        equal(wait > 0 && wait <= 60, true, "until the next minute");
        equal(await post("globex", 10), [200, 2], "the other");
        await world.drain("logs", undefined, "globex");
        equal(arrived("globex"), [10, 11], "arrives, though the receiver of the first is down");
        equal((await world.standing("logs", "acme")).waiting, 4, "what waits");
        const { clock } = await world.set({}, false);
        await world.set({ clock: clock + wait * 1000 }, false);
        equal(await post("acme", 4), [200, 2], "the next minute");
        return `429 for ${wait} s`;
      },
      {
        tenants: { quota: { records: 4 } },
        theirs: {
          reply: ({ path }) => (path === "/acme" ? { status: 503, headers: {}, body: "" } : undefined),
        },
      },
    ),
  ],
  [
    "the tail, the sources and a test of a tenant are its own",
    withTenants(async (world, { texts }) => {
      await world.write({
        "secrets/acme": { ...texts["secrets/acme"], TAIL_TOKEN: "tail-of-acme-0123456789" },
      });
      const token = "tail-of-acme-0123456789";
      for (const [tenant, given] of [
        ["globex", token],
        [undefined, token],
        ["nobody", SECRETS.TAIL_TOKEN],
      ]) {
        equal((await world.tail("", { tenant, token: given, slow: true })).status, 401, `${tenant}`);
      }
      const [acme, globex, own] = await Promise.all([
        world.tail("", { tenant: "acme", token }),
        world.tail("", { tenant: "globex" }),
        world.tail(),
      ]);
      for (const [at, tenant] of TENANTS.entries()) {
        await world.post(events(1, at), { tenant, headers: bearer(tenant) });
      }
      await world.post(events(1, 9));
      const shown = ({ events }) => events.map(({ event }) => event.n);
      await until(() => [acme, globex, own].every(({ events }) => events.length > 0), "each shows something");
      equal([shown(acme), shown(globex), shown(own)], [[0], [1], [9]], "each its own");
      for (const { stop } of [acme, globex, own]) stop();
      const { sources } = await (await world.get("/sources?tenant=acme")).json();
      equal(
        sources.map(({ source, records }) => [source, records]),
        [["workato", 1]],
        "/sources",
      );
      const test = await (await world.get("/test?tenant=acme", SECRETS.ADMIN_TOKEN, "POST")).json();
      await world.drain("logs", undefined, "acme");
      const fate = await (await world.get(`/test/${test.id}?tenant=acme`)).json();
      equal([fate.done, fate.routes.logs.delivered], [true, 1], "a test");
      equal((await world.get(`/test/${test.id}?tenant=globex`)).status, 404, "is nobody else's");
      return "by tokens of their own";
    }),
  ],
];
