// Ceilings for what is shipped. Whoever must raise one writes the reason beside it, in sizes.json.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build as bundle } from "esbuild";
import { expect, test } from "vitest";
import { packAndInstall, root } from "./packed.js";
import ceilings from "./sizes.json";

const build: { std: boolean } = JSON.parse(readFileSync(`${root}/pkg/wasm/build-info.json`, "utf8"));
const gzip = (name: string) => () =>
  gzipSync(readFileSync(`${root}/pkg/wasm/${name}_bg.wasm`), { level: 9 }).length;

/** A bundle for browsers of one import, and the package's files in it. */
async function bundleOf(statement: string): Promise<{ size: number; files: string[] }> {
  const { outputFiles, metafile } = await bundle({
    stdin: { contents: statement, resolveDir: `${root}/tests` },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    metafile: true,
  });
  const [output] = Object.values(metafile.outputs);
  const used = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return {
    size: gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length,
    files: used.map(([path]) => path.split("/dist/")[1] ?? path),
  };
}
const queryAlone = `import { Query } from "logweir/slim"; console.log(Query);`;

const measures: Record<keyof typeof ceilings, (() => number | Promise<number>) | undefined> = {
  "core.wasm gzip": build.std ? gzip("core") : undefined,
  "core.wasm gzip, prebuilt std": build.std ? undefined : gzip("core"),
  "store.wasm gzip": build.std ? gzip("store") : undefined,
  "store.wasm gzip, prebuilt std": build.std ? undefined : gzip("store"),
  "npm tarball": () => {
    const packed = packAndInstall();
    packed.remove();
    return packed.size;
  },
  "slim bundle gzip, all names": async () =>
    (await bundleOf(`import * as all from "logweir/slim"; console.log(all);`)).size,
  "slim bundle gzip, Query alone": async () => (await bundleOf(queryAlone)).size,
  "send bundle gzip": async () =>
    (await bundleOf(`import { createSender } from "logweir/send"; console.log(createSender);`)).size,
};

const measured = Object.entries(ceilings).flatMap(([name, ceiling]) => {
  const measure = measures[name as keyof typeof ceilings];
  return measure ? [{ name, ...ceiling, measure }] : [];
});

test.each(measured)("$name stays under its ceiling", async ({ name, max, why, measure }) => {
  expect(why.length).toBeGreaterThan(20);
  const size = await measure();
  expect(size).toBeGreaterThan(0);
  expect(size, `${name}: ${size} bytes, at most ${max} (${why})`).toBeLessThanOrEqual(max);
});

test("one name brings along what it needs and no more", async () => {
  const { files } = await bundleOf(queryAlone);
  expect(files).toContain("query.js");
  for (const file of [
    "weir.js",
    "template.js",
    "catalog.js",
    "interpret.js",
    "entry/inline.js",
    "send/index.js",
    "store.js",
  ])
    expect(files).not.toContain(file);
});
