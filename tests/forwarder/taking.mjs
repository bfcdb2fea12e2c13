// Lanes of what is taken: the platforms' content types, encodings and proofs, long bodies, many at once, repetitions.
import { createHmac } from "node:crypto";
import { deflateSync, gzipSync } from "node:zlib";
import { sample } from "logweir/sample";
import { createToken } from "logweir/worker";
import { OPTIONS } from "../receivers/stubs.mjs";
import { equal, events, numbers, receiver, SECRETS, start, toEndpoint, VALUE } from "./world.mjs";

const signature = (body, key = SECRETS.PARAGON_SIGNING_SECRET, encoding = "hex") =>
  `v1=${createHmac("sha256", key).update(body).digest(encoding)}`;

/** Runs a lane with a forwarder to one receiver. */
export const withWorld =
  (lane, policy = toEndpoint, given = {}) =>
  async () => {
    const to = await receiver(given.receiver);
    const world = await start(policy(to.base), given);
    try {
      const told = await lane(world, to);
      for (const secret of [...Object.values({ ...SECRETS, ...given.secrets }), VALUE]) {
        if (world.printed().includes(secret)) throw new Error("a secret or a value stands in the log");
      }
      return told;
    } finally {
      await world.stop();
      to.close();
    }
  };

const taken = async (response, records, what) => {
  equal(response.status, 200, `${what}: the status`);
  equal(await response.json(), { records }, `${what}: the answer`);
};

export const taking = [
  [
    "the platforms' content types, encodings and proofs",
    withWorld(async (world, to) => {
      let from = 0;
      const next = (count) => {
        from += count;
        return events(count, from - count);
      };
      const tray = { authorization: `Bearer ${SECRETS.TRAY_TOKEN}`, "cf-connecting-ip": "52.8.7.130" };
      for (const type of [
        "application/json",
        "applicaton/json",
        "application/ndjson",
        "application/json; charset=utf-8",
      ]) {
        const headers = { ...tray, "content-type": type };
        await taken(await world.post(next(1), { source: "tray", headers }), 1, type);
      }
      const array = `[${next(3).trim().split("\n").join(",")}]`;
      await taken(
        await world.post(array, { headers: { "content-type": "application/json" } }),
        3,
        "an array",
      );
      for (const [encoding, pack] of [
        ["gzip", gzipSync],
        ["deflate", deflateSync],
      ]) {
        const headers = { "content-encoding": encoding };
        await taken(await world.post(pack(next(4)), { headers }), 4, encoding);
      }
      for (const encoding of ["hex", "base64"]) {
        const body = next(1);
        const headers = {
          authorization: undefined,
          "content-type": "application/json",
          "x-paragon-signature": signature(body, undefined, encoding),
        };
        await taken(await world.post(body, { source: "paragon", headers }), 1, `signed, ${encoding}`);
      }
      const token = await createToken({
        key: SECRETS.SEND_KEY,
        source: "send",
        expires: Date.parse("2026-05-04T07:00:00Z"),
      });
      const page = { authorization: `Bearer ${token}`, origin: "https://app.example" };
      const sent = await world.post(next(2), { source: "send", headers: page });
      equal(sent.headers.get("access-control-allow-origin"), "*", "a page may read the answer");
      await taken(sent, 2, "from a page");
      const beacon = { authorization: undefined };
      await taken(
        await world.post(next(1), { source: "send", headers: beacon, query: `?token=${token}&batch=b1` }),
        1,
        "a beacon",
      );
      await world.drain("ops");
      equal(
        numbers(to.bodies).sort((a, b) => a - b),
        Array.from({ length: from }, (_, n) => n),
        "each arrives once",
      );
      if (to.bodies.join().includes(VALUE)) throw new Error("a value left as it came");
      return `${from} records in 13 forms`;
    }),
  ],
  [
    "events of all platforms",
    withWorld(async (world, to) => {
      const all = [...sample({ count: 500, seed: 3, asText: true })];
      await taken(await world.post(`${all.join("\n")}\n`), 500, "the samples");
      await world.drain("ops");
      equal(to.bodies.join("").split("\n").length - 1, 500, "they arrive");
      return "500 events";
    }),
  ],
  [
    "a body of 60 MB",
    withWorld(async (world, to) => {
      const [pieces, each] = [60, 1_000];
      async function* body() {
        for (let at = 0; at < pieces; at++) yield Buffer.from(events(each, at * each, "x".repeat(960)));
      }
      const begun = performance.now();
      const answer = await (await world.insist(() => ReadableStream.from(body()), "long")).json();
      equal(answer.records, pieces * each, "60 MB");
      const seconds = (performance.now() - begun) / 1000;
      await world.drain("ops", 60_000);
      equal(new Set(numbers(to.bodies)).size, pieces * each, "all arrive");
      equal(await world.stored("bodies/"), [], "no body is left in the store");
      return `60 MB taken in ${seconds.toFixed(1)} s, in ${to.bodies.length} requests`;
    }),
  ],
  [
    "a long body for a receiver that takes little at a time",
    withWorld(
      async (world, to) => {
        await taken(await world.post(events(60_000, 0, "x".repeat(20))), 60_000, "60,000 events");
        const bundles = (await world.stored("bodies/")).length;
        equal(bundles > 1 && bundles < 20, true, `${bundles} objects`);
        await world.drain("ops", 60_000);
        equal(to.state.records, 60_000, `all arrive: ${to.state.why}`);
        equal(await world.stored("bodies/"), [], "no body is left in the store");
        return `${to.state.requests} requests out of ${bundles} objects`;
      },
      (base) => toEndpoint("", { routes: [{ name: "ops", to: { sentry: OPTIONS.sentry(base) } }] }),
      { receiver: { contract: "sentry" } },
    ),
  ],
  [
    "1,000 posts at once",
    withWorld(async (world, to) => {
      const answers = await Promise.all(
        Array.from({ length: 1_000 }, (_, at) => world.insist(() => events(1, at), `post-${at}`)),
      );
      equal(answers.filter(({ status }) => status === 200).length, 1_000, "taken");
      await world.drain("ops", 60_000);
      equal(new Set(numbers(to.bodies)).size, 1_000, "all arrive");
      equal(
        await world.standing("ops"),
        { taken: 1_000, delivered: 1_000, dead: 0, waiting: 0 },
        "the books",
      );
      return `${to.bodies.length} requests, ${world.resets ?? 0} connections reset`;
    }),
  ],
  [
    "a repetition under the same name is taken once",
    withWorld(async (world, to) => {
      const headers = { "x-logweir-batch": "batch-1" };
      await taken(await world.post(events(3), { headers }), 3, "the first");
      equal(
        await (await world.post(events(3), { headers })).json(),
        { records: 3, repeated: true },
        "the second",
      );
      const body = events(1, 7);
      const signed = { authorization: undefined, "x-paragon-signature": signature(body) };
      await taken(await world.post(body, { source: "paragon", headers: signed }), 1, "signed");
      const replayed = await world.post(body, { source: "paragon", headers: signed });
      equal(await replayed.json(), { records: 1, repeated: true }, "replayed");
      await world.drain("ops");
      equal(numbers(to.bodies), [0, 1, 2, 7], "each arrives once");
      return "a sender's name, and a signature";
    }),
  ],
  [
    "withheld, filtered, archived",
    withWorld(
      async (world) => {
        await taken(await world.post(`${events(4)}{"n":\n{"n":9,"level":"debug"}\n`), 6, "six");
        const metrics = await world.metrics();
        const of = (outcome) => metrics[`logweir_records_total{outcome="${outcome}"}`];
        equal([of("kept"), of("filtered"), of("quarantined")], [4, 1, 1], "the report");
        const [withheld] = await world.stored("quarantine/");
        equal(
          Object.keys(JSON.parse(await world.object(withheld))).includes("code"),
          true,
          "a code and a place",
        );
        const [archived] = await world.stored("archive/all/");
        equal(numbers([await world.object(archived)]), [0, 1, 2, 3], "the archive");
        equal(await world.standing("all"), { taken: 4, delivered: 4, dead: 0, waiting: 0 }, "the books");
        return "they add up";
      },
      () => ({
        ...toEndpoint(""),
        keep: "-level:debug",
        routes: [{ name: "all" }],
        allow: [
          { route: "all", payload: true, because: "synthetic" },
          { route: "all", unknown: true, because: "synthetic" },
        ],
      }),
    ),
  ],
];
