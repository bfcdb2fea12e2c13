// Ceilings for what is shipped. Whoever must raise one writes the reason beside it, in sizes.json.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { packAndInstall, root } from "./packed.js";
import ceilings from "./sizes.json";

const measures: Record<keyof typeof ceilings, () => number> = {
  "core.wasm gzip": () => gzipSync(readFileSync(`${root}/pkg/wasm/core_bg.wasm`), { level: 9 }).length,
  "npm tarball": () => {
    const packed = packAndInstall();
    packed.remove();
    return packed.size;
  },
};

test.each(Object.entries(ceilings))("%s stays under its ceiling", (name, { max, why }) => {
  expect(why.length).toBeGreaterThan(20);
  const size = measures[name as keyof typeof ceilings]();
  expect(size).toBeGreaterThan(0);
  expect(size, `${name}: ${size} bytes, at most ${max} (${why})`).toBeLessThanOrEqual(max);
});
