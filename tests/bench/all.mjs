// npm run bench: every benchmark, one after another, each in a process of its own; what they say goes into www/bench.json,
// from which the page of figures is made. `-- --quick` looks rather than measures, and writes nothing. For one alone, with
// its options: npm run bench:pipeline, bench:schema, bench:query, bench:redact, bench:template, bench:policy, bench:store,
// bench:startup.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const quick = process.argv.includes("--quick");

/** In the order of the page. */
const SUITES = [
  { file: "run", title: "Redaction by path, bytes to bytes", flags: ["--no-native"] },
  { file: "redact", title: "Redaction by key and detector", flags: [] },
  { file: "policy", title: "A whole policy", flags: [] },
  { file: "query", title: "Queries", flags: [] },
  { file: "template", title: "Templates and destinations", flags: [] },
  { file: "schema", title: "JSON Schema", flags: ["--no-native"] },
  { file: "store", title: "A log in memory", flags: [] },
  { file: "startup", title: "Before the first event", flags: [] },
];

const folder = mkdtempSync(join(tmpdir(), "logweir-bench-"));
const suites = [];
try {
  for (const { file, title, flags } of SUITES) {
    console.log(`\n# ${title}`);
    const said = join(folder, `${file}.json`);
    const short = quick && file !== "startup" ? (file === "redact" ? ["--rounds", "3"] : ["--quick"]) : [];
    const { status } = spawnSync(process.execPath, ["--expose-gc", here(`${file}.mjs`), ...flags, ...short], {
      stdio: "inherit",
      env: { ...process.env, LOGWEIR_BENCH: said },
    });
    if (status !== 0) throw new Error(`${file}.mjs ended with ${status}`);
    suites.push({
      title,
      command: `npm run bench:${file === "run" ? "pipeline" : file}`,
      ...JSON.parse(readFileSync(said, "utf8")),
    });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const read = (path) => readFileSync(here(`../../${path}`));
const wasm = read("pkg/wasm/core_bg.wasm");
const version = (name) => JSON.parse(read(`node_modules/${name}/package.json`)).version;
const peers = [
  "ajv",
  "@pinojs/redact",
  "@hackylabs/deep-redact",
  "mustache",
  "handlebars",
  "liqe",
  "@cfworker/json-schema",
];
const report = {
  date: new Date().toISOString().slice(0, 10),
  machine: {
    platform: `${process.platform}-${process.arch}`,
    processor: cpus()[0]?.model,
    cores: availableParallelism(),
  },
  versions: {
    logweir: JSON.parse(read("pkg/package.json")).version,
    node: process.versions.node,
    v8: process.versions.v8,
    ...Object.fromEntries(peers.map((name) => [name, version(name)])),
  },
  sizes: {
    raw: wasm.length,
    gzip: gzipSync(wasm, { level: 9 }).length,
    brotli: brotliCompressSync(wasm).length,
    ceilings: JSON.parse(read("tests/packaging/sizes.json")),
  },
  suites,
};
const missed = suites.flatMap(({ bars }) => bars).filter(({ reached }) => !reached);
console.log(`\n${missed.length} of ${suites.flatMap(({ bars }) => bars).length} bars are missed:`);
for (const { what, figure, least, most } of missed)
  console.log(
    `   ${what}: ${figure.toFixed(2)}, ${least === undefined ? `at most ${most}` : `at least ${least}`}`,
  );
if (!quick) writeFileSync(here("../../www/bench.json"), `${JSON.stringify(report, null, 2)}\n`);
