// npm run bench:startup: what comes before the first event, each time in a fresh process, beside what JSON.parse takes there.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { median } from "./lib/measure.mjs";
import { bar } from "./lib/record.mjs";

const ROUNDS = 15;
const pkg = (path) => fileURLToPath(new URL(`../../pkg/${path}`, import.meta.url));

/** Runs in the fresh process: times in milliseconds. */
const script = `
import { readFileSync } from "node:fs";
const bytes = readFileSync(${JSON.stringify(pkg("wasm/core_bg.wasm"))});
const { compile, initSync } = await import(${JSON.stringify(pathToFileURL(pkg("dist/entry/slim.js")).href)});
const times = {};
const time = (name, work) => {
  const start = performance.now();
  const result = work();
  times[name] = performance.now() - start;
  return result;
};
time("instantiate", () => initSync(bytes));
const event = '{"logType":"execution_event","eventType":"failed","executionId":"e","calledBy":{"email":"ana@example.org"}}';
const rules = [{ path: "calledBy.email" }, { key: ["password"] }, { detect: ["email"] }];
for (const [name, policy] of [["rules", { logweir: 1, redact: rules }], ["catalogue", { logweir: 1, accept: {}, redact: rules }]]) {
  const weir = time("compile, " + name, () => compile(policy));
  time("first event, " + name, () => weir.process(event));
}
const text = "[" + Array.from({ length: 10000 }, () => event).join() + "]";
time("JSON.parse", () => JSON.parse(text));
console.log(JSON.stringify(times));
`;

const all = Array.from({ length: ROUNDS }, () =>
  JSON.parse(execFileSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" })),
);
const times = Object.fromEntries(
  Object.keys(all[0]).map((name) => [name, median(all.map((each) => each[name]))]),
);
const bytes = readFileSync(pkg("wasm/core_bg.wasm")).length;
console.log(
  `node ${process.versions.node}; median of ${ROUNDS} fresh processes; the core's wasm has ${bytes} bytes`,
);
for (const [name, took] of Object.entries(times)) {
  const share = median(all.map((each) => each[name] / each["JSON.parse"]));
  console.log(
    `   ${name.padEnd(24)} ${took.toFixed(2).padStart(8)} ms  ${share.toFixed(2).padStart(6)} × JSON.parse of 1.1 MB`,
  );
}
bar({ what: "instantiating in Node, ms", figure: times.instantiate, most: 10 });
for (const name of ["rules", "catalogue"]) {
  const figure = times.instantiate + times[`compile, ${name}`] + times[`first event, ${name}`];
  bar({ what: `until the first event has passed, ${name}, ms`, figure, most: 20 });
}
