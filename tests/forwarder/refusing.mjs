// Lanes of what gets nowhere: forged, oversized, wrongly encoded, of the wrong type, cut; and that the answers tell nothing.
import { createHmac } from "node:crypto";
import { request as httpRequest } from "node:http";
import { gzipSync } from "node:zlib";
import { createToken } from "logweir/worker";
import { withWorld } from "./taking.mjs";
import { equal, events, request, SECRETS, toEndpoint, VALUE } from "./world.mjs";

/** What a refused request leaves behind: nothing, and an answer of fixed words. */
async function refused(world, response, status, code, what) {
  equal(response.status, status, `${what}: the status`);
  equal(response.headers.get("content-type"), "application/problem+json", `${what}: the type`);
  const text = await response.text();
  const told = JSON.parse(text);
  equal(Object.keys(told), ["type", "title", "status", "code"], `${what}: the members`);
  equal([told.status, told.code, told.type], [status, code, `PROBLEMS.md#${code.toLowerCase()}`], what);
  equal(await world.stored(), [], `${what}: the store is empty`);
  return text;
}

/** Asks as the platform would, with what it tells of the connection. */
const certified = async (world, more) => {
  const tlsClientAuth = { certVerified: "SUCCESS", certRevoked: "0", certFingerprintSHA256: "ab12", ...more };
  const response = await world.flare.dispatchFetch(new URL("/in/tls", world.url), {
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
    body: events(1),
    cf: { tlsClientAuth },
  });
  await response.text();
  return response.status;
};

const endsWith = (world, step) => async () =>
  equal((await world.set({}, false)).names.includes(step), false, step);

export const refusing = [
  [
    "forged requests get nowhere, and cannot be told apart",
    withWorld(async (world) => {
      const body = events(1);
      const tray = { authorization: `Bearer ${SECRETS.TRAY_TOKEN}` };
      const now = Date.parse("2026-05-04T06:00:00Z");
      const token = (more) =>
        createToken({ key: SECRETS.SEND_KEY, source: "send", expires: now + 1_000, ...more });
      const bearer = async (more) => ({ authorization: `Bearer ${await token(more)}` });
      const sign = (key, of = body) => `v1=${createHmac("sha256", key).update(of).digest("hex")}`;
      const none = { authorization: undefined };
      const forged = [
        ["workato", none],
        ["workato", { authorization: "Bearer wrong" }],
        ["workato", { authorization: `Basic ${SECRETS.WORKATO_TOKEN}` }],
        ["workato", { authorization: `Bearer ${SECRETS.TRAY_TOKEN}` }],
        ["workato", { authorization: `Bearer ${SECRETS.WORKATO_TOKEN}x` }],
        ["tray", { ...tray, "cf-connecting-ip": "192.0.2.1" }],
        ["tray", tray],
        ["tray", { authorization: "Bearer x", "cf-connecting-ip": "52.8.7.130" }],
        ["paragon", none],
        ["paragon", { ...none, "x-paragon-signature": sign("another key") }],
        ["paragon", { ...none, "x-paragon-signature": sign(SECRETS.PARAGON_SIGNING_SECRET, "another body") }],
        ["paragon", { ...none, "x-paragon-signature": sign(SECRETS.PARAGON_SIGNING_SECRET).slice(3) }],
        ["paragon", { ...none, "x-paragon-signature": "v1=zz" }],
        ["paragon", { authorization: "Bearer undefined" }],
        ["send", await bearer({ expires: now - 1 })],
        ["send", await bearer({ source: "workato" })],
        ["send", await bearer({ key: "another-key-another-key-another-key" })],
        ["send", { authorization: `Bearer ${(await token()).slice(0, -2)}` }],
        ["nobody", {}],
        ["__proto__", {}],
        ["", {}],
      ];
      const answers = new Set();
      for (const [source, headers] of forged) {
        answers.add(await refused(world, await world.post(body, { source, headers }), 401, "W921", source));
      }
      equal(answers.size, 1, "one answer");
      await endsWith(world, "send")();
      return `${forged.length} forgeries`;
    }),
  ],
  [
    "oversized, wrongly encoded, of the wrong type",
    withWorld(
      async (world) => {
        // Answered before all of it is sent: on a busy machine, the connection may be reset before the answer is read.
        const say = async (status, code, body, headers, what) => {
          for (let tries = 1; ; tries++) {
            try {
              const response = await world.post(typeof body === "function" ? body() : body, { headers });
              return await refused(world, response, status, code, what);
            } catch (error) {
              if (error.cause?.code !== "ECONNRESET" || tries === 5) throw error;
            }
          }
        };
        await say(413, "W924", events(60, 0, "x".repeat(1_000)), {}, "too large, told by its length");
        await say(
          413,
          "W924",
          () => ReadableStream.from([Buffer.from(events(60, 0, "x".repeat(1_000)))]),
          {},
          "too large, found out",
        );
        await say(
          413,
          "W924",
          gzipSync(Buffer.alloc(50_000_000, 32), { level: 9 }).subarray(0, 48_000),
          { "content-encoding": "gzip" },
          "a zip bomb",
        );
        await say(415, "W925", events(1), { "content-type": "text/html" }, "a type");
        await say(415, "W925", events(1), { "content-type": undefined }, "no type");
        await say(415, "W925", events(1), { "content-encoding": "br" }, "an encoding");
        await say(415, "W925", events(1), { "content-encoding": "gzip, gzip" }, "two encodings");
        await say(400, "W926", events(1), { "content-encoding": "gzip" }, "no gzip");
        await say(
          400,
          "W926",
          gzipSync(events(900)).subarray(0, -20),
          { "content-encoding": "gzip" },
          "half a gzip",
        );
        await say(
          400,
          "W926",
          Buffer.concat([gzipSync(events(2)), gzipSync(events(2, 2))]),
          { "content-encoding": "gzip" },
          "two gzips, of which only the first would be read",
        );
        await refused(world, await world.post("", { method: "GET" }), 405, "W923", "a GET");
        await refused(world, await world.get("/elsewhere"), 404, "W922", "elsewhere");
        await refused(world, await world.get("/in/workato/tenant/more", "", "POST"), 404, "W922", "deeper");
        await endsWith(world, "send")();
        return "thirteen ways";
      },
      toEndpoint,
      { options: { limits: { bodyBytes: 50_000, unpackedBytes: 200_000 } } },
    ),
  ],
  [
    "a connection that is cut: nothing is taken",
    withWorld(async (world, to) => {
      const { promise, resolve } = Promise.withResolvers?.() ?? withResolvers();
      const outgoing = httpRequest(new URL("/in/workato", world.url), {
        method: "POST",
        headers: { authorization: `Bearer ${SECRETS.WORKATO_TOKEN}`, "content-type": "application/x-ndjson" },
      });
      outgoing.on("error", resolve);
      for (let at = 0; at < 40; at++) outgoing.write(events(1_000, at * 1_000, "x".repeat(200)));
      setTimeout(() => outgoing.destroy(), 700);
      await promise;
      await new Promise((done) => setTimeout(done, 700));
      await world.drain("ops");
      equal(to.bodies, [], "nothing arrived");
      equal((await world.standing("ops")).taken, 0, "nothing is in the books");
      return "after about 10 MB";
    }),
  ],
  [
    "CORS: pages that may, and those that may not",
    withWorld(
      async (world) => {
        const ask = (origin, source = "send") =>
          request(new URL(`/in/${source}`, world.url), {
            method: "OPTIONS",
            headers: { origin, "access-control-request-method": "POST" },
          });
        const may = await ask("https://app.example");
        equal(
          [may.status, may.headers.get("access-control-allow-origin")],
          [204, "https://app.example"],
          "may",
        );
        const not = await ask("https://evil.example");
        equal([not.status, not.headers.get("access-control-allow-origin")], [405, null], "may not");
        equal((await ask("https://app.example", "workato")).status, 405, "no page's source");
        return "by origin";
      },
      toEndpoint,
      { options: { sources: { send: { auth: [{ token: "SEND_KEY" }], origins: ["https://app.example"] } } } },
    ),
  ],
  [
    "every kind of proof that a source may ask for",
    withWorld(
      async (world) => {
        const tries = async (source, good, bad) => {
          equal((await world.post(events(1), { source, headers: good })).status, 200, source);
          for (const headers of bad)
            equal((await world.post(events(1), { source, headers })).status, 401, `${source}, forged`);
        };
        const basic = (text) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });
        await tries("basic", basic("user:päss"), [
          basic("user:pass"),
          basic("user:päss "),
          {},
          { authorization: "Basic ///" },
        ]);
        await tries("header", { "x-api-key": "k-1" }, [{ "x-api-key": "k-2" }, {}]);
        await tries("either", { "x-api-key": "k-1" }, [{}]);
        await tries("either", {}, []).catch(() => {});
        for (const source of ["missing", "none", "tls"]) {
          equal((await world.post(events(1), { source, headers: { "x-api-key": "" } })).status, 401, source);
        }
        equal(await certified(world, {}), 200, "a certificate");
        for (const more of [
          { certFingerprintSHA256: "ab13" },
          { certVerified: "FAILED:certificate has expired" },
          { certRevoked: "1" },
          { certVerified: "NONE", certFingerprintSHA256: "" },
        ]) {
          equal(await certified(world, more), 401, `a certificate: ${JSON.stringify(more)}`);
        }
        return "basic, header, certificates, one of several, none, a missing secret";
      },
      toEndpoint,
      {
        secrets: { BASIC: "user:päss", API_KEY: "k-1" },
        options: {
          sources: {
            basic: { auth: [{ basic: "BASIC" }] },
            header: { auth: [{ header: "x-api-key", secret: "API_KEY" }] },
            either: { auth: [{ basic: "BASIC" }, [{ header: "x-api-key", secret: "API_KEY" }]] },
            missing: { auth: [{ header: "x-api-key", secret: "NOBODY_SET_IT" }] },
            none: { auth: [[]] },
            tls: { auth: [{ certificates: ["AB:12"] }] },
          },
        },
      },
    ),
  ],
];

function withResolvers() {
  let resolve;
  const promise = new Promise((done) => (resolve = done));
  return { promise, resolve };
}

export { VALUE };
