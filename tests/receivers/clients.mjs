// Lanes with receivers' own client packages: what they send arrives at the same stubs, and their bytes are ours.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { packages } from "./parts.mjs";
import { equal, receiver } from "./stubs.mjs";

const load = (name) => createRequire(join(packages(), "x.cjs"))(name);

async function splunk({ events }) {
  const { Logger } = load("splunk-logging");
  const { base, state, close } = await receiver("splunk");
  try {
    const logger = new Logger({ token: "key", url: base, maxBatchCount: 50 });
    logger.error = (error) => {
      throw error;
    };
    const sent = events.filter((event) => event.startsWith('{"')).slice(0, 100);
    for (const event of sent) {
      await new Promise((done, failed) => {
        logger.send(
          { message: JSON.parse(event), severity: "info", metadata: { index: "audit" } },
          (error) => (error ? failed(error) : done()),
        );
        if (logger.serializedContextQueue.length > 0) done();
      });
    }
    await new Promise((done) => setTimeout(done, 200));
    equal(state.records, sent.length, state.why ?? "the stub takes what Splunk's client sends");
    return `the stub takes ${sent.length} events of splunk-logging`;
  } finally {
    close();
  }
}

async function elastic({ events, bodies }) {
  const { Client } = load("@elastic/elasticsearch");
  const bodiesSeen = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      bodiesSeen.push([request.url, body]);
      const items = Array.from({ length: body.split("\n").length >> 1 }, () => ({ create: { status: 201 } }));
      response.writeHead(200, { "x-elastic-product": "Elasticsearch", "content-type": "application/json" });
      response.end(JSON.stringify({ took: 1, errors: false, items }));
    });
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  try {
    const client = new Client({ node: `http://127.0.0.1:${server.address().port}`, auth: { apiKey: "key" } });
    const ours = bodies("elastic", { url: "https://es.example" }).map(({ body }) =>
      Buffer.from(body).toString(),
    );
    for (const body of ours) {
      const lines = body.split("\n").slice(0, -1);
      const pairs = lines.flatMap((line, at) => (at % 2 === 0 ? [[JSON.parse(line), lines[at + 1]]] : []));
      await client.helpers.bulk({
        datasource: pairs,
        // A text goes as it stands, so that the bytes can be held against ours.
        onDocument: ([action, document]) => [action, document],
        flushBytes: 50_000_000,
        concurrency: 1,
      });
    }
    equal(bodiesSeen.map(([, body]) => body).join(""), ours.join(""), "the same bytes");
    equal(
      bodiesSeen.every(([path]) => path.startsWith("/_bulk")),
      true,
      "the same path",
    );
    return `${events.length} documents, the same bytes as the bulk helper's of @elastic/elasticsearch`;
  } finally {
    server.close();
  }
}

export const clients = [
  ["splunk (splunk-logging)", splunk],
  ["elastic (@elastic/elasticsearch)", elastic],
];
