// Lanes of what requests cost whose senders have not proved who they are: no policy is compiled for them, next to nothing
// is read, and little of them is held.
import { createHmac } from "node:crypto";
import { request as httpRequest } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { createToken } from "logweir/worker";
import { withTenants } from "./customers.mjs";
import { withWorld } from "./taking.mjs";
import { equal, events, numbers, SECRETS, until } from "./world.mjs";

const wrong = { authorization: "Bearer wrong" };
const TOKEN = "paragon-token-0123456789";
const none = { authorization: undefined };
const sign = (body) => ({
  authorization: undefined,
  "x-paragon-signature": `v1=${createHmac("sha256", SECRETS.PARAGON_SIGNING_SECRET).update(body).digest("hex")}`,
});

/** Begins a request with a signature that is none, and sends so much of its body. */
async function begin(world, length) {
  const headers = { "content-type": "application/x-ndjson", "x-paragon-signature": `v1=${"0".repeat(64)}` };
  const outgoing = httpRequest(new URL("/in/paragon", world.url), { method: "POST", headers });
  const slow = { outgoing, status: 0, after: undefined };
  outgoing.on("error", () => {});
  outgoing.on("response", (response) => {
    [slow.status, slow.after] = [response.statusCode, response.headers["retry-after"]];
    response.resume();
  });
  await new Promise((done) => outgoing.write("x".repeat(length), done));
  return slow;
}

export const unproven = [
  [
    "what a forged request touches: of a tenant its secrets, once; never a policy, the store or a ledger",
    withTenants(async (world, { arrived }) => {
      const now = Date.parse("2026-05-04T06:00:00Z");
      const token = async (more) => {
        const expires = Date.parse("2027-01-01");
        const made = await createToken({
          key: SECRETS.SEND_KEY,
          source: "send",
          tenant: "acme",
          expires,
          ...more,
        });
        return { authorization: `Bearer ${made}` };
      };
      const costs = async (what, status, texts, touched, ask) => {
        await world.set({ touched: [], texts: [] }, false);
        equal((await ask()).status, status, what);
        const told = await world.set({}, false);
        equal([told.texts, [...new Set(told.touched)].sort()], [texts, touched], what);
      };
      const forged = (what, texts, touched, given) =>
        costs(what, 401, texts, touched, () =>
          world.post(events(1), { tenant: "acme", headers: wrong, ...given }),
        );
      await forged("an unknown source", [], [], { source: "nobody" });
      await forged("no proof", [], [], { headers: none });
      await forged("another kind of proof", [], [], { headers: { authorization: "Basic eDp5" } });
      await forged("an empty proof", [], [], { headers: { authorization: "Bearer " } });
      await forged("a wrong address", [], [], {
        source: "tray",
        headers: { authorization: `Bearer ${SECRETS.TRAY_TOKEN}`, "cf-connecting-ip": "192.0.2.1" },
      });
      await forged("no signature", [], [], { source: "paragon", headers: none });
      await forged("another tenant's token", [], [], {
        source: "send",
        headers: await token({ tenant: "globex" }),
      });
      await forged("a token that has ended", [], [], {
        source: "send",
        headers: await token({ expires: now }),
      });
      const post = (path) => () => world.get(path, "wrong", "POST");
      await costs("a path too deep", 404, [], [], post("/in/workato/acme/more"));
      await costs("no path", 404, [], [], post("/elsewhere"));
      await costs("a GET", 405, [], [], () => world.get("/in/workato/acme", "wrong"));
      await forged("a wrong token", [], ["WORKATO_TOKEN"], { tenant: undefined });
      await forged("a wrong token of a tenant", ["secrets/acme"], ["TENANTS"]);
      for (const again of [1, 2]) await forged(`the same again, ${again}`, [], []);
      await forged("of nobody", ["secrets/nobody"], ["TENANTS", "WORKATO_TOKEN"], { tenant: "nobody" });
      await forged("of nobody, again", [], ["WORKATO_TOKEN"], { tenant: "nobody" });
      await costs("a wrong reader", 401, [], ["TAIL_TOKEN"], () => world.get("/tail?tenant=acme", "wrong"));
      await costs("no reader", 401, [], [], () => world.get("/tail?tenant=globex", ""));
      await costs("a wrong admin", 401, [], ["ADMIN_TOKEN"], () =>
        world.get("/policy?tenant=globex", "wrong"),
      );
      await costs("a wrong replay", 401, [], ["REPLAY_TOKEN"], post("/replay?tenant=globex"));
      const headers = { authorization: "Bearer token-of-acme-0123456789" };
      await world.set({ touched: [], texts: [] }, false);
      equal((await world.post(events(1), { tenant: "acme", headers })).status, 200, "the right one");
      equal((await world.set({}, false)).texts, ["policy", "policy/acme"], "reads the policies, too");
      await world.drain("logs", undefined, "acme");
      equal(arrived("acme"), [0], "and arrives");
      return "twenty forgeries";
    }),
  ],
  [
    "bodies held for their signatures: so much at once, and who is slow gives way",
    withWorld(
      async (world, to) => {
        const body = events(40, 0, "x".repeat(100));
        const send = () => world.post(body, { source: "paragon", headers: sign(body) });
        const slow = [];
        for (let each = 0; each < 3; each++) slow.push(await begin(world, 9_000));
        await pause(300);
        const refused = await send();
        equal(
          [refused.status, (await refused.json()).code, refused.headers.get("retry-after")],
          [429, "W930", "5"],
          "over what is held at once",
        );
        const { clock } = await world.set({}, false);
        await world.set({ clock: clock + 11_000 }, false);
        equal((await send()).status, 200, "a sender, where others are slow");
        slow[0].outgoing.write("x");
        await until(() => slow[0].status !== 0, "the slowest is told");
        equal([slow[0].status, slow[0].after], [429, "5"], "to try again");
        equal([slow[1].status, slow[2].status], [0, 0], "the others are read on");
        for (const { outgoing } of slow.slice(1)) outgoing.end();
        await until(() => slow.every(({ status }) => status !== 0), "they are answered");
        equal([slow[1].status, slow[2].status], [401, 401], "as forged");
        const cut = await Promise.all([1, 2, 3].map(() => begin(world, 9_000)));
        for (const { outgoing } of cut) outgoing.destroy();
        const gone = async () => {
          const many = await Promise.all([1, 2, 3].map(() => begin(world, 9_000)));
          await pause(100);
          for (const { outgoing } of many) outgoing.end();
          await until(() => many.every(({ status }) => status !== 0), "all are answered");
          return many.every(({ status }) => status === 401);
        };
        await until(gone, "what was cut is held no longer");
        await world.drain("ops");
        equal(numbers(to.bodies).length, 40, "what was taken");
        return "three at once, or longer than 10 s";
      },
      undefined,
      { options: { limits: { signedBytes: 10_000 } } },
    ),
  ],
  [
    "a body too large for its signature, let in by a token, is not taken for an empty one",
    withWorld(
      async (world, to) => {
        const headers = { "x-paragon-signature": `v1=${"0".repeat(64)}` };
        const token = { authorization: `Bearer ${TOKEN}` };
        const say = (body, more) => world.post(body, { source: "paragon", headers: { ...headers, ...more } });
        const large = events(200);
        for (const body of [large, ReadableStream.from([Buffer.from(large)])]) {
          const response = await say(body, token);
          equal(
            [response.status, (await response.json()).code],
            [413, "W924"],
            "told by length, or found out",
          );
        }
        equal((await say(large, none)).status, 401, "without the token");
        equal((await say(events(2), token)).status, 200, "a smaller one, by its token");
        await world.drain("ops");
        equal(numbers(to.bodies), [0, 1], "what arrives");
        return "413";
      },
      undefined,
      {
        secrets: { PARAGON_TOKEN: TOKEN },
        options: { limits: { signedBytes: 10_000 } },
      },
    ),
  ],
];
