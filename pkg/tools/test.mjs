// npm test: everything that proves Logweir, one step after the other, stopping at the first that fails.
//   node pkg/tools/test.mjs [--fast] [--only GROUP,…] [--keep-going]
// The last line says "N passed, N failed", over the tests of all steps.
import { existsSync, mkdirSync } from "node:fs";
import { build } from "./build.mjs";
import { buildWasm } from "./build-wasm.mjs";
import { fuzzTargets } from "./fuzz.mjs";
import { installPackages } from "./packages.mjs";
import { ask, at, bold, filesUnder, mainly, must, readJson, run, Stop, say, seconds } from "./shell.mjs";
import { chromium } from "./system.mjs";
import { checkTools } from "./toolchain.mjs";

/** The core's optional parts, as Cargo.toml has them. */
const allParts = "catalog,schema,query,template,destinations,detectors";

const bin = (name) => at("node_modules", ".bin", process.platform === "win32" ? `${name}.cmd` : name);

/**
 * The steps in order: the quick ones first. `slow` ones are left out by --fast. `work` may return how many tests
 * passed, or a text: the reason why the step was skipped.
 */
const steps = [
  { group: "lint", title: "Rust formatting", work: () => cargo("fmt", "--all", "--check") },
  {
    group: "lint",
    title: "JavaScript and TypeScript: format and lint",
    work: () => must(bin("biome"), ["ci", "."]),
  },
  {
    group: "rust",
    title: "Clippy",
    work: () => cargo("clippy", "--workspace", "--all-targets", "--all-features", "--", "-Dwarnings"),
  },
  {
    group: "rust",
    title: "Clippy without SIMD",
    slow: true,
    work: () =>
      cargo("clippy", "--no-default-features", "--features", "idn", "--all-targets", "--", "-Dwarnings"),
  },
  { group: "rust", title: "Parts that a build may lack", slow: true, work: parts },
  // The glue generator is a build tool without tests of its own; the wasm build proves it.
  {
    group: "rust",
    title: "Rust tests",
    work: () => cargoTest("--workspace", "--exclude", "bindgen", "--features", "logweir/store"),
  },
  {
    group: "rust",
    title: "Rust tests without SIMD",
    slow: true,
    work: () => cargoTest("--package", "logweir", "--no-default-features", "--features", `idn,${allParts}`),
  },
  {
    group: "rust",
    title: "Rust documentation",
    slow: true,
    work: () => cargo("doc", "--package", "logweir", "--no-deps", "--features", "store"),
  },
  { group: "rust", title: "Fuzz targets build", slow: true, work: fuzzTargetsBuild },
  { group: "build", title: "Build", always: true, work: () => build() },
  { group: "build", title: "Build with unwinding", slow: true, work: () => buildWasm({ unwind: true }) },
  { group: "lint", title: "Types of the tests", work: () => tsc("tests") },
  { group: "pkg", title: "The package in Node", work: () => vitest("pkg") },
  { group: "bench", title: "The benchmark's own answers", work: () => nodeTest("bench") },
  {
    group: "receivers",
    title: "What destinations send, read by others",
    slow: true,
    work: () => lanes("receivers"),
  },
  { group: "packaging", title: "What would be published", slow: true, work: () => vitest("packaging") },
  {
    group: "runtimes",
    title: "Runtimes and bundlers, short",
    slow: true,
    work: () => lanes("runtimes", "--short"),
  },
  { group: "worker", title: "A Worker in workerd", slow: true, work: () => vitest("worker") },
  {
    group: "forwarder",
    title: "The forwarder in workerd, with queues, a bucket and ledgers",
    slow: true,
    work: () => lanes("forwarder"),
  },
  { group: "www", title: "The page: types", slow: true, work: () => www("check") },
  { group: "www", title: "The page: build", slow: true, work: () => www("build") },
  { group: "www", title: "The page in Chromium", slow: true, work: page },
];

const cargo = (...args) =>
  must("cargo", args, { env: args[0] === "doc" ? { RUSTDOCFLAGS: "-Dwarnings" } : {} });

async function cargoTest(...args) {
  const { status, output } = await run("cargo", ["test", "--no-fail-fast", ...args], { keep: true });
  const counts = [...output.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed/gm)];
  const sum = (part) => counts.reduce((total, count) => total + Number(count[part]), 0);
  return { passed: sum(1), failed: status === 0 ? 0 : Math.max(1, sum(2)) };
}

/** Each part alone is checked, and a build without any says what it refuses. */
async function parts() {
  const alone = (features) => ["--package", "logweir", "--no-default-features", "--features", features];
  for (const part of [...allParts.split(","), "store"]) {
    await cargo("clippy", "--quiet", ...alone(part), "--", "-Dwarnings");
  }
  return cargoTest("--test", "parts", ...alone(""));
}

/** The targets as cargo builds them; instrumented for fuzzing they need cargo-fuzz and a nightly Rust. */
async function fuzzTargetsBuild() {
  if (fuzzTargets().length === 0) return "there are none yet";
  if (!ask("c++", ["--version"])) return "libFuzzer needs a C++ compiler (Debian: apt-get install g++)";
  await must("cargo", ["build", "--manifest-path", at("tests", "fuzz", "Cargo.toml")], {
    env: { CARGO_TARGET_DIR: at("target", "fuzz") },
  });
}

const tsc = (folder) =>
  must(process.execPath, [
    at("node_modules", "typescript", "bin", "tsc"),
    "--project",
    at(folder),
    "--noEmit",
  ]);

async function vitest(project) {
  const out = at("target", "vitest", `${project}.json`);
  mkdirSync(at("target", "vitest"), { recursive: true });
  const args = ["run", "--root", at(), "--config", at("tests", "vitest.config.mjs"), "--project", project];
  args.push("--reporter=default", "--reporter=json", `--outputFile.json=${out}`);
  const { status } = await run(process.execPath, [at("node_modules", "vitest", "vitest.mjs"), ...args], {
    env: process.stderr.isTTY ? {} : { NO_COLOR: "1" },
  });
  const { numPassedTests: passed = 0, numFailedTests = 0 } =
    status === 0 || existsSync(out) ? readJson(out) : {};
  return { passed, failed: status === 0 ? 0 : Math.max(1, numFailedTests) };
}

/** Tests that need no runner but Node's own. */
async function nodeTest(folder) {
  const files = filesUnder([`tests/${folder}`]).filter((file) => /\.test\.mjs$/.test(file));
  const { status, output } = await run(process.execPath, ["--test", "--test-reporter=tap", ...files], {
    keep: true,
  });
  const count = (word) => Number(output.match(new RegExp(`^# ${word} (\\d+)$`, "m"))?.[1] ?? 0);
  return { passed: count("pass"), failed: status === 0 ? 0 : Math.max(1, count("fail")) };
}

/** A script that prints a line for each of its lanes; one whose part cannot be had says so. */
async function lanes(name, ...flags) {
  const script = at("tests", name, `${name}.mjs`);
  const { status, output } = await run(process.execPath, [script, ...flags], { keep: true });
  const count = (word) => [...output.matchAll(new RegExp(`^${word} `, "gm"))].length;
  const skipped = [...output.matchAll(/^skipped (.*)$/gm)].map(([, lane]) => lane);
  return { passed: count("ok"), failed: status === 0 ? 0 : Math.max(1, count("not ok")), skipped };
}

const www = (script) =>
  must("npm", ["run", "--silent", script, "--workspace", "www"], { what: `The page's ${script}` });

async function page() {
  if (process.env.LOGWEIR_SKIP_BROWSER !== "1") process.env.LOGWEIR_CHROMIUM = await chromium();
  return vitest("www");
}

function chosen(words) {
  const flag = words.indexOf("--only");
  const only = flag < 0 ? undefined : words[flag + 1]?.split(",");
  const groups = new Set(steps.map(({ group }) => group));
  for (const group of only ?? []) {
    if (!groups.has(group)) throw new Stop(`--only ${group}: expected one of ${[...groups].join(", ")}`);
  }
  const fast = words.includes("--fast");
  return steps.filter(({ group, slow, always }) => always || (only ? only.includes(group) : !(fast && slow)));
}

await mainly(async () => {
  const words = process.argv.slice(2);
  const plan = chosen(words);
  const keepGoing = words.includes("--keep-going");
  checkTools();
  await installPackages();
  const total = { passed: 0, failed: 0 };
  const skipped = [];
  const failures = [];
  const begun = performance.now();
  for (const [index, { title, work }] of plan.entries()) {
    say(bold(`\n[${index + 1}/${plan.length}] ${title}`));
    const since = performance.now();
    let result;
    try {
      result = await work();
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      say(error.message);
      result = { passed: 0, failed: 1 };
    }
    if (typeof result === "string") {
      skipped.push(`${title}: ${result}`);
      say(`  skipped: ${result}`);
      continue;
    }
    for (const lane of result?.skipped ?? []) skipped.push(`${title}: ${lane}`);
    total.passed += result?.passed ?? 0;
    total.failed += result?.failed ?? 0;
    if (result?.failed > 0) {
      say(`\nFAILED: ${title} (${seconds(since)})`);
      failures.push(title);
      process.exitCode = 1;
      if (keepGoing) continue;
      break;
    }
    say(`  ${title}: ok${result?.passed ? `, ${result.passed} tests` : ""} (${seconds(since)})`);
  }
  if (keepGoing) for (const title of failures) say(`failed: ${title}`);
  for (const reason of skipped) say(`skipped: ${reason}`);
  say(`${plan.length} steps in ${seconds(begun)}`);
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
});
