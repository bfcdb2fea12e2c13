// Ceilings for what is shipped. Whoever must raise one writes the reason beside it, in sizes.json.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { packAndInstall, root } from "./packed.js";
import ceilings from "./sizes.json";

const build: { std: boolean } = JSON.parse(readFileSync(`${root}/pkg/wasm/build-info.json`, "utf8"));
const gzip = () => gzipSync(readFileSync(`${root}/pkg/wasm/core_bg.wasm`), { level: 9 }).length;

const measures: Record<keyof typeof ceilings, (() => number) | undefined> = {
  "core.wasm gzip": build.std ? gzip : undefined,
  "core.wasm gzip, prebuilt std": build.std ? undefined : gzip,
  "npm tarball": () => {
    const packed = packAndInstall();
    packed.remove();
    return packed.size;
  },
};

const measured = Object.entries(ceilings).flatMap(([name, ceiling]) => {
  const measure = measures[name as keyof typeof ceilings];
  return measure ? [{ name, ...ceiling, measure }] : [];
});

test.each(measured)("$name stays under its ceiling", ({ name, max, why, measure }) => {
  expect(why.length).toBeGreaterThan(20);
  const size = measure();
  expect(size).toBeGreaterThan(0);
  expect(size, `${name}: ${size} bytes, at most ${max} (${why})`).toBeLessThanOrEqual(max);
});
