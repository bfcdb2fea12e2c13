// Lanes of delivering: each destination's contract, all at once; receivers that are down, slow, strict or mad.
import { sample } from "logweir/sample";
import { CONTRACTS } from "../receivers/contracts.mjs";
import { OPTIONS, SLOTS } from "../receivers/stubs.mjs";
import { withWorld } from "./taking.mjs";
import { allowed, equal, events, numbers, receiver, start, toEndpoint, until, VALUE } from "./world.mjs";

const names = Object.keys(CONTRACTS);
const secrets = (sumo) => ({ ...Object.fromEntries(SLOTS.map((slot) => [slot, "key"])), SUMO_URL: sumo });

/** What the dead letters of a route hold. */
async function deadLetters(world, route = "ops") {
  const keys = await world.stored(`dead/${route}/`);
  return Promise.all(keys.map((key) => world.object(key)));
}

/** A lane with a receiver that answers as it is told. */
const answering = (reply, lane, policy, secrets = {}) =>
  withWorld(lane, policy, { receiver: { reply }, secrets });

const status = (status, headers = {}, body = "") => ({ status, headers, body });

export const delivering = [
  [
    "every destination at once, one of them down",
    async () => {
      const receivers = Object.fromEntries(
        await Promise.all(
          names.map(async (name) => {
            const reply = name === "splunk" ? () => (isDown ? status(503) : undefined) : undefined;
            return [name, await receiver({ contract: name, reply })];
          }),
        ),
      );
      let isDown = true;
      const routes = names.map((name) => ({ name, to: { [name]: OPTIONS[name](receivers[name].base) } }));
      const policy = {
        logweir: 1,
        redact: [{ use: ["personal", "secrets"] }],
        routes,
        allow: allowed(...names),
      };
      const world = await start(policy, { secrets: secrets(`${receivers.sumo.base}/receiver/v1/http/key`) });
      try {
        await world.set({ patient: true });
        const all = [...sample({ count: 300, seed: 11, asText: true })];
        equal((await world.post(`${all.join("\n")}\n`)).status, 200, "taken");
        const others = names.filter((name) => name !== "splunk");
        await Promise.all(others.map((name) => world.drain(name)));
        for (const name of others) {
          equal(receivers[name].state.records, 300, `${name}: ${receivers[name].state.why}`);
          equal(
            await world.standing(name),
            { taken: 300, delivered: 300, dead: 0, waiting: 0 },
            `${name}: the books`,
          );
        }
        equal((await world.standing("splunk")).waiting, 300, "what is down waits");
        isDown = false;
        await world.set();
        await world.drain("splunk");
        equal(receivers.splunk.state.records, 300, "and gets them later");
        return names.join(", ");
      } finally {
        await world.stop();
        for (const { close } of Object.values(receivers)) close();
      }
    },
  ],
  [
    "an object store, signed",
    withWorld(
      async (world, to) => {
        equal((await world.post(events(3))).status, 200, "taken");
        await world.drain("ops");
        const [{ headers, method }] = to.seen;
        equal(method, "PUT", "the method");
        equal(headers.authorization.startsWith("AWS4-HMAC-SHA256 Credential=id-1/"), true, "the signature");
        equal(await world.standing("ops"), { taken: 3, delivered: 3, dead: 0, waiting: 0 }, "the books");
        return "by the caller's signer";
      },
      (url) => toEndpoint("", { routes: [{ name: "ops", to: { s3: { bucket: "logs", url } } }] }),
      { secrets: { AWS_ID: "id-1", AWS_SECRET: "aws-secret-0123456789" } },
    ),
  ],
  [
    "down for an hour",
    withWorld(async (world, to) => {
      const { clock } = await world.set();
      await world.set({ down: clock + 3_600_000 });
      for (let at = 0; at < 20; at++) await world.post(events(1, at));
      await world.drain("ops", 60_000);
      equal(new Set(numbers(to.bodies)).size, 20, "all arrive");
      const { steps, names: met, clock: now } = await world.set();
      const tries = met.filter((name) => name === "fetch").length;
      equal(now - clock >= 3_600_000, true, "an hour has passed");
      equal(tries < 200, true, `${tries} tries for 20 batches`);
      equal(await world.standing("ops"), { taken: 20, delivered: 20, dead: 0, waiting: 0 }, "the books");
      return `${tries} tries, ${steps} steps`;
    }),
  ],
  [
    "429 with Retry-After",
    answering(
      ({ number }) => (number < 3 ? status(429, { "retry-after": "600" }) : undefined),
      async (world, to) => {
        const { clock } = await world.set();
        await world.post(events(2));
        await world.drain("ops");
        const passed = (await world.set()).clock - clock;
        equal(passed >= 1_200_000, true, `${passed} ms are twice ten minutes`);
        equal(to.seen.length, 3, "requests");
        return "is left alone for that long";
      },
    ),
  ],
  [
    "413: halves, and what is too large alone is dead",
    answering(
      ({ body }) =>
        body.includes('"n":3') || body.toString().trim().split("\n").length > 2 ? status(413) : undefined,
      async (world, to) => {
        await world.post(events(7));
        await world.drain("ops");
        equal(numbers(to.bodies).sort(), [0, 1, 2, 4, 5, 6], "those that are small enough");
        equal(numbers(await deadLetters(world)), [3], "the dead letter");
        equal((await deadLetters(world)).join().includes(VALUE), false, "it is redacted");
        equal(await world.standing("ops"), { taken: 7, delivered: 6, dead: 1, waiting: 0 }, "the books");
        return "seven records, one of them too large";
      },
    ),
  ],
  [
    "a partial success",
    answering(
      ({ number, body }) => {
        const lines = body.toString().trim().split("\n");
        const codes = number === 1 ? [201, 429, 400, 201, 503, 409] : lines.map(() => 201);
        const items = codes.slice(0, lines.length / 2).map((code) => ({ create: { status: code } }));
        return status(200, {}, JSON.stringify({ errors: true, items }));
      },
      async (world, to) => {
        await world.post(events(6));
        await world.drain("ops");
        equal(numbers(to.bodies.slice(1)), [1, 4], "what goes again");
        equal(numbers(await deadLetters(world)), [2], "what was refused");
        equal(await world.standing("ops"), { taken: 6, delivered: 5, dead: 1, waiting: 0 }, "the books");
        return "each record has its own";
      },
      (url) => toEndpoint("", { routes: [{ name: "ops", to: { elastic: { url, index: "logs" } } }] }),
      { ELASTIC_API_KEY: "key-of-elastic" },
    ),
  ],
  ...[
    ["garbage for an answer", () => status(500, {}, "\u0000<html>garbage".repeat(9_999))],
    [
      "a redirect, which is not followed",
      ({ path }) => (path === "/elsewhere" ? undefined : status(302, { location: "/elsewhere" })),
    ],
    ["a connection that is cut", () => ({ cut: true })],
    ["a credential that nobody mends", () => status(401)],
  ].map(([name, reply]) => [
    name,
    answering(reply, async (world, to) => {
      const { clock } = await world.set();
      await world.post(events(4));
      await world.drain("ops", 60_000);
      const days = ((await world.set()).clock - clock) / 86_400_000;
      equal(to.bodies, [], "nothing was taken");
      equal(numbers(await deadLetters(world)), [0, 1, 2, 3], "all are dead letters");
      equal(days >= 1, true, `after ${days} days`);
      equal(await world.standing("ops"), { taken: 4, delivered: 0, dead: 4, waiting: 0 }, "the books");
      return `given up after ${days.toFixed(1)} days and ${to.seen.length} tries`;
    }),
  ]),
  [
    "TLS refused",
    withWorld(
      async (world) => {
        await world.post(events(4));
        await world.drain("ops", 60_000);
        equal(numbers(await deadLetters(world)), [0, 1, 2, 3], "all are dead letters");
        return "given up";
      },
      (base) => toEndpoint(base.replace("http:", "https:")),
    ),
  ],
  [
    "a queue that is bound no more, though it hands out: a dead letter before it deletes the message",
    withWorld(async (world) => {
      const { clock } = await world.set({ down: 8e15, patient: true }, false);
      await world.post(events(3));
      await world.set({ unbound: true, patient: false, down: 8e15 });
      await until(async () => (await deadLetters(world)).length === 1, "a dead letter", 20_000);
      await world.drain("ops");
      equal(numbers(await deadLetters(world)), [0, 1, 2], "all are dead letters");
      const hours = ((await world.set()).clock - clock) / 3_600_000;
      equal(hours > 12 && hours < 24, true, `after ${hours} hours`);
      equal(await world.standing("ops"), { taken: 3, delivered: 0, dead: 3, waiting: 0 }, "the books");
      return `after ${hours.toFixed(0)} hours`;
    }),
  ],
  [
    "a body that is gone is told of, and settled at last",
    withWorld(async (world) => {
      await world.set({ down: 8e15, patient: true }, false);
      await world.post(events(3, 0, "x".repeat(100_000)));
      const bodies = await world.stored("bodies/");
      equal(bodies.length > 0, true, "it is in the bucket");
      await (await world.flare.getR2Bucket("STORE")).delete(bodies);
      await world.set();
      await world.drain("ops");
      equal(await world.standing("ops"), { taken: 3, delivered: 0, dead: 3, waiting: 0 }, "the books");
      const told = world
        .printed()
        .split("\n")
        .filter((line) => line.includes("its body is gone"));
      equal(told.length > 1 && told.every((line) => line.includes('"error"')), true, "each miss is told");
      return `${told.length} lines`;
    }),
  ],
  [
    "a request that is sent again days later: its batches have all their tries",
    (() => {
      let isDown = true;
      const reply = () => (isDown ? status(503) : undefined);
      return answering(reply, async (world, to) => {
        const headers = { "idempotency-key": "late" };
        await world.set({ step: 2, when: "before" });
        equal((await world.post(events(2), { headers })).status, 503, "the first time");
        const { clock } = await world.set();
        await world.set({ clock: clock + 100 * 3_600_000 });
        equal((await world.post(events(2), { headers })).status, 200, "four days later");
        await until(() => to.seen.length > 1, "more than one try");
        isDown = false;
        await world.drain("ops");
        equal([numbers(to.bodies), await deadLetters(world)], [[0, 1], []], "it arrives");
        return "and arrives";
      });
    })(),
  ],
  [
    "messages that come twice",
    withWorld(async (world, to) => {
      await world.set({ twice: true });
      for (let at = 0; at < 10; at++) await world.post(events(2, at * 2));
      await world.drain("ops");
      equal(
        numbers(to.bodies).sort((a, b) => a - b),
        Array.from({ length: 20 }, (_, n) => n),
        "each is delivered once",
      );
      equal(await world.standing("ops"), { taken: 20, delivered: 20, dead: 0, waiting: 0 }, "the books");
      return "are delivered once";
    }),
  ],
];
