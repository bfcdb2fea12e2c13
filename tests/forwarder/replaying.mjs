// Lanes of dead letters, archives and originals that are run again.
import { atEachStep } from "./faults.mjs";
import { all, twoDays } from "./sealed.mjs";
import { withWorld } from "./taking.mjs";
import { allowed, equal, events, numbers, toEndpoint } from "./world.mjs";

export const replaying = [
  [
    "dead letters, whole and by a query; not those of another policy, unless that is wanted",
    (() => {
      let isDown = true;
      const reply = () => (isDown ? { status: 400, headers: {}, body: "" } : undefined);
      return twoDays(
        async (world, to) => {
          for (const from of [0, 5]) await world.post(events(5, from));
          await world.drain("ops");
          equal((await world.stored("dead/ops/2026-05-04/06/")).length, 2, "they are dead");
          const dead = await world.replay({ what: "dead" });
          await world.drain("ops");
          equal([dead.kept, to.bodies, (await world.standing("ops")).dead], [10, [], 20], "they die again");
          isDown = false;
          await world.set({ clock: (await world.set()).clock + 1_000 });
          equal((await world.replay({ what: "dead", dryRun: true })).kept, 10, "a dry run counts");
          equal((await world.replay({ what: "dead", query: "n:>7" })).kept, 2, "by a query");
          await world.drain("ops");
          equal(numbers(to.bodies), [8, 9], "arrive");
          equal((await world.stored("dead/")).length, 2, "the others are dead still");
          equal((await world.replay({ what: "dead", query: "n:[0 TO 4]" })).kept, 5, "by another");
          await world.drain("ops");
          equal((await world.stored("dead/")).length, 1, "what is alive again is no letter");
          const { waiting, taken, delivered, dead: lost } = await world.standing("ops");
          equal([waiting, taken], [0, delivered + lost], "the books");
        },
        async (world, to) => {
          to.bodies.length = 0;
          const told = await world.replay({ what: "dead" });
          equal([told.kept, told.outdated], [0, 1], "another policy made it");
          equal((await world.replay({ what: "dead", outdated: true })).kept, 3, "unless that is wanted");
          await world.drain("ops");
          equal(numbers(to.bodies), [5, 6, 7], "arrive");
          equal(await world.stored("dead/"), [], "none is left");
          return "ten records";
        },
        {
          before: toEndpoint,
          after: (base) => ({ ...toEndpoint(base), keep: "*" }),
          receiver: { reply },
        },
      );
    })(),
  ],
  [
    "a replay of what dies again ends",
    withWorld(
      async (world) => {
        for (let n = 0; n < 3; n++) await world.post(events(1, n));
        await world.drain("ops");
        let [after, calls, sent] = [undefined, 0, 0];
        do {
          const { clock } = await world.set();
          await world.set({ clock: clock + 60_000 });
          const response = await world.ask("/replay", { what: "dead", from: 0, objects: 1, after });
          const told = await response.json();
          equal([response.status, told.repeated], [200, 0], "a part");
          [after, sent] = [told.next, sent + told.kept];
          await world.drain("ops");
        } while (after !== undefined && ++calls < 8);
        equal(sent, 3, "each is sent once");
        for (const more of [{ after: "dead/ops/" }, { name: "\ud800" }])
          equal((await world.ask("/replay", { what: "dead", from: 0, ...more })).status, 400, "no sense");
        return `${calls} parts`;
      },
      toEndpoint,
      { receiver: { reply: () => ({ status: 400, headers: {}, body: "" }) } },
    ),
  ],
  [
    "dead letters by a query of relative time: what it selects later is sent, and nothing is deleted unsent",
    (() => {
      let isDown = true;
      const reply = () => (isDown ? { status: 400, headers: {}, body: "" } : undefined);
      return withWorld(
        async (world, to) => {
          const hours = ["2026-05-04T04:30:00Z", "2026-05-04T06:30:00Z", "2026-05-04T09:30:00Z"];
          await world.post(hours.map((t, n) => `{"n":${n},"t":"${t}"}\n`).join(""));
          await world.drain("ops");
          isDown = false;
          const clock = Date.parse("2026-05-04T06:01:00Z");
          const asked = { what: "dead", query: "t:<now-1h" };
          for (const [hour, kept, left] of [
            [0, 1, 1],
            [2, 1, 1],
            [5, 1, 0],
          ]) {
            await world.set({ clock: clock + hour * 3_600_000 });
            const told = await world.replay(asked);
            equal([told.kept, told.repeated], [kept, 0], `after ${hour} hours`);
            await world.drain("ops");
            equal((await world.stored("dead/")).length, left, `letters after ${hour} hours`);
          }
          equal(numbers(to.bodies), [0, 1, 2], "what arrives");
          return "one after the other";
        },
        toEndpoint,
        { receiver: { reply } },
      );
    })(),
  ],
  [
    "faults at every step of sending dead letters again",
    (() => {
      let isDown = true;
      const reply = () => (isDown ? { status: 400, headers: {}, body: "" } : undefined);
      return withWorld(
        async (world, to) => {
          let [from, repeats] = [0, 0];
          const told = await atEachStep(world, async (what, put) => {
            isDown = true;
            await world.set();
            await world.post(events(2, from));
            await world.drain("ops");
            isDown = false;
            await put();
            equal((await world.replay({ what: "dead" })).status, undefined, what);
            const met = await world.set({}, false);
            await world.drain("ops");
            await world.set();
            await world.replay({ what: "dead" });
            await world.drain("ops");
            const arrived = numbers(to.bodies);
            equal(
              [...new Set(arrived)].sort((a, b) => a - b),
              all(2, from),
              `${what}: what arrived`,
            );
            equal(await world.stored("dead/"), [], `${what}: none is dead any more`);
            const { taken, delivered, dead, waiting } = await world.standing("ops");
            equal([waiting, taken], [0, delivered + dead], `${what}: the books`);
            repeats += arrived.length - 2;
            to.bodies.length = 0;
            from += 2;
            return met;
          });
          return `${told}, ${repeats} of ${from} records delivered again`;
        },
        undefined,
        { receiver: { reply } },
      );
    })(),
  ],
  [
    "the archive of a route, and sealed originals of whole requests in several parts",
    (() => {
      const archiving = (base) => ({
        ...toEndpoint(base),
        routes: [{ name: "all" }, { name: "ops", when: "n:<0", to: { http: { url: `${base}/logs` } } }],
        allow: allowed("all", "ops"),
      });
      const body = (from) => events(4_000, from, "x".repeat(1_500));
      return twoDays(
        async (world) => {
          equal((await world.post(body(0))).status, 200, "6 MB");
          const array = `[${events(3, 4_000).trim().split("\n").join(",\n")}]`;
          const headers = { "content-type": "application/json" };
          equal((await world.post(array, { headers })).status, 200, "an array");
          equal(
            (await world.post(events(1, 9), { headers: { "content-encoding": "gzip" } })).status,
            400,
            "broken",
          );
          equal((await world.stored("originals/workato/2026-05-04/06/")).length, 3, "two parts and one");
        },
        async (world, to) => {
          const archive = await world.replay({ what: "archive", name: "all", query: "n:3999 OR n:4000" });
          equal(archive.kept, 2, "of the archive");
          await world.drain("ops");
          equal(numbers(to.bodies).sort(), [3_999, 4_000], "arrive");
          equal((await world.stored("archive/")).length, 3, "and are not archived again");
          to.bodies.length = 0;
          const all = await world.replay({ what: "originals", routes: ["ops"] });
          equal([all.objects, all.kept], [2, 4_003], "of the originals");
          await world.drain("ops");
          equal(new Set(numbers(to.bodies)).size, 4_003, "arrive");
          equal((await world.stored("archive/")).length, 3, "to the route that was named");
          equal((await world.replay({ what: "originals", routes: ["ops"] })).repeated, 2, "a repetition");
          return "4,003 records, 6 MB";
        },
        {
          before: archiving,
          after: (base) => ({ ...archiving(base), routes: [{ name: "all" }, toEndpoint(base).routes[0]] }),
          options: { originals: true },
        },
      );
    })(),
  ],
];
