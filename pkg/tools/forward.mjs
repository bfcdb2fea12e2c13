// The forwarder on this machine, without an account: in workerd, with a queue, a bucket and ledgers on disk.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join, relative } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { at, bold, isMain, mainly, root, say } from "./shell.mjs";
import { furnish, simulateProject } from "./simulator.mjs";

const folder = at("target", "start");
const project = join(folder, "logs");
const output = join(folder, "output");
const print = (text = "") => process.stdout.write(`${text}\n`);
const shown = (path) => relative(root, path);

const SECRETS = {
  TRAY_TOKEN: "tray-token",
  WORKATO_TOKEN: "workato-token",
  PARAGON_TOKEN: "paragon-token",
  SEND_KEY: "a key of thirty-two letters or more",
  ADMIN_TOKEN: "admin-token",
  METRICS_TOKEN: "metrics-token",
  REPLAY_TOKEN: "replay-token",
  TAIL_TOKEN: "tail-token",
};

/** How each platform proves itself. */
const HEADERS = {
  tray: { authorization: `Bearer ${SECRETS.TRAY_TOKEN}`, "cf-connecting-ip": "52.8.7.130" },
  workato: { authorization: `Bearer ${SECRETS.WORKATO_TOKEN}` },
  paragon: { authorization: `Bearer ${SECRETS.PARAGON_TOKEN}` },
};

const policyFor = (receiver) => ({
  logweir: 1,
  accept: { unknown: "quarantine" },
  redact: [{ use: ["personal", "secrets"] }, { payload: true, with: "remove" }],
  routes: [
    { name: "ops", when: "@level:>=warn", to: { http: { url: `${receiver}/ops` } } },
    { name: "siem", to: { http: { url: `${receiver}/siem`, gzip: true } } },
    { name: "archive" },
  ],
});

/** Shows it; on a terminal it goes on serving until Ctrl-C. */
export async function showForwarder() {
  const { sample, eventTypes } = await import("logweir/sample");
  await furnish();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const receiver = await serve(write);
  writeFileSync(join(folder, "policy.json"), `${JSON.stringify(policyFor(receiver.url), null, 2)}\n`);
  init();
  const port = process.stdout.isTTY ? 8787 : 0;
  const { flare, url } = await simulateProject(project, {
    disk: join(folder, "disk"),
    secrets: SECRETS,
    port,
    handleRuntimeStdio: (stdout, stderr) => stdout.resume() && stderr.resume(),
  });
  try {
    print(bold("\nThe forwarder, on this machine"));
    print(`  ${url}  (its project: ${shown(project)}, as logweir worker init writes it)`);
    for (const platform of Object.keys(HEADERS)) {
      const type = eventTypes.filter((name) => name.startsWith(`${platform}.`));
      const body = [...sample({ type, count: 200, asText: true }), '{"cut":\n'].join("");
      const headers = { ...HEADERS[platform], "content-type": "application/x-ndjson" };
      const response = await fetch(new URL(`/in/${platform}`, url), { method: "POST", headers, body });
      print(`  POST /in/${platform}: ${response.status} ${await response.text()}`);
    }
    const told = await settled(url);
    print(bold("\nWhat it counts (/metrics)"));
    for (const line of told) print(`  ${line}`);
    print(bold("\nWhere it went"));
    for (const name of ["ops", "siem"]) {
      const file = join(output, `${name}.ndjson`);
      if (existsSync(file)) print(`  ${shown(file)}: ${statSync(file).size} bytes`);
    }
    print(`  ${shown(join(folder, "disk"))}: bucket (archive, quarantine) and ledgers`);
    if (!process.stdout.isTTY) {
      print("\nThe page: npm run page. On a terminal, npm start goes on with both.");
      return;
    }
    print(`\nTry it; Ctrl-C ends it:
  curl -d '{"error":"…"}' -H 'content-type: application/json' -H 'authorization: Bearer ${SECRETS.WORKATO_TOKEN}' ${url}in/workato
  curl -H 'authorization: Bearer ${SECRETS.METRICS_TOKEN}' ${url}metrics`);
    print(bold("\nThe inspector"));
    print(`  Open, then live tail (its token: ${SECRETS.TAIL_TOKEN}), shows what is posted from now on.`);
    // Its server tells the address.
    const page = spawn("npm", ["run", "--silent", "dev", "--workspace", "www"], {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, LOGWEIR_FORWARDER: String(url) },
    });
    page.on("error", () => {});
    await new Promise((stop) => process.once("SIGINT", stop));
    page.kill();
  } finally {
    await flare.dispose();
    receiver.close();
  }
}

function init() {
  const command = [at("pkg", "bin", "logweir.js"), "worker", "init", "--policy", join(folder, "policy.json")];
  const { status, stderr } = spawnSync(process.execPath, [...command, project], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

/** The lines of /metrics that tell the story, once nothing waits any more. */
async function settled(url) {
  const headers = { authorization: `Bearer ${SECRETS.METRICS_TOKEN}` };
  for (let tries = 0; ; tries++) {
    const text = await (await fetch(new URL("/metrics", url), { headers })).text();
    const lines = text.split("\n");
    const waits = lines.filter((line) => /^logweir_forwarder_waiting_records.* [1-9]/.test(line));
    if (waits.length === 0 || tries === 100)
      return lines.filter((line) => /^logweir_(records_total|forwarder_records_total)\{/.test(line));
    await pause(100);
  }
}

/** A server on a free port. */
async function serve(handle) {
  const server = createServer(handle);
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** The destination: a file for each route. */
async function write(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { gunzipSync } = await import("node:zlib");
  const body = Buffer.concat(chunks);
  const plain = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
  const name = request.url.replace(/\W/g, "");
  await appendFile(join(output, `${name}.ndjson`), plain);
  response.end();
}

if (isMain(import.meta.url)) {
  await mainly(async () => {
    say("");
    await showForwarder();
  });
}
