// The Worker of the guide, as it stands there, in the real workerd. Where it forwards to, gives back what it is sent.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { blocksOf } from "../pkg/documents/blocks.js";
import { type Running, serve } from "./workerd.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(root, "tests", "worker", ".guide-")); // where the package is found
let worker: Running;

beforeAll(async () => {
  for (const { file, text } of blocksOf(readFileSync(join(root, "pkg", "docs", "worker.md"), "utf8")))
    if (file) writeFileSync(join(folder, file), text);
  writeFileSync(join(folder, "echo.ts"), "globalThis.fetch = async (_, init) => new Response(init.body);\n");
  writeFileSync(join(folder, "entry.ts"), `import "./echo";\nexport { default } from "./worker";\n`);
  worker = await serve(join(folder, "entry.ts"), "2025-01-01");
});
afterAll(async () => {
  await worker?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("forwards what the policy leaves", async () => {
  const body = `{"user":{"email":"ana@example.org"},"n":1694081235979123457}\n{"password":"synthetic"}\n`;
  const answer = await (await fetch(worker.url, { method: "POST", body })).text();
  expect(answer).toContain(`"n":1694081235979123457`);
  expect(answer).not.toMatch(/ana@|synthetic/);
  expect((await fetch(worker.url)).status).toBe(400);
});
