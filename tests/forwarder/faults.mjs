// Lanes of faults: at each step of taking and delivering, before it happened and after, once and from then on.
// Nothing acknowledged is lost in any run, and the books balance.
import { of, TENANTS, withTenants } from "./customers.mjs";
import { withWorld } from "./taking.mjs";
import { equal, events, numbers, VALUE } from "./world.mjs";

/** As a sender does: the same request again, until it is taken. */
async function send(world, body, headers) {
  for (let tries = 1; tries < 10; tries++) {
    const response = await world.post(body, { headers });
    if (response.status === 200) return tries;
    equal((await response.json()).code, "W928", "what asks to be repeated");
    // A Worker that has died is another one at the next request.
    await world.set({ step: 0, failed: false }, false);
  }
  throw new Error("it was never taken");
}

/** Runs something again and again, each time with the fault at the next step, until there is no further step. */
export async function atEachStep(world, run) {
  let [runs, step] = [0, 0];
  for (let hit = true; hit; ) {
    hit = false;
    step++;
    for (const when of ["before", "after"]) {
      for (const lasting of [false, true]) {
        const what = `a fault ${when} step ${step}${lasting ? " and ever after" : ""}`;
        const met = await run(what, () => world.set({ step, when, lasting }));
        hit ||= met.hit > 0;
        runs++;
      }
    }
  }
  equal(step > 6, true, "faults were met");
  return `${runs} runs, faults at ${step - 1} steps`;
}

/** Posts `count` events, each time with the fault at another step. */
async function everywhere(world, to, { count, fill = "", named }) {
  let [from, repeats] = [0, 0];
  const said = await atEachStep(world, async (what, breakIt) => {
    const before = await world.standing("ops");
    await breakIt();
    const body = events(count, from, fill);
    await send(world, body, named ? { "idempotency-key": `request-${from}` } : {});
    await world.drain("ops");
    const met = await world.set();
    const arrived = numbers(to.bodies).filter((number) => number >= from);
    equal(new Set(arrived).size, count, `${what} (${met.names.join(", ")}): what arrived`);
    repeats += arrived.length - count;
    const { taken, delivered, dead, waiting } = await world.standing("ops");
    equal([waiting, dead], [0, 0], `${what}: nothing waits or is dead`);
    equal(delivered, taken, `${what}: taken is delivered`);
    if (named) equal(taken - before.taken, count, `${what}: counted once`);
    to.bodies.length = 0;
    from += count;
    return met;
  });
  return `${said}, ${repeats} of ${from} records delivered again`;
}

/** Posts events of two tenants and of none in one request, while the tails are read. */
async function forTenants(world, { own, arrived }) {
  const tails = await Promise.all([...TENANTS, undefined].map((tenant) => world.tail("", { tenant })));
  const books = [["ops"], ...TENANTS.map((tenant) => ["logs", tenant])];
  const standings = () => Promise.all(books.map(([route, tenant]) => world.standing(route, tenant)));
  let from = 0;
  const said = await atEachStep(world, async (what, breakIt) => {
    const before = await standings();
    await breakIt();
    const [acme, globex, ours] = [from, from + 2, from + 4];
    const body = [of({ id: "acme" }, 2, acme), of({ id: "globex" }, 2, globex), events(2, ours)].join("");
    await send(world, body, { "idempotency-key": `request-${from}` });
    for (const [route, tenant] of books) await world.drain(route, undefined, tenant);
    const met = await world.set();
    const fresh = (all) => [...new Set(all.filter((number) => number >= from))].sort((a, b) => a - b);
    equal(
      [fresh(arrived("acme")), fresh(arrived("globex")), fresh(numbers(own.bodies))],
      [
        [acme, acme + 1],
        [globex, globex + 1],
        [ours, ours + 1],
      ],
      `${what} (${met.names.join(", ")}): each gets its own`,
    );
    const after = await standings();
    for (const [at, { taken, delivered, dead, waiting }] of after.entries()) {
      equal([waiting, dead, delivered], [0, 0, taken], `${what}: ${books[at]}`);
      equal(taken - before[at].taken, 2, `${what}: ${books[at]}: counted once`);
    }
    from += 6;
    return met;
  });
  const shown = tails.map(({ events }) => new Set(events.map(({ event }) => event.n)));
  for (const [at, tail] of tails.entries()) {
    const others = [...shown[at]].filter((number) => Math.floor((number % 6) / 2) !== at);
    equal(others, [], "a tail shows its tenant's events alone");
    if (tail.text.includes(VALUE)) throw new Error("a value is shown");
    tail.stop();
  }
  return `${said}; the tails showed ${shown.reduce((sum, { size }) => sum + size, 0)} of ${from}`;
}

/** Takes two records at most. */
const small = ({ body }) =>
  body.toString().trim().split("\n").length > 2 ? { status: 413, headers: {}, body: "" } : undefined;

export const faults = [
  [
    "faults at every step, a request with a name",
    withWorld((world, to) => everywhere(world, to, { count: 3, named: true })),
  ],
  [
    "faults at every step, a request without a name",
    withWorld((world, to) => everywhere(world, to, { count: 3, named: false })),
  ],
  [
    "faults at every step, a body in the store",
    withWorld((world, to) => everywhere(world, to, { count: 2, fill: "x".repeat(80_000), named: true })),
  ],
  [
    "faults at every step of splitting",
    withWorld((world, to) => everywhere(world, to, { count: 5, named: true }), undefined, {
      receiver: { reply: small },
    }),
  ],
  [
    "faults at every step, tenants in one request, their tails read",
    withTenants(forTenants, { tenants: { fields: { workato: ["@customer.external_id", "@customer.id"] } } }),
  ],
];
