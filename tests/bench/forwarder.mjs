// The forwarder in workerd beside the same job written with JSON.parse and fetch: processor time of the workerd process,
// which holds the simulated queues, bucket and ledgers too; and how much one ledger bears.
//   npm run bench:forwarder [-- --rounds N] [-- --ledger]
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { compile } from "logweir";
import { at } from "../../pkg/tools/shell.mjs";
import { bundle, furnish, simulate } from "../../pkg/tools/simulator.mjs";
import { allowed, equal, receiver, SECRETS, start } from "../forwarder/world.mjs";

const flag = process.argv.indexOf("--rounds");
const ROUNDS = flag > 0 ? Number(process.argv[flag + 1]) : 5;
/** By the number of events in a body, how many of them make a round. */
const BODIES = [
  [1, 200],
  [100, 40],
  [2_000, 20],
];
const PATHS = ["user.email", "request.password", "payload.email"];

const event = (n) =>
  JSON.stringify({
    n,
    at: "2026-05-04T06:00:00.123Z",
    level: n % 8 === 0 ? "debug" : "info",
    user: { id: `u-${n % 97}`, email: `user${n % 97}@example.org`, name: "Zoë Example" },
    request: { method: "POST", path: "/v1/orders", password: "synthetic", size: n * 7 },
    payload: JSON.stringify({ order: n, email: "ana@example.org", lines: ["a", "b", "c"] }),
    message: "The step ended after three tries, as the receiver was slow; nothing was lost. ".repeat(2),
  });
const bodyOf = (count, from = 0) =>
  Array.from({ length: count }, (_, index) => `${event(from + index)}\n`).join("");

const policy = (base) => ({
  logweir: 1,
  keep: "-level:debug",
  redact: [{ path: PATHS, with: { replace: "[gone]" } }],
  routes: [{ name: "ops", to: { http: { url: `${base}/logs`, batch: "ndjson" } } }],
  allow: allowed("ops"),
});

/** The same job by hand: filter, redact three fields, one of them in a string that holds JSON, send. */
const byHand = `
function redacted(event) {
  const payload = JSON.parse(event.payload);
  payload.email = event.user.email = event.request.password = "[gone]";
  event.payload = JSON.stringify(payload);
  return event;
}
export default {
  async fetch(request) {
    const lines = (await request.text()).split("\\n").filter((line) => line !== "");
    const events = lines.map((line) => JSON.parse(line)).filter(({ level }) => level !== "debug");
    const body = events.map((event) => JSON.stringify(redacted(event)) + "\\n").join("");
    if (body !== "") await (await fetch(URL_, { method: "POST", body })).text();
    return Response.json({ records: lines.length });
  },
};`;

/** A Worker of one's own with the package, and no queue. */
const own = `
import { compile, prepare } from "logweir";
const weir = compile(POLICY);
export default {
  async fetch(request) {
    const { batches, report } = weir.process(new Uint8Array(await request.arrayBuffer()), { format: "ndjson" });
    for (const batch of batches) {
      const { url, ...init } = await prepare(batch);
      await (await fetch(url, init)).text();
    }
    return Response.json({ records: report.records });
  },
};`;

/** Asks one ledger as so many requests would at once, each after the other: of requests, or of a destination. */
const asking = `
import { Ledger } from "logweir/worker";
export { Ledger };
export default {
  async fetch(request, { LEDGER }) {
    const { kind, requests, atOnce, from } = await request.json();
    const ledger = LEDGER.get(LEDGER.idFromName(kind));
    const ask = async (call, given) => {
      const body = JSON.stringify({ now: 1_777_874_400_000, ...given });
      const response = await ledger.fetch(new Request("https://ledger/" + call, { method: "POST", body }));
      if (!response.ok) throw new Error(call);
      return response.json();
    };
    const kinds = {
      async requests(id) {
        await ask("open", { request: id });
        await ask("close", { request: id, source: "workato", records: 1, report: REPORT });
      },
      async destination(id) {
        const batch = { id, records: 1, address: "https://logs.example/logs" };
        await ask("enter", { entries: [batch] });
        await ask("begin", { batches: [{ ...batch, bytes: 500 }], quota: {} });
        const settlement = { id, records: 1, delivered: 1, dead: 0, children: [] };
        await ask("tried", { ...batch, outcome: "delivered", reason: "taken", settlement });
      },
    };
    let left = requests;
    const work = async () => {
      while (left > 0) await kinds[kind]("request-" + (from + left--).toString(16).padStart(56, "0"));
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return new Response();
  },
};`;

async function small(text, define, more = {}) {
  const entry = at("target", "forwarder-bench.mjs");
  writeFileSync(entry, text);
  const modules = await bundle(entry, define);
  return simulate({ modules, compatibilityDate: "2026-04-01", ...more });
}

/** How many requests a second one ledger bears, on disk, with 64 of them on their way at once. */
async function ledgers() {
  const disk = mkdtempSync(join(tmpdir(), "logweir-bench-"));
  const { report } = compile(policy("https://logs.example")).process(bodyOf(1, 1));
  const before = new Set(children());
  const { flare, url } = await small(
    asking,
    { REPORT: JSON.stringify(report) },
    { disk, durableObjects: { LEDGER: { className: "Ledger", useSQLite: true } } },
  );
  const [pid] = children().filter((each) => !before.has(each));
  console.log("\nwhat one ledger bears, on disk | requests/s | ms of processor a request");
  try {
    let from = 0;
    for (const kind of ["requests", "destination"]) {
      const rates = [];
      for (let index = 0; index <= ROUNDS; index++) {
        const requests = 1_000;
        const [begun, used] = [performance.now(), seconds(pid)];
        const body = JSON.stringify({ kind, requests, atOnce: 64, from });
        equal((await fetch(url, { method: "POST", body })).status, 200, kind);
        from += requests;
        const took = (performance.now() - begun) / 1000;
        if (index > 0) rates.push([requests / took, ((seconds(pid) - used) / requests) * 1000]);
      }
      const of = (at) => median(rates.map((rate) => rate[at]));
      console.log(`${kind} | ${Math.round(of(0))} | ${of(1).toFixed(2)}`);
    }
  } finally {
    await flare.dispose();
    rmSync(disk, { recursive: true, force: true });
  }
}

/** The workerd processes of this one. */
function children() {
  const found = [];
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const file = join("/proc", pid, "stat");
    if (!existsSync(file)) continue;
    const [, name, rest] = /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(file, "utf8")) ?? [];
    if (name === "workerd" && Number(rest.split(" ")[1]) === process.pid) found.push(pid);
  }
  return found;
}

/** Seconds that a process has been on a processor: fields 14 and 15 of proc_pid_stat(5), in ticks of 1/100 s. */
function seconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function contender(name, begin) {
  const to = await receiver();
  const before = new Set(children());
  const running = await begin(to.base);
  const [pid] = children().filter((each) => !before.has(each));
  return { name, to, pid, ...running };
}

/** Posts bodies, two at a time, and waits until all that is to arrive has arrived; gives processor seconds. */
async function round({ url, to, pid, path = "/" }, body, posts, expected) {
  to.bodies.length = 0;
  const headers = {
    authorization: `Bearer ${SECRETS.WORKATO_TOKEN}`,
    "content-type": "application/x-ndjson",
  };
  const from = seconds(pid);
  let left = posts;
  const post = async () => {
    while (left-- > 0) {
      const response = await fetch(new URL(path, url), { method: "POST", headers, body });
      equal(response.status, 200, "taken");
      await response.arrayBuffer();
    }
  };
  await Promise.all([post(), post()]);
  const arrived = () => to.bodies.reduce((sum, text) => sum + text.split("\n").length - 1, 0);
  for (let tries = 0; tries < 600 && arrived() < expected * posts; tries++) await pause(50);
  equal(arrived(), expected * posts, "what arrived");
  return seconds(pid) - from;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const normal = (text) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.stringify(JSON.parse(line)))
    .sort();

if (!existsSync("/proc/self/stat")) {
  console.log("this counts processor time by /proc, which there is on Linux alone");
  process.exit();
}
await furnish();
if (process.argv.includes("--ledger")) {
  await ledgers();
  process.exit();
}
const contenders = [
  await contender("the forwarder", async (base) => {
    const world = await start(policy(base));
    return { url: world.url, path: "/in/workato", world, stop: () => world.stop() };
  }),
  await contender("a Worker of one's own", async (base) => {
    const { flare, url } = await small(own, { POLICY: JSON.stringify(policy(base)) });
    return { url, stop: () => flare.dispose() };
  }),
  await contender("JSON.parse and fetch", async (base) => {
    const { flare, url } = await small(byHand, { URL_: JSON.stringify(`${base}/logs`) });
    return { url, stop: () => flare.dispose() };
  }),
];
try {
  const answers = [];
  for (const each of contenders) {
    await round(each, bodyOf(200), 1, 175);
    answers.push(normal(each.to.bodies.join("")));
  }
  for (const answer of answers) equal(answer, answers[0], "the same answers");
  console.log(`${cpus()[0]?.model}; medians of ${ROUNDS} interleaved rounds, processor time of workerd\n`);
  console.log("body | | ms a request | ms a MB | events/s a core | MB/s a core | beside JSON.parse");
  for (const [count, posts] of BODIES) {
    const body = bodyOf(count, 1);
    const expected = body
      .trim()
      .split("\n")
      .filter((line) => !line.includes('"debug"')).length;
    const times = contenders.map(() => []);
    for (const each of contenders) await round(each, body, 2 * posts, expected); // warm
    for (let index = 0; index < ROUNDS; index++) {
      for (const [at, each] of contenders.entries()) times[at].push(await round(each, body, posts, expected));
    }
    for (const [at, { name }] of contenders.entries()) {
      const used = median(times[at]);
      const ratio = median(times[at].map((time, index) => times.at(-1)[index] / time));
      const mb = (body.length * posts) / 1e6;
      console.log(
        [
          `${count} events, ${(body.length / 1000).toFixed(1)} KB`,
          name,
          ((used / posts) * 1000).toFixed(2),
          ((used / mb) * 1000).toFixed(1),
          Math.round((count * posts) / used),
          (mb / used).toFixed(1),
          ratio.toFixed(2),
        ].join(" | "),
      );
    }
  }
  console.log("\nwhat a request asks of the platform, its delivery included");
  const { world, to } = contenders[0];
  for (const [count] of BODIES) {
    await world.set();
    await round(contenders[0], bodyOf(count, 1), 1, bodyOf(count, 1).split('"level":"info"').length - 1);
    await world.drain("ops");
    const { names } = await world.set();
    const kinds = [...new Set(names)];
    const tally = kinds.map((kind) => `${names.filter((name) => name === kind).length} ${kind}`);
    console.log(`${count} events: ${tally.join(", ")}; ${to.bodies.length} requests to the receiver`);
  }
} finally {
  for (const { stop, to } of contenders) {
    await stop();
    to.close();
  }
}
await ledgers();
