// Lanes of faults: at each step of taking and delivering, before it happened and after, once and from then on.
// Nothing acknowledged is lost in any run, and the books balance.
import { withWorld } from "./taking.mjs";
import { equal, events, numbers } from "./world.mjs";

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

/** Posts `count` events again and again, each time with the fault at the next step, until there is no further step. */
async function everywhere(world, to, { count, fill = "", named }) {
  let [from, runs, repeats, step] = [0, 0, 0, 0];
  for (let hit = true; hit; ) {
    hit = false;
    step++;
    for (const when of ["before", "after"]) {
      for (const lasting of [false, true]) {
        const what = `a fault ${when} step ${step}${lasting ? " and ever after" : ""}`;
        const before = await world.standing("ops");
        await world.set({ step, when, lasting });
        const body = events(count, from, fill);
        await send(world, body, named ? { "idempotency-key": `request-${from}` } : {});
        await world.drain("ops");
        const met = await world.set();
        hit ||= met.hit > 0;
        const arrived = numbers(to.bodies).filter((number) => number >= from);
        equal(new Set(arrived).size, count, `${what} (${met.names.join(", ")}): what arrived`);
        repeats += arrived.length - count;
        const { taken, delivered, dead, waiting } = await world.standing("ops");
        equal([waiting, dead], [0, 0], `${what}: nothing waits or is dead`);
        equal(delivered, taken, `${what}: taken is delivered`);
        if (named) equal(taken - before.taken, count, `${what}: counted once`);
        to.bodies.length = 0;
        from += count;
        runs++;
      }
    }
  }
  equal(step > 6, true, "faults were met");
  return `${runs} runs, faults at ${step - 1} steps, ${repeats} of ${from} records delivered again`;
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
];
