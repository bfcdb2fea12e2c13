// A forwarder in Cloudflare's simulator (real workerd, with queues, a bucket and Durable Objects), and what surrounds it.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { build } from "esbuild";
import { at, hashOf, must } from "../../pkg/tools/shell.mjs";
import { answer } from "../receivers/contracts.mjs";

const folder = at("target", "forwarder");

/** Installs the simulator in a folder of its own, unless it is there. */
export async function furnish() {
  const names = ["package.json", "package-lock.json"];
  const stamp = join(folder, "installed");
  const wanted = hashOf(names.map((name) => `tests/forwarder/${name}`));
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  mkdirSync(folder, { recursive: true });
  for (const name of names) copyFileSync(at("tests", "forwarder", name), join(folder, name));
  // Not `npm ci`: it demands every platform's optional packages, and not every mirror has them all.
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
  await must("npm", args, { cwd: folder });
  writeFileSync(stamp, wanted);
}

/** Leaves `import module from "./x.wasm"` in the bundle and notes the file. */
const wasmModules = (found) => ({
  name: "wasm-modules",
  setup(build) {
    build.onResolve({ filter: /\.wasm$/ }, async ({ path, pluginData, ...rest }) => {
      if (pluginData === "resolved") return undefined;
      const file = await build.resolve(path, { ...rest, pluginData: "resolved" });
      const name = basename(file.path);
      found.set(name, file.path);
      return { path: `./${name}`, external: true };
    });
  },
});

async function bundle(policy, options) {
  const wasm = new Map();
  const { outputFiles } = await build({
    entryPoints: [at("tests", "forwarder", "worker.mjs")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    platform: "neutral",
    conditions: ["workerd", "worker", "browser"],
    mainFields: ["browser", "module", "main"],
    define: { POLICY: JSON.stringify(policy), OPTIONS: JSON.stringify(options) },
    plugins: [wasmModules(wasm)],
    logLevel: "warning",
  });
  return [
    { type: "ESModule", path: "worker.mjs", contents: outputFiles[0].text },
    ...[...wasm].map(([path, file]) => ({ type: "CompiledWasm", path, contents: readFileSync(file) })),
  ];
}

/** All secrets that the tests' sources and destinations have. None may ever stand in a log line or an answer. */
export const SECRETS = {
  TRAY_TOKEN: "tray-secret-0123456789",
  WORKATO_TOKEN: "workato-secret-0123456789",
  PARAGON_SIGNING_SECRET: "paragon-secret-0123456789",
  SEND_KEY: "send-secret-0123456789-0123456789-0123456789",
  ADMIN_TOKEN: "admin-secret-0123456789",
  METRICS_TOKEN: "metrics-secret-0123456789",
};

const queueOf = (route) => `QUEUE_${route.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}`;

/** Starts a forwarder of a policy. */
export async function start(policy, { options = {}, secrets = {}, leave = [] } = {}) {
  const { Miniflare } = createRequire(join(folder, "package.json"))("miniflare");
  const routes = (policy.routes ?? []).filter(({ to }) => typeof to === "object");
  const queues = routes.map(({ name }) => [queueOf(name), name.toLowerCase()]);
  let printed = "";
  const keep = (stream) =>
    stream.on("data", (part) => {
      printed += part;
      if (process.env.SHOW) process.stderr.write(part);
    });
  const bindings = { ...SECRETS, ...secrets };
  for (const name of leave) delete bindings[name];
  const flare = new Miniflare({
    modules: await bundle(policy, options),
    compatibilityDate: "2026-04-01",
    cf: false,
    bindings,
    r2Buckets: ["STORE"],
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
  const url = await flare.ready;
  return new World(flare, url, () => printed);
}

/** A forwarder that runs. */
class World {
  constructor(flare, url, printed) {
    this.flare = flare;
    this.url = url;
    this.printed = printed;
  }

  /** Posts to a source as Workato would, unless told otherwise. */
  post(body, { source = "workato", headers = {}, query = "", method = "POST" } = {}) {
    const given = {
      authorization: `Bearer ${SECRETS.WORKATO_TOKEN}`,
      "content-type": "application/x-ndjson",
      ...headers,
    };
    return fetch(new URL(`/in/${source}${query}`, this.url), {
      method,
      headers: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
      ...(method === "POST" && { body, duplex: "half" }),
    });
  }

  get(path, token = SECRETS.ADMIN_TOKEN, method = "GET") {
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    return fetch(new URL(path, this.url), { method, headers });
  }

  /** Changes what the Worker meets, and tells what it met so far. */
  async set(more = {}, reset = true) {
    const response = await fetch(new URL("/world", this.url), {
      method: "POST",
      body: JSON.stringify({ more, reset }),
    });
    return response.json();
  }

  /** The samples of /metrics: by name and labels. */
  async metrics() {
    const text = await (await this.get("/metrics", SECRETS.METRICS_TOKEN)).text();
    const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    return Object.fromEntries(
      lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
    );
  }

  /** How it stands with a route. */
  async standing(route) {
    const metrics = await this.metrics();
    const of = (outcome) =>
      metrics[`logweir_forwarder_records_total{route="${route}",outcome="${outcome}"}`] ?? 0;
    const waiting = metrics[`logweir_forwarder_waiting_records{route="${route}"}`] ?? 0;
    return { taken: of("taken"), delivered: of("delivered"), dead: of("dead"), waiting };
  }

  /** Waits until no queue has handed anything out for a while and nothing waits. */
  async drain(route, most = 20_000) {
    const end = performance.now() + most;
    let before = -1;
    for (;;) {
      const { batches = 0 } = await this.set({}, false);
      const { waiting } = await this.standing(route);
      if (waiting === 0 && batches === before) return;
      if (performance.now() > end) throw new Error(`${route}: ${waiting} records still wait`);
      before = batches;
      await pause(120);
    }
  }

  /** The keys of what the bucket holds, under a prefix. */
  async stored(prefix = "") {
    const bucket = await this.flare.getR2Bucket("STORE");
    const { objects } = await bucket.list({ prefix });
    return objects.map(({ key }) => key);
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
      seen.push({ method, path, headers });
      const given = { method, path, headers, body, number: state.requests };
      const said =
        reply?.(given) ??
        (contract ? answer(contract, given, state) : { status: 200, headers: {}, body: "" });
      if (said.cut) return request.socket.destroy();
      if (said.status < 300) bodies.push(body.toString());
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

/** The numbers of events in bodies. */
export const numbers = (bodies) =>
  [...bodies.join("\n").matchAll(/"n":(\d+)/g)].map(([, number]) => Number(number));

export const sha = (text) => createHash("sha256").update(text).digest("hex");

/** @throws where two things are not the same */
export function equal(found, expected, what) {
  const [a, b] = [found, expected].map((value) => JSON.stringify(value));
  if (a !== b) throw new Error(`${what}: ${a?.slice(0, 300)} instead of ${b?.slice(0, 300)}`);
}
