// What a visit costs before anything is opened, what a log costs then, and what is fetched only when it is wanted.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const dist = fileURLToPath(new URL("../../www/dist", import.meta.url));
if (!existsSync(join(dist, "index.html")))
  throw new Error("www/dist is missing. First: npm run build -w www");
const assets = join(dist, "assets");
const names = readdirSync(assets);
const size = (pattern: RegExp) =>
  names
    .filter((name) => pattern.test(name))
    .reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name)), { level: 9 }).length, 0);

test("the page is small; the core is as large as it is", () => {
  const page = size(/^index-.*\.(js|css)$/);
  const worker = size(/^worker-.*\.js$/);
  const core = size(/\.wasm$/);
  const kB = (bytes: number) => `${(bytes / 1024).toFixed(0)} KB`;
  console.info(
    `gzip: page ${kB(page)}, worker ${kB(worker)}, core ${kB(core)}: ${kB(page + worker + core)} until a log is open.`,
  );
  expect(page).toBeLessThan(90 * 1024);
  expect(page + worker).toBeLessThan(130 * 1024);
  expect(names.filter((name) => name.endsWith(".wasm"))).toHaveLength(1);
});

test("the editor and what makes sample events are fetched only when they are wanted", () => {
  const html = readFileSync(join(dist, "index.html"), "utf8");
  expect(html).not.toMatch(/assets\/(editor|sample|worker)-/);
  expect(names.filter((name) => /^(editor|sample)-.*\.js$/.test(name))).toHaveLength(2);
});
