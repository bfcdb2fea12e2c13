// Lanes against strict stubs of the documented contracts: sent by fetch, answered, and the answers understood.
import { createServer } from "node:http";
import { compile, interpret, prepare, split } from "logweir";
import { answer, CONTRACTS } from "./contracts.mjs";

/** The options of each destination, for a receiver at a base address. */
export const OPTIONS = {
  datadog: (base) => ({
    url: `${base}/api/v2/logs`,
    service: "{{@workflow.name}}",
    tags: ["env:prod", "{{@type}}"],
  }),
  splunk: (base) => ({ url: base, index: "audit", host: "h" }),
  sumo: () => ({ category: "logs", fields: { team: "ops", env: "prod" } }),
  newrelic: (base) => ({ url: `${base}/log/v1`, service: "x", logtype: "tray" }),
  elastic: (base) => ({ url: base, index: "logs-{{@platform | default:other}}-default" }),
  otlp: (base) => ({ url: base, headers: { "api-key": "${OTLP_KEY}" }, service: "x" }),
  sentry: (base) => ({ dsn: `${base.replace("//", "//key@")}/42`, environment: "prod", release: "1" }),
  cloudevents: (base) => ({ url: `${base}/events`, headers: { Authorization: "Bearer ${TOKEN}" } }),
  ocsf: (base) => ({ url: `${base}/ocsf`, headers: { Authorization: "Bearer ${TOKEN}" } }),
  http: (base) => ({ url: `${base}/logs`, method: "PUT", batch: "json", headers: { "X-Key": "${KEY}" } }),
};

/** The secrets that they name. */
export const SLOTS = [
  "DD_API_KEY",
  "SPLUNK_TOKEN",
  "NEW_RELIC_LICENSE_KEY",
  "ELASTIC_API_KEY",
  "OTLP_KEY",
  "TOKEN",
  "KEY",
];

/** Starts a receiver that answers as its contract says; gives its address, and what it saw. */
export async function receiver(name) {
  const state = { requests: 0, records: 0 };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url: path, headers } = request;
      const said = answer(name, { method, path, headers, body: Buffer.concat(chunks) }, state);
      state.requests++;
      state.records += said.records;
      response.writeHead(said.status, said.headers).end(said.body);
    });
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { base: `http://127.0.0.1:${server.address().port}`, state, close: () => server.close() };
}

export const stubs = Object.keys(CONTRACTS).map((name) => [
  `${name} (stub)`,
  async ({ events }) => {
    const { base, state, close } = await receiver(name);
    const secrets = (key) => ({
      ...Object.fromEntries(SLOTS.map((slot) => [slot, key])),
      SUMO_URL: `${base}/receiver/v1/http/${key}`,
    });
    const batchesOf = (more) => {
      const to = { [name]: { ...OPTIONS[name](base), ...more } };
      const weir = compile({ logweir: 1, accept: {}, routes: [{ name: "out", to }] });
      const { batches, report } = weir.process(events.join("\n"), { format: "ndjson" });
      equal(report.kept, events.length, "kept");
      return batches;
    };
    const send = async (batch, key = "key") => {
      const { url, ...init } = await prepare(batch, { secrets: secrets(key) });
      const response = await fetch(url, { ...init, redirect: "manual" });
      const { status, headers } = response;
      return interpret(name, { status, headers, body: await response.text() }, { records: batch.records });
    };
    const deliver = async (batch) => {
      const { outcome } = await send(batch);
      if (outcome !== "split") return equal(outcome, "delivered", state.why);
      for (const half of split(batch) ?? []) await deliver(half);
    };
    try {
      const batches = batchesOf({});
      if (name !== "sentry") equal((await send(batches[0], "wrong")).outcome, "stop", "a wrong credential");
      equal(state.records, 0, "nothing was taken");
      for (const batch of batches) await deliver(batch);
      equal(state.records, events.length, "each once");
      if (name === "elastic") {
        for (const batch of batches) equal((await send(batch)).outcome, "delivered", "what is there already");
        state.ids.clear();
      }
      // The same packed, and to a receiver that takes less than it says.
      [state.records, state.requests, state.most] = [0, 0, 100_000];
      for (const batch of batchesOf({ gzip: true })) await deliver(batch);
      equal(state.records, events.length, "each once, in halves");
      if (state.requests <= batches.length) throw new Error("nothing was split");
      state.after = 7;
      const { outcome, after } = await send(batches[0]);
      equal(`${outcome} ${after}`, "retry 7", "not now");
      return `${events.length} records, whole, packed and in halves`;
    } finally {
      close();
    }
  },
]);

export function equal(found, wanted, what) {
  if (found !== wanted) throw new Error(`${what}: ${found} is not ${wanted}`);
}
