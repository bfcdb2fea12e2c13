// Lanes of the tail: to whom, what it shows and what not, and that it never stands in the way of what is taken.
import { setTimeout as pause } from "node:timers/promises";
import { sample } from "logweir/sample";
import { withWorld } from "./taking.mjs";
import {
  allowed,
  equal,
  events,
  numbers,
  request,
  SECRETS,
  toEndpoint,
  toEndpointOf,
  until,
  VALUE,
} from "./world.mjs";

const shown = ({ events }) => events.map(({ event }) => event.n);

/** What of sampled events is somebody's. */
const personal = /@[a-z0-9.-]+\.[a-z]{2,}|\b\d{1,3}(\.\d{1,3}){3}\b/i;

export const tailing = [
  [
    "the tail, to whom it may concern",
    withWorld(
      async (world) => {
        for (const token of ["", "wrong", SECRETS.ADMIN_TOKEN, SECRETS.WORKATO_TOKEN]) {
          const told = await world.tail("", { token, slow: true });
          equal(told.status, 401, "with another token");
        }
        equal((await world.tail("a:[", { slow: true })).status, 400, "a query that is none");
        equal(
          (await world.tail(`a:${"x".repeat(1_000)}`, { slow: true })).status,
          400,
          "a query that is too long",
        );
        equal((await world.get("/tail", SECRETS.TAIL_TOKEN, "POST")).status, 405, "posted");
        const page = { origin: "https://page.example" };
        const asked = await request(new URL("/tail", world.url), { method: "OPTIONS", headers: page });
        equal(asked.headers.get("access-control-allow-origin"), page.origin, "a page that may");
        equal(asked.headers.get("access-control-allow-headers"), "authorization", "its header");
        const other = await request(new URL("/tail", world.url), {
          method: "OPTIONS",
          headers: { origin: "https://evil.example" },
        });
        equal(
          [other.status, other.headers.get("access-control-allow-origin")],
          [405, null],
          "one that may not",
        );
        const many = await Promise.all(Array.from({ length: 12 }, () => world.tail()));
        equal(many.filter(({ status }) => status === 200).length, 8, "how many may listen");
        equal(many.filter(({ status }) => status === 429).length, 4, "how many may not");
        for (const { stop } of many) stop();
        const again = async () => {
          const { status, stop } = await world.tail();
          stop();
          return status === 200;
        };
        await until(again, "a place is free again");
        return "by its own token";
      },
      toEndpoint,
      { options: { tailOrigins: ["https://page.example"] } },
    ),
  ],
  [
    "the tail shows what is taken, redacted, and what matches",
    withWorld(async (world, to) => {
      const before = (await world.set()).steps;
      await world.post(events(1));
      const unheard = (await world.set()).names;
      equal(
        unheard.filter((name) => name === "ledger show"),
        [],
        `${before}: nothing is sent while nobody listens`,
      );
      const [all, few] = [await world.tail(), await world.tail("n:>=12")];
      await world.post(events(5, 10));
      await world.post(events(2, 20));
      await until(() => all.events.length === 7 && few.events.length === 5, "what was taken");
      equal(shown(all), [10, 11, 12, 13, 14, 20, 21], "everything");
      equal(shown(few), [12, 13, 14, 20, 21], "what matches");
      equal(Object.keys(all.events[0]), ["source", "at", "event"], "around an event");
      equal([all.lost, few.lost], [0, 0], "nothing is lost");
      const oracle = await world.tail(`password:"${VALUE}"`);
      await world.post(events(1, 30));
      await until(() => all.events.length === 8, "one more");
      equal(oracle.events, [], "a query never sees what was redacted");
      if ([all, few, oracle].some(({ text }) => text.includes(VALUE))) throw new Error("a value is shown");
      for (const { stop } of [all, few, oracle]) stop();
      await world.drain("ops");
      equal(new Set(numbers(to.bodies)).size, 9, "all arrive");
      return "redacted first, then held against the query";
    }, toEndpointOf),
  ],
  [
    "the tail shows nothing of what only `allow` lets out",
    withWorld(
      async (world) => {
        const told = await world.tail();
        const all = [...sample({ count: 60, seed: 5, asText: true })];
        equal(
          (await world.post(`${all.join("\n")}\n{"note":"from ana@example.org"}\n`)).status,
          200,
          "taken",
        );
        await until(() => told.events.length > 20, "some are shown");
        await pause(200);
        const found = personal.exec(told.text.replace(/"at":"[^"]*"/g, ""));
        if (found) throw new Error("something personal is shown");
        told.stop();
        return `${told.events.length} of 61, by the rules of a route without it`;
      },
      (base) => ({
        ...toEndpoint(base),
        accept: { unknown: "pass" },
        redact: [{ key: "password" }],
        allow: [
          ...allowed("ops"),
          {
            route: "ops",
            class: [
              "email",
              "person",
              "user_id",
              "customer_id",
              "ip",
              "device",
              "location",
              "phone",
              "secret",
            ],
            because: "synthetic",
          },
        ],
      }),
    ),
  ],
  [
    "a slow reader loses events, is told how many, and slows nobody",
    withWorld(async (world, to) => {
      const slow = await world.tail("", { slow: true });
      const [count, each] = [200, 60];
      const begun = performance.now();
      for (let at = 0; at < count; at++) {
        equal((await world.post(events(each, at * each, "x".repeat(2_000)))).status, 200, "taken");
      }
      const seconds = (performance.now() - begun) / 1000;
      slow.read();
      await until(() => slow.events.length + slow.lost >= count * each, "shown or lost", 20_000);
      equal(slow.events.length + slow.lost, count * each, "every event is shown or told as lost");
      equal(slow.lost > 0 && slow.events.length > 0, true, `${slow.events.length} shown, ${slow.lost} lost`);
      slow.stop();
      await world.drain("ops", 40_000);
      equal(new Set(numbers(to.bodies)).size, count * each, "all arrive");
      return `${slow.events.length} shown, ${slow.lost} lost, ${count} requests taken in ${seconds.toFixed(1)} s`;
    }, toEndpointOf),
  ],
  [
    "of a long request the tail shows the beginning",
    withWorld(async (world) => {
      const told = await world.tail();
      await world.post(events(3_000, 0, "x".repeat(960)));
      await until(() => told.lost > 0, "lost ones are told");
      equal(told.events.length + told.lost, 3_000, "every event is shown or told as lost");
      equal(told.events.length > 100, true, "the beginning");
      told.stop();
      return `${told.events.length} of 3,000`;
    }, toEndpointOf),
  ],
];
