// Lanes of withheld records that are kept sealed and run again: under faults, without a key, of tenants.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKeys } from "logweir/worker";
import { of, withTenants } from "./customers.mjs";
import { atEachStep } from "./faults.mjs";
import { all, KEYS, own, sealed, twoDays, unseal, withholding } from "./sealed.mjs";
import { allowed, equal, events, numbers, receiver, SECRETS, start, VALUE } from "./world.mjs";

/** Whole requests of several tenants, with records that are none: what is kept of those. */
const broken = (more, lane, options = {}) => [
  `of what no tenant can have, ${options.originals ? "all that comes" : "what is withheld"} is kept, sealed`,
  withTenants(lane, {
    tenants: { fields: { workato: ["@customer.id"] } },
    own: more,
    options,
    secrets: KEYS,
  }),
];

const BROKEN = `{"n":41,,}\n${of({ id: "acme" }, 1, 1)}{"n":42,,}\n`;

export const withheld = [
  broken(
    { quarantine: { originals: true }, allow: [{ route: "quarantine", because: "sealed" }] },
    async (world) => {
      equal(await (await world.post(BROKEN)).json(), { records: 3 }, "taken");
      equal(numbers(await sealed(world)).sort(), [41, 42], "they lie sealed");
      return "two records";
    },
  ),
  broken(
    {},
    async (world) => {
      equal(await (await world.post(BROKEN)).json(), { records: 3 }, "taken");
      const kept = async (folder) => {
        const keys = await world.stored(`${folder}originals/`);
        return numbers(await Promise.all(keys.map(async (key) => unseal(await world.object(key)))));
      };
      equal([await kept(""), await kept("tenants/acme/")], [[41, 42], [1]], "each where it belongs");
      equal(await sealed(world), [], "withheld content, as the policy does not say so");
      return "by the forwarder itself; a tenant's by the tenant";
    },
    { originals: true },
  ),
  [
    "withheld, sealed, and run again through tomorrow's policy; a repetition sends nothing",
    twoDays(
      async (world, to) => {
        equal((await world.post(events(5))).status, 200, "taken");
        equal((await world.post(`{"n":\n${events(2, 5)}`)).status, 200, "taken");
        equal(numbers(await sealed(world)).sort(), all(7), "they lie sealed");
        equal(to.bodies, [], "nothing left");
        const still = await world.replay({ what: "quarantine" });
        equal([still.kept, still.quarantined], [0, 8], "today's policy withholds them still");
        equal((await world.stored("quarantine/")).length, 4, "and nothing is kept twice");
      },
      async (world, to) => {
        equal(
          (await world.replay({ what: "quarantine" }, SECRETS.ADMIN_TOKEN)).status,
          401,
          "a token of its own",
        );
        const dry = await world.replay({ what: "quarantine", dryRun: true });
        equal([dry.records, dry.kept, dry.quarantined], [8, 7, 1], "a dry run counts");
        equal([to.bodies, (await world.standing("ops")).taken], [[], 0], "and sends nothing");
        const some = await world.replay({ what: "quarantine", query: "n:<2" });
        equal([some.records, some.kept], [2, 2], "those of a query");
        await world.drain("ops");
        equal(numbers(to.bodies), [0, 1], "arrive");
        const none = await world.replay({ what: "quarantine", to: "2026-05-04T06:00:00Z" });
        equal(none.objects, 0, "none of before");
        const code = await world.replay({ what: "quarantine", code: "S101", dryRun: true });
        equal([code.records, code.kept], [1, 0], "those of a code");
        equal((await world.replay({ what: "quarantine" })).kept, 7, "all");
        const again = await world.replay({ what: "quarantine" });
        equal([again.kept, again.repeated], [0, 2], "a repetition");
        await world.drain("ops");
        equal(numbers(to.bodies.slice(1)).sort(), all(7), "arrive once more, and once");
        return "eight records, one of them broken for good";
      },
    ),
  ],
  [
    "faults at every step of withholding and of replaying: nothing is lost, nothing leaks",
    (() => {
      const [each, count] = [2, 120];
      const second = (from) => Date.parse("2026-05-04T06:00:00Z") + from * 1000;
      return twoDays(
        async (world) => {
          let [from, step, when, lasting] = [0, 1, "before", false];
          for (; from < count; from += each) {
            await world.set({ step, when, lasting, clock: second(from) });
            for (let tries = 0; (await world.post(events(each, from))).status !== 200; tries++) {
              equal(tries < 5, true, "it is taken in the end");
              await world.set({ step: 0, failed: false }, false);
            }
            const { hit } = await world.set();
            if (lasting && when === "after") step = hit > 0 ? step + 1 : 1;
            if (lasting) when = when === "before" ? "after" : "before";
            lasting = !lasting;
          }
          equal(
            [...new Set(numbers(await sealed(world)))].sort((a, b) => a - b),
            all(count),
            "all lie sealed",
          );
          const whole = (await world.stored("originals/")).filter((key) => key.endsWith(".0000.end"));
          const kept = await Promise.all(whole.map(async (key) => unseal(await world.object(key))));
          equal(
            [...new Set(numbers(kept))].sort((a, b) => a - b),
            all(count),
            "and so do the requests",
          );
        },
        async (world, to) => {
          let from = 0;
          return atEachStep(world, async (what, put) => {
            equal(from < count, true, "there is something to run again");
            await put();
            const told = await world.replay({
              what: "quarantine",
              from: second(from),
              to: second(from) + 1,
            });
            equal(told.status, undefined, what);
            const met = await world.set({}, false);
            await world.drain("ops");
            equal(
              [...new Set(numbers(to.bodies))].sort((a, b) => a - b),
              all(each, from),
              what,
            );
            const { taken, delivered, dead, waiting } = await world.standing("ops");
            equal([waiting, dead, delivered], [0, 0, taken], `${what}: the books`);
            to.bodies.length = 0;
            from += each;
            return met;
          });
        },
        { options: { originals: true } },
      );
    })(),
  ],
  [
    "without a key nothing is kept; another key opens nothing; what makes no sense is refused",
    async () => {
      const other = await createKeys();
      const to = await receiver();
      const disk = mkdtempSync(join(tmpdir(), "logweir-replay-"));
      const secretsOf = [{}, KEYS, { ...KEYS, ORIGINALS_PRIVATE_KEY: JSON.stringify(other.private) }];
      try {
        for (const [at, secrets] of secretsOf.entries()) {
          const world = await start(withholding(to.base), { secrets, disk });
          await world.post(events(1, at));
          const stored = await world.stored("quarantine/");
          equal(stored.filter((key) => key.endsWith(".jwe")).length, at, "sealed objects");
          for (const key of stored)
            equal((await world.object(key)).includes(VALUE), false, "a value in the store");
          if (at === 2) {
            const told = await world.replay({ what: "quarantine" });
            equal([told.unreadable, told.records], [2, 0], "another key");
            for (const asked of [
              { what: "elsewhere" },
              { what: "dead", query: "n:[" },
              { what: "dead", from: "yesterday" },
              { what: "dead", routes: ["nobody"] },
              { what: "dead", name: 7 },
              { what: "dead", dry_run: true },
              { what: "dead", dryRun: "no" },
              { what: "dead", outdated: 1 },
            ]) {
              const { status, code } = await world.replay(asked);
              equal([status, code], [400, "W931"], JSON.stringify(asked));
            }
          }
          await world.stop();
        }
        const world = await start(withholding(to.base), {
          secrets: { ORIGINALS_KEY: JSON.stringify(own.private) },
        });
        equal(
          (await (await world.get("/policy")).json()).missing,
          ["ORIGINALS_KEY, a public key"],
          "a private one",
        );
        await world.stop();
        return "places alone";
      } finally {
        to.close();
        rmSync(disk, { recursive: true, force: true });
      }
    },
  ],
  [
    "each tenant's is its own: sealed, and run again for it alone",
    withTenants(
      async (world, { arrived, texts, theirs }) => {
        const closed = withholding("");
        const acme = { ...texts["policy/acme"], accept: closed.accept, quarantine: closed.quarantine };
        const allow = [...allowed("logs"), { route: "quarantine", because: "sealed" }];
        await world.write({ "policy/acme": { ...acme, allow } });
        const headers = { authorization: "Bearer token-of-acme-0123456789" };
        equal((await world.post(events(3), { tenant: "acme", headers })).status, 200, "taken");
        const kept = await world.stored("tenants/acme/quarantine/");
        equal([kept.length, theirs.bodies, (await world.stored("quarantine/")).length], [2, [], 0], "sealed");
        await world.write({ "policy/acme": texts["policy/acme"] });
        const replay = (tenant) => world.replay({ what: "quarantine" }, undefined, tenant);
        equal((await replay()).objects, 0, "the forwarder's own has none");
        equal((await replay("globex")).objects, 0, "another tenant has none");
        equal((await replay("nobody")).code, "W929", "nobody");
        equal((await replay("acme")).kept, 3, "its own");
        await world.drain("logs", undefined, "acme");
        equal([arrived("acme"), arrived("globex")], [[0, 1, 2], []], "arrive there");
        return "acme's three";
      },
      { secrets: { KEY: "key-of-the-partner-0123456789", ...KEYS } },
    ),
  ],
];
