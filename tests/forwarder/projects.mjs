// Lanes of a forwarder's project: made by the command, installed from what would be published, bundled as wrangler does.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { must } from "../../pkg/tools/shell.mjs";
import { simulateProject } from "../../pkg/tools/simulator.mjs";
import { equal, events, numbers, receiver, request, toEndpoint } from "./world.mjs";

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

export const projects = [
  [
    "a project that logweir worker init writes takes, delivers and replays",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "logweir-project-"));
      const to = await receiver();
      let isDown = true;
      const held = await receiver({
        reply: () => (isDown ? { status: 400, headers: {}, body: "" } : undefined),
      });
      try {
        writeFileSync(join(folder, "package.json"), '{"private":true,"type":"module"}');
        const packing = ["pack", "--silent", "--workspace", "logweir", "--pack-destination", folder];
        const { output } = await must("npm", packing, { keep: true });
        const [file] = /\S+\.tgz/.exec(output);
        await must(
          "npm",
          ["install", "--offline", "--no-audit", "--no-fund", "--silent", join(folder, file)],
          {
            cwd: folder,
          },
        );
        const { routes } = toEndpoint(to.base);
        const policy = toEndpoint("", {
          redact: [{ use: ["personal", "secrets"] }, { class: ["user_id"], with: { hash: "pii-key" } }],
          routes: [
            ...routes,
            { name: "SIEM.eu", to: { http: { url: `${held.base}/siem` } } },
            { name: "archive" },
          ],
        });
        const allow = ["ops", "SIEM.eu", "archive"].flatMap((route) => [
          { route, payload: true, because: "synthetic" },
          { route, unknown: true, because: "synthetic" },
        ]);
        writeFileSync(join(folder, "own.json"), JSON.stringify({ ...policy, allow }, null, 2));
        await logweir(folder, "worker", "init", "--policy", "own.json", "--name", "logs", "logs");
        const project = join(folder, "logs");
        const secrets = secretsOf(project);
        equal("PII_KEY" in secrets, true, "the policy's key is in the list");
        const { flare, url } = await simulateProject(project, { secrets, handleRuntimeStdio: quiet });
        try {
          equal(await (await request(new URL("/health", url))).json(), { status: "ready" }, "/health");
          const headers = {
            authorization: `Bearer ${secrets.WORKATO_TOKEN}`,
            "content-type": "application/x-ndjson",
          };
          const response = await request(new URL("/in/workato", url), {
            method: "POST",
            headers,
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
        to.close();
        held.close();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  ],
];
