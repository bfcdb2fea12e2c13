// A page that posts to a forwarder of another origin, and is left while records wait: what arrives, and what is in it.
import { createServer } from "node:http";
import { project } from "./project.mjs";

const mark = "ana@example.org";

const script = (
  keepalive,
) => `${keepalive ? "" : "delete Request.prototype.keepalive;\n"}const { compile } = await import("logweir");
const { createSender } = await import("logweir/send");
const weir = compile({ logweir: 1, redact: [{ path: "**.email" }] });
const url = new URLSearchParams(location.search).get("to");
const options = { url, weir, token: "short-lived" };
const [soon, late] = [createSender({ ...options, interval: 50 }), createSender({ ...options, interval: 3600000 })];
for (let n = 0; n < 50; n += 1) soon.push({ n, user: { email: "${mark}" } });
const waited = setInterval(() => {
  if (soon.report.sent < 50) return;
  clearInterval(waited);
  for (let n = 50; n < 90; n += 1) late.push({ n, text: "x".repeat(1000), user: { email: "${mark}" } });
  document.body.dataset.page = document.body.dataset.worker = JSON.stringify(soon.report);
}, 20);
`;

/** Pages to open one after another: as each is left, it sends. */
export function sendingPages(map) {
  const html = `<!doctype html><meta charset="utf-8"><title>Logweir</title><script type="importmap">${map}</script>
<body><script type="module" src="main.js"></script>\n`;
  project("send", { "index.html": html, "main.js": script(true) });
  project("send-beacon", { "index.html": html, "main.js": script(false) });
  project("left", {
    "index.html": `<!doctype html><title>Left</title><body data-page="left" data-worker="left">\n`,
  });
  return ["send", "left", "send-beacon", "left"];
}

/** A forwarder that fails at first, and tells what it was given. */
export async function forwarder() {
  const taken = []; // every request that was taken: one that comes twice is seen twice
  let calls = 0;
  const server = createServer((request, response) => {
    const cors = {
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "authorization, content-type, x-logweir-batch",
    };
    if (request.method === "OPTIONS") return response.writeHead(204, cors).end();
    const { searchParams } = new URL(request.url, "http://localhost");
    const id = request.headers["x-logweir-batch"] ?? searchParams.get("batch");
    const token = request.headers.authorization ?? `Bearer ${searchParams.get("token")}`;
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      calls += 1;
      if (calls === 1) return response.writeHead(503, cors).end();
      taken.push({ id, token, body: Buffer.concat(parts).toString() });
      response.writeHead(202, cors).end();
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    stop: () => server.close(),
    /** What is wrong with what arrived, after time for the last of it. */
    async fault() {
      const expected = Array.from({ length: 90 }, (_, n) => [n, n]).flat();
      let fault;
      for (
        const end = Date.now() + 10_000;
        Date.now() < end;
        await new Promise((wake) => setTimeout(wake, 100))
      ) {
        const all = [...taken];
        if (new Set(all.map(({ id }) => id)).size < all.length) return "a batch was sent twice";
        if (all.some(({ body }) => body.includes("ana"))) return "an address was on the wire";
        if (all.some(({ token }) => token !== "Bearer short-lived")) return "a request had no token";
        const numbers = all.flatMap(({ body }) => body.trim().split("\n")).map((line) => JSON.parse(line).n);
        numbers.sort((a, b) => a - b);
        if (JSON.stringify(numbers) === JSON.stringify(expected)) return undefined;
        fault = `${numbers.length} of ${expected.length} records arrived, ${new Set(numbers).size} different ones`;
      }
      return fault;
    },
  };
}
