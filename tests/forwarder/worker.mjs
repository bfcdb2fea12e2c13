// The Worker under test: the forwarder, with faults put between it and the platform, and a clock that tests move on.
// POLICY and OPTIONS are put in by the bundler.
import { AwsClient } from "aws4fetch";
import { forwarder, Ledger } from "logweir/worker";

export { Ledger };

const begin = Date.parse("2026-05-04T06:00:00Z");

/** What the tests set: the step at which something fails, how, and the receiver's state. */
const fresh = () => ({
  step: 0,
  when: "before",
  lasting: false,
  down: 0,
  steps: 0,
  names: [],
  clock: begin,
  failed: false,
  hit: 0,
  twice: false,
  patient: false,
  unbound: false,
  touched: [],
  texts: [],
});
const world = fresh();

const sign = ({ url, ...init }, signing, env) =>
  new AwsClient({ accessKeyId: env.AWS_ID, secretAccessKey: env.AWS_SECRET, ...signing }).sign(url, init);
const worker = forwarder(POLICY, { ...OPTIONS, sign, clock: () => world.clock });

/** An effect on the outside: a step that may fail before or after it happens. */
async function step(name, work) {
  const number = ++world.steps;
  world.names.push(name);
  const fails = (when) =>
    (number === world.step && world.when === when) || (world.lasting && world.failed)
      ? fail(name)
      : undefined;
  fails("before");
  const given = await Promise.resolve(work()).catch((error) => {
    console.log(`${name}: ${error.message}`);
    throw error;
  });
  fails("after");
  return given;
}

function fail(name) {
  world.failed = true;
  world.hit++;
  throw new Error(`fault injected at ${name}`);
}

/** The bindings, each of whose effects is a step. */
function faulty(env) {
  const wrapped = { ...env };
  const { STORE: store, LEDGER: ledger, TENANTS: texts } = env;
  if (texts) {
    wrapped.TENANTS = {
      get: (key) => step("read", () => texts.get(key)),
      list: (options) => texts.list(options),
    };
  }
  wrapped.STORE = {
    put: (...given) => step("put", () => store.put(...given)),
    get: (...given) => step("get", () => store.get(...given)),
    list: (...given) => step("list", () => store.list(...given)),
    delete: (keys) => step("delete", () => store.delete(keys)),
  };
  wrapped.LEDGER = {
    idFromName: (name) => ledger.idFromName(name),
    get: (id) => ({
      fetch: (request) =>
        step(`ledger ${new URL(request.url).pathname.slice(1)}`, () => ledger.get(id).fetch(request)),
    }),
  };
  for (const [name, queue] of Object.entries(env).filter(([name]) => name.startsWith("QUEUE_"))) {
    if (world.unbound) {
      delete wrapped[name];
      continue;
    }
    wrapped[name] = {
      sendBatch: (messages, { delaySeconds = 0 } = {}) =>
        step("send", async () => {
          if (!world.patient) world.clock += delaySeconds * 1000;
          for (let times = world.twice ? 2 : 1; times > 0; times--) await queue.sendBatch([...messages]);
        }),
    };
  }
  return wrapped;
}

/** The bindings as they are, noting which are touched and which texts are read. */
function watched(env) {
  const { TENANTS: texts } = env;
  const namespace = texts && {
    get: (key, options) => {
      world.texts.push(key);
      return texts.get(key, options);
    },
    list: (options) => texts.list(options),
  };
  return new Proxy(namespace ? { ...env, TENANTS: namespace } : env, {
    get(target, name) {
      world.touched.push(name);
      return target[name];
    },
  });
}

const really = globalThis.fetch;
globalThis.fetch = (request, init) =>
  step("fetch", () => {
    if (world.clock < world.down) throw new Error("the receiver is down");
    return really(request, init);
  });

/** When a message was first seen, by the tests' clock. */
const firstSeen = new Map();
function sentAt(id) {
  if (!firstSeen.has(id)) firstSeen.set(id, world.clock);
  return firstSeen.get(id);
}

/** Messages whose delays pass at once: the clock goes on by as much. */
const hurried = (messages) =>
  messages.map((message) => ({
    id: message.id,
    body: message.body,
    attempts: message.attempts,
    timestamp: new Date(sentAt(message.id)),
    ack() {
      if (!(world.lasting && world.failed)) message.ack();
    },
    retry({ delaySeconds = 0 } = {}) {
      if (!world.patient) world.clock += delaySeconds * 1000;
      message.retry({ delaySeconds: world.patient ? 1 : 0 });
    },
  }));

export default {
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    if (pathname === "/world") {
      const { more, reset } = await request.json();
      const told = { ...world };
      if (reset) Object.assign(world, fresh(), { clock: world.clock });
      Object.assign(world, more);
      return Response.json(told);
    }
    // What is read of the books is no part of taking.
    return worker.fetch(request, watched(/^\/(in|replay)/.test(pathname) ? faulty(env) : env), {
      waitUntil: (work) => context.waitUntil(work),
    });
  },
  async queue({ queue, messages }, env) {
    world.batches = (world.batches ?? 0) + 1;
    if (world.lasting && world.failed) Object.assign(world, { step: 0, failed: false }); // another isolate
    await worker.queue({ queue, messages: hurried(messages) }, faulty(env));
    if (world.lasting && world.failed) throw new Error("the Worker has died");
  },
  scheduled: (event, env) => worker.scheduled(event, faulty(env)),
};
