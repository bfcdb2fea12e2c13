// A forwarder in Cloudflare's simulator (real workerd, with queues, a bucket and Durable Objects), and what surrounds it.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { at } from "../../pkg/tools/shell.mjs";
import { bundle, simulate } from "../../pkg/tools/simulator.mjs";
import { answer } from "../receivers/contracts.mjs";

/** All secrets that the tests' sources and destinations have. None may ever stand in a log line or an answer. */
export const SECRETS = {
  TRAY_TOKEN: "tray-secret-0123456789",
  WORKATO_TOKEN: "workato-secret-0123456789",
  PARAGON_SIGNING_SECRET: "paragon-secret-0123456789",
  SEND_KEY: "send-secret-0123456789-0123456789-0123456789",
  ADMIN_TOKEN: "admin-secret-0123456789",
  METRICS_TOKEN: "metrics-secret-0123456789",
  TAIL_TOKEN: "tail-secret-0123456789",
  REPLAY_TOKEN: "replay-secret-0123456789",
};

/**
 * A request on a connection of its own: the simulator closes those that are idle for five seconds, and on a busy machine a
 * client learns of it too late.
 */
export const request = (address, { headers, ...init } = {}) =>
  fetch(address, { ...init, headers: { ...headers, connection: "close" } });

const queueOf = (route) => `QUEUE_${route.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}`;

/** Starts a forwarder of a policy; with a folder as `disk`, bucket and ledgers stay there; with `texts`, it has tenants. */
export async function start(
  policy,
  { options = {}, secrets = {}, leave = [], disk, cf = false, texts } = {},
) {
  const routes = (policy.routes ?? []).filter(({ to }) => typeof to === "object");
  const queues = routes.map(({ name }) => [queueOf(name), name.toLowerCase()]);
  if (texts) queues.push(["QUEUE_TENANTS", "tenants"], ["QUEUE_LOGS", "logs"]);
  let printed = "";
  const keep = (stream) =>
    stream.on("data", (part) => {
      printed += part;
      if (process.env.SHOW) process.stderr.write(part);
    });
  const bindings = { ...SECRETS, ...secrets };
  for (const name of leave) delete bindings[name];
  const define = { POLICY: JSON.stringify(policy), OPTIONS: JSON.stringify(options) };
  const { flare, url } = await simulate({
    disk,
    cf,
    modules: await bundle(at("tests", "forwarder", "worker.mjs"), define),
    compatibilityDate: "2026-04-01",
    compatibilityFlags: ["enable_request_signal"],
    bindings,
    r2Buckets: ["STORE"],
    ...(texts && { kvNamespaces: ["TENANTS"] }),
    durableObjects: { LEDGER: { className: "Ledger", useSQLite: true } },
    queueProducers: Object.fromEntries(queues),
    queueConsumers: Object.fromEntries(
      queues.map(([, queue]) => [queue, { maxBatchSize: 10, maxBatchTimeout: 0, maxRetries: 100 }]),
    ),
    handleRuntimeStdio(stdout, stderr) {
      keep(stdout);
      keep(stderr);
    },
  });
  const world = new World(flare, url, () => printed);
  await world.write(texts);
  return world;
}

/** A forwarder that runs. */
class World {
  constructor(flare, url, printed) {
    this.flare = flare;
    this.url = url;
    this.printed = printed;
  }

  /** Posts to a source as Workato would, unless told otherwise. */
  post(body, { tenant, source = "workato", headers = {}, query = "", method = "POST" } = {}) {
    const given = {
      authorization: `Bearer ${SECRETS.WORKATO_TOKEN}`,
      "content-type": "application/x-ndjson",
      ...headers,
    };
    const path = tenant === undefined ? source : `${source}/${encodeURIComponent(tenant)}`;
    return request(new URL(`/in/${path}${query}`, this.url), {
      method,
      headers: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
      ...(method === "POST" && { body, duplex: "half" }),
    });
  }

  /**
   * Posts under a name, again where the connection is reset: as a sender does. On a machine that is busy the simulator
   * resets some, of many at once, or after a long body has been taken.
   *
   * @param body makes the body of each try
   */
  async insist(body, name) {
    for (let tries = 1; ; tries++) {
      try {
        return await this.post(body(), { headers: { "idempotency-key": name } });
      } catch (error) {
        if (!["ECONNRESET", "UND_ERR_SOCKET"].includes(error.cause?.code) || tries === 5) throw error;
        this.resets = (this.resets ?? 0) + 1;
      }
    }
  }

  get(path, token = SECRETS.ADMIN_TOKEN, method = "GET") {
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    return request(new URL(path, this.url), { method, headers });
  }

  /** Writes texts into the namespace of tenants; null takes one out. Isolates trust what they have read for a while. */
  async write(texts = {}) {
    if (Object.keys(texts).length === 0) return;
    const namespace = await this.flare.getKVNamespace("TENANTS");
    for (const [key, value] of Object.entries(texts)) {
      if (value === null) await namespace.delete(key);
      else await namespace.put(key, typeof value === "string" ? value : JSON.stringify(value));
    }
    const { clock } = await this.set({}, false);
    await this.set({ clock: clock + 60_000 }, false);
  }

  /** Reads the tail: `events` and `lost` grow as it tells; `stop` ends it. */
  async tail(query = "", { token = SECRETS.TAIL_TOKEN, tenant, slow = false } = {}) {
    const ending = new AbortController();
    const address = new URL("/tail", this.url);
    if (query !== "") address.searchParams.set("q", query);
    if (tenant !== undefined) address.searchParams.set("tenant", tenant);
    const response = await request(address, {
      headers: token ? { authorization: `Bearer ${token}` } : {},
      signal: ending.signal,
    });
    const told = { status: response.status, events: [], lost: 0, text: "", stop: () => ending.abort() };
    const read = async () => {
      const decoder = new TextDecoder();
      let rest = "";
      for await (const chunk of response.body) {
        const text = decoder.decode(chunk, { stream: true });
        told.text += text;
        rest += text;
        const messages = rest.split("\n\n");
        rest = messages.pop();
        for (const message of messages) {
          const [, data] = /^data: (.*)$/m.exec(message) ?? [];
          if (data === undefined) continue;
          if (message.startsWith("event: lost\n")) told.lost += JSON.parse(data).events;
          else told.events.push(JSON.parse(data));
        }
      }
    };
    told.read = () => read().catch(() => {});
    if (!slow) told.read();
    return told;
  }

  /** Asks for something by a JSON object. */
  ask(path, asked, token = SECRETS.REPLAY_TOKEN) {
    const headers = { authorization: `Bearer ${token}` };
    return request(new URL(path, this.url), { method: "POST", headers, body: JSON.stringify(asked) });
  }

  /** Asks for a replay, part by part; a part that fails is asked for again. Gives the sum of the answers. */
  async replay(asked, token = SECRETS.REPLAY_TOKEN, tenant = undefined) {
    const sum = { objects: 0, records: 0, kept: 0, quarantined: 0, repeated: 0, unreadable: 0, outdated: 0 };
    let [after, failures] = [undefined, 0];
    for (;;) {
      const address = tenant === undefined ? "/replay" : `/replay?tenant=${tenant}`;
      const response = await request(new URL(address, this.url), {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ from: 0, ...asked, after }),
      });
      const told = await response.json();
      if (told.code === "W928" && failures++ < 10) {
        await this.set({ step: 0, failed: false }, false); // another isolate
        continue;
      }
      if (response.status !== 200) return { ...sum, status: response.status, code: told.code };
      for (const name of Object.keys(sum)) sum[name] += told[name];
      after = told.next;
      if (after === undefined) return sum;
    }
  }

  /** Changes what the Worker meets, and tells what it met so far. */
  async set(more = {}, reset = true) {
    const response = await request(new URL("/world", this.url), {
      method: "POST",
      body: JSON.stringify({ more, reset }),
    });
    return response.json();
  }

  /** The samples of /metrics: by name and labels. */
  async metrics(tenant) {
    const address = tenant === undefined ? "/metrics" : `/metrics?tenant=${encodeURIComponent(tenant)}`;
    const text = await (await this.get(address, SECRETS.METRICS_TOKEN)).text();
    const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    return Object.fromEntries(
      lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
    );
  }

  /** How it stands with a route. */
  async standing(route, tenant) {
    const metrics = await this.metrics(tenant);
    const labels = `${tenant === undefined ? "" : `tenant="${tenant}",`}route="${route}"`;
    const of = (outcome) => metrics[`logweir_forwarder_records_total{${labels},outcome="${outcome}"}`] ?? 0;
    const waiting = metrics[`logweir_forwarder_waiting_records{${labels}}`] ?? 0;
    return { taken: of("taken"), delivered: of("delivered"), dead: of("dead"), waiting };
  }

  /** Waits until no queue has handed anything out for a while and nothing waits. */
  async drain(route, most = 20_000, tenant = undefined) {
    const end = performance.now() + most;
    let before = -1;
    for (;;) {
      const { batches = 0 } = await this.set({}, false);
      const { waiting } = await this.standing(route, tenant);
      if (waiting === 0 && batches === before) return;
      if (performance.now() > end) throw new Error(`${route}: ${waiting} records still wait`);
      before = batches;
      await pause(120);
    }
  }

  /** The keys of what the bucket holds, under a prefix. */
  async stored(prefix = "") {
    const bucket = await this.flare.getR2Bucket("STORE");
    const keys = [];
    for (let cursor; ; ) {
      const listed = await bucket.list({ prefix, cursor });
      keys.push(...listed.objects.map(({ key }) => key));
      if (!listed.truncated) return keys;
      cursor = listed.cursor;
    }
  }

  /** What an object holds. */
  async object(key) {
    return (await (await this.flare.getR2Bucket("STORE")).get(key)).text();
  }

  stop() {
    return this.flare.dispose();
  }
}

/** A receiver on this machine: of a contract, or one that takes all; keeps each body that it took. */
export async function receiver({ contract, reply } = {}) {
  const state = { requests: 0, records: 0 };
  const [bodies, seen] = [[], []];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url: path, headers } = request;
      const body = Buffer.concat(chunks);
      state.requests++;
      const told = { method, path, headers };
      seen.push(told);
      const given = { method, path, headers, body, number: state.requests };
      const said =
        reply?.(given) ??
        (contract ? answer(contract, given, state) : { status: 200, headers: {}, body: "" });
      if (said.cut) return request.socket.destroy();
      if (said.status < 300) {
        told.took = body.toString();
        bodies.push(told.took);
      }
      state.records += said.records ?? 0;
      response.writeHead(said.status, said.headers).end(said.body);
    });
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const base = `http://127.0.0.1:${server.address().port}`;
  return { base, state, bodies, seen, close: () => server.close() };
}

/** What settles the flow check for routes: free payload and unknown events may pass. */
export const allowed = (...routes) =>
  routes.flatMap((route) => [
    { route, payload: true, because: "synthetic" },
    { route, unknown: true, because: "synthetic" },
  ]);

/** A policy with one route to an HTTPS endpoint. */
export const toEndpoint = (base, more = {}) => ({
  logweir: 1,
  redact: [{ use: ["personal", "secrets"] }],
  routes: [{ name: "ops", to: { http: { url: `${base}/logs`, batch: "ndjson" } } }],
  allow: allowed("ops"),
  ...more,
});

/** Events of no platform, each with its number and a value that must never be seen outside the bodies. */
export const events = (count, from = 0, fill = "") =>
  Array.from(
    { length: count },
    (_, index) => `{"n":${from + index},"password":"${VALUE}","fill":"${fill}"}\n`,
  ).join("");

/** A value that rules remove. */
export const VALUE = "a-value-that-nobody-sees";

/** A policy that knows what these events are: what it lets out can be shown to anybody. */
export const toEndpointOf = (base, more = {}) =>
  toEndpoint(base, {
    accept: {
      unknown: "quarantine",
      events: ["test.event"],
      catalog: [
        {
          type: "test.event",
          title: "An event of the tests",
          recognise: { require: { n: { type: "integer" }, password: { type: "string" } } },
          fields: {
            "@platform": { const: "test" },
            "@customer.external_id": { path: "customer.external_id" },
            "@customer.id": { path: "customer.id" },
          },
          personal: [{ path: "password", class: "secret" }],
          schema: {
            type: "object",
            properties: {
              n: { type: "integer" },
              password: { type: "string" },
              fill: { type: "string" },
              customer: {
                type: "object",
                properties: { id: { type: "string" }, external_id: { type: ["string", "null"] } },
              },
            },
          },
        },
      ],
    },
    allow: [],
    ...more,
  });

/** The numbers of events in bodies. */
export const numbers = (bodies) =>
  [...bodies.join("\n").matchAll(/"n":(\d+)/g)].map(([, number]) => Number(number));

export const sha = (text) => createHash("sha256").update(text).digest("hex");

/** Waits until something holds, for some seconds. */
export async function until(holds, what, most = 5_000) {
  const end = performance.now() + most;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`never: ${what}`);
    await pause(40);
  }
}

/** @throws where two things are not the same */
export function equal(found, expected, what) {
  const [a, b] = [found, expected].map((value) => JSON.stringify(value));
  if (a !== b) throw new Error(`${what}: ${a?.slice(0, 300)} instead of ${b?.slice(0, 300)}`);
}
