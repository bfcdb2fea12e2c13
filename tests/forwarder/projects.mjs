// Lanes of a forwarder's project: made by the command, installed from what would be published; bundled as wrangler does, and
// by wrangler itself where that is installed.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { at, must } from "../../pkg/tools/shell.mjs";
import { simulateProject } from "../../pkg/tools/simulator.mjs";
import { Skip } from "../common/lanes.mjs";
import { allowed, equal, events, numbers, receiver, request, toEndpoint, until } from "./world.mjs";

/** A secret for each name in the list. */
function secretsOf(project) {
  const lines = readFileSync(join(project, ".dev.vars.example"), "utf8").split("\n");
  const names = lines.filter((line) => /^[A-Z_]+=$/.test(line)).map((line) => line.slice(0, -1));
  return Object.fromEntries(
    names.map((name) => [name, `${name}: a secret of thirty-two letters or more`.replaceAll(" ", "-")]),
  );
}

const quiet = (stdout, stderr) => {
  stdout.resume();
  stderr.resume();
};

async function logweir(project, ...words) {
  const bin = join(project, "node_modules", "logweir", "bin", "logweir.js");
  return must(process.execPath, [bin, ...words], { cwd: project, keep: true });
}

/** Installs the package in a folder as it would be published, and lets the command write a project there. */
async function projectOf(folder, policy) {
  writeFileSync(join(folder, "package.json"), '{"private":true,"type":"module"}');
  const packing = ["pack", "--silent", "--workspace", "logweir", "--pack-destination", folder];
  const { output } = await must("npm", packing, { keep: true });
  const [file] = /\S+\.tgz/.exec(output);
  const quietly = ["--offline", "--no-audit", "--no-fund", "--silent"];
  await must("npm", ["install", ...quietly, join(folder, file)], { cwd: folder });
  writeFileSync(join(folder, "own.json"), policy);
  await logweir(folder, "worker", "init", "--policy", "own.json", "--name", "logs", "logs");
  return join(folder, "logs");
}

/** A lane with a folder of its own and a receiver. */
const withFolder = (lane) => async () => {
  const folder = mkdtempSync(join(tmpdir(), "logweir-project-"));
  const to = await receiver();
  try {
    return await lane(folder, to);
  } finally {
    to.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

const headersOf = (secrets) => ({
  authorization: `Bearer ${secrets.WORKATO_TOKEN}`,
  "content-type": "application/x-ndjson",
});

/** The command, from `npm install --prefix target/wrangler wrangler` or on the path; undefined where it is not installed. */
function wrangler() {
  const folders = [
    at("target", "wrangler", "node_modules", ".bin"),
    ...(process.env.PATH ?? "").split(delimiter),
  ];
  return folders.map((folder) => join(folder, "wrangler")).find((file) => existsSync(file));
}

/** A port that was free a moment ago. */
const freePort = () =>
  new Promise((ready) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => ready(port));
    });
  });

/** `wrangler dev` in a project, without an account; to be stopped. */
async function develop(command, project) {
  const port = await freePort();
  const words = ["dev", "--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0"];
  const env = { ...process.env, HOME: project, CI: "1", WRANGLER_SEND_METRICS: "false", NO_COLOR: "1" };
  const child = spawn(command, words, {
    cwd: project,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const told = { url: `http://127.0.0.1:${port}`, printed: "", hasEnded: false };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (told.printed += part));
  const ended = new Promise((resolve) => child.once("close", resolve));
  ended.then(() => (told.hasEnded = true));
  told.stop = async () => {
    process.kill(-child.pid, "SIGINT"); // it and what it has started
    await Promise.race([
      ended,
      pause(5_000).then(() => told.hasEnded || process.kill(-child.pid, "SIGKILL")),
    ]);
    await ended;
  };
  return told;
}

export const projects = [
  [
    "a project that logweir worker init writes takes, delivers and replays",
    withFolder(async (folder, to) => {
      let isDown = true;
      const held = await receiver({
        reply: () => (isDown ? { status: 400, headers: {}, body: "" } : undefined),
      });
      try {
        const { routes } = toEndpoint(to.base);
        const policy = toEndpoint("", {
          redact: [{ use: ["personal", "secrets"] }, { class: ["user_id"], with: { hash: "pii-key" } }],
          routes: [
            ...routes,
            { name: "SIEM.eu", to: { http: { url: `${held.base}/siem` } } },
            { name: "archive" },
          ],
          allow: allowed("ops", "SIEM.eu", "archive"),
        });
        const project = await projectOf(folder, JSON.stringify(policy, null, 2));
        const secrets = secretsOf(project);
        equal("PII_KEY" in secrets, true, "the policy's key is in the list");
        const { flare, url } = await simulateProject(project, { secrets, handleRuntimeStdio: quiet });
        try {
          equal(await (await request(new URL("/health", url))).json(), { status: "ready" }, "/health");
          const response = await request(new URL("/in/workato", url), {
            method: "POST",
            headers: headersOf(secrets),
            body: events(3),
          });
          equal(await response.json(), { records: 3 }, "taken");
          for (let tries = 0; tries < 100 && (to.bodies.length === 0 || held.seen.length === 0); tries++)
            await pause(100);
          equal(numbers(to.bodies), [0, 1, 2], "delivered");
          isDown = false;
          writeFileSync(join(folder, "token"), secrets.REPLAY_TOKEN);
          await pause(500);
          const words = ["--at", String(url), "--from", "2020-01-01T00:00:00Z", "--token", "file:token"];
          const replayed = await logweir(folder, "replay", "dead", ...words, "--name", "SIEM.eu");
          equal(JSON.parse(replayed.output.trim().split("\n").at(-1)).kept, 3, "replayed");
          for (let tries = 0; tries < 100 && held.bodies.length === 0; tries++) await pause(100);
          equal(numbers(held.bodies), [0, 1, 2], "and delivered then");
          return "from the tarball, by esbuild";
        } finally {
          await flare.dispose();
        }
      } finally {
        held.close();
      }
    }),
  ],
  [
    "such a project, its policy with comments, under wrangler dev: takes, delivers, keeps its books when started again",
    withFolder(async (folder, to) => {
      const command = wrangler();
      if (!command) throw new Skip("npm install --prefix target/wrangler wrangler");
      const { routes } = toEndpoint(to.base);
      const policy = toEndpoint("", {
        redact: [{ use: ["personal", "secrets"] }, { class: ["user_id"], with: { hash: "pii-key" } }],
        routes: [...routes, { name: "archive" }],
        allow: allowed("ops", "archive"),
      });
      const project = await projectOf(
        folder,
        `// A comment, which the Worker reads, too.\n${JSON.stringify(policy)}\n`,
      );
      const secrets = secretsOf(project);
      writeFileSync(
        join(project, ".dev.vars"),
        Object.entries(secrets)
          .map(([name, value]) => `${name}=${value}\n`)
          .join(""),
      );
      const ask = (dev, path, token, method = "GET") =>
        request(new URL(path, dev.url), { method, headers: { authorization: `Bearer ${token}` } });
      const isReady = (dev) => async () => {
        if (dev.hasEnded) throw new Error(`wrangler has ended: ${dev.printed.slice(-500)}`);
        return (await request(new URL("/health", dev.url)).catch(() => undefined))?.status === 200;
      };
      const delivered = async (dev) => {
        const text = await (await ask(dev, "/metrics", secrets.METRICS_TOKEN)).text();
        return Number(
          /^logweir_forwarder_records_total\{route="ops",outcome="delivered"\} (\d+)$/m.exec(text)?.[1],
        );
      };
      for (const round of [1, 2]) {
        const dev = await develop(command, project);
        try {
          await until(isReady(dev), "wrangler dev answers", 60_000);
          const response = await request(new URL("/in/workato", dev.url), {
            method: "POST",
            headers: headersOf(secrets),
            body: events(3, round * 10),
          });
          equal(await response.json(), { records: 3 }, "taken");
          const forged = await ask(dev, "/in/workato", "wrong", "POST");
          equal(forged.status, 401, "forged");
          await until(() => numbers(to.bodies).length === round * 3, "a delivery", 30_000);
          const test = await (await ask(dev, "/test", secrets.ADMIN_TOKEN, "POST")).json();
          equal(test.routes.archive.records, 1, "a marked event");
          const isThere = async () =>
            (await (await ask(dev, `/test/${test.id}`, secrets.ADMIN_TOKEN)).json()).done;
          await until(isThere, "the marked event is delivered", 30_000);
          equal(await delivered(dev), round * 4, "the books");
          equal((await ask(dev, "/cdn-cgi/handler/scheduled", "none")).status, 200, "the cron trigger");
        } finally {
          await dev.stop();
        }
        for (const secret of Object.values(secrets))
          equal(dev.printed.includes(secret), false, "a secret in what wrangler prints");
      }
      equal(numbers(to.bodies), [10, 11, 12, 20, 21, 22], "what was delivered");
      return "twice";
    }),
  ],
];
